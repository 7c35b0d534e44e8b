# slow
# The worked example in docs/dossier.md gives what it says there.
export SOURCE_DATE_EPOCH=1419379200 COLUMNS=100
. "$root/tests/golden/dossier/example"
cat >evening.txt <<'END'
The four networks of North Korea, all of which go through China Unicom, went out of service at
15:41 GMT and remained so for “a little more than an hour”, said a company that measures the Internet.
A spokesman for China’s ministry, cited by the agency, said it had “nothing to do with it”.
END
sed -n '/^<!-- example -->/,/^<!-- end of example -->/p' "$root/docs/dossier.md" | grep -v -e '^<!--' -e '^```' >expected
transcript <expected >actual
diff expected actual && echo "as in docs/dossier.md"
