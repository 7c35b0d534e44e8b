# needs: openssl
# needs: python3
# Proxies and certificates are those of the environment.
TZ=UTC; export TZ
. "$root/tests/web/lib.sh"
make_days 2014-12-20T00:00 2014-12-20T00:30
fetch() {
	rm -rf cache
	constat fetch --ahead 0s --cache cache --collectors rrc99 --from 2014-12-20T00:00 --until 2014-12-20T00:30 \
		--catalogue catalogue --mirror "two=$1" 2>&1 >paths | sed "s/127.0.0.1:[0-9]*/HOST/g"
	echo "status ${PIPESTATUS[0]}, $(wc -l < paths) files"
}
echo "== a proxy"
web
proxy=http://127.0.0.1:$port
http_proxy=$proxy fetch http://archive.example
sed 's/ [0-9]* - / /; s/ [0-9]* [0-9]* / /' log | sort
cmp cache/archive.example/rrc99/2014.12/updates.20141220.0000.gz www/rrc99/2014.12/updates.20141220.0000.gz
: > log
echo "== all_proxy, and a host that needs none"
all_proxy=$proxy fetch http://archive.example
wc -l < log
: > log
http_proxy=$proxy NO_PROXY=127.0.0.1 fetch "$proxy"
grep -c archive.example log
echo "== HTTPS, by a certificate of our own authority"
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 \
		-subj "/CN=An authority of our own" -addext basicConstraints=critical,CA:TRUE
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out request.pem -subj /CN=localhost
	printf 'subjectAltName=IP:127.0.0.1\n' > names
	openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out cert.pem -days 2 -extfile names
} 2>openssl.log || cat openssl.log
cat > serve.py <<'END'
import functools, http.server, ssl
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory='www')
http.server.SimpleHTTPRequestHandler.log_message = lambda *_: None
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
server.handle_error = lambda *_: None
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('cert.pem', 'key.pem')
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_port, flush=True)
server.serve_forever()
END
python3 serve.py > port &
tls=$!
trap 'kill $server $tls 2>/dev/null' EXIT
while [ ! -s port ]; do sleep 0.05; done
read -r port < port
echo "-- unknown"
fetch "https://127.0.0.1:$port"
find cache -type f
echo "-- SSL_CERT_FILE"
SSL_CERT_FILE=$PWD/ca.pem fetch "https://127.0.0.1:$port"
echo "-- CURL_CA_BUNDLE"
CURL_CA_BUNDLE=$PWD/ca.pem fetch "https://127.0.0.1:$port"
echo "-- SSL_CERT_DIR"
mkdir certs && cp ca.pem certs/ && openssl rehash certs
SSL_CERT_DIR=$PWD/certs fetch "https://127.0.0.1:$port"
echo "-- the certificate is another host's"
SSL_CERT_FILE=$PWD/ca.pem fetch "https://localhost:$port" | sed 's/localhost:[0-9]*/HOST/'
echo "-- a file of certificates that is not there"
SSL_CERT_FILE=$PWD/none.pem fetch "https://127.0.0.1:$port" | sed "s|$PWD|HERE|"
