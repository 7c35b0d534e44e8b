# needs: shared
# needs: bgpdump
# The instability of April 2022, and what little is known of 2010 and 2014, out of real recordings.
cd "$data/.." || exit
work=$OLDPWD
constat key new tester.example/1 -o "$work/key" >/dev/null
prove() { constat prove "$1" -k "$work/key" -o "$work/$2" --place registry/delegated-apnic-20140630.gz "${@:3}" >"$work/line"; }
verify() { constat verify "$work/$1" -t "$work/key.pub" --inputs . | sed -n -e 's/ (method.*//' -e '/^replay/p' -e '/^inputs/p'; }
prove KP 2022.constat -j1 mrt/2022/rrc23.updates.20220421.0200.gz
prove KP again.constat -j2 mrt/2022/rrc23.updates.20220421.0200.gz
cmp "$work/2022.constat" "$work/again.constat" && echo "one thread and two: the same bytes"
[ "$(stat -c %s "$work/2022.constat")" -lt 100000 ] && echo "below 100 kB"
verify 2022.constat
tar -xOf "$work/2022.constat" excerpt/000001.mrt >"$work/excerpt"
of_place() { bgpdump -m "$1" 2>/dev/null | grep '|175\.45\.17[6-9]\.'; }
of_place "$work/excerpt" | diff - <(of_place mrt/2022/rrc23.updates.20220421.0200.gz) && of_place "$work/excerpt" | wc -l

prove KP 2014.constat mrt/2014/*.bz2 mrt/2014/*.gz && verify 2014.constat
prove AS131279 as.constat mrt/2014/*.bz2 mrt/2014/*.gz mrt/2022/*.gz && verify as.constat
prove 193.0.0.0/16 2010.constat mrt/2010/*.gz && verify 2010.constat
prove 193.0.0.0/16 2021.constat mrt/2021/*.gz && verify 2021.constat
prove 192.0.0.0/6 2002.constat mrt/2002/* && verify 2002.constat
