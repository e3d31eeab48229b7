"""The whole life of a mandat: a person without e-mail, an aidant, the gateway both ways."""
import os, re, shutil, sqlite3, subprocess, tempfile, time, urllib.parse
from client import Server
from connexion import Agent

SECRET = '482 913'


class Life:
    """A structure with two aidants and a referent, and a person with a card."""

    def __init__(self, watched, tremplin, *more, port=None, config=''):
        self.dir = tempfile.mkdtemp()
        if config:
            os.mkdir(f'{self.dir}/data', 0o700)
            with open(f'{self.dir}/data/config', 'w') as f:
                f.write(config)
        self.data = ('--data', f'{self.dir}/data')
        self.demo = Server(tremplin.binary, 'demo', *self.data, *more, port=port)
        assert watched(self.demo.port).get('/healthz').status == 200     # the invented agents are there, with their links
        self.structure = tremplin('structure', 'add', *self.data, 'CCAS de Pantin').stdout.strip()
        self.other = tremplin('structure', 'add', *self.data, 'Médiathèque').stdout.strip()
        self.watched, self.tremplin = watched, tremplin
        self.db = sqlite3.connect(f'{self.dir}/data/tremplin.db', isolation_level=None, timeout=30)
        self.db.execute("UPDATE structure SET pouvoirs = 'mandats' WHERE id IN (?, ?)", (self.structure, self.other))
        self.amina = self.agent('Amina', 'aidant').b
        self.bruno = self.agent('Bruno', 'aidant').b
        self.rosa = self.agent('Rosa', 'referent').b
        self.loin = self.agent('Lola', 'aidant', self.other).b

    def agent(self, name, role, where=None):
        link = self.tremplin('agent', 'invite', *self.data, '--structure', where or self.structure, '--prenom', name,
                             '--nom', 'X', '--role', role).stdout.strip().splitlines()[-1]
        return Agent(self.watched(self.demo.port)).accept(link[link.index('/agent/'):])

    def id_of(self, name):
        return self.db.execute("SELECT id FROM agent WHERE nom = 'X' AND prenom = ?", (name,)).fetchone()[0]

    def person(self, **more):
        b = self.amina
        p = b.submit(b.get('/agent/usagers/nouveau'), '/agent/usagers/nouveau',
                     **{'nom': 'Fatou', 'langue': 'fr', 'garde': 'espace', **more})
        assert p.h1.strip() == more.get('nom', 'Fatou'), p.text[:400]
        self.usager = p.url.split('/')[3].split('?')[0]
        page = f'/agent/usagers/{self.usager}/secret'
        p = b.submit(b.get(page), page, code_secret=SECRET, code_secret_2=SECRET)
        assert 'Vous ne l’avez pas vu' in p.text, p.text[:400]
        p = b.submit(b.get(f'/agent/usagers/{self.usager}'), f'/agent/usagers/{self.usager}/carte')
        self.codes = re.findall(r'<code>(\d{4} \d{4})</code>', p.body.decode())
        assert len(self.codes) == 10
        self.numero = self.db.execute('SELECT numero FROM usager WHERE id = ?', (self.usager,)).fetchone()[0]
        return self.usager

    def prepare(self, mode='ecran', demarches=('logement',), **more):
        page = f'/agent/usagers/{self.usager}/mandat'
        p = self.amina.submit(self.amina.get(page), page, raison='suite', demarches=list(demarches), agent=self.id_of('Amina'),
                              mode=mode, papier='structure', **more)
        assert p.url.startswith('/agent/mandats/'), p.text[:600]
        return p.url.split('/')[3].split('?')[0]

    def sign(self, m, **more):
        page = f'/agent/mandats/{m}/signer'
        return self.amina.submit(self.amina.get(page), page, **{'code_secret': SECRET, **more})

    def act(self, m, b=None, **more):
        page = f'/agent/mandats/{m}/agir'
        b = b or self.amina
        return b.submit(b.get(page), page, **{'demarche': 'logement', 'fait': 'Demande d’aide au logement envoyée',
                                              'resultat': 'attente', **more})

    def space(self, secret=SECRET):
        b = self.watched(self.demo.port)
        p = b.submit(b.get(f'/mon-espace/entrer?numero={self.numero}'), '/mon-espace/entrer', numero=self.numero, code_secret=secret)
        return b, p

    def leaves(self, genre):
        return self.db.execute('SELECT COUNT(*) FROM journal_acte WHERE genre = ?', (genre,)).fetchone()[0]

    def close(self):
        self.db.close()
        code = self.demo.stop()
        shutil.rmtree(self.dir)
        assert code == 0


