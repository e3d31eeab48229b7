"""paires.py BINARY DIR DATA: precision and recall of the matching on pairs labelled by hand, and what must hold of it.

The labels are tests/orient/rapprochement_paires.csv: 300 pairs drawn from the eight files, as many in each band of the
score as in the others, a fifth of them from pairs that the matching itself never looks at (same postal code and names
alike, or less than 120 m apart).  So they are hard pairs: of pairs taken blindly nearly all would be plain.
"same": one organisation at one door, as a coordinator would decide; a town hall and what it houses are two."""
import csv, json, sqlite3, subprocess, sys, time

BINARY, DIR, DATA = sys.argv[1:]
FILES = [('cnfs', 'cnfs_2022-12.json', None), ('data-inclusion', 'data-inclusion_2023-02.json', None),
         ('france_services', 'france_services_2022-12-01.csv', None),
         ('aidants-connect', 'aidants-connect_2023-01.json', 'aidants-connect'), ('hinaura', 'hinaura_2022-11.json', 'hinaura'),
         ('haute-vienne', 'haute-vienne.json', 'haute-vienne'), ('gironde', 'gironde.json', 'gironde'),
         ('nouvelle-caledonie', 'nouvelle-caledonie.json', 'nouvelle-caledonie')]
# held a little under what was measured (docs/lieux-tenir-a-jour.md): a change that loses more is seen
PRECISION, FOUND = 0.975, 0.95
passed = failed = 0


def check(sentence, good, why=''):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print('ok' if good else 'FAILED', sentence, '' if good else why)


def run(*words):
    out = subprocess.run([BINARY, *words], capture_output=True, text=True)
    assert out.returncode == 0, (words, out.stderr)
    return out.stdout


def bring(order):
    for name, file, mapping in order:
        # the names of the sources are those of the labels, whatever a mapping carries
        run('lieu', 'import', '--data', DIR, '--source', name, *(['--mapping', mapping] if mapping else []), f'{DATA}/lieux/{file}')


def places():
    db = sqlite3.connect(f'{DIR}/tremplin.db')
    rows = {(a, b): c for a, b, c in db.execute(
        'SELECT q.nom, s.id_source, s.lieu_id FROM lieu_source s JOIN source q ON q.id = s.source_id')}
    asked = set()
    for a, b in db.execute("SELECT a.lieu_id, b.lieu_id FROM rapprochement r"
                           " JOIN lieu_source a ON a.source_id = r.source_a AND a.id_source = r.id_a"
                           " JOIN lieu_source b ON b.source_id = r.source_b AND b.id_source = r.id_b"
                           " WHERE r.etat IN ('attente', 'plus_tard')"):
        asked |= {(a, b), (b, a)}
    db.close()
    return rows, asked


run('territoire', 'import', '--data', DIR, *(f'{DATA}/{f}.csv' for f in (
    'communes_france', 'arrondissements_municipaux', 'epci', 'departements', 'regions')))
bring(FILES)
rows, asked = places()
pairs = list(csv.DictReader(open('tests/orient/rapprochement_paires.csv')))
merged = wrong = same = waiting = useless = 0
for p in pairs:
    a, b = rows[p['source_a'], p['id_a']], rows[p['source_b'], p['id_b']]
    truth, one = p['label'] == 'same', a == b
    same += truth
    merged += one
    wrong += one and not truth
    waiting += truth and not one and (a, b) in asked
    useless += not truth and (a, b) in asked
right = merged - wrong
precision, alone, found = right / merged, right / same, (right + waiting) / same
print(f'{len(pairs)} pairs, {same} are the same place: {right} merged by themselves, {waiting} asked to a person, '
      f'{same - right - waiting} missed; {wrong} merged wrongly, {useless} asked for nothing')
print(f'precision of what merges by itself {precision:.3f}; recall {found:.3f} with what a person is asked, '
      f'{alone:.3f} without')
check(f'what merges by itself is right (at least {PRECISION})', precision >= PRECISION, precision)
check(f'what is the same is merged or asked (at least {FOUND})', found >= FOUND, found)
check('each row of the eight files stands in one place', len(rows) == len(set(rows)) and len(rows) > 15000, len(rows))

db = sqlite3.connect(f'{DIR}/tremplin.db')
check('no protected row stands in a public place', db.execute(
    "SELECT count(*) FROM lieu l JOIN lieu_source s ON s.lieu_id = l.id JOIN lieu o ON o.id = s.lieu_origine"
    " WHERE l.publication = 'publie' AND o.adresse_protegee = 1").fetchone()[0] == 0)
check('every old id leads to a place that is there', db.execute(
    "SELECT count(*) FROM lieu_alias a LEFT JOIN lieu l ON l.id = a.lieu_id"
    " WHERE l.id IS NULL OR l.publication_motif = 'fusion'").fetchone()[0] == 0)
fiches = dict(db.execute('SELECT id, maj_le FROM lieu'))
table = db.execute('SELECT source_a, id_a, source_b, id_b, etat FROM rapprochement ORDER BY 1, 2, 3, 4').fetchall()
db.close()
bring(reversed(FILES))
bring(FILES)
db = sqlite3.connect(f'{DIR}/tremplin.db')
again = dict(db.execute('SELECT id, maj_le FROM lieu'))
check('importing all again, in both orders, writes no record', fiches == again,
      sum(fiches[k] != again.get(k) for k in fiches))
after = db.execute('SELECT source_a, id_a, source_b, id_b, etat FROM rapprochement ORDER BY 1, 2, 3, 4').fetchall()
check('and asks nothing more', {r[:4] for r in after if r[4] == 'attente'} <= {r[:4] for r in table}, len(after) - len(table))
db.close()
print(f'{passed} passed, {failed} failed')
sys.exit(1 if failed else 0)
