#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Follows what `constat report` says of causes back into the recordings.

	trace.py ARGUMENTS-OF-CONSTAT-REPORT…

Of every fact, in JSON and in the text of --records: does it name events, or what there was none of and where that was searched?
Of every event named: does `constat dump` find it in the record of that number, at that byte? Of every search: do the inputs named
have as many records in those minutes, and no others any? Prints one line, and what is wrong; exits 1 if anything is.
"""
import bz2, gzip, json, re, struct, subprocess, sys
from calendar import timegm
from datetime import datetime

faults = []


def fault(text):
    faults.append(text)


def constat(*arguments):
    run = subprocess.run(["constat", *arguments], capture_output=True, text=True)
    if run.returncode not in (0, 3):       # 3: something in the recordings is not as it should be
        sys.exit(run.stderr)
    return run.stdout


def seconds(text):
    return timegm(datetime.strptime(text[:19].replace("T", " "), "%Y-%m-%d %H:%M:%S").timetuple())


class Input:
    """One recording: the time and place of each record by its header alone; by `constat dump` what those wanted say."""

    def __init__(self, name):
        with open(name, "rb") as file:
            head = file.read(3)
        read = {b"\x1f\x8b\x08": gzip.open, b"BZh": bz2.open}.get(head, open)
        with read(name, "rb") as file:
            data = file.read()
        self.name, self.records, self.said, self.wanted, at = name, [], None, set(), 0
        while at + 12 <= len(data):
            self.records.append((struct.unpack_from(">I", data, at)[0], at))
            at += 12 + struct.unpack_from(">I", data, at + 8)[0]

    def events(self, record, offset):
        if self.said is None:
            self.said = {}
            # a RIB has half a million entries, and few of them are asked for
            filters = ["-k", "all"] if None in self.wanted else [word for network in self.wanted for word in ("-p", network)]
            for line in constat("dump", "--json", *filters, self.name).splitlines():
                event = json.loads(line)
                self.said.setdefault((event.get("record"), event.get("offset")), []).append(event)
        return self.said.get((record, offset), [])

    def count(self, first, last):
        return sum(1 for time, _ in self.records if first <= time // 60 <= last)


inputs = {}


def input_of(name):
    if name not in inputs:
        inputs[name] = Input(name)
    return inputs[name]


# What stands in the record, by what it is called in the report.
DUMPED = {"announce": "announce", "withdraw": "withdraw", "rib-entry": "rib-entry", "session-down": "state", "session-up": "state",
          "announced-again": "announce", "last-heard": None}
seen = set()


def check_event(event, name, record, offset):
    """`event`: time (to the second), peer, peer_as, kind, network, path."""
    key = (tuple(sorted(event.items())), name, record, offset)
    if key in seen:
        return
    seen.add(key)
    source = input_of(name)
    if not 1 <= record <= len(source.records) or source.records[record - 1][1] != offset:
        return fault("%s: no record %d at byte %d" % (name, record, offset))
    kind = DUMPED[event["kind"]]
    for said in source.events(record, offset):
        path = " ".join(str(hop) if isinstance(hop, int) else "{%s}" % ",".join(map(str, hop)) for hop in said.get("path", []))
        if (kind in (None, said["kind"]) and said.get("peer") == event["peer"] and said.get("peer_as") == event["peer_as"] and
                event["network"] in ("", said.get("prefix")) and event["path"] in ("", path) and
                seconds(said["time"]) <= seconds(event["time"])):
            return None
    return fault("%s, record %d at byte %d does not say: %s" % (name, record, offset, event))


def check_json(finding):
    report, provenance = finding["result"]["report"], finding["provenance"]
    names = [source["name"] for source in provenance["inputs"]]
    bases = {"events": 0, "absence": 0, "both": 0, "nothing": 0}
    for cause in report["causes"]:
        for fact in cause["facts"]:
            what = "outage %d, %s (%s)" % (cause["outage"], fact["fact"], fact["reading"])
            basis = fact["basis"]
            bases[basis] += 1
            if (basis in ("events", "both")) != bool(fact["records"]) or (basis in ("absence", "both")) != bool(fact["searched"]):
                fault("%s: %s, but %d records, search %d" % (what, basis, len(fact["records"]), fact["searched"]))
            if (basis == "events") != (fact["absent"] == ""):
                fault("%s: %s, absent: %s" % (what, basis, fact["absent"]))
            if basis == "nothing" and not fact["reading"].startswith("not-"):
                fault("%s rests on nothing" % what)
            if sorted(set(fact["records"])) != fact["records"] or fact["searched"] > len(report["searches"]):
                fault("%s: records %s, search %d" % (what, fact["records"], fact["searched"]))
            # of how many it counts there cannot be more than it names and leaves out
            if fact["fact"] in ("vantage-spread", "path-hunting", "origin-change") and basis == "events":
                if len(fact["records"]) + fact["records_left_out"] < fact["count"]:
                    fault("%s: %d of %d" % (what, len(fact["records"]) + fact["records_left_out"], fact["count"]))
    for event, place in zip(report["events"], provenance["events"], strict=True):
        input_of(names[place["input"] - 1]).wanted.add(event["network"] or None)
    for event, place in zip(report["events"], provenance["events"], strict=True):
        if event["number"] != place["number"]:
            fault("event %d stands where event %d does" % (event["number"], place["number"]))
        fields = {key: event[key] for key in ("time", "peer", "peer_as", "kind", "network", "path")}
        check_event(fields, names[place["input"] - 1], place["record"], place["offset"])
    for search, searched in zip(report["searches"], provenance["searches"], strict=True):
        first, last = seconds(search["from"]) // 60, seconds(search["until"]) // 60
        counts = [input_of(name).count(first, last) for name in names]
        listed = set()
        for part in searched["inputs"].split():
            ends = [int(number) for number in part.split("-")]
            listed.update(range(ends[0], ends[-1] + 1))
        if sum(counts) != searched["records"] or {i + 1 for i, count in enumerate(counts) if count} != listed:
            fault("search %d: %d records in %s, not %d in %s" % (search["number"], sum(counts), sorted(i + 1 for i, c in enumerate(counts) if c),
                                                               searched["records"], searched["inputs"]))
    return bases


EVENT = re.compile(r"      (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\S*  (\S+)  (\S+) AS(\d+)  (\S+)(?: (\S+))?(?:  (.*))?$")
PLACE = re.compile(r"        (.*), record (\d+) at byte (\d+)$")


def check_text(text):
    """How many facts are printed; each is a paragraph with what it rests on below it."""
    facts = traced = 0
    within, event = False, None
    for line in text.splitlines() + [""]:
        if line.startswith("Why: the outage of"):
            within, facts, traced = True, facts, traced
        elif within and (line.startswith("  hypothesis ") or not line.startswith("  ")):
            within = False
        elif within and re.match(r"  \S", line):
            if facts != traced:
                fault("a fact with nothing below it, before: %s" % line)
                traced = facts
            facts += 1
        elif within and re.match(r"      \S", line):
            traced = facts
            match = EVENT.match(line)
            event = match and {"time": match[1], "peer": match[3], "peer_as": int(match[4]), "kind": match[5],
                               "network": match[6] or "", "path": match[7] or ""}
        elif within and event and PLACE.match(line):
            match = PLACE.match(line)
            check_event(event, match[1], int(match[2]), int(match[3]))
            event = None
    if facts != traced:
        fault("the last fact has nothing below it")
    return facts


def main(arguments):
    bases = check_json(json.loads(constat("report", "--json", "--no-hash", *arguments)))
    said = len(seen)
    # the text has the two gravest outages in full, unless all rows are asked for
    printed = check_text(constat("report", "--records", "--rows", "0", "--no-hash", *arguments))
    if printed != sum(bases.values()):
        fault("%d facts are printed" % printed)
    print("%d facts (events: %d, absence: %d, both: %d, nothing: %d) in JSON and text; %d events found where they are said to be"
          % (sum(bases.values()), bases["events"], bases["absence"], bases["both"], bases["nothing"], said))
    for text in faults[:20]:
        print(text)
    return 1 if faults else 0


sys.exit(main(sys.argv[1:]))
