# needs: shared
# needs: script
# Colours: on a terminal only, and not where NO_COLOR asks for none (https://no-color.org).
export file="$data/2014/rrc06.updates.20140530.2215.gz"
count() {
	grep -c $'\033' log
}
TERM=xterm script -qec 'constat report KP "$file"' log >/dev/null; test "$(count)" -gt 3 && echo coloured
NO_COLOR=1 TERM=xterm script -qec 'constat report KP "$file" 2>/dev/null' log >/dev/null; count
NO_COLOR= TERM=xterm script -qec 'constat report KP "$file"' log >/dev/null; test "$(count)" -gt 3 && echo coloured
TERM=dumb script -qec 'constat report KP "$file"' log >/dev/null; count
constat report KP "$file" >log; count
