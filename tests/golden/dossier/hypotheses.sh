# Two papers that print one agency's story: neither article alone decides, the agency does.
export SOURCE_DATE_EPOCH=1419379200
constat dossier create a.dossier
echo "The cable was cut, says the agency." >morning.txt
echo "The cable was cut, an agency reports." >evening.txt
echo "Nothing points to a cable." >other.txt
constat dossier source add a.dossier morning.txt evening.txt --agency AFP --reliability B
constat dossier source add a.dossier other.txt --agency Reuters --reliability C
constat dossier claim add a.dossier morning.txt --quote "The cable was cut" --kind fact --credibility 2
constat dossier claim add a.dossier evening.txt --quote "The cable was cut" --kind fact --credibility 2
constat dossier claim add a.dossier other.txt --quote "Nothing points to a cable" --kind doubt --credibility 5
constat dossier hypothesis add a.dossier attack "Somebody broke it on purpose"
constat dossier hypothesis add a.dossier cable "A cable was cut"
constat dossier hypothesis add a.dossier cable "A cable was cut"
rate() {
	constat dossier hypothesis rate a.dossier "$@"
}
rate attack claim:1 I --relevance high
rate attack claim:2 I --relevance high
rate attack claim:3 C
rate cable claim:1 CC
rate cable claim:2 CC
rate cable claim:3 II
COLUMNS=140 constat dossier hypothesis matrix a.dossier
COLUMNS=140 constat dossier hypothesis score a.dossier
constat dossier hypothesis matrix a.dossier --csv
constat dossier hypothesis matrix a.dossier --json
constat dossier hypothesis score a.dossier --csv
try() {
	constat dossier hypothesis "$@" 2>&1
	echo "= $?"
}
echo "= mistakes"
try rate a.dossier cable claim:3 X
try rate a.dossier wire claim:3 I
try rate a.dossier cable claim:9 I
try rate a.dossier cable rumour:9 I
try rate a.dossier cable claim:3 I --relevance huge
try add a.dossier cable "Another cable was cut"
try add a.dossier 7 "Seven"
try facts a.dossier 1
constat dossier create b.dossier
try matrix b.dossier
