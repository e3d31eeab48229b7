"""Outside identities and security keys as pages: what a site says when its provider does not answer.
What a provider answers is tried by tests/oracle/oidc; what a key answers, by tests/oracle/cle."""
import os, tempfile, shutil
from client import Server, free_port
from connexion import PASSWORD, first_admin


def add(test, binary, watched, tremplin):
    @test('a provider that does not answer is told in words, with the other ways in; nothing else breaks')
    def _():
        d = tempfile.mkdtemp()
        os.makedirs(f'{d}/data')
        port, nobody = free_port(), free_port()
        open(f'{d}/data/config', 'w').write(
            f'adresse = http://127.0.0.1:{port}\noidc_issuer = http://127.0.0.1:{nobody}\n'
            'oidc_client_id = x\noidc_nom = Ville\noidc_chemin = ville\n')
        s = Server(binary, 'serve', '--data', f'{d}/data', port=port)
        try:
            b = watched(port)
            p = b.get('/agent/connexion')
            assert p.link('Se connecter avec Ville') == '/agent/oidc/ville'
            p = b.get('/agent/oidc/ville')
            assert p.status == 502 and 'ne répond pas' in p.text and p.link('Se connecter autrement') == '/agent/connexion'
            assert b.get('/agent/oidc/ville/retour?code=x&state=y').status == 409
            assert 'Déconnexion' in b.get('/agent/oidc/ville/sortie?state=y').text
            assert b.get('/agent/oidc/autre').status == 404
            assert b.get('/agent/identite-inconnue').url.startswith('/agent/connexion')
            token = [v for n, v, _, _ in b.get('/agent/connexion').forms[0]['fields'] if n == 'csrf'][0]
            p = b.send('POST', '/agent/identite-inconnue', f'csrf={token}', **{'Content-Type': 'application/x-www-form-urlencoded'})
            assert p.status == 409 and 'dix minutes' in p.text, (p.status, p.text[:200])
            assert b.get('/agent/identites').url.startswith('/agent/connexion')
            a = first_admin(tremplin, watched, port, f'{d}/data')
            p = a.b.get('/agent/identites')
            assert 'Aucune identité' in p.text and p.link('Se connecter avec Ville')
            p = a.b.get('/agent/identites/lier')
            if 'Est-ce toujours vous' in p.text:
                p = a.b.submit(p, '/agent/preuve', mot_de_passe=PASSWORD)
            assert p.url == '/agent/identites', p.url
            token = [v for n, v, _, _ in p.form('/agent/deconnexion')['fields'] if n == 'csrf'][0]
            kind = {'Content-Type': 'application/x-www-form-urlencoded'}
            assert a.b.send('POST', '/agent/identites/lier', f'csrf={token}', **kind).status == 409
            p = a.b.send('POST', '/agent/identites/retirer', f'csrf={token}&fournisseur=x&sujet=y', **kind)
            assert p.status == 404, (p.status, p.text[:200])
            p = a.b.send('POST', '/agent/oidc/ville', f'csrf={token}&retour=/agent', **kind)
            assert p.status == 502, p.status
        finally:
            s.stop()
            shutil.rmtree(d)

    @test('a key of security without a browser that has one: the page says what else, and takes no nonsense')
    def _():
        d = tempfile.mkdtemp()
        s = Server(binary, 'serve', '--data', f'{d}/data')
        try:
            a = first_admin(tremplin, watched, s.port, f'{d}/data')
            p = a.b.get('/agent/facteurs/cle')
            assert 'il lui faut JavaScript' in p.text or 'est un nombre' in p.text, p.text[:300]
            assert p.link('Choisir autre chose') == '/agent/facteurs/ajouter'
            q = a.b.submit(p, '/agent/facteurs/cle', nom='clé')
            assert q.status == 400 and 'Il y a un problème' in q.text, q.status
            # nothing was asked since: the challenge served
            q = a.b.submit(p, '/agent/facteurs/cle', client='e30', objet='oA')
            assert q.status in (400, 409), q.status
            b = watched(s.port)
            assert b.get('/agent/connexion/cle').url == '/agent/connexion'
            a.b.submit(a.b.get('/agent'), '/agent/deconnexion')
            p = a.password()
            assert 'clé de sécurité' not in p.text.lower()          # she has none
            p = a.b.get('/agent/connexion/cle')
            q = a.b.submit(p, '/agent/connexion/cle', cle='AAAA', client='e30', donnees='AAAA', signature='AAAA')
            assert q.status == 400, q.status
            assert a.b.get('/agent', follow=False).status == 303
        finally:
            s.stop()
            shutil.rmtree(d)
