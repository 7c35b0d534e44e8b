# needs: geoip
# What is wrong with the options is said before anything is read; a page that was there stays.
printf '\x54\x99\x8a\x2c\x00\x10\x00\x00\x00\x00\x00\x14' >state
printf '\xfd\xe9\xfd\xea\x00\x00\x00\x01\x0a\x00\x00\x01\x0a\x00\x00\x02\x00\x06\x00\x01' >>state
run() {
	echo "\$ constat $*"
	constat "$@" 2>&1
	echo "status $?"
}
run report KP --lang de state
run report KP --html - --json state
run report KP --html nowhere/page.html missing.gz
run report KP --svg nowhere/figures missing.gz
echo before >page.html
run report KP --html page.html missing.gz
cat page.html
run census --html page.html state
ls
