"""A whole territory: its places and white zones, places that travel, what people come for."""


def add(test, binary, watched, tremplin):
    @test('the map of a département says its finding, and its table is its twin')
    def _():
        from client import Server
        demo = Server(binary, 'demo')
        try:
            b = watched(demo.port)
            p = b.get('/lieux/carte/93')
            assert p.status == 200 and 'Aucune commune sans lieu n’est à plus de 10 km' in p.text, p.text[:900]
            assert p.body.count(b'class="z"') >= 39 and 'Bondy' in p.text
            assert 'Luo et Wang' in p.text
            p = b.get('/lieux/carte/93?minutes=20&moyen=pied&service=materiel')
            assert '20 minutes à pied d’un lieu' in p.text and 'trop loin' in p.text, p.text[:900]
            assert b.get('/lieux/carte/93?toutes=oui').status == 200
            assert b.get('/lieux/carte/93?km=-3').status == 400
            assert b.get('/lieux/carte/france').status == 404 and b.get('/lieux/carte/999').status == 404
            p = b.get('/lieux/carte/93/csv?km=1')
            assert p.body.startswith(b'niveau,code,nom,') and p.body.count(b'\n') == 40, p.body[:200]
        finally:
            assert demo.stop() == 0
