"""Logging in, as agents do: invitation, password, codes, cards, a shared desk, what is given back."""
import hashlib, hmac, base64, json, re, shutil, sqlite3, struct, tempfile, threading, time, urllib.parse
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


def Browser_of(watched, port, other):
    b = watched(port)
    b.cookies = dict(other.cookies)
    return b


def prove(b, page, password=PASSWORD):
    """By the password, where a code would do as well."""
    page.forms = [f for f in page.forms if any(n == 'mot_de_passe' for n, *_ in f['fields'])]
    return b.submit(page, '/agent/preuve', mot_de_passe=password)


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
    b = watched(port)
    assert b.get('/healthz').status == 200          # it has offered its own link already
    link = tremplin('agent', 'premier', '--data', data).stdout.strip()
    p = b.submit(b.get(link), link, follow=False, prenom='Alba', nom='Moreau', courriel='alba@exemple.fr',
                 structure='CCAS de Bondy', type='ccas')
    return Agent(b).accept(p.headers['location'])


def invite(admin, prenom, nom, roles=('aidant',), courriel=''):
    p = admin.b.get('/agent/agents/inviter')
    if 'Est-ce toujours vous' in p.text:
        p = prove(admin.b, p)
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

        def read(self, sql):
            with sqlite3.connect(f'{self.data}/tremplin.db', timeout=20) as db:
                return db.execute(sql).fetchone()[0]

        def write(self, sql):
            with sqlite3.connect(f'{self.data}/tremplin.db', timeout=20) as db:
                db.execute(sql)

        def mailed(self, address, pattern):
            for _ in range(100):
                found = re.search(pattern, self.read(
                    f"SELECT coalesce((SELECT texte FROM envoi WHERE destinataire = '{address}' ORDER BY id DESC LIMIT 1), '')") or '')
                if found:
                    return found[0]
                time.sleep(0.05)
            raise AssertionError(f'no mail for {address}')

    @test('an administrator comes in by an invitation, leaves, and comes back with two factors')
    def _():
        with World() as w:
            a = first_admin(tremplin, watched, w.s.port, w.data)
            assert a.b.get('/agent').status == 200 and a.b.get('/agent/connexion/aide').status == 200
            p = a.b.submit(a.b.get('/agent'), '/agent/deconnexion')
            assert 'déconnecté' in p.text and 'cookies' in p.headers['clear-site-data']
            assert a.b.get('/agent').url.startswith('/agent/connexion?retour=')
            p = a.login(a.b.get('/agent'))
            assert p.url == '/agent', p.url

    @test('a link by mail, asked here, opens here: the address in the mail, a button, then the code of the telephone')
    def _():
        with World() as w:
            a = first_admin(tremplin, watched, w.s.port, w.data)
            b = a.b = w.browser()
            p = b.submit(b.get('/agent/connexion'), '/agent/connexion/lien', courriel='alba@exemple.fr')
            assert 'Regardez vos mails' in p.text and '15 minutes' in p.text
            link = w.mailed('alba@exemple.fr', r'/agent/bienvenue/[0-9A-Z]{16}')
            assert 'autre navigateur' in w.browser().get(link).text
            p = b.get(link)
            assert 'Bonjour Alba' in p.text
            p = b.submit(p, link)
            assert 'Étape 2 sur 2' in p.text, p.text[:300]
            assert b.submit(p, '/agent/connexion/code', code_secret=a.code()).url == '/agent'
            assert b.get(link).status == 404

    @test('what was typed when the session had ended is given back in the tab that asked for a link')
    def _():
        with World() as w:
            a = first_admin(tremplin, watched, w.s.port, w.data)
            p = a.b.get('/agent/compte')
            w.write("UPDATE agent_session SET fermee_le = '2026-01-01T00:00:00Z', fermee_par = 'inactivite'")
            p = a.b.submit(p, '/agent/compte/langue', langue='en')
            assert p.status == 403 and 'est gardé ici' in p.text, p.text[:400]
            p = a.b.submit(p, '/agent/connexion/lien', courriel='alba@exemple.fr')
            here = p
            link = w.mailed('alba@exemple.fr', r'/agent/bienvenue/[0-9A-Z]{16}')
            there = a.b.submit(a.b.get(link), link)         # another tab
            there = a.b.submit(there, '/agent/connexion/code', code_secret=a.code())
            fresh = re.search(r'name="csrf" value="([^"]+)', a.b.get('/agent/compte').body.decode())[1]
            for f in here.forms:                            # the first tab waited meanwhile: its token is old
                f['fields'] = [(n, fresh if n == 'csrf' else v, on, k) for n, v, on, k in f['fields']]
            p = a.b.submit(here, '/agent/connexion/suite')
            assert 'toujours là' in p.text and b'name="langue" value="en"' in p.body, p.text[:400]
            p = a.b.submit(p, '/agent/compte/langue')
            assert b'lang="en"' in p.body

    @test('a shared desk: cover, change of agent, a name shown only by agreement, and back by a password')
    def _():
        with World() as w:
            a = first_admin(tremplin, watched, w.s.port, w.data)
            c = Agent(w.browser()).accept(invite(a, 'Chloé', 'Ba'))
            p = a.b.submit(a.b.get('/agent/compte'), '/agent/garde')
            assert p.url.startswith('/agent/garde?retour=') and 'Tout est masqué' in p.text and 'Alba' not in p.text
            assert a.b.get('/agent').url.startswith('/agent/garde')
            p = prove(a.b, p, 'ce n est pas lui du tout')
            assert 'pas le bon' in p.text
            p = prove(a.b, p)
            assert p.url == '/agent/compte', p.url
            p = a.b.submit(p, '/agent/changer')
            assert 'À qui le tour' in p.text and 'Session sans nom' in p.text and 'Alba' not in p.text
            p = a.b.submit(p, '/agent/changer/prenom')
            assert 'Alba' in p.text
            c.b = a.b
            p = c.login(a.b.get('/agent/connexion'))
            assert 'Chloé Ba' in a.b.get('/agent/compte').text
            p = a.b.submit(a.b.get('/agent/compte'), '/agent/changer')
            assert p.text.count('Reprendre cette session') == 2
            p = a.b.submit(p, '/agent/changer/revenir')     # the first form: Alba
            assert 'Tout est masqué' in p.text
            p = prove(a.b, p)
            assert 'Alba Moreau' in a.b.get('/agent/compte').text
            assert 'déconnecté' in a.b.submit(a.b.get('/agent/compte'), '/agent/deconnexion').text
            assert 'Session sans nom' in a.b.get('/agent/changer').text

    @test('one looks after one\'s own account: password, mail, language, sessions, telephone, codes')
    def _():
        with World() as w:
            a = first_admin(tremplin, watched, w.s.port, w.data)
            b = a.b
            p = b.submit(b.get('/agent/compte/mot-de-passe'), '/agent/compte/mot-de-passe', mot_de_passe='motdepasse2026')
            assert p.status == 400 and 'deviner' in p.text
            p = b.submit(p, '/agent/compte/mot-de-passe', mot_de_passe=PASSWORD + ' vert')
            assert 'Votre mot de passe est changé' in p.text
            p = b.submit(b.get('/agent/compte/courriel'), '/agent/compte/courriel', courriel='alba.moreau@exemple.fr')
            assert 'alba.moreau@exemple.fr' in p.text
            other = Agent(w.browser(**{'User-Agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/128.0'}), a.name)
            other.key, other.step = a.key, a.step
            other.b.submit(other.password(PASSWORD + ' vert'), '/agent/connexion/code', code_secret=other.code())
            p = b.get('/agent/sessions')
            assert 'Firefox, Windows' in p.text and 'C’est celle-ci' in p.text
            close = [f['action'] for f in p.forms if f['action'].endswith('/fermer') and f['action'] != '/agent/sessions/fermer'][0]
            p = b.submit(p, close)
            assert 'Windows' not in p.text
            assert other.b.get('/agent').url.startswith('/agent/connexion')
            b.submit(b.get('/agent/facteurs/application'), '/agent/facteurs/application', code_secret='000000')
            p = b.get('/agent/facteurs/application')
            key = key_of(p)
            p = b.submit(p, '/agent/facteurs/application', code_secret=totp(key), nom='tablette')
            assert 'tablette' in p.text and 'téléphone de service' in p.text
            one = [h for h, t in p.links if h.startswith('/agent/facteurs/0')][1]
            p = b.submit(b.get(one), one + '/nom', nom='vieille tablette')
            assert 'vieille tablette' in p.text
            p = b.submit(b.get(one), one + '/retirer', raison='inutile')
            assert 'tablette' not in p.text
            p = b.submit(b.get('/agent/codes-secours'), '/agent/codes-secours')
            assert 'Vos dix codes' in p.text or 'feuille de codes' in p.text
            p = b.submit(b.get('/agent/compte'), '/agent/compte/langue', langue='en')
            assert b'lang="en"' in p.body
            again = Agent(w.browser(), a.name)
            again.key, again.step = a.key, other.step
            again.b.submit(again.password(PASSWORD + ' vert'), '/agent/connexion/code', code_secret=again.code())
            b.submit(b.get('/agent/sessions'), '/agent/sessions/fermer')
            assert again.b.get('/agent').url.startswith('/agent/connexion') and b.get('/agent').status == 200

    @test('cards: imported, a doubled serial refused by its line, handed over, lost; and a recovery code when all is lost')
    def _():
        with World() as w:
            a = first_admin(tremplin, watched, w.s.port, w.data)
            seed = b'12345678901234567890'
            csv = f'{w.d}/cartes.csv'
            open(csv, 'w').write('serie;graine\n' + ''.join(f'C{n};{seed.hex() if n % 2 else base64.b32encode(seed).decode()}\n'
                                                              for n in (1, 2, 3, 4, 3)))
            out = tremplin('carte', 'import', '--data', w.data, csv)
            assert [l.split('cartes.csv:')[1][:2] for l in out.stderr.splitlines() if 'cartes.csv:' in l] == ['4:', '6:'], out.stderr
            out = tremplin('carte', 'import', '--data', w.data, '--json', csv, code=1)
            assert json.loads(out.stdout) == {'lus': 5, 'acceptes': 0, 'refuses': 5}
            assert seed not in open(f'{w.data}/tremplin.db', 'rb').read()
            c = Agent(w.browser()).accept(invite(a, 'Chloé', 'Ba'))
            b = c.b
            assert 'carte' in b.get('/agent/facteurs/ajouter').text
            p = b.submit(b.get('/agent/facteurs/carte'), '/agent/facteurs/carte', serie='C1', code_secret=totp(seed, 60))
            assert 'n° C1' in p.text, p.text[:300]
            page = '/agent/agents/' + w.read("SELECT id FROM agent WHERE prenom = 'Chloé'") + '/cartes'
            p = a.b.get(page)
            assert 'n° C1' in p.text and 'téléphone de service' in p.text
            lost = [f for f in p.forms if ('geste', 'perdu', True, 'hidden') in f['fields']]
            p.forms = lost[1:]                              # the card, after the telephone
            p = a.b.submit(p, page)
            assert 'journal de sécurité' in p.text and 'C1' not in p.text, p.text[:300]
            p = a.b.submit(p, page + '/remettre', serie='C1', code_secret=totp(seed, 60))
            assert 'déclarée perdue' in p.text
            p = a.b.submit(p, page + '/remettre', serie='C2', code_secret=totp(seed, 60))
            assert 'La carte est remise' in p.text
            # Chloé has lost everything but her sheet
            b = w.browser()
            c.b = b
            p = b.submit(c.password(), '/agent/connexion/perdu')
            assert 'code de secours' in p.text
            p = b.submit(p, '/agent/connexion/secours', code_secret_secours=c.codes[0].lower(), perdu='tout')
            assert p.url == '/agent/facteurs' and 'ni téléphone ni carte' in p.text, (p.url, p.text[:300])
            assert b.get('/agent/connexion/secours').url == '/agent'
            assert 'carte-perdue' in w.read("SELECT group_concat(action) FROM trace")

    @test('forty who hammer get answers, the same for all, and the list of places still answers at once')
    def _():
        with World() as w:
            a = first_admin(tremplin, watched, w.s.port, w.data)
            b = w.browser()
            p = b.get('/agent/connexion')
            statuses, slow, done = [], [], []

            def hammer(n):
                c = Browser_of(watched, w.s.port, b)
                q = c.submit(p, '/agent/connexion', follow=False, identifiant=f'inconnu{n % 10}@exemple.fr', mot_de_passe='faux mot de passe')
                statuses.append(q.status)
                assert q.status != 503 or 'retry-after' in q.headers

            threads = [threading.Thread(target=hammer, args=(n,)) for n in range(40)]
            for t in threads:
                t.start()
            while any(t.is_alive() for t in threads):
                began = time.time()
                assert w.browser().get('/lieux').status == 200
                slow.append(time.time() - began)
            assert len(statuses) == 40 and set(statuses) <= {400, 429, 503} and 400 in statuses, statuses
            assert sorted(slow)[len(slow) // 2] < 2, slow   # measured by bench/login
