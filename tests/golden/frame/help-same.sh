# Two ways to ask for the same help, for every command there is.
constat --help >one
constat help >two
constat -h >three
cmp one two && cmp one three
for command in $(sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p' one); do
	constat help "$command" >one && constat "$command" --help >two && cmp one two || exit
	# One that has commands of its own wants one of them before anything else.
	grep -q '^Commands:' one || { constat "$command" x -h >three && cmp one three; } && head -n 1 one | cut -c 1-40
done
