# Whatever the web does, the cache holds whole files only, and what is missing is said.
TZ=UTC; export TZ
. "$root/tests/web/lib.sh"
make_days 2014-12-20T00:00 2014-12-20T04:00
# A file of some size, so that a cut has something to cut.
for file in www/rrc99/2014.12/updates.20141220.0100.gz www/rv/2014.12/UPDATES/updates.20141220.0100.bz2; do
	for i in $(seq 401); do make_file part.gz $((1419037200 + i * 2 % 900)); cat part.gz; done > "$file"
	case $file in *.bz2) gunzip -c "$file" | bzip2 > part.bz2; mv part.bz2 "$file" ;; esac
	rm part.gz
done
try() {
	echo "== $*"
	web "$@"
	rm -rf cache
	constat fetch --ahead 0s --cache cache --collectors rrc99,route-views.test --from 2014-12-20T00:30 --until 2014-12-20T01:30 $mirror 2>&1 >paths | plain | sort
	echo "status ${PIPESTATUS[0]}, $(wc -l < paths) files"
	broken
}
try
try status:updates.20141220.0100:0:404
try status:updates.20141220.0100:2:500
try status:updates.20141220.0100:1:503
for tenth in 0 1 2 3 4 5 6 7 8 9; do
	try cut:updates.20141220.0100:1:$tenth
	echo "ranges asked for: $(grep -c ^206 log)"
done
try short:updates.20141220.0100:1:5
try wrong:updates.20141220.0100:2
try lying:updates.20141220.0100:1:3
try redirect:updates.20141220.0100:0
try slow:updates.20141220.0100:0:20
try no-index:/:0
try status:updates.20141220.0115:0:404 no-index:/:0
echo "== a hole in the index"
rm www/rrc99/2014.12/updates.20141220.0045.gz
web
rm -rf cache
constat fetch --ahead 0s --cache cache --collectors rrc99 --from 2014-12-20T00:30 --until 2014-12-20T01:30 $mirror 2>&1 >/dev/null | plain
echo "== dump of it, and offline again"
constat dump --count --cache cache --collectors rrc99 --from 2014-12-20T00:30 --until 2014-12-20T01:30 -k all $mirror 2>said
plain < said
{ kill "$server"; wait "$server"; } 2>/dev/null
constat dump --count --offline --cache cache --collectors rrc99 --from 2014-12-20T00:30 --until 2014-12-20T01:30 -k all $mirror 2>said
plain < said
echo "== nobody there"
rm -rf cache
constat fetch --cache cache --collectors rrc99 --from 2014-12-20T00:30 --until 2014-12-20T01:30 $mirror 2>&1 | plain
find cache -type f
echo "== a folder"
constat fetch --ahead 0s --catalogue catalogue --mirror two="$PWD/www" --collectors rrc99 --from 2014-12-20T00:30 --until 2014-12-20T01:30 2>/dev/null | sed "s|$PWD||"
