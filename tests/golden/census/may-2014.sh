# needs: shared
# slow
# How many networks each country had on 30 May 2014, by the registries' files of June; ARIN's could
# not be had, so that its space is nobody's, which is said and not dropped.
cd "$data/.." || exit
rib=mrt/2014/route-views.jinx.rib.20140530.2200.bz2
registries=()
for file in registry/delegated-*; do
	registries+=(--place "$file")
done
constat census --rows 6 "${registries[@]}" "$rib"
constat census --csv --country KP --country "Korea, Republic of" "${registries[@]}" "$rib"
constat census --csv --list result.census.world "${registries[@]}" "$rib"
constat census --json "${registries[@]}" "$rib" | grep -o '"country":' | wc -l
constat census --country XX "$rib"
echo "status $?"
