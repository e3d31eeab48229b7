"""Logging in, as agents do: invitation, password, codes, cards, a shared desk, what is given back."""
import hashlib, hmac, base64, json, os, re, shutil, struct, subprocess, tempfile, time, urllib.parse
from client import Server

PASSWORD = 'girouette panier cactus neige'


def totp(key, step=30, digits=6, at=None, drift=0):
    """RFC 6238, by the standard library alone."""
    seed = base64.b32decode(key + '=' * (-len(key) % 8)) if isinstance(key, str) else key
    n = int((time.time() if at is None else at) // step) + drift
    h = hmac.new(seed, struct.pack('>Q', n), hashlib.sha1).digest()
    o = h[-1] & 15
    return str((struct.unpack('>I', h[o:o + 4])[0] & 0x7fffffff) % 10 ** digits).zfill(digits)


def key_of(page):
    return re.search(r'<code>([A-Z2-7 ]+)</code>', page.body.decode())[1].replace(' ', '')


class Agent:
    """Somebody with a browser, a password and a telephone that never shows the same code twice."""

    def __init__(self, browser, name=None):
        self.b, self.name, self.key, self.step, self.codes = browser, name, None, 0, []

    def code(self):
        now = int(time.time() // 30)
        for n in (now - 1, now, now + 1):       # one step of tolerance on each side
            if n > self.step:
                self.step = n
                return totp(self.key, at=n * 30)
        time.sleep(30 - time.time() % 30 + 0.05)
        return self.code()

    def accept(self, link, password=PASSWORD):
        p = self.b.get(link)
        assert p.status == 200, (p.status, p.text[:300])
        self.name = re.search(r'identifiant, à garder\s*: (\S+)', p.text)[1]
        p = self.b.submit(p, link, mot_de_passe=password)
        assert p.url == '/agent/facteurs/ajouter', (p.url, p.text[:300])
        p = self.b.get('/agent/facteurs/application')
        self.key = key_of(p)
        p = self.b.submit(p, '/agent/facteurs/application', code_secret=self.code(), nom='téléphone de service')
        assert p.url.startswith('/agent/codes-secours'), (p.url, p.text[:400])
        p = self.b.submit(p, '/agent/codes-secours')
        self.codes = re.findall(r'<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>', p.body.decode())
        assert len(self.codes) == 10
        return self

    def password(self, password=PASSWORD, page=None, **more):
        p = page or self.b.get('/agent/connexion')
        return self.b.submit(p, '/agent/connexion', identifiant=self.name, mot_de_passe=password, **more)

    def login(self, page=None):
        p = self.password(page=page)
        assert 'Étape 2 sur 2' in p.text, p.text[:300]
        p = self.b.submit(p, '/agent/connexion/code', code_secret=self.code())
        return p


def first_admin(tremplin, watched, port, data):
    link = tremplin('agent', 'premier', '--data', data).stdout.strip()
    b = watched(port)
    p = b.submit(b.get(link), link, follow=False, prenom='Alba', nom='Moreau', courriel='alba@exemple.fr',
                 structure='CCAS de Bondy', type='ccas')
    return Agent(b).accept(p.headers['location'])


def invite(admin, prenom, nom, roles=('aidant',), courriel=''):
    p = admin.b.get('/agent/agents/inviter')
    if 'Est-ce toujours vous' in p.text:
        p = admin.b.submit(p, '/agent/preuve', mot_de_passe=PASSWORD)
    p = admin.b.submit(p, '/agent/agents/inviter', prenom=prenom, nom=nom, courriel=courriel, roles=list(roles))
    return re.search(r'/agent/bienvenue/[0-9A-Z]{16}', p.body.decode())[0]


def add(test, binary, watched, tremplin):
    class World:
        def __enter__(self):
            self.d = tempfile.mkdtemp()
            self.data = f'{self.d}/data'
            self.s = Server(binary, 'serve', '--data', self.data)
            return self

        def __exit__(self, *_):
            code = self.s.stop()
            shutil.rmtree(self.d)
            assert code == 0

        def browser(self, **headers):
            return watched(self.s.port, **headers)

    @test('an administrator comes in by an invitation, leaves, and comes back with two factors')
    def _():
        with World() as w:
            a = first_admin(tremplin, watched, w.s.port, w.data)
            assert a.b.get('/agent').status == 200
            p = a.b.submit(a.b.get('/agent'), '/agent/deconnexion')
            assert 'déconnecté' in p.text and 'cookies' in p.headers['clear-site-data']
            assert a.b.get('/agent').url.startswith('/agent/connexion?retour=')
            p = a.login(a.b.get('/agent'))
            assert p.url == '/agent', p.url
