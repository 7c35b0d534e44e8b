# needs: python3
# needs: shared
# needs: geoip
# The same in recordings of the real world. One full feed is enough where one is asked for; without any no outage is claimed, and there are no facts.
trace=$root/tests/golden/report/trace.py
jinx=("$data/2014/route-views.jinx.rib.20140530.2200.bz2" "$data/2014/route-views.jinx.updates.20140530.2345.bz2")
for place in AS25184 AS33785; do
	echo "May 2014, $place: $("$trace" $place --min-peers 1 "${jinx[@]}")"
done
echo "October 2015: $("$trace" AS12654 --min-peers 1 "$data/2015/pch.updates.20151023.full-table-transfer.gz")"
echo "April 2022: $("$trace" KP "$data/2022/rrc23.updates.20220421.0200.gz")"
echo "August 2010: $("$trace" AS6830 "$data/2010/rrc01.updates.20100827.0840.gz")"
