"""Instruments beyond the counter: an agent asks, a person goes with a sheet, and may have all erased."""
import json, os, re, shutil, sqlite3, tempfile, time, urllib.parse
from client import Browser, Server
from connexion import Agent


def territory(binary, tremplin, d, *kinds, pouvoirs='resultats|instruments'):
    """A server in a territory with one structure that keeps answers, and a browser per role."""
    data = ('--data', f'{d}/data')
    demo = Server(binary, 'demo', '--data', f'{d}/data')
    structure = tremplin('structure', 'add', *data, 'Médiathèque').stdout.strip()
    db = sqlite3.connect(f'{d}/data/tremplin.db', timeout=30)
    db.execute('UPDATE structure SET pouvoirs = ? WHERE id = ?', (pouvoirs, structure))
    db.commit()
    links = {k: tremplin('agent', 'invite', *data, '--structure', structure, '--prenom', k.title(), '--nom', 'Roy',
                         '--role', k).stdout.strip().splitlines()[-1] for k in kinds}
    links = {k: v[v.index('/agent/'):] for k, v in links.items()}
    for v in links.values():            # the server sees what another process wrote within a second
        for _ in range(50):
            if Browser(demo.port).get(v).status == 200:
                break
            time.sleep(.1)
    return demo, db, links


def answer(b, page, **answers):
    """Fills page after page until the result."""
    seen = []
    while '/question/' in page.url:
        action = page.forms[-1]['action'] if '/question/' in page.forms[-1]['action'] else page.url
        names = {f[0] for f in page.form(action)['fields']}
        seen.append(page)
        page = b.submit(page, action, **{k: v for k, v in answers.items() if k in names})
    return page, seen


