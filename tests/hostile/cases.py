# SPDX-License-Identifier: BSD-2-Clause
"""A run of every command, in every form that it prints or writes, over the world of world.py; and
what of them is missing, told by the program's own --help.

    for case in cases(world): …
    missing(world, cases(world))        # ["report --html", …]
"""
import gzip
import re
import shutil
import subprocess
import tarfile

CATALOGUE = """only
archive one routeviews https://one.example
archive two ris https://two.example
collector one route-views.small route-views.small/bgpdata 2014-12-22 2014-12-22T06:00 6h 60m asia Small
collector two rrc90 rrc90 2014-12-22 2014-12-22T06:00 8h 120m europe Small
"""

VRPS_JSON = """{"metadata": {"buildtime": "2014-12-22T00:00:00Z"}, "roas": [
 {"asn": 131279, "prefix": "175.45.176.0/22", "maxLength": 24, "ta": "apnic", "expires": 1420000000},
 {"asn": "AS64512", "prefix": "10.0.0.0/8", "maxLength": 8, "ta": "ripe"}]}
"""
VRPS_CSV = """ASN,IP Prefix,Max Length,Trust Anchor
AS131279,175.45.176.0/22,22,apnic
AS64512,10.0.0.0/8,8,ripe
"""

TIMESTAMPING = """[req]
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
"""
TIMESTAMPING_COMMANDS = (
    "req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.pem -days 2 -config tsa.cnf",
    "req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -config tsa.cnf",
    "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 2 -extfile tsa.cnf "
    "-extensions tsa",
    "ts -query -data checkpoint -sha256 -cert -out query.tsq",
    "ts -reply -config tsa.cnf -section signing -queryfile query.tsq -out answer.tsr",
)


class Case:
    """`writes`: the folder that it fills, emptied before each run. `copy`: files copied into it first, a name
    there for each; one is left as it was or becomes what a run left alone makes of it. `folder`: it has to be
    there. `verify`: commands that must accept each file there afterwards whose name ends in `ending`. `again`: a dossier
    may hold the first part of what was asked for; the same command then adds the rest. `random`: no two runs print or
    write the same. `web`: it asks the server."""

    def __init__(self, name, arguments, writes=None, copy=None, folder=False, verify=(), ending=None, again=False,
                 random=False, web=False, status=(0,)):
        self.name = name
        self.arguments = arguments
        self.writes = writes
        self.copy = copy or {}
        self.folder = folder or bool(copy)
        self.verify = verify
        self.ending = ending
        self.again = again
        self.random = random
        self.web = web
        self.status = status


def prepare(world):
    """Files that cases are about, made once."""
    world.write("catalogue", CATALOGUE)
    world.write("passphrase", "a phrase of words\n")
    world.write("vrps.json", VRPS_JSON)
    world.write("vrps.csv", VRPS_CSV)
    world.write("as-rel", "4837|131279|-1\n3356|4837|-1\n")
    for key in ("key", "key2"):
        world.must("key", "new", key + ".example", "--output", key)
    world.must("key", "new", "locked.example", "--output", "locked", "--passphrase-file", "passphrase")
    prepare_dossier(world)
    prepare_proof(world)


