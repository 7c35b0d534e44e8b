constat dump --orgin 4837 file; echo $?
constat dump file --from; echo $?
constat dump file --from=yesterday; echo $?
constat census -j 0 file; echo $?
constat census --csv=yes file; echo $?
