# Each is one clear line and the exit status of what it is.
export SOURCE_DATE_EPOCH=1419379200
try() {
	constat dossier "$@" 2>&1
	echo "= $?"
}
try
try sourc
try source
try source ad
try source add
try show
try show a.dossier b.dossier
try show none.dossier
echo "no database, whatever its name says, though it is long enough to be taken for one" >text.dossier
try show text.dossier
try create a.dossier
try create a.dossier
printf 'caf\xe9' >latin.txt
try source add a.dossier latin.txt
try source add a.dossier latin.txt --charset latin1
try source add a.dossier latin.txt --reliability G
try source add a.dossier latin.txt --published mardi
try source add a.dossier missing.txt
try source add a.dossier latin.txt missing.txt --name x
try source show a.dossier 7
try source show a.dossier seven
try claim add a.dossier 1 --quote thé --kind fact
try claim add a.dossier 1 --quote café
try claim add a.dossier 1 --quote café --kind "Big lie"
try claim add a.dossier 1 --quote café --kind fact --credibility 7
try claim show a.dossier 1
try claim show a.dossier x
try claim link a.dossier 1 loves 2
import() {
	printf '%s' "$1" >claims.json
	try claim import a.dossier claims.json
}
import '[{'
import '{}'
import '[{"source":"latin.txt","quote":"café","kind":"fact"},{"quote":"x"}]'
import '[{"source":"latin.txt","quote":"café","kind":"fact","start":0,"end":3}]'
import '[{"source":"latin.txt","quote":"cafe","kind":"fact","start":0,"end":4}]'
import '[{"source":"latin.txt","quote":"café","kind":"fact","speeker":"x"}]'
import '[{"source":"latin.txt","quote":"café","kind":"fact","start":"0"}]'
import '[{"source":"none.txt","quote":"café","kind":"fact"}]'
import '[{"source":"latin.txt","quote":"café","kind":"fact","date":"mardi"}]'
try claim list a.dossier
try assert a.dossier 1 "outage KP lastng 1h"
try assert a.dossier 1 "outage Éire±3"
try assert a.dossier 1 "networks KP = 4 ±"
try assert a.dossier 9 "outage KP"
try check a.dossier latin.txt
constat dossier assert a.dossier 1 "outage KP"
try check a.dossier latin.txt
try check a.dossier missing.gz
echo '{"a":1}' >finding.json
try check a.dossier finding.json
try verdicts a.dossier
try timeline a.dossier --from 2014-12-21
try timeline a.dossier --from 2014-12-21 --until 2014-12-21
import 'source,quote,kind
latin.txt,"café'
import 'source,quote,kind
latin.txt,café'
import 'source,quote,knd
latin.txt,café,fact'
import 'source,quote,kind,start,end
latin.txt,café,fact,0,x'
try export a.dossier
try export a.dossier --csv rumours
