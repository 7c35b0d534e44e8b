# Values that make no sense are told before anything is read.
for option in --prefix=175.45.177.0/22 --more-specific=nowhere --origin=4294967296 --as=ASx '--path=_(4837' \
	--peer=somewhere --kind=announcement --from=yesterday; do
	constat dump "$option" nofile
	echo $?
done 2>&1
