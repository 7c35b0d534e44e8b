# The same scenario and seed give the same files, with any number of threads; another seed does not.
cat >small.yaml <<'END'
title: small
from: 2014-12-22T00:00
until: 2014-12-22T02:00
topology:
  generate: {ases: 120, networks: 200, tier1: 4, countries: 10}
collectors:
- {name: route-views.small, layout: routeviews, vantage_points: [{pick: 5}]}
- {name: rrc99, layout: ris, clock: microseconds, vantage_points: [{pick: 5}]}
noise: {link_events: 500, chatter: 60}
END
constat simulate small.yaml --out one --seed 3 --threads 1 | sed 's/, [0-9]* bytes//'
constat simulate small.yaml --out two --seed 3 --threads 3 >/dev/null
constat simulate small.yaml --out three --seed 4 >/dev/null
diff -r one two && echo same
diff -rq one three >/dev/null || echo "not with another seed"
find one -type f | sort | sed -n '1,8p'
