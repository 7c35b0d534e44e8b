constat dump; echo $?
constat report KP; echo $?
constat census --json --; echo $?
