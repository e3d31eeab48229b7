"""IRIS: the quarters of a commune, made-up and real, on every page and in every file."""
import csv, io, json, os, re, shutil, tempfile
from client import Server
import monde
from observatoire import cells, near, real, shapes

NOMS = {'930100101': ('Hôtel de Ville', 'H'), '930100102': ('Canal', 'A'), '930100103': ('Église', 'H'),
        '930100104': ('Noue Caillet', 'H'), '930100105': ('Saint-Denis Nord', 'D')}
POVERTY = {'930100101': '31', '930100102': '12', '930100103': 's', '930100104': '22.5', '930100105': '40'}


def square(x, y):
    """A little square of a grid east of Bondy's centre; neighbours share their corners."""
    left, low, side = 2.47 + x * .004, 48.9 + y * .003, (.004, .003)
    ring = [[left, low], [left + side[0], low], [left + side[0], low + side[1]], [left, low + side[1]], [left, low]]
    return [[round(a, 4), round(b, 4)] for a, b in ring]


def outlines(path):
    """As IGN writes them: INSEE_COM stands before CODE_IRIS.  The fifth has none."""
    features = [{'type': 'Feature',
                 'properties': {'INSEE_COM': '93010', 'NOM_COM': 'Bondy', 'IRIS': code[5:], 'CODE_IRIS': code,
                                'NOM_IRIS': NOMS[code][0], 'TYP_IRIS': NOMS[code][1]},
                 'geometry': {'type': 'Polygon', 'coordinates': [square(i % 2, i // 2)]}}
                for i, code in enumerate(sorted(NOMS)[:4])]
    json.dump({'type': 'FeatureCollection', 'features': features}, open(path, 'w'))


def add(test, binary, watched, tremplin):
    folder = tempfile.mkdtemp()
    data = f'{folder}/data'
    server = []

    def browser():
        if not server:
            said = monde.make_iris(binary, data)
            assert '4 contours' in said.stderr + said.stdout, said.stderr
            server.append(Server(binary, 'serve', '--data', data))
        return watched(server[0].port)

    def table(target):
        return list(csv.DictReader(io.StringIO(browser().get(target).body.decode())))

    @test('a commune leads to its IRIS, sorted and searched, and each to its page')
    def _():
        b = browser()
        assert any(h == '/territoires/93010/iris' for h, t in b.get('/territoires/93010').links)
        p = b.get('/territoires/93010/iris')
        order = [t for h, t in p.links if re.fullmatch('/territoires/93010010.', h)]
        assert order == ['Canal', 'Église', 'Hôtel de Ville', 'IRIS 930100105', 'Noue Caillet'], order
        found = b.get('/territoires/93010/iris?nom=egl')
        assert [h for h, t in found.links if '93010010' in h] == ['/territoires/930100103'] and '1 IRIS sur 5' in found.text.replace('\u00a0', ' ')
        assert 'Aucun IRIS' in b.get('/territoires/93010/iris?nom=zzz').text
        assert b.get('/territoires/93010/iris?tri=nulle').status == 400
        assert b.get('/territoires/93001/iris').status == 404 and b.get('/territoires/99999/iris').status == 404
        assert b.get('/territoires/930109999').status == 404

    @test('an IRIS says what is known of it, and apart what is known of its commune alone')
    def _():
        p = browser().get('/territoires/930100104')
        assert p.h1 == 'Noue Caillet (Bondy)' and real(cells(p, 'Taux de pauvreté')[1].split('%')[0]) == 22.5
        mine, theirs = p.text.split('Connu seulement pour la commune entière')
        assert 'Personnes de 65 ans' not in mine and 'Personnes de 65 ans' in theirs and 'Taux de pauvreté' not in theirs.split('Qui sommes')[0]
        assert 'secret' in cells(browser().get('/territoires/930100103'), 'Taux de pauvreté')[1]
        rows = table('/territoires/930100103/csv')
        assert {(r['code'], r['statut'], r['valeur']) for r in rows} == {('poverty_rate', 'secret', '')}, rows
        assert browser().get('/territoires/930100104/xlsx').body[:2] == b'PK'
        api = json.loads(browser().get('/api/v1/territoires/930100104').body)
        assert api['niveau'] == 'iris' and api['nom'] == 'Noue Caillet' and api['lieux'] is None
        assert browser().get('/territoires/930109999/csv').status == browser().get('/api/v1/territoires/930109999').status == 404

    @test('five IRIS with one figure do not take their index away from the communes')
    def _():
        rows = table('/observatoire/carte/93/csv?mesure=indice.ifn-2023')
        assert sum(r['valeur'] != '' for r in rows) == 38, rows
        assert 'Nous' not in browser().get('/territoires/93010').h1

    @test('the IRIS of a commune have their map, each square as it was drawn, and the table says the same')
    def _():
        p = browser().get('/observatoire/carte/93010?mesure=ind.poverty_rate')
        assert p.status == 200 and shapes(p) == 4, shapes(p)
        assert 'lieux' not in [v for form in p.forms for n, v, *_ in form['fields'] if n == 'mesure']
        paths = re.findall(r'class="z"[^>]* d="(M[^"]+)"', p.body.split(b'<figcaption')[0].decode())
        assert len(paths) == 4
        rows = {r['code']: r for r in table('/observatoire/carte/93010/csv?mesure=ind.poverty_rate')}
        assert {k: r['valeur'] or 's' for k, r in rows.items()} == POVERTY
        assert browser().get('/observatoire/carte/93001').status == 404
        listed = {r['code']: r for r in table('/donnees/iris/donnees.csv')}
        assert set(listed) == set(NOMS) and listed['930100102']['type'] == 'A' and listed['930100102']['nom_commune'] == 'Bondy'
        x, y = square(1, 0)[0], square(1, 0)[2]
        assert near(float(listed['930100102']['longitude']), (x[0] + y[0]) / 2) and near(float(listed['930100102']['latitude']), (x[1] + y[1]) / 2)
        assert {r['code'] for r in table('/donnees/indicateur-poverty_rate/donnees.csv') if r['niveau'] == 'iris'} == set(NOMS)

    @test('the 2 868 real IRIS of 2019 are all read, found by their page, listed and scored within one')
    def _():
        shared = os.path.join(monde.ROOT, '..', 'shared', 'data')
        names = ('communes_france', 'epci', 'departements', 'regions', 'arrondissements_municipaux', 'ifn/ifn_2019_iris_extract')
        files = [f'{shared}/{f}.csv' for f in names]
        if not all(map(os.path.exists, files)):
            return print('skipped: needs ../shared/data')
        with tempfile.TemporaryDirectory() as d:
            monde.run(binary, 'territoire', 'import', '--data', f'{d}/data', *files[:5])
            said = json.loads(monde.run(binary, 'indicateur', 'import', '--data', f'{d}/data', '--json', files[5]).stdout)
            assert said['lus'] == said['acceptes'] == 2868, said
            published = {r['code_iris']: r for r in csv.DictReader(open(files[5], encoding='utf-8'))}
            total = [k for k in next(iter(published.values())) if k.strip() == 'SCORE GLOBAL'][0]
            one = Server(binary, 'serve', '--data', f'{d}/data')
            try:
                b = watched(one.port)
                rows = {r['code']: r for r in csv.DictReader(io.StringIO(b.get('/donnees/indice-ifn-2019/donnees.csv').body.decode())) if r['niveau'] == 'iris'}
                assert set(rows) == set(published), set(rows) ^ set(published)
                # nobody lives in three of them: no score, where the file printed one
                off = [c for c in rows if rows[c]['score'] and abs(float(rows[c]['score']) - float(published[c][total])) > 1]
                assert not off and sum(not r['score'] for r in rows.values()) <= 3, off
                assert len(list(csv.DictReader(io.StringIO(b.get('/donnees/iris/donnees.csv').body.decode())))) == 2868
                for code in (*sorted(published)[::199], '151360000'):   # the last: of a commune of before
                    p = b.get(f'/territoires/{code}')
                    assert p.status == 200 and code in p.text or 'commune d’avant' in p.text, code
                    if rows[code]['score']:
                        assert near(real(cells(p, 'Indice de fragilité numérique 2019')[1]), float(published[code][total]), 1.05), code
                assert any(h == '/territoires/151360000' for h, t in b.get('/territoires/15').links)
                assert b.get('/territoires?nom=352380601').h1 == 'Parc de Maurepas (Rennes)'
                listed = b.get('/territoires/35238/iris?tri=indice')
                scores = [real(c) for c in re.findall(r'<td class="num">([\d,]+)</td>\s*</tr>', listed.body.decode())]
                assert len(scores) > 80 and scores == sorted(scores, reverse=True), scores[:9]
            finally:
                assert one.stop() == 0

    @test('the server of IRIS stops, and its folder goes')
    def _():
        assert server and server[0].stop() == 0
        shutil.rmtree(folder)
