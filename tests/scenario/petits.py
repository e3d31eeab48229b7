"""Few people: a hidden estimate is hidden on every page and in every file, and cannot be had back."""
import csv, io, json, re, shutil, tempfile, zipfile
from client import Server
import monde

FEW = '93030'           # Dugny, where eleven people live here: a handful are concerned


def add(test, binary, watched, tremplin):
    @test('a commune of few people is hidden the same by every way out, and no subtraction gives it back')
    def _():
        d = tempfile.mkdtemp()
        data = f'{d}/data'
        monde.make(binary, data)
        with open(f'{d}/peu.csv', 'w') as f:
            f.write('code,' + ','.join(monde.AGES) + '\n' + f'{FEW},' + ','.join(['3', '2', '2', '2', '2']) + '\n')
        monde.run(binary, 'indicateur', 'import', '--data', data, '--annee', '2021', f'{d}/peu.csv')
        monde.run(binary, 'estimation', 'compute', '--data', data, '--enquete', 'capuni-2022', '--tirages', '40',
                  '--output', f'{d}/tout.csv')
        true = {(r['niveau'], r['code'], r['resultat']): float(r['nombre'] or 'nan')
                for r in csv.DictReader(open(f'{d}/tout.csv', encoding='utf-8'))}
        assert 0 < true['commune', FEW, 'concernes'] < 11, true['commune', FEW, 'concernes']
        server = Server(binary, 'serve', '--data', data)
        b = watched(server.port)

        def table(target):
            return list(csv.DictReader(io.StringIO(b.get(target).body.decode())))

        def published(code):
            rows = [r for r in table(f'/territoires/{code}/csv') if r['rubrique'] == 'estimation']
            return {r['code']: float(r['valeur']) for r in rows if r['valeur']}, rows

        try:
            communes = {c['code']: c['ept'] for c in monde.communes()}
            seen = {code: published(code)[0] for code in communes}
            hidden = {c for c, v in seen.items() if 'concernes' not in v}
            assert FEW in hidden and 2 <= len(hidden) <= 4, hidden
            results = [r for n, c, r in true if (n, c) == ('departement', '93')]
            for total, inside in [*((e, [c for c in communes if communes[c] == e]) for e in set(communes.values())), ('93', list(communes))]:
                shown, level = published(total)[0], 'departement' if total == '93' else 'epci'
                for r in results:
                    out = [c for c in inside if r not in seen[c]]
                    if not out or r not in shown:
                        continue
                    # what a subtraction gives: two communes at least, eleven people at least
                    left = shown[r] - sum(seen[c][r] for c in inside if r in seen[c])
                    assert len(out) >= 2 and left >= 11 - 1e-6, (total, r, out, left)
                    assert abs(shown[r] - true[level, total, r]) < 1, (total, r)
            offer = {r['code']: r for r in table('/observatoire/offre/93/csv?loin=0,5')}
            assert {c for c, r in offer.items() if not r['concernes']} == hidden
            assert not any(offer[c]['personnes_zone_blanche'] or offer[c]['lieux_pour_1000_concernes'] for c in hidden)
            whole = table('/observatoire/offre/93/csv?loin=0,5&niveau=epci')
            for r in whole:             # a total of white zones is that of the communes that are shown
                parts = [float(offer[c]['personnes_zone_blanche'] or 0) for c in communes if communes[c] == r['code']]
                assert abs(float(r['personnes_zone_blanche'] or 0) - sum(parts)) < 2, (r['code'], sum(parts))
            for c in hidden:
                api = json.loads(b.get(f'/api/v1/territoires/{c}').body)['estimations']
                assert all(x['statut'] == 'secret' and x['nombre'] is x['bas'] is x['haut'] is None for x in api), api
                digits = {f'{true["commune", c, r]:.3f}'.rstrip('0') for r in results}
                for target in (f'/territoires/{c}', f'/territoires/{c}/csv', f'/api/v1/territoires/{c}', '/observatoire/offre/93', '/observatoire/offre/93/csv',
                               '/lieux/carte/93'):
                    text = b.get(target).body.decode()
                    assert not any(re.search(rf'\b{re.escape(x)}\d*', text) for x in digits if len(x) > 5), (target, digits)
                for target in (f'/territoires/{c}/xlsx', '/observatoire/offre/93/xlsx'):
                    with zipfile.ZipFile(io.BytesIO(b.get(target).body)) as z:
                        text = ''.join(z.read(n).decode('utf-8', 'replace') for n in z.namelist() if n.endswith('.xml'))
                    assert not any(x in text for x in digits if len(x) > 5), (target, digits)
        finally:
            assert server.stop() == 0
            shutil.rmtree(d)
