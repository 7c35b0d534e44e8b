# What is said before anything is got, what is got ahead, what --offline lacks, and Ctrl-C.
TZ=UTC; export TZ
. "$root/tests/web/lib.sh"
make_days 2014-12-19T00:00 2014-12-20T02:00
sed -i 's/2h 15m/8h 15m/' catalogue
web
echo "== a dry run asks for index pages alone; the baseline's 24 hours are ahead, from the RIB before them"
constat report KP --dry-run --cache cache --collectors rrc99 --from 2014-12-20T01:00 --until 2014-12-20T01:20 $mirror 2>said >list
plain < said
sed -n '1,3p; $p' list | plain
awk '{ print $3 }' list | sed 's/.*[.]2014/2014/; s/[.].*//' | sort | uniq -c
awk '{ print $4 }' log
find cache -type f ! -name '.*' ! -name 'index%'
echo "-- another window, another time ahead"
constat outages --dry-run --baseline-window 2h --cache cache --collectors rrc99 --from 2014-12-20T01:00 --until 2014-12-20T01:20 $mirror 2>&1 | plain | sed -n '1,2p; $p'
echo "-- fetch gets as much, a dump and a census nothing ahead"
constat fetch --dry-run --cache cache --collectors rrc99 --from 2014-12-20T01:00 --until 2014-12-20T01:20 $mirror 2>/dev/null | cmp - list
constat dump --dry-run --cache cache --collectors rrc99 --from 2014-12-20T01:00 --until 2014-12-20T01:20 $mirror 2>/dev/null | plain | sed -n '1p; $p'
constat census --dry-run --cache cache --collectors rrc99 --at 2014-12-20T01:00 $mirror 2>/dev/null | plain | sed -n '1p; $p'
echo "== offline: what is not in the cache is said, file by file, and nobody is asked"
: > log
constat fetch --ahead 0s --cache cache --collectors rrc99 --from 2014-12-20T00:00 --until 2014-12-20T00:20 $mirror >/dev/null 2>&1
: > log
constat fetch --offline --ahead 0s --cache cache --collectors rrc99 --from 2014-12-20T00:00 --until 2014-12-20T01:00 $mirror 2>&1 | plain | sed 's|.*/cache|cache|'
echo "status ${PIPESTATUS[0]}"
constat dump --count --offline --cache cache --collectors rrc99 --from 2014-12-20T00:00 --until 2014-12-20T01:00 $mirror 2>said
plain < said
cat log
web slow:updates.20141220.0045:0:1500
echo "== Ctrl-C: what is whole stays, and how to go on is said"
interrupt() {
	rm -rf cache
	"$@" --cache cache --collectors rrc99 --from 2014-12-20T00:00 --until 2014-12-20T01:00 $mirror >/dev/null 2>said &
	child=$!
	for _ in $(seq 200); do [ "$(find cache -name 'updates*[0-3][05].gz' 2>/dev/null | wc -l)" -ge 3 ] && break; sleep 0.02; done
	kill -INT $child
	wait $child
	echo "status $?"
	plain < said
	broken | grep -v '^part'
}
set -m	# or children ignore the signal
interrupt constat fetch --ahead 0s
interrupt constat dump
interrupt constat outages --baseline-window 0s --place <(echo "2.0.0.0,2.255.255.255,FR")
set +m
: > log
constat fetch --ahead 0s --cache cache --collectors rrc99 --from 2014-12-20T00:00 --until 2014-12-20T01:00 $mirror 2>/dev/null | wc -l
grep -o '[a-z]*\.2014.*' log	# only what was not whole
echo "== while index pages are asked for"
rm -rf cache
web slow:/:0:1500
set -m
constat dump --cache cache --collectors rrc99 --from 2014-12-20T00:00 --until 2014-12-20T01:00 $mirror >/dev/null 2>said &
child=$!
sleep 0.5
kill -INT $child
set +m
wait $child
echo "status $?"
plain < said
