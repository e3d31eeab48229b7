"""The real program over HTTP: each test is a sentence; the last line counts them."""
import csv, io, json, os, re, shutil, socket, subprocess, sys, tempfile, time, urllib.parse
sys.path.insert(0, os.path.dirname(__file__))
from client import Browser, Page, Server, free_port
import comptes, connexion, envois, fautes, fournisseur, identites, instruments, journal, mandats, matrice, personne, preuves, sortie, tenue, terrain, voix
import hub, iris, nettement, observatoire, petits, poids
import territoire

BINARY = sys.argv[1]
TESTS, passed, failed, hit = [], 0, 0, set()
REFUGE = 'Le Refuge'            # the one protected place of the demonstration


def test(sentence):
    def add(f):
        TESTS.append((sentence, f))
        return f
    return add


class Watched(Browser):
    """Remembers what was asked, and never sees a protected place."""

    def send(self, method, target, body=None, **headers):
        page = super().send(method, target, body, **headers)
        hit.add((method, target.split('?')[0]))
        assert REFUGE.encode() not in page.body, f'a protected place is shown at {target}'
        return page


demo = Server(BINARY, 'demo')


def browser(**headers):
    return Watched(demo.port, **headers)



# --- pages -------------------------------------------------------------------------------------
@test('the home page opens three doors and says it is a demonstration')
def _():
    p = browser().get('/')
    assert p.status == 200 and 'Démonstration' in p.text
    for words in ('/reperage', '/lieux', '/territoires'):
        assert any(h.startswith(words) for h, _ in p.links), words
    assert p.headers['content-security-policy'].startswith("default-src 'none'")


@test('the site pages answer, in French and in English, each with its own title')
def _():
    titles = set()
    for lang in ('fr', 'en'):
        for path in ('/', '/aide', '/accessibilite', '/donnees-personnelles', '/mentions-legales',
                     '/plan-du-site', '/lieux', '/reperage', '/reperage/papier', '/territoires', '/api'):
            p = browser(**{'Accept-Language': lang}).get(path)
            assert p.status == 200, (path, p.status)
            assert f'lang="{lang}"'.encode() in p.body, path
            assert (lang, p.title) not in titles, p.title
            titles.add((lang, p.title))


@test('a change of language is remembered without JavaScript and comes back to the page')
def _():
    b = browser()
    p = b.get(b.get('/lieux?commune=Bondy').link('English'))
    assert 'commune=Bondy' in p.url and b'lang="en"' in p.body
    assert b'lang="en"' in b.get('/aide').body


# --- search ------------------------------------------------------------------------------------
@test('places near Bondy: ten, numbered, the nearest first, each with a way to reach it')
def _():
    p = browser().get('/lieux?commune=Bondy')
    assert p.h1.strip() == 'Près de Bondy', p.h1
    distances = [float(m[0].replace(',', '.')) * (1000 if m[1] == 'km' else 1)
                 for m in re.findall(r'à ([\d,]+)[\s\u00a0\u202f](km|m)\b', p.text.split('De passage près')[0])]
    assert len(distances) == 10 and distances == sorted(distances), distances
    assert p.body.count(b'class="place"') == 10
    assert b'href="tel:+33199' in p.body


@test('a commune is found as people type it')
def _():
    b = browser()
    for typed, found in (('93140', 'Bondy'), ('bondy', 'Bondy'), ('93010', 'Bondy'), ('blanc mesnil', 'Le Blanc-Mesnil'),
                         ("L'ILE ST DENIS", "L'Île-Saint-Denis"), ('noisy le sec', 'Noisy-le-Sec'),
                         ('Bondy (93140)', 'Bondy')):
        p = b.get('/lieux?' + urllib.parse.urlencode({'commune': typed}))
        h1 = ' '.join(p.h1.split()).replace('’', "'")
        assert h1 == f'Près de {found}', (typed, h1)


