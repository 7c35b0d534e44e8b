# slow
# The worked example in docs/dossier.md gives what it says there. Keys are drawn by chance, and what a proof's size is
# hangs on more than the example: those are masked in both.
export SOURCE_DATE_EPOCH=1419379200 COLUMNS=100
. "$root/tests/golden/dossier/example"
cat >evening.txt <<'END'
The four networks of North Korea, all of which go through China Unicom, went out of service at
15:41 GMT and remained so for “a little more than an hour”, said a company that measures the Internet.
A spokesman for China’s ministry, cited by the agency, said it had “nothing to do with it”.
END
mask() {
	sed -E 's/[0-9]+ bytes/N bytes/; s/of [0-9]+ inputs/of N inputs/; s/[+][0-9a-f]{8}/+HASH/; s/root [A-Za-z0-9+/=]{44}/root ROOT/; s/content.[0-9a-f]{16}/content\/HASH/'
}
sed -n '/^<!-- example -->/,/^<!-- end of example -->/p' "$root/docs/dossier.md" | grep -v -e '^<!--' -e '^```' >expected
transcript <expected >actual
diff <(mask <expected) <(mask <actual) && echo "as in docs/dossier.md"
