# What is asked wrongly is said before anything is read.
printf '\x54\x99\x8a\x2c\x00\x10\x00\x00\x00\x00\x00\x14' >state
printf '\xfd\xe9\xfd\xea\x00\x00\x00\x01\x0a\x00\x00\x01\x0a\x00\x00\x02\x00\x06\x00\x01' >>state
echo '175.45.176.0/22,KP' >places
try() {
	constat "$@" 2>&1
	echo "status $?"
}
try report Atlantis state
try report AS0 state
try report KP
try upstreams 10.0.0.1/8 state
try census --country Atlantis state
try census --at yesterday state
try outages --threshold 1.5 state
try outages --threshold 50.5% --place places --no-hash --csv state
try outages --min-peers -1 state
try outages --step-after 7x state
try info --list roster state
try info --csv --list nonsense state
try info --csv --list result.report.networks state
try info --csv --list gaps state
try report KP --place missing state
try report KP --place state state
try report KP --place places --as-names places state
try report KP --from 2014-12-23 --until 2014-12-22 state
try outages --from 2014-12-23 --until 2014-12-23 state
try dump --from 2014-12-23 --until 2014-12-22 state
try prove KP -k none -o none --from 2014-12-23 --until 2014-12-22 state
try report KP --until 2000-01-01 state
try census --at 2000-01-01 state
# An answer that nobody gets is a failure.
{ constat report KP --no-hash --place places state >&-; } 2>&1
echo "status $?"
