# SPDX-License-Identifier: BSD-2-Clause
"""What the hostile tests share: a small simulated world (world.yaml) in a folder of its own, cases.py's
runs of every command over it with what is right of them, and TAP.

    world = World(constat, server)      # server: tests/web/server.c's program, or None
    world.cases()                       # [Case]
    world.close()
"""
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile

import cases

HERE = os.path.dirname(os.path.abspath(__file__))

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
        self.right = {}
        shutil.copy(os.path.join(HERE, "world.yaml"), self.folder)
        self.must("simulate", "world.yaml", "--out", "world")
        self.recordings = sorted(
            os.path.relpath(os.path.join(folder, name), self.folder)
            for folder, _, names in os.walk(self.path("world")) for name in names
            if name.endswith((".gz", ".bz2")) and os.path.getsize(os.path.join(folder, name)) > 30)
        cases.prepare(self)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)

    def must(self, *arguments):
        """A run that has to succeed."""
        done = self.run(list(arguments))
        if done.returncode != 0:
            raise RuntimeError("constat %s: %s" % (" ".join(arguments), done.stderr.decode()))
        return done

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
            self.write("web-catalogue", cases.CATALOGUE + "registry simulated http://127.0.0.1:%d/"
                       "delegated-simulated\n" % self.port)
        return ["--catalogue", "web-catalogue", "--collectors", "rrc90,route-views.small", "--mirror",
                "one=http://127.0.0.1:%d" % self.port, "--mirror", "two=http://127.0.0.1:%d" % self.port]

    def cases(self, threads=None):
        """With all that they write kept, to compare with."""
        every = cases.cases(self)
        for case in every:
            if threads and "--threads" in cases.help_of(self, cases.leaf_of(self, case)):
                case.arguments += ["--threads", str(threads)]
            if case.writes and not case.web and not case.random and case.name not in self.right:
                self.clear(case)
                self.must(*case.arguments)
                self.right[case.name] = self.path("right", case.name)
                shutil.copytree(self.path(case.writes), self.right[case.name])
        return every

    def clear(self, case):
        if case.writes:
            shutil.rmtree(self.path(case.writes), ignore_errors=True)
            if case.folder:
                os.mkdir(self.path(case.writes))
            for old, name in case.copy.items():
                shutil.copy(self.path(old), self.path(case.writes, name))

    def remains(self, case, within=None):
        """What a run that was stopped left behind and should not have: a list of complaints. `within`: where it
        wrote to, when that is not case.writes."""
        within = within or case.writes
        complaints = []
        if not within:
            return complaints
        top = self.path(within)
        for name in sorted(os.listdir(top)) if os.path.isdir(top) else ():
            for verify in case.verify if name.endswith(case.ending or "") else ():
                done = self.run(verify + [os.path.join(within, name)])
                if done.returncode != 0:
                    complaints.append("%s: %s" % (name, done.stderr.decode()))
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                short = os.path.relpath(path, top)
                if ".tmp-" in name or name.endswith("-journal"):
                    complaints.append("%s: a temporary file" % short)
                elif not case.random:
                    complaints += self.is_whole(case, path, short)
        return complaints

    def is_whole(self, case, path, short):
        """A file is as it was put there, or as it is to become."""
        if case.web:
            # cache/HOST/PATH; what is hidden is the cache's own: parts to go on with, notes
            if "index%" in short or os.path.basename(short).startswith("."):
                return []
            allowed = [self.path("world", short.split(os.sep, 1)[1])]
        else:
            allowed = [os.path.join(self.right[case.name], short)]
        allowed += [self.path(old) for old, name in case.copy.items() if name == short]
        allowed = [name for name in allowed if os.path.exists(name)]
        if not allowed:
            return ["%s: nobody asked for it" % short]
        if any(filecmp.cmp(path, name, shallow=False) for name in allowed) or (case.again and self.completes(case, path)):
            return []
        return ["%s: not whole" % short]

    def completes(self, case, path):
        """The same command makes the dossier what it was to become."""
        done = self.run(case.arguments)
        right = os.path.join(self.right[case.name], os.path.basename(path))
        return done.returncode == 0 and self.must("dossier", "export", path, "--stix").stdout == \
            self.must("dossier", "export", right, "--stix").stdout

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
