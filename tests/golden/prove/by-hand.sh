# needs: xxd
# needs: jq
# needs: openssl
# needs: bgpdump
# A proof checked without constat, as docs/proof.md says.
. "$root/tests/golden/prove/recording"
constat prove KP --place delegated -k key -o kp.constat updates >/dev/null
cp key.pub kp.pub
mkdir unpacked
cd unpacked || exit

TZ=UTC tar -tvf ../kp.constat | awk '{ print $1, $2, $4, $5, $6 }'
tar -xf ../kp.constat
sha256sum --strict -c manifest
diff <(tar -tf ../kp.constat | grep -v -e '^checkpoint$' -e '^manifest$' -e '^timestamp.tsr$') <(cut -c67- manifest) && echo "nothing else"

root() (
	n=$#
	[ $n = 1 ] && { printf '%s' "$1"; return; }
	k=1; while [ $((2 * k)) -lt $n ]; do k=$((2 * k)); done
	left=$(root "${@:1:k}") right=$(root "${@:k+1}")
	{ printf '\001'; printf '%s%s' "$left" "$right" | xxd -r -p; } | sha256sum | cut -c1-64
)
leaves=$(while IFS= read -r line; do { printf '\000'; printf '%s\n' "$line"; } | sha256sum | cut -c1-64; done <manifest)
# shellcheck disable=SC2086 # a list of words
[ "$(root $leaves | xxd -r -p | base64)" = "$(sed -n 3p checkpoint)" ] && echo "the root"
sed -n 1,2p checkpoint

sed '/^$/,$d' checkpoint >text
sed -n 's/^— [^ ]* //p' checkpoint | base64 -d | tail -c 64 >signature
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; cut -d+ -f3- ../kp.pub | base64 -d | tail -c 32; } >key.der
openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile signature
# The key's id, in signature and key.
id=$(sed -n 's/^— [^ ]* //p' checkpoint | base64 -d | head -c 4 | xxd -p)
[ "$id" = "$(cut -d+ -f2 ../kp.pub)" ] && echo "of this key"
[ "$id" = "$({ printf 'tester.example/1\n\001'; tail -c 32 key.der; } | sha256sum | cut -c1-8)" ] && echo "whose id it is"

for file in finding records timeline; do
	jq -cSj . $file.json | cmp - $file.json && echo "$file.json: sorted, no blanks"
done
bgpdump -m excerpt/000001.mrt 2>/dev/null | head -n 3
bgpdump -m excerpt/000001.mrt 2>/dev/null | diff - <(bgpdump -m ../updates 2>/dev/null) && echo "all of it is about this network"
jq -r '.records[] | "\(.offset) \(.length)"' records.json | while read -r offset length; do
	tail -c +$((offset + 1)) ../updates | head -c "$length"
done | cmp - excerpt/000001.mrt && echo "each record at its place"
[ "$(jq -r '.provenance.inputs[0].sha256' finding.json)" = "$(sha256sum <../updates | cut -c1-64)" ] && echo "of this recording"
# The same answer without the proof.
constat report KP --place ../delegated --json ../updates | jq -cS .result | cmp - <(jq -cS .result finding.json) && echo "the same result"
