"""Logins by outside providers: one that we did not write, and one that lies as it is told.
Each test is a sentence; the last line counts them."""
import json, os, re, shutil, subprocess, sys, tempfile, time, urllib.parse, urllib.request
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, '../../scenario'))
from client import Browser, Server, free_port
from connexion import Agent, PASSWORD, first_admin, invite

BINARY = os.path.realpath(sys.argv[1])
SECRET = 'un secret de trente-deux octets & plus\n'
TESTS, passed, failed = [], 0, 0
REFUSAL = re.compile('La connexion avec .* n’a pas abouti')


def test(sentence):
    def add(f):
        TESTS.append((sentence, f))
        return f
    return add


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Provider:
    """One of the two programs of this folder, and what it is told."""

    def __init__(self, script, *words):
        self.port = free_port()
        self.base = f'http://127.0.0.1:{self.port}'
        self.process = subprocess.Popen(['node', os.path.join(here, script), str(self.port), *words],
                                        stdout=subprocess.PIPE, text=True)
        assert 'fournisseur' in self.process.stdout.readline()

    def tell(self, path, what):
        urllib.request.urlopen(self.base + path, json.dumps(what).encode(), timeout=10).read()

    def mode(self, **how):
        self.tell('/__mode', how)

    def journal(self):
        return json.load(urllib.request.urlopen(self.base + '/__journal', timeout=10))

    def stop(self):
        self.process.kill()
        self.process.wait()


class Person:
    """A browser that knows two sites: ours and the provider's."""

    def __init__(self, port):
        self.b, self.site = Browser(port), f'http://127.0.0.1:{port}'
        self.jar = urllib.request.build_opener(NoRedirect, urllib.request.HTTPCookieProcessor())

    def ask(self, url, data=None):
        try:
            return self.jar.open(urllib.request.Request(url, data), timeout=20)
        except urllib.error.HTTPError as e:
            return e

    def leave(self, chemin, query=''):
        """Our page that sends to the provider: the address it gives, or the page that refuses."""
        p = self.b.send('GET', f'/agent/oidc/{chemin}{query}')
        assert 'no-store' in p.headers.get('cache-control', ''), p.headers
        return p

    def walk(self, url):
        """At the provider, from redirection to redirection, until it sends us back."""
        for _ in range(10):
            r = self.ask(url)
            url = urllib.parse.urljoin(url, r.headers.get('location') or '')
            if r.status not in (302, 303) or url.startswith(self.site):
                return r, url
        raise AssertionError('goes round in circles')

    def go(self, chemin, query=''):
        """To the provider and back: the address that it sends back to, not asked yet."""
        p = self.leave(chemin, query)
        assert p.status == 303, (p.status, p.text[:400])
        r, url = self.walk(p.headers['location'])
        assert url.startswith(self.site), (r.status, r.read()[:300])
        return url[len(self.site):]

    def login(self, chemin, query=''):
        return self.b.get(self.go(chemin, query))


# --- the world --------------------------------------------------------------------------------
folder = tempfile.mkdtemp()
DATA = f'{folder}/data'
PORT = free_port()
SITE = f'http://127.0.0.1:{PORT}'


def tremplin(*words):
    return subprocess.run([BINARY, *words], capture_output=True, text=True, check=True)


def write_secret(data, name):
    os.makedirs(f'{data}/cles', mode=0o700, exist_ok=True)
    with open(os.open(f'{data}/cles/{name}', os.O_WRONLY | os.O_CREAT, 0o600), 'w') as f:
        f.write(SECRET)


def write_settings(bon, rsa, ec, mac):
    os.makedirs(DATA, mode=0o700)
    with open(f'{DATA}/config', 'w') as f:
        f.write(f'adresse = {SITE}\noidc_modele = proconnect\noidc_issuer = {bon.base}\n'
                'oidc_client_id = tremplin\noidc_mfa = oui\nsmtp = dossier\n'
                'courriel_expediteur = Aide 93 <aide@exemple.fr>\n')
        for n, p, name, more in ((2, rsa, 'rsa', ''), (3, ec, 'ec', 'oidc3_alg = ES256\n'),
                                 (4, mac, 'mac', 'oidc4_alg = HS256\noidc4_mfa = oui\n')):
            f.write(f'oidc{n}_issuer = {p.base}/realm\noidc{n}_client_id = tremplin-{name}\n'
                    f'oidc{n}_nom = Organisme {name}\noidc{n}_chemin = {name}\noidc{n}_userinfo = signe\n{more}')
    for name in ('oidc_secret', 'oidc2_secret', 'oidc3_secret', 'oidc4_secret'):
        write_secret(DATA, name)


