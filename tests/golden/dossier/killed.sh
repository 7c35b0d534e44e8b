# slow
# needs: python3
# An import killed at any instant: the dossier opens, holds the first claims of the file and no others, and the same
# import completes it. 20 instants; 200 with CONSTAT_LONG.
export SOURCE_DATE_EPOCH=1419379200
python3 - <<'END'
import json
lines = ["Line %d says so." % n for n in range(600)]
text = "\n".join(lines)
open("a.txt", "w").write(text)
claims, at = [], 0
for n, line in enumerate(lines):
    claims.append({"source": "a.txt", "quote": line, "start": at, "end": at + len(line), "kind": "fact", "speaker": "A (via B)"})
    at += len(line) + 1
json.dump(claims, open("claims.json", "w"))
END
constat dossier create empty.dossier
constat dossier source add empty.dossier a.txt
cp empty.dossier whole.dossier
begun=$(date +%s%N)
constat dossier claim import whole.dossier claims.json
took=$((($(date +%s%N) - begun) / 1000))
python3 - "$took" "$([ -n "$CONSTAT_LONG" ] && echo 200 || echo 20)" <<'END'
import csv, os, random, shutil, signal, subprocess, sys, time
took, rounds = int(sys.argv[1]) / 1e6, int(sys.argv[2])
def quotes(name):
    out = subprocess.run(["constat", "dossier", "claim", "list", name, "--csv"], check=True, capture_output=True, text=True).stdout
    return [row["exact"] for row in csv.DictReader(out.splitlines(keepends=True))]
whole = quotes("whole.dossier")
assert len(whole) == 600
random.seed(2014)
partly = 0
for round in range(rounds):
    shutil.copy("empty.dossier", "k.dossier")
    if os.path.exists("k.dossier-journal"):
        os.unlink("k.dossier-journal")
    child = subprocess.Popen(["constat", "dossier", "claim", "import", "k.dossier", "claims.json"], stdout=subprocess.DEVNULL)
    time.sleep(random.random() * took * 1.1)
    child.send_signal(signal.SIGKILL)
    child.wait()
    held = quotes("k.dossier")
    assert held == whole[:len(held)], (round, len(held))
    partly += 0 < len(held) < len(whole)
    again = subprocess.run(["constat", "dossier", "claim", "import", "k.dossier", "claims.json"], check=True, capture_output=True, text=True)
    assert quotes("k.dossier") == whole, round
    assert not os.path.exists("k.dossier-journal"), round
    subprocess.run(["constat", "dossier", "verify", "k.dossier"], check=True, stdout=subprocess.DEVNULL)
print("every one a whole prefix, completed by the same import" if partly else "never killed in the middle")
END