@test('an unknown commune is said beside the field and in the summary, and what was typed stays')
def _():
    p = browser().get('/lieux?commune=Zzyzx+Ouest')
    assert p.status == 400 and p.title.strip().startswith('Erreur')
    assert p.text.count('Nous ne trouvons pas « Zzyzx Ouest »') == 2
    assert b'value="Zzyzx Ouest"' in p.body


@test('filters narrow the list and say why a place fits')
def _():
    p = browser().get('/lieux?commune=Bondy&service=materiel')
    assert p.status == 200 and b'class="place"' in p.body
    for block in p.body.decode().split('class="place"')[1:]:
        assert 'class="why"' in block
    assert 'checked' not in p.body.decode().split('name="gratuit"')[1][:60]


@test('no result is never a dead end')
def _():
    p = browser().get('/lieux?commune=Bondy&service=materiel&ouvert=dimanche-matin&rayon=1')
    assert 'Aucun lieu connu' in p.text
    wider = [h for h, t in p.links if h.startswith('/lieux?') and ('Tous' in t or 'lieux' in t or 'loin' in t)]
    assert wider and all('class="place"' in browser().get(h).body.decode() for h in wider), p.links
    assert 'France services' in p.text and b'tel:+33199' in p.body


@test('the next page goes on where the first stopped, and comes back')
def _():
    b = browser()
    one = b.get('/lieux?commune=Bondy')
    two = b.get(one.link('Lieux suivants'))
    assert 'start="11"' in two.body.decode()
    names = lambda p: re.findall(r'<h2><a href="(/lieux/[^"]+)"', p.body.decode())
    assert not set(names(one)) & set(names(two))
    assert names(b.get(two.link('Lieux précédents'))) == names(one)


@test('the map can be left out, and is beside the list otherwise')
def _():
    b = browser()
    p = b.get('/lieux?commune=Bondy')
    assert b'<svg' in p.body.split(b'class="places"')[1]
    light = b.get(p.link('Sans la carte'))
    assert b'm-lieu' not in light.body and len(light.body) < len(p.body)


@test('a place page gives everything: hours, telephone, geo link, contact card, sheet')
def _():
    b = browser()
    href = re.search(r'<h2><a href="(/lieux/[^"]+)"', b.get('/lieux?commune=Bondy').body.decode())[1]
    p = b.get(href)
    assert p.status == 200 and 'Horaires' in p.text and b'href="geo:' in p.body
    card = b.get(p.link('contacts'))
    assert card.headers['content-type'].startswith('text/vcard')
    assert card.body.startswith(b'BEGIN:VCARD') and b'FN' in card.body
    assert b.get(p.link('Imprimer')).status == 200


@test('a place that is not there says so, with a way on, and 404')
def _():
    p = browser().get('/lieux/01999999-0000-7000-8000-000000000000')
    assert p.status == 404 and any('/lieux' in h for h, _ in p.links)


@test('a territory says what there is around its people, and where')
def _():
    b = browser()
    p = b.get('/territoires')
    p = b.get('/territoires/93010')
    assert p.status == 200 and 'Bondy' in p.h1 and b'<svg' in p.body
    assert any('/lieux' in h for h, _ in p.links)
    assert b.get('/territoires/99999').status == 404
    p = b.get('/territoires/comparer?a=93&b=Bondy')
    assert p.status == 200 and 'Bondy' in p.text and 'Seine-Saint-Denis' in p.text
    assert b.get('/territoires/comparer?a=nulle-part').status == 400
    assert b.get('/territoires/region-11').status == 200
    p = b.get('/observatoire/carte/93')
    assert p.body.count(b'class="z"') >= 39 and 'Bondy' in p.text, 'a shape for each commune'
    p = b.get('/observatoire/carte/93/csv')
    assert p.body.count(b'\n') == 40 and p.body.startswith(b'code,nom,'), p.body[:80]
    p = b.get('/observatoire/carte/93/xlsx')
    assert p.body[:4] == b'PK\x03\x04', p.status
    assert b.get('/observatoire/carte/93/pdf').status == 404
    assert b.get('/observatoire/carte/france').status == 200
    assert b.get('/observatoire/carte/93?niveau=epci').body.count(b'class="z"') >= 4
    assert b.get('/observatoire/carte/999').status == 404