def person():
    return Person(PORT)


def proved(agent, page, password=PASSWORD):
    """Behind the page that asks who one is, when it comes."""
    if 'Est-ce toujours vous' in page.text:
        page = agent.b.submit(page, '/agent/preuve', mot_de_passe=password)
    return page


def link(agent, chemin):
    """Links the identity that the provider gives now to this agent; the page after."""
    p = Person(PORT)
    p.b = agent.b
    page = proved(agent, p.login(chemin, '?lier=oui'))
    assert page.url == '/agent/identites/lier', (page.url, page.text[:300])
    return agent.b.submit(page, '/agent/identites/lier')


def refused(page, status, words=''):
    assert page.status == status, (page.status, page.url, page.text[:300])
    assert words in page.text, page.text[:400]
    assert REFUSAL.search(page.text) and '/agent/connexion' in page.body.decode()
    return page


def nobody(p):
    """That browser is logged in as nobody."""
    q = p.b.get('/agent', follow=False)
    assert q.status == 303 and q.headers['location'].startswith('/agent/connexion'), (q.status, q.headers)


# --- the provider that we did not write --------------------------------------------------------
@test('the page to log in offers each provider; ProConnect is called as its own text says')
def _():
    p = person().b.get('/agent/connexion')
    assert p.link('S’identifier avec ProConnect') == '/agent/oidc/proconnect'
    assert p.link('Qu’est-ce que ProConnect ?') == 'https://proconnect.gouv.fr/'
    assert p.link('Se connecter avec Organisme rsa') == '/agent/oidc/rsa'


@test('ProConnect is asked with what it lists and nothing else, and its answer is taken')
def _():
    bon.tell('/__qui', {'sub': 'inconnue', 'amr': ['pwd']})
    p = person()
    url = urllib.parse.urlparse(p.leave('proconnect').headers['location'])
    q = urllib.parse.parse_qs(url.query)
    assert sorted(q) == ['claims', 'client_id', 'nonce', 'redirect_uri', 'response_type', 'scope', 'state'], q
    assert len(q['state'][0]) >= 32 and len(q['nonce'][0]) >= 32
    assert q['redirect_uri'] == [f'{SITE}/agent/oidc/proconnect/retour']
    assert p.login('proconnect').url == '/agent/identite-inconnue'
    assert json.load(urllib.request.urlopen(bon.base + '/__refus')) == []


@test('an identity that nobody linked opens nothing, whatever its mail: it says how to be linked')
def _():
    bon.tell('/__qui', {'sub': 'inconnue', 'amr': ['pwd', 'mfa']})
    p = person()
    page = p.login('proconnect')
    assert page.url == '/agent/identite-inconnue', page.url
    assert 'ne le devinons jamais' in page.text
    assert page.link('Me connecter et relier').endswith('retour=/agent/identites/lier')
    nobody(p)
    # the SIRET names a structure, for people to decide; it gives no right
    bon.tell('/__qui', {'sub': 'inconnue', 'amr': ['pwd', 'mfa'], 'siret': '13002526500013'})
    assert 'CCAS de Bondy' in person().login('proconnect').text
    nobody(p)


