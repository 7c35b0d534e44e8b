# North Korea moves from one upstream to another, as it did not in 2014: what is told over time is what the table has at
# each instant, every change is told with its second, and a report tells it around the outage between them.
cat >world.yaml <<'YAML'
title: Two upstreams
from: 2014-12-22T00:00
until: 2014-12-22T03:00
topology:
  generate: {ases: 400, networks: 1500, tier1: 6, countries: 30}
  ases:
    - {as: 131279, name: "STAR-KP", country: KP, providers: [4837, 20485],
       networks: [175.45.176.0/24, 175.45.177.0/24, 175.45.178.0/24, 175.45.179.0/24]}
    - {as: 4837, name: "CHINA169", country: CN, role: regional}
    - {as: 20485, name: "TTK", country: RU, role: regional}
noise: {chatter: 400}
collectors:
  - {name: route-views.small, layout: routeviews, ribs: 2h, vantage_points: [{pick: 20, feed: full, outside: KP}]}
events:
  - {what: link-down, link: [20485, 131279], at: 2014-12-22T00:10, until: 2014-12-22T01:00}
  - {what: link-down, link: [4837, 131279], at: 2014-12-22T00:30, until: 2014-12-22T02:00}
YAML
constat simulate world.yaml --out w >/dev/null || exit
# shellcheck disable=SC2046 # names without blanks
set -- $(find w -name '*.bz2' | sort) -p w/delegated-simulated --full-feed 900 --no-hash
constat upstreams KP --step 10m "$@" | sed '/^Gateways (/,$d'
# At any instant the same as the table then.
constat upstreams KP --step 20m "$@" --csv --list result.connection.shares | grep gateway | cut -d, -f1,3,7- >over
constat upstreams KP --step 20m "$@" --csv --list result.connection.hegemony | cut -d, -f1-3,8- | tail -n +2 >over.hegemony
for minute in 00:20 01:20 02:20; do
	constat upstreams KP --at 2014-12-22T$minute "$@" --csv | grep gateway |
		awk -F, -v at="2014-12-22T$minute:00Z" -v OFS=, '{ print at, $2, $7, $8, $9 }' >then
	diff <(grep "T$minute:" over) then && echo "$minute: the same gateways"
	constat upstreams KP --at 2014-12-22T$minute "$@" --csv --list result.upstreams.hegemony | tail -n +2 |
		awk -F, -v at="2014-12-22T$minute:00Z" -v OFS=, '{ print at, $1, $2, $7, $8, $9 }' | head -n 20 >then
	diff <(grep "T$minute:" over.hegemony) then && echo "$minute: the same hegemony"
done
constat report KP "$@" | sed -n '/^Through whom/,/^Why/p' | sed '$d'
constat report AS131279 "$@" --json | sed -n '/"moments": \[/,/\]/p' | grep -c '"why":"during"'
constat upstreams KP --step 1s "$@" --json --no-hash >json
grep '"step-widened"' json
sed -n 's/^ *"step": \([0-9]*\),*$/\1/p' json
constat upstreams KP --from 2014-12-22T04:00 "$@" --csv --list result.connection.moments
constat upstreams KP --step 0s "$@"
