# Lines that cannot be written are an error, for every way output takes.
constat --help >/dev/full; echo $?
constat help dump >/dev/full; echo $?
