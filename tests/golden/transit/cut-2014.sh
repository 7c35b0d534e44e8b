# needs: shared
# The cut of AS4837 in May 2014: North Korea loses all, in spite of the forged path that gives it a second provider.
rib=$data/2014/route-views.jinx.rib.20140530.2200.bz2
registry=$(dirname "$data")/registry
set -- "$rib" -p "$registry/delegated-apnic-20140630.gz" -p "$registry/delegated-ripencc-20140630.gz" \
	-p "$registry/delegated-lacnic-20140630.gz" -p "$registry/delegated-afrinic-20140630.gz"
constat cut AS4837 --country KP "$@" --csv
constat cut AS4837 "$@" --csv | head -n 6
constat cut AS4837-AS131279 "$@" --relations "$registry/20161101.as-rel.txt.bz2" | sed -n '3,/^$/p'
constat cut --worst KP "$@" | sed -n '/^The cuts/,/^$/p'
constat cut 4837-4837 "$@"
constat cut --worst XX "$@"
