# needs: geoip
# needs: xmllint
# A recording without any route: a page all the same, and a figure only where there is something to show.
printf '\x54\x99\x8a\x2c\x00\x10\x00\x00\x00\x00\x00\x14' >state
printf '\xfd\xe9\xfd\xea\x00\x00\x00\x01\x0a\x00\x00\x01\x0a\x00\x00\x02\x00\x06\x00\x01' >>state
for language in en fr; do
	constat report KP --html - --lang "$language" state >page.html && xmllint --noout page.html &&
		sed -n -e 's|^<p class="sentence">\(.*\)</p>$|\1|p' -e 's|^.*<h2[^>]*>\(.*\)</h2>$|## \1|p' page.html
	grep -c '<svg' page.html
done
constat report KP --svg . --rows 1 state >/dev/null
ls
