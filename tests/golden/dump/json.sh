# needs: shared
# One object a line, in all kinds; and as many as there are lines of text.
cd "$data/edge" || exit
constat dump -q --json bird-mrtdump_bgp | sed -n '1p;9p;20p'
constat dump -q --json bird6_bgp | grep -m 1 next_hop_local
constat dump -q --json bview.ipv4_unicast_add_path.gz | head -n 1
constat dump -q --json --kind message,end-of-rib,other-family quagga_bgp | awk '!seen[substr($0, 34, 14)]++'
constat dump -q --json --kind rib-begin bird6-mrtdump_rib
echo "attribute 99"
constat dump -q --json --prefix 93.175.144.0/24 ../2010/* 2>/dev/null | head -n 1 | sed -e 's/\(00\)\{1000,\}/…/'
for file in bird_bgp quagga_bgp openbgpd_bgp updates.20160811.1600.gz; do
	echo "$file $(constat dump -q --json -q $file | grep -c '^{.*}$') $(constat dump -q $file | wc -l)"
done
