# slow
# needs: bgpdump
# The outages of `make demo`: proved, the same bytes for any number of threads and order of files, verified, and verified
# against all recordings.
constat simulate kp-2014 --out world >/dev/null
full=$(sed -n 's/.*"full_feed": {"ipv4": \([0-9]*\).*/\1/p' world/world.json)
constat key new tester.example/1 -o key >/dev/null
prove() { constat prove "$1" -k key -o "$2" --place world/delegated-simulated --as-names world/as-names-simulated --full-feed "$full" "${@:3}" >line; }
mapfile -t files < <(find world -name '*.bz2' -o -name '*.gz' | sort)
prove KP kp.constat -j1 "${files[@]}"
prove KP again.constat -j2 "${files[@]}"
cmp kp.constat again.constat && echo "one thread and two: the same bytes"
mask() { sed -E 's/, [0-9]+ bytes/, BYTES/; s/root [A-Za-z0-9+/=]{44}/root ROOT/; s/\+[0-9a-f]{8}/+HASH/; s/out of [0-9]+ records of [0-9]+/out of RECORDS of N/'; }
size=$(stat -c %s kp.constat)
[ "$size" -lt 10000000 ] && echo "below 10 MB"
constat verify kp.constat -t key.pub | mask | sed -n 1,8p
constat verify kp.constat -t key.pub --inputs world | mask | sed -n '/^inputs/,$p'
tar -xOf kp.constat finding.json >finding.json
grep -o '"outages":\[{[^[]*' finding.json | grep -o '"start":{"at":"[^"]*"' | head -n 1

# bgpdump reads all of it: as many RIB entries of the place as in the recordings.
count() { bgpdump -m "$@" 2>/dev/null | grep -c '|175\.45\.17[6-9]\.0/24|'; }
mkdir out
tar -xf kp.constat -C out
all=0 own=0
for file in "${files[@]:0:12}"; do all=$((all + $(count "$file"))); done
number=0
for file in $(tar -xOf kp.constat finding.json | grep -o '"name":"world/[^"]*z2*"' | cut -d'"' -f4 | head -n 12); do
	number=$((number + 1))
	excerpt=$(printf 'out/excerpt/%06d.mrt' $number)
	[ ! -f "$excerpt" ] || own=$((own + $(count "$excerpt")))
done
[ "$all" -gt 0 ] && [ "$all" = "$own" ] && echo "the same lines of bgpdump"

echo "an AS, a period"
prove AS131279 as.constat "${files[@]}" && constat verify as.constat -t key.pub | grep -c '^Proved'
prove KP until.constat --from 2014-12-22T16:00 --until 2014-12-22T20:00 "${files[@]}" &&
	constat verify until.constat -t key.pub --inputs world | grep -c '^Proved'

echo "without the registries, without a recording, with another one"
mkdir part
cp -rl world part/
rm part/world/delegated-simulated
constat verify kp.constat -t key.pub --inputs part | grep "files of places"
rm "part/${files[500]}"
constat verify kp.constat -t key.pub --inputs part | grep "^inputs"
echo "exit ${PIPESTATUS[0]}"
cp "${files[501]}" "part/${files[500]}"
constat verify kp.constat -t key.pub --inputs part | grep "^inputs"
