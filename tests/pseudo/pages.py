"""The pages of the public with a bracketed catalogue: what shows without brackets is counted."""
import csv
import html.parser
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'scenario'))
from client import Browser  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Shown as they are in every language: names of the site, of its makers' formats, signs.
OWN = {'Tremplin', 'Seine-Saint-Denis', 'English', 'OpenStreetMap', 'A4', 'Démonstration de Tremplin', 'cet ordinateur',
       'HTML5', 'CSS', 'SVG', 'axe-core', 'Nu HTML Checker', 'Chromium', 'cnil.fr/fr/plaintes', 'km',
       'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday',
       'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'}
ATTRIBUTES = ('alt', 'title', 'aria-label', 'placeholder')


def of_the_data():
    """Names and words of the demonstration, and the instrument's own translations."""
    for row in csv.reader(open(f'{ROOT}/data/demonstration/lieux.csv', encoding='utf-8')):
        yield from row
    for file in ('passages', 'annuaire'):
        for row in csv.reader(open(f'{ROOT}/data/demonstration/{file}.csv', encoding='utf-8')):
            yield from row
    yield 'Annuaire fictif'
    for row in csv.reader(open(f'{ROOT}/data/seine-saint-denis/communes.csv', encoding='utf-8')):
        yield from row
    for row in csv.reader(open(f'{ROOT}/data/demarches.csv', encoding='utf-8')):
        yield from row

    def texts(v):
        if isinstance(v, str):
            yield v
        for w in v.values() if isinstance(v, dict) else v if isinstance(v, list) else ():
            yield from texts(w)
    yield from texts(json.load(open(f'{ROOT}/data/instruments/reperage.json', encoding='utf-8')))


def plain(s):
    return re.sub(r'[\s\u00a0\u202f]+', ' ', s).strip()


class Bare(html.parser.HTMLParser):
    """Pieces of text outside of brackets, of styles and of what says that it is French."""

    def __init__(self):
        super().__init__()
        self.text, self.mute, self.open = [], 0, []

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag not in ('br', 'img', 'input', 'link', 'meta', 'hr', 'path', 'rect', 'circle', 'use'):
            self.open.append((tag, self.mute))
            other = a.get('lang') not in (None, 'en') and tag != 'html'
            self.mute += tag in ('script', 'style', 'textarea') or other
        if not self.mute:
            self.text += [a[k] for k in ATTRIBUTES if a.get(k)]
        self.text.append('\n')

    def handle_endtag(self, tag):
        while self.open:
            t, mute = self.open.pop()
            self.mute = mute
            if t == tag:
                break
        self.text.append('\n')

    def handle_data(self, data):
        if not self.mute:
            self.text.append(data)


def bare(page):
    """What is left of a page without what is bracketed; brackets may hold others."""
    p = Bare()
    p.feed(page)
    out, depth = [], 0
    for c in ''.join(p.text):
        depth += c == '⟦'
        out.append('\n' if depth else c)
        depth -= c == '⟧'
    assert depth == 0, 'a bracket that does not close: a message was cut'
    return [t for t in (plain(x) for x in ''.join(out).split('\n')) if re.search(r'[^\W\d_]{2}', t)]


def main():
    server = subprocess.Popen([sys.argv[1], 'demo', '--listen', '127.0.0.1:0'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    url = next(m[0] for m in (re.search(r'http://127\.0\.0\.1:\d+', line) for line in server.stdout) if m)
    data = {plain(x) for x in of_the_data()} | OWN
    words = {w for x in data for w in re.findall(r'[^\W\d_]+', x)}
    b = Browser(int(url.rsplit(':', 1)[1]), **{'Accept-Language': 'en'})

    passed = failed = 0
    try:
        lieux = b.get('/lieux?commune=93010').body.decode()
        one = re.search(r'/lieux/([0-9a-f-]{36})', lieux)[1]
        pages = [b.get(path) for path in (
            '/', '/aide', '/plan-du-site', '/accessibilite', '/mentions-legales', '/donnees-personnelles', '/lieux',
            '/lieux?commune=93010', '/lieux?commune=93010&ouvert=maintenant&rayon=1', '/lieux?commune=zzz', '/lieux?commune=93010&rayon=x',
            f'/lieux/{one}', f'/fiche?lieu={one}', '/reperage', '/reperage/papier', '/reperage/saisie',
            '/reperage/resultat', '/efface', '/introuvable', '/agent/connexion', '/donnees/rien')]
        p = b.get('/reperage/question/blocage')
        while '/reperage/question' in p.url:            # the first answer of each question
            pages.append(p)
            action = next(f['action'] for f in p.forms if '/question/' in f['action'])
            first = {}
            for name, value, _, kind in p.form(action)['fields']:
                if kind == 'radio':
                    first.setdefault(name, value)
            p = b.submit(p, action, **first)
            p.url = p.url if p.h1 != pages[-1].h1 else 'stuck'
        pages += [p, b.submit(p, '/reperage/lieu', commune='Bondy')]
        for p in pages:
            found = [t for t in bare(p.body.decode()) if t not in data
                     and not all(w in words for w in re.findall(r'[^\W\d_]{2,}', t))]
            passed += not found
            failed += bool(found)
            if found:
                print(f'FAIL {p.url}: not in the catalogue: {found[:8]}')
    finally:
        server.terminate()
        server.wait()
    print(f'{passed} passed, {failed} failed')
    return failed


sys.exit(bool(main()))
