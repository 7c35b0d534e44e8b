# needs: python3
# Pages out of WARC files: plain and compressed, chunked, gzip-encoded, one among several; and what is none.
export SOURCE_DATE_EPOCH=1419379200
python3 - <<'END'
import gzip
def record(kind, uri, media, block, version="1.1", date="2014-12-24T08:00:05Z"):
    head = (f"WARC/{version}\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: {date}\r\n"
            f"Content-Type: {media}\r\nContent-Length: {len(block)}\r\n\r\n")
    return head.encode() + block + b"\r\n\r\n"
def http(body, *headers, status="200 OK", media="text/html; charset=windows-1252"):
    return ("HTTP/1.1 " + status + "\r\nContent-Type: " + media + "\r\n" +
            "".join(h + "\r\n" for h in headers) + "\r\n").encode() + body
page = "<html><title>La panne</title><p>Le réseau est coupé.".encode("cp1252")
chunked = b"".join(b"%x\r\n%s\r\n" % (len(page[i:i + 20]), page[i:i + 20]) for i in range(0, len(page), 20)) + b"0\r\n\r\n"
info = record("warcinfo", "", "application/warc-fields", b"software: test\r\n")
one = record("response", "http://a.example/1", "application/http; msgtype=response", http(page))
two = record("response", "<http://a.example/2>", "application/http; msgtype=response",
             http(gzip.compress(page, mtime=0), "Content-Encoding: gzip"), version="1.0")
three = record("response", "http://a.example/3", "application/http; msgtype=response", http(chunked, "Transfer-Encoding: chunked"))
lost = record("response", "http://a.example/404", "application/http", http(b"no", status="404 Not Found"))
image = record("response", "http://a.example/x.png", "application/http", http(b"\x89PNG", media="image/png"))
plain = record("resource", "http://a.example/plain", "text/plain", "Le réseau est coupé.\n".encode())
request = record("request", "http://a.example/1", "application/http", b"GET / HTTP/1.1\r\n\r\n")
open("one.warc", "wb").write(info + request + lost + image + one)
open("all.warc.gz", "wb").write(b"".join(gzip.compress(r, mtime=0) for r in (info, one, request, two, three, lost, plain)))
open("none.warc", "wb").write(info + lost + image)
open("cut.warc", "wb").write(info + one[:-40])
open("not.gz", "wb").write(gzip.compress(b"some text", mtime=0))
open("strange.warc", "wb").write(record("response", "http://a.example/br", "application/http", http(page, "Content-Encoding: br")))
open("bad.warc", "wb").write(info + b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: x\r\n\r\n")
END
constat dossier create a.dossier
try() {
	constat dossier source add a.dossier "$@" 2>&1
	echo "= $?"
}
try one.warc
try one.warc
try all.warc.gz
try all.warc.gz --page http://a.example/2
try all.warc.gz --page 3 --name three --retrieved 2015
try all.warc.gz --page 4
try all.warc.gz --page 5
try none.warc
try cut.warc
try not.gz
try strange.warc
try bad.warc
echo text >plain.txt
try plain.txt --page 1
constat dossier source show a.dossier 1
constat dossier source list a.dossier --csv | cut -d, -f 3,4,9-12,14-17
constat dossier claim add a.dossier three --quote "Le réseau est coupé" --kind measurement
constat dossier verify a.dossier