@test('every dataset can be read in each of its formats, and the catalogue names them all')
def _():
    b = browser()
    assert b.get('/donnees').status == 200
    slugs = [h.split('/')[-1] for h, _ in b.get('/donnees').links if h.startswith('/donnees/')]
    assert {'lieux', 'territoires', 'indicateurs'} <= set(slugs), slugs
    catalog = json.loads(b.get('/catalog.jsonld').body)
    assert {d['dct:identifier'] for d in catalog['dcat:dataset']} == set(slugs)
    for slug in ('lieux', 'territoires', 'indicateurs'):
        assert b.get(f'/donnees/{slug}').status == 200
        schema = json.loads(b.get(f'/donnees/{slug}/schema.json').body)
        names = [f['name'] for f in schema['fields']]
        rows = list(csv.DictReader(io.StringIO(b.get(f'/donnees/{slug}/donnees.csv').body.decode())))
        objects = json.loads(b.get(f'/donnees/{slug}/donnees.json').body)
        assert rows and list(rows[0]) == names and len(rows) == len(objects)
        for row, o in zip(rows, objects):
            assert all((row[k] or None) == (None if o.get(k) is None else row[k]) for k in names)
        keys = [tuple(r[k] for k in schema['primaryKey']) for r in rows]
        assert len(set(keys)) == len(keys), 'the key names one row'
        assert b.get(f'/donnees/{slug}/donnees.xlsx').body[:2] == b'PK'
    points = json.loads(b.get('/donnees/lieux/donnees.geojson').body)
    assert points['type'] == 'FeatureCollection' and len(points['features']) > 10
    assert b.get('/donnees/indicateurs/donnees.geojson').status == 404
    assert b.get('/donnees/autre').status == 404 and b.get('/donnees/lieux/x').status == 404


# --- faire le point -----------------------------------------------------------------------------
def walk(b, answers, pages=12):
    """From the start page to the result: on each page the first choice that is in `answers`."""
    p = b.get('/reperage')
    p = b.get(p.link('Commencer'))
    for _ in range(pages):
        form = next((f for f in p.forms if any(k[3] == 'radio' for k in f['fields'])), None)
        if not form:
            return p
        values = {}
        for name, value, _, kind in form['fields']:
            if kind == 'radio' and name not in values:
                offered = [v for n, v, _, k in form['fields'] if n == name and k == 'radio']
                values[name] = next((v for v in offered if v in answers), offered[0])
        p = b.submit(p, form['action'], **values)
        assert p.status == 200, (p.status, p.text[:300])
    return p


@test('faire le point: from the first question to a printed sheet for Bondy')
def _():
    b = browser()
    p = walk(b, {'demarche', 'argent', 'semaine', 'smartphone', 'mobile', 'peu', 'avec_aide', 'non'})
    for words in ('Ce qui bloque', 'On peut'):
        assert words.lower() in p.text.lower(), p.text[:600]
    p = b.submit(p, '/reperage/lieu', commune='Bondy')
    assert b'class="place"' in p.body, p.text[:800]
    href = next(h for h, t in p.links if h.startswith('/fiche') or '/fiche?' in h)
    sheet = b.get(href)
    assert sheet.status == 200
    for words in ('Demander', 'Rendez-vous le', 'À apporter', 'Bondy'):
        assert words in sheet.text, words
    assert b'<svg' in sheet.body                    # QR code and map


@test('nothing answered still gives something, and refusing is an answer')
def _():
    b = browser()
    p = walk(b, {'refus'})
    assert p.status == 200 and p.h1.strip()
    for banned in ('exclu', 'débutant', 'fracture', 'illectronisme', 'fragile', 'assisté'):
        assert banned not in p.text.lower(), banned


