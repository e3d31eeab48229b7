"""The permission matrix: every address really asked by each kind of agent, in their own structure and
elsewhere, from the same state each time.  tests/golden/matrice.txt is what was reviewed.

    python3 tests/scenario/matrice.py build/tremplin             prints it
    python3 tests/scenario/matrice.py build/tremplin --ecrire    writes it, to be reviewed line by line
"""
import os, re, shutil, sqlite3, sys, tempfile, urllib.parse
sys.path.insert(0, os.path.dirname(__file__))
from client import Browser, Server
import subprocess
from connexion import Agent

GOLDEN = os.path.join(os.path.dirname(__file__), '..', 'golden', 'matrice.txt')
HEAD = """\
# Who may ask what.  Made by tests/scenario/matrice.py, which really asks; compared at each run.
# Each kind works in structure A.  ici: A, or an aidant of A.  ailleurs: B, or an aidant of B.
# territoire: a coordinator who works in A.  autrui: what belongs to another agent.  compte/ici: the
# log of the account of an aidant of A; moi, tout: that of one's own account, of the whole territory.
#   oui      answered, or refused only for what was (not) typed
#   -        403, with whom to ask
#   entrer   sent to the login page
#   prouver  asked to prove again who they are
#   rien     404, as if it were not there
#   vain     answered, and what belongs to the other has not changed
# sans: nobody is logged in.  susp: whose account is suspended.  gel: a referent whose structure is
# suspended.  acc aid med ref coo: accueil, aidant, mediateur, referent, coordinateur.  adm: admin;
# adm*: an admin whose last proof is an hour old.  Where all are the same, it is said once.
"""
KINDS = ['sans', 'susp', 'gel', 'acc', 'aid', 'med', 'ref', 'coo', 'adm', 'adm*']
# what a parameter {id} is, by the beginning of the path; then addresses that a structure in the form changes
IDS = [('/agent/structures/', ('ici', 'ailleurs'), 'structure'), ('/agent/agents/', ('ici', 'ailleurs', 'territoire'), 'agent'),
       ('/agent/facteurs/', ('autrui',), 'facteur'), ('/agent/sessions/', ('autrui',), 'session')]
LOG = {'moi': {'vue': 'moi'}, 'tout': {'vue': 'tout'}, 'compte/ici': {'agent': 'ici'}, 'compte/ail': {'agent': 'ailleurs'}}
BY_STRUCTURE = {'/agent/agents': {}, '/agent/agents/inviter': {}, '/agent/agents/importer': {}, '/agent/structure': {},
                '/agent/securite': LOG, '/agent/securite.csv': LOG}
KEPT = ['structure', 'agent', 'agent_role', 'agent_session', 'facteur', 'carte', 'code_secours', 'lien', 'identite']
NONE = '01999999-0000-7000-8000-000000000000'


class World:
    """Two structures, somebody of each kind who is logged in, and the way back to this state."""

    def __init__(self, binary, browser):
        self.binary, self.browser = binary, browser
        self.dir = tempfile.mkdtemp()
        self.data = f'{self.dir}/data'
        self.server = Server(binary, 'serve', '--data', self.data)
        self.structure = {x: self.command('structure', 'add', x).strip() for x in ('A', 'B', 'C')}
        self.roles = {'susp': 'aidant', 'gel': 'referent', 'acc': 'accueil', 'aid': 'aidant', 'med': 'mediateur',
                      'ref': 'referent', 'coo': 'coordinateur', 'adm': 'admin', 'adm*': 'admin'}
        self.logged = {k: self.enter(k, r) for k, r in self.roles.items()}
        for place, where, role in (('ici', 'A', 'aidant'), ('ailleurs', 'B', 'aidant'), ('territoire', 'A', 'coordinateur')):
            self.enter(place, role, where)
        self.db = sqlite3.connect(f'{self.data}/tremplin.db', isolation_level=None, timeout=30)
        self.db.execute('PRAGMA synchronous = OFF')
        self.who = {p: i for i, p in self.db.execute('SELECT id, prenom FROM agent')}
        self.command('agent', 'suspend', self.who['susp'])
        self.db.execute("UPDATE structure SET etat = 'suspendue' WHERE nom = 'C'")
        self.db.execute("UPDATE agent_session SET prouve_le = '2020-01-01T00:00:00Z' WHERE agent_id = ?", (self.who['admancien'],))
        self.state = self.rows()
        self.cookies = {k: dict(a.b.cookies) for k, a in self.logged.items()}
        self.logged['sans'] = type('Nobody', (), {'b': browser(self.server.port)})
        self.tokens = {k: self.token(k) for k in KINDS}

    def command(self, *words):
        out = subprocess.run([self.binary, *words[:2], '--data', self.data, *words[2:]], capture_output=True, text=True)
        assert out.returncode == 0, (words, out.stderr)
        return out.stdout

    def enter(self, name, role, where=None):
        where = where or ('C' if name == 'gel' else 'A')
        link = self.command('agent', 'invite', '--structure', where, '--prenom', name.replace('*', 'ancien'), '--nom', 'X', '--role', role).strip()
        return Agent(self.browser(self.server.port)).accept(link)

    def rows(self):
        return {t: sorted(self.db.execute(f'SELECT * FROM {t}').fetchall(), key=repr) for t in KEPT}

    def back(self):
        """To the state of the beginning, whatever a request did."""
        changed = [t for t, rows in self.rows().items() if rows != self.state[t]]
        if not changed:
            return
        self.db.execute('BEGIN IMMEDIATE')
        for t in changed:
            self.db.execute(f'DELETE FROM {t}')
            for row in self.state[t]:
                self.db.execute(f'INSERT INTO {t} VALUES ({",".join("?" * len(row))})', row)
        self.db.execute('COMMIT')

    def touched(self):
        """Has anything of the other agent changed?"""
        mine = lambda rows: [r for t in ('facteur', 'agent_session') for r in rows[t] if self.who['ici'] in r]
        return mine(self.rows()) != mine(self.state)

    def token(self, kind):
        b = self.logged[kind].b
        if kind in self.cookies:
            b.cookies = dict(self.cookies[kind])
        page = b.get('/agent')          # the login page for those who are nobody
        found = re.search(rb'name="csrf" value="([^"]+)"', page.body)
        assert found, (kind, page.status, page.text[:300])
        self.cookies[kind] = dict(b.cookies)
        return found[1].decode()

    def thing(self, what, place):
        if what == 'structure':
            return self.structure['A' if place == 'ici' else 'B']
        if what == 'agent':
            return self.who[place]
        table = {'facteur': 'facteur', 'session': 'agent_session'}[what]
        return self.db.execute(f'SELECT id FROM {table} WHERE agent_id = ?', (self.who['ici'],)).fetchone()[0]

    def close(self):
        self.db.close()
        code = self.server.stop()
        shutil.rmtree(self.dir)
        assert code == 0


