# needs: shared
# needs: xmllint
# A dossier as a page, in both languages: what stands in it, in order; and that nothing hostile in it becomes markup.
export SOURCE_DATE_EPOCH=1650600000
ln -s "$data/.." shared	# a finding names its inputs: its hash must not hang on where the recordings are
hostile='"><script>alert(1)</script><img src=x onerror=y>&'
constat dossier create a.dossier --title "Pyongyang $hostile"
printf 'Le réseau est resté <b>stable</b>, dit l’agence. Rien n’a bougé. %s' "$hostile" >matin.txt
echo "The network flapped for a minute. Nobody knows why." >evening.txt
constat dossier source add a.dossier matin.txt --agency AFP --publisher "$hostile" --published 2022-04-21 --reliability B --language fr \
	--title "$hostile" --url "javascript:alert(1)" >/dev/null
constat dossier source add a.dossier evening.txt --name "$hostile" --agency AFP --reliability C --language '"x' >/dev/null
claim() {
	constat dossier claim add a.dossier "$@" >/dev/null || echo "= $?"
}
claim matin.txt --quote "Le réseau est resté <b>stable</b>" --kind measurement --said 2022-04-21 --speaker "$hostile" --about "$hostile"
claim matin.txt --quote "Rien n’a bougé" --kind denial --said 2022-04-21 --speaker "a spokesman"
claim 2 --quote "The network flapped" --kind measurement --said 2022-04-20..2022-04-21
claim matin.txt --quote "$hostile" --kind threat --credibility 5
claim 2 --quote "Nobody knows why" --kind doubt --said 2022-04-22
constat dossier timeline a.dossier --html - --lang en | xmllint --noout - && echo "without verdicts"
constat dossier assert a.dossier 1 "unstable KP 2022-04-21" >/dev/null
constat dossier assert a.dossier 3 "unstable KP 2022-04-21T02:02Z..2022-04-21T02:04Z" >/dev/null
constat dossier assert a.dossier 2 "networks KP = 4 at 2022-04-21T02:01Z" >/dev/null
constat dossier assert a.dossier 5 'cause KP "denial of service" at 2022-04-21' >/dev/null
check() {
	constat dossier check a.dossier --place shared/registry/delegated-apnic-20140630.gz "$@" \
		shared/mrt/2022/rrc23.updates.20220421.0200.gz >/dev/null
}
check --claim 1
check --label "simulated $hostile"
constat dossier hypothesis add a.dossier attack "Somebody broke it $hostile" >/dev/null
constat dossier hypothesis add a.dossier accident "It broke" >/dev/null
constat dossier hypothesis rate a.dossier attack claim:3 C >/dev/null
constat dossier hypothesis rate a.dossier attack claim:4 I >/dev/null
constat dossier hypothesis rate a.dossier accident claim:3 II --relevance high >/dev/null
constat dossier hypothesis rate a.dossier accident verdict:1 N >/dev/null
outline() {
	sed -n -e 's,^<p class="\(sentence\|bounds\|lead\)">\(.*\)</p>$,\1: \2,p' \
		-e 's|^<h1>\(.*\)</h1>$|# \1|p' \
		-e 's|^.*<h2[^>]*>\(.*\)</h2>$|## \1|p' \
		-e 's|^.*<h3>\(.*\)</h3>$|### \1|p' \
		-e 's|^<svg.*aria-labelledby="\([^"]*\)" lang="\(..\)".*|figure \1 \2|p' \
		-e 's,^<text class="\(label\|key\|tick strong\)"[^>]*>\(.*\)</text>$,\1: \2,p' \
		-e 's,^<line class="bar" x1="\([0-9.]*\)" y1="\([0-9.]*\)" x2="\([0-9.]*\)" y2="\2"/>$,span \1 to \3,p' \
		-e 's,^<rect class="\([a-z0-9]*\)" x=.*width="\([0-9.]*\)" height="[0-9.]*"/>$,\1 \2,p' \
		-e 's|^<figcaption>\(.*\)</figcaption>$|caption: \1|p' \
		-e 's|^<caption>\(.*\)</caption>$|table: \1|p' \
		-e 's|^<thead><tr><th[^>]*>\(.*\)</th></tr></thead>$|\1|; s|</th><th[^>]*>| / |gp' \
		-e '/^<tr><th/{s|<[^>]*lang="\([^"]*\)">|<>[\1] |g; s|</t[hd]><[^>]*>| / |g; s|<[^>]*>||gp}' \
		-e '/<p>/s|<p>\(.*\)</p>|\1|p' "$1"
}
for language in en fr; do
	constat dossier timeline a.dossier --html "$language.html" --lang "$language" >text
	xmllint --noout "$language.html" && echo "= $language: well-formed"
	outline "$language.html"
done
constat dossier timeline a.dossier | cmp - text && echo "the text is the same without a page"
constat dossier timeline a.dossier --html - --lang fr | cmp - fr.html && echo "the same on standard output"
LC_ALL=fr_FR.UTF-8 constat dossier timeline a.dossier --html - 2>/dev/null | cmp - fr.html && echo "French by the locale"
constat dossier timeline a.dossier --html day.html --lang en --from 2022-04-21 --until 2022-04-22 >/dev/null
sed -n 's|^<figcaption>.* it rests on. \(.*\)</figcaption>$|one day: \1|p' day.html
# Nothing that could be loaded or run; one style sheet, whose hash the policy has.
xmllint --xpath 'count(//*[local-name() = "script" or local-name() = "img" or @onerror])' en.html
grep -o -E ' (href|src)="[^"]*"' en.html | grep -v '="#' | sort -u
sed -n 's/.*\(default-src .*form-action .none.\).*/\1/p' en.html | sed "s|sha256-$(sed -n '/<style>/,/<\/style>/p' en.html |
	sed -e '1s/.*<style>//' -e '$s/<\/style>.*//' | head -c -1 | openssl dgst -sha256 -binary | base64)|sha256-right|"
# More lines than a figure has room for.
constat dossier create b.dossier
seq 1 105 >numbers.txt
constat dossier source add b.dossier numbers.txt >/dev/null
for number in $(seq 1 105); do
	printf '%s{"source": "numbers.txt", "quote": "%s", "occurrence": 1, "kind": "fact", "date": "%s"}' \
		"$([ "$number" -eq 1 ] && echo '[' || echo ,)" "$number" "$((1900 + number))"
done >numbers.json
echo ']' >>numbers.json
constat dossier claim import b.dossier numbers.json
constat dossier timeline b.dossier --html b.html --lang en >/dev/null
sed -n 's|^<figcaption>.* it rests on. \(.*\)</figcaption>$|many: \1|p' b.html
grep -c '<text class="label"' b.html
grep -c '<tr>' b.html
try() {
	constat dossier timeline "$@" 2>&1
	echo "= $?"
}
echo "= mistakes"
try a.dossier --html - --json
try a.dossier --html nowhere/a.html
try a.dossier --html a.html --lang de
try c.dossier --html c.html
try a.dossier --html ./a.dossier
constat dossier verify a.dossier
ls ./*.html
