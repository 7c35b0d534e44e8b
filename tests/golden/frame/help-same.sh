# Two ways to ask for the same help, for every command there is.
constat --help >one
constat help >two
constat -h >three
cmp one two && cmp one three
for command in $(sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p' one); do
	constat help "$command" >one && constat "$command" --help >two && constat "$command" x -h >three &&
		cmp one two && cmp one three && head -n 1 one | cut -c 1-40
done