@test('who has no account asks for one: the referents of that SIRET decide, nothing opens by itself')
def _():
    import email, glob
    bon.tell('/__qui', {'sub': 'nouvelle', 'amr': ['mfa']})
    p, agents = person(), tremplin('agent', 'list', '--data', DATA).stdout
    page = p.login('proconnect')
    for _ in range(2):                  # twice is once
        page = p.b.submit(p.b.get('/agent/identite-inconnue'), '/agent/identite-inconnue')
        assert 'Votre demande est partie' in page.text, page.text[:300]
    nobody(p)
    assert tremplin('agent', 'list', '--data', DATA).stdout == agents
    for _ in range(100):
        mails = glob.glob(f'{DATA}/messages/*.eml')
        if mails:
            break
        time.sleep(0.1)
    assert len(mails) == 1, mails
    mail = email.message_from_file(open(mails[0]))
    assert mail['to'] == 'alba@exemple.fr' and 'Benali' not in mail['subject'], mail.items()
    text = [x for x in mail.walk() if x.get_content_type() == 'text/plain'][0].get_payload(decode=True).decode()
    link = re.search(re.escape(SITE) + r'(/agent/agents/inviter\S+)', text)[1]
    page = proved(alba, alba.b.get(link))
    fields = {n: v for n, v, _, _ in page.form('/agent/agents/inviter')['fields']}
    assert (fields['prenom'], fields['nom'], fields['courriel']) == ('Amina', 'Benali', 'amina@exemple.fr'), fields
    # without a SIRET that is known here, nobody can be asked
    bon.tell('/__qui', {'sub': 'nouvelle', 'amr': ['mfa'], 'siret': '00000000000000'})
    q = person()
    page = q.login('proconnect')
    assert not [f for f in page.forms if f['action'] == '/agent/identite-inconnue']


@test('the first time: one logs in as usual, confirms, and the identity opens the account')
def _():
    bon.tell('/__qui', {'sub': 'alba-sub', 'amr': ['pwd']})
    p = person()
    page = p.login('proconnect')
    page = p.b.get(page.link('Me connecter et relier'))
    alba.b, before = p.b, alba.b
    page = alba.login(page)
    assert page.url == '/agent/identites/lier', (page.url, page.text[:200])
    # whose identity, and whose account: on a shared computer they may be two people
    assert 'Amina Benali amina@exemple.fr' in page.text and 'Alba Moreau' in page.text, page.text[:300]
    page = p.b.submit(page, '/agent/identites/lier')
    assert 'ouvre maintenant votre compte' in page.text
    # next time: the second factor is asked, then one is in
    q = person()
    page = q.login('proconnect')
    assert page.url.startswith('/agent/connexion/code'), page.url
    nobody(q)
    page = q.b.submit(page, '/agent/connexion/code', code_secret=alba.code())
    assert page.url == '/agent', page.url
    # the log says so
    assert 'Identité extérieure liée' in q.b.get('/agent/securite?vue=moi').text
    alba.b = before


@test('a second factor seen by a provider that the settings trust counts; otherwise it is asked')
def _():
    bon.tell('/__qui', {'sub': 'alba-sub', 'amr': ['pwd', 'totp', 'mfa']})
    p = person()
    assert p.login('proconnect').url == '/agent'
    assert 'Connexion' in p.b.get('/agent/securite?vue=moi').text
    # this other one says mfa too, but nobody said to trust it
    rsa.mode(sub='alba-rsa')
    link(alba, 'rsa')
    rsa.mode(sub='alba-rsa', amr=['pwd', 'mfa'])
    assert person().login('rsa').url.startswith('/agent/connexion/code')


@test('one comes back to the page that was wanted, and never to another site')
def _():
    bon.tell('/__qui', {'sub': 'alba-sub', 'amr': ['mfa']})
    assert person().login('proconnect', '?retour=/agent/structures').url == '/agent/structures'
    for evil in ('//evil.example', '/\\evil.example', '\\evil.example', 'https://evil.example',
                 '/\t/evil.example', '//evil.example/%2F..', 'javascript:alert(1)', '/agent evil', '/é'):
        p = person()
        back = p.go('proconnect', '?retour=' + urllib.parse.quote(evil, safe=''))
        page = p.b.get(back, follow=False)
        assert page.status == 303 and page.headers['location'] == '/agent', (evil, page.headers['location'])


@test('leaving closes our session, then the provider’s, and comes back here with its state')
def _():
    bon.tell('/__qui', {'sub': 'alba-sub', 'amr': ['mfa']})
    p = person()
    page = p.login('proconnect')
    page = p.b.submit(page, '/agent/deconnexion')
    url = page.link('Me déconnecter de ProConnect')
    q = urllib.parse.parse_qs(urllib.parse.urlparse(url).query)
    assert q['post_logout_redirect_uri'] == [f'{SITE}/agent/oidc/proconnect/sortie']
    assert len(q['state'][0]) >= 32 and q['id_token_hint'][0].count('.') == 2
    nobody(p)
    r = p.ask(url)
    form = r.read().decode()
    action = re.search(r'action="([^"]+)"', form)[1]
    xsrf = re.search(r'name="xsrf" value="([^"]+)"', form)[1]
    r = p.ask(action, urllib.parse.urlencode({'xsrf': xsrf, 'logout': 'yes'}).encode())
    back = r.headers['location']
    assert back.startswith(f'{SITE}/agent/oidc/proconnect/sortie?state='), back
    page = p.b.get(back[len(SITE):])
    assert 'De ce site, et de ProConnect' in page.text, page.text[:300]
    assert 'cookies' in page.headers['clear-site-data']
    # the state serves once; a stranger's says nothing of the kind
    assert 'De ce site, et de' not in p.b.get(back[len(SITE):]).text
    assert 'De ce site, et de' not in person().b.get('/agent/oidc/proconnect/sortie?state=' + 'x' * 43).text


