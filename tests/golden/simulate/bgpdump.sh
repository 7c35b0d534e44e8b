# Simulated RIBs and updates read identically, and bgpdump finds nothing wrong in them.
# needs: bgpdump
# slow
for scenario in egypt-2011 collector-failure leak; do
	constat simulate "$scenario" --out "$scenario" >/dev/null
	read=0
	for file in $(find "$scenario" -name 'rib.*' -o -name 'bview.*' -o -name 'updates.*' | sort); do
		case $file in
		collector-failure/route-views*UPDATES*.20160301.13[01]*) continue ;;	# cut off
		esac
		bgpdump -m "$file" >bgpdump.out 2>bgpdump.err
		constat dump "$file" >constat.out
		cmp -s bgpdump.out constat.out || echo "$file: not the same"
		grep -v 'logging to syslog' bgpdump.err
		read=$((read + 1))
	done
	echo "$scenario: $read files"
done
