# The years in which files came every 15 minutes and their names were irregular: with an index page and without.
TZ=UTC; export TZ
. "$root/tests/web/lib.sh"
make_many() {	# FOLDER KIND SUFFIX FROM UNTIL STEP (seconds)
	local at end stamp
	end=$(date -u -d "$5" +%s)
	for ((at = $(date -u -d "$4" +%s); at < end; at += $6)); do
		printf -v stamp '%(%Y%m%d.%H%M)T' "$at"
		printf -v month '%(%Y.%m)T' "$at"
		make_file "www/$1/$month/${2}.$stamp.$3" "$at"
	done
}
try() {
	echo "== $*"
	rm -rf cache
	: > log
	constat fetch --ahead 0s --cache cache --collectors "$1" --from "$2" --until "$3" $mirror 2>&1 >/dev/null | plain
	grep '^20' log | sed 's|.*/||; /^$/d' | sort | tr '\n' ' '; echo
	awk '{ print $4 }' log | sort | uniq -d
}
cat >> catalogue <<'END'
collector two rrc01 rrc01 2000-07-01 2003-07-23 8h 15m europe Before
collector two rrc01 rrc01 2003-07-23 - 8h 5m europe and after
collector one route-views2 bgpdata 2001-10-26 - 2h 15m north-america Old layout
END
make_many rrc01 bview gz 2003-07-22T16:00 2003-07-23T02:00 28800
make_many rrc01 updates gz 2003-07-22T22:00 2003-07-23 900
make_many rrc01 updates gz 2003-07-23 2003-07-23T01:00 300
# As they are named in the archive of October 2001.
for minute in 2207 2222 2238 2253 2308 2323 2337 2352; do
	make_file "www/bgpdata/2001.10/UPDATES/updates.20011031.$minute.bz2" "$(date -u -d "2001-10-31 $minute" +%s)"
done
make_file www/bgpdata/2001.10/RIBS/rib.20011031.2205.bz2 1004565900
for minute in 0007 0022; do
	make_file "www/bgpdata/2001.11/UPDATES/updates.20011101.$minute.bz2" "$(date -u -d "2001-11-01 $minute" +%s)"
done
web
echo "=== with index pages"
try rrc01 2003-07-22T23:40 2003-07-23T00:11
try route-views2 2001-10-31T23:30 2001-11-01T00:10
# The file of 23:23 is not there: a gap, though the next comes 14 minutes after its end. One that comes a minute late is none.
rm www/bgpdata/2001.10/UPDATES/updates.20011031.2323.bz2
try route-views2 2001-10-31T23:00 2001-10-31T23:45
echo "=== without: what is computed and is not there is no gap"
web no-index:/:0
try rrc01 2003-07-22T23:40 2003-07-23T00:11
try route-views2 2001-10-31T23:30 2001-11-01T00:10
