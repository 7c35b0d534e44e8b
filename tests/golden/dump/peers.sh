# needs: shared
# Filters by vantage point, collector, time and kind.
file=$data/2021/rrc06.updates.20210102.0505.gz
constat dump "$file" >all
echo "$(constat dump -c --peer 25152 "$file") $(awk -F'|' '$5 == 25152' all | wc -l)"
peer=$(awk -F'|' '{ print $4 }' all | sort | uniq -c | sort -nr | awk 'NR == 1 { print $2 }')
echo "$(constat dump -c --peer "$peer" "$file") $(awk -F'|' -v peer="$peer" '$4 == peer' all | wc -l)"
echo "time"
constat dump -c --from 2021-01-02T05:06 --until 2021-01-02T05:07 "$file"
awk -F'|' '$2 >= 1609563960 && $2 < 1609564020' all | wc -l
constat dump -c --from 1609563960 --until 1609564020 "$file"
echo "kind"
for kind in announce withdraw state rib all; do
	echo "$kind $(constat dump -c --kind $kind "$file")"
done
constat dump -c --kind withdraw,state "$file"
echo "collector"
constat dump -c --only-collector rrc06 "$file" "$data"/2022/*
constat dump -c --only-collector rrc23 "$file" "$data"/2022/*
constat dump -c --only-collector here --collector here "$file" "$data"/2022/*
constat dump -c --only-collector elsewhere "$file" "$data"/2022/*
