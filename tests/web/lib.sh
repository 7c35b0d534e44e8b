# Shell that tests of archives share: sourced with $root set.

# A world of two small collectors: three days, 15-minute and 5-minute updates, RIBs every 8 hours. Contents are recordings of
# one keep-alive, made from nothing; names are what matters.
make_file() {	# PATH TIME
	mkdir -p "$(dirname "$1")"
	local record hex
	hex=$(printf '%08x' "$2")
	# BGP4MP MESSAGE_AS4 (RFC 6396, 4.4): KEEPALIVE from AS65001 192.0.2.1 to AS65002 192.0.2.2
	record="${hex}0010000400000027""0000fde90000fdea00000001c0000201c0000202""ffffffffffffffffffffffffffffffff001304"
	printf '%b' "$(printf '%s' "$record" | sed 's/../\\x&/g')" |
		case $1 in *.gz) gzip -n ;; *) bzip2 ;; esac > "$1"
}

# make_days FROM UNTIL (dates): collectors route-views.test and rrc99 under www/
make_days() {
	local at end stamp month
	at=$(date -u -d "$1" +%s)
	end=$(date -u -d "$2" +%s)
	while [ "$at" -lt "$end" ]; do
		printf -v stamp '%(%Y%m%d.%H%M)T' "$at"
		printf -v month '%(%Y.%m)T' "$at"
		make_file "www/rrc99/$month/updates.$stamp.gz" "$at"
		[ $((at % 28800)) -ne 0 ] || make_file "www/rrc99/$month/bview.$stamp.gz" "$at"
		[ $((at % 7200)) -ne 0 ] || make_file "www/rv/$month/RIBS/rib.$stamp.bz2" "$at"
		make_file "www/rv/$month/UPDATES/updates.$stamp.bz2" "$at"
		at=$((at + 900))
	done
}

cat > catalogue <<'END'
only
archive one routeviews https://one.example
archive two ris https://two.example
collector one route-views.test rv 2010-01-01 - 2h 15m asia Nowhere
collector one route-views.gone rv 2010-01-01 2014-12-20T12:00 2h 15m asia Nowhere
collector two rrc98 rrc99 2014-12-20T10:00 - 8h 15m europe Nowhere
collector two rrc99 rrc99 2010-01-01 - 8h 15m europe Nowhere
END

# web FAULT…: serves www/ from now on; $mirror has the options for it
web() {
	[ -z "${server-}" ] || { kill "$server"; wait "$server"; } 2>/dev/null
	: > log
	constat-test-server www log "$@" > port &
	server=$!
	trap 'kill $server 2>/dev/null' EXIT
	while [ ! -s port ]; do sleep 0.05; done
	read -r port < port
	mirror="--catalogue catalogue --mirror one=http://127.0.0.1:$port --mirror two=http://127.0.0.1:$port"
	rm -f port
}

# What was asked for, without the host.
asked() { sed 's/^[^ ]* [^ ]* [^ ]* //' log | grep -v '/$' | sort | uniq -c | sed 's/^ *//'; }
# What a command said, with the port left out.
plain() { sed "s/127.0.0.1:$port/HOST/g; s/127.0.0.1%3a$port/HOST/g"; }
# Files of the cache that are not whole or not as served; parts, if there are any.
broken() {
	find cache -type f ! -name '.*' ! -name 'index%' | while read -r file; do
		cmp -s "$file" "www/${file#cache/*/}" || echo "broken: ${file#cache/*/}"
	done
	find cache -name '.*.part' -size +0 | sed 's|cache/[^/]*/|part: |'
}
