# needs: script
# The progress line: on a terminal only, and gone before anything else is said there.
export TERM=xterm
script -qec 'sleep 1.5 | constat dump - >/dev/null' log >/dev/null
grep -q $'\r0\\.0 MB  0 events\033\\[K' log && echo "shown"
grep -o $'events\033\\[K\r\033\\[Kconstat dump: .*' log | sed 's/^.*K//'
sleep 1.5 | constat dump - >out; test ! -s out && echo "nothing on standard output"
TERM=dumb script -qec 'sleep 1.5 | constat dump - >/dev/null' log >/dev/null
! grep -q 'events' log && echo "not shown"
