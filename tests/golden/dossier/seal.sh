# needs: xxd
# needs: openssl
# needs: jq
# needs: python3
# A dossier sealed, verified, signed once more, opened again; what anybody can do to the file; and what is refused.
export SOURCE_DATE_EPOCH=1419379200
. "$root/tests/golden/prove/recording"
mask() {
	sed -E 's/[0-9]+ bytes/N bytes/; s/[+][0-9a-f]{8}/+HASH/; s/root [A-Za-z0-9+/=]{44}/root ROOT/; s/content.[0-9a-f]{16}/content\/HASH/'
}
printf 'North Korea had one network at midnight, a company said.\n“It was us”, said nobody.\n' >evening.txt
printf '<p>It was cut off, and often.</p>\n' >page.html
constat prove KP --place delegated -k key -o report.constat updates >/dev/null
constat report KP --place delegated --json updates >report.json
constat dossier create night.dossier --title "A night in December"
constat dossier source add night.dossier evening.txt --agency EXA --published 2014-12-23 --reliability B >/dev/null
constat dossier source add night.dossier page.html >/dev/null
constat dossier claim add night.dossier evening.txt --quote "one network" --kind measurement --speaker "a company (via EXA)" --said 2014-12-23 >/dev/null
constat dossier claim add night.dossier evening.txt --quote '"It was us"' --kind claim --credibility 5 >/dev/null
constat dossier claim add night.dossier page.html --quote "cut off, and often" --kind fact >/dev/null
constat dossier claim link night.dossier 2 contradicts 1 >/dev/null
constat dossier assert night.dossier 1 "networks KP = 1 at 2014-12-23" >/dev/null
constat dossier assert night.dossier 2 'author KP "us"' >/dev/null
constat dossier assert night.dossier 3 "unstable KP 2014-12-23" >/dev/null
constat dossier check night.dossier report.json | tail -n 1
constat dossier check night.dossier report.constat --label proved | tail -n 1
constat dossier hypothesis add night.dossier us "It was us." >/dev/null
constat dossier hypothesis add night.dossier weather "It was the weather." >/dev/null
constat dossier hypothesis rate night.dossier us claim:2 C >/dev/null
constat dossier hypothesis rate night.dossier weather claim:2 I --relevance low >/dev/null

echo "= sealed"
constat dossier export night.dossier --seal s.constat -k key | mask
constat dossier export night.dossier --seal again.constat -k key >/dev/null
cmp s.constat again.constat && echo "the same bytes"
constat verify s.constat -t key.pub | mask
constat verify s.constat -t key.pub --json | jq -S '.kind, (.dossier | del(.findings[].sha256))'

echo "= by hand"
mkdir unpacked
tar -xf s.constat -C unpacked
tar -tf s.constat | sed 's|content/.*|content/HASH|' | uniq -c
(cd unpacked && sha256sum --strict --quiet -c manifest && echo "as the manifest says")
(cd unpacked/content && sha256sum -- * | awk '$1 != $2' | wc -l)
head -n 2 unpacked/checkpoint
jq -r '.source[] | "\(.name) \(.sha256) \(.text_sha256)"' unpacked/dossier.json | while read -r name sha256 text; do
	cmp "$name" "unpacked/content/$sha256" && echo "$name, as archived"
	echo "$text" >"$name.text"
done
jq -r '.claim[] | "\(.source) \(.start) \(.end) \(.exact)"' unpacked/dossier.json | while read -r source start end quote; do
	text=$(cat "unpacked/content/$(jq -r ".source[] | select(.id == $source) | .text_sha256" unpacked/dossier.json)"; echo .)
	[ "${text:start:end - start}" = "$quote" ] && echo "characters $start to $end: $quote"
done
proof=$(jq -r '.finding[] | select(.form == "proof") | .sha256' unpacked/dossier.json)
constat verify "unpacked/content/$proof" -t key.pub --inputs . | grep -c "^- The finding follows from the recordings"
jq -c '.leading, [.rows[] | [.name, .score]]' unpacked/matrix.json

