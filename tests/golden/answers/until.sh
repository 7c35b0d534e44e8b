# What comes behind the question's end is not waited for, and nothing is said of it: neither where a pipe
# stays open nor of a recording that begins later.
states() {
	for ((second = $1; second < $1 + $2; second++)); do
		printf "\\x$(printf %08x "$second" | sed 's/..\B/&\\x/g')\x00\x10\x00\x00\x00\x00\x00\x14"
		printf '\xfd\xe9\xfd\xea\x00\x00\x00\x01\x0a\x00\x00\x01\x0a\x00\x00\x02\x00\x06\x00\x01'
	done
}
end=2014-12-23T15:32:00
states 1419348600 300 >early
states 1419352200 10 >late
mkfifo pipe
exec 9<>pipe
for threads in 1 2; do
	cat early >pipe
	timeout 20 constat info --no-hash --threads $threads --until $end - <pipe >/dev/null
	echo "status $?"
	dd if=pipe of=/dev/null iflag=nonblock 2>/dev/null
done
exec 9>&-
ask() {
	constat info --no-hash --csv --list provenance.inputs --until $end "$@"
	echo "status $?"
}
ask early late
ask --threads 1 early late
