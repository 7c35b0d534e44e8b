# Each option of each command stands in its manual page, those of all commands in constat.1, and the other
# way round; so do the defaults of parameters, as the program has them.
commands=$(constat --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p')
# A command with commands of its own has their options.
in_help() {
	for own in $(constat help "$@" | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p'); do
		in_help "$@" "$own"
	done
	constat help "$@" | sed -n 's/^  *\(-[a-z], \)\{0,1\}\(--[a-z0-9-]*\).*/\1\2/p' | grep -v -e '--help'
}
# mdoc: .It Fl j , Fl -threads Ar n
in_manual() {
	cat "$root/man/constat-$1.1" "$root/man/constat.1" | sed -n 's/^\.It Fl \(.*\)/\1/p' |
		sed 's/ Ar .*//' | sed -e 's/^\([a-z]\) , Fl -/-\1, --/;t' -e 's/^-/--/'
}
# A dossier checks as reports are made: its page points to theirs for what the two have in common.
but_common() {
	if [ "$1" = dossier ]; then
		grep -vxF -f <(in_help report)
	else
		cat
	fi
}
for command in $commands; do
	diff <(in_help "$command" | but_common "$command" | sort -u) \
		<(in_manual "$command" | grep -v -e '--help' | but_common "$command" | sort -u) &&
		echo "$command: the same options"
done

# One state change is a recording.
printf '\x54\x99\x8a\x2c\x00\x10\x00\x00\x00\x00\x00\x14' >state
printf '\xfd\xe9\xfd\xea\x00\x00\x00\x01\x0a\x00\x00\x01\x0a\x00\x00\x02\x00\x06\x00\x01' >>state
# As the manual writes them: shares as fractions, durations in the largest unit that divides them.
defaults() {
	constat info --csv --list question.parameters state | awk -F, '
	NR == 1 { next }
	$2 == "ppm" { print $1, $3 / 1000000; next }
	$2 == "microseconds" {
		seconds = $3 / 1000000
		if (seconds % 86400 == 0 && seconds > 86400) print $1, seconds / 86400 "d"
		else if (seconds % 3600 == 0) print $1, seconds / 3600 "h"
		else if (seconds % 60 == 0) print $1, seconds / 60 "m"
		else print $1, seconds "s"
		next
	}
	{ print $1, $3 }'
}
in_pages() {
	awk '/^\.It Fl -/ { name = substr($3, 2) } /^Default: / { sub(/\.$/, "", $2); print name, $2 }' "$1"
}
for page in "$root"/man/constat-{info,census,upstreams,frontier,cut,outages,report}.1; do
	diff <(defaults) <(in_pages "$page") && echo "$(basename "$page"): the same defaults"
done
