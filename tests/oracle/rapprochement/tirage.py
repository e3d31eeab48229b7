"""tirage.py BINARY DIR DATA SEED [OLD.csv]: draws 300 pairs of the eight files to be labelled by hand, ids only, on stdout.

Blind: the drawing knows the score's band and the two sources, the reader is shown neither the score nor what the
matching did.  Seven strata: six bands of the score, and pairs that the matching never looks at or puts under 0.02
(same postal code and a rather rare word of the name in common, or less than 120 m apart).  In each stratum the couples
of sources take turns, in an order that the seed gives, so that the two largest files do not fill the sample.
Pairs of OLD.csv are left out.  The size of each stratum is written on stderr: rates of the sample become
rates of the files with it."""
import collections, csv, math, random, re, sqlite3, subprocess, sys, unicodedata

BINARY, DIR, DATA, SEED = sys.argv[1:5]
FILES = [('cnfs', 'cnfs_2022-12.json', None), ('data-inclusion', 'data-inclusion_2023-02.json', None),
         ('france_services', 'france_services_2022-12-01.csv', None),
         ('aidants-connect', 'aidants-connect_2023-01.json', 'aidants-connect'), ('hinaura', 'hinaura_2022-11.json', 'hinaura'),
         ('haute-vienne', 'haute-vienne.json', 'haute-vienne'), ('gironde', 'gironde.json', 'gironde'),
         ('nouvelle-caledonie', 'nouvelle-caledonie.json', 'nouvelle-caledonie')]
BANDS = [('hors', 0, 40), ('0.02', 0.02, 40), ('0.20', 0.20, 40), ('0.50', 0.50, 50), ('0.93', 0.93, 40),
         ('0.97', 0.97, 40), ('0.99', 0.99, 50)]


def run(*words):
    out = subprocess.run([BINARY, *words], capture_output=True, text=True)
    assert out.returncode == 0, (words, out.stderr)


def fold(s):
    s = unicodedata.normalize('NFD', s.lower().replace('œ', 'oe'))
    return [w for w in re.split(r'[^a-z0-9]+', ''.join(c for c in s if not unicodedata.combining(c))) if len(w) > 2]


run('territoire', 'import', '--data', DIR, *(f'{DATA}/{f}.csv' for f in (
    'communes_france', 'arrondissements_municipaux', 'epci', 'departements', 'regions')))
for name, file, mapping in FILES:
    run('lieu', 'import', '--sans-reunir', '--data', DIR, '--source', name,
        *(['--mapping', mapping] if mapping else []), f'{DATA}/lieux/{file}')
run('lieu', 'match', '--essai', '--tout', '--data', DIR, '--paires', f'{DIR}/paires.tsv')

db = sqlite3.connect(f'{DIR}/tremplin.db')
names = dict(db.execute('SELECT id, nom FROM source'))
rows = [((names[q], i), nom, postal or '', lat, lon) for q, i, nom, postal, lat, lon in db.execute(
    'SELECT s.source_id, s.id_source, l.nom, l.code_postal, l.latitude, l.longitude'
    " FROM lieu_source s JOIN lieu l ON l.id = s.lieu_id"
    " WHERE l.publication <> 'retire' ORDER BY s.source_id, s.id_source")]
old = set()
for path in sys.argv[5:]:
    old |= {frozenset([(p['source_a'], p['id_a']), (p['source_b'], p['id_b'])]) for p in csv.DictReader(open(path))}
strata = {b[0]: collections.defaultdict(list) for b in BANDS}
seen = set()


def put(band, x, y):
    x, y = sorted([x, y])
    if frozenset([x, y]) not in old:
        strata[band][x[0], y[0]].append((x, y))


for p in csv.DictReader(open(f'{DIR}/paires.tsv'), delimiter='\t'):
    x, y = (names[p['source_a']], p['id_a']), (names[p['source_b']], p['id_b'])
    seen.add(frozenset([x, y]))
    put([b[0] for b in BANDS if float(p['score']) >= b[1]][-1], x, y)

words = collections.Counter(w for r in rows for w in set(fold(r[1])))
near, far = collections.defaultdict(list), set()
for n, (key, nom, postal, lat, lon) in enumerate(rows):
    for w in set(fold(nom)):
        if postal and words[w] < len(rows) / 50:
            near[postal, w].append(n)
    if lat is not None:
        near[round(lat * 800), round(lon * 800 * math.cos(math.radians(lat)))].append(n)
for block in near.values():
    for i, x in enumerate(block):
        far |= {(x, y) for y in block[i + 1:] if frozenset([rows[x][0], rows[y][0]]) not in seen}
for x, y in sorted(far):
    put('hors', rows[x][0], rows[y][0])

drawn = []
chance = random.Random(SEED)
for band, _, quota in BANDS:
    couples = {c: chance.sample(sorted(p), min(len(p), quota)) for c, p in sorted(strata[band].items())}
    print(band, sum(len(p) for p in strata[band].values()), file=sys.stderr)
    order = chance.sample(sorted(couples), len(couples))
    taken = []
    while len(taken) < quota and any(couples.values()):
        taken += [couples[c].pop() for c in order if couples[c]]
    drawn += [(x, y, band) for x, y in taken[:quota]]
out = csv.writer(sys.stdout, lineterminator='\n')
out.writerow(['source_a', 'id_a', 'source_b', 'id_b', 'bande'])
for x, y, band in sorted(drawn):
    out.writerow([*x, *y, band])