def places(path):
    for head, those, what in IDS:
        if path.startswith(head) and '{' in path:
            return [(p, what) for p in those]
    return [(p, None) for p in ('ici', 'ailleurs', *BY_STRUCTURE[path])] if path in BY_STRUCTURE else [('', None)]


def answer(page):
    to, title = page.headers.get('location', ''), page.h1.strip() if page.status == 403 else ''
    if 'clear-site-data' in page.headers:       # left: that it ends on the login page is the answer
        return 'oui'
    if to.startswith(('/agent/connexion', '/mon-espace/entrer')) or title == 'Se connecter':
        return 'entrer'
    if to.startswith('/agent/preuve') or title.startswith('Est-ce toujours vous'):
        return 'prouver'
    return {401: 'entrer', 403: '-', 404: 'rien'}.get(page.status, 'oui' if page.status < 500 else str(page.status))


def ask(w, kind, method, path, place, what):
    target = re.sub(r'\{[^}]*\}', w.thing(what, place) if what else NONE, path)
    fields = {'csrf': w.tokens[kind]} if method == 'POST' else {}
    if place in BY_STRUCTURE.get(path, {}):
        fields.update({k: w.who.get(v, v) for k, v in BY_STRUCTURE[path][place].items()})
    elif path in BY_STRUCTURE:
        fields['structure'] = w.structure['A' if place == 'ici' else 'B']
    b = w.logged[kind].b
    b.cookies = dict(w.cookies[kind])
    if method == 'GET':
        page = b.send('GET', target + ('?' + urllib.parse.urlencode(fields) if fields else ''))
    elif path.startswith('/api/'):
        page = b.send('POST', target, '{}', **{'Content-Type': 'application/json'})
    else:
        page = b.send('POST', target, urllib.parse.urlencode(fields), **{'Content-Type': 'application/x-www-form-urlencoded'})
    vain = place == 'autrui' and method == 'POST' and not w.touched()
    w.back()
    return 'vain' if vain and answer(page) == 'oui' else answer(page)


def matrix(binary, browser):
    routes = subprocess.run([binary, '--routes'], capture_output=True, text=True).stdout.splitlines()
    w = World(binary, browser)
    lines = [HEAD, f'{"":77}' + ' '.join(f'{k:7}' for k in KINDS)]
    try:
        for method, path, right in sorted((l.split() for l in routes), key=lambda r: (r[1], r[0])):
            for place, what in places(path):
                kinds = ['sans', 'adm'] if right == 'public' else KINDS
                cells = [ask(w, k, method, path, place, what) for k in kinds]
                if len(set(cells)) == 1:
                    cells = ['tous: ' + cells[0]]
                lines.append(f'{method:4} {path:37} {right:22} {place:10} ' + ' '.join(f'{c:7}' for c in cells))
    finally:
        w.close()
    return '\n'.join(l.rstrip() for l in lines) + '\n'


def add(test, binary, watched, tremplin):
    @test('each address answers each kind of agent as was reviewed (tests/golden/matrice.txt)')
    def _():
        now, reviewed = matrix(binary, watched).splitlines(), open(GOLDEN).read().splitlines()
        changed = [l for l in now if l not in reviewed] + ['GONE ' + l for l in reviewed if l not in now]
        assert not changed, ('the permission matrix is not the one that was reviewed. Read each line below; when it is what '
                             'you mean, run: python3 tests/scenario/matrice.py build/tremplin --ecrire, and say in the '
                             'commit what you checked.\n' + '\n'.join(changed[:40]))


if __name__ == '__main__':
    made = matrix(os.path.realpath(sys.argv[1]), Browser)
    if '--ecrire' in sys.argv:
        open(GOLDEN, 'w').write(made)
    else:
        print(made, end='')
