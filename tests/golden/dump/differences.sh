# needs: shared
# needs: bgpdump
# What docs/bgpdump.md says of the files that differ.
cd "$data" || exit
difference() {
	diff <(bgpdump -m "$1" 2>/dev/null) <(constat dump -q "$1") | grep '^[<>]'
}
echo "1. withdrawals of type 5 name the peer's address; a MED and the communities run together"
difference damaged/rrc00.updates.19991214.1621.gz >"$HOME/diff"
grep '^<' "$HOME/diff" | awk -F'|' '$3 == "W" { split($6, prefix, "/"); print prefix[1] == $4 ? "the peer" : "a prefix" }' |
	sort | uniq -c
grep '|A|' "$HOME/diff"
echo "2. ADD-PATH under a subtype without it"
difference edge/bird_bgp | cut -d'|' -f1,4-8 | sort -u | head -n 20
echo "3. an AGGREGATOR of the other size"
difference edge/openbgpd_rib_table
echo "4. BGP4MP_ENTRY"
difference edge/openbgpd_rib_table-mp | head -n 3
echo "5. a message whose NLRI is cut off"
difference edge/updates.nlri_mask_trailing_bits.gz
echo "6. ET records whose length leaves the microseconds out"
difference damaged/updates.et-header.bad-framing.gz | sed -n '1p;$p'
