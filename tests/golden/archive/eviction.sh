# needs: openssl
# A cache beyond its cap loses what was used longest ago, and nothing that the command itself used.
TZ=UTC; export TZ
. "$root/tests/web/lib.sh"
make_days 2014-12-20T00:00 2014-12-20T02:00
for minute in 00 15 30 45; do	# 20 kB each, of what cannot be compressed
	openssl enc -aes-128-ctr -nosalt -K 00 -iv "$minute" </dev/zero 2>/dev/null | head -c 20000 |
		gzip -n > "www/rrc99/2014.12/updates.20141220.01$minute.gz"
	cp www/rrc99/2014.12/bview.20141220.0000.gz "www/rrc99/2014.12/bview.20141220.01$minute.gz"
done
web
get() {	# MINUTE OPTION…
	minute=$1; shift
	constat fetch --ahead 0s --cache cache --collectors rrc99 --from "2014-12-20T01:$minute" --until "2014-12-20T01:$minute:01" \
		$mirror "$@" 2>&1 >/dev/null | grep -v 'came\|updates\|of rrc99'
	sleep 0.02
	echo "after 01:$minute $*: $(find cache -name 'updates*.gz' | sed 's|.*20141220.||' | sort | tr '\n' ' ')"
}
get 00 --cache-size 0
get 15 --cache-size 0
get 30 --cache-size 1M
get 00 --cache-size 1M
: > log
get 45 --cache-size 65000
grep -c updates log
get 30 --cache-size 1
broken
find cache -name '.*.is' | wc -l	# notes go with their files
: > log
get 00 --cache-size 1M
grep -o 'updates.*' log
