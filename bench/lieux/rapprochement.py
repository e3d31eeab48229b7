"""rapprochement.py BINARY DATA: how the matching grows at 5, 20 and 80 thousand rows made from the real ones.

A bigger France: each copy of the 15,707 rows is the same place moved by a few communes (its position, its INSEE code and
its street keep their shape), so that blocks are as full as they are in reality.  Prints seconds of `lieu match --tout`."""
import json, math, os, random, shutil, sqlite3, subprocess, sys, tempfile, time

BINARY, DATA = sys.argv[1:]
random.seed(8)
FILES = [('cnfs_2022-12.json', None), ('data-inclusion_2023-02.json', None), ('france_services_2022-12-01.csv', None),
         ('aidants-connect_2023-01.json', 'aidants-connect'), ('hinaura_2022-11.json', 'hinaura'),
         ('haute-vienne.json', 'haute-vienne'), ('gironde.json', 'gironde'), ('nouvelle-caledonie.json', 'nouvelle-caledonie')]


def run(*words):
    start = time.time()
    out = subprocess.run([BINARY, *words], capture_output=True, text=True)
    assert out.returncode == 0, (words, out.stderr)
    return time.time() - start, out.stdout


def table(d):
    db = sqlite3.connect(f'{d}/tremplin.db')
    rows = db.execute('SELECT l.nom, l.commune, l.code_postal, l.code_insee, l.adresse, l.latitude, l.longitude, l.pivot, q.nom,'
                      ' s.id_source FROM lieu_source s JOIN lieu l ON l.id = s.lieu_id JOIN source q ON q.id = s.source_id').fetchall()
    db.close()
    return rows


base = tempfile.mkdtemp()
made = tempfile.mkdtemp()
try:
    run('territoire', 'import', '--data', base, *(f'{DATA}/{f}.csv' for f in (
        'communes_france', 'arrondissements_municipaux', 'epci', 'departements', 'regions')))
    for file, mapping in FILES:
        run('lieu', 'import', '--data', base, '--sans-reunir', *(['--mapping', mapping] if mapping else []), f'{DATA}/lieux/{file}')
    rows = table(base)
    for size in (5000, 20000, 80000):
        d = f'{made}/{size}'
        shutil.copytree(base, d)
        db = sqlite3.connect(f'{d}/tremplin.db')
        db.execute('PRAGMA synchronous = OFF')
        for t in ('rapprochement', 'lieu_source', 'lieu_alias', 'lieu', 'source'):
            db.execute(f'DELETE FROM {t}')
        for q in {r[8] for r in rows}:
            db.execute('INSERT INTO source (id, nom) VALUES (?, ?)', (q, q))
        picked = [r for _ in range(size // len(rows) + 1) for r in random.sample(rows, len(rows))][:size]
        for i, (nom, commune, cp, insee, adresse, lat, lon, pivot, source, sid) in enumerate(picked):
            k = i // len(rows)
            id = f'01900000-0000-7000-8000-{i:012d}'
            db.execute('INSERT INTO lieu (id, nom, nom_cle, commune, code_postal, code_insee, adresse, latitude, longitude, position,'
                       " pivot, date_maj, publication, cree_le, maj_le) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'source', ?, '2022-12-01',"
                       " 'publie', '2026-11-22', '2026-11-22')",
                       (id, nom, nom.lower(), commune, f'{k}{cp}' if cp else None, f'{k}{insee}' if insee else None, adresse,
                        lat and lat + 0.37 * k, lon and lon + 0.53 * k, pivot and f'{pivot[:13]}{k}' if k else pivot))
            db.execute('INSERT INTO lieu_source (source_id, id_source, lieu_id, champs, empreinte, importe_le, vu_le)'
                       " VALUES (?, ?, ?, '{}', '', '2026-11-22', '2026-11-22')", (source, f'{k}:{sid}', id))
        db.commit()
        db.close()
        best = min(run('lieu', 'match', '--data', d, '--tout', '--essai')[0] for _ in range(3))
        whole, out = run('lieu', 'match', '--data', d, '--json')
        t = json.loads(out)
        print(f'{size:6d} rows: compared in {best:.2f} s ({t["paires"]} pairs), merged and written in {whole:.2f} s, '
              f'{t["fusionnes"]} merged, {t["doutes"]} asked; {best / (size * math.log2(size)) * 1e9:.0f} ns per n log n')
finally:
    shutil.rmtree(base)
    shutil.rmtree(made)
