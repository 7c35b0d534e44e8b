# SPDX-License-Identifier: BSD-2-Clause
"""What the hostile tests share: a small simulated world (world.yaml) in a folder of its own, a run
of every command over it, and TAP.

    world = World(constat, server)      # server: tests/web/server.c's program, or None
    world.commands()                    # [Command]
    world.close()
"""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

CATALOGUE = """only
archive one routeviews https://one.example
archive two ris https://two.example
collector one route-views.small route-views.small/bgpdata 2014-12-22 2014-12-22T06:00 6h 60m asia Small
collector two rrc90 rrc90 2014-12-22 2014-12-22T06:00 8h 120m europe Small
"""


class Command:
    """`writes`: the folder that it fills, emptied before each run; `reference`: what whole files in it are;
    `folder`: it has to be there; `copy`: a file that is copied into it first; `verify`: the command that must
    accept each file there afterwards whose name ends in `ending`; `random`: the output is never the same."""

    def __init__(self, name, arguments, writes=None, reference=None, web=False, status=(0,), folder=False,
                 copy=None, verify=None, ending=None, random=False):
        self.name = name
        self.arguments = arguments
        self.writes = writes
        self.reference = reference
        self.web = web
        self.folder = folder
        self.copy = copy
        self.verify = verify
        self.ending = ending
        self.random = random
        self.status = status