@test('what is urgent goes at once to who can do it today, with the other way beside it')
def _():
    b = browser()
    p = walk(b, {'demarche', 'argent', 'jour'}, pages=2)
    assert '/reperage/resultat' in p.url and 'aujourd’hui' in p.text
    assert any(h.startswith('tel:') for h, _ in p.links) and p.link('Continuer')


@test('one can begin again, and the first answers are gone')
def _():
    b = browser()
    walk(b, {'demarche', 'argent', 'jour'}, pages=2)
    p = b.submit(b.get('/reperage'), '/reperage')
    assert b'checked' not in p.body, p.url


@test('one can stop at any question and get what can be given')
def _():
    b = browser()
    p = b.get(b.get('/reperage').link('Commencer'))
    form = next(f for f in p.forms if ('vers', 'resultat') in f['buttons'])
    p = b.submit(p, form['action'], button=('vers', 'resultat'), quoi='apprendre', quand='plus_tard')
    assert '/reperage/resultat' in p.url and 'apprendre' in p.text.lower(), p.text[:500]


@test('a commune that is unknown or shared asks again, with what was typed')
def _():
    b = browser()
    p = walk(b, {'demarche', 'argent', 'jour'}, pages=2)
    p = b.submit(p, '/reperage/lieu', commune='Zzyzx')
    assert p.title.strip().startswith('Erreur') and b'value="Zzyzx"' in p.body, p.title


@test('"tout effacer" takes everything back, "quitter vite" leaves for another site')
def _():
    b = browser()
    p = walk(b, {'demarche'}, pages=2)
    away = b.get('/quitter', follow=False)
    assert away.status in (302, 303) and away.headers['location'].startswith('https://'), away.headers
    p = walk(b, {'demarche'}, pages=2)
    out = b.submit(p, '/effacer', follow=False)
    assert 'clear-site-data' in out.headers, out.headers
    assert not b.cookies, b.cookies
    assert b.get(out.headers['location']).status == 200


@test('in another language, the sheet says the same in French beside it, for whoever helps; it may be left out')
def _():
    b = browser()
    lieu = re.search(r'/lieux/(01[0-9a-f-]{34})', b.get('/lieux?commune=93010').body.decode())[1]
    assert b.get(f'/fiche?lieu={lieu}').body.count(b'class="sheet"') == 1
    b.get('/langue?vers=ar&retour=/lieux')
    p = b.get(f'/fiche?lieu={lieu}')
    both = re.findall(r'class="sheet" lang="(\S+)" dir="(\S+)"', p.body.decode())
    assert both == [('ar', 'rtl'), ('fr', 'ltr')] and 'Où aller' in p.text and 'أين' in p.text, both
    ids = re.findall(r' id="([^"]+)"', p.body.decode())
    assert len(ids) == len(set(ids)), ids
    assert b.get(f'/fiche?lieu={lieu}&choix=1&avec=adresse').body.count(b'class="sheet"') == 1


@test('the paper form prints blank, and is typed in on one page')
def _():
    b = browser()
    assert b.get('/reperage/papier').status == 200
    p = b.get('/reperage/saisie')
    form = next(f for f in p.forms if f['action'].startswith('/reperage/saisie') and f['method'] == 'post')
    values = {}
    for name, value, _, kind in form['fields']:
        if kind == 'radio' and name not in values:
            values[name] = value
    p = b.submit(p, form['action'], **values)
    assert p.status == 200 and 'On peut' in p.text or 'on peut' in p.text


# --- safety ------------------------------------------------------------------------------------
@test('a form without its token is refused, and says what to do')
def _():
    b = browser()
    p = b.send('POST', '/reperage/lieu', 'commune=Bondy&csrf=faux', **{'Content-Type': 'application/x-www-form-urlencoded'})
    assert p.status == 403 and 'trop longtemps' in p.text, p.text[:300]


