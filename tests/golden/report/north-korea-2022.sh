# needs: shared
# Five minutes without a RIB: instability is heard, visibility cannot be measured, no outage is claimed.
cd "$data/.." || exit
report() {
	constat report "$@" --place registry/delegated-apnic-20140630.gz mrt/2022/rrc23.updates.20220421.0200.gz
}
report KP
report KP --csv
report KP --csv --list result.report.instabilities
report KP --csv --list result.report.unrest
report KP --csv --list result.report.unrest.alternates
report KP --csv --list result.report.hours
report AS131279 --rows 2 --no-hash | sed '/^Seen from/,$d'
report 175.45.176.0/22 --json --no-hash | sed -n '/^    "report": {/,/^    }/p' |
	grep -E '^      "|"(level|state|network)":|  "returned_at_once"'
report KP --json --no-hash | grep -A 1 '"code":'
