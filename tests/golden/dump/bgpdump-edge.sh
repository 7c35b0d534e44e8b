# needs: shared
# needs: bgpdump
# Small files of several routers and damaged ones. Where lines differ, docs/bgpdump.md says why, file by file.
cd "$data" || exit
for file in edge/* damaged/*; do
	diff <(bgpdump -m "$file" 2>/dev/null) <(constat dump -q "$file") >"$HOME/diff"
	if [ -s "$HOME/diff" ]; then
		echo "differs: $file: $(grep -c '^<' "$HOME/diff") lines of bgpdump's, $(grep -c '^>' "$HOME/diff") of constat's"
	else
		echo "same: $file"
	fi
done
