# needs: shared
# slow
# Two hours in 23 files: in order, shuffled, as one concatenated file, with 1, 2 and 8 threads. The answer is the same
# but for the list of inputs, which is what stands under provenance.
set -- "$data"/2021/rrc06.updates.20210102.*.gz
echo "$# files"
shuffled=()
for file; do
	shuffled=("$file" ${shuffled[@]+"${shuffled[@]}"})
	[ $((${#shuffled[@]} % 3)) -ne 0 ] || shuffled=("${shuffled[@]:2}" "${shuffled[@]:0:2}")
done
mkdir rrc06
cat "$@" >rrc06/updates.20210102.0505.gz
ask() {
	constat "${question[@]}" --json --no-hash "$@" |
		sed '/^  "provenance": {/,/^  }/d'
}
ask_all() {
	question=("$@")
	ask "${files[@]}" >first
	[ "$(wc -c <first)" -gt 5000 ] && echo "$1"
	ask "${shuffled[@]}" | cmp - first && echo "  the same in another order"
	ask rrc06/updates.20210102.0505.gz | cmp - first && echo "  the same as one file"
	ask --threads 1 "${files[@]}" | cmp - first && echo "  the same with 1 thread"
	ask --threads 8 "${shuffled[@]}" | cmp - first && echo "  the same with 8 threads, in another order"
}
files=("$@")
[ "${shuffled[*]}" != "${files[*]}" ] && [ ${#shuffled[@]} -eq $# ] && echo "shuffled"
registry=$data/../registry/delegated-apnic-20140630.gz
ask_all info
ask_all outages --place "$registry"
ask_all report AU --place "$registry"
ask_all upstreams AS4826 --place "$registry"
