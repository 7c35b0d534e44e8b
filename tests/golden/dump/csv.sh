# needs: shared
# A header line, then as many rows as there are events.
cd "$data/edge" || exit
constat dump --csv bird-mrtdump_bgp | sed -n '1p;2p;10p'
constat dump --csv bview.ipv6_unicast_add_path.gz | sed -n '2p'
constat dump --csv ../2014/rrc06* | grep -m 1 '{'
constat dump --csv updates.20160811.1600.gz | wc -l
constat dump updates.20160811.1600.gz | wc -l