@test('a form sent from another site is refused')
def _():
    b = browser()
    p = b.get(b.get('/reperage').link('Commencer'))
    form = next(f for f in p.forms if f['method'].lower() == 'post' and 'question' in f['action'])
    body = urllib.parse.urlencode([(n, v) for n, v, *_ in form['fields'] if n])
    out = b.send('POST', form['action'], body, **{'Content-Type': 'application/x-www-form-urlencoded',
                                                  'Sec-Fetch-Site': 'cross-site'})
    assert out.status == 403, out.status


@test('what is typed is text, never markup')
def _():
    evil = '"><script>alert(1)</script>'
    p = browser().get('/lieux?' + urllib.parse.urlencode({'commune': evil}))
    assert b'<script>alert' not in p.body and 'alert(1)' in p.text


@test('missing, doubled, overlong and broken fields get a sentence')
def _():
    b = browser()
    for query in ('commune=a&commune=b', 'commune=' + 'x' * 500, 'ouvert=hier', 'rayon=-3', 'rayon=abc',
                  'position=99,200', 'service=magie', 'commune=%ff%fe', 'debut=99999999999'):
        p = b.get('/lieux?' + query)
        assert p.status in (200, 400), (query, p.status)
        q = b.get('/api/v1/orientation?' + query)
        assert q.status == 400, (query, q.status, q.body[:200])
        problem = json.loads(q.body)
        assert q.headers['content-type'].startswith('application/problem+json') and problem['title'], problem


@test('an address that is not there, a method that is not for it')
def _():
    b = browser()
    assert b.get('/rien').status == 404
    assert b.send('DELETE', '/lieux').status in (405, 501)
    assert b.send('POST', '/lieux', '').status == 405
    assert b.get('/../etc/passwd').status in (400, 404)
    assert b.get('/assets/..%2f..%2fetc/passwd').status in (400, 404)


# --- API ---------------------------------------------------------------------------------------
@test('the API walks through all places, page by page')
def _():
    b, seen, target = browser(), [], '/api/v1/lieux?limite=50'
    for _ in range(20):
        p = b.get(target)
        data = json.loads(p.body)
        seen += [x['id'] for x in data['lieux']]
        m = re.match(r'<([^>]+)>; rel="next"', p.headers.get('link', ''))
        assert bool(m) == (data['suivant'] is not None)
        if not m:
            break
        target = m[1]
    assert len(seen) == len(set(seen)) == 194, len(seen)
    one = json.loads(b.get('/api/v1/lieux/' + seen[0]).body)
    assert one['id'] == seen[0] and one['nom']


@test('an unchanged answer is not sent twice')
def _():
    b = browser()
    p = b.get('/api/v1/lieux?limite=5')
    again = b.send('GET', '/api/v1/lieux?limite=5', None, **{'If-None-Match': p.headers['etag']})
    assert again.status == 304 and not again.body


@test('communes and orientation answer as data')
def _():
    b = browser()
    c = json.loads(b.get('/api/v1/communes?q=bond').body)['communes']
    assert c[0]['code'] == '93010', c
    o = json.loads(b.get('/api/v1/orientation?commune=93010&service=demarches&limite=5').body)['lieux']
    assert len(o) == 5 and o == sorted(o, key=lambda x: x['distance_m'])
    assert all('Aide aux démarches administratives' in x['services'] for x in o)
    assert set(x['ouvert'] for x in o) <= {True, False, None}


@test('faire le point answers as data, with no more than three needs')
def _():
    b = browser()
    p = b.get('/api/v1/reperage')
    assert p.status == 200 and json.loads(p.body)
    q = b.send('POST', '/api/v1/reperage', '{"reponses": {}}', **{'Content-Type': 'application/json'})
    assert q.status == 200, (q.status, q.body)
    q = b.send('POST', '/api/v1/reperage', '{"reponses": ', **{'Content-Type': 'application/json'})
    assert q.status == 400 and 'problem+json' in q.headers['content-type']


