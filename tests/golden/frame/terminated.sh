# A recording that never ends: SIGTERM, SIGHUP and SIGINT each stop it at once, without a word.
mkfifo pipe
sleep 60 >pipe &
for signal in TERM HUP INT; do
	timeout -k 20 -s "$signal" --preserve-status 0.5 constat dump - <pipe; echo $?
done
kill %1
