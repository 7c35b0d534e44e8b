# slow
# What is known to have happened, in recordings of an Internet that is made up. Minutes and hours, not
# seconds: how messages spread is the simulator's to change.
simulate() {
	constat simulate "$1" --out "$1" >/dev/null
	# shellcheck disable=SC2046 # two numbers
	set -- "$1" $(sed -n 's/.*"full_feed": {"ipv4": \([0-9]*\), "ipv6": \([0-9]*\)}.*/\1 \2/p' "$1/world.json")
	options=(--place "$1/delegated-simulated" --full-feed "$2" --full-feed-ipv6 "$3" --no-hash)
	mapfile -t files < <(find "$1" -name '*.bz2' -o -name '*.gz')
}

echo "Collectors and sessions fail, the Internet does not: outages claimed"
simulate collector-failure
constat outages "${options[@]}" --csv "${files[@]}" 2>err | sed 1d
echo "inputs that were cut: $(grep -c 'ends in the middle' err)"

echo "Egypt, January 2011, hours"
simulate egypt-2011
constat outages "${options[@]}" --csv "${files[@]}" |
	awk -F, '$1 == "country" && $2 == "EG" { printf "%s %s %d\n", $5, $12, $13 / 3600e6 + 0.5 }' | head -n 1

echo "North Korea, December 2014, from the 22nd on, minutes"
simulate kp-2014
constat report KP --from 2014-12-22T16:00 "${options[@]}" --csv --list result.report.outages "${files[@]}" |
	awk -F, 'NR > 1 && $13 > 600e6 { printf "%s %s %s %d\n", substr($6, 1, 16), $5, $12, $13 / 60e6 + 0.5 }'
