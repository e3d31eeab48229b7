"""Structures and agents: what commands write, and what pages refuse to who is nobody."""
import email, glob, json, os, re, shutil, subprocess, tempfile, time
from client import Server
from connexion import Agent, first_admin


def add(test, binary, watched, tremplin):
    routes = [l.split() for l in subprocess.run([binary, '--routes'], capture_output=True, text=True).stdout.splitlines()]

    @test('no page of agents shows anything to who is not logged in')
    def _():
        d = tempfile.mkdtemp()
        s = Server(binary, 'serve', '--data', f'{d}/data')
        try:
            b = watched(s.port)
            for method, path, right in routes:
                if right == 'public':
                    continue
                target = re.sub(r'\{[^}]*\}', '01999999-0000-7000-8000-000000000000', path)
                p = b.send(method, target, '' if method == 'POST' else None,
                           **({'Content-Type': 'application/x-www-form-urlencoded'} if method == 'POST' else {}))
                assert p.status in (303, 401, 403), (method, path, p.status)
                assert p.status != 303 or p.headers['location'].startswith(('/agent/connexion', '/mon-espace/entrer')), (path, p.headers)
        finally:
            assert s.stop() == 0
            shutil.rmtree(d)

    @test('a bare install offers one link, which makes the first administrator and his structure once')
    def _():
        d = tempfile.mkdtemp()
        link = tremplin('agent', 'premier', '--data', f'{d}/data').stdout.strip()
        s = Server(binary, 'serve', '--data', f'{d}/data')
        try:
            b = watched(s.port)
            p = b.get(link)
            assert p.status == 404 and 'plus récent' in p.text, p.text[:400]    # serve wrote another
            link = tremplin('agent', 'premier', '--data', f'{d}/data').stdout.strip()
            p = b.get(link)
            assert p.status == 200 and p.h1.strip() == 'Premier administrateur'
            bad = b.submit(p, link, prenom='Zoé', nom='Roy', courriel='zoe@', structure='Hub du 93')
            assert bad.title.strip().startswith('Erreur') and b'value="zoe@"' in bad.body and 'Choisissez le type' in bad.text
            p = b.submit(p, link, follow=False, prenom='Zoé', nom='Roy', courriel='zoe@exemple.fr', structure='Hub du 93',
                         type='association')
            assert p.status == 303 and p.headers['location'].startswith('/agent/bienvenue/'), (p.status, p.text[:300])
            assert b.get(link).status == 404
            agents = json.loads(tremplin('agent', 'list', '--data', f'{d}/data', '--json').stdout)['agents']
            assert [(a['nom'], a['etat'], a['structures'][0]['roles']) for a in agents] == [('Roy', 'invite', ['referent', 'admin'])]
            assert 'a déjà un administrateur' in tremplin('agent', 'premier', '--data', f'{d}/data', code=1).stderr
        finally:
            assert s.stop() == 0
            shutil.rmtree(d)

    @test('a list of agents is invited from a table; what cannot be is told line by line')
    def _():
        d = tempfile.mkdtemp()
        try:
            data = ('--data', f'{d}/data')
            tremplin('structure', 'add', *data, '--type', 'ccas', '--siret', '269 300 000 00016', 'CCAS de Bondy')
            for siret, words in (('BE 0203.430.576', 'Belgique'), ('26930000000015', 'clé'), ('269 300 000 00016', 'déjà')):
                assert words in tremplin('structure', 'add', *data, '--siret', siret, 'Autre', code=1).stderr, siret
            open(f'{d}/a.csv', 'w', encoding='cp1252').write(
                'Prénom;Nom;E-mail;Rôle\nYves;Le Goff;;Accueil\nZoé;Roy;ZOE@exemple.fr;aidant|mediateur\nYves;LE GOFF;;aidant\n'
                'Bob;Ba;bob@;aidant\nZoé;Roy-Petit;zoe@exemple.fr;aidant\nNora;Y;n@exemple.fr;chef\n;Seul;;aidant\n')
            out = tremplin('agent', 'import', *data, '--structure', 'ccas de bondy', f'{d}/a.csv')
            assert [l.split('\t')[0] for l in out.stdout.splitlines()] == ['yves.l', 'zoe.r'], out.stdout
            refused = [l for l in out.stderr.splitlines() if l.startswith(f'{d}/a.csv:')]
            said = ['4: Cette personne est déjà à la ligne 2.', '5: Cette adresse e-mail n’est pas écrite comme il faut.',
                    '6: Cette personne est déjà à la ligne 3.', '7: « chef » n’est pas un rôle.', '8: Il manque le prénom ou le nom.']
            assert [l.split('a.csv:')[1] for l in refused] == said, refused
            again = tremplin('agent', 'import', *data, '--structure', 'CCAS de Bondy', f'{d}/a.csv')
            assert not again.stdout and '0 invités' in again.stderr, again
            tremplin('agent', 'suspend', *data, 'zoe@exemple.fr')
            tremplin('agent', 'suspend', *data, 'zoe@exemple.fr', code=1)
            tremplin('agent', 'retablir', *data, 'zoe.r')
            tremplin('agent', 'role', *data, '--structure', 'CCAS de Bondy', '--role', 'referent', 'zoe.r')
            tremplin('agent', 'depart', *data, '--structure', 'CCAS de Bondy', 'yves.l')
            agents = {a['identifiant']: a for a in json.loads(tremplin('agent', 'list', *data, '--json').stdout)['agents']}
            assert agents['yves.l']['etat'] == 'parti' and not agents['yves.l']['structures']
            assert agents['zoe.r']['structures'][0]['roles'] == ['referent']
        finally:
            shutil.rmtree(d)

    def link_in(page):
        """The code of the sheet, as somebody types it."""
        return '/agent/bienvenue/' + re.search(r'[0-9A-Z]{4}(-[0-9A-Z]{4}){3}', page.text)[0].replace('-', '')

    def agent_links(page):
        return {' '.join(t.split()): h for h, t in page.links if re.fullmatch(r'/agent/agents/[0-9a-f-]{36}', h)}

    @test('from a bare install to a structure with three agents: on paper, by mail, and from a list')
    def _():
        d = tempfile.mkdtemp()
        os.makedirs(f'{d}/data')
        open(f'{d}/data/config', 'w').write('smtp = dossier\ncourriel_expediteur = Aide <aide@exemple.fr>\nadresse = http://aide.exemple.fr\n')
        s = Server(binary, 'serve', '--data', f'{d}/data')
        try:
            new = lambda: watched(s.port)
            admin = first_admin(tremplin, watched, s.port, f'{d}/data')
            # a structure: a number of another country first
            p = admin.b.get('/agent/structures/nouvelle')
            typed = {'nom': 'CCAS de Romainville', 'type': 'ccas', 'telephone': '01 99 00 90 05'}
            bad = admin.b.submit(p, '/agent/structures/nouvelle', siret='CHE-116.281.710', courriel='ccas@exemple.fr', **typed)
            assert 'Suisse' in bad.text and b'value="CCAS de Romainville"' in bad.body, bad.text[:600]
            p = admin.b.submit(p, '/agent/structures/nouvelle', siret='269 300 000 00016', **typed)
            assert 'La structure est créée' in p.text and p.h1.strip() == 'CCAS de Romainville', p.text[:500]
            agents = p.link('Agents de la structure')
            # its referent, on paper
            p = admin.b.get(admin.b.get(agents).link('Inviter quelqu'))
            p = admin.b.submit(p, '/agent/agents/inviter', prenom='Rosa', nom='Keita', roles='referent')
            assert 'Remettez cette feuille' in p.text and 'rosa.k' in p.text, p.text[:600]
            rosa = Agent(new()).accept(link_in(p))
            home = rosa.b.get('/agent')
            assert 'Vous êtes la seule personne' in home.text and 'CCAS de Romainville' in home.text
            # an aidant, by mail
            p = rosa.b.submit(rosa.b.get('/agent/agents/inviter'), '/agent/agents/inviter', prenom='Amina', nom='Benali',
                              courriel='Amina@exemple.fr', roles=['aidant', 'mediateur'])
            assert 'L’invitation est partie' in p.text and 'amina@exemple.fr' in p.text and b'/agent/bienvenue/' not in p.body
            for _ in range(100):
                mails = glob.glob(f'{d}/data/messages/*.eml')
                if mails:
                    break
                time.sleep(0.05)
            body = email.message_from_file(open(mails[0]))
            text = ''.join(m.get_payload(decode=True).decode() for m in body.walk() if m.get_content_type() == 'text/plain')
            assert 'Rosa Keita' in text and 'CCAS de Romainville' in text, text
            amina = Agent(new()).accept(re.search(r'http://aide.exemple.fr(/agent/bienvenue/[0-9A-Z]{16})', text)[1])
            # two more from a list, one of them twice
            p = rosa.b.submit(rosa.b.get('/agent/agents/importer'), '/agent/agents/importer',
                              texte='prenom;nom;courriel;role\nYves;Le Goff;;accueil\nYves;Le Goff;;aidant\nAmina;Benali;amina@exemple.fr;aidant')
            assert '1 personne invitée' in p.text and '2 lignes refusées' in p.text and p.text.count('Ce code sert une fois') == 1
            yves = Agent(new()).accept(link_in(p))
            assert 'réservée aux référents' in yves.b.get('/agent/agents').text
            # suspended: at the next page, whatever was open; then restored
            one = agent_links(rosa.b.get('/agent/agents'))['Amina Benali']
            p = rosa.b.submit(rosa.b.get(one + '/suspendre'), one + '/suspendre')
            assert 'Le compte est suspendu' in p.text and 'Suspendu' in p.text
            assert amina.b.get('/agent').url.startswith('/agent/connexion')
            p = rosa.b.submit(p, one + '/retablir')
            assert 'Le compte est rétabli' in p.text
            amina.login()
            assert amina.b.get('/agent').status == 200
            # everything lost: a way back in, on paper; what was before is nothing
            p = rosa.b.submit(rosa.b.get(one + '/acces'), one + '/acces')
            again = Agent(new()).accept(link_in(p), password='parasol tournevis lilas brume')
            assert again.b.get('/agent').status == 200
            assert 'Étape 2 sur 2' not in amina.password().text
            # who leaves
            two = agent_links(rosa.b.get('/agent/agents'))['Yves Le Goff']
            p = rosa.b.submit(rosa.b.get(two + '/depart'), two + '/depart')
            assert 'Le départ est enregistré' in p.text and 'Yves Le Goff' not in agent_links(p)
            assert yves.b.get('/agent').url.startswith('/agent/connexion')
            log = rosa.b.get('/agent/securite').text
            for words in ('Départ compte de Yves Le Goff par Rosa Keita', 'Compte suspendu compte de Amina Benali par Rosa Keita',
                          'Accès redonné par un référent compte de Amina Benali par Rosa Keita'):
                assert words in log, (words, log[:3000])
        finally:
            assert s.stop() == 0
            shutil.rmtree(d)

    @test('an agent of two structures sees where they work, changes it, and has there the roles of there')
    def _():
        d = tempfile.mkdtemp()
        data = ('--data', f'{d}/data')
        for name in ('CCAS', 'Médiathèque'):
            tremplin('structure', 'add', *data, name)
        who = ('--prenom', 'Amina', '--nom', 'Benali', '--courriel', 'amina@exemple.fr')
        link = tremplin('agent', 'invite', *data, '--structure', 'CCAS', '--role', 'aidant', *who).stdout.strip()
        s = Server(binary, 'serve', *data)
        try:
            amina = Agent(watched(s.port)).accept(link)
            assert 'Changer de structure' not in amina.b.get('/agent').text
            out = tremplin('agent', 'invite', *data, '--structure', 'mediatheque', '--role', 'referent', *who)
            assert not out.stdout and 'avait déjà un compte' in out.stderr
            assert amina.b.get('/agent/agents').status == 403
            p = amina.b.get(amina.b.get('/agent').link('Changer de structure'))
            ids = [v for f in p.forms for n, v in f['buttons'] if n == 'structure']
            assert len(ids) == 2
            for id in ids:
                p = amina.b.submit(amina.b.get('/agent/structure'), '/agent/structure', button=('structure', id))
                if 'Vous travaillez pour Médiathèque' in p.text:
                    break
            assert 'Médiathèque' in p.text and amina.b.get('/agent/agents').status == 200
            tremplin('agent', 'depart', *data, '--structure', 'mediatheque', 'amina@exemple.fr')
            assert amina.b.get('/agent').url.startswith('/agent/connexion')
            amina.login()
            p = amina.b.get('/agent')
            assert 'Vous travaillez pour CCAS' in p.text and 'Changer de structure' not in p.text
        finally:
            assert s.stop() == 0
            shutil.rmtree(d)
