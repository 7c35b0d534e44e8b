# A page: bytes as they are, its text by html-1, quotes in it; derived again by verify.
export SOURCE_DATE_EPOCH=1419379200
constat dossier create a.dossier
{
	printf '<!doctype html><html><head><meta charset="windows-1252"><title>La panne</title><style>p{}</style></head>'
	printf '<body><p>Le r\xe9seau est <b>coup\xe9</b> pendant\n   plus de\xa0neuf heures.<script>alert(1)</script><p>\x93Non\x94, dit-il.'
} >page.html
constat dossier source add a.dossier page.html --publisher "La Gazette" --published 2014-12-23 --retrieved 2014-12-24T08:00Z --reliability C
constat dossier source add a.dossier page.html
constat dossier source add a.dossier - --name page.html </dev/null 2>&1
constat dossier source show a.dossier page.html
constat dossier source show a.dossier 1 --text
constat dossier source show a.dossier 1 --json
constat dossier claim add a.dossier page.html --quote "coupé pendant plus de neuf heures" --kind measurement \
	--speaker "un expert" --speaker "La Gazette" --about KP --said 2014-12-22..2014-12-23 --basis inferred --credibility 3
constat dossier claim add a.dossier page.html --quote '"Non", dit-il' --kind denial
constat dossier claim show a.dossier 1
constat dossier claim list a.dossier
constat dossier source list a.dossier --csv
constat dossier verify a.dossier
constat dossier timeline a.dossier
constat dossier timeline a.dossier --json
