"""Mandats when things go wrong at once: two who stop, an act against a stop, a disk that is full."""
import os, subprocess, tempfile, threading, urllib.parse
from mandats import Life

FORM = {'Content-Type': 'application/x-www-form-urlencoded'}


def at_once(*calls):
    """Runs them together, from one barrier; what each gave, in their order."""
    gate, out = threading.Barrier(len(calls)), [None] * len(calls)

    def run(i, f):
        gate.wait()
        out[i] = f()
    threads = [threading.Thread(target=run, args=(i, f)) for i, f in enumerate(calls)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return out


def sender(b, page, action, **more):
    """Sends the form of a page as often as one wants, without looking at the page again."""
    form = next(f for f in page.forms if f['action'] == action)
    fields = {n: v for n, v, on, kind in form['fields'] if on}
    return lambda **now: b.send('POST', action, urllib.parse.urlencode({**fields, **more, **now}), **FORM)


def again(w, m):
    """The same mandat, signed again, as if nothing had stopped it."""
    w.db.execute("UPDATE mandat SET etat = 'actif', arrete_le = NULL, arrete_par = NULL WHERE id = ?", (m,))
    w.db.execute('UPDATE autorisation SET arretee_le = NULL, arretee_par = NULL WHERE mandat_id = ?', (m,))


def add(test, binary, watched, tremplin):
    tremplin.binary = binary

    @test('two aidants and the person stop a mandat at the same moment: one leaf, a clear answer to each, 200 times')
    def _():
        w = Life(watched, tremplin)
        try:
            w.person()
            m = w.prepare()
            w.sign(m)
            w.bruno.submit(w.bruno.get(f'/agent/mandats/{m}'), f'/agent/mandats/{m}/raison', raison='Amina est malade')
            them, _ = w.space()
            stop, mine = f'/agent/mandats/{m}/arreter', f'/mon-espace/mandats/{m}/arreter'
            who = [sender(w.amina, w.amina.get(stop.rsplit('/', 1)[0]), stop), sender(w.bruno, w.bruno.get(stop.rsplit('/', 1)[0]), stop),
                   sender(them, them.get(mine.rsplit('/', 1)[0]), mine)]
            for k in range(200):
                again(w, m)
                before = w.leaves('mandat.arrete')
                pages = at_once(*who)
                assert [p.status for p in pages] == [303] * 3, (k, [(p.status, p.text[:200]) for p in pages])
                assert w.leaves('mandat.arrete') == before + 1, k
            for b, p in zip((w.amina, w.bruno, them), pages):
                assert 'Arrêtée' in b.get(p.headers['location']).text
            tremplin('journal', 'verify', *w.data)
        finally:
            w.close()

    @test('an act and a stop at the same moment: the act is before the stop in the journal, or refused and nowhere')
    def _():
        w = Life(watched, tremplin)
        try:
            w.person()
            m = w.prepare()
            w.sign(m)
            page, stop = f'/agent/mandats/{m}/agir', f'/agent/mandats/{m}/arreter'
            act = sender(w.amina, w.amina.get(page), page, demarche='logement', fait='À l’instant', resultat='fait')
            halt = sender(w.bruno, w.bruno.submit(w.bruno.get(f'/agent/mandats/{m}'), f'/agent/mandats/{m}/raison', raison='Absence'), stop)
            seen = {303: 0, 409: 0}
            for k in range(150):
                again(w, m)
                acte = f'{k:08x}-0000-7000-8000-000000000000'
                done, halted = at_once(lambda: act(acte=acte), halt)
                assert halted.status == 303 and done.status in seen, (k, done.status, halted.status)
                seen[done.status] += 1
                rows = w.db.execute('SELECT numero FROM acte WHERE id = ?', (acte,)).fetchall()
                leaf = w.db.execute("SELECT numero FROM journal_acte WHERE objet = ? AND genre = 'acte.fait'", (acte,)).fetchall()
                line = w.db.execute('SELECT numero FROM histoire WHERE objet = ?', (acte,)).fetchall()
                last = w.db.execute("SELECT max(numero) FROM journal_acte WHERE genre = 'mandat.arrete'").fetchone()[0]
                if done.status == 303:
                    assert rows == leaf == line and len(rows) == 1 and rows[0][0] < last, (k, rows, leaf, line, last)
                else:
                    assert not rows and not leaf and not line and 'À l’instant' in done.body.decode(), k
            tremplin('journal', 'verify', *w.data)
        finally:
            w.close()

    @test('on a full disk an act is refused and what was typed is given back; it goes on when there is room')
    def _():
        small = tempfile.mkdtemp()
        if os.getuid() or subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', small]).returncode:
            os.rmdir(small)
            return                      # needs the right to mount a small disk
        before, tempfile.tempdir = tempfile.tempdir, small
        try:
            w = Life(watched, tremplin)
        finally:
            tempfile.tempdir = before
        try:
            w.person()
            m = w.prepare()
            w.sign(m)
            page = w.amina.get(f'/agent/mandats/{m}/agir')
            f = os.open(f'{small}/ballast', os.O_WRONLY | os.O_CREAT)
            try:
                while os.write(f, b'x' * 4096):
                    pass
            except OSError:
                os.close(f)
            words = dict(demarche='logement', fait='Ce qui a été écrit', resultat='fait')
            for _ in range(400):        # a little room is left in pages that were there
                p = w.act(m, **words)
                if p.status != 200:
                    break
            assert p.status in (500, 503, 507) and 'Ce qui a été écrit' in p.body.decode() and 'disque' in p.text, (p.status, p.text[:400])
            kept = w.db.execute('SELECT COUNT(*) FROM acte').fetchone()[0]
            assert w.leaves('acte.fait') == kept
            os.remove(f'{small}/ballast')
            p = w.amina.submit(p, f'/agent/mandats/{m}/agir', **words)
            assert 'L’acte est enregistré' in p.text, p.text[:400]
            assert w.leaves('acte.fait') == kept + 1 == w.db.execute('SELECT COUNT(*) FROM acte').fetchone()[0]
            tremplin('journal', 'verify', *w.data)
        finally:
            w.close()
            subprocess.run(['umount', small], check=True)
            os.rmdir(small)
