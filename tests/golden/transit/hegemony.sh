# AS4837 behind all of North Korea, seen from 40 full feeds; what one vantage point's neighbours add is trimmed away.
cat >world.yaml <<'END'
title: North Korea behind one AS, seen from 40
from: 2014-12-22T00:00
until: 2014-12-22T00:20
topology:
  generate: {ases: 400, networks: 1500, tier1: 6, countries: 30}
  ases:
    - {as: 131279, name: "STAR-KP", country: KP, providers: [4837],
       networks: [175.45.176.0/24, 175.45.177.0/24, 175.45.178.0/24, 175.45.179.0/24]}
    - {as: 4837, name: "CHINA169", country: CN, role: regional}
collectors:
  - {name: route-views.small, layout: routeviews, vantage_points: [{pick: 40, feed: full, outside: KP}]}
END
constat simulate world.yaml --out w >/dev/null
set -- w/route-views.small/bgpdata/2014.12/RIBS/*.bz2 -p w/delegated-simulated --full-feed 962
constat upstreams KP "$@" --csv --list result.upstreams.hegemony | cut -d, -f1,2,4- | head -n 8
constat upstreams AS131279 "$@" --weight networks --csv --list result.upstreams.views
constat upstreams 175.45.176.0/22 "$@" | sed -n '/^AS hegemony/,/^Paths/p' | sed -n '1,4p'
constat upstreams KP "$@" --hegemony-peers 41 | sed -n '/^AS hegemony/,/^Paths/p' | sed -n '1,4p'
constat frontier "$@" | sed -n '/^Frontiers/,/KP/p' | grep -e KP -e frontier
constat frontier "$@" --json | grep -c few-feeds
constat upstreams KP "$@" --weight money
