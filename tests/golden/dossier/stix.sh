# needs: geoip
# A dossier goes through STIX and comes back; what others made goes through unchanged; lies are refused.
export SOURCE_DATE_EPOCH=1419379200
printf 'The networks went dark at 15:41, an agency said. “Nothing to do with it”, said a spokesman.\n' >evening.txt
constat dossier create a.dossier --title "An evening"
constat dossier source add a.dossier evening.txt --publisher Gazette --agency Wire --published 2014-12-23 >/dev/null
constat dossier claim add a.dossier evening.txt --quote "went dark at 15:41" --kind statement --speaker "agency" --said 2014-12-23 >/dev/null
constat dossier claim add a.dossier evening.txt --quote '"Nothing to do with it"' --kind denial --speaker "spokesman (via agency)" >/dev/null
constat dossier claim link a.dossier 2 responds 1 >/dev/null
constat dossier assert a.dossier 1 "outage KP from 2014-12-23T15:41Z ±5m" >/dev/null
constat dossier hypothesis add a.dossier power "The power failed." >/dev/null
constat dossier hypothesis rate a.dossier power claim:1 C >/dev/null
constat dossier export a.dossier --stix >a.json
grep -o '"type": "[a-z-]*"' a.json | sort | uniq -c
constat dossier create b.dossier --title "Another title"
constat dossier import b.dossier a.json
constat dossier export b.dossier --stix | cmp - a.json && echo "the same bytes"
constat dossier import b.dossier a.json
constat dossier show b.dossier | head -n 2

echo "= what others made"
cat >foreign.json <<'END'
{"type": "bundle", "id": "bundle--1", "objects": [
  {"type": "indicator", "id": "indicator--5b0c1a9e-1111-4222-8333-444455556666", "spec_version": "2.1",
   "created": "2014-12-23T00:00:00.000Z", "modified": "2014-12-24T00:00:00.000Z", "pattern": "[ipv4-addr:value = '192.0.2.1']",
   "pattern_type": "stix", "valid_from": "2014-12-23T00:00:00Z", "x_unheard_of": {"weight": 0.25, "list": [1, 2]}}]}
END
constat dossier import b.dossier foreign.json
constat dossier import b.dossier foreign.json
constat dossier export b.dossier --stix >c.json
sed -n '/"created": "2014-12-23T00:00:00.000Z",/,/^  }/p' c.json
constat dossier create d.dossier
constat dossier import d.dossier c.json
constat dossier export d.dossier --stix | cmp - c.json && echo "the same bytes"

echo "= lies"
lie() {
	constat dossier create e.dossier
	sed "$1" a.json >e.json
	constat dossier import e.dossier e.json 2>&1 | sed 's/[0-9a-f]\{8\}-[0-9a-f-]*/UUID/g'
	constat dossier claim list e.dossier --csv | wc -l
	rm e.dossier
}
lie 's/"exact": "went dark/"exact": "went dork/'
lie 's/"kind": "denial"/"kind": "Denial!"/'
lie 's/"row": {/"row": {"unknown": 1,/'
lie 's/"type": "bundle"/"type": "sheaf"/'
lie 's/"payload_bin": "[A-Za-z]*/"payload_bin": "AAAA/'
lie 's/outage KP from/outrage KP from/'
lie '$d'

echo "= ClaimReview"
constat dossier assert a.dossier 2 'cause KP "denial of service" at 2014-12-23' >/dev/null
# One state change is a recording.
printf '\x54\x99\x8a\x2c\x00\x10\x00\x00\x00\x00\x00\x14' >state
printf '\xfd\xe9\xfd\xea\x00\x00\x00\x01\x0a\x00\x00\x01\x0a\x00\x00\x02\x00\x06\x00\x01' >>state
constat dossier check a.dossier --claim 2 state >/dev/null
constat dossier export a.dossier --claimreview
constat dossier export a.dossier
constat dossier export a.dossier --stix --csv claims
