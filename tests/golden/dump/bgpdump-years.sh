# needs: shared
# needs: bgpdump
# slow
# Every line of bgpdump -m, and no other, for the recordings of six years.
cd "$data" || exit
for file in 2002/* 2010/* 2014/* 2015/* 2021/* 2022/*; do
	if cmp <(constat dump -q "$file") <(bgpdump -m "$file" 2>/dev/null); then
		echo "same: $file"
	fi
done
