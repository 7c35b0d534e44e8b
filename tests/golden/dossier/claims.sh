# needs: shared
# needs: python3
# The five articles and their 109 claims: imported once, every quote verified, and what changed by one character
# is refused with its place named.
export SOURCE_DATE_EPOCH=1419379200
press=$(realpath "$data/../press")
constat dossier create kp.dossier --title "North Korea, December 2014"
for article in "$press"/*.txt; do
	constat dossier source add kp.dossier "$article" --language fr | sed 's/_.*//'
done
constat dossier claim import kp.dossier "$press/claims.json"
constat dossier claim import kp.dossier "$press/claims.json"
constat dossier verify kp.dossier
constat dossier show kp.dossier
COLUMNS=160 constat dossier claim list kp.dossier --kind measurement
constat dossier claim show kp.dossier 4
# The same dossier whatever the order of the work: rows have the names of what they are.
constat dossier create again.dossier
for article in 3 1 4 0 2; do
	constat dossier source add again.dossier "$press"/00$article*.txt --language fr >/dev/null
done
constat dossier claim import again.dossier "$press/claims.json"
uids() {
	constat dossier claim list "$1" --csv | cut -d, -f 2 | sort
}
diff <(uids kp.dossier) <(uids again.dossier) && echo "the same uids"
# Out as CSV and in again.
constat dossier export kp.dossier --csv claims >claims.csv
head -n 2 claims.csv
constat dossier create csv.dossier
constat dossier source add csv.dossier "$press"/*.txt --language fr >/dev/null
constat dossier claim import csv.dossier claims.csv
diff <(uids kp.dossier) <(uids csv.dossier) && echo "the same uids"
ls
echo "= a quote that stands there twice"
constat dossier claim add kp.dossier 2 --quote "Sony, qui a reçu des menaces" --kind fact 2>&1
constat dossier claim add kp.dossier 2 --quote "Sony, qui a reçu des menaces" --kind fact --occurrence 2
constat dossier claim add kp.dossier 2 --quote "Sony, qui a reçu des menaces" --kind fact --occurrence 3 2>&1
echo "= typographic quotes and no-break spaces"
constat dossier claim add kp.dossier 3 --quote "l'Internet en Corée du Nord s'est coupé" --kind fact
constat dossier claim add kp.dossier 4 --quote '"coopération en matière de renforcement des capacités"' --kind fact
constat dossier claim list kp.dossier --csv | tail -n 2 | cut -d, -f4-6
echo "= denied"
constat dossier claim link kp.dossier 7 denies 9
constat dossier claim link kp.dossier 7 denies 9
constat dossier claim link kp.dossier 7 denies 7 2>&1
constat dossier claim show kp.dossier 9 | tail -n 1
echo "= one character changed"
changed() {
	python3 - "$@" <<'END'
import sqlite3, sys
name, what, old, new = sys.argv[1:]
db = sqlite3.connect(name)
if what == "quote":
    db.execute("UPDATE claim SET exact = replace(exact, ?, ?)", (old, new))
else:
    db.execute("UPDATE content SET bytes = CAST(replace(CAST(bytes AS TEXT), ?, ?) AS BLOB)", (old, new))
db.commit()
END
	constat dossier claim list "$1" 2>&1
	echo "status $?"
}
cp kp.dossier a.dossier
changed a.dossier quote "15H41" "15H42"
cp kp.dossier b.dossier
changed b.dossier source "neuf heures lundi" "neuf heures mardi"
