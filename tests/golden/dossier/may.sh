# slow
# needs: shared
# needs: geoip
# The same claims against the real RIB of 30 May 2014: seven months before what they are about. Of that day itself
# three of them hold.
export SOURCE_DATE_EPOCH=1419379200
press=$(realpath "$data/../press")
. "$root/tests/golden/dossier/assertions"
rib=$data/2014/route-views.jinx.rib.20140530.2200.bz2
constat dossier check kp.dossier "$rib"
cat >>more <<'END'
89 networks KP = 4 at 2014-05-30
90 upstreams KP only AS4837 at 2014-05-30
109 networks US = 150000 ±10% at 2014-05-30
END
while read -r claim text; do
	constat dossier assert kp.dossier "$claim" "$text"
	constat dossier check kp.dossier --claim "$claim" "$rib" --csv | tail -n 1 | cut -d, -f 6-12
done <more