@test('who says no at the provider is told so, with the other ways in')
def _():
    bon.tell('/__qui', {'sub': 'alba-sub', 'non': True})
    refused(person().login('proconnect'), 403, 'abandonnée')


@test('an account that was suspended is told whom to ask, and stays out')
def _():
    link_of = invite(alba, 'Nadia', 'Suspendue')
    nadia = Agent(Browser(PORT)).accept(link_of)
    rsa.mode(sub='nadia-rsa')
    link(nadia, 'rsa')
    bon.tell('/__qui', {'sub': 'nadia-sub', 'amr': ['mfa']})
    link(nadia, 'proconnect')
    assert person().login('proconnect').url == '/agent'
    sub = subprocess.run(['sqlite3', f'{DATA}/tremplin.db', "UPDATE agent SET etat = 'suspendu' WHERE prenom = 'Nadia'"],
                         capture_output=True, text=True)
    assert sub.returncode == 0, sub.stderr
    p = person()
    refused(p.login('proconnect'), 403, 'suspendu')
    nobody(p)


@test('an identity belongs to one account; it can be taken off, and then opens nothing')
def _():
    lien = invite(alba, 'Lea', 'Deux')
    lea = Agent(Browser(PORT)).accept(lien)
    rsa.mode(sub='alba-rsa')
    page = link(lea, 'rsa')
    assert page.status == 409 and 'déjà liée à un autre compte' in page.text, page.text[:300]
    rsa.mode(sub='lea-rsa')
    page = link(lea, 'rsa')
    assert 'ouvre maintenant' in page.text
    assert person().login('rsa').url.startswith('/agent/connexion/code')
    page = proved(lea, lea.b.submit(lea.b.get('/agent/identites'), '/agent/identites/retirer'))
    assert 'n’ouvre plus votre compte' in page.text, page.text[:300]
    assert person().login('rsa').url == '/agent/identite-inconnue'


@test('to link, the provider is asked who is there now, not who was there before')
def _():
    p = Person(PORT)
    p.b = alba.b
    q = urllib.parse.parse_qs(urllib.parse.urlparse(p.leave('proconnect', '?lier=oui').headers['location']).query)
    assert q['prompt'] == ['login'], q
    q = urllib.parse.parse_qs(urllib.parse.urlparse(person().leave('proconnect').headers['location']).query)
    assert 'prompt' not in q


@test('a link is proposed only for ten minutes, and only to who proved both')
def _():
    p = person()
    assert p.b.get('/agent/identite-inconnue').url.startswith('/agent/connexion')
    page = p.b.get('/agent/identites/lier')
    assert page.url.startswith('/agent/connexion')
    # linked from nothing: refused
    page = proved(alba, alba.b.get('/agent/identites/lier'))
    assert page.url == '/agent/identites', page.url


@test('what had been typed when the session ended is given back after a login by a provider')
def _():
    bon.tell('/__qui', {'sub': 'alba-sub', 'amr': ['mfa']})
    p = person()
    page = p.login('proconnect')
    form = p.b.get('/agent/agents/inviter')
    form = proved(p, form)
    subprocess.run(['sqlite3', f'{DATA}/tremplin.db',
                    "UPDATE agent_session SET fermee_le = '2026-01-01T00:00:00Z', fermee_par = 'inactivite' WHERE fermee_le IS NULL"],
                   check=True)
    time.sleep(1.2)
    page = p.b.submit(form, '/agent/agents/inviter', prenom='Zélie', nom='Gardée', roles=['aidant'])
    assert page.status == 403 and 'gardé' in page.text, (page.status, page.text[:300])
    page = p.b.submit(page, '/agent/oidc/proconnect')
    r, url = p.walk(page.link('Continuer vers ProConnect'))
    page = p.b.get(url[len(SITE):])
    assert 'Ce que vous aviez écrit est toujours là' in page.text and 'Zélie' in page.body.decode(), page.text[:300]
    alba.login()                        # her session ended with the others


