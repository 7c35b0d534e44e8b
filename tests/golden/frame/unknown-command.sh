constat dmup file; echo $?
constat help upstream; echo $?
constat elephants; echo $?