def add(test, binary, watched, tremplin):
    @test('eight gestures: consent, answers without a name, a number, and everything erased with it')
    def _():
        d = tempfile.mkdtemp()
        demo, db, links = territory(binary, tremplin, d, 'mediateur')
        try:
            b = Agent(watched(demo.port)).accept(links['mediateur']).b
            here = '/agent/instruments/huit_gestes'
            p = b.get('/agent/instruments')
            assert p.link('Huit gestes') == here
            p = b.get(here)
            assert 'Refuser ne change rien à vos droits' in p.text and 'Jamais au guichet' in p.text
            p = b.submit(p, here, age='moins-15', provenance='observe', mode='ecran')
            assert p.status == 400 and 'avant 15 ans' in p.text, p.text[:400]
            p = b.submit(p, here, age='18', provenance='observe', mode='ecran', commune='Bondy', accord='oui')
            assert p.url.endswith('/question/deja'), p.url
            gestes = ['allumer', 'commandes', 'reglages', 'applications', 'wifi', 'navigateur', 'secrets', 'renouveler']
            p, seen = answer(b, p, deja=['appeler', 'photos'], **{g: 'seul' for g in gestes[:5]},
                             **{g: 'avec_aide' for g in gestes[5:]}, appareil='smartphone', relation='inquiet')
            assert p.url == '/agent/instruments/resultat' and 'Vous savez déjà' in p.text, (p.url, p.text[:300])
            assert all(len(s.body) <= 10240 for s in seen), max(len(s.body) for s in seen)
            assert 'la plupart des gestes sans aide' in p.text and '<polygon' in p.body.decode()
            assert db.execute('SELECT count(*) FROM reponse').fetchone() == (0,), 'kept before the button'
            p = b.submit(p, '/agent/instruments/resultat')
            number = re.search(r'Votre numéro : ([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})', p.text)[1]
            again = b.get('/agent/instruments/resultat')
            assert number in again.text
            row = db.execute('SELECT instrument, version, commune, mode, provenance, langue, profil, reponses, numero FROM reponse').fetchall()
            assert len(row) == 1 and row[0][:7] == ('huit_gestes', '1.0.0', '93010', 'ecran', 'observe', 'fr', 'presque'), row
            assert json.loads(row[0][7])['wifi'] == 'seul' and 'connexion' not in json.loads(row[0][7])
            assert number.replace('-', '') not in str(row), 'the number itself is kept'
            columns = [c[1] for c in db.execute('PRAGMA table_info(reponse)')]
            assert not [c for c in columns if 'agent' in c or 'nom' in c], columns
            # the same person, later, with the sheet: two dates on one web
            b.submit(p, '/agent/instruments/fin')
            p = b.submit(b.get(here), here, age='18', provenance='observe', mode='ecran', numero=number.lower(), accord='oui')
            p, _ = answer(b, p, **{g: 'seul' for g in gestes}, appareil='ordinateur', connexion='maison', relation='tranquille')
            assert 'Avant (pointillé)' in p.text and 'stroke-dasharray' in p.body.decode()
            b.submit(p, '/agent/instruments/resultat')
            assert db.execute('SELECT count(*), count(DISTINCT numero) FROM reponse').fetchone() == (2, 1)
            # anybody with the number erases, without an account
            c = watched(demo.port)
            p = c.submit(c.get('/reponses/effacer'), '/reponses/effacer', numero='XXXX')
            assert p.status == 400 and 'trois groupes de quatre' in p.text
            p = c.submit(p, '/reponses/effacer', numero=number)
            assert '2 questionnaires sont effacés' in p.text, p.text[:300]
            p = c.submit(p, '/reponses/effacer', numero=number)
            assert p.status == 400 and 'Rien n’est gardé' in p.text
            assert db.execute('SELECT count(*) FROM reponse').fetchone() == (0,)
        finally:
            assert demo.stop() == 0
            shutil.rmtree(d)

    @test('from 15 to 17, or without consent, no answer is kept; a number or date badly typed is said, nothing lost')
    def _():
        d = tempfile.mkdtemp()
        demo, db, links = territory(binary, tremplin, d, 'mediateur')
        try:
            b = Agent(watched(demo.port)).accept(links['mediateur']).b
            here = '/agent/instruments/huit_gestes'
            for more in (dict(age='15-17', accord='oui'), dict(age='18')):
                p = b.submit(b.get(here), here, provenance='declare', mode='telephone', **more)
                p = b.submit(p, p.url, button=('vers', 'resultat'))
                assert p.url == '/agent/instruments/resultat', p.url
                assert not [f for f in p.forms if f['action'] == '/agent/instruments/resultat'], 'offers to keep'
                p = b.submit(p, '/agent/instruments/fin')
                assert p.url == '/agent/instruments'
            assert db.execute('SELECT count(*) FROM reponse').fetchone() == (0,)
            assert db.execute('SELECT nombre, mode FROM reponse_compte').fetchall() == [(1, 'telephone')]
            assert b.get('/agent/instruments/resultat').status == 404
            assert b.get('/agent/instruments/question').status == 404
            assert b.get('/agent/instruments/absent').status == 404
            p = b.get('/agent/instruments/papier/huit_gestes')
            assert 'Fait avec de l’aide' in p.text and 'huit_gestes 1.0.0' in p.text
        finally:
            assert demo.stop() == 0
            shutil.rmtree(d)

    @test('five questions written in forms, tried, published, printed, answered by twelve people, and counted')
    def _():
        d = tempfile.mkdtemp()
        demo, db, links = territory(binary, tremplin, d, 'coordinateur', 'mediateur')
        try:
            a = Agent(watched(demo.port)).accept(links['coordinateur']).b
            p = a.submit(a.get('/agent/ecrire'), '/agent/ecrire', titre='')
            assert p.status == 400 and 'Écrivez un titre' in p.text
            p = a.submit(p, '/agent/ecrire', titre='Le bus numérique')
            here = '/agent/ecrire/le_bus_numerique/1.0.0'
            assert p.url == here, (p.url, p.text[:300])
            again = a.submit(a.get('/agent/ecrire'), '/agent/ecrire', titre='Le bus numérique')
            assert again.status == 409 and 'déjà ce titre' in again.text and b'Le bus num' in again.body, again.text[:300]
            ask = here + '/question'
            p = a.submit(a.get(ask + '?n=0'), ask, texte='Êtes-vous venu en bus ?', options='Oui = 1\nNon = 0')
            assert p.url == here and 'Êtes-vous venu en bus' in p.text, p.text[:500]
            p = a.submit(a.get(ask), ask, type='echelle', texte='L’accueil ?', options='Bien')
            assert p.status == 400 and 'de 3 à 5 degrés' in p.text and b'Bien' in p.body, p.text[:300]
            p = a.submit(p, ask, type='echelle', texte='L’accueil ?', options='Mal\nMoyen\nBien')
            for more in (dict(type='nombre', texte='Combien de minutes ?', min='0', max='300'),
                         dict(type='plusieurs', texte='Pour quoi faire ?', options='Une démarche\nApprendre\nImprimer'),
                         dict(type='matrice', texte='C’était…', options='Non\nOui', lignes='Utile\nAssez long')):
                p = a.submit(a.get(ask), ask, **more)
                assert p.url == here, p.text[:400]
            p = a.submit(p, here + '/phrase', quand="question_1 = 'non'", genre='peut', texte='vous dire où passe le bus')
            assert 'où passe le bus' in p.text
            p = a.submit(p, here + '/phrase', quand='vrai', genre='savez', texte='prendre le bus')
            p = a.submit(p, here + '/taire', n='2')
            assert 'prendre le bus' not in p.text, p.text[:300]
            p = a.submit(p, here + '/ordre', n='0', button=('sens', 'bas'))
            assert p.url == here
            p = a.submit(p, here + '/ordre', n='0', button=('sens', 'bas'))
            p = a.submit(p, here, titre='Le bus', conserver='reponses')
            # a score of two questions, read in two: refused without a question, nothing typed lost
            send = lambda **f: a.send('POST', here + '/score', urllib.parse.urlencode({'csrf': csrf, **f}), **{'Content-Type': 'application/x-www-form-urlencoded'})
            csrf = next(f[1] for f in p.forms[-1]['fields'] if f[0] == 'csrf')
            r = send(titre_score='Bien reçu', calcul='somme')
            assert r.status == 400 and 'au moins une question' in r.text and 'value="Bien reçu"'.encode() in r.body, r.text[:300]
            r = send(titre_score='Bien reçu', calcul='somme', **{'compte.question_1': 'oui', 'compte.l_accueil': 'oui'})
            assert r.status == 303, r.text[:300]
            two = dict(score='bien_recu', haut='très bien reçu', haut_parce_que='Venu en bus et bien accueilli.', bas='à mieux recevoir',
                       bas_parce_que='Le bus ou l’accueil n’a pas plu.')
            r = send(seuil='beaucoup', **two)
            assert r.status == 400 and 'à partir de quel nombre' in r.text and 'à mieux recevoir'.encode() in r.body, r.text[:300]
            assert send(seuil='3,5', **two).status == 303
            p = a.get(here)
            assert 'Lecture d’ensemble : très bien reçu' in p.text, p.text[:500]
            p = a.submit(p, here + '/phrase', quand="profil = 'a_mieux_recevoir'", genre='peut', texte='en parler avec vous')
            t = a.get(here + '/apercu')
            t = a.submit(t, here + '/apercu', question_1='oui', l_accueil='bien')
            assert 'très bien reçu' in t.text and 'en parler avec vous' not in t.text, t.text[:600]
            t = a.submit(t, here + '/apercu', question_1='non', l_accueil='mal')
            assert 'On peut' in t.text and 'en parler avec vous' in t.text and 'à mieux recevoir' in t.text, t.text[:600]
            t = a.get(here + '/apercu')
            assert 'facile à lire' in t.text and 'Êtes-vous venu en bus' in t.text, t.text[:400]
            t = a.submit(t, here + '/apercu', question_1='non', combien_de_minutes='12')
            assert 'On peut vous dire où passe le bus' in t.text, t.text[:600]
            assert 'Chaque question est posée' in a.get(here + '/chemins').text
            assert b'&quot;titre&quot;: &quot;Le bus&quot;' in a.get(here + '/fichier').body
            assert json.loads(a.get(here + '/fichier.json').body)['titre'] == 'Le bus'
            long = a.get('/agent/ecrire/huit_gestes/1.0.0/fichier')
            assert 'trop long pour une page' in long.text and len(long.body) < 20000
            assert json.loads(a.get('/agent/ecrire/huit_gestes/1.0.0/fichier.json').body)['id'] == 'huit_gestes'
            p = a.submit(p, here + '/etat', button=('fait', 'publier'))
            assert 'Publié : ne change plus' in p.text, p.text[:300]
            csrf = next(f[1] for f in p.forms[-1]['fields'] if f[0] == 'csrf')
            refused = a.send('POST', ask, f'csrf={csrf}&n=0&type=choix&texte=Autre&options=A', **{'Content-Type': 'application/x-www-form-urlencoded'})
            assert refused.status == 409 and 'ne change plus' in refused.text, refused.status
            assert a.send('POST', ask, 'csrf=', **{'Content-Type': 'application/x-www-form-urlencoded'}).status == 403
            p = a.submit(p, here + '/etat', version='1.1.0', button=('fait', 'version'))
            assert p.url.endswith('/1.1.0') and 'Brouillon' in p.text
            p = a.submit(p, '/agent/ecrire/le_bus_numerique/1.1.0/etat', button=('fait', 'effacer'))
            assert p.url == '/agent/ecrire'
            # answered
            b = Agent(watched(demo.port)).accept(links['mediateur']).b
            inst = '/agent/instruments/le_bus_numerique'
            assert 'Combien de minutes' in b.get('/agent/instruments/papier/le_bus_numerique').text
            for i in range(12):
                p = b.submit(b.get(inst), inst, age='18', provenance='declare', mode='papier', commune='Bondy', accord='oui')
                if i == 0:
                    while 'combien_de_minutes' not in p.url:
                        p = b.submit(p, p.url)
                    p = b.submit(p, p.url, combien_de_minutes='mille')
                    assert p.status == 400 and 'de 0 à 300' in p.text and b'value="mille"' in p.body, p.text[:400]
                p, _ = answer(b, p, question_1='oui', combien_de_minutes='12,5', pour_quoi_faire=['une_demarche', 'imprimer'],
                              c_etait_utile='oui')
                p = b.submit(p, '/agent/instruments/resultat')
                b.submit(p, '/agent/instruments/fin')
            c = a.get('/agent/comptes/le_bus_numerique')
            assert '12 personnes ont répondu' in c.text and 'Bondy' in c.text, c.text[:500]
            rows = a.get('/agent/comptes/le_bus_numerique/reponses.csv').body.decode().splitlines()
            assert len(rows) == 13 and ',12.5,une_demarche|imprimer,oui,' in rows[1] and 'Bondy' not in rows[1], rows[:2]
            assert a.get('/agent/comptes/le_bus_numerique/comptes.xlsx').body[:2] == b'PK'
            codes = a.get('/agent/comptes/le_bus_numerique/codes.csv').body.decode()
            assert 'ne_sait_pas' in codes and 'Êtes-vous venu en bus' in codes
            assert json.loads(a.get('/agent/comptes/le_bus_numerique/instrument.json').body)['titre'] == 'Le bus'
            assert a.get('/agent/comptes/huit_gestes/reponses.csv').status == 403
            assert 'Le bus' in a.get('/agent/comptes').text
            assert b.get('/agent/comptes').status == 403
        finally:
            assert demo.stop() == 0
            shutil.rmtree(d)

    @test('sheets go out with their numbers and come back: typed with the keyboard, one after the other, each once, or twice')
    def _():
        d = tempfile.mkdtemp()
        demo, db, links = territory(binary, tremplin, d, 'mediateur')
        try:
            b = Agent(watched(demo.port)).accept(links['mediateur']).b
            paper, here = '/agent/instruments/papier/huit_gestes', '/agent/instruments/saisie/huit_gestes'
            p = b.get(paper + '?exemplaires=3')
            numbers = re.findall(r'Feuille ([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})', p.text)
            assert len(set(numbers)) == 3 and p.body.count(b'QR code pour saisir') == 3, numbers
            assert b.get(paper + '?exemplaires=51').status == 400
            script = b.get('/agent/instruments/telephone/huit_gestes')
            assert 'Refuser ne change rien' in script.text and 'Dire' in script.text and '<svg' not in script.body.decode().split('<main')[1]
            # what the QR code opens: number and version are there
            p = b.get(f'{here}?version=1.0.0&numero={numbers[0]}')
            assert f'value="{numbers[0]}"'.encode() in p.body
            boxes = [f[0] for f in p.form(here)['fields'] if (f[0] or '').startswith('r.')]
            gestes = [x for x in boxes if x[2:] in ('allumer', 'commandes', 'reglages', 'applications')]
            assert len(gestes) == 4, boxes
            # a number with one wrong letter, an age that is missing, a box that is not there: said, and nothing lost
            wrong = ('A' if numbers[0][0] != 'A' else 'B') + numbers[0][1:]
            q = b.submit(p, here, numero=wrong, **{gestes[0]: '9', gestes[1]: '2'})
            assert q.status == 400 and 'lettre par lettre' in q.text and 'Dites l’âge' in q.text and 'numéro d’une case' in q.text
            assert b'value="9"' in q.body and b'value="2"' in q.body
            ticked = {gestes[0]: '1', gestes[1]: 'b', gestes[2]: 'S', gestes[3]: 'R'}
            p = b.submit(q, here, numero=numbers[0], age='18', accord='oui', commune='Bondy', groupe='vague 1', **ticked)
            assert p.status == 200 and 'Feuille gardée' in p.text and 'de suite : 1' in p.text, p.text[:400]
            assert b'value="Bondy"' in p.body and b'value="vague 1"' in p.body and b'value="%s"' % numbers[0].encode() not in p.body
            row = db.execute('SELECT mode, commune, groupe, reponses FROM reponse').fetchall()
            assert [r[:3] for r in row] == [('papier', '93010', 'vague 1')], row
            assert json.loads(row[0][3]) == {'allumer': 'seul', 'commandes': 'avec_aide', 'reglages': 'ne_sait_pas', 'applications': 'refus'}, row
            # the same sheet again
            q = b.submit(p, here, numero=numbers[0].lower(), age='18', accord='oui', **ticked)
            assert q.status == 400 and 'déjà été saisie' in q.text and db.execute('SELECT count(*) FROM reponse').fetchone() == (1,)
            # twice: the second typing differs in one answer of four
            p = b.submit(q, here, numero=numbers[1], age='18', accord='oui', deux_fois='oui', **ticked)
            assert 'attend la deuxième' in p.text, p.text[:300]
            q = b.submit(p, here, numero=numbers[1], age='18', accord='oui', **{**ticked, gestes[1]: '1'})
            assert q.status == 400 and 'Première saisie : 2' in q.text and db.execute('SELECT count(*) FROM reponse').fetchone() == (1,)
            p = b.submit(q, here, age='18', accord='oui', verifie='oui', **{gestes[1]: '2'})
            assert 'Feuille gardée' in p.text and '75' in p.text and 'identiques' in p.text, p.text[-600:]
            assert db.execute('SELECT count(*), count(DISTINCT reponses) FROM reponse').fetchone() == (2, 1)
            # nobody agreed: nothing of it is kept
            p = b.submit(p, here, numero=numbers[2], age='15-17', **ticked)
            assert 'Feuille comptée' in p.text, p.text[:300]
            assert db.execute('SELECT count(*) FROM reponse').fetchone() == (2,)
            assert [r[0] for r in db.execute("SELECT DISTINCT reponses FROM feuille")] == [''], 'the words of a sheet stay'
            assert numbers[0].replace('-', '') not in str(db.execute('SELECT * FROM feuille').fetchall())
            assert b.get(here + '?version=0.0.1').status == 404
            assert Browser(demo.port).get(here).status == 401 or 'Se connecter' in Browser(demo.port).get(here).text
        finally:
            assert demo.stop() == 0
            shutil.rmtree(d)

    @test('a page works without network: its sheets come back, each once, scored again here, all of the file or nothing')
    def _():
        d = tempfile.mkdtemp()
        demo, db, links = territory(binary, tremplin, d, 'mediateur')
        try:
            b = Agent(watched(demo.port)).accept(links['mediateur']).b
            away, here = '/agent/instruments/hors-ligne/huit_gestes', '/agent/instruments/retour'
            p = b.get(away)
            assert p.status == 200 and 'sans accord : rien' in p.text.lower() and f'{away}/page?langues=fr,ar' in p.body.decode()
            page = b.get(away + '/page?langues=fr,ar').body.decode()
            assert '"tag":"ar"' in page and '"tag":"tr"' not in page and 'sha256-' in page and 'http-equiv' in page
            assert '"garde":true' in page and '<script src' not in page and '<link' not in page
            sheet = {'tremplin': 'hors-ligne/1', 'numero': 'XH23-TNVY-THM7', 'instrument': 'huit_gestes', 'version': '1.0.0',
                     'mode': 'terrain', 'langue': 'ar', 'le': '2026-11-20', 'age': '18', 'accord': True, 'provenance': 'observe',
                     'moment': '', 'commune': 'Bondy', 'groupe': '', 'reponses': {'allumer': 'seul'}, 'profil': 'socle'}
            line = lambda **more: json.dumps({**sheet, **more}, ensure_ascii=False) + '\n'
            none = lambda: db.execute('SELECT (SELECT count(*) FROM reponse) + (SELECT count(*) FROM feuille)').fetchone() == (0,)
            p = b.get(here)
            for wrong, says in (('', 'Aucune feuille'), ('ceci', 'Ligne 1'), (line() + line(version='9.9', numero='Q6TM-MNB6-7DXX'), 'Ligne 2'),
                                (line() + line(reponses={'allumer': 'refus'}), 'Ce numéro est déjà plus haut'),
                                (line(numero='XH23-TNVY-THM8'), 'numéro n’est pas celui'), (line(tremplin='hors-ligne/2'), 'plus récente'),
                                (line(age='moins-15'), 'avant 15 ans'), (line() + line(numero='Q6TM-MNB6-7DXX', reponses={'allumer': 'vite'}), 'Ligne 2'),
                                (line(instrument='rien'), 'Ligne 1'), (line(le='hier'), 'date')):
                q = b.submit(p, here, lignes=wrong)
                assert q.status == 400 and says in q.text and 'Rien n’a été pris' in q.text and none(), (wrong, q.text[:400])
            young = line(numero='Q6TM-MNB6-7DXX', age='15-17', accord=True)
            q = b.submit(q, here, lignes=line() + young + line(numero='VJRT-GQW3-6JG5', accord=False))
            assert q.status == 200 and '1 feuille gardée' in q.text and '1 feuille comptée' in q.text and '1 feuille lue' in q.text, q.text[:600]
            assert '3 feuilles disaient un autre résultat' in q.text, q.text[:600]
            rows = db.execute('SELECT le, mode, langue, commune, provenance, reponses, profil FROM reponse').fetchall()
            assert len(rows) == 1 and rows[0][:6] == ('2026-11-20', 'terrain', 'ar', '93010', 'observe', '{"allumer":"seul"}'), rows
            assert rows[0][6] != 'socle', 'the result of the page was believed'
            q = b.submit(q, here, lignes=line(commune='Nulle-Part-sur-Rien') + young)
            assert '2 feuilles étaient déjà là' in q.text and '1 feuille sans commune' in q.text, q.text[:600]
            from voix import send_file
            # the file itself, which wins over what was pasted
            q = send_file(b, q, here, (line() + young).encode(), lignes='ceci')
            assert q.status == 200 and '2 feuilles étaient déjà là' in q.text, q.text[:600]
            q = send_file(b, q, here, line().encode() + b'\0' + young.encode())
            assert q.status == 400 and 'Ligne 2' in q.text, q.text[:600]
            q = send_file(b, q, here, b'PK\x03\x04 an archive')
            assert q.status == 400 and 'Ligne 1' in q.text, q.text[:600]
            q = send_file(b, q, here, b'x' * (5 << 20))
            assert q.status == 413, q.status
            assert db.execute('SELECT count(*) FROM reponse').fetchone() == (1,)
            assert db.execute('SELECT sum(nombre) FROM reponse_compte').fetchone() == (1,)
        finally:
            assert demo.stop() == 0
            shutil.rmtree(d)

    @test('words of the field: written by anybody, read again, published without what names somebody')
    def _():
        d = tempfile.mkdtemp()
        demo, db, links = territory(binary, tremplin, d, 'coordinateur')
        try:
            c = watched(demo.port)
            assert 'Rien n’est encore publié' in c.get('/paroles').text
            p = c.submit(c.get('/paroles/dire'), '/paroles/dire', qui='habitant')
            assert p.status == 400 and 'au moins une réponse' in p.text, p.text[:300]
            p = c.submit(p, '/paroles/dire', bloque='Le guichet de Mme Martin est fermé.', marche='Le bus.')
            assert p.url == '/paroles' and 'Merci' in p.text and 'Martin' not in p.text
            assert 'Martin' not in watched(demo.port).get('/paroles').text
            a = Agent(watched(demo.port)).accept(links['coordinateur']).b
            p = a.get('/agent/paroles')
            assert '2 paroles attendent' in p.text
            one = p.link('Martin')
            p = a.submit(a.get(one), one, texte='Le guichet est fermé.', theme='bloque', button=('fait', 'publiee'))
            assert p.url == '/agent/paroles' and '1 parole attend' in p.text
            two = p.link('Le bus.')
            a.submit(a.get(two), two, button=('fait', 'ecartee'))
            seen = watched(demo.port).get('/paroles').text
            assert 'Le guichet est fermé.' in seen and 'Martin' not in seen and 'Le bus' not in seen, seen
            rows = str(db.execute('SELECT reponses FROM reponse').fetchall() + db.execute('SELECT texte FROM parole').fetchall())
            assert 'Martin' not in rows and 'Le bus' not in rows, rows
        finally:
            assert demo.stop() == 0
            shutil.rmtree(d)

    @test('a draft is written by its own structure; another may read it, one without the power may not')
    def _():
        d = tempfile.mkdtemp()
        demo, db, links = territory(binary, tremplin, d, 'mediateur')
        try:
            a = Agent(watched(demo.port)).accept(links['mediateur']).b
            p = a.submit(a.get('/agent/ecrire'), '/agent/ecrire', titre='À nous')
            here = p.url
            assert here == '/agent/ecrire/a_nous/1.0.0', here
            text = re.search(r'<textarea[^>]*>(.*?)</textarea>', a.get(here + '/fichier').body.decode(), re.S)[1]
            others = {}
            for name, powers in (('Autre', 'instruments'), ('Sans', '')):
                s = tremplin('structure', 'add', '--data', f'{d}/data', name).stdout.strip()
                db.execute('UPDATE structure SET pouvoirs = ? WHERE id = ?', (powers, s))
                db.commit()
                link = tremplin('agent', 'invite', '--data', f'{d}/data', '--structure', s, '--prenom', name, '--nom', 'Roy',
                                '--role', 'mediateur').stdout.strip().splitlines()[-1]
                link = link[link.index('/agent/'):]
                for _ in range(50):
                    if Browser(demo.port).get(link).status == 200:
                        break
                    time.sleep(.1)
                others[name] = Agent(watched(demo.port)).accept(link).b
            b = others['Autre']
            p = b.get(here)
            assert p.status == 200 and 'Ajouter une question' not in p.text, p.text[:300]
            csrf = next(f[1] for f in p.forms[-1]['fields'] if f[0] == 'csrf')
            for what, body in (('/etat', 'fait=effacer'), ('/question', 'type=choix&texte=X&options=A'), ('/ordre', 'n=0&sens=retirer'), ('', 'titre=Pris')):
                r = b.send('POST', here + what, f'csrf={csrf}&{body}', **{'Content-Type': 'application/x-www-form-urlencoded'})
                assert r.status == 409, (what, r.status, r.text[:200])
            import html as h
            p = b.submit(b.get('/agent/ecrire'), '/agent/ecrire/coller', fichier=h.unescape(text))
            assert p.status == 409 and 'Une autre structure' in p.text, (p.status, p.text[:300])
            assert 'À nous' in a.get(here).text and others['Sans'].get('/agent/ecrire').status == 403
        finally:
            assert demo.stop() == 0
            shutil.rmtree(d)