# --- the one that lies ------------------------------------------------------------------------
@test('told nothing, the lying provider is honest: RS256, ES256 and HS256 are taken as agreed')
def _():
    for p, name, alg in ((rsa, 'rsa', 'RS256'), (ec, 'ec', 'ES256'), (mac, 'mac', 'HS256')):
        p.mode(alg=alg, sub='personne')
        assert person().login(name).url == '/agent/identite-inconnue', name
        asked = [x for x in p.journal() if x['at'] in ('authorize', 'token')]
        q, form = asked[0]['q'], asked[1]['form']
        assert q['code_challenge_method'] == 'S256' and len(q['code_challenge']) == 43
        assert form['client_secret'] == SECRET.strip() and len(form['code_verifier']) >= 43
        assert form['grant_type'] == 'authorization_code' and not asked[1]['basic']


LIES = {
    'alg none': ['alg-none', 'alg-none-kid', 'alg-None'],
    'HS256 with the RSA key, or with the secret where RS256 was agreed': [
        'hs256-pem', 'hs256-pem-no-eol', 'hs256-modulus', 'hs256-secret', 'hs256-empty'],
    'another algorithm, another key, a key of the token’s own': [
        'other-alg', 'key-of-a-stranger', 'jwk-inside', 'jku', 'x5u'],
    'a name of key that is unknown, a path, a query, another use’s': [
        'kid-unknown', 'kid-path', 'kid-sql', 'kid-of-the-enc-key', 'kid-number'],
    'a header that must be understood, a token of another kind': ['crit', 'typ-at', 'typ-logout'],
    'a payload or a signature that was bent or cut': ['bent', 'cut', 'four-parts'],
    'another issuer': ['wrong-iss', 'iss-slash', 'no-iss'],
    'another audience or party': ['wrong-aud', 'aud-more', 'no-aud', 'wrong-azp'],
    'another nonce': ['wrong-nonce', 'no-nonce'],
    'another time': ['expired', 'no-exp', 'exp-text', 'iat-future', 'iat-old', 'nbf-future'],
    'an access token of somebody else': ['wrong-at-hash'],
    'nobody, or too many': ['no-sub', 'sub-list', 'sub-long'],
}


def lie(provider, chemin, **how):
    """One login while it lies so: refused, and nobody is in."""
    p = person()
    provider.mode(**how)
    page = p.login(chemin)
    assert REFUSAL.search(page.text), (how, page.url, page.text[:200])
    assert page.status in (403, 502), (how, page.status)
    nobody(p)
    return page


for what, modes in LIES.items():
    @test(f'an id_token with {what} is refused, and the honest one after it is taken')
    def _(modes=modes):
        for m in modes:
            lie(rsa, 'rsa', mode=m, sub='alba-rsa')
            assert rsa.journal()[-1]['at'] in ('token', 'jwks'), m    # nothing was asked with its access token
        rsa.mode(sub='alba-rsa')
        assert person().login('rsa').url.startswith('/agent/connexion/code')


@test('an audience written as a list of one is the same audience')
def _():
    rsa.mode(sub='alba-rsa', mode='aud-list')
    assert person().login('rsa').url.startswith('/agent/connexion/code')


@test('where ES256 or HS256 was agreed, the other algorithms and secrets are refused too')
def _():
    for m in ('alg-none', 'hs256-pem', 'key-of-a-stranger', 'bent', 'cut'):
        lie(ec, 'ec', alg='ES256', mode=m)
    lie(ec, 'ec', alg='RS256')
    lie(ec, 'ec', alg='HS256')
    lie(mac, 'mac', alg='HS256', mode='other-secret')
    lie(mac, 'mac', alg='RS256')
    lie(mac, 'mac', alg='RS256', mode='alg-none')


