# needs: shared
# Filters by prefix; several are alternatives.
file=$data/edge/updates.20071015.1505.gz
constat dump "$file" | awk -F'|' '$3 != "STATE" { print $6 }' | sort -V >all
echo "exact: $(constat dump -c --prefix 85.187.144.0/23 "$file") of $(grep -c '^85\.187\.144\.0/23$' all)"
echo "more specific"
constat dump --more-specific 85.187.0.0/16 "$file" | awk -F'|' '{ print $6 }' | sort -V >found
uniq -c found
grep '^85\.187\.' all | cmp - found
echo "less specific"
constat dump --less-specific 85.187.145.7 "$file" | awk -F'|' '{ print $6 }' | sort -V | uniq -c
echo "two: $(constat dump -c -p 77.35.0.0/18 -m 85.187.0.0/16 "$file")"
echo "withdrawals alone: $(constat dump -c -m 85.187.0.0/16 -k withdraw "$file")"
echo "all IPv4: $(constat dump -c -m 0.0.0.0/0 "$file")"
echo "all IPv6: $(constat dump -c -m ::/0 "$file")"
echo "RIBs, by record"
constat dump -m 2001:db8:28::/47 -l 192.168.16.1 "$data"/edge/*_rib "$data"/edge/bview.ipv6* | cut -d'|' -f 1-6 | sort -u
