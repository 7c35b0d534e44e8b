# needs: xxd
# needs: openssl
# Several signatures, and a timestamp of an authority that is made up here.
. "$root/tests/golden/prove/recording"
mask() { sed -E 's/[0-9]+ bytes/N bytes/; s/\+[0-9a-f]{8}/+HASH/; s/root [A-Za-z0-9+/=]{44}/root ROOT/; s/[0-9-]{10}T[0-9:]{8}Z/TIME/'; }
constat key new other-side.example -o other >/dev/null
constat key new third.example -o third >/dev/null
constat prove KP --place delegated -k key -o p.constat updates | mask
cp p.constat one.constat
constat cosign p.constat -k other
constat cosign p.constat -k other
echo "exit $?"
constat verify p.constat -t key.pub -t other.pub --need 2 | mask | sed -n '/^signature/p; /trusted key/p'
constat verify p.constat -t other.pub | grep signature | mask
echo "two are needed, one is there:"
constat verify one.constat -t key.pub -t other.pub --need 2 2>&1 >/dev/null | mask
constat verify p.constat -t key.pub -t third.pub --need 2 2>&1 >/dev/null
constat verify p.constat -t key.pub -t key.pub --need 2
echo "exit $?"
constat verify p.constat
echo "exit $?"
constat verify p.constat --need 0 | sed -n '/^Not proved/,$p'
constat verify p.constat -t nonsense

echo "timestamps"
tar -xOf p.constat checkpoint | sed '/^$/,$d' >text
cat >tsa.cnf <<END
[req]
distinguished_name = dn
x509_extensions = ca
prompt = no
[dn]
CN = made-up authority
[ca]
basicConstraints = critical, CA:true
[tsa]
extendedKeyUsage = critical, timeStamping
[signing]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_chain = no
END
{
	openssl req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.pem -days 2 -config tsa.cnf
	openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -config tsa.cnf
	openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 2 -extfile tsa.cnf -extensions tsa
	openssl ts -query -data text -sha256 -cert -out query.tsq
	openssl ts -reply -config tsa.cnf -section signing -queryfile query.tsq -out answer.tsr
	openssl ts -query -data updates -sha256 -cert -out query.tsq
	openssl ts -reply -config tsa.cnf -section signing -queryfile query.tsq -out wrong.tsr
	openssl req -x509 -newkey ed25519 -nodes -keyout stranger.key -out stranger.pem -days 2 -config tsa.cnf
} >log 2>&1 || cat log
constat cosign p.constat --timestamp answer.tsr -o stamped.constat && tar -tf stamped.constat
constat verify stamped.constat -t key.pub | mask | grep -i -e timestamp -e existed
constat verify stamped.constat -t key.pub --tsa-ca ca.pem | mask | grep -i -e timestamp -e existed
constat cosign stamped.constat -k third && constat verify stamped.constat -t third.pub --tsa-ca ca.pem | mask | grep -c existed
constat verify stamped.constat -t key.pub --tsa-ca stranger.pem 2>&1 >/dev/null
constat verify stamped.constat -t key.pub --tsa-ca text 2>&1 >/dev/null
constat verify p.constat -t key.pub --tsa-ca ca.pem 2>&1 >/dev/null
cp p.constat before.constat
constat cosign p.constat --timestamp wrong.tsr
constat cosign p.constat --timestamp text
constat cosign p.constat
cmp p.constat before.constat && echo "left as it was"
constat cosign updates -k key
echo "exit $?"
