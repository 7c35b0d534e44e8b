# Nobody listens: no word, and the status that SIGPIPE would give.
{ sleep 0.3; constat --help; echo $? >status; } | true
cat status
