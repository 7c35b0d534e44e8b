# needs: shared
# slow
# Through whom North Korea was connected in May 2014, and a forged path.
cd "$data/.." || exit
rib=mrt/2014/route-views.jinx.rib.20140530.2200.bz2
registries=(--as-names registry/asnames_20140524.txt.gz)
for file in registry/delegated-*; do
	registries+=(--place "$file")
done
constat upstreams "North Korea" "${registries[@]}" "$rib"
constat upstreams KP --csv "${registries[@]}" "$rib"
constat upstreams KP --csv --list result.upstreams.paths "${registries[@]}" "$rib"
constat upstreams AS131279 --csv --list result.upstreams.flagged "${registries[@]}" "$rib"
constat upstreams 175.45.176.0/22 --json --no-hash "${registries[@]}" "$rib" |
	sed -n '/^    "upstreams": {/,/^    }/p' | grep -v '^ *[]}],*$'
