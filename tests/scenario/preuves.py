"""What somebody takes away of a mandat: the proof of each leaf, and the attestation."""
import hashlib, re, shutil, time
from mandats import Life


def wait_for(get, ready):
    """A head is signed by a thread a moment later."""
    for _ in range(300):
        p = get()
        if ready(p):
            return p
        time.sleep(.1)
    raise AssertionError(p.text[:400])


def add(test, binary, watched, tremplin):
    tremplin.binary = binary

    @test('the person and the aidant take the proof of an act, and an attestation with the signed head')
    def _():
        w = Life(watched, tremplin)
        try:
            w.person(langue='en')
            m = w.prepare()
            w.sign(m)
            w.act(m)
            leaf = w.db.execute('SELECT numero FROM acte').fetchone()[0]
            signed = w.db.execute('SELECT numero, attestation FROM mandat').fetchone()
            b, _ = w.space()
            for who, base in ((w.amina, f'/agent/mandats/{m}'), (b, f'/mon-espace/mandats/{m}')):
                p = who.get(base)
                assert f'{base}/preuve/{leaf}' in [h for h, _ in p.links], p.links
                assert 'journal' in p.text
                for n in (leaf, signed[0]):
                    p = wait_for(lambda: who.get(f'{base}/preuve/{n}'), lambda p: p.status == 200)
                    assert p.body.startswith(b'c2sp.org/tlog-proof@v1') and f'index {n}\n'.encode() in p.body, p.body[:80]
                for n in ('999', '-1', 'x', '0' * 40):
                    assert who.get(f'{base}/preuve/{n}').status == 404, n
                p = wait_for(lambda: who.get(f'{base}/attestation'), lambda p: '\n— ' in p.body.decode())
                # both languages, whatever the language of who reads
                assert 'Autorisation d’agir (mandat)' in p.text and 'lang="en"' in p.body.decode()
                text = re.findall(r'<pre><code>(.*?)</code></pre>', p.body.decode(), re.S)[-1]
                assert hashlib.sha256(text.encode()).hexdigest() == signed[1]
                p = who.get(f'{base}/attestation/pdf')
                if shutil.which('weasyprint'):
                    assert p.body.startswith(b'%PDF-') and b'pdfuaid' in p.body, (p.status, p.body[:200])
                else:
                    assert p.url == f'{base}/attestation'
            said = w.db.execute("SELECT texte FROM journal_acte WHERE genre = 'mandat.signe'").fetchone()[0]
            assert signed[1] in said
            assert w.loin.get(f'/agent/mandats/{m}/preuve/{leaf}').status == 403
            assert w.loin.get(f'/agent/mandats/{m}/attestation/pdf').status == 403
            assert w.bruno.get(f'/agent/mandats/{m}/preuve/{leaf}').body[:4] != b'c2sp'
        finally:
            w.close()
