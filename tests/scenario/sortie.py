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