def warc_record(kind, address, media, block):
    return ("WARC/1.1\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nWARC-Date: 2014-12-24T08:00:05Z\r\n"
            "Content-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, address, media, len(block))).encode() + \
        block + b"\r\n\r\n"


def prepare_warc(world):
    page = "<html><title>La panne</title><p>Le réseau est coupé.".encode("cp1252")
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(page[i:i + 20]), page[i:i + 20]) for i in range(0, len(page), 20))
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1252\r\n"
    records = [warc_record("warcinfo", "", "application/warc-fields", b"software: test\r\n"),
               warc_record("response", "http://a.example/1", "application/http; msgtype=response",
                           head + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(page, mtime=0)),
               warc_record("response", "http://a.example/2", "application/http; msgtype=response",
                           head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")]
    world.write("pages.warc.gz", b"".join(gzip.compress(record, mtime=0) for record in records))
    world.write("page.warc", b"".join(records[:2]))


def prepare_dossier(world):
    def dossier(*arguments):
        return world.must("dossier", *arguments).stdout

    prepare_warc(world)
    world.write("article.txt", "The whole country went dark at 02:15 UTC on 22 December 2014, an expert said. "
                               "Nobody knows why. “Nothing to do with it”, said a spokesman.\n")
    world.write("article.html", "<html><head><title>Dark</title></head><body><p>It lasted <b>two hours</b> &amp; "
                                "more.</p></body></html>\n")
    dossier("create", "base.dossier", "--title", "A small country")
    dossier("source", "add", "base.dossier", "article.txt", "--agency", "Wire", "--published", "2014-12-22")
    for quote, kind, said in (("went dark at 02:15 UTC", "measurement", "2014-12-22T02:15"),
                              ("an expert said", "attribution", "2014-12"),
                              ("Nothing to do with it", "denial", "2014-12-23..2014-12-24")):
        dossier("claim", "add", "base.dossier", "1", "--quote", quote, "--kind", kind, "--speaker", "somebody", "--said",
                said)
    dossier("claim", "link", "base.dossier", "3", "responds", "1")
    dossier("assert", "base.dossier", "1", "outage KP from 2014-12-22T02:15Z ±5m total")
    world.write("finding.json", world.must("report", "KP", "--json", *asking(), *world.recordings).stdout)
    dossier("check", "base.dossier", "finding.json")
    for name, text in (("cable", "A cable was cut"), ("attack", "Somebody broke it on purpose")):
        dossier("hypothesis", "add", "base.dossier", name, text)
    dossier("hypothesis", "rate", "base.dossier", "cable", "claim:1", "C")
    dossier("hypothesis", "rate", "base.dossier", "attack", "verdict:1", "I", "--relevance", "high")
    world.write("bundle.json", dossier("export", "base.dossier", "--stix"))
    world.write("claims.csv", dossier("export", "base.dossier", "--csv", "claims"))
    # The same article with none of its claims, to import them.
    dossier("create", "bare.dossier", "--title", "A small country")
    dossier("source", "add", "bare.dossier", "article.txt", "--agency", "Wire", "--published", "2014-12-22")


def prepare_proof(world):
    world.must("prove", "KP", "--key", "key", "--output", "kp.constat", *asking(), *world.recordings)
    with tarfile.open(world.path("kp.constat")) as proof:
        note = proof.extractfile("checkpoint").read()
    world.write("checkpoint", note[:note.index(b"\n\n") + 1])
    world.write("tsa.cnf", TIMESTAMPING)
    for command in TIMESTAMPING_COMMANDS:
        subprocess.run(["openssl"] + command.split(), cwd=world.folder, env=world.environment, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    world.must("cosign", "kp.constat", "--timestamp", "answer.tsr", "--output", "stamped.constat")
    # A dossier whose one verdict rests on the proof beside the finding.
    shutil.copy(world.path("base.dossier"), world.path("proved.dossier"))
    world.must("dossier", "check", "proved.dossier", "kp.constat")
    world.must("dossier", "export", "proved.dossier", "--seal", "sealed.constat", "--key", "key")


def asking():
    return ["--place", "world/delegated-simulated", "--as-names", "world/as-names-simulated", "--full-feed", "40"]


def cases(world):
    result = reading_cases(world) + writing_cases(world) + proof_cases(world) + dossier_cases(world)
    return result + (web_cases(world) if world.server_program else [])


def reading_cases(world):
    ask, all_of_it = asking(), world.recordings
    ribs = [name for name in all_of_it if "RIBS" in name or "bview" in name]
    measuring = ["--from", "2014-12-22T01:00", "--until", "2014-12-22T05:00"]
    result = [
        Case("dump", ["dump"] + all_of_it),
        Case("dump-json", ["dump", "--json", "--path", "_4837_131279$"] + all_of_it),
        Case("dump-csv", ["dump", "--csv", "--more-specific", "175.45.176.0/22"] + all_of_it),
        Case("dump-count", ["dump", "--count"] + all_of_it),
        Case("dump-filters", ["dump", "--quiet", "--collector", "small", "--only-collector", "small", "--kind", "all",
                              "--prefix", "175.45.176.0/24", "--less-specific", "175.45.177.1", "--origin", "131279",
                              "--as", "4837", "--peer", "AS3356", "--max-expansion", "100", "--max-record", "1M"] +
             measuring + all_of_it),
        Case("info", ["info"] + all_of_it),
        Case("census", ["census"] + ask + ribs),
        Case("census-country", ["census", "--country", "KP", "--at", "2014-12-22T03:00", "--no-hash"] + ask + all_of_it),
        Case("upstreams", ["upstreams", "KP"] + ask + ribs),
        Case("upstreams-time", ["upstreams", "KP", "--weight", "networks", "--step", "1h"] + measuring + ask + all_of_it),
        Case("frontier", ["frontier", "--rows", "3", "--max-vantage-points", "100"] + ask + ribs),
        Case("cut", ["cut", "AS4837", "--country", "KP", "--relations", "as-rel"] + ask + ribs),
        Case("cut-link", ["cut", "AS4837-AS131279"] + ask + ribs),
        Case("cut-worst", ["cut", "--worst", "KP"] + ask + ribs),
        Case("outages", ["outages"] + ask + all_of_it),
        Case("report", ["report", "KP"] + ask + all_of_it),
        Case("report-html", ["report", "KP", "--html", "-", "--lang", "fr"] + ask + all_of_it),
        Case("report-records", ["report", "KP", "--records", "--blackhole", "4837:666"] + ask + all_of_it),
        Case("report-vrps", ["report", "KP", "--vrps", "vrps.json"] + ask + all_of_it),
        Case("report-vrps-csv", ["report", "KP", "--vrps", "vrps.csv", "--csv", "--list", "result.report.causes"] + ask + all_of_it),
        Case("archives", ["archives"]),
        Case("archives-catalogue", ["archives", "--catalogue", "catalogue", "--mirror", "one=/nowhere"]),
        Case("simulate-list", ["simulate", "--list"]),
        Case("version", ["--version"]),
        Case("help", ["help", "report"]),
        Case("help-group", ["help", "dossier", "claim"]),
        Case("help-all", ["--help"]),
    ]
    for form in ("json", "csv"):
        result += [
            Case("info-" + form, ["info", "--" + form] + all_of_it),
            Case("census-" + form, ["census", "--" + form] + ask + ribs),
            Case("upstreams-" + form, ["upstreams", "AS131279", "--" + form] + ask + ribs),
            Case("frontier-" + form, ["frontier", "--" + form] + ask + ribs),
            Case("cut-" + form, ["cut", "AS4837", "--" + form] + ask + ribs),
            Case("outages-" + form, ["outages", "--" + form] + measuring + ask + all_of_it),
            Case("report-" + form, ["report", "175.45.176.0/22", "--" + form] + measuring + ask + all_of_it),
            Case("archives-" + form, ["archives", "--" + form]),
        ]
    return result


def writing_cases(world):
    return [
        Case("simulate", ["simulate", "world.yaml", "--out", "out"], writes="out"),
        Case("simulate-seed", ["simulate", "world.yaml", "--out", "out", "--seed", "7"], writes="out"),
        Case("report-page", ["report", "KP"] + asking() + ["--html", "out/page.html", "--svg", "out/figures"] +
             world.recordings, writes="out", folder=True),
    ]


def proof_cases(world):
    verifies = [["verify", "--need", "0"]]
    key = {"writes": "out", "folder": True, "verify": [["key", "show"]], "ending": "third", "random": True}
    return [
        Case("prove", ["prove", "KP"] + asking() + ["--key", "key", "--output", "out/kp.constat"] + world.recordings,
             writes="out", folder=True, verify=verifies, ending=".constat"),
        Case("prove-locked", ["prove", "KP"] + asking() + ["--key", "locked", "--passphrase-file", "passphrase",
                                                           "--output", "out/kp.constat"] + world.recordings,
             writes="out", folder=True, verify=verifies, ending=".constat"),
        Case("verify", ["verify", "kp.constat", "--trust", "key.pub"]),
        Case("verify-json", ["verify", "kp.constat", "--trust", "key.pub", "--json"]),
        Case("verify-inputs", ["verify", "kp.constat", "--trust", "key.pub", "--inputs", "world"]),
        Case("verify-sealed", ["verify", "sealed.constat", "--trust", "key.pub"]),
        Case("verify-sealed-json", ["verify", "sealed.constat", "--need", "0", "--json"]),
        Case("cosign-sealed", ["cosign", "sealed.constat", "--key", "key2", "--output", "out/both.constat"], writes="out",
             folder=True, verify=verifies, ending=".constat"),
        Case("verify-stamped", ["verify", "stamped.constat", "--need", "0", "--tsa-ca", "ca.pem"]),
        Case("cosign", ["cosign", "out/kp.constat", "--key", "key2"], writes="out", copy={"kp.constat": "kp.constat"},
             verify=verifies, ending=".constat"),
        Case("cosign-locked", ["cosign", "kp.constat", "--key", "locked", "--passphrase-file", "passphrase", "--output",
                               "out/kp.constat"], writes="out", folder=True, verify=verifies, ending=".constat"),
        Case("cosign-stamp", ["cosign", "kp.constat", "--timestamp", "answer.tsr", "--output", "out/kp.constat"],
             writes="out", folder=True, verify=verifies, ending=".constat"),
        Case("key", ["key", "new", "third.example", "--output", "out/third"], **key),
        Case("key-locked", ["key", "new", "third.example", "--output", "out/third", "--passphrase-file", "passphrase"],
             **dict(key, verify=[["key", "show", "--passphrase-file", "passphrase"]])),
        Case("key-show", ["key", "show", "key"]),
        Case("key-show-locked", ["key", "show", "locked", "--passphrase-file", "passphrase"]),
        Case("key-show-pem", ["key", "show", "key.pub", "--pem"]),
    ]


def dossier_cases(world):
    result = []

    def add(name, *arguments, copy="base.dossier", **options):
        result.append(Case("dossier-" + name, ["dossier"] + list(arguments), writes="out", copy={copy: "x.dossier"},
                           verify=[["dossier", "verify"]], ending=".dossier", **options))

    result.append(Case("dossier-create", ["dossier", "create", "out/new.dossier", "--title", "New"], writes="out",
                       folder=True, verify=[["dossier", "verify"]], ending=".dossier"))
    x = "out/x.dossier"
    add("source", "source", "add", x, "world.yaml", "--name", "scenario", "--title", "A scenario")
    add("source-html", "source", "add", x, "article.html", "--url", "http://a.example/", "--publisher", "A", "--agency",
        "B", "--language", "en", "--published", "2014-12-22", "--retrieved", "2014-12-24", "--reliability", "B", "--media",
        "text/html", "--charset", "utf-8")
    add("source-two", "source", "add", x, "world.yaml", "article.html", again=True)
    add("source-set", "source", "set", x, "article.txt", "--title", "Dark", "--publisher", "Gazette", "--agency", "Reuters",
        "--language", "en", "--published", "2014-12-23", "--retrieved", "2014-12-24", "--reliability", "B")
    add("source-warc", "source", "add", x, "page.warc")
    add("source-warc-page", "source", "add", x, "pages.warc.gz", "--page", "http://a.example/2")
    add("claim", "claim", "add", x, "1", "--quote", "Nobody knows why", "--kind", "fact", "--speaker", "the paper",
        "--speaker", "nobody", "--about", "it", "--said", "2014", "--basis", "read", "--credibility", "3", "--reading",
        "that it is not known", "--occurrence", "1")
    add("claim-link", "claim", "link", x, "3", "denies", "2")
    add("claim-import", "claim", "import", x, "claims.csv", copy="bare.dossier", again=True)
    add("assert", "assert", x, "2", "networks KP = 2 at 2014-12-22T01:00Z")
    add("check", "check", x, *asking(), "--label", "simulated", "--no-hash", *world.recordings)
    add("check-finding", "check", x, "finding.json", "--claim", "1", "--json")
    add("check-proof", "check", x, "kp.constat", "--csv")
    add("hypothesis", "hypothesis", "add", x, "power", "The power failed")
    add("hypothesis-rate", "hypothesis", "rate", x, "cable", "claim:2", "II", "--relevance", "low", "--credibility",
        "high", "--note", "because")
    add("hypothesis-facts", "hypothesis", "facts", x, "1")
    add("import", "import", x, "bundle.json", copy="bare.dossier")
    add("export-stix", "export", x, "--stix")
    add("export-claimreview", "export", x, "--claimreview")
    add("export-claims", "export", x, "--csv", "claims")
    add("export-table", "export", x, "--csv", "verdict")
    add("import-sealed", "import", x, "sealed.constat", copy="bare.dossier")
    for name, key in (("seal", ["key"]), ("seal-locked", ["locked", "--passphrase-file", "passphrase"])):
        result.append(Case("dossier-" + name, ["dossier", "export", "proved.dossier", "--seal", "out/x.constat", "--key"] +
                           key, writes="out", folder=True, verify=[["verify", "--need", "0"]], ending=".constat"))
    add("verify", "verify", x)
    add("timeline-html", "timeline", x, "--html", "out/page.html", "--lang", "fr", "--from", "2014-12-22", "--until",
        "2014-12-25")
    add("timeline-html-only", "timeline", x, "--html", "-")
    add("source-text", "source", "show", x, "1", "--text")
    for name, arguments in (
            ("show", ["show", x]), ("source-list", ["source", "list", x]), ("source-show", ["source", "show", x, "1"]),
            ("claim-list", ["claim", "list", x, "--source", "1", "--kind", "denial"]),
            ("claim-show", ["claim", "show", x, "1"]), ("verdicts", ["verdicts", x, "--claim", "1"]),
            ("hypothesis-matrix", ["hypothesis", "matrix", x]), ("hypothesis-score", ["hypothesis", "score", x]),
            ("timeline", ["timeline", x])):
        add(name, *arguments)
        for form in ("json", "csv"):
            add(name + "-" + form, *arguments, "--" + form)
    return result


def web_cases(world):
    period = ["--from", "2014-12-22", "--until", "2014-12-22T06:00"]
    mirrors = world.mirrors() + ["--cache", "cache"]
    web = {"writes": "cache", "web": True, "status": (0, 3)}
    return [
        Case("fetch", ["fetch", "--ahead", "0s"] + period + mirrors, **web),
        Case("fetch-registry", ["fetch", "--ahead", "0s", "--registry", "auto", "--cache-size", "1K"] + period + mirrors,
             **web),
        Case("fetch-list", ["fetch", "--ahead", "0s", "--dry-run"] + period + mirrors, **web),
        Case("fetch-offline", ["fetch", "--ahead", "0s", "--offline"] + period + mirrors[:-1] + ["nowhere"], web=True,
             status=(3,)),
        Case("fetch-report", ["report", "KP"] + asking() + period + mirrors, **web),
    ]


# ---- what is missing ----

# In these sections of --help are options that commands share: one of them has to have them. What is in the others is
# the command's own. A parameter is a number for the measurement, and takes no way of its own.
SHARED = {"Recordings", "Inputs", "Archives", "Places", "Details", "Time"}
LEFT_OUT = {"Parameters", "General"}
NOT_HERE = {"key new --passphrase"}      # asks at a terminal


def help_of(world, words):
    return world.must("help", *words).stdout.decode()


def leaves(world, words=()):
    """Each command of the program's table that has none of its own: [("dossier", "source", "add"), …]."""
    text = help_of(world, words)
    listed = re.search(r"^Commands:\n((?:  .*\n)+)", text, re.M)
    if not listed:
        return [words]
    names = re.findall(r"^  (\w+) ", listed.group(1), re.M)
    return [leaf for name in names for leaf in leaves(world, words + (name,))]


def leaf_of(world, case):
    """The words of the command that a case runs; none for --version and its like."""
    words = ()
    while len(words) < len(case.arguments) and words + (case.arguments[len(words)],) in commands_of(world):
        words += (case.arguments[len(words)],)
    return words


def commands_of(world):
    if not hasattr(world, "known_commands"):
        found = leaves(world)
        world.known_commands = {leaf[:count] for leaf in found for count in range(1, len(leaf) + 1)}
    return world.known_commands


def options_of(text):
    """[("Output", "--json"), …] of a command's help, and the letters: {"-c": "--country"}."""
    section, found, letters = None, [], {}
    for line in text.splitlines():
        heading = re.match(r"([A-Z].*?)(?: \(.*\))?:$", line)
        option = re.match(r"  (?:(-\w), |    )(--[a-z0-9-]+)", line)
        if heading:
            section = heading.group(1)
        elif option and section and option.group(2) != "--help":
            found.append((section, option.group(2)))
            if option.group(1):
                letters[option.group(1)] = option.group(2)
    return found, letters


def missing(world, all_cases):
    """Commands, and options of theirs, that no case runs."""
    result, shared, given_anywhere = [], {}, set()
    for words in leaves(world):
        runs = [case.arguments for case in all_cases if tuple(case.arguments[:len(words)]) == words]
        if not runs:
            result.append(" ".join(words))
        found, letters = options_of(help_of(world, words))
        given = {letters.get(word, word) for run in runs for word in run}
        given_anywhere |= given
        for section, option in found:
            if section in SHARED:
                shared.setdefault(option, " ".join(words))
            elif section not in LEFT_OUT and option not in given and " ".join(words + (option,)) not in NOT_HERE:
                result.append(" ".join(words + (option,)))
    return result + ["%s %s" % (shared[option], option) for option in shared if option not in given_anywhere]