@test('the OpenAPI document names every address of the API')
def _():
    doc = json.loads(browser().get('/api/openapi.json').body)
    assert doc['openapi'].startswith('3.1')
    for path in ('/api/v1/lieux', '/api/v1/lieux/{id}', '/api/v1/communes', '/api/v1/orientation', '/api/v1/reperage'):
        assert path in doc['paths'], path


@test('health, readiness and figures')
def _():
    b = browser()
    assert b.get('/healthz').status == 200 and b.get('/readyz').status == 200
    assert b'# TYPE' in b.get('/metrics').body


# --- the life of a data folder -------------------------------------------------------------------
def tremplin(*words, code=0):
    """Runs a command; `code` is what it must end with, None when that does not matter."""
    out = subprocess.run([BINARY, *words], capture_output=True, text=True)
    assert code is None or out.returncode == code, (words, out.returncode, out.stderr)
    return out


HEAD = ('id,pivot,nom,commune,code_postal,code_insee,adresse,latitude,longitude,telephone,horaires,date_maj,services\n')


def row(n, name='Lieu'):
    return (f'x{n},43493312300029,{name} {n},Bondy,93140,93010,{n} rue des Essais,48.90{n % 10},2.48{n % 10},'
            f'+33199008{n:03d},Mo-Fr 09:00-17:00,2026-10-01,Aide aux démarches administratives\n')


@test('a running server shows imported places within a second and never stops answering')
def _():
    d = tempfile.mkdtemp()
    try:
        open(f'{d}/communes.csv', 'w').write('code,nom,departement,region,epci,ept,population,codes_postaux,lat,lon,surface_km2_approx\n'
                                             '93010,Bondy,93,11,200054781,,54000,93140,48.9022,2.4826,5.4\n')
        open(f'{d}/lieux.csv', 'w').write(HEAD + ''.join(row(n) for n in range(1, 6)))
        tremplin('territoire', 'import', '--data', f'{d}/data', f'{d}/communes.csv')
        s = Server(BINARY, 'serve', '--data', f'{d}/data')
        try:
            b = Watched(s.port)
            assert 'Aucun lieu' in b.get('/lieux?commune=93010').text
            out = json.loads(tremplin('lieu', 'import', '--data', f'{d}/data', f'{d}/lieux.csv', '--source', 'essai', '--json').stdout)
            assert out['lus'] == 5 and out['acceptes'] == 5, out
            until = time.time() + 1
            while time.time() < until and 'Lieu 1' not in b.get('/lieux?commune=93010').text:
                time.sleep(0.05)
            assert 'Lieu 1' in b.get('/lieux?commune=93010').text
            again = json.loads(tremplin('lieu', 'import', '--data', f'{d}/data', f'{d}/lieux.csv', '--source', 'essai', '--json').stdout)
            assert again['modifies'] == 0, again
            refused = tremplin('serve', '--data', f'{d}/data', '--listen', f'127.0.0.1:{free_port()}', code=1)
            assert refused.stderr.strip()
        finally:
            assert s.stop() == 0
        copy = tremplin('backup', '--data', f'{d}/data', '--json')
        tremplin('doctor', '--data', f'{d}/data', '--json')
        saved = sorted(os.listdir(f'{d}/data/sauvegardes'))
        assert saved
        os.remove(f'{d}/data/tremplin.db')
        tremplin('restore', '--data', f'{d}/data', f'{d}/data/sauvegardes/{saved[-1]}')
        out = json.loads(tremplin('orientation', 'find', '--data', f'{d}/data', '--commune', '93010', '--json').stdout)
        assert [x['nom'] for x in out['lieux']].count('Lieu 1') == 1
        tremplin('migrate', '--data', f'{d}/data')
    finally:
        shutil.rmtree(d)


