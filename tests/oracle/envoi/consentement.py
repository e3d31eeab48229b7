"""Consent from afar over a real gateway, both ways: the question leaves by Kannel, the answer comes back by its centre."""
import sqlite3
from types import SimpleNamespace
from monde import Folder, Kannel, run, until
import mandats
from client import Browser

NUMBER = '33612345678'


class Afar(mandats.Life):
    """The same people as in the scenarios, on a server that sends by Kannel."""

    def __init__(self):
        self.folder = Folder()
        self.kannel = Kannel(self.folder)
        self.folder.write(**self.kannel.settings)
        self.folder.serve('--derriere-proxy')
        self.data, self.tremplin = ('--data', self.folder.data), run
        self.demo = SimpleNamespace(port=self.folder.port)
        self.watched = lambda port: Browser(port, **{'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '192.0.2.7'})
        self.structure = run('structure', 'add', *self.data, 'CCAS de Pantin').stdout.strip()
        self.db = sqlite3.connect(f'{self.folder.data}/tremplin.db', isolation_level=None, timeout=30)
        self.db.execute("UPDATE structure SET pouvoirs = 'mandats' WHERE id = ?", (self.structure,))
        self.amina = self.agent('Amina', 'aidant').b
        self.person(telephone='06 12 34 56 78', sur='oui')

    def ask(self, demarche):
        m = self.prepare('sms', demarches=(demarche,))
        p = self.amina.submit(self.amina.get(f'/agent/mandats/{m}'), f'/agent/mandats/{m}/sms')
        assert 'Réponse attendue' in p.text, p.text[:400]
        return m

    def says(self, text, number=NUMBER):
        """The person's telephone, through the centre, bearerbox, smsbox and its get-url."""
        before = len(self.answers())
        self.kannel.talk('-m', '1', f'{number} 36000 text {text}')
        until(lambda: len(self.answers()) > before and all(read for _, read in self.answers()), 20, f'the answer {text!r}')

    def answers(self):
        return self.db.execute('SELECT texte, lu_le FROM envoi_reponse ORDER BY id').fetchall()

    def texts(self):
        """What came to the telephone, in order."""
        return [text for _, to, _, text in self.kannel.got() if to == '+' + NUMBER]

    def hears(self, words):
        until(lambda: any(words in t for t in self.texts()), 30, f'an SMS that says {words!r} ({self.texts()})')

    def state(self, m):
        return self.db.execute('SELECT etat FROM mandat WHERE id = ?', (m,)).fetchone()[0]

    def close(self):
        self.db.close()
        self.folder.close()
        self.kannel.close()


def add(test):
    @test('by Kannel, a mandat is asked for, signed by Oui and a code of the card, refused by Non')
    def _():
        w = Afar()
        try:
            m = w.ask('logement')
            until(lambda: len(w.texts()) >= 2, 30, f'the recap and the question ({w.texts()})')
            recap, question = w.texts()[:2]
            assert 'CCAS de Pantin' in recap and 'OUI' in question.upper(), (recap, question)
            w.says('oui', '33699999999')                # another number answers nothing
            assert w.state(m) == 'demande' and len(w.texts()) == 2, w.texts()
            w.says('Ouais peut-être')
            until(lambda: len(w.texts()) == 3, 30, 'it asks again')
            w.says('Oüi !')
            until(lambda: len(w.texts()) == 4, 30, 'it asks for a proof')
            assert w.state(m) == 'demande'              # a number alone signs nothing
            w.says('OUI ' + w.codes[0])
            until(lambda: w.state(m) == 'actif', 20, 'the mandat')
            until(lambda: len(w.texts()) == 5, 30, 'that it begins')
            w.says('OUI ' + w.codes[0])                 # twice
            w.says('Non')                               # to a question that was answered
            assert w.state(m) == 'actif' and w.leaves('mandat.signe') == 1
            assert 'En cours' in w.amina.get(f'/agent/mandats/{m}').text
            n = w.ask('social')
            until(lambda: len(w.texts()) == 7, 30, 'the second question')
            w.says('NON.')
            until(lambda: w.state(n) == 'refuse', 20, 'the refusal')
            w.says('oui ' + w.codes[1])                 # too late: it was refused
            assert w.state(n) == 'refuse' and w.state(m) == 'actif' and w.leaves('mandat.signe') == 1
            run('journal', 'verify', *w.data)
        finally:
            w.close()
