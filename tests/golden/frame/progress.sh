# needs: script
# The progress line: on a terminal only, and gone before anything else is said there.
export TERM=xterm
script -qec 'sleep 1.5 | constat dump - >/dev/null' log >/dev/null
grep -q $'\r0\\.0 MB  0 events\033\\[K' log && echo "shown"
grep -v '^Script' log | tr -d '\n' | grep -q $'events\033\\[K\r\033\\[K$' && echo "cleared"
sleep 1.5 | constat dump - >out 2>err
cat err
TERM=dumb script -qec 'sleep 1.5 | constat dump - >/dev/null' log >/dev/null
! grep -q 'events' log && echo "not shown"
