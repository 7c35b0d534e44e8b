# needs: shared
# needs: xmllint
# The page of five minutes in April 2022, in both languages: what stands in it, in order; and its figures as files.
cd "$data/.." || exit
report() {
	constat report KP --place registry/delegated-apnic-20140630.gz mrt/2022/rrc23.updates.20220421.0200.gz "$@"
}
outline() {
	sed -n -e 's,^<p class="\(sentence\|bounds\|period\)">\(.*\)</p>$,\1: \2,p' \
		-e 's|^<h1>\(.*\) <span class="code">\(.*\)</span>$|# \1 (\2)|p' \
		-e 's|^.*<h2[^>]*>\(.*\)</h2>$|## \1|p' \
		-e 's|^.*<h3>\(.*\)</h3>$|### \1|p' \
		-e 's|^<svg.*aria-labelledby="\([^"]*\)" lang="\(..\)".*|figure \1 \2|p' \
		-e 's|^<figcaption>\(.*\)</figcaption>$|caption: \1|p' \
		-e 's|^<caption>\(.*\)</caption>$|table: \1|p' \
		-e 's|^<thead><tr><th[^>]*>\(.*\)</th></tr></thead>$|\1|; s|</th><th[^>]*>| / |gp' \
		-e 's|^<li>\([^<].*\)</li>$|limit: \1|p' \
		-e '/<p>/s|<p>\(.*\)</p>|\1|p' "$1"
}
page=$HOME/page.html
for language in en fr; do
	report --html "$page" --lang "$language" >"$HOME/text"
	xmllint --noout "$page" && echo "$language: well-formed"
	outline "$page"
done
report | cmp - "$HOME/text" && echo "the text is the same without a page"
report --html - --lang fr | cmp - "$page" && echo "the same on standard output"
(export LC_ALL=fr_FR.UTF-8; report --html -) 2>/dev/null | cmp - "$page" && echo "French by the locale"
(export LANGUAGE=de:fr LC_ALL=en_US.UTF-8; report --html -) 2>/dev/null | cmp - "$page" && echo "French by LANGUAGE"
report --html - --threads 1 --lang fr | cmp - "$page" && echo "the same with one thread"
report --svg "$HOME/figures" >/dev/null
for figure in "$HOME"/figures/*; do
	xmllint --noout "$figure" && echo "${figure##*/}"
done
# Nothing that could be loaded or run.
grep -c -i -e '<script' -e ' on[a-z]*=' -e '@import' -e 'javascript:' "$page"
grep -o -E 'https?://[^"]*' "$page" | sort -u
grep -o 'url([^)]*)' "$page" | sort -u
