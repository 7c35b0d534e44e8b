# needs: shared
# needs: geoip
# slow
# "Four networks against 150,000", as the press said: by geolocation. The table of countries is this
# machine's, so the United States' number is not the same everywhere.
rib=$data/2014/route-views.jinx.rib.20140530.2200.bz2
constat census --csv "$rib" | awk -F, '
	$1 == "KP" && $3 == "IPv4" { print "North Korea: " $4 " networks in " $6 " blocks" }
	$1 == "US" && $3 == "IPv4" { print "United States: " ($4 > 150000 && $4 < 158000 ? "about 154,000" : $4) }'
constat census --csv --list result.census.world "$rib" | cut -d, -f2-4
