"""A whole territory: its places and white zones, places that travel, what people come for."""


import time


def until(b, path, words, seconds=20):
    """What was written is read again a moment later by the server's watch."""
    end = time.monotonic() + seconds
    while True:
        p = b.get(path)
        if words in p.text or time.monotonic() > end:
            assert words in p.text, p.text[:1500]
            return p
        time.sleep(.1)


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

    @test('stops are imported, met by date near a commune, and one that is not public goes out by no way')
    def _():
        import datetime, json, os, re, shutil, tempfile
        from client import Server
        from connexion import Agent
        d = tempfile.mkdtemp()
        data = ('--data', f'{d}/data')
        demo = Server(binary, 'demo', '--data', f'{d}/data')
        try:
            b = watched(demo.port)
            place = [x['id'] for x in json.loads(b.get('/api/v1/lieux?limite=50').body)['lieux'] if x['code_insee'] != '93010'][0]
            soon = (datetime.date.today() + datetime.timedelta(days=2)).isoformat()
            head = 'id,lieu,arret,commune,latitude,longitude,quand,dates,sauf,precisions,non_public\n'
            rows = [f'1,{place},parvis neuf,Bondy,48.9018,2.4827,,{soon} 14:00-17:00,,devant le kiosque,non',
                    f'2,{place},square caché,Bondy,48.9018,2.4827,Mo-Su 10:00-12:00,,,,oui',
                    f'3,{place},quai flou,Bondy,48.9018,2.4827,Mo-Su 10:00-12:00,,,,peut-être',
                    f'4,{place},place lointaine,Bondy,44.84,-0.58,Mo-Su 08:00-09:00,,,,non',
                    f'5,{place},ailleurs,Bondy,,,quand il pleut,,,,non',
                    '6,Bus inconnu,ailleurs,Bondy,,,Mo 10:00-12:00,,,,non',
                    f'7,{place},ailleurs,Zzz,,,Mo 10:00-12:00,,,,non']
            path = f'{d}/arrets.csv'
            open(path, 'w').write(head + '\n'.join(rows) + '\n')
            run = tremplin('passage', 'import', *data, '--json', '--complet', path)
            t = json.loads(run.stdout)
            assert (t['lus'], t['acceptes'], t['refuses'], t['doutes']) == (7, 4, 3, 1), (t, run.stderr)
            for line in (':6:', ':7:', ':8:', 'ni oui ni non', '30 km'):
                assert line in run.stderr, (line, run.stderr)
            t = json.loads(tremplin('passage', 'import', *data, '--json', '--complet', path).stdout)
            assert (t['nouveaux'], t['modifies'], t['inchanges'], t['retires']) == (0, 0, 4, 0), t
            b = watched(demo.port)
            p = until(b, '/lieux/passages?commune=Bondy', 'parvis neuf')
            assert 'de 14 h à 17 h' in p.text and 'devant le kiosque' in p.text, p.text[:1500]
            assert b.get('/lieux/passages?commune=Nulle-part').status == 400
            p = b.get(f'/lieux/{place}')
            assert 'Prochains passages' in p.text and 'parvis neuf' in p.text, p.text[:1500]
            p = b.get(f'/fiche?lieu={place}')
            assert 'Prochain passage' in p.text and 'caché' not in p.text, p.text[:900]
            p = b.get('/lieux?commune=Bondy')
            assert 'De passage près d’ici' in p.text, p.text[-1500:]
            # it is as far as the stop of the moment asked, or its next one: not as its own house
            near = 'position=48.9018,2.4827'
            p = b.get(f'/lieux?{near}&ouvert=mardi-matin')
            first = p.text[p.text.index('Arrêt à Bondy, mardi'):][:300]
            assert re.match('Arrêt à Bondy, mardi [^,]*, de 8 h à 9 h, à [0-9,]+ k?m', first) and 'Ouvert mardi matin' in p.text, first
            found = json.loads(b.get(f'/api/v1/orientation?{near}&ouvert=mardi-matin&limite=50').body)['lieux']
            stops = json.loads(b.get(f'/api/v1/passages?{near}&quand=mardi').body)['passages']
            mine = [x for x in found if x['id'] == place][0]
            wanted = [x for x in stops if x['arret'] == 'place lointaine'][0]
            assert mine['arret']['arret'] == 'place lointaine' and mine['ouvert'] is True, mine
            assert abs(mine['distance_m'] - wanted['distance_m']) <= 1, (mine, wanted)
            assert found == sorted(found, key=lambda x: x['distance_m']), [x['distance_m'] for x in found]
            found = json.loads(b.get(f'/api/v1/orientation?{near}&limite=50').body)['lieux']
            tomorrow = (datetime.date.today() + datetime.timedelta(days=1)).isoformat()
            mine = [x['arret'] for x in found if x['id'] == place and 'arret' in x]
            assert all((x['jour'], x['debut']) <= (tomorrow, '08:00') for x in mine), mine
            p = b.get('/lieux/de-passage?commune=Bondy&equipement=lsf')
            assert p.status == 200 and 'Aucun lieu proche ne dit' in p.text and p.headers['cache-control'] == 'no-store', p.text[:900]
            assert 'set-cookie' not in p.headers
            ics = b.get(f'/lieux/{place}/passages')
            assert b'BEGIN:VEVENT' in ics.body and b'parvis neuf' in ics.body
            api = json.loads(b.get('/api/v1/passages?commune=93010').body)['passages']
            assert {'parvis neuf', 'place lointaine'} <= {x['arret'] for x in api}, api
            assert b.get('/api/v1/passages').status == 400
            ways = ['/lieux/passages?commune=Bondy', '/lieux?commune=Bondy', f'/lieux/{place}', f'/lieux/{place}/passages',
                    f'/lieux/{place}/contact', f'/lieux/{place}/horaires', '/lieux/de-passage?commune=Bondy', '/api/v1/passages?commune=93010',
                    f'/api/v1/lieux/{place}', '/api/v1/orientation?commune=93010', f'/fiche?lieu={place}', '/lieux/carte/93',
                    '/lieux/carte/93/csv', '/territoires/93010', '/carto/lieux', f'/carto/lieux/{place}', '/donnees', '/catalog.jsonld',
                    f'/lieux?position=48.9018,2.4827']
            ways += [f'/donnees/lieux/{f}' for f in ('donnees.csv', 'donnees.json', 'donnees.geojson', 'horaires.ics', 'contacts.vcf',
                                                     'donnees-etendues.csv', 'donnees-etendues.json', 'data-inclusion.json')]
            for way in ways:
                p = b.get(way)
                for hidden in ('caché', 'quai flou', 'sortie du foyer'):
                    assert hidden.encode() not in p.body, (way, hidden)
            for f in ('csv', 'json', 'geojson', 'csv-etendu', 'json-etendu', 'ics', 'vcard', 'data-inclusion'):
                out = tremplin('lieu', 'export', *data, '--format', f).stdout
                assert 'caché' not in out and 'quai flou' not in out, f

            structure = tremplin('structure', 'add', *data, 'Hub').stdout.strip()
            def enter(prenom, role):
                link = tremplin('agent', 'invite', *data, '--structure', structure, '--prenom', prenom, '--nom', 'Roy',
                                '--role', role).stdout.strip().splitlines()[-1]
                return Agent(watched(demo.port)).accept(link[link.index('/agent/'):])
            a = enter('Inès', 'mediateur')
            p = a.b.get('/agent/passages')
            assert 'square caché' in p.text and 'non public' in p.text, p.text[:900]
            assert a.b.get('/agent/passages/nouveau').status == 403
            c = enter('Zoé', 'coordinateur')
            new = '/agent/passages/nouveau'
            p = c.b.submit(c.b.get(new), new, lieu=place, arret='halle du marché', commune='Bondy', quand='quand je veux')
            assert 'ce rythme ne se lit pas' in p.text and 'halle du marché'.encode() in p.body, p.text[:900]
            p = c.b.submit(c.b.get(new), new, lieu=place, arret='halle du marché', commune='Bondy', quand='2e mardi du mois de 14h à 17h',
                           position='44.8,-0.5')
            assert 'plus de 30 km' in p.text
            p = c.b.submit(c.b.get(new), new, lieu=place, arret='halle du marché', commune='Bondy', quand='2e mardi du mois de 14h à 17h')
            assert p.url == '/agent/passages' and 'halle du marché' in p.text, (p.url, p.text[:600])
            one = [h for h, t in p.links if h.startswith('/agent/passages/0') and 'halle' in t][0]
            p = c.b.submit(c.b.get(one), one, arret='halle couverte')
            assert 'halle couverte' in p.text
            p = c.b.submit(c.b.get(one), f'{one}/retirer')
            assert 'halle couverte' not in p.text and c.b.get(one).status == 404

            local = f'/agent/equipements/{place}'
            p = c.b.submit(c.b.get(local), local, equipement=['lsf', 'interprete'], genre='social')
            assert p.url == f'/lieux/{place}', (p.url, p.text[:500])
            b = watched(demo.port)
            p = until(b, f'/lieux/{place}', 'Langue des signes')
            assert 'Premier accueil social' in p.text
            found = json.loads(b.get('/api/v1/orientation?commune=93010&equipement=lsf&equipement=interprete').body)['lieux']
            assert [x['id'] for x in found] == [place], found
            found = json.loads(b.get('/api/v1/orientation?commune=93010&genre=mediation&limite=50').body)['lieux']
            assert place not in [x['id'] for x in found]
            strict = tremplin('lieu', 'export', *data, '--format', 'csv').stdout
            wide = tremplin('lieu', 'export', *data, '--format', 'csv-etendu').stdout
            assert place not in strict and 'local_equipements' not in strict and 'interprete|lsf' not in strict
            assert place in wide and 'interprete|lsf' in wide
        finally:
            assert demo.stop() == 0
            shutil.rmtree(d)
