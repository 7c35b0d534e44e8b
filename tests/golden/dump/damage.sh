# needs: shared
# What is whole is given, what is lost is said, and the status tells.
head -c 100000 "$data"/2022/rrc23.updates.20220421.0200.gz >cut.gz
: >empty
printf 'a text file of no great length, which holds no record\n' >text
head -c 3000000 /dev/zero | gzip -n >zeros.gz
try() {
	constat dump --count "$@" 2>err
	local status=$?
	cat err
	echo "$*: $status"
}
for file in cut.gz empty text zeros.gz . missing; do
	try $file
done
try cut.gz empty text . missing "$data"/edge/bird_bgp
try --quiet cut.gz
try text empty
constat dump "$data"/damaged/route-views2.rib.20140523.0600.truncated.bz2 2>&1 >/dev/null
constat dump "$data"/2022/* | head -n 1 | cut -c 1-50
echo "reader gone: ${PIPESTATUS[0]}"
