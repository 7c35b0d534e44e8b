# Each is one clear line and the exit status of what it is.
try() {
	constat simulate "$@" 2>&1
	echo "= $?"
}
try
try kp-2014
try kp-2015 --out world
try ./none.yaml --out world
printf 'title: x\nfrom: 2014-12-22\nuntil: never\n' >bad.yaml
try bad.yaml --out world
printf 'title: [\n' | try - --out world
try kp-2014 --seed x --out world
: >file
try leak --out file/world
ls
