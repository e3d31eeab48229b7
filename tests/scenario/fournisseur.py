"""A site asks who acts for whom: the aidant's pages, the exchange, and all that must be refused."""
import base64, hashlib, json, os, secrets, time, urllib.parse
from client import free_port
from connexion import prove
from mandats import Life

RETOUR = 'https://site.exemple.fr/retour'
SORTIE = 'https://site.exemple.fr/au-revoir'


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b'=').decode()


def payload(token):
    part = token.split('.')[1]
    return json.loads(base64.urlsafe_b64decode(part + '=' * (-len(part) % 4)))


class Federation(Life):
    """The life of a mandat, and a site that has it told."""

    def __init__(self, watched, tremplin, *more):
        port = free_port()
        super().__init__(watched, tremplin, *more, port=port, config=f'adresse = http://127.0.0.1:{port}\n')
        self.base = f'http://127.0.0.1:{port}'
        self.secret = self.client('site', '--nom', 'Site des aides', '--sortie', SORTIE)

    def client(self, name, *more):
        return self.tremplin('client', 'add', *self.data, name, '--retour', RETOUR, *more).stdout.strip()

    def call(self, path, form=None, token=None, **headers):
        """As the site's server does; gives status, head and JSON."""
        if token:
            headers['Authorization'] = f'Bearer {token}'
        if form is not None:
            headers['Content-Type'] = 'application/x-www-form-urlencoded'
        site = self.watched(self.demo.port)
        p = site.send('POST' if form is not None else 'GET', path, urllib.parse.urlencode(form) if form is not None else None,
                      **headers)
        assert not site.cookies, 'a call of a server is given no cookie'
        return p.status, p.headers, json.loads(p.body) if p.body[:1] in (b'{', b'[') else p.body

    def demand(self, **more):
        """The address that the site sends the browser to."""
        p = {'response_type': 'code', 'client_id': 'site', 'redirect_uri': RETOUR, 'scope': 'openid',
             'state': secrets.token_urlsafe(16), 'nonce': secrets.token_urlsafe(16), 'acr_values': 'eidas1', **more}
        return '/federation/autoriser?' + urllib.parse.urlencode({k: v for k, v in p.items() if v is not None}, doseq=True)

    def back(self, page, to=RETOUR):
        """What the browser brings back to the site."""
        where = page.headers.get('location', '')
        assert page.status == 303 and where.startswith(to + '?'), (page.status, where, page.text[:300])
        return dict(urllib.parse.parse_qsl(where[len(to) + 1:]))

    def agree(self, m, demarche='logement', b=None, typed=None, **more):
        b = b or self.amina
        p = b.get(self.demand(**more))
        assert p.status == 200, (p.status, p.text[:300])
        p = b.submit(p, '/federation/accord', mandat=m)
        return self.back(self.accord(b, p, demarche=demarche, **(typed or {})))

    def accord(self, b, p, **values):
        """The form that agrees: the page has another, that goes back."""
        p.forms = [f for f in p.forms if not any(n == 'refus' for n, *_ in f['fields'])]
        return b.submit(p, '/federation/accord', follow=False, **values)

    def exchange(self, code, **more):
        form = {'grant_type': 'authorization_code', 'code': code, 'redirect_uri': RETOUR, 'client_id': 'site',
                'client_secret': self.secret, **more}
        return self.call('/federation/jeton', {k: v for k, v in form.items() if v is not None})


