# What is known of a source, or thought of it, changes later: the matrix follows, what claims rest on stays.
export SOURCE_DATE_EPOCH=1419379200
constat dossier create a.dossier
echo "The cable was cut, says the agency." >morning.txt
echo "The cable was cut, an agency reports." >evening.txt
constat dossier source add a.dossier morning.txt evening.txt --publisher Gazette >/dev/null
constat dossier claim add a.dossier 1 --quote "The cable was cut" --kind fact >/dev/null
constat dossier claim add a.dossier 2 --quote "The cable was cut" --kind fact >/dev/null
constat dossier hypothesis add a.dossier attack "Somebody broke it on purpose" >/dev/null
for claim in 1 2; do constat dossier hypothesis rate a.dossier attack claim:$claim I >/dev/null; done
origins() { constat dossier hypothesis matrix a.dossier --json | grep -o '"credibility":"[a-z]*"\|"origin":"[A-Za-z]*"' | paste -sd' '; }
origins
export SOURCE_DATE_EPOCH=1419382800
constat dossier source set a.dossier morning.txt --agency AFP --reliability A
constat dossier source set a.dossier 2 --agency Reuters --reliability E --language en --published 2014-12-23 --retrieved 2014-12-24 --title "Cut" \
	--publisher "The Evening"
origins
constat dossier source show a.dossier 1
constat dossier source show a.dossier 2 --json
constat dossier verify a.dossier
try() {
	constat dossier source set "$@"
	echo "exit $?"
} 2>&1
try a.dossier 1
try a.dossier 9 --agency X
try a.dossier 1 --reliability G
try a.dossier 1 --url http://a.example/
try a.dossier
try nowhere 1 --agency X
