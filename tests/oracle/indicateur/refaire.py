"""refaire.py BINARY DIR SEED...: makes a country for each seed, imports it with BINARY, and
works every value out again: rates, sums above, merged communes, distances."""
import csv
import json
import math
import os
import random
import subprocess
import sys

BINARY, DIR, SEEDS = sys.argv[1], sys.argv[2], [int(s) for s in sys.argv[3:]]
passed = failed = 0


def check(what, good, seen=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        if failed < 20:
            print("FAIL", what, seen)


def run(*args):
    p = subprocess.run([BINARY, *args], capture_output=True, text=True)
    if p.returncode:
        sys.exit("%s: %s" % (" ".join(args), p.stderr))
    return p.stdout


def write(path, rows, sep=";", encoding="utf-8"):
    with open(path, "w", encoding=encoding, newline="") as f:
        csv.writer(f, delimiter=sep, lineterminator="\n").writerows(rows)


class Country:
    """Départements 01 to 09 in régions 11, 24; EPCI across; some communes merged of two or three."""

    def __init__(self, chance):
        self.communes = {}
        self.old = {}
        for d in range(1, 10):
            for k in range(1, chance.randint(5, 40)):
                code = "%02d%03d" % (d, k)
                self.communes[code] = {
                    "dep": "%02d" % d, "reg": "11" if d < 5 else "24",
                    "epci": "2000000%02d" % chance.randint(10, 29),
                    "pop": chance.choice([0, chance.randint(1, 300), chance.randint(300, 90000)]),
                    "lat": 44 + d / 2 + chance.random() / 2, "lon": 1 + chance.random() * 4,
                }
                if chance.random() < .1:
                    self.old[code] = ["%02d%03d" % (d, 500 + 2 * k), "%02d%03d" % (d, 501 + 2 * k)]

    def files(self, base):
        write(base + "/communes.csv", [["code", "nom", "departement", "region", "epci", "population",
                                        "codes_postaux", "lat", "lon"]] +
              [[c, "C " + c, x["dep"], x["reg"], x["epci"], x["pop"], "", "%.5f" % x["lat"],
                "%.5f" % x["lon"]] for c, x in self.communes.items()])
        write(base + "/epci.csv", [["code", "nom", "type", "population"]] +
              [[e, "E " + e, "CC", 1] for e in sorted({x["epci"] for x in self.communes.values()})])
        write(base + "/dep.csv", [["code", "nom", "region", "chef_lieu"]] +
              [["%02d" % d, "D", "11" if d < 5 else "24", "%02d001" % d] for d in range(1, 10)])
        write(base + "/reg.csv", [["code", "nom", "chef_lieu"], ["11", "A", "01001"], ["24", "B", "05001"]])
        write(base + "/mvt.csv", [["MOD", "DATE_EFF", "TYPECOM_AV", "COM_AV", "TYPECOM_AP", "COM_AP"]] +
              [["32", "2019-01-01", "COM", o, "COM", c] for c, l in self.old.items() for o in [c] + l], ",")


def cell(chance, v):
    """As an office writes it: a point, a comma, sometimes a space."""
    text = chance.choice(["%.4f", "%.2f", "%d"]) % v
    return text.replace(".", ",") if chance.random() < .5 else text


def number(text):
    return float(text.replace(",", ".")) if text[:1].isdigit() else None


def census(country, chance, base):
    """A base in the geography of before: P_POP, P_POP65P, MED; some secret, some missing."""
    rows = []
    for c in country.communes:
        for code in [c] + country.old.get(c, []):
            if chance.random() < .02:
                continue
            pop = 0 if chance.random() < .03 else chance.random() * 5000
            r = [code, cell(chance, pop), cell(chance, pop * chance.random() * .9),
                 cell(chance, 15000 + chance.random() * 15000)]
            if number(r[1]) < number(r[2]):
                r[2] = "0"
            if chance.random() < .05:
                r[3] = chance.choice(["s", "ns", "nd", ""])
            if chance.random() < .02:
                r[2] = "s"
            if chance.random() < .3 and code[0] == "0":
                r[0] = code[1:]
            rows.append(r)
    chance.shuffle(rows)
    write(base + "/census.csv", [["CODGEO", "P15_POP", "P15_POP65P", "MED15"]] + rows,
          encoding="cp1252")
    return {r[0].zfill(5): r[1:] for r in rows}


MARKS = {"s": "secret", "ns": "non_significatif", "nd": "non_disponible", "": "non_disponible"}
RANK = {"valeur": 0, "sans_objet": 1, "non_disponible": 2, "non_significatif": 3, "secret": 4}


def commune_facts(country, seen):
    """(statut, value, num, den) by indicator and commune of today."""
    out = {"older_65_rate": {}, "population": {}, "median_income": {}}
    for c in country.communes:
        parts = [seen[x] for x in [c] + country.old.get(c, []) if x in seen]
        if not parts:
            continue
        out["population"][c] = ("valeur", sum(number(p[0]) for p in parts))
        states, num, den = [], 0, 0
        for pop, old, _ in parts:
            if old in MARKS:
                states.append(MARKS[old])
            elif number(pop) > 0:
                states.append("valeur")
                num += number(old)
                den += number(pop)
        worst = max(states, key=RANK.get) if states else "sans_objet"
        out["older_65_rate"][c] = (worst, 100 * num / den if den else None, num, den)
        marks = [MARKS[p[2]] for p in parts if p[2] in MARKS]
        if marks:
            out["median_income"][c] = (max(marks, key=RANK.get), None)
        else:
            w = [max(number(p[0]), 0) or 1 for p in parts]
            out["median_income"][c] = ("valeur", sum(number(p[2]) * k for p, k in zip(parts, w)) / sum(w))
    return out


def above(country, facts, key):
    """Sums of a level above: (numerator, denominator) where 95 % of the people are known."""
    known, all_, num, den = {}, {}, {}, {}
    for c, x in country.communes.items():
        k, w = key(x), x["pop"] or 1
        all_[k] = all_.get(k, 0) + w
        f = facts.get(c)
        if f is None or f[0] not in ("valeur", "sans_objet"):
            continue
        known[k] = known.get(k, 0) + w
        if f[0] == "valeur":
            num[k] = num.get(k, 0) + f[2]
            den[k] = den.get(k, 0) + f[3]
    return {k: 100 * num[k] / den[k] for k in num if known[k] >= .95 * all_[k]}


def close(a, b):
    return a is not None and b is not None and abs(a - b) <= 1e-9 * max(1, abs(a), abs(b))


def exported(data, indicateur, niveau):
    rows = csv.DictReader(run("indicateur", "export", "--data", data, "--indicateur", indicateur,
                              "--niveau", niveau).splitlines())
    return {r["code"]: (r["statut"], float(r["valeur"]) if r["valeur"] else None) for r in rows}


def same(name, want, have):
    check(name + ": territories", set(want) == set(have), sorted(set(want) ^ set(have))[:5])
    for c in set(want) & set(have):
        s, v = want[c][0], want[c][1]
        good = s == have[c][0] and (s != "valeur" or close(v, have[c][1]))
        check("%s %s" % (name, c), good, (want[c], have[c]))


def metres(a, b):
    la, lb = math.radians(a[0]), math.radians(b[0])
    h = (math.sin((lb - la) / 2) ** 2 +
         math.cos(la) * math.cos(lb) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2)
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


SERVICES = {"F307": "library_distance", "A122": "public_service_distance", "A120": "public_service_distance",
            "A128": "public_service_distance", "A206": "public_service_distance"}


def facilities(country, chance, base, data):
    points = {t: [] for t in SERVICES}
    rows = []
    for c, x in country.communes.items():
        for t in [*SERVICES, "B201"]:
            if chance.random() < .2 or c.endswith("001"):
                at = (round(x["lat"] + chance.random() * .1, 5), round(x["lon"] + chance.random() * .1, 5))
                rows.append(["2021", c, t, "%.5f" % at[0], "%.5f" % at[1]])
                if t in points:
                    points[t].append(at)
    write(base + "/bpe.csv", [["AN", "DEPCOM", "TYPEQU", "LATITUDE", "LONGITUDE"]] + rows)
    run("indicateur", "import", "--data", data, base + "/bpe.csv")
    for indicateur in set(SERVICES.values()):
        have = exported(data, indicateur, "commune")
        for c, x in country.communes.items():
            at = (float("%.5f" % x["lat"]), float("%.5f" % x["lon"]))
            d = [min(metres(at, p) for p in points[t]) for t in SERVICES if SERVICES[t] == indicateur]
            check("%s %s" % (indicateur, c), c in have and abs(have[c][1] - sum(d) / len(d)) < 1e-6,
                  have.get(c))


for seed in SEEDS:
    chance = random.Random(seed)
    base = os.path.join(DIR, str(seed))
    data = base + "/data"
    os.mkdir(base)
    country = Country(chance)
    country.files(base)
    run("territoire", "import", "--data", data, *(base + f for f in (
        "/communes.csv", "/epci.csv", "/dep.csv", "/reg.csv")))
    run("indicateur", "import", "--data", data, base + "/mvt.csv")
    seen = census(country, chance, base)
    first = json.loads(run("indicateur", "import", "--data", data, "--json", base + "/census.csv"))
    check("every row is taken", first["acceptes"] == len(seen) and first["refuses"] == 0, first)
    again = json.loads(run("indicateur", "import", "--data", data, "--json", base + "/census.csv"))
    check("a second import changes nothing", again["modifies"] == 0, again)
    facts = commune_facts(country, seen)
    for name, want in facts.items():
        same(name, want, exported(data, name, "commune"))
    for niveau, key in (("epci", lambda x: x["epci"]), ("departement", lambda x: x["dep"]),
                        ("region", lambda x: x["reg"]), ("france", lambda x: "FR")):
        want = {k: ("valeur", v) for k, v in above(country, facts["older_65_rate"], key).items()}
        same("older_65_rate " + niveau, want, exported(data, "older_65_rate", niveau))
    facilities(country, chance, base, data)

print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
