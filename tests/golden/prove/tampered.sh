# needs: xxd
# What an adversary without the key can do to the file. Archives made by GNU tar differ in form, too: each
# is one that tar would unpack without a word.
. "$root/tests/golden/prove/recording"
constat prove KP --place delegated -k key -o good.constat updates >/dev/null
mkdir good
tar -xf good.constat -C good
pack() { tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644 --mtime=@315532800 -b 1 -cf bad.constat "$@"; }
members='checkpoint excerpt/000001.mrt finding.json manifest records.json timeline.json'
try() {
	printf '%s: ' "$1"
	constat verify bad.constat --trust key.pub 2>&1 >out | sed -E 's/byte [0-9]+/byte N/; s/^constat verify: bad.constat: rejected: //; s/[A-Za-z0-9+]+\+[0-9a-f]{8}/KEY/'
	! grep -q '^Proved' out || echo "ACCEPTED"
}

printf 'untouched: '
constat verify good.constat --trust key.pub | grep -c '^Proved'
# shellcheck disable=SC2086 # a list of words
(cd good && pack --no-recursion $members && cmp bad.constat ../good.constat && echo "packed by tar: the same bytes")

cp good.constat bad.constat
printf 'x' >>bad.constat
try "a byte more"
head -c -512 good.constat >bad.constat
try "a block less"
head -c 3000 good.constat >bad.constat
try "cut off"
: >bad.constat
try "empty"
truncate -s 1100M bad.constat
try "too large"
gzip -c good.constat >bad.constat
try "compressed"

# In the folder `good` once more, with something else each time.
alter() {
	rm -rf bad
	cp -r good bad
	(cd bad && eval "$2")
	try "$1"
}
repack="tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644 --mtime=@315532800 -b 1 -cf ../bad.constat --no-recursion"
alter "an unlisted member" "echo hello >hello; $repack checkpoint excerpt/000001.mrt finding.json hello manifest records.json timeline.json"
alter "an unlisted excerpt" "cp excerpt/000001.mrt excerpt/000002.mrt; $repack checkpoint excerpt/000001.mrt excerpt/000002.mrt finding.json manifest records.json timeline.json"
alter "a member missing" "$repack checkpoint excerpt/000001.mrt finding.json manifest timeline.json"
alter "no checkpoint" "$repack excerpt/000001.mrt finding.json manifest records.json timeline.json"
alter "a member twice" "$repack checkpoint excerpt/000001.mrt finding.json finding.json manifest records.json timeline.json"
alter "members swapped" "$repack checkpoint excerpt/000001.mrt manifest finding.json records.json timeline.json"
alter "a link" "rm timeline.json; ln -s /etc/passwd timeline.json; $repack $members"
alter "a hard link" "rm timeline.json; ln records.json timeline.json; $repack $members"
alter "a folder" "$repack excerpt $members"
alter "a device" "rm timeline.json; mkfifo timeline.json; $repack $members"
alter "a path upwards" "cp finding.json ../evil; $repack -P ../evil $members"
alter "a path from the root" "$repack -P --transform='s|^finding.json|/tmp/evil|' $members"
alter "another owner" "tar --format=ustar --owner=7 --group=0 --numeric-owner --mode=0644 --mtime=@315532800 -b 1 -cf ../bad.constat --no-recursion $members"
alter "another time" "tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644 --mtime=@315532801 -b 1 -cf ../bad.constat --no-recursion $members"
alter "GNU's format" "tar --format=gnu --owner=0 --group=0 --numeric-owner --mode=0644 --mtime=@315532800 -b 1 -cf ../bad.constat --no-recursion $members"
alter "a parameter" "sed -i 's/\"name\":\"threshold\",\"unit\":\"ppm\",\"value\":500000/\"name\":\"threshold\",\"unit\":\"ppm\",\"value\":400000/' finding.json; $repack $members"
alter "and the manifest with it" "sed -i 's/\"name\":\"threshold\",\"unit\":\"ppm\",\"value\":500000/\"name\":\"threshold\",\"unit\":\"ppm\",\"value\":400000/' finding.json; sha256sum excerpt/* *.json >manifest; $repack $members"
alter "a record less" "head -c -79 excerpt/000001.mrt >x; mv x excerpt/000001.mrt; $repack $members"
alter "a record more" "tail -c 79 excerpt/000001.mrt >x; cat x >>excerpt/000001.mrt; rm x; $repack $members"
alter "the manifest's order" "sort -r manifest >x; mv x manifest; $repack $members"
alter "a signature less" "sed -i '/^—/d' checkpoint; $repack $members"
alter "a signature twice" "grep '^—' checkpoint >x; cat x >>checkpoint; rm x; $repack $members"
alter "no signed note" "echo hello >checkpoint; $repack $members"

record 100 2 withdraw >>updates
constat prove KP --place delegated -k key -o newer.constat updates >/dev/null
mkdir newer
tar -xf newer.constat -C newer
alter "an older checkpoint" "cp ../good/checkpoint ../newer/; cd ../newer; $repack $members"

# Somebody else's key, under the same name.
constat key new tester.example/1 -o stranger >/dev/null
constat prove KP --place delegated -k stranger -o bad.constat updates >/dev/null
try "signed by a stranger"
constat verify bad.constat --trust key.pub --trust stranger.pub | grep -c '^Proved'
