# slow
# needs: python3
# Every fact printed can be traced, in a world of each kind of cause made hard: each fact of the text and of JSON has its events, or says what there was none
# of and where that was searched; the records that are named say so, and as many records were searched as are said to be.
for kind in origin upstream customer sequence flapping hijack rpki artefact; do
	"$root/bench/causes" "$(command -v constat)" --cases 1 --first 12 --kind $kind --keep $kind --hard >/dev/null
	mapfile -t arguments <$kind/arguments
	echo "$kind: $("$root/tests/golden/report/trace.py" "${arguments[@]}")"
done
# … and one in which everything goes wrong: sessions fall loudly and silently, a collector with them, a BLACKHOLE route, VRPs, two days.
cat >world.yaml <<YAML
title: Everything at once
from: 2014-12-21T00:00
until: 2014-12-23T01:00
seed: 7
topology:
  generate: {ases: 150, networks: 600, countries: 20}
  ases:
    - {as: 131279, name: "STAR-KP", country: KP, providers: [4837, 4134], networks: [175.45.176.0/24, 175.45.177.0/24, 175.45.178.0/24]}
    - {as: 131280, name: "KP-2", country: KP, providers: [4134], networks: [175.45.179.0/24]}
    - {as: 4837, name: "CHINA169", country: CN, role: regional}
    - {as: 4134, name: "CHINANET", country: CN, role: regional}
collectors:
  - {name: route-views.small, layout: routeviews, ribs: 8h, compression: none, vantage_points: [{pick: 9, feed: full, outside: KP}]}
  - {name: rrc92, layout: ris, ribs: 8h, clock: microseconds, vantage_points: [{pick: 6, feed: full, outside: KP}]}
noise: {chatter: 60}
events:
  - {what: blackhole, as: 131279, networks: [175.45.176.9/32], contained: no, at: 2014-12-21T05:50, for: 30m}
  - {what: withdraw, origins: 131279, at: 2014-12-21T06:00, for: 10m}
  - {what: session-reset, collector: route-views.small, share: 60%, at: 2014-12-21T06:02, for: 3m}
  - {what: as-down, as: 4134, at: 2014-12-21T12:00, for: 10m}
  - {what: session-reset, collector: rrc92, share: 60%, silent: yes, at: 2014-12-21T12:01, for: 30m}
  - {what: withdraw, networks: [175.45.176.0/24], at: 2014-12-22T06:05, for: 10m}
  - {what: collector-down, collector: route-views.small, at: 2014-12-22T06:06, for: 40m}
  - {what: withdraw, origins: 131280, at: 2014-12-22T18:00, for: 9h}
YAML
constat simulate world.yaml --out world >/dev/null
printf 'ASN,IP Prefix,Max Length,Trust Anchor\nAS64999,175.45.176.0/24,24,simulated\n' >vrps.csv
set -- KP -p world/delegated-simulated --full-feed 300 --vrps vrps.csv $(find world -name '*.[0-9]*' -type f | grep -E 'rib|view|updates' | sort)
echo "everything: $("$root/tests/golden/report/trace.py" "$@")"
constat report "$@" --csv --list result.report.causes.facts 2>/dev/null | cut -d, -f2,3 | sort -u
constat report "$@" --csv --list result.report.events 2>/dev/null | cut -d, -f6 | sort | uniq -c
