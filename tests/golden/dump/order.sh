# needs: shared
# Time order over all inputs, the same bytes for any number of threads and any order or packing of the files.
cd "$data" || exit
files=(2021/*)
constat dump -j 1 "${files[@]}" edge/updates.20160811.1600.gz >"$HOME/one"
for threads in 2 3 8; do
	constat dump -j $threads edge/updates.20160811.1600.gz "${files[@]}" | cmp - "$HOME/one" && echo "same: $threads threads"
done
reversed=()
for file in "${files[@]}"; do
	reversed=("$file" ${reversed[@]+"${reversed[@]}"})
done
constat dump "${reversed[@]}" edge/updates.20160811.1600.gz | cmp - "$HOME/one" && echo "same: files reversed"
constat dump "${files[@]}" >"$HOME/files"
cat "${files[@]}" | constat dump - | cmp - "$HOME/files" && echo "same: one stream of all"
zcat "${files[@]}" | constat dump - | cmp - "$HOME/files" && echo "same: decompressed"
cut -d'|' -f2 "$HOME/one" | sort -n -c && echo "in order of time"
