# needs: shared
# needs: cc
# slow
# Memory does not grow with the number of files. Beside the largest of them, two hours in 23 files
# take little more: what was heard in two hours is known, and read-ahead has a cap. A report and the
# world's outages know more after two hours than after five minutes, so they are held against the same
# two hours in one file.
cc -O1 -o peak "$root/tests/cli/peak.c" || exit
registry=$data/../registry/delegated-apnic-20140630.gz
files=("$data"/2021/rrc06.updates.20210102.*.gz)
# shellcheck disable=SC2012 # names without blanks
largest=$(ls -S "${files[@]}" | head -n 1)
mkdir rrc06
cat "${files[@]}" >rrc06/updates.20210102.0505.gz
peak() {
	./peak kib constat "$@" >/dev/null || exit
	cat kib
}
compare() {
	if [ "$3" -lt $(($2 * 13 / 10)) ]; then
		echo "$1: no more"
	else
		echo "$1: $2 KiB for one file, $3 KiB for ${#files[@]}"
	fi
}
for question in info "report AU --place $registry" "outages --place $registry"; do
	# shellcheck disable=SC2086 # words
	set -- $question
	[ "$1" != info ] ||
		compare "$1, beside the largest" "$(peak "$@" -j 1 "$largest")" "$(peak "$@" -j 1 "${files[@]}")"
	compare "$1, beside all as one" "$(peak "$@" -j 2 rrc06/*)" "$(peak "$@" -j 2 "${files[@]}")"
done
