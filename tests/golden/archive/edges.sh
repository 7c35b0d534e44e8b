# Which files make a period, at its edges; each asked for once.
TZ=UTC; export TZ
. "$root/tests/web/lib.sh"
make_days 2014-12-20 2014-12-21
make_days 2014-12-31T16:00 2015-01-01T02:00
make_days 2014-11-30T16:00 2014-12-01T02:00
try() {
	echo "== $*"
	web
	rm -rf cache
	constat fetch --ahead 0s --cache cache --collectors "$1" --from "$2" --until "$3" $mirror 2>&1 >/dev/null | plain
	asked | sed 's|.*[/]||' | tr '\n' ' '; echo
	awk '{ print $4 }' log | sort | uniq -d
}
try rrc99 2014-12-20T08:00 2014-12-20T08:30
try rrc99 2014-12-20T08:20 2014-12-20T08:31
try route-views.test 2014-12-20T09:59:59 2014-12-20T10:00
try rrc99 2014-12-31T23:50 2015-01-01T00:10
try route-views.test 2014-12-31T23:50 2015-01-01T00:10
# A month's first RIB is in its own folder; the one before it in the last month's.
try rrc99 2014-12-01T00:00 2014-12-01T00:10
try route-views.test 2014-11-30T23:59 2014-12-01T00:01
# Ended inside; born inside, before its first RIB.
try route-views.gone 2014-12-20T11:45 2014-12-20T13:00
try rrc98 2014-12-20T09:00 2014-12-20T10:30