def add(test, binary, watched, tremplin):
    tremplin.binary = binary

    def life(f):
        def run():
            w = Federation(watched, tremplin)
            try:
                w.person()
                f(w)
            finally:
                w.close()
        return run

    @test('without a client nothing of the federation is there')
    def _():
        w = Life(watched, tremplin)
        for path in ('/.well-known/openid-configuration', '/federation/cles', '/federation/autoriser',
                     '/federation/identite', '/federation/sortie'):
            assert w.amina.get(path).status == 404, path
        w.close()

    @test('an aidant opens a site in the name of a person: one act, one leaf, one line that the person reads')
    @life
    def _(w):
        m = w.prepare(demarches=('logement', 'argent'))
        w.sign(m)
        status, head, c = w.call('/.well-known/openid-configuration')
        assert status == 200 and c['issuer'] == w.base and c['token_endpoint'] == w.base + '/federation/jeton'
        assert 'S256' in c['code_challenge_methods_supported'] and c['acr_values_supported'] == ['eidas1']
        status, _, keys = w.call('/federation/cles')
        assert sorted(k['alg'] for k in keys['keys']) == ['ES256', 'RS256'] and all('d' not in k for k in keys['keys'])
        verifier = secrets.token_urlsafe(40)
        claims = json.dumps({'id_token': {'rep_scope': {'essential': True, 'values': ['argent', 'travail']}}})
        nonce = secrets.token_urlsafe(12)
        p = w.amina.get(w.demand(scope='openid profile birth', claims=claims, nonce=nonce, state='a b&c',
                                 code_challenge=b64(hashlib.sha256(verifier.encode()).digest()), code_challenge_method='S256'))
        assert 'Site des aides' in p.h1 and 'Fatou' in p.text and p.headers['cache-control'] == 'no-store'
        assert "form-action 'self' https://site.exemple.fr;" in p.headers['content-security-policy']
        p = w.amina.submit(p, '/federation/accord', mandat=m)
        assert 'Argent' in p.text and 'Logement' not in p.text and 'banque' in p.text.lower(), p.text[:600]
        wrong = w.accord(w.amina, p, demarche='argent', birthdate='2 mars 1954')
        assert wrong.status == 400 and 'La date s’écrit' in wrong.text
        back = w.back(w.accord(w.amina, wrong, demarche='argent', birthdate='02/03/1954', given_name='Fatou', gender='female'))
        assert back['state'] == 'a b&c' and back['iss'] == w.base
        assert w.leaves('federation.connexion') == 0
        status, head, t = w.exchange(back['code'], code_verifier=verifier)
        assert status == 200 and head['cache-control'] == 'no-store', t
        assert t['token_type'] == 'Bearer' and t['expires_in'] == 60 and 'refresh_token' not in t
        told = payload(t['id_token'])
        assert told['aud'] == 'site' and told['iss'] == w.base and told['nonce'] == nonce and told['acr'] == 'eidas1'
        assert told['rep_scope'] == ['argent'] and told['exp'] - told['iat'] == 300 and told['auth_time'] <= told['iat']
        status, _, who = w.call('/federation/identite', token=t['access_token'])
        assert status == 200 and who['sub'] == told['sub'] and w.usager not in told['sub']
        assert who['given_name'] == 'Fatou' and who['birthdate'] == '1954-03-02' and who['gender'] == 'female'
        assert 'family_name' not in who and who['rep_scope'] == ['argent']
        w.call('/federation/identite', {}, token=t['access_token'])
        assert w.leaves('federation.connexion') == 1 and w.leaves('acte.fait') == 0
        b, _ = w.space()
        p = b.get('/mon-espace/historique')
        assert p.text.count('Un site a été ouvert en votre nom') == 1 and 'Connexion à Site des aides' in p.text
        assert 'Connexion à Site des aides' in w.amina.get(f'/agent/mandats/{m}').text
        # what was typed is nowhere but in the connection under way, and no code nor token is kept
        whole = b''.join(open(f'{w.dir}/data/{f}', 'rb').read() for f in os.listdir(f'{w.dir}/data')
                         if f.startswith('tremplin.db'))
        for secret in (back['code'], t['access_token'], w.secret):
            assert secret.encode() not in whole

    @test('a code serves once, by its client, at its address, with its verifier, for thirty seconds')
    @life
    def _(w):
        m = w.prepare()
        w.sign(m)
        other = w.client('autre', '--nom', 'Autre')
        t = w.exchange(w.agree(m)['code'])[2]
        code = w.agree(m)['code']
        first = w.exchange(code)[2]
        again = w.exchange(code)
        assert again[0] == 400 and again[2]['error'] == 'invalid_grant'
        # who brings a code a second time may have stolen it: what it had given ends too
        status, head, _ = w.call('/federation/identite', token=first['access_token'])
        assert status == 401 and 'invalid_token' in head['www-authenticate']
        assert w.call('/federation/identite', token=t['access_token'])[0] == 200
        leaves = w.leaves('federation.connexion')
        verifier = secrets.token_urlsafe(40)
        pkce = {'code_challenge': b64(hashlib.sha256(verifier.encode()).digest()), 'code_challenge_method': 'S256'}
        for more, with_ in (({'client_id': 'autre', 'client_secret': other}, {}), ({'redirect_uri': RETOUR + '/'}, {}),
                            ({'redirect_uri': None}, {}), ({'code_verifier': verifier}, {}),
                            ({'code_verifier': 'x' * 43}, pkce), ({}, pkce), ({'code_verifier': pkce['code_challenge']}, pkce)):
            code = w.agree(m, **with_)['code']
            refused = w.exchange(code, **more)
            assert refused[0] == 400 and refused[2]['error'] == 'invalid_grant', (more, refused)
            # one try: the right one comes too late
            assert w.exchange(code, code_verifier=verifier if with_ else None)[0] == 400
        for code in ('x', 'é', 'A' * 43, 'a' * 5000):
            assert w.exchange(code)[2]['error'] == 'invalid_grant'
        code = w.agree(m)['code']
        mark = hashlib.sha256(code.encode()).hexdigest()
        life = w.db.execute("SELECT strftime('%s', expire_le) - strftime('%s', 'now') FROM federation_code WHERE empreinte = ?",
                            (mark,)).fetchone()[0]
        assert 0 < life <= 30, life
        w.db.execute("UPDATE federation_code SET expire_le = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 second') WHERE empreinte = ?",
                     (mark,))
        assert w.exchange(code)[2]['error'] == 'invalid_grant'
        assert w.leaves('federation.connexion') == leaves

    @test('what the person stops between two steps stops the connection there')
    @life
    def _(w):
        m = w.prepare(demarches=('logement', 'social'))
        w.sign(m)
        begun = w.amina.submit(w.amina.get(w.demand()), '/federation/accord', mandat=m)
        code = w.agree(m)['code']
        t = w.exchange(w.agree(m)['code'])[2]
        assert w.call('/federation/identite', token=t['access_token'])[0] == 200
        b, _ = w.space()
        b.submit(b.get(f'/mon-espace/mandats/{m}'), f'/mon-espace/mandats/{m}/arreter', button=('demarche', 'logement'))
        assert w.exchange(code)[2] == {'error': 'invalid_grant', 'error_description': 'the person stopped this'}
        assert w.call('/federation/identite', token=t['access_token'])[0] == 401
        p = w.accord(w.amina, begun, demarche='logement')
        assert p.status == 400 and 'Choisissez la démarche' in p.text
        b.submit(b.get('/mon-espace'), '/mon-espace/tout-arreter')
        assert 'Aucune autorisation en cours' in w.amina.get(w.demand()).text
        assert w.leaves('federation.connexion') == 1

    @test('nobody acts but an aidant who is named, and every form is one of ours')
    @life
    def _(w):
        m = w.prepare()
        w.sign(m)
        stranger = watched(w.demo.port)
        p = stranger.get(w.demand())
        assert p.url.startswith('/agent/connexion'), p.url
        assert w.rosa.get(w.demand()).status == 403
        assert 'Aucune autorisation en cours' in w.bruno.get(w.demand()).text     # same structure, not named
        p = w.amina.get(w.demand())
        csrf = urllib.parse.urlencode({'demande': w.demand().split('?')[1], 'mandat': m, 'etape': 'accord', 'demarche': 'logement'})
        form = {'Content-Type': 'application/x-www-form-urlencoded'}
        assert w.amina.send('POST', '/federation/accord', csrf, **form).status == 403
        assert w.amina.send('POST', '/federation/accord', csrf + '&csrf=' + 'A' * 43, **form).status == 403
        q = w.bruno.get(w.demand())
        q.forms[-1]['fields'] += [('mandat', m, True, 'hidden'), ('etape', 'accord', True, 'hidden')]
        q.forms[-1]['fields'] = [f for f in q.forms[-1]['fields'] if f[0] != 'refus']
        out = w.bruno.submit(q, '/federation/accord', follow=False)
        assert out.status == 400 and 'location' not in out.headers
        p.forms = [f for f in p.forms if any(n == 'refus' for n, *_ in f['fields'])]
        assert w.back(w.amina.submit(p, '/federation/accord', follow=False))['error'] == 'access_denied'
        # the site may send a form: it comes back as an address, without the cookie
        p = w.amina.send('POST', '/federation/autoriser', w.demand().split('?')[1], **form)
        assert p.status == 303 and p.headers['location'].startswith('/federation/autoriser?response_type=code')

    @test('a demand that is not right goes back to the site as the RFC says, or stops here in plain words')
    @life
    def _(w):
        m = w.prepare()
        w.sign(m)
        w.client('severe', '--nom', 'Sévère', '--strict', '--pkce')
        for more, error in (({'nonce': None}, 'invalid_request'), ({'state': None}, 'invalid_request'),
                            ({'nonce': 'n' * 513}, 'invalid_request'), ({'response_type': None}, 'invalid_request'),
                            ({'response_type': 'token'}, 'unsupported_response_type'), ({'scope': 'profile'}, 'invalid_scope'),
                            ({'scope': None}, 'invalid_scope'), ({'response_mode': 'fragment'}, 'invalid_request'),
                            ({'acr_values': 'eidas2'}, 'unmet_authentication_requirements'),
                            ({'code_challenge': 'a' * 43, 'code_challenge_method': 'plain'}, 'invalid_request'),
                            ({'code_challenge': 'a' * 43}, 'invalid_request'), ({'code_challenge_method': 'S256'}, 'invalid_request'),
                            ({'request': 'a.b.c'}, 'request_not_supported'), ({'request_uri': 'x'}, 'request_uri_not_supported'),
                            ({'claims': '{'}, 'invalid_request'), ({'claims': '{"id_token":{"rep_scope":{"values":["x"]}}}'}, 'invalid_request'),
                            ({'prompt': 'none'}, 'interaction_required'), ({'prompt': 'none login'}, 'invalid_request'),
                            ({'max_age': '-1'}, 'invalid_request'), ({'scope': ['openid', 'profile']}, 'invalid_request'),
                            ({'inconnu': 'x' * 1400}, 'invalid_request'), ({'client_id': 'severe', 'zzz': '1'}, 'invalid_request'),
                            ({'client_id': 'severe'}, 'invalid_request')):
            back = w.back(w.amina.get(w.demand(**more), follow=False))
            assert back['error'] == error and back['iss'] == w.base and 'code' not in back, (more, back)
        assert w.back(watched(w.demo.port).get(w.demand(prompt='none'), follow=False))['error'] == 'login_required'
        assert w.amina.get(w.demand(inconnu='1', display='page', login_hint='x')).status == 200
        for near in (RETOUR + '/', RETOUR + '?x=1', RETOUR + '#x', RETOUR.upper(), RETOUR.replace('https', 'http'), RETOUR[:-1],
                     RETOUR + '%2f..', 'https://site.exemple.fr@mal.fr/retour', 'https://site.exemple.fr:443/retour',
                     RETOUR + '\n', f'{RETOUR}\n{RETOUR}', 'javascript:alert(1)', '', [RETOUR, 'https://mal.fr/']):
            p = w.amina.get(w.demand(redirect_uri=near), follow=False)
            trimmed = near == RETOUR + '\n'         # spaces around a value are not part of it
            assert 'location' not in p.headers and p.status == (200 if trimmed else 400), (near, p.status)
        for more in ({'client_id': 'personne'}, {'client_id': None}, {'client_id': ['site', 'severe']}):
            p = w.amina.get(w.demand(**more), follow=False)
            assert p.status == 400 and 'n’est pas connu' in p.text and 'location' not in p.headers
        # who was there before proves it again, once, and comes back to the demand
        for more in ({'prompt': 'login'}, {'max_age': '0'}):
            time.sleep(1.1)                 # a proof of this very second would do
            demand = w.demand(**more)
            p = w.amina.get(demand)
            assert 'Est-ce toujours vous' in p.text, p.text[:200]
            p = prove(w.amina, p)
            assert 'Site des aides' in p.h1 and p.url == demand, (p.url, p.text[:200])
            assert 'Site des aides' in w.amina.get(demand).h1
        assert w.amina.get(w.demand(max_age='3600')).status == 200

    @test('who exchanges proves which client it is, one way alone; secrets and keys change with an overlap')
    @life
    def _(w):
        m = w.prepare()
        w.sign(m)
        basic = {'Authorization': 'Basic ' + base64.b64encode(f'site:{w.secret}'.encode()).decode()}
        form = lambda: {'grant_type': 'authorization_code', 'code': w.agree(m)['code'], 'redirect_uri': RETOUR}
        assert w.call('/federation/jeton', form(), **basic)[0] == 200
        for more, head in (({'client_secret': 'faux'}, {}), ({'client_secret': None}, {}), ({'client_id': 'inconnu'}, {}),
                           ({}, basic), ({'client_id': None, 'client_secret': None}, {'Authorization': 'Basic !!!'})):
            body = {**form(), 'client_id': 'site', 'client_secret': w.secret, **more}
            status, h, j = w.call('/federation/jeton', {k: v for k, v in body.items() if v is not None}, **head)
            assert status == 401 and j['error'] == 'invalid_client' and h['www-authenticate'].startswith('Basic'), (more, j)
        for wrong, error in (({'grant_type': 'password'}, 'unsupported_grant_type'), ({'grant_type': 'refresh_token'}, 'unsupported_grant_type'),
                             ({'grant_type': None}, 'invalid_request'), ({'code': ''}, 'invalid_request')):
            assert w.exchange(**{'code': 'x', **wrong})[2]['error'] == error
        assert w.call('/federation/jeton?code=x', form())[2]['error'] == 'invalid_request'
        assert w.call('/federation/jeton', {**form(), 'a': 'b' * 20000})[2]['error'] == 'invalid_request'
        old = w.secret
        w.secret = w.tremplin('client', 'rotate', *w.data, 'site').stdout.strip()
        assert w.secret != old
        for secret in (old, w.secret):
            assert w.exchange(w.agree(m)['code'], client_secret=secret)[0] == 200
        new = w.tremplin('client', 'rotate', *w.data, 'site', '--maintenant').stdout.strip()
        assert w.exchange(w.agree(m)['code'])[0] == 401
        w.secret = new
        kid = lambda t: json.loads(base64.urlsafe_b64decode(t.split('.')[0] + '=='))['kid']
        names = lambda: [k['kid'] for k in w.call('/federation/cles')[2]['keys']]
        before, was = names(), kid(w.exchange(w.agree(m)['code'])[2]['id_token'])
        w.tremplin('client', 'rotate', *w.data, '--cles')
        assert set(before) < set(names()) and len(names()) == 4
        assert kid(w.exchange(w.agree(m)['code'])[2]['id_token']) == was       # published first, signs later
        w.tremplin('client', 'rotate', *w.data, '--cles', '--maintenant')
        assert not set(before) & set(names()) and kid(w.exchange(w.agree(m)['code'])[2]['id_token']) in names()
        listed = w.tremplin('client', 'list', *w.data).stdout
        assert 'Site des aides' in listed and new not in listed
        t = w.exchange(w.agree(m)['code'])[2]
        p = w.amina.get('/federation/sortie?' + urllib.parse.urlencode({'client_id': 'site', 'post_logout_redirect_uri': SORTIE,
                                                                        'state': 'x y'}), follow=False)
        assert w.back(p, SORTIE) == {'state': 'x y'} and w.call('/federation/identite', token=t['access_token'])[0] == 401
        t = w.exchange(w.agree(m)['code'])[2]
        leave = lambda token, **more: w.amina.get('/federation/sortie?' + urllib.parse.urlencode(
            {'id_token_hint': token, 'post_logout_redirect_uri': SORTIE, **more}), follow=False)
        assert leave(t['id_token'][:-8] + 'AAAAAAAA').status == 200       # not signed by us: no client is known
        assert leave(t['id_token'], client_id='autre').status == 200      # another client's
        assert w.call('/federation/identite', token=t['access_token'])[0] == 200
        assert leave(t['id_token']).headers['location'] == SORTIE
        assert w.call('/federation/identite', token=t['access_token'])[0] == 401
        p = w.amina.get('/federation/sortie?client_id=site&post_logout_redirect_uri=https://mal.fr/', follow=False)
        assert p.status == 200 and 'Site des aides ne peut plus rien lire' in p.text
        w.tremplin('client', 'remove', *w.data, 'site')
        assert w.call('/.well-known/openid-configuration')[0] == 404
