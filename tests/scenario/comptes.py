"""Structures and agents: what commands write, and what pages refuse to who is nobody."""
import json, os, re, shutil, subprocess, tempfile
from client import Server


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
                assert p.status != 303 or p.headers['location'].startswith('/agent/connexion'), (path, p.headers)
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
