# slow
# needs: shared
# The checkable claims of the five articles against the simulated December 2014, and two traps that routing cannot decide.
export SOURCE_DATE_EPOCH=1419379200
press=$(realpath "$data/../press")
. "$root/tests/golden/dossier/assertions"
constat simulate kp-2014 --out kp >/dev/null
check() {
	# shellcheck disable=SC2046 # names without blanks
	constat dossier check kp.dossier --label simulated --place kp/delegated-simulated --full-feed 4036 "$@" \
		$(find kp -name '*.bz2' -o -name '*.gz')
}
check
# Again it is the same verdicts, and nothing more is kept.
constat dossier verdicts kp.dossier --json >once
check >/dev/null
constat dossier verdicts kp.dossier --json | cmp - once && echo "the same verdicts"
constat dossier show kp.dossier
# shellcheck disable=SC2046
# A finding that was printed as JSON gives the same verdict.
constat report KP --place kp/delegated-simulated --full-feed 4036 $(find kp -name '*.bz2' -o -name '*.gz') --json >report.json
constat dossier check kp.dossier --claim 92 --csv report.json | cut -d, -f 5-9
constat dossier claim show kp.dossier 92
# So does a proof, which is replayed; one with a byte changed is refused.
constat key new tester.example/1 -o key >/dev/null
constat prove KP --place kp/delegated-simulated --full-feed 4036 -k key -o kp.constat $(find kp -name '*.bz2' -o -name '*.gz') >/dev/null
constat dossier check kp.dossier --claim 92 --label simulated kp.constat
printf x | dd of=kp.constat bs=1 seek=200000 conv=notrunc status=none
constat dossier check kp.dossier --claim 92 kp.constat 2>&1 | sed 's/[0-9]*\.mrt/N.mrt/'
echo "= on one line of time"
COLUMNS=170 constat dossier timeline kp.dossier --from 2014-12-21 --until 2014-12-24 | grep -e when -e measure -e → -e entries
