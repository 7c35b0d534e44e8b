# needs: shared
# Filters by path: origin, an AS anywhere, expressions; held against awk on the whole output.
file=$data/edge/updates.20160811.1600.gz
constat dump "$file" >all
count() {
	echo "$(constat dump -c "${@:2}" "$file") $(awk -F'|' '$3 == "A" && $7 ~ /'"$1"'/' all | wc -l)  ${*:2}"
}
count '(^| )12654$' --origin 12654
count '(^| )4837( |$)' --as AS4837
count '(^| )(174|1299)( |$)' --as 174 --as 1299
count '(^| )3356( |$)' --path _3356_
count '^[0-9]+ (174|1299)( |$)' --path '^[0-9]+_(174|1299)_'
count '3356' --path 3356
count '[{]' --path '[{]'
count '[ {,](6453|9498)[ ,}]' --path '_(6453|9498)[ ,}]'
echo "prepended: $(constat dump -c --path '_([0-9]+)_\1_' "$file")" \
	"$(awk -F'|' '$3 == "A" { n = split($7, path, " "); for (i = 2; i <= n; i++) if (path[i] == path[i - 1]) { print; next } }' all | wc -l)"
echo "all sorts must hold: $(constat dump -c --as 174 --path '_3356_' "$file")" \
	"$(awk -F'|' '$3 == "A" && $7 ~ /(^| )3356( |$)/ && $7 ~ /(^| )174( |$)/' all | wc -l)"