def add(test, binary, watched, tremplin):
    tremplin.binary = binary

    def life(f):
        def run():
            w = Life(watched, tremplin)
            try:
                f(w)
            finally:
                w.close()
        return run

    @test('doing together needs no mandat, and leaves a line only when the person wants one')
    @life
    def _(w):
        w.person()
        page = f'/agent/usagers/{w.usager}/avec'
        b = w.amina
        p = b.submit(b.get(page), page, demarche='social', garder='non')
        assert 'Rien n’est gardé' in p.text
        assert w.db.execute('SELECT COUNT(*) FROM histoire').fetchone()[0] == 0
        p = b.submit(b.get(page), page, demarche='social', texte='Attestation de droits', garder='oui')
        assert 'Attestation de droits' in p.text, p.text[:500]
        p = b.get('/agent/usagers')
        assert 'Fatou' in p.text
        assert w.bruno.get(f'/agent/usagers/{w.usager}').status == 403
        assert w.loin.get(f'/agent/usagers/{w.usager}').status == 403
        find = '/agent/usagers/retrouver'
        p = w.loin.submit(w.loin.get(find), find, numero=w.numero, raison='Elle est là')
        assert 'Aucune personne de votre structure' in p.text
        p = w.bruno.submit(w.bruno.get(find), find, numero='123 456 788', raison='x')
        assert 'un chiffre est faux' in p.text

    @test('a mandat is signed on the screen, acted under, read, contested, stopped, and its proof printed')
    @life
    def _(w):
        w.person()
        m = w.prepare(demarches=('logement', 'social'))
        p = w.amina.get(f'/agent/mandats/{m}')
        assert 'À signer' in p.text and w.amina.get(f'/agent/mandats/{m}/agir').status == 409
        assert 'pas le bon' in w.sign(m, code_secret='111 222').text
        p = w.sign(m)
        assert 'commence maintenant' in p.text and 'En cours' in p.text, p.text[:600]
        p = w.act(m, reference='AL-2026-77')
        assert 'AL-2026-77' in p.text and 'L’acte est enregistré' in p.text, p.text[:600]
        assert w.leaves('acte.fait') == 1 and w.leaves('mandat.signe') == 1
        p = w.amina.get(f'/agent/mandats/{m}/attestation')
        assert re.search(r'<code>[0-9a-f]{64}</code>', p.body.decode()), p.text[:400]
        text = re.search(r'<pre><code>(.*?)</code></pre>', p.body.decode(), re.S)[1]
        import hashlib
        print_ = w.db.execute('SELECT attestation FROM mandat WHERE id = ?', (m,)).fetchone()[0]
        assert hashlib.sha256(text.encode()).hexdigest() == print_
        # another agent says why, another structure never reads
        p = w.bruno.get(f'/agent/mandats/{m}')
        assert 'pas nommé' in p.text
        p = w.bruno.submit(p, f'/agent/mandats/{m}/raison', raison='Amina est malade')
        assert 'Votre raison est notée' in p.text, p.text[:400]
        assert w.loin.get(f'/agent/mandats/{m}').status == 403
        # the person
        b, p = w.space()
        assert p.url == '/mon-espace' and 'Fatou' in p.h1, (p.url, p.text[:400])
        p = b.get('/mon-espace/historique')
        assert 'Amina est malade' in p.text and 'Demande d’aide' in p.text
        line = next(h for h, _ in p.links if h.startswith('/mon-espace/desaccord?ligne='))
        p = b.submit(b.get(line), '/mon-espace/desaccord', texte='Je n’ai pas demandé cela')
        assert 'quinze jours' in p.text
        ask = w.rosa.get('/agent/desaccords')
        assert 'Je n’ai pas demandé cela' in ask.text
        action = next(f['action'] for f in ask.forms if '/agent/desaccords/' in f['action'])
        w.rosa.submit(ask, action, reponse='Nous vous rappelons demain.')
        assert 'Nous vous rappelons demain.' in b.get('/mon-espace/desaccord').text
        p = b.submit(b.get('/mon-espace/historique'), '/mon-espace/historique', button=('masquer', 'oui'))
        assert 'Montrer de nouveau' in p.text
        p = b.get('/mon-espace/imprimer?choix=autorisations&choix=historique')
        assert 'Mes autorisations' in p.text
        p = b.submit(b.get(f'/mon-espace/mandats/{m}'), f'/mon-espace/mandats/{m}/arreter', button=('demarche', 'social'))
        assert 'C’est arrêté' in p.text and 'En cours' in p.text
        assert b.get(f'/mon-espace/mandats/{m}/attestation').status == 200
        # an act that was begun before, sent after: refused, nothing typed is lost
        page = f'/agent/mandats/{m}/agir'
        begun = w.amina.get(page)
        b.submit(b.get('/mon-espace'), '/mon-espace/tout-arreter')
        p = w.amina.submit(begun, page, demarche='logement', fait='Trop tard, mais écrit', resultat='fait')
        assert p.status == 409 and 'a été arrêtée' in p.text and b'Trop tard, mais' in p.body, (p.status, p.text[:400])
        assert w.leaves('acte.fait') == 1 and w.leaves('mandat.arrete') == 2
        b.submit(b.get('/mon-espace'), '/mon-espace/sortir')
        assert b.get('/mon-espace').url == '/mon-espace/entrer'

    @test('the same act sent twice is written once; two who stop at once stop once')
    @life
    def _(w):
        w.person()
        m = w.prepare()
        w.sign(m)
        page = w.amina.get(f'/agent/mandats/{m}/agir')
        for _ in range(2):
            w.amina.submit(page, f'/agent/mandats/{m}/agir', demarche='logement', fait='Une fois', resultat='fait')
        assert w.leaves('acte.fait') == 1
        first, second = w.amina.get(f'/agent/mandats/{m}'), w.space()
        w.amina.submit(first, f'/agent/mandats/{m}/arreter')
        second[0].send('GET', '/mon-espace')
        p = second[0].get(f'/mon-espace/mandats/{m}')
        assert 'Arrêtée' in p.text
        assert w.leaves('mandat.arrete') == 1

    @test('a lost card opens nothing more, and five wrong codes stop the tries')
    @life
    def _(w):
        w.person()
        b, p = w.space(w.codes[0])
        assert p.url == '/mon-espace'
        b2, p = w.space(w.codes[0])
        assert 'ne vont pas ensemble' in p.text      # a printed code serves once
        p = b.submit(b.get('/mon-espace/carte-perdue'), '/mon-espace/carte-perdue')
        assert p.url == '/mon-espace/entrer', p.url
        assert 'ne vont pas ensemble' in w.space(w.codes[1])[1].text
        for _ in range(6):
            _, p = w.space('915 264')
        assert 'bloquée' in p.text, p.text[:300]
        page = f'/agent/usagers/{w.usager}'
        p = w.amina.submit(w.amina.get(page), f'{page}/carte-perdue')
        assert 'ne sert plus' in p.text

    @test('the structure sets its limits; money is never a relative’s; two signatures for a curatelle')
    @life
    def _(w):
        w.person()
        p = w.rosa.submit(w.rosa.get('/agent/limites'), '/agent/limites', demarches=['logement', 'argent'], duree='MONTH', proche='oui',
                          dpo='dpo@exemple.fr')
        assert 'enregistrées' in p.text, p.text[:400]
        page = f'/agent/usagers/{w.usager}/mandat'
        common = dict(raison='suite', agent=w.id_of('Amina'), mode='ecran', papier='aucun')
        p = w.amina.submit(w.amina.get(page), page, demarches=['logement'], duree='LONG', **common)
        assert 'aussi longue' in p.text
        p = w.amina.submit(w.amina.get(page), page, demarches=['argent'], proche='Moussa', seul='oui', **common)
        assert 'ni pour l’argent' in p.text
        p = w.amina.submit(w.amina.get(page), page, demarches=['logement'], proche='Moussa', **common)
        assert 'd’abord la personne seule' in p.text
        m = w.prepare(protection='curatelle', protecteur='UDAF 93')
        assert 'deuxième signature' in w.sign(m).text
        assert 'commence maintenant' in w.sign(m, protecteur_signe='oui').text
        b = w.amina
        m2 = w.prepare()
        assert 'Ce qui change' in b.get(f'/agent/mandats/{m2}').text
        p = b.submit(b.get(f'/agent/mandats/{m2}'), f'/agent/mandats/{m2}/refuser')
        assert 'a refusé' in p.text

    @test('by telephone, two agents and a code of the card; alone it is refused')
    @life
    def _(w):
        w.person()
        m = w.prepare('voix')
        page = f'/agent/mandats/{m}'
        b = w.amina
        p = b.submit(b.get(page), f'{page}/voix', second=w.id_of('Bruno'), code_secret=SECRET)
        assert 'n’est pas le bon' in p.text
        p = b.submit(b.get(page), f'{page}/voix', second=w.id_of('Amina'), code_secret=w.codes[3])
        assert p.status == 400 and 'deux agents' in p.text, (p.status, p.text[:300])
        p = b.submit(b.get(page), f'{page}/voix', second=w.id_of('Bruno'), code_secret=w.codes[4])
        assert 'En cours' in p.text, p.text[:400]

    @test('by SMS: the recap, the question, a typo, Oui; a number alone signs nothing')
    @life
    def _(w):
        w.person(telephone='06 12 34 56 78', sur='oui')
        m = w.prepare('sms')
        page = f'/agent/mandats/{m}'
        b = w.amina
        p = b.submit(b.get(page), f'{page}/sms')
        assert 'Réponse attendue' in p.text, p.text[:500]
        sent = lambda: [g for g, in w.db.execute("SELECT genre FROM envoi WHERE canal = 'sms' ORDER BY rowid")]
        assert sent() == ['mandat-recap', 'mandat-question']

        def answer(text, number='+33612345678'):
            now = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 1))
            i = f'0{time.time_ns():035d}'
            w.db.execute("INSERT INTO envoi_reponse (id, expediteur, texte, mot, recu_le) VALUES (?, ?, ?, '', ?)", (i, number, text, now))
            for _ in range(100):
                if w.db.execute('SELECT lu_le FROM envoi_reponse WHERE id = ?', (i,)).fetchone()[0]:
                    return
                time.sleep(.05)
            raise AssertionError('nobody read the answer')
        state = lambda: w.db.execute('SELECT etat FROM mandat WHERE id = ?', (m,)).fetchone()[0]
        answer('oui', '+33699999999')
        assert state() == 'demande' and len(sent()) == 2
        answer('ouais peut-être')
        assert sent()[-1] == 'mandat-encore'
        answer(' O ü I ! ')
        assert sent()[-1] == 'mandat-preuve' and state() == 'demande'
        answer('Oui ' + w.codes[0])
        assert state() == 'actif' and sent()[-1] == 'mandat-commence', (state(), sent())
        before = len(sent())
        answer('Oui ' + w.codes[0])
        assert len(sent()) == before and w.leaves('mandat.signe') == 1
        # and in the space: the secret, then Oui
        m = w.prepare('sms', demarches=('papiers',))
        b.submit(b.get(f'/agent/mandats/{m}'), f'/agent/mandats/{m}/sms')
        s, _ = w.space()
        p = s.submit(s.get(f'/mon-espace/mandats/{m}'), f'/mon-espace/mandats/{m}', code_secret=SECRET)
        assert state() == 'demande', p.text[:300]
        answer('OUI')
        assert state() == 'actif'
        m = w.prepare('sms', demarches=('famille',))
        b.submit(b.get(f'/agent/mandats/{m}'), f'/agent/mandats/{m}/sms')
        answer('Non')
        assert state() == 'refuse' and sent()[-1] == 'mandat-refuse'
