# What routing tells of causes, in a small simulated world: a provider drops its one customer; an hour later the origin
# withdraws half of its networks.
cat >world.yaml <<END
title: Two causes
from: 2014-12-22T00:00
until: 2014-12-22T03:00
topology:
  generate: {ases: 200, networks: 800, countries: 20}
  ases:
    - {as: 131279, name: "STAR-KP", country: KP, providers: [4837],
       networks: [175.45.176.0/24, 175.45.177.0/24, 175.45.178.0/24, 175.45.179.0/24]}
    - {as: 4837, name: "CHINA169", country: CN, role: regional}
collectors:
  - {name: route-views.small, layout: routeviews, ribs: 2h, compression: none,
     vantage_points: [{pick: 10, feed: full, outside: KP}]}
noise: {chatter: 60}
events:
  - {what: drop-customers, as: 4837, customers: 131279, at: 2014-12-22T00:40, for: 10m}
  - {what: withdraw, networks: [175.45.176.0/24, 175.45.177.0/24], at: 2014-12-22T02:00, for: 20m}
END
constat simulate world.yaml --out world >/dev/null
set -- -p world/delegated-simulated --full-feed 300 world/route-views.small/bgpdata/*/*/*
constat report KP "$@" | sed -n '/^Why/,/^Instab/p'
constat report KP "$@" --records | grep -A 5 'shared nothing\|one link' | head -n 12
constat report KP "$@" --csv --list result.report.spells
constat report KP "$@" --csv --list result.report.hours
constat report KP "$@" --csv --list result.report.network_hours | head -n 4
constat report KP "$@" --csv --list result.report.causes
constat report KP "$@" --csv --list result.report.causes.facts | head -n 5
constat report KP "$@" --csv --list result.report.causes.hypotheses | head -n 4
constat report KP "$@" --csv --list result.report.causes.hypotheses.weighings | head -n 4
constat report KP "$@" --csv --list result.report.causes.ties
constat report KP "$@" --csv --list result.report.events | head -n 3
constat report KP "$@" --csv --list provenance.events | head -n 3
constat report KP "$@" --json | sed -n '/^      "causes"/,/"hypotheses"/p' | head -n 40
constat report KP --blackhole 12 "$@"