@test('a userinfo without signature, of another key, of another person or site is refused')
def _():
    assert 'sans signature' in lie(rsa, 'rsa', sub='alba-rsa', userinfo='unsigned').text
    for m in ('wrong-sub', 'no-sub', 'wrong-aud', 'wrong-iss', 'no-iss', 'expired', 'alg-none', 'hs256-pem',
              'key-of-a-stranger', 'bent', 'jwk-inside', 'typ-at'):
        lie(rsa, 'rsa', sub='alba-rsa', userinfo=m)
    lie(mac, 'mac', alg='HS256', userinfo='other-secret')


@test('an exchange without its tokens is refused')
def _():
    lie(rsa, 'rsa', mode='no-id-token')
    lie(rsa, 'rsa', mode='mac-type')


@test('keys that turn are fetched again, once; a token of an unknown key does not make us ask again')
def _():
    ec.mode(alg='ES256', sub='personne')
    assert person().login('ec').url == '/agent/identite-inconnue'
    ec.journal()
    ec.mode(alg='ES256', sub='personne', rotate=True)
    assert person().login('ec').url == '/agent/identite-inconnue'
    assert [x['at'] for x in ec.journal()].count('jwks') == 1
    ec.mode(alg='ES256', sub='personne')
    assert person().login('ec').url == '/agent/identite-inconnue'
    assert [x['at'] for x in ec.journal()].count('jwks') == 0
    for _ in range(3):
        lie(ec, 'ec', alg='ES256', mode='kid-unknown')
    assert [x['at'] for x in ec.journal()].count('jwks') == 0


@test('a state that was not asked here, by this browser, for this provider, is refused')
def _():
    rsa.mode(sub='alba-rsa')
    for m in ('wrong-state', 'no-state'):
        p = person()
        rsa.mode(sub='alba-rsa', mode=m)
        refused(p.login('rsa'), 409, 'pas commencé dans ce navigateur')
        nobody(p)
    rsa.mode(sub='alba-rsa')
    rsa.journal()
    # the address of one browser, opened in another (login CSRF)
    p, q = person(), person()
    back = p.go('rsa')
    refused(q.b.get(back), 409)
    q.go('rsa')
    refused(q.b.get(back), 409)
    assert 'token' not in [x['at'] for x in rsa.journal()]
    # the first browser is not hurt by it
    assert p.b.get(back).url.startswith('/agent/connexion/code')


@test('an answer serves once: not again in the same browser, nor with the cookie it had before')
def _():
    rsa.mode(sub='alba-rsa')
    p = person()
    back = p.go('rsa')
    cookies = dict(p.b.cookies)
    assert p.b.get(back).url.startswith('/agent/connexion/code')
    refused(p.b.get(back), 409)
    rsa.journal()
    thief = person()
    thief.b.cookies = cookies
    refused(thief.b.get(back), 409)
    nobody(thief)
    assert rsa.journal() == []


@test('a code that has served is refused by the provider, and the page says so')
def _():
    rsa.mode(sub='alba-rsa')
    first, second = person(), person()
    code = re.search(r'code=([^&]+)', first.go('rsa'))[1]
    state = re.search(r'state=([^&]+)', second.go('rsa'))[1]
    # the code of one login in the answer to another: its nonce and its verifier are not there
    page = second.b.get(f'/agent/oidc/rsa/retour?code={code}&state={state}&iss={urllib.parse.quote(rsa.base + "/realm")}')
    refused(page, 502, 'refuse')
    nobody(second)


@test('mix-up: an answer that another provider gave is never taken to this one')
def _():
    rsa.mode(sub='alba-rsa')
    ec.mode(alg='ES256', sub='victime')
    for p in (rsa, ec):
        p.journal()
    # begun at rsa (the attacker), who sent the person to the honest ec: its code must not go to rsa
    p = person()
    state = urllib.parse.parse_qs(urllib.parse.urlparse(p.leave('rsa').headers['location']).query)['state'][0]
    honest = urllib.parse.quote(ec.base + '/realm', safe='')
    refused(p.b.get(f'/agent/oidc/rsa/retour?code=code-de-ec&state={state}&iss={honest}'), 403, 'ne vient pas du')
    assert 'token' not in [x['at'] for x in rsa.journal()]
    # without iss, from one who said that it gives it
    p = person()
    rsa.mode(sub='alba-rsa', mode='no-back-iss')
    refused(p.login('rsa'), 403, 'ne vient pas du')
    rsa.mode(sub='alba-rsa', mode='wrong-back-iss')
    refused(person().login('rsa'), 403, 'ne vient pas du')
    assert 'token' not in [x['at'] for x in rsa.journal()]
    # a state of rsa at the address of ec
    p = person()
    state = urllib.parse.parse_qs(urllib.parse.urlparse(p.leave('rsa').headers['location']).query)['state'][0]
    refused(p.b.get(f'/agent/oidc/ec/retour?code=x&state={state}&iss={honest}'), 409)
    assert 'token' not in [x['at'] for x in ec.journal()]


