# needs: shared
# A list of networks as the subject, on the command line and from a file.
cd "$data/.." || exit
rib=mrt/2014/route-views.jinx.rib.20140530.2200.bz2
set -- "$rib" -p registry/delegated-apnic-20140630.gz --no-hash
constat upstreams 175.45.178.0/23,175.45.176.0/24 "$@" | sed '/^AS hegemony/,$d'
printf '# North Korea\n175.45.176.0/24 # the first\n\n175.45.178.0/23\r\n175.45.176.0/24\n' >"$OLDPWD/list"
constat upstreams "@$OLDPWD/list" "$@" --csv --list result.upstreams.paths
constat report "@$OLDPWD/list" "$@" --csv | cut -d, -f1-5
printf '175.45.176.0/24\n175.45.176.1/32\n' >"$OLDPWD/long"
printf '175.45.176.0/24\nKP\n' >"$OLDPWD/wrong"
: >"$OLDPWD/empty"
cd "$OLDPWD" || exit
for list in long wrong empty none; do
	constat upstreams "@$list" "$rib"
done
constat upstreams 175.45.176.0/24,KP "$rib"
constat upstreams nowhere "$rib"
printf '%s\n' 175.45.{0..255}.0/24 >many
constat upstreams @many "$data/../$rib" --no-hash | head -n 1
