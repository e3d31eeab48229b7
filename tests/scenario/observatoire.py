"""The observatory: every page with figures behind it, weights that move, what is refused."""
import csv, io, json, os, re, shutil, subprocess, tempfile, zipfile
from client import Server
import monde


def near(a, b, d=1e-3):
    return abs(a - b) <= d


def real(text):
    return float(re.sub(r'[\s\u00a0\u202f]', '', text).replace(',', '.'))


def cells(page, name):
    """Cells of the table's line whose first cell says `name`."""
    for line in re.findall(r'<tr>(.*?)</tr>', page.body.decode(), re.S):
        parts = [' '.join(re.sub(r'<[^>]+>', ' ', c).split()) for c in re.findall(r'<t[hd][^>]*>(.*?)</t[hd]>', line, re.S)]
        if parts and name in parts[0]:
            return parts
    raise AssertionError(f'no line says {name}')


def shapes(page):
    """How many territories the map draws."""
    return page.body.split(b'<figcaption')[0].count(b'class="z"')


def add(test, binary, watched, tremplin):
    folder = tempfile.mkdtemp()
    data = f'{folder}/data'
    server = []

    def browser(**headers):
        if not server:
            monde.make(binary, data)
            server.append(Server(binary, 'serve', '--data', data))
        return watched(server[0].port, **headers)

    @test('the observatory opens on territories, maps, methods, data and figures of the country')
    def _():
        p = browser().get('/observatoire')
        assert p.status == 200 and 'CAPUNI' in p.text and '31,5' in p.text and '2022' in p.text
        for words in ('/territoires', '/observatoire/carte/', '/territoires/comparer', '/donnees', '/observatoire/methodes/ifn-2023'):
            assert any(h.startswith(words) for h, _ in p.links), words
        assert any(h == '/observatoire' for h, _ in browser().get('/territoires').links)

    @test('a method says its indicators, weights, years, and gives its file')
    def _():
        p = browser().get('/observatoire/methodes/ifn-2023')
        assert p.status == 200 and '2021' in cells(p, 'Personnes de 65 ans')[-1]
        assert '20' in cells(p, 'Personnes de 65 ans')[1] and 'au choix' in cells(p, 'monoparentale')[1]
        f = json.loads(browser().get('/observatoire/methodes/ifn-2023/methode.json').body)
        assert f['methode'] == 'ifn-2023'
        for nom in ('ifn-2021', 'ifn-2019', 'deri-1.0', 'desi-like', 'idi', 'ifn-2023-senior', 'ifn-2023-junior'):
            assert browser().get(f'/observatoire/methodes/{nom}').status == 200, nom
        for bad in ('nulle', '..%2f..%2fetc', 'x.json', '%2fetc%2fpasswd'):
            assert browser().get(f'/observatoire/methodes/{bad}').status in (400, 404), bad
            assert browser().get(f'/observatoire/methodes/{bad}/methode.json').status in (400, 404), bad

    @test('the computation of a territory adds up to its score, with the weights asked')
    def _():
        p = browser().get('/observatoire/methodes/ifn-2023/93010')
        rows = [cells(p, n) for n in ('30 Mbit/s', '4G', 'pauvreté', '65 ans', 'diplôme')]
        total = real(cells(p, 'Total')[-1])
        assert near(sum(real(r[2]) for r in rows) / 5, total), (rows, total)
        assert real(rows[3][1].split('%')[0]) == monde.share('93010', 4, 8, 22), rows[3]
        q = browser().get('/observatoire/methodes/ifn-2023/93010?sans=no_4g_coverage_rate')
        four = [real(r[2]) for r in rows if '4G' not in r[0]]
        assert near(real(cells(q, 'Total')[-1]), sum(four) / 4), (four, q.text)
        assert 'poids choisis' in q.text
        for code in ('93', '200057867', 'region-11', 'france'):
            assert 'moyenne de celles de ses parties' in browser().get(f'/observatoire/methodes/ifn-2023/{code}').text, code
        assert browser().get('/observatoire/methodes/ifn-2023/93010?poids.poverty_rate=-1').status == 400
        assert 'Pas de note' in browser().get('/observatoire/methodes/ifn-2023/93013').text
        assert browser().get('/observatoire/methodes/ifn-2023/99999').status == 404

    def table(target):
        return list(csv.DictReader(io.StringIO(browser().get(target).body.decode())))

    @test('weights moved on the map change scores and ranks, and the address keeps them')
    def _():
        own = browser().get('/observatoire/carte/93?mesure=indice.ifn-2023')
        moved = browser().get('/observatoire/carte/93?mesure=indice.ifn-2023&poids.poverty_rate=8')
        assert own.status == moved.status == 200 and shapes(own) == 39, shapes(own)
        link = next(h for h, t in moved.links if '/methodes/ifn-2023/93010' in h)
        score = real(cells(browser().get(link), 'Total')[-1])
        rows = {r['code']: r for r in table('/observatoire/carte/93/csv?mesure=indice.ifn-2023&poids.poverty_rate=8')}
        assert near(float(rows['93010']['valeur']), score), (rows['93010'], score)
        scores = sorted((float(r['valeur']) for r in rows.values() if r['valeur']), reverse=True)
        assert float(next(r for r in rows.values() if r['rang'] == '1')['valeur']) == scores[0]
        assert rows['93013']['valeur'] == '' and rows['93013']['statut'] != 'valeur'
        wrong = browser().get('/observatoire/carte/93?mesure=indice.ifn-2023&poids.poverty_rate=beaucoup')
        assert wrong.status == 400 and 'beaucoup' in wrong.body.decode()
        zero = '&'.join(f'poids.{k}=0' for k in ('no_thd_coverage_rate', 'no_4g_coverage_rate', 'poverty_rate', 'older_65_rate', 'nscol15p_rate'))
        assert browser().get(f'/observatoire/carte/93?mesure=indice.ifn-2023&{zero}').status == 400

    @test('fewer than eleven people are counted out by no way: page, CSV, XLSX, API, offer, zones')
    def _():
        few, ways = monde.PEU, browser()
        row = next(r for r in table(f'/territoires/{few}/csv')
                   if r['rubrique'] == 'estimation' and r['code'] == 'concernes')
        assert row['statut'] == 'secret' and not (row['valeur'] or row['bas'] or row['haut']), row
        said = next(x for x in json.loads(ways.get(f'/api/v1/territoires/{few}').body)['estimations']
                    if x['resultat'] == 'concernes')
        assert said['statut'] == 'secret' and said['nombre'] is said['bas'] is said['haut'] is None, said
        offer = next(r for r in table('/observatoire/offre/93/csv') if r['code'] == few)
        for k in offer:
            assert 'concernes' not in k or not offer[k], (k, offer[k])
        other = next(r for r in table('/observatoire/offre/93/csv') if r['code'] == '93010')
        assert float(other['concernes_bas']) < float(other['concernes']) < float(other['concernes_haut'])
        assert float(other['lieux_conseillers_pour_1000_concernes']) >= 0
        page = ways.get(f'/territoires/{few}')
        assert 'moins de 11' in page.text.replace('\u00a0', ' '), page.text[:2000]
        for target in (f'/territoires/{few}', f'/territoires/{few}/csv', f'/api/v1/territoires/{few}',
                       '/observatoire/offre/93', '/observatoire/offre/93/csv'):
            text = ways.get(target).body.decode()
            assert '4321' not in text, target
        for target in (f'/territoires/{few}/xlsx', '/observatoire/offre/93/xlsx'):
            with zipfile.ZipFile(io.BytesIO(ways.get(target).body)) as z:
                assert not any(b'4321' in z.read(n) for n in z.namelist()), target

    @test('offer against need: gaps first, by people; distances chosen in km or in minutes at a speed')
    def _():
        p = browser().get('/observatoire/offre/93?loin=0,5')
        assert p.status == 200 and 'CAPUNI 2022' in p.text and 'Luo et Wang' in p.text
        assert sum(int(r['lieux']) for r in table('/observatoire/offre/93/csv')) == 193
        rows = table('/observatoire/offre/93/csv?loin=2,5&service=materiel')
        assert len(rows) == 39
        gaps = [float(r['personnes_zone_blanche'] or -1) for r in rows        # not estimated: last
                if r['code'] != monde.PEU]
        assert gaps == sorted(gaps, reverse=True) and gaps[0] > 0
        for r in rows:
            far = float(r['distance_m']) > 2500 and r['lieux'] == '0'
            assert far == (r['zone_blanche'] == 'oui'), r
        time = table('/observatoire/offre/93/csv?minutes=30&vitesse=5&detour=1&service=materiel')
        assert [r['zone_blanche'] for r in time] == [r['zone_blanche'] for r in rows]
        assert browser().get('/observatoire/offre/93?minutes=6').status == 400
        assert browser().get('/observatoire/offre/93?loin=-2').status == 400
        assert browser().get('/observatoire/offre/93/csv?loin=-2').status == 400
        assert browser().get('/observatoire/offre/93/xlsx').body[:2] == b'PK'
        assert browser().get('/observatoire/offre/93/pdf').status == 404
        assert browser().get('/observatoire/offre/99').status == 404
        assert browser().get('/observatoire/offre/france').status == 200
        assert shapes(browser().get('/observatoire/offre/93?niveau=epci')) >= 4

    @test('clusters are said with care, and only where they can be judged')
    def _():
        p = browser().get('/observatoire/grappes/93?mesure=ind.poverty_rate')
        assert p.status == 200 and 'hasard' in p.text and 'ne dit pas pourquoi' in p.text
        rows = table('/observatoire/grappes/93/csv?mesure=ind.poverty_rate')
        assert len(rows) == 37 and {'93013', '93015'}.isdisjoint(r['code'] for r in rows)
        near_ones = table('/observatoire/grappes/93/csv?mesure=ind.poverty_rate&voisins=proches')
        assert all(r['voisins'] == '6' for r in near_ones)
        assert browser().get('/observatoire/grappes/93/xlsx?mesure=ind.poverty_rate').body[:2] == b'PK'
        assert browser().get('/observatoire/grappes/france').status == 404

    @test('a territory says first what there is, then the index with its doubt, people, and gives files')
    def _():
        for code in ('93', '93010', '200057867', 'region-11'):
            p = browser().get(f'/territoires/{code}')
            assert p.status == 200 and p.text.index('Ce qu’il y a, ce qui manque') < p.text.index('Ce qui rend le numérique'), code
        dep = browser().get('/territoires/93')
        assert real(cells(dep, 'Lieux connus')[1]) == 193 and 'par semaine' in dep.text
        bondy = browser().get('/territoires/93010')
        assert '2016' in bondy.text and 'Quelque part entre le rang' in bondy.text and 'CAPUNI 2022' in bondy.text
        assert any(h == '/observatoire/methodes/ifn-2023/93010' for h, _ in bondy.links)
        rows = table('/territoires/93010/csv')
        score = next(r for r in rows if r['rubrique'] == 'ifn-2023' and r['code'] == 'score')
        rank = next(r for r in rows if r['rubrique'] == 'ifn-2023' and r['code'] == 'rang')
        assert float(rank['bas']) <= float(rank['valeur']) <= float(rank['haut']) and float(score['valeur']) > 0
        assert {r['annee'] for r in rows if r['code'] == 'poverty_rate' and r['rubrique'] == 'indicateur'} == {'2016', '2021'}
        assert next(r for r in table('/territoires/93015/csv') if r['rubrique'] == 'indicateur' and r['code'] == 'poverty_rate')['statut'] == 'secret'
        assert browser().get('/territoires/93/xlsx').body[:2] == b'PK'
        assert browser().get('/territoires/rien/csv').status == 404

    @test('"clearly above its neighbours" is said of few, each above all that touch it')
    def _():
        corners = {}                    # of each outline, as the file has them
        for f in json.load(open(f'{monde.SEINE}/contours.geojson', encoding='utf-8'))['features']:
            text = json.dumps(f['geometry']['coordinates'])
            corners[f['properties']['code']] = set(re.findall(r'\[(-?[\d.]+, -?[\d.]+)\]', text))
        score = {r['code']: float(r['valeur']) for r in table('/observatoire/carte/93/csv?mesure=indice.ifn-2023') if r['valeur']}
        beside = {c: [d for d in score if d != c and corners[c] & corners[d]] for c in score}
        said = {c for c in score if 'Nettement au-dessus' in browser().get(f'/territoires/{c}').text}
        highest = {c for c in score if all(score[c] > score[d] for d in beside[c])}
        assert said and said < highest, (said - highest, highest - said)

    @test('the API gives territories, methods, scores with any weights, and how a score is made')
    def _():
        ask = lambda target, status=200: json.loads(answer(target, status).body)

        def answer(target, status):
            p = browser().get(target)
            assert p.status == status, (target, p.status, p.body[:200])
            return p
        bondy = ask('/api/v1/territoires/93010')
        ifn = next(i for i in bondy['indices'] if i['methode'] == 'ifn-2023')
        assert bondy['nom'] == 'Bondy' and ifn['rang_min'] <= ifn['rang'] <= ifn['rang_max'] <= ifn['classes'] == 38, ifn
        assert ifn['calcul'].endswith('/observatoire/methodes/ifn-2023/93010')
        assert {f['annee'] for f in bondy['indicateurs'] if f['code'] == 'poverty_rate'} == {2016, 2021}
        people = next(x for x in bondy['estimations'] if x['resultat'] == 'concernes')
        assert people['bas'] < people['nombre'] < people['haut'], people
        secret = next(f for f in ask('/api/v1/territoires/93015')['indicateurs'] if f['code'] == 'poverty_rate')
        assert secret['valeur'] is None and secret['statut'] == 'secret', secret
        assert 'ifn-2023' in [m['methode'] for m in ask('/api/v1/indices')['indices']]
        seen, after = [], ''
        while after is not None:
            page = ask(f'/api/v1/indices/ifn-2023?niveau=commune&departement=93&limite=15&apres={after}')
            seen, after = seen + page['territoires'], page['suivant']
        assert len(seen) == len({t['code'] for t in seen}) == 39, len(seen)
        assert near(next(t for t in seen if t['code'] == '93010')['score'], ifn['score'], 1e-9)
        heavy = ask('/api/v1/indices/ifn-2023?niveau=commune&poids=poverty_rate:8')
        how = ask('/api/v1/indices/ifn-2023/93010?poids=poverty_rate:8')
        row = next(t for t in heavy['territoires'] if t['code'] == '93010')
        assert near(row['score'], how['score'], 1e-9) and row['rang_min'] is None and heavy['poids']
        assert near(sum(i['note'] * i['part'] for i in how['indicateurs']), how['score'], 1e-9)
        for bad in ('poids=rien:1', 'poids=poverty_rate:-1', 'poids=poverty_rate:x', 'niveau=canton', 'limite=abc'):
            assert 'title' in ask(f'/api/v1/indices/ifn-2023?{bad}', 400), bad
        ask('/api/v1/indices/nulle', 404), ask('/api/v1/indices/ifn-2023/rien', 404), ask('/api/v1/territoires/rien', 404)

    @test('a formula that could not be verified says so where its figure is read: page, map, method, CSV, API, dataset')
    def _():
        b, words = browser(), 'Formule non vérifiée'
        code, name = 'no_4g_coverage_rate', 'couverture 4G'
        assert words in cells(b.get('/territoires/93010'), name)[0]
        assert b.get('/territoires/93010').text.count(words) >= 3        # what there is, the index, the figures
        assert words in b.get(f'/observatoire/carte/93?mesure=ind.{code}').text
        assert words not in b.get('/observatoire/carte/93?mesure=ind.older_65_rate').text
        assert words in cells(b.get('/observatoire/methodes/ifn-2023'), name)[0]
        assert words in cells(b.get('/observatoire/methodes/ifn-2023'), 'AAH')[0]
        assert words not in cells(b.get('/observatoire/methodes/ifn-2023'), '65 ans')[0]
        assert all(words in r['source'] for r in table('/territoires/93010/csv') if r['code'] == code and r['rubrique'] == 'indicateur')
        api = {f['code']: f['reserve'] for f in json.loads(b.get('/api/v1/territoires/93010').body)['indicateurs']}
        assert words in api[code] and not api['older_65_rate'], api
        assert words in b.get(f'/donnees/indicateur-{code}').text
        listed = {r['code']: r['note'] for r in table('/donnees/indicateurs/donnees.csv')}
        for x in (code, 'social_assistance_rate', 'aah_rate', 'neet_16_25_year_rate', 'obstacle_to_mobility_rate', 'library_distance', 'public_service_distance'):
            assert listed[x].startswith(words), x

    @test('an index is an open dataset: scores, ranks and their bounds, method and version on each row')
    def _():
        rows = table('/donnees/indice-ifn-2023/donnees.csv')
        bondy = next(r for r in rows if r['code'] == '93010')
        assert bondy['methode'] == 'ifn-2023' and bondy['version'] and bondy['niveau'] == 'commune'
        five = [float(bondy[k]) for k in ('no_thd_coverage_rate', 'no_4g_coverage_rate', 'poverty_rate', 'older_65_rate', 'nscol15p_rate')]
        assert near(sum(five) / 5, float(bondy['score']), 1e-9)
        assert {'ept', 'departement', 'region', 'france'} < {r['niveau'] for r in rows}
        assert next(r for r in rows if r['code'] == '93013')['score'] == ''
        schema = json.loads(browser().get('/donnees/indice-ifn-2023/schema.json').body)
        assert [f['name'] for f in schema['fields']] == list(rows[0])
        assert any('/observatoire/methodes/ifn-2023' in h for h, _ in browser().get('/donnees/indice-ifn-2023').links)

    @test('a newcomer finds the three published départements with the commands of docs/observer/README.md')
    def _():
        shared = os.path.join(monde.ROOT, '..', 'shared', 'data')
        files = [f'{shared}/{f}.csv' for f in ('communes_france', 'epci', 'departements', 'regions', 'arrondissements_municipaux',
                                              'ifn/ifn_communes_2023-08')]
        if not all(map(os.path.exists, files)):
            return print('skipped: needs ../shared/data')
        with tempfile.TemporaryDirectory() as d:
            for f in files:             # copies: a command that writes must never reach the originals
                shutil.copyfile(f, f'{d}/{os.path.basename(f)}')
            os.symlink(os.path.realpath(binary), f'{d}/tremplin')
            text = open(f'{monde.ROOT}/docs/observer/README.md', encoding='utf-8').read().split('## 2.')[0]
            commands = re.findall(r'^    (.+)$', text, re.M)
            assert len(commands) == 5, commands
            for c in commands:
                r = subprocess.run(c, shell=True, cwd=d, capture_output=True, text=True, timeout=180,
                                   env={**os.environ, 'PATH': f'{d}:{os.environ["PATH"]}'})
                assert r.returncode == 0, (c, r.stderr)
                if c.startswith('grep'):
                    scores = {l.split(',')[0]: round(float(l.split(',')[3]), 1) for l in r.stdout.splitlines()}
            for f in files:
                assert open(f, 'rb').read() == open(f'{d}/{os.path.basename(f)}', 'rb').read(), f'{f} was written over'
            assert scores == {'15': 6.7, '43': 6.1, '69': 4.2}, scores       # infos.fragilite-numerique.fr, 2023

    @test('the observatory stops, and its folder goes')
    def _():
        assert server and server[0].stop() == 0
        shutil.rmtree(folder)