@test('commands refuse with one clear line and the right code')
def _():
    d = tempfile.mkdtemp()
    try:
        for words, code in ((['lieu', 'import', '--data', d], 2), (['rien'], 2), (['lieu', 'import', '--data', d, '/nulle/part'], 1),
                            (['orientation', 'find', '--data', d, '--commune', '93010'], 1),
                            (['orientation', 'find', '--data', d, '--bidule', '1'], 2)):
            out = tremplin(*words, code=code)
            assert out.stderr.strip() and not out.stdout, words
    finally:
        shutil.rmtree(d)


@test('every command explains itself with an example')
def _():
    listed = tremplin('--help').stdout
    words = re.findall(r'^  ([a-z]+(?: [a-z]+)?)  ', listed, re.M)
    assert {'serve', 'demo', 'doctor', 'backup', 'restore', 'migrate', 'territoire import', 'lieu import', 'lieu export',
            'orientation find', 'diagnostic score', 'diagnostic check'} <= set(words), words
    for w in words:
        out = tremplin(*w.split(), '--help').stdout
        assert 'Exemple' in out and 'tremplin ' + w in out, w


@test('diagnostic: the instrument checks itself and scores answers')
def _():
    tremplin('diagnostic', 'check', 'data/instruments/reperage.json')
    d = tempfile.mkdtemp()
    open(f'{d}/r.json', 'w').write('{}')
    out = json.loads(tremplin('diagnostic', 'score', '--instrument', 'reperage', f'{d}/r.json', '--json').stdout)
    assert out['profil'].startswith('ind'), out
    shutil.rmtree(d)


comptes.add(test, BINARY, Watched, tremplin)
matrice.add(test, BINARY, Watched, tremplin)
envois.add(test, BINARY, Watched, tremplin)
observatoire.add(test, BINARY, Watched, tremplin)
iris.add(test, BINARY, Watched, tremplin)
nettement.add(test, BINARY, Watched, tremplin)
petits.add(test, BINARY, Watched, tremplin)
hub.add(test, BINARY)
poids.add(test, BINARY, Watched, tremplin)
connexion.add(test, BINARY, Watched, tremplin)
terrain.add(test, BINARY, Watched, tremplin)
tenue.add(test, BINARY, Watched, tremplin)
sortie.add(test, browser)
territoire.add(test, BINARY, Watched, tremplin)
mandats.add(test, BINARY, Watched, tremplin)
fournisseur.add(test, BINARY, Watched, tremplin)
preuves.add(test, BINARY, Watched, tremplin)
personne.add(test, BINARY, Watched, tremplin)
fautes.add(test, BINARY, Watched, tremplin)
identites.add(test, BINARY, Watched, tremplin)
instruments.add(test, BINARY, Watched, tremplin)
voix.add(test, BINARY, Watched, tremplin)
journal.add(test, BINARY, Watched, tremplin)


@test('the right of every address is the one that was reviewed (tests/golden/rights.txt)')
def _():
    now = sorted(tremplin('--routes').stdout.splitlines())
    reviewed = open('tests/golden/rights.txt').read().splitlines()
    assert now == reviewed, sorted(set(now) ^ set(reviewed))


@test('every address of the program was asked at least once')
def _():
    routes = [l.split()[:2] for l in tremplin('--routes').stdout.splitlines() if l.strip()]
    assert len(routes) > 20
    missed = []
    for method, path in routes:
        shape = re.compile('^' + re.sub(r'\\\{[^}]*\\\}', '[^/]+', re.escape(path)) + '$')
        if not any(m == method and shape.match(t) for m, t in hit):
            missed.append(f'{method} {path}')
    assert not missed, missed


for sentence, f in TESTS:
    try:
        f()
        passed += 1
    except Exception as e:          # a failing sentence must not hide the others
        failed += 1
        print(f'FAILED: {sentence}\n  {type(e).__name__}: {str(e)[:1500]}')
code = demo.stop()
if code != 0:
    failed += 1
    print(f'FAILED: the server stops cleanly (exit {code})')
else:
    passed += 1
print(f'{passed} passed, {failed} failed')
sys.exit(failed != 0)
