# needs: shared
# --count is the number of lines, by walking lengths as well as by making events.
cd "$data/edge" || exit
for file in *; do
	lines=$(constat dump -q "$file" | wc -l)
	if [ "$(constat dump -q -c "$file")" -ne "$lines" ] ||
		[ "$(constat dump -q -c --kind announce,withdraw,rib,state --from 1990-01-01 "$file")" -ne "$lines" ]; then
		echo "$file"
	fi
done
constat dump --count bird_bgp
constat dump --count --json bird_bgp quagga_bgp
constat dump --count --csv bird_bgp
