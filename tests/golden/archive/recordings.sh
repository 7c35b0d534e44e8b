# needs: shared
# needs: python3
# Real recordings served in the archives' layouts, found by the built-in catalogue: what is found is what the files themselves say, and
# every file is in the provenance with address, size, validator and SHA-256; those of registries and other places too.
. "$root/tests/web/lib.sh"
registry=$data/../registry
link() {	# FILE FOLDER [NAME]
	mkdir -p "www/$2"
	ln -s "$data/$1" "www/$2/${3-${1##*/}}"
}
place() {	# FILE NAME
	mkdir -p www/stats
	ln -s "$registry/$1" "www/stats/$2"
}
link 2014/route-views.jinx.rib.20140530.2200.bz2 route-views.jinx/bgpdata/2014.05/RIBS rib.20140530.2200.bz2
link 2014/route-views.jinx.updates.20140530.2345.bz2 route-views.jinx/bgpdata/2014.05/UPDATES updates.20140530.2345.bz2
for file in "$data"/2021/rrc06.updates.*; do
	link "2021/${file##*/}" rrc06/2021.01 "${file##*/rrc06.}"
done
for file in "$data"/2002/*; do
	link "2002/${file##*/}" rrc00/2002.07
done
# APNIC's and RIPE's are there on the day, LACNIC's of two days before, AFRINIC's of eight: too long ago.
place delegated-apnic-20140630.gz delegated-apnic-20140530.gz
place delegated-ripencc-20140630.gz delegated-ripencc-20140530.gz
place delegated-lacnic-20140630.gz delegated-lacnic-20140528.gz
place delegated-afrinic-20140630.gz delegated-afrinic-20140522.gz
web
{
	echo "registry ripencc http://127.0.0.1:$port/stats/delegated-ripencc-%Y%m%d.gz"
	echo "registry lacnic http://127.0.0.1:$port/stats/delegated-lacnic-%Y%m%d.gz"
	echo "registry afrinic http://127.0.0.1:$port/stats/delegated-afrinic-%Y%m%d.gz"
	echo "registry apnic http://127.0.0.1:$port/stats/nothing-%Y%m%d.gz"
	echo "registry apnic http://127.0.0.1:$port/stats/delegated-apnic-%Y%m%d.gz"
	echo "registry arin http://127.0.0.1:$port/stats/delegated-arin-%Y%m%d.gz"
} > registries
mirror="--catalogue registries --mirror routeviews=http://127.0.0.1:$port --mirror ris=http://127.0.0.1:$port --cache cache"
cat > compare.py <<'END'
import hashlib, json, sys
a, b = json.load(open('archived.json')), json.load(open('plain.json'))
print('the same result:', a['result'] == b['result'], ' roster:', a['roster'] == b['roster'])
for one in a['provenance']['inputs'] + a['provenance']['sources']:
    if not one['name'].startswith('http'):
        print(one['name'], one['bytes_stored'] == len(open(one['name'], 'rb').read()),
              one['sha256'] == hashlib.sha256(open(one['name'], 'rb').read()).hexdigest())
        continue
    if one.get('error'):
        print(one['error'].replace(one['name'].split('/', 3)[2], 'HOST'))
        continue
    path = 'www/' + one['name'].split('/', 3)[3]
    served = open(path, 'rb').read()
    print(path, one['bytes_stored'] == len(served), one['sha256'] == hashlib.sha256(served).hexdigest(), one['validator'] != '')
END
echo "== a RIB and the registries of its day"
constat upstreams KP --at 2014-05-30T22:00:30 --collectors route-views.jinx --registry auto --as-names "$registry/asnames_20140524.txt.gz" \
	$mirror --json 2>said > archived.json
plain < said
constat upstreams KP --at 2014-05-30T22:00:30 --place "$registry/delegated-apnic-20140630.gz" --place "$registry/delegated-ripencc-20140630.gz" \
	--place "$registry/delegated-lacnic-20140630.gz" --as-names "$registry/asnames_20140524.txt.gz" \
	--json "$data/2014/route-views.jinx.rib.20140530.2200.bz2" > plain.json
python3 compare.py
awk '{ print $1, $4 }' log | grep stats | sort | uniq -c
echo "== the same from the cache"
: > log
constat upstreams KP --at 2014-05-30T22:00:30 --collectors route-views.jinx --registry auto $mirror 2>&1 | plain | grep 'Out of' -A 99 | tail -n +3
awk '{ print $1 }' log | sort | uniq -c
echo "== what fetch prints"
constat fetch --ahead 0s --from 2014-05-30T22:00 --until 2014-05-30T22:00:30 --collectors route-views.jinx --registry auto $mirror 2>/dev/null |
	sed 's|.*/cache/[^/]*/||; s|^cache/[^/]*/||'
echo "== offline"
constat upstreams KP --offline --at 2014-05-30T22:00:30 --collectors route-views.jinx --registry auto $mirror 2>&1 >/dev/null | plain
echo "== two hours of updates, no RIB"
constat outages --from 2021-01-02T05:05 --until 2021-01-02T07:00 --baseline-window 0s --place "$registry/delegated-apnic-20140630.gz" --collectors rrc06 $mirror --json 2>said > archived.json
plain < said
constat outages --from 2021-01-02T05:05 --until 2021-01-02T07:00 --baseline-window 0s --place "$registry/delegated-apnic-20140630.gz" --json "$data"/2021/* > plain.json
python3 compare.py | sed 's/updates.*gz/updates.…/' | uniq -c
echo "== a night of 2002, with the names of its time"
constat dump --count -k all --from 2002-07-22T22:38 --until 2002-07-23 --collectors rrc00 $mirror 2>&1 | plain
constat dump --count -k all "$data"/2002/*
echo "== reading begins while later files still come"
web slow:updates.20140530.2345:0:1500
mirror="--mirror routeviews=http://127.0.0.1:$port --cache cache"
here() { find "cache/127.0.0.1%3a$port" -name 'updates.20140530.2345.bz2' | wc -l; }
mkfifo lines
constat dump --from 2014-05-30T22:00 --until 2014-05-31 --collectors route-views.jinx $mirror 2>/dev/null > lines &
{
	read -r line
	echo "$line; the last file is there: $(here)"
	echo "$(wc -l) more lines; the last file is there: $(here)"
} < lines
wait $!
echo "status $?"
