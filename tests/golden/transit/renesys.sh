# needs: shared
# Countries at 1-2 beside the 61 that Renesys put there in 2012; an AS that no path shows.
rib=$data/2014/route-views.jinx.rib.20140530.2200.bz2
registry=$(dirname "$data")/registry
set -- "$rib" -p "$registry/delegated-apnic-20140630.gz" -p "$registry/delegated-ripencc-20140630.gz" \
	-p "$registry/delegated-lacnic-20140630.gz" -p "$registry/delegated-afrinic-20140630.gz" --no-hash
printf '%s\n' AD AI AN AW AX BB BQ BT CF CI CK CU DJ DM ET FO GD GF GL GM GN GP GY IO JE KM KN KP LS LY MC MF \
	MH ML MM MR NF NR PF PM PW RE SB SO SR SS ST SX SY SZ TC TD TK TL TM TN TO UZ VA WF YE >renesys
constat frontier "$@" --csv >frontier
sed -n 's/^\(..\),.*,1-2,.*/\1/p' frontier | sort >ours
echo "both, of $(wc -l <ours) and $(wc -l <renesys): $(comm -12 ours renesys | xargs)"
echo "only here: $(comm -23 ours renesys | xargs)"
echo "only Renesys:"
for country in $(comm -13 ours renesys); do
	grep "^$country," frontier || echo "$country,no network"
done | cut -d, -f1-4
constat cut AS65551 "$@" | sed -n '3,5p'
constat cut AS65551-AS4837 "$@" --json | grep not-in-paths
