# Standard descriptors that are closed are not handed to files that are opened.
constat dump nowhere 0<&- ; echo $?
constat dump nowhere 1>&- ; echo $?
constat dump nowhere 2>&- ; echo $?
