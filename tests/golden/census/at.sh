# needs: shared
# The table as it stood at an instant: none before the RIB, half of it in its midst, and an hour on.
cd "$data/2014" || exit
networks() {
	constat census --no-hash --csv --list result.census.world --place ../../registry/delegated-apnic-20140630.gz "$@" \
		route-views.jinx.* rrc06.* | sed -n 's/^,world,\(IPv.\),\([0-9]*\),.*/\1 \2/p' | tr '\n' ' '
	echo "status ${PIPESTATUS[0]}"
}
networks --at 2014-05-30T21:59:59
networks --at 2014-05-30T22:00:00
networks --at 2014-05-30T22:00:01
networks --at 2014-05-30T22:14:59
networks --at 2014-05-30T22:15:00
networks