@test('an error of the provider is told in our words, never in those of the address')
def _():
    for error, status, words in (('access_denied', 403, 'abandonnée'), ('Y500003', 502, 'Code donné par Organisme rsa : Y500003'),
                                 ('temporarily_unavailable', 502, 'ne répond pas'), ('invalid_scope', 502, 'refusé'),
                                 ('<script>alert(1)</script>', 502, 'refusé'), ('Appelez le 0899', 502, 'refusé')):
        rsa.mode(error=error)
        p = person()
        page = refused(p.login('rsa'), status, words)
        assert 'alert(1)' not in page.body.decode() and '0899' not in page.text
        nobody(p)
    p = person()
    rsa.mode()
    state = urllib.parse.parse_qs(urllib.parse.urlparse(p.leave('rsa').headers['location']).query)['state'][0]
    page = p.b.get(f'/agent/oidc/rsa/retour?error=server_error&error_description=Appelez+le+0899&state={state}'
                   f'&iss={urllib.parse.quote(rsa.base + "/realm")}')
    assert '0899' not in page.text


@test('after leaving, a provider that changes the state or comes from nowhere learns nothing')
def _():
    mac.mode(alg='HS256', sub='alba-mac', amr=['mfa'])
    link(alba, 'mac')
    p = person()
    page = p.login('mac')
    assert page.url == '/agent', page.url
    page = p.b.submit(page, '/agent/deconnexion')
    mac.mode(alg='HS256', mode='wrong-end-state')
    r, url = p.walk(page.link('Me déconnecter de Organisme mac'))
    page = p.b.get(url[len(SITE):])
    assert 'De ce site, et de' not in page.text and page.status == 200
    for q in ('?post_logout_redirect_uri=//evil.example', '?retour=//evil.example', '?state=x&next=//evil.example'):
        page = p.b.get('/agent/oidc/mac/sortie' + q, follow=False)
        assert page.status == 200 and 'location' not in page.headers
        assert not [h for h, _ in page.links if 'evil' in h and not h.startswith('/langue?')]


