# needs: python3
# Every fact printed can be traced, in a world of each kind of cause: each fact of the text and of JSON has its events, or says what there was none
# of and where that was searched; the records that are named say so, and as many records were searched as are said to be.
for kind in origin upstream customer sequence flapping hijack leak rpki artefact; do
	"$root/bench/causes" "$(command -v constat)" --cases 1 --first 11 --kind $kind --keep $kind >/dev/null
	mapfile -t arguments <$kind/arguments
	echo "$kind: $("$root/tests/golden/report/trace.py" "${arguments[@]}")"
done
