"""A person's data: given back whole, erased from every file, erased again after a restore."""
import json, os, re, shutil, sqlite3, threading, time
from mandats import Life, SECRET

CANARY = 'kanarivogel'


def files_with(folder, word):
    """Every file that holds these bytes, but the backups: they expire by themselves."""
    out = []
    for path, dirs, names in os.walk(folder):
        if path == folder and 'sauvegardes' in dirs:
            dirs.remove('sauvegardes')
        for n in names:
            with open(os.path.join(path, n), 'rb') as f:
                if word.encode() in f.read():
                    out.append(os.path.relpath(os.path.join(path, n), folder))
    return sorted(out)


def about(db, usager):
    """Tables that a person's rows are in, found by walking the references of the schema: name, and which rows."""
    found = {'usager': ('id = ?', [usager])}
    tables = [t for t, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    for _ in range(4):
        for t in tables:
            for _i, _s, to, column, key, *_ in db.execute(f'PRAGMA foreign_key_list({t})').fetchall():
                if to in found and to != t and t not in found:
                    where, values = found[to]
                    found[t] = (f'{column} IN (SELECT {key or "id"} FROM {to} WHERE {where})', values)
    for t in tables:
        columns = [c[1] for c in db.execute(f'PRAGMA table_info({t})')]
        if 'usager_id' in columns and t not in found:
            found[t] = ('usager_id = ?', [usager])
    return found


def fill(db, usager):
    """The canary in each column of the person's rows that takes text freely."""
    db.execute('PRAGMA foreign_keys = OFF')
    filled, empty = set(), []
    for t, (where, values) in about(db, usager).items():
        if t == 'journal_acte':         # its leaves would not be theirs any more: what was typed is in them
            continue
        if not db.execute(f'SELECT COUNT(*) FROM {t} WHERE {where}', values).fetchone()[0]:
            empty.append(t)
        keys = {row[3] for row in db.execute(f'PRAGMA foreign_key_list({t})')} | {'id', 'usager_id', 'structure_id', 'telephone'}
        for _i, name, kind, _n, _d, primary in db.execute(f'PRAGMA table_info({t})').fetchall():
            if kind != 'TEXT' or name in keys or primary:
                continue
            rows = [r for r, in db.execute(f'SELECT rowid FROM {t} WHERE {where}', values)]
            for i, row in enumerate(rows):
                try:
                    db.execute(f'UPDATE {t} SET {name} = ? WHERE rowid = ?', (f'{CANARY}-{t}-{name}-{i}', row))
                    filled.add((t, name))
                except sqlite3.IntegrityError:
                    pass                # a word among a few: nobody types it
    return filled, empty


def everything(w):
    """A person who used every form there is, typing the canary wherever text is taken."""
    word = lambda what: f'{CANARY} {what}'
    w.person(nom=word('nom'), naissance='1954', telephone='06 12 34 56 78', sur='oui')
    page = f'/agent/usagers/{w.usager}/avec'
    w.amina.submit(w.amina.get(page), page, demarche='social', texte=word('avec'), garder='oui')
    w.rosa.submit(w.rosa.get('/agent/limites'), '/agent/limites', demarches=['logement', 'social'], duree='LONG', proche='oui',
                  dpo='dpo@exemple.fr')
    m = w.prepare(protection='curatelle', protecteur=word('protecteur'), proche=word('proche'), seul='oui')
    w.sign(m, protecteur_signe='oui')
    w.act(m, fait=word('fait'), reference=word('reference'), suite=word('suite'), documents=word('documents'))
    w.bruno.submit(w.bruno.get(f'/agent/mandats/{m}'), f'/agent/mandats/{m}/raison', raison=word('raison'))
    b, _ = w.space()
    line = next(h for h, _ in b.get('/mon-espace/historique').links if h.startswith('/mon-espace/desaccord?ligne='))
    b.submit(b.get(line), '/mon-espace/desaccord', texte=word('desaccord'))
    ask = w.rosa.get('/agent/desaccords')
    w.rosa.submit(ask, next(f['action'] for f in ask.forms if '/agent/desaccords/' in f['action']), reponse=word('reponse'))
    s = w.prepare('sms', demarches=('social',))
    w.amina.submit(w.amina.get(f'/agent/mandats/{s}'), f'/agent/mandats/{s}/sms')
    now = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
    w.db.execute("INSERT INTO envoi_reponse (id, expediteur, texte, mot, recu_le, lu_le) VALUES ('r1', '+33612345678', ?, '', ?, ?)",
                 (word('sms'), now, now))
    w.db.execute("INSERT INTO envoi_stop VALUES ('+33612345678', ?)", (now,))
    # what other ways write
    w.db.execute("INSERT INTO usager_identite VALUES ('https://fc.exemple', ?, ?, ?)", (word('sujet'), w.usager, now))
    w.db.execute("INSERT INTO usager_acces (id, usager_id, empreinte, expire_le) VALUES ('x1', ?, ?, ?)", (w.usager, word('code'), now))
    w.db.execute("INSERT INTO transfert (id, mandat_id, vers, demande_par, etat, le) SELECT 't1', ?, ?, id, 'demande', ? FROM agent LIMIT 1",
                 (m, w.other, now))
    w.db.execute("INSERT INTO federation_client (id, nom, retours, sel, cree_le) VALUES ('fc', 'FC', '', '', ?)", (now,))
    w.db.execute("INSERT INTO federation_code (empreinte, client_id, mandat_id, demarche, agent_id, acte_id, retour, nonce, portee, identite, "
                 "auth_le, expire_le) SELECT 'e1', 'fc', ?, 'logement', id, '', '', '', '', ?, 0, '2999' FROM agent LIMIT 1", (m, word('identite')))
    return m


def add(test, binary, watched, tremplin):
    tremplin.binary = binary

    @test('a person is given back whole, erased from every file, and again when a backup is restored')
    def _():
        w = Life(watched, tremplin)
        folder, stopped = f'{w.dir}/data', False
        try:
            everything(w)
            gone = w.usager
            for _ in range(300):        # both messages have left, as files of the trial
                if len([n for n in os.listdir(f'{folder}/messages') if n.endswith('.sms')]) >= 2:
                    break
                time.sleep(.1)
            assert files_with(f'{folder}/messages', '33612345678')
            w.person(nom='Quelqu’un d’autre')
            kept = w.usager
            filled, empty = fill(w.db, gone)
            assert not empty, f'tables of a person that this test does not fill: {empty}'
            assert {('acte', 'fait'), ('usager', 'nom'), ('histoire', 'texte'), ('mandat_lecture', 'raison')} <= filled, filled
            out = json.loads(tremplin('personne', 'export', *w.data, gone).stdout)
            text = json.dumps(out, ensure_ascii=False)
            # all but codes and what proves who one is, which open doors
            shown = {('usager', 'nom'), ('usager', 'naissance'), ('mandat', 'proche'), ('mandat', 'protecteur'), ('mandat', 'raison'),
                     ('autorisation', 'arretee_par'), ('mandat_lecture', 'raison'), ('consentement', 'preuve'), ('acte', 'fait'),
                     ('acte', 'reference'), ('acte', 'suite'), ('acte', 'documents'), ('acte', 'raison'), ('histoire', 'texte'),
                     ('desaccord', 'texte'), ('desaccord', 'reponse'), ('transfert', 'le')}
            for t, c in sorted(shown):
                assert f'{CANARY}-{t}-{c}-' in text, (t, c)
            for what in ('sms', 'fait'):
                assert f'{CANARY} {what}' in text, what
            tremplin('backup', *w.data)
            saved = f'{folder}/sauvegardes/' + sorted(os.listdir(f'{folder}/sauvegardes'))[0]
            assert files_with(folder, CANARY)
            tremplin('personne', 'efface', *w.data, gone)
            for t, (where, values) in about(w.db, gone).items():
                assert not w.db.execute(f'SELECT COUNT(*) FROM {t} WHERE {where}', values).fetchone()[0], t
            w.db.close()
            assert files_with(folder, CANARY) == [], files_with(folder, CANARY)
            assert files_with(folder, '33612345678') == []
            assert w.amina.get(f'/agent/usagers/{gone}').status in (403, 404)
            assert w.amina.get(f'/agent/usagers/{kept}').status == 200
            tremplin('journal', 'verify', *w.data)
            assert w.demo.stop() == 0
            stopped = True
            assert files_with(folder, CANARY) == []
            left = tremplin('journal', 'checkpoint', *w.data).stdout.split('\n')
            tremplin('restore', *w.data, saved)
            assert files_with(folder, CANARY) == [], files_with(folder, CANARY)
            db = sqlite3.connect(f'{folder}/tremplin.db')
            assert db.execute('SELECT COUNT(*) FROM usager WHERE id = ?', (gone,)).fetchone()[0] == 0
            assert db.execute('SELECT COUNT(*) FROM usager WHERE id = ?', (kept,)).fetchone()[0] == 1
            said = json.loads(db.execute("SELECT texte FROM journal_acte WHERE genre = 'journal.restauration'").fetchone()[0])
            db.close()
            assert said['quitte-taille'] == left[1] and said['quitte-racine'] == left[2], (said, left)
            tremplin('journal', 'verify', *w.data)
        finally:
            if not stopped:
                w.demo.stop()
            shutil.rmtree(w.dir)