class Elsewhere:
    """A site that starts now, with one provider that it has never asked anything."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        self.port = free_port()
        os.makedirs(f'{self.folder}/data')
        with open(f'{self.folder}/data/config', 'w') as f:
            f.write(f'adresse = http://127.0.0.1:{self.port}\noidc_issuer = {mac.base}/realm\n'
                    'oidc_client_id = tremplin\noidc_nom = Lointain\noidc_chemin = tard\n')
        write_secret(f'{self.folder}/data', 'oidc_secret')
        self.server = Server(BINARY, 'serve', '--data', f'{self.folder}/data', port=self.port)
        return Person(self.port)

    def __exit__(self, *_):
        self.server.stop()
        shutil.rmtree(self.folder)


@test('a provider whose configuration is not sound is not followed')
def _():
    with Elsewhere() as p:
        for how in [{'mode': m} for m in ('d-issuer', 'd-issuer-slash', 'd-http', 'd-user', 'd-no-token', 'd-javascript')] \
                + [{'discovery': m} for m in ('html', 'array', 'twice', 'moved')]:
            mac.mode(**how)
            refused(p.leave('tard'), 502)
        # an address of it that the settings do not allow is not asked; whoever administers reads it
        mac.mode(mode='d-other-origin')
        mac.journal()
        page = p.b.get(p.go('tard'))
        refused(page, 502, 'pas bien réglée')
        assert 'jwks' not in [x['at'] for x in mac.journal()]
    with Elsewhere() as p:
        mac.mode(sub='personne')
        assert p.login('tard').url == '/agent/identite-inconnue'


@test('a provider that is down, slow or endless gives a clear page, soon, with the other way in')
def _():
    for m in ('status-500', 'down', 'huge', 'drip', 'silent'):
        with Elsewhere() as p:
            mac.mode(discovery=m)
            began = time.time()
            refused(p.leave('tard'), 502, 'ne répond pas')
            assert time.time() - began < 8, (m, time.time() - began)
            # the next one is told at once, without waiting again
            began = time.time()
            refused(p.leave('tard'), 502, 'ne répond pas')
            assert time.time() - began < 1, m
            assert p.b.get('/healthz').status == 200


@test('while a provider is silent, other pages and other ways in answer as usual')
def _():
    import threading
    with Elsewhere() as p:
        mac.mode(discovery='silent')
        people = [Person(p.b.port) for _ in range(20)]
        threads = [threading.Thread(target=q.leave, args=('tard',)) for q in people]
        began = time.time()
        for t in threads:
            t.start()
        time.sleep(0.3)
        for path in ('/lieux', '/agent/connexion', '/healthz'):
            assert p.b.get(path).status == 200
        assert time.time() - began < 3
        for t in threads:
            t.join()
        assert time.time() - began < 12


@test('after its configuration, each other answer may fail: told in words, nobody is in')
def _():
    for how in ({'token': 'html'}, {'userinfo': 'html'}, {'token': 'twice'}, {'token': 'array'},
                {'token': 'status-500'}):
        p = person()
        mac.mode(alg='HS256', sub='alba-mac', **how)
        page = p.login('mac')
        assert REFUSAL.search(page.text), (how, page.url)
        nobody(p)


@test('a provider that is not set is a page that does not exist')
def _():
    p = person().b.get('/agent/oidc/inconnu')
    assert p.status == 404
    assert person().b.get('/agent/oidc/inconnu/retour?code=x&state=y').status == 404


@test('these pages are as sound as the others: axe, the Nu checker, 320 px, keyboard, weight')
def _():
    bon.tell('/__qui', {'sub': 'inconnue-2', 'amr': ['mfa']})
    stranger, linker = person(), Person(PORT)
    stranger.login('proconnect')
    if alba.b.get('/agent', follow=False).status != 200:
        alba.login()
    linker.b = alba.b
    proved(alba, linker.login('proconnect', '?lier=oui'))
    states = [
        {'cookies': {}, 'paths': ['/agent/connexion', '/agent/oidc/proconnect/retour?code=x&state=y', '/agent/oidc/proconnect/sortie']},
        {'cookies': stranger.b.cookies, 'paths': ['/agent/identite-inconnue']},
        {'cookies': alba.b.cookies, 'paths': ['/agent/identites/lier', '/agent/identites', '/agent/facteurs/cle', '/agent/connexion/cle']},
    ]
    out = subprocess.run(['node', os.path.join(here, 'look.mjs'), SITE, json.dumps(states)], capture_output=True, text=True)
    assert out.returncode == 0, out.stdout[-3000:] + out.stderr[-2000:]
    assert int(re.search(r'(\d+) passed', out.stdout)[1]) > 100, out.stdout


@test('no secret, code or token is in the log of the server')
def _():
    global log_text
    log_text = stop_server()
    for word in ('client_secret', SECRET.strip()[:20], 'eyJ', 'code=', 'alba-sub'):
        assert word not in log_text, word


def stop_server():
    site.process.terminate()
    text = site.process.stdout.read()
    assert site.process.wait(15) == 0, text[-2000:]
    return text


bon = Provider('bon.mjs', SITE)
rsa, ec, mac = (Provider('mauvais.mjs') for _ in range(3))
site = None
try:
    write_settings(bon, rsa, ec, mac)
    site = Server(BINARY, 'serve', '--data', DATA, port=PORT)
    alba = first_admin(tremplin, lambda port: Browser(port), PORT, DATA)
    subprocess.run(['sqlite3', f'{DATA}/tremplin.db', "UPDATE structure SET siret = '13002526500013'"], check=True)
    only = sys.argv[2:]
    for sentence, body in TESTS:
        if only and not any(w in sentence for w in only):
            continue
        try:
            body()
            passed += 1
        except Exception as e:
            failed += 1
            import traceback
            print(f'FAIL {sentence}\n     {type(e).__name__}: {e}')
            if only:
                traceback.print_exc()
finally:
    for p in (bon, rsa, ec, mac):
        p.stop()
    if site and site.process.poll() is None:
        site.process.kill()
    shutil.rmtree(folder, ignore_errors=True)
print(f'{passed} passed, {failed} failed')
sys.exit(1 if failed else 0)