class World:
    def __init__(self, constat, server=None):
        self.constat = os.path.abspath(constat)
        self.server_program = os.path.abspath(server) if server else None
        self.server = None
        self.folder = tempfile.mkdtemp(prefix="constat-hostile-")
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": self.folder, "LC_ALL": "C.UTF-8",
            "TZ": "Asia/Pyongyang", "TERM": "dumb", "SOURCE_DATE_EPOCH": "1419379200",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        shutil.copy(os.path.join(HERE, "world.yaml"), self.folder)
        with open(self.path("catalogue"), "w") as file:
            file.write(CATALOGUE)
        self.run(["simulate", "world.yaml", "--out", "world"], check=True)
        self.make_dossier()
        self.recordings = sorted(
            os.path.relpath(os.path.join(folder, name), self.folder)
            for folder, _, names in os.walk(self.path("world")) for name in names
            if name.endswith((".gz", ".bz2")) and os.path.getsize(os.path.join(folder, name)) > 30)

    def make_dossier(self):
        with open(self.path("article.txt"), "w") as file:
            file.write("The whole country went dark at 02:15 UTC on 22 December 2014, an expert said.\n")
        self.run(["dossier", "create", "base.dossier", "--title", "A small country"], check=True)
        self.run(["dossier", "source", "add", "base.dossier", "article.txt"], check=True)
        self.run(["dossier", "claim", "add", "base.dossier", "1", "--quote", "went dark at 02:15 UTC", "--kind",
                  "measurement"], check=True)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def run(self, arguments, **options):
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("timeout", 120)
        options.setdefault("env", self.environment)
        return subprocess.run([self.constat] + arguments, cwd=self.folder, **options)

    def start(self, arguments, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("env", self.environment)
        return subprocess.Popen([self.constat] + arguments, cwd=self.folder, **options)

    def mirrors(self):
        """Options for the web server, which is started when first asked for."""
        if self.server is None:
            self.server = subprocess.Popen([self.server_program, self.path("world"), self.path("log")],
                                           stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
            self.port = int(self.server.stdout.readline())
        return ["--catalogue", "catalogue", "--collectors", "rrc90,route-views.small", "--mirror", "one=http://127.0.0.1:%d" % self.port,
                "--mirror", "two=http://127.0.0.1:%d" % self.port]

    def commands(self, threads=None):
        place = ["--place", "world/delegated-simulated"]
        ask = place + ["--as-names", "world/as-names-simulated", "--full-feed", "40"]
        ribs = [name for name in self.recordings if "RIBS" in name or "bview" in name]
        period = ["--from", "2014-12-22", "--until", "2014-12-22T06:00"]
        commands = [
            Command("dump", ["dump"] + self.recordings),
            Command("dump-json", ["dump", "--json", "--path", "_4837_131279$"] + self.recordings),
            Command("dump-csv", ["dump", "--csv", "--more-specific", "175.45.176.0/22"] + self.recordings),
            Command("dump-count", ["dump", "--count"] + self.recordings),
            Command("info", ["info"] + self.recordings),
            Command("info-json", ["info", "--json"] + self.recordings),
            Command("census", ["census"] + ask + ribs),
            Command("upstreams", ["upstreams", "KP"] + ask + ribs),
            Command("frontier", ["frontier"] + ask + ribs),
            Command("cut", ["cut", "AS4837"] + ask + ribs),
            Command("outages", ["outages"] + ask + self.recordings),
            Command("report", ["report", "KP"] + ask + self.recordings),
            Command("report-json", ["report", "AS131279", "--json"] + ask + self.recordings),
            Command("report-csv", ["report", "175.45.176.0/22", "--csv"] + ask + self.recordings),
            Command("archives", ["archives"]),
            Command("simulate", ["simulate", "world.yaml", "--out", "out"], writes="out", reference="world"),
            Command("version", ["--version"]),
            Command("help", ["help", "report"]),
        ]
        page = Command("report-page", ["report", "KP"] + ask + ["--html", "out/page.html", "--svg", "out/figures"] +
                       self.recordings, writes="out", folder=True)
        if not os.path.isdir(self.path("page")):
            self.clear(page)
            self.run(page.arguments, check=True)
            os.rename(self.path("out"), self.path("page"))
        page.reference = "page"
        commands.append(page)
        for name, arguments in (
                ("create", ["create", "out/new.dossier", "--title", "New"]),
                ("source", ["source", "add", "out/copy.dossier", "world.yaml", "--name", "scenario"]),
                ("claim", ["claim", "add", "out/copy.dossier", "1", "--quote", "an expert said", "--kind", "fact"]),
                ("show", ["show", "out/copy.dossier"]),
                ("verify", ["verify", "out/copy.dossier"])):
            commands.append(Command("dossier-" + name, ["dossier"] + arguments, writes="out", folder=True,
                                    copy=("base.dossier", "copy.dossier"), verify=["dossier", "verify"],
                                    ending=".dossier"))
        prove = Command("prove", ["prove", "KP"] + ask + ["--key", "key", "--output", "out/kp.constat"] +
                        self.recordings, writes="out", folder=True)
        if not os.path.isdir(self.path("proof")):
            for key in ("key", "key2"):
                self.run(["key", "new", key + ".example", "--output", key], check=True)
            self.clear(prove)
            self.run(prove.arguments, check=True)
            os.rename(self.path("out"), self.path("proof"))
        prove.reference = "proof"
        commands += [
            prove,
            Command("verify", ["verify", "proof/kp.constat", "--trust", "key.pub"]),
            Command("cosign", ["cosign", "out/copy.constat", "--key", "key2"], writes="out", folder=True,
                    copy=("proof/kp.constat", "copy.constat"), verify=["verify", "--need", "0"], ending=".constat"),
            Command("key", ["key", "new", "third.example", "--output", "out/third"], writes="out", folder=True,
                    verify=["key", "show"], ending="third", random=True),
        ]
        if self.server_program:
            commands += [
                Command("fetch", ["fetch", "--ahead", "0s"] + period + ["--cache", "cache"] + self.mirrors(),
                        writes="cache", web=True, status=(0, 3)),
                Command("fetch-report", ["report", "KP"] + ask + period + ["--cache", "cache"] + self.mirrors(),
                        writes="cache", web=True, status=(0, 3)),
            ]
        reading = {"dump", "info", "census", "upstreams", "frontier", "cut", "outages", "report", "prove", "simulate"}
        for command in commands:
            if threads and command.arguments[0] in reading:
                command.arguments += ["--threads", str(threads)]
        return commands

    def clear(self, command):
        if command.writes:
            shutil.rmtree(self.path(command.writes), ignore_errors=True)
            if command.folder:
                os.mkdir(self.path(command.writes))
            if command.copy:
                shutil.copy(self.path(command.copy[0]), self.path(command.writes, command.copy[1]))

    def remains(self, command):
        """What a run that was stopped left behind and should not have: a list of complaints."""
        complaints = []
        if not command.writes:
            return complaints
        top = self.path(command.writes)
        for name in os.listdir(top) if command.verify and os.path.isdir(top) else ():
            if name.endswith(command.ending):
                done = self.run(command.verify + [os.path.join(command.writes, name)])
                if done.returncode != 0:
                    complaints.append("%s: %s" % (name, done.stderr.decode()))
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                short = os.path.relpath(path, top)
                if ".tmp-" in name:
                    complaints.append("%s: a temporary file" % short)
                elif command.reference:
                    complaints += self.differs(path, self.path(command.reference, short), short)
                elif command.web and name.endswith((".gz", ".bz2")) and not name.startswith("."):
                    # cache/HOST/PATH; what is hidden is the cache's own: parts to go on with, notes
                    inside = short.split(os.sep, 1)[1]
                    complaints += self.differs(path, self.path("world", inside), short)
        return complaints

    @staticmethod
    def differs(path, reference, short):
        with open(path, "rb") as file:
            content = file.read()
        try:
            with open(reference, "rb") as file:
                return [] if file.read() == content else ["%s: not whole" % short]
        except FileNotFoundError:
            return ["%s: nobody asked for it" % short]

    def close(self):
        if self.server:
            self.server.kill()
            self.server.wait()
            self.server.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Tap:
    """Results one a line; the plan comes last."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def result(self, name, complaints, note=""):
        self.count += 1
        self.failed += bool(complaints)
        print("%sok %d - %s%s" % ("not " if complaints else "", self.count, name, " # " + note if note else ""),
              flush=True)
        for complaint in complaints[:20]:
            print("#   " + complaint)
            print("%s: %s" % (name, complaint), file=sys.stderr)

    def skip(self, name, why):
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, name, why), flush=True)

    def end(self):
        print("1..%d" % self.count)
        return 1 if self.failed else 0
