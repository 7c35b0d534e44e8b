# A reader that is killed is told of in one line.
mkfifo pipe
sleep 60 >pipe &
constat dump - <pipe &
keeper=$!
until reader=$(cat "/proc/$keeper/task/$keeper/children") && [ -n "$reader" ]; do
	sleep 0.05
done
kill -KILL "$reader"
wait "$keeper"; echo $?
kill %1
