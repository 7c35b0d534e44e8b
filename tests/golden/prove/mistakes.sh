# needs: xxd
# needs: jq
# Questions that cannot be put, each in a line.
. "$root/tests/golden/prove/recording"
say() { echo "\$ constat $*"; constat "$@"; echo "exit $?"; }
say prove KP -o x.constat --place delegated updates
say prove KP -k key --place delegated updates
say prove KP -k nowhere -o x.constat --place delegated updates
say prove nonsense -k key -o x.constat --place delegated updates
say prove KP -k key -o x.constat --place delegated -
say prove KP -k key -o x.constat --place delegated nowhere
say prove KP -k key -o nowhere/x.constat --place delegated updates
say prove KP -k key.pub -o x.constat --place delegated updates
say verify nowhere -t key.pub
say verify updates -t key.pub
say verify updates -t nowhere
say verify updates --need 2 -t key.pub
say verify updates -t key.pub --inputs nowhere
say verify
say cosign nowhere -k key
ls -- *.constat 2>/dev/null
# Nothing of the place was heard: that is a finding, too.
sed -i s/KP/US/ delegated
constat prove KP -k key -o empty.constat --place delegated updates >/dev/null
constat verify empty.constat -t key.pub --json | jq -r '.accepted, .records, .networks'
# An input that is damaged: the proof says so, and holds.
printf 'garbage and more of it' >>updates
constat prove US -k key -o hurt.constat --place delegated updates >/dev/null
echo "exit $?"
constat verify hurt.constat -t key.pub --inputs . | grep -c "^Proved"
