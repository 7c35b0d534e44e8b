# needs: shared
# slow
# 27 August 2010: a storm of withdrawals, most of them of routes not known to be held. No feeding
# session goes down, no RIB is there, and no outage is claimed.
cd "$data/.." || exit
outages() {
	constat outages --place registry/delegated-ripencc-20140630.gz "$@" mrt/2010/rrc01.updates.20100827.0840.gz
}
outages --rows 6
outages --csv
outages --csv --list result.outages.storms
outages --csv --list result.outages.peers --no-hash | head -n 5
outages --json --no-hash | sed -n '/^    "outages": {/,/^    }/p' | grep -E '^      "(outages|episodes)"'
