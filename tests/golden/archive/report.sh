# slow
# One command from an empty cache to the report, two simulated collectors of December 2014; the second run asks nothing, and a plain
# reading of the same files gives the same finding.
. "$root/tests/web/lib.sh"
constat simulate kp-2014 --out www >/dev/null
cat > catalogue <<'END'
only
archive one routeviews https://one.example
archive two ris https://two.example
collector one route-views.simulated route-views.simulated/bgpdata 2014-12-21 2014-12-23T20:00 6h 15m asia Simulated
collector two rrc90 rrc90 2014-12-21 2014-12-23T20:00 8h 5m europe Simulated
END
web
period="--from 2014-12-22 --until 2014-12-23T20:00 --place www/delegated-simulated --full-feed 4000"
constat report KP $period --cache cache $mirror 2>said | grep -v '^  http' | sed '/^Made from/q' > first
plain < said
wc -l < log
broken
: > log
constat report KP $period --cache cache $mirror 2>/dev/null | grep -v '^  http' | sed '/^Made from/q' > second
echo "asked for the second time: $(wc -l < log)"
cmp first second
grep -o '  total  2014.*  9 h 31 min\|  total  2014.*  31 min' first | head -n 2
constat report KP $period --json --cache cache $mirror 2>/dev/null > archived.json
cp -r www/rrc90 www/route-views.simulated .
rm -f rrc90/2014.12/bview.2014122[123].[01][68]* rrc90/2014.12/bview.2014122[23].0* route-views.simulated/bgpdata/2014.12/RIBS/*.0600* \
	route-views.simulated/bgpdata/2014.12/RIBS/*.1[28]00* route-views.simulated/bgpdata/2014.12/RIBS/rib.2014122[23]*
constat report KP $period --json $(find rrc90 route-views.simulated -type f) > plain.json
python3 - <<'END'
import json
a, b = json.load(open('archived.json')), json.load(open('plain.json'))
print('the same result:', a['result'] == b['result'], 'roster:', a['roster'] == b['roster'])
inputs = a['provenance']['inputs']
print(len(inputs), 'inputs, with validators and hashes:', sum(1 for i in inputs if i['validator'] and len(i['sha256']) == 64))
END
echo "== as in the README: collectors of the built-in catalogue by a mirror, the registries of the day, an empty cache"
rm -rf cache
ln -s rrc90 www/rrc06
ln -s route-views.simulated/bgpdata www/bgpdata
mkdir www/apnic
cp www/delegated-simulated www/apnic/delegated-20141221
for registry in afrinic apnic arin lacnic ripencc; do
	echo "registry $registry http://127.0.0.1:$port/$registry/delegated-%Y%m%d"
done > registries
constat report KP --from 2014-12-22 --until 2014-12-23T20:00 --collectors rrc06,route-views2 --registry auto --full-feed 4000 --catalogue registries \
	--mirror routeviews=http://127.0.0.1:$port --mirror ris=http://127.0.0.1:$port --cache cache 2>said >third
plain < said | grep -v 'no delegated statistics'
diff <(grep '^  total' first) <(grep '^  total' third) && echo "the same outages"
grep -c "countries by registry" third
rm www/rrc06 www/bgpdata
echo "== a file of rrc90 that is not there, and one the index lacks"
rm www/rrc90/2014.12/updates.20141222.1000.gz
web status:updates.20141222.1800.gz:0:404
rm -rf cache
constat report KP $period --json --cache cache $mirror 2>said > gaps.json
echo "status $?"
plain < said
python3 -c "import json; [print(g['collector'], g['why'], g['from'], g['until']) for g in json.load(open('gaps.json'))['gaps']]"
