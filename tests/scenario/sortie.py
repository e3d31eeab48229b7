"""What leaves: every standard over HTTP, the addresses of the national widget, the frame."""
import json


def add(test, browser):
    @test('places go out in every standard, with a version and a date to ask again by')
    def _():
        b = browser()
        files = ('donnees.csv', 'donnees.json', 'donnees.geojson', 'donnees.xlsx', 'data-inclusion.json',
                 'structures.json', 'services.json', 'structures.csv', 'services.csv', 'contacts.vcf', 'horaires.ics')
        said = [h for h, _ in b.get('/donnees/lieux').links]
        for name in files:
            p = b.get(f'/donnees/lieux/{name}')
            assert p.status == 200 and len(p.body) > 500, name
            assert f'/donnees/lieux/{name}' in said, name
            assert p.headers['access-control-allow-origin'] == '*' and 'set-cookie' not in p.headers
            assert 'etag' in p.headers and ('last-modified' in p.headers or name.endswith('.ics'))
        lieux = json.loads(b.get('/donnees/lieux/donnees.json').body)
        both = json.loads(b.get('/donnees/lieux/data-inclusion.json').body)
        assert {s['id'] for s in both['structures']} >= {'tremplin--' + l['id'] for l in lieux}
        assert json.loads(b.get('/donnees/lieux/donnees.json?depuis=2099-01-01').body) == []
        assert b.get('/donnees/lieux/donnees.json?depuis=hier').status == 400
        ones = [l['id'] for l in lieux if 'horaires' in l]
        p = b.get(f'/lieux/{ones[0]}/horaires')
        assert p.status == 200 and b'BEGIN:VEVENT' in p.body and b'TZID:Europe/Paris' in p.body
        without = [l['id'] for l in lieux if 'horaires' not in l]
        assert not without or b.get(f'/lieux/{without[0]}/horaires').status == 404
        assert b.get('/lieux/01999999-0000-7000-8000-000000000000/horaires').status == 404

    @test('the national widget finds the addresses and the shapes it asks for')
    def _():
        b = browser()

        def ask(path, status=200):
            p = b.get('/carto' + path)
            assert p.status == status, (path, p.status, p.text[:200])
            assert p.headers['access-control-allow-origin'] == '*' and 'set-cookie' not in p.headers, path
            return json.loads(p.body) if 'json' in p.headers['content-type'] else p.body.decode()

        stats = ask('/stats')
        seine = next(d for d in stats['departements'] if d['code'] == '93')
        assert seine['slug'] == 'seine-saint-denis' and set(seine) == {'code', 'nom', 'slug', 'zoom', 'localisation', 'nombreLieux'}
        region = stats['regions'][0]
        assert '93' in region['departements'] and region['nombreLieux'] == seine['nombreLieux']
        assert ask('/stats/regions') == stats['regions'] and ask('/stats/departements') == stats['departements']
        total = ask('/stats/total')['total']
        assert total == seine['nombreLieux'] == ask(f"/stats/regions/{region['slug']}")['total']
        ask('/stats/regions/nulle-part', 404)
        page = ask('/lieux?limit=5')
        assert page['total'] == total and len(page['lieux']) == 5
        names = [l['nom'] for n in range(1, total // 5 + 2) for l in ask(f'/lieux?limit=5&page={n}')['lieux']]
        assert len(names) == total, 'each page follows the other'
        assert ask('/lieux/departement/93?limit=1')['total'] == total
        assert ask(f"/lieux/region/{region['slug']}?limit=1")['total'] == total
        ask('/lieux/departement/00', 404)
        one = ask(f"/lieux/{page['lieux'][0]['id']}")
        assert one['mediateurs'] == [] and set(one['services']) == {'competences', 'cultureNumerique', 'materielInformatique'}
        ask('/lieux/01999999-0000-7000-8000-000000000000', 404)
        at = next(l for l in page['lieux'] if 'latitude' in l)
        points = ask(f"/lieux/chunk?latitude={at['latitude']}&longitude={at['longitude']}")
        assert at['id'] in {p['id'] for p in points} and set(points[0]) == {'id', 'nom', 'latitude', 'longitude'}
        ask('/lieux/chunk', 400)
        found = ask(f"/lieux/search?q={page['lieux'][0]['nom'].split()[0]}".replace("'", '%27'))
        assert page['lieux'][0]['id'] in {f['id'] for f in found} or len(found) == 10
        assert ask('/mediateurs/search?q=e'), 'a function and a structure'
        assert ask('/sources')['sources']
        assert ask('/lieux/exporter').count('\r\n') == total + 1
        free = ask('/stats/total?frais_a_charge=Gratuit')['total']
        assert 0 < free < total and ask('/stats/total?frais_a_charge=N%27importe')['total'] == total
        assert ask('/stats/total?territoire_type=departements&territoires=75')['total'] == 0
        assert ask('/stats/total?territoire_type=communes&territoires=93010,93048')['total'] < total
        open_now = ask('/stats/total?ouvert_actuellement=2026-11-24T10:00:00.000Z')['total']
        assert open_now > ask('/stats/total?ouvert_actuellement=2026-11-24T02:00:00.000Z')['total']
        assert ask('/stats/total?ouvert_le_week_end=true')['total'] < total

    @test('a town hall puts the list in a frame of its own page: no cookie, no script, public data')
    def _():
        b = browser()
        p = b.get('/integrer')
        p = b.submit(p, '/integrer', commune='Bondy', service='demarches', nombre='5')
        assert '/integrer/liste?commune=93010&amp;service=demarches&amp;nombre=5' in p.text, p.text[:900]
        assert '<iframe src=' in p.text and '/carto"' in p.text
        assert any('/integrer/liste' in h for h, _ in p.links)
        p = b.get('/integrer?commune=Nulle-Part-Ailleurs')
        assert p.status == 400 and 'Il y a un problème' in p.text and b'value="Nulle-Part-Ailleurs"' in p.body
        assert b.get('/integrer?departement=999').status == 400 and b.get('/integrer?commune=').status == 200
        p = b.get('/integrer/liste?commune=93010&nombre=5')
        assert p.status == 200 and 'set-cookie' not in p.headers and b'<script' not in p.body
        assert 'frame-ancestors *' in p.headers['content-security-policy'] and 'x-frame-options' not in p.headers
        assert p.body.count(b'class="place"') == 5 and len(p.body) < 20480
        assert 'x-frame-options' in b.get('/lieux').headers
        p = b.get('/integrer/liste?departement=93&nombre=20')
        assert p.body.count(b'class="place"') == 20 and 'Seine-Saint-Denis' in p.h1
        assert b.get('/integrer/liste?commune=nulle-part').status == 400
