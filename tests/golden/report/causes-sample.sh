# needs: python3
# One simulated outage of each known cause: the table of bench/causes, whose whole is for `make accuracy`.
"$root/bench/causes" "$(command -v constat)" --cases 1 --first 3 --jobs 2
