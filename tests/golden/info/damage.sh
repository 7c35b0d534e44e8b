# needs: shared
# A file cut in the middle, an empty one, a directory, a text, a gzip of zeros, one that is not there:
# a clear line each, the rest still read, and the status says so.
head -c 100000 "$data"/2022/rrc23.updates.20220421.0200.gz >cut.gz
: >empty
mkdir folder
printf 'a text file of no great length, which holds no record\n' >text
head -c 3000000 /dev/zero | gzip -n >zeros.gz
try() {
	echo "\$ constat $*"
	constat "$@" 2>&1
	echo "status $?"
}
try info --no-hash cut.gz
for file in empty folder text zeros.gz missing; do
	try info $file
done
rest=(empty folder text zeros.gz missing "$data"/2014/rrc06.updates.20140530.2215.gz)
try info --csv --list provenance.inputs "${rest[@]}" | cut -d, -f1,2,5-9
registry=$data/../registry/delegated-apnic-20140630.gz
for command in census "upstreams KP" outages "report KP"; do
	# shellcheck disable=SC2086
	try $command --place "$registry" --rows 1 "${rest[@]}" | grep -v '^  '
done
try report KP --place "$registry" text empty
