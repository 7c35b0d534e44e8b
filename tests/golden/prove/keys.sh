# needs: openssl
# Keys: private to their owner, never replaced, read by openssl, encrypted on demand.
mask() { sed -E 's/\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}/+HASH+KEY/'; }
constat key new measure.example/2026 -o key | mask
stat -c '%a %n' key key.pub
head -n 2 key
constat key show key | cmp - key.pub && echo "show: the same line, of the private key"
constat key show key.pub | cmp - key.pub && echo "and of the public one"
openssl pkey -in key -pubout | diff - <(constat key show --pem key.pub) && echo "openssl reads both"
constat key new measure.example/2026 -o key
echo "exit $?"
printf 'open sesame\n' >passphrase
printf 'open barley\n' >wrong
constat key new locked -o locked --passphrase-file passphrase | mask
sed -n 2p locked
constat key show locked --passphrase-file passphrase | cmp - locked.pub && echo "unlocked"
openssl pkey -in locked -passin file:passphrase -pubout | diff - <(constat key show --pem locked.pub) && echo "by openssl too"
constat key show locked --passphrase-file wrong
echo "exit $?"
chmod 644 key
constat key show key
echo "exit $?"
constat key new 'a name' -o other
constat key new a+b -o other
constat key new name
printf 'x\n' >x
chmod 600 x
constat key show x
constat key show nowhere
constat key new name -o nowhere/key
echo "exit $?"
