# needs: shared
# The upstreams of AS4837 took turns within a minute of April 2022; AS4837 and AS134544 stood in every path.
cd "$data/.." || exit
set -- mrt/2022/rrc23.updates.20220421.0200.gz -p registry/delegated-apnic-20140630.gz --no-hash
constat upstreams 175.45.176.0/22 --step 1m "$@" | sed '/^Upstreams (/,$d'
constat upstreams KP --step 1m "$@" | sed -n '/^Gateways over/,/^$/p'
constat upstreams 175.45.176.0/22 --from 2022-04-21T02:03:30 --until 2022-04-21T02:03:35 "$@" --csv \
	--list result.connection.shifts
constat upstreams 175.45.176.0/22 --from 2022-04-21T02:03:30 --until 2022-04-21T02:03:35 "$@" --csv \
	--list result.connection.moments
constat upstreams KP --step 1m --at 2022-04-21T02:03 "$@"
constat upstreams KP --step 0m "$@"
