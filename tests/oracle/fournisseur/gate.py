"""Sites that others wrote log in through us.  Each test is a sentence; the last line counts them."""
import base64, json, os, re, shutil, subprocess, sys, tempfile, time, traceback, urllib.parse, urllib.request
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, '../../scenario'))
from client import Browser, free_port
from fournisseur import Federation, RETOUR, SORTIE

BINARY = os.path.realpath(sys.argv[1])
APACHE = '/usr/sbin/apache2'
TESTS, passed, failed = [], 0, 0


def test(sentence):
    def add(f):
        TESTS.append((sentence, f))
        return f
    return add


def tremplin(*words, ok=True):
    return subprocess.run([BINARY, *words], capture_output=True, text=True, check=ok)


tremplin.binary = BINARY


class Site:
    """openid-client, told what to do line by line."""

    def __init__(self, issuer):
        self.process = subprocess.Popen(['node', os.path.join(here, 'site.mjs'), issuer], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def tell(self, **order):
        self.process.stdin.write(json.dumps(order) + '\n')
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def be(self, secret, method='client_secret_basic', id='site', keys=None, **more):
        out = self.tell(client={'client_id': id, 'client_secret': secret, 'redirect_uris': [RETOUR],
                                'response_types': ['code'], 'token_endpoint_auth_method': method,
                                'post_logout_redirect_uris': [SORTIE], **more}, keys=keys)
        assert not out, out

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def agree(w, url, m, **typed):
    """The aidant's side of a demand: the address that the browser is sent back to."""
    assert url.startswith(w.base + '/federation/autoriser?'), url
    p = w.amina.submit(w.amina.get(url[len(w.base):]), '/federation/accord', mandat=m)
    p = w.accord(w.amina, p, **{'demarche': 'logement', **typed})
    assert p.status == 303, (p.status, p.text[:300])
    return p.headers['location']


w = Federation(Browser, tremplin)
w.person()
mandat = w.prepare()
w.sign(mandat)
site = Site(w.base)


@test('openid-client finds our configuration and logs in, with and without PKCE, by secret in the head or in the body')
def _():
    found = site.tell(discover=True)
    assert found['issuer'] == w.base and found['jwks_uri'], found
    subs = set()
    for method, pkce in (('client_secret_basic', True), ('client_secret_post', False)):
        site.be(w.secret, method)
        url = site.tell(demand={'scope': 'openid given_name'}, pkce=pkce)['url']
        got = site.tell(back=agree(w, url, mandat, given_name='Fatou'), checks={'max_age': 3600} if pkce else {})
        assert 'claims' in got, got
        c = got['claims']
        assert c['acr'] == 'eidas1' and c['rep_scope'] == ['logement'] and got['tokens']['expires_at'], c
        who = site.tell(who=True)
        assert who['given_name'] == 'Fatou' and who['sub'] == c['sub'], who
        subs.add(c['sub'])
    assert len(subs) == 1, 'the same person has one name for one site'


def age_keys(minutes):
    """The keys are that much older."""
    path = f'{w.dir}/data/cles/federation'
    lines = [l.split(' ', 4) for l in open(path).read().splitlines()]
    with open(path, 'w') as f:
        for kid, alg, since, until, jwk in lines:
            less = lambda t: str(int(t) - minutes * 60000) if int(t) else '0'
            f.write(' '.join((kid, alg, less(since), less(until), jwk)) + '\n')


@test('openid-client takes ES256, a signed identity, and keys that changed meanwhile')
def _():
    global site
    secret = w.client('courbe', '--nom', 'Courbe', '--alg', 'ES256', '--signe', '--pkce')
    es = {'id': 'courbe', 'id_token_signed_response_alg': 'ES256', 'userinfo_signed_response_alg': 'ES256'}
    site.be(secret, **es)
    kids = set()
    for k in range(2):
        url = site.tell(demand={}, pkce=True)['url']
        got = site.tell(back=agree(w, url, mandat))
        assert got.get('claims', {}).get('rep_scope') == ['logement'], got
        who = site.tell(who=True)
        assert who.get('sub') == got['claims']['sub'], who
        head = got['tokens']['id_token'].split('.')[0]
        kids.add(json.loads(base64.urlsafe_b64decode(head + '=='))['kid'])
        if not k:       # published ten minutes before they sign: the site has read them meanwhile
            w.tremplin('client', 'rotate', *w.data, '--cles')
            site.stop()
            site = Site(w.base)
            site.be(secret, **es)
            url = site.tell(demand={}, pkce=True)['url']
            got = site.tell(back=agree(w, url, mandat))
            assert 'claims' in got and json.loads(base64.urlsafe_b64decode(
                got['tokens']['id_token'].split('.')[0] + '=='))['kid'] in kids, got
            age_keys(11)
    assert len(kids) == 2, 'the new key signs now'
    site.be(secret, id='courbe', id_token_signed_response_alg='RS256', userinfo_signed_response_alg='ES256')
    url = site.tell(demand={}, pkce=True)['url']
    assert 'unexpected JWT alg' in site.tell(back=agree(w, url, mandat))['refused']


@test('openid-client proves itself with its own key, and the same proof never serves twice')
def _():
    made = subprocess.run(['node', '-e', '''
        const { generateKeyPairSync } = require('crypto');
        const k = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        const more = { kid: 'la-mienne', alg: 'ES256', use: 'sig' };
        console.log(JSON.stringify([{ ...k.privateKey.export({ format: 'jwk' }), ...more },
            { ...k.publicKey.export({ format: 'jwk' }), ...more }]))'''], capture_output=True, text=True, check=True)
    private, public = json.loads(made.stdout)
    with open(f'{w.dir}/cles.json', 'w') as f:
        json.dump({'keys': [public]}, f)
    assert w.client('signe', '--nom', 'Signe', '--cles', f'{w.dir}/cles.json') == ''
    site.be(None, 'private_key_jwt', id='signe', keys=[private], token_endpoint_auth_signing_alg='ES256')
    got = site.tell(back=agree(w, site.tell(demand={}, pkce=True)['url'], mandat))
    assert 'claims' in got, got
    private['d'] = private['d'][:-4] + 'AAAA'
    site.be(None, 'private_key_jwt', id='signe', keys=[private], token_endpoint_auth_signing_alg='ES256')
    got = site.tell(back=agree(w, site.tell(demand={}, pkce=True)['url'], mandat))
    assert got.get('error') == 'invalid_client' or 'refused' in got and 'claims' not in got, got


@test('openid-client refuses what another provider could slip in, and understands our refusals')
def _():
    site.be(w.secret)
    back = agree(w, site.tell(demand={}, pkce=True)['url'], mandat)
    mixed = re.sub(r'iss=[^&]*', 'iss=' + urllib.parse.quote('https://mal.fr', safe=''), back)
    assert 'iss mismatch' in site.tell(back=mixed)['refused']
    assert 'claims' in site.tell(back=back)
    assert site.tell(back=back).get('error') == 'invalid_grant'             # replayed
    back = agree(w, site.tell(demand={}, pkce=True)['url'], mandat)
    site.tell(demand={}, pkce=True)                                         # another browser's
    assert 'state mismatch' in site.tell(back=back)['refused']
    back = agree(w, site.tell(demand={}, pkce=True)['url'], mandat)
    assert site.tell(back=back, checks={'code_verifier': 'x' * 43}).get('error') == 'invalid_grant'
    back = agree(w, site.tell(demand={})['url'], mandat)
    assert 'nonce mismatch' in site.tell(back=back, checks={'nonce': 'autre'})['refused']
    p = w.amina.get(site.tell(demand={'prompt': 'none'})['url'][len(w.base):], follow=False)
    assert site.tell(back=p.headers['location']).get('error') == 'interaction_required'


@test('openid-client leaves by its own address, and what it held serves no more')
def _():
    site.be(w.secret)
    assert 'claims' in site.tell(back=agree(w, site.tell(demand={}, pkce=True)['url'], mandat))
    assert 'sub' in site.tell(who=True)
    url = site.tell(end={'post_logout_redirect_uri': SORTIE, 'state': 'fini'})['url']
    p = w.amina.get(url[len(w.base):], follow=False)
    assert w.back(p, SORTIE) == {'state': 'fini'}, p.headers
    assert site.tell(who=True)['error'] == 'invalid_token'


# --- Apache -------------------------------------------------------------------------------------
class Apache:
    """An Apache of our own, that lets in only who comes through us."""

    MODULES = ['mpm_prefork', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc']

    def __init__(self, secret, port, *more):
        self.dir = tempfile.mkdtemp()
        self.port = port
        os.chmod(self.dir, 0o755)
        os.makedirs(f'{self.dir}/www/prive')
        for name in ('page.html', 'prive/page.html'):
            with open(f'{self.dir}/www/{name}', 'w') as f:
                f.write('<p>entré</p>')
        user = '' if os.getuid() else 'User www-data\nGroup www-data\n'
        modules = ''.join(f'LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n' for m in self.MODULES)
        with open(f'{self.dir}/conf', 'w') as f:
            f.write(f'''ServerRoot {self.dir}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {self.dir}/pid
ErrorLog {self.dir}/log
LogLevel auth_openidc:debug
Mutex posixsem
{user}{modules}StartServers 1
MinSpareServers 1
MaxSpareServers 2
MaxRequestWorkers 4
DocumentRoot {self.dir}/www
OIDCProviderMetadataURL {w.base}/.well-known/openid-configuration
OIDCSSLValidateServer Off
OIDCClientID {more[0]}
OIDCClientSecret {secret}
OIDCRedirectURI http://127.0.0.1:{port}/prive/retour
OIDCCryptoPassphrase une-phrase-de-passe
OIDCScope "openid given_name"
OIDCPKCEMethod S256
OIDCAuthRequestParams acr_values=eidas1
OIDCCookieSameSite On
OIDCPassClaimsAs headers
<Location /prive>
AuthType openid-connect
Require claim acr:eidas1
</Location>
<Directory {self.dir}/www>
Require all granted
</Directory>
''')
        # a group of its own: it ends its whole group when it is told to end
        self.process = subprocess.Popen([APACHE, '-f', f'{self.dir}/conf', '-D', 'FOREGROUND'], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True, start_new_session=True)
        for _ in range(200):
            try:
                urllib.request.urlopen(f'http://127.0.0.1:{port}/page.html', timeout=5).read()
                return
            except OSError:
                assert self.process.poll() is None, self.process.stderr.read()
                time.sleep(0.05)
        raise AssertionError('apache does not answer')

    def log(self):
        return open(f'{self.dir}/log').read()

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stderr.close()
        shutil.rmtree(self.dir)


@test('mod_auth_openidc lets in who comes through us, and nobody with a code that served')
def _():
    port = free_port()
    secret = w.tremplin('client', 'add', *w.data, 'apache', '--nom', 'Serveur des aides', '--pkce', '--retour',
                        f'http://127.0.0.1:{port}/prive/retour').stdout.strip()
    apache = Apache(secret, port, 'apache')
    try:
        b = Browser(port, Accept='text/html')
        p = b.get('/prive/page.html', follow=False)
        assert p.status == 302 and p.headers['location'].startswith(w.base), (p.status, apache.log()[-800:])
        back = agree(w, p.headers['location'], mandat, given_name='Fatou')
        site_ = f'http://127.0.0.1:{port}'
        assert back.startswith(site_ + '/prive/retour?'), back
        p = b.get(back[len(site_):], follow=False)
        assert p.status == 302 and p.headers['location'] == site_ + '/prive/page.html', (p.status, apache.log()[-1500:])
        p = b.get('/prive/page.html', follow=False)
        assert p.status == 200 and b'entr' in p.body, (p.status, apache.log()[-1500:])
        log = apache.log()
        assert 'rep_scope' in log and 'Fatou' in log and 'logement' in log, log[-1500:]
        # the same way back, in another browser, opens nothing
        thief = Browser(port, Accept='text/html')
        p = thief.get(back[len(site_):], follow=False)
        assert p.status != 200 and '/prive/page.html' not in p.headers.get('location', ''), (p.status, p.headers)
    finally:
        apache.stop()


only = sys.argv[2:]
for sentence, f in TESTS:
    if only and not any(word in sentence for word in only):
        continue
    try:
        f()
        passed += 1
    except Exception:
        failed += 1
        print(f'not ok: {sentence}')
        traceback.print_exc()
site.stop()
w.close()
print(f'{passed} sentences of the federation hold, {failed} fail')
sys.exit(1 if failed or not passed else 0)
