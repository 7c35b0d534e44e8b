# What cut says before, beside what the simulator finds when it takes the AS out: network by network, for each of
# several ASes.
# Disagreements, by origin: "spared" (foretold, kept) has a second provider that nobody's path showed before: AS410357
# comes back through AS410044. "missed" (dark, not foretold) has peers that were taken for providers: AS410070 and
# AS410076 show their links to AS410081 as vantage points themselves, and nobody else does.
scenario() {
	cat <<END
title: An AS is cut
from: 2014-12-22T00:00
until: 2014-12-22T02:00
topology:
  generate: {ases: 600, networks: 2500, tier1: 6, countries: 30}
  ases:
    - {as: 131279, name: "STAR-KP", country: KP, providers: [4837],
       networks: [175.45.176.0/24, 175.45.177.0/24, 175.45.178.0/24, 175.45.179.0/24]}
    - {as: 4837, name: "CHINA169", country: CN, role: regional}
collectors:
  - {name: route-views.small, layout: routeviews, ribs: 2h, vantage_points: [{pick: 40, feed: full, outside: KP}]}
events:
  - {what: as-down, as: $1, at: 2014-12-22T00:30}
END
}
for as in 4837 410000 410001 410003 410007 410010 410014 410020; do
	scenario $as >$as.yaml
	constat simulate $as.yaml --out $as >/dev/null
	sed -n 's/^{"network": "\([^"]*\)", "origin": \([0-9]*\).*/\1 \2/p' $as/truth.json >dark
	set -- $as/route-views.small/bgpdata/2014.12/RIBS/*.bz2 -p $as/delegated-simulated --full-feed 1000
	all=$(constat cut AS$as "$@" --json | sed -n 's/^ *"networks": \([0-9]*\),*$/\1/p' | sort -n | tail -n 1)
	constat cut AS$as "$@" --csv --list result.cut.affected | awk -F, '$4 == "lost" { print $1, $3 }' >told
	sort dark >dark.sorted
	sort told >told.sorted
	awk -v as=$as -v all="$all" '
		NR == FNR { dark[$0]; darks++; next }
		{ if ($0 in dark) both++; else spared++ }
		END {
			wrong = spared + darks - both
			printf "AS%s: %d networks, dark %d, foretold %d of them, missed %d, spared %d: ",
				as, all, darks, both, darks - both, spared
			print wrong * 20 <= all ? "95 % or more agree" : "too many disagree"
		}' dark.sorted told.sorted
	comm -13 dark.sorted told.sorted | cut -d' ' -f2 | sort -u | while read -r origin; do
		echo "  spared: AS$origin"
	done
	comm -23 dark.sorted told.sorted | cut -d' ' -f2 | sort -u | while read -r origin; do
		echo "  missed: AS$origin"
	done
done
set -- 4837/route-views.small/bgpdata/2014.12/RIBS/*.bz2 -p 4837/delegated-simulated --full-feed 1000
constat cut AS4837 --country KP "$@" --csv
echo '4837|131279|-1' >as-rel
echo '410001|131279|-1' >>as-rel
constat cut AS4837 --country KP --relations as-rel "$@" | grep -e '^Lost' -e relationships:
constat cut AS4837-AS131279 "$@" | grep -e '^The second' -e '^Lost'
constat cut --worst KP "$@" --csv --list result.cut.worst | head -n 3
