# needs: shared
# What files hold: types, times, vantage points, faults.
cd "$data" || exit
constat info --rows 0 2014/route-views.jinx.updates.20140530.2345.bz2 2014/rrc06.updates.20140530.2215.gz
constat info --rows 3 2015/pch.updates.20151023.full-table-transfer.gz | sed '/SHA-256/d'
constat info --rows 0 --no-hash edge/bird_bgp
constat info --csv 2002/* 2014/rrc06* | cut -d, -f1-11
constat info --csv --list provenance.sources 2014/rrc06.updates.20140530.2215.gz
