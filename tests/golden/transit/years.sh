# needs: shared
# One full feed of 2014: shares, but no hegemony; a frontier that says how little it sees.
rib=$data/2014/route-views.jinx.rib.20140530.2200.bz2
registry=$(dirname "$data")/registry
set -- "$rib" -p "$registry/delegated-apnic-20140630.gz" -p "$registry/delegated-ripencc-20140630.gz" \
	-p "$registry/delegated-lacnic-20140630.gz" -p "$registry/delegated-afrinic-20140630.gz"
constat upstreams KP "$@" | sed -n '/^Gateways/,/^Paths/p'
constat frontier "$@" | sed -n '/^Countries/,/^Frontiers/p'
constat frontier "$@" --csv | grep -e '^country' -e '^KP'
constat frontier "$@" | grep -A 2 'see little'