echo "= signed once more, stamped"
constat key new other.example -o other >/dev/null
constat cosign s.constat -k other -o both.constat
constat verify both.constat -t key.pub -t other.pub --need 2 | mask | grep -e ^signature -e "^- 2"
constat cosign s.constat -k key
constat verify s.constat -t other.pub >/dev/null
echo "exit $?"

echo "= opened again"
constat dossier create other.dossier
constat dossier import other.dossier both.constat
constat dossier export other.dossier --seal opened.constat -k key >/dev/null
cmp s.constat opened.constat && echo "the same bytes"
constat dossier import other.dossier s.constat
diff <(constat dossier export night.dossier --stix) <(constat dossier export other.dossier --stix) && echo "the same dossier"

echo "= changed, by somebody who has no key"
pack() {
	(cd changed && find . -type f | sed 's|^\./||' | LC_ALL=C sort |
		tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644 --mtime=@315532800 -b 1 -cf ../bad.constat -T -)
}
changed() {
	rm -rf changed
	cp -r unpacked changed
	(cd changed && eval "$2")
	pack
	printf '%s: ' "$1"
	constat verify bad.constat -t key.pub 2>&1 >/dev/null | sed -E 's/^constat verify: bad.constat: rejected: //; s/[0-9a-f]{64}/SHA256/g'
}
evening=$(cut -c1-64 <evening.txt.text)
changed "nothing" ":"
cmp bad.constat s.constat && echo "the same bytes"
changed "a quote" "sed -i 's/\"exact\":\"one network/\"exact\":\"two network/' dossier.json"
changed "a source" "sed -i 's/one network/two networks/' content/$evening"
changed "and the manifest with it" "sed -i 's/one network/two networks/' content/$evening; sha256sum content/* *.json >manifest"
changed "a verdict" "sed -i 's/not measurable/confirmed/' dossier.json"
changed "a rating" "sed -i 's/\"rating\":\"I\"/\"rating\":\"C\"/' dossier.json"
changed "a score" "sed -i 's/\"score\":0/\"score\":1/' matrix.json"
changed "a proof" "sed -i 's/KP/SE/' content/$proof"
changed "something more" "echo hello >hello"
changed "of no kind" "sed -i 's|^constat.dossier/1|constat.dossier/2|' checkpoint"
changed "as a proof" "sed -i 's|^constat.dossier/1|constat.proof/1|' checkpoint"

echo "= changed, by somebody who signs it"
lie() {
	cp night.dossier lie.dossier
	python3 - "$1" <<'END'
import sqlite3, sys
db = sqlite3.connect("lie.dossier")
db.execute(sys.argv[1])
db.commit()
END
	constat dossier export lie.dossier --seal lie.constat -k key 2>&1 | sed -E 's/[0-9a-f]{8}-[0-9a-f-]{27}/UUID/g'
	[ ! -e lie.constat ] || echo "SEALED"
}
lie "UPDATE claim SET exact = 'two network' WHERE id = 1"
lie "UPDATE claim SET reading = 'two'"
lie "UPDATE verdict SET verdict = 'confirmed' WHERE id = 2"
lie "UPDATE finding SET sha256 = (SELECT sha256 FROM source) WHERE id = 1"

echo "= mistakes"
constat dossier export night.dossier --seal s2.constat
constat dossier export night.dossier --seal s2.constat --stix -k key
constat dossier export night.dossier --stix -k key
constat dossier export night.dossier --seal night.dossier -k key
constat dossier export night.dossier --seal nowhere/s.constat -k key
constat dossier export night.dossier --seal s2.constat -k nokey
constat dossier check night.dossier s.constat
constat verify s.constat -t key.pub --inputs .
echo "exit $?"
constat dossier import other.dossier report.constat
ls -- *.constat
