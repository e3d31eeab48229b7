"""What an import of the three real files must give, computed from the raw files in another way:
counts, services, SIRET, original rows.  count.py BINARY DIR DATA REFERENCE
BINARY has imported the communes of DATA into DIR, and nothing else yet."""
import collections, csv, json, re, sqlite3, subprocess, sys, unicodedata

binary, folder, data, reference = sys.argv[1:5]
passed = failed = 0


def check(what, got, expected):
    global passed, failed
    if got == expected:
        passed += 1
    else:
        failed += 1
        print(f'FAILED {what}: {got!r}, expected {expected!r}')


def fold(s):
    s = unicodedata.normalize('NFD', s.lower().replace('œ', 'oe'))
    return ' '.join(re.sub('[^a-z0-9]+', ' ', ''.join(c for c in s if not unicodedata.combining(c))).split())


def load(name):
    path = f'{data}/lieux/{name}'
    if name.endswith('.json'):
        return json.load(open(path, encoding='utf-8'))
    return [{k: v.strip() for k, v in row.items()} for row in csv.DictReader(open(path, encoding='utf-8'))]


def run(name):
    out = subprocess.run([binary, 'lieu', 'import', '--data', folder, '--json', '--sans-reunir', f'{data}/lieux/{name}'],
                         capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    return json.loads(out.stdout)


def luhn(s):
    digits = [int(c) for c in reversed(s)]
    return sum(d if i % 2 == 0 else d * 2 // 10 + d * 2 % 10 for i, d in enumerate(digits)) % 10 == 0


def siret(s):
    return bool(re.fullmatch(r'\d{14}', s)) and s.strip('0') != '' and (
        luhn(s) or (s.startswith('356000000') and sum(map(int, s)) % 5 == 0))


WORDS = re.compile(r'\b(chrs|huda|cada|cph|chu|hebergement d urgence|violences?|victimes?|'
                   r'solidarite femmes?|demandeurs? d asile)\b')
schema = json.load(open(f'{reference}/lieux_schema.json', encoding='utf-8'))
services = schema['data_inclusion']['from_data_inclusion']['THEMATIQUES_TO_SERVICES']
names = [x['value'] for x in schema['enumerations']['services']]
total = 0
seen = {}
for name, source in (('cnfs_2022-12.json', 'cnfs'), ('data-inclusion_2023-02.json', 'data-inclusion'),
                     ('france_services_2022-12-01.csv', 'france_services')):
    rows = load(name)
    total += len(rows)
    ident = 'id' if 'id' in rows[0] else 'id_fs'
    title = 'nom' if 'nom' in rows[0] else 'lib_fs'
    town = 'commune' if 'commune' in rows[0] else 'lib_com'
    # a row that no coordinates, no commune and no postal code place
    lost = [r for r in rows if not r.get('latitude') and not r[town] and not r['code_postal']]
    keys = collections.Counter((r.get('source', ''), r[ident]) for r in rows)
    merged = sum(n - 1 for n in keys.values())
    repeated = len(rows) - len({r[ident] for r in rows}) - merged
    t = run(name)
    check(f'{name} read', t['lus'], len(rows))
    check(f'{name} refused', t['refuses'], len(lost))
    check(f'{name} merged', t['fusionnes'], merged)
    check(f'{name} ids that two providers use', t['repetes'], repeated)
    check(f'{name} accepted', t['acceptes'], len(rows) - len(lost) - merged)
    check(f'{name} written', t['modifies'], t['acceptes'])
    check(f'{name} written the second time', run(name)['modifies'], 0)
    seen[source] = {r[ident] for r in rows}

    db = sqlite3.connect(f'file:{folder}/tremplin.db?mode=ro', uri=True)
    db.row_factory = sqlite3.Row
    stored = {}
    for r in db.execute('SELECT l.*, s.champs FROM lieu l JOIN lieu_source s ON s.lieu_id = l.id '
                        'JOIN source c ON c.id = s.source_id WHERE c.nom = ?', (source,)):
        raw = json.loads(r['champs'])
        stored[raw.get('source', ''), raw[ident]] = (r, raw)
    check(f'{name} stored', len(stored), t['acceptes'])

    def stored_of(r):
        return stored[r.get('source', ''), r[ident]]

    kept = [r for r in rows if r not in lost]
    check(f'{name} original rows letter for letter',
          sum(all((float(raw[k]) == v if isinstance(v, float) else raw[k] == v.strip(' ') or raw[k] == v)
                  for k, v in r.items()) for r in kept for raw in [stored_of(r)[1]]), len(kept))
    hidden = [r for r in kept if WORDS.search(fold(r[title]))]
    print(f'{name}: {len(hidden)} names that look like a shelter, {t["non_publies"]} unpublished')
    check(f'{name} shelters unpublished', sum(stored_of(r)[0]['publication'] == 'protege' for r in hidden),
          len(hidden))
    check(f'{name} positions of their own', sum(stored_of(r)[0]['position'] == 'source'
          for r in kept if not r.get('latitude')), 0)
    if 'services' not in rows[0]:
        continue
    check(f'{name} services', sum(
        set(stored_of(r)[0]['services'].split('|'))
        == {services['numerique--' + fold(s).replace(' ', '-')] for s in r['services'].split(';')}
        for r in kept), len(kept))
    check(f'{name} SIRET kept', sum(stored_of(r)[0]['pivot'] == r['pivot'] for r in kept if siret(r['pivot'])),
          sum(siret(r['pivot']) for r in kept))
    check(f'{name} wrong SIRET out', sum(stored_of(r)[0]['pivot'] is not None
          for r in kept if not siret(r['pivot'])), 0)

check('rows in all', total, 11424)
check('ids of the second file that the first has', len(seen['cnfs'] & seen['data-inclusion']), 2545)
db = sqlite3.connect(f'file:{folder}/tremplin.db?mode=ro', uri=True)
check('places that two sources share', db.execute(
    'SELECT count(*) FROM (SELECT lieu_id FROM lieu_source GROUP BY lieu_id HAVING count(*) > 1)').fetchone()[0], 0)
print(f'count: {passed} passed, {failed} failed')
sys.exit(failed > 0)
