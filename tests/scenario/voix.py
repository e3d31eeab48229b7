"""A question said aloud: put by a coordinator, heard by anybody, gone when it is taken away."""
import glob, os, re, shutil, struct, tempfile
from connexion import Agent
from instruments import territory


def wav(seconds, rate=8000):
    """Silence, as a WAV file of 16 bits."""
    data = b'\0\0' * int(seconds * rate)
    return (b'RIFF' + struct.pack('<I', 36 + len(data)) + b'WAVEfmt ' + struct.pack('<IHHIIHH', 16, 1, 1, rate, rate * 2, 2, 16)
            + b'data' + struct.pack('<I', len(data)) + data)


def send_file(b, page, action, data, follow=True, **values):
    """The form of the page with a file, as a browser sends it."""
    mark, parts = 'limite-7MA4YWxk', []
    fields = {name: value for name, value, on, kind in page.form(action)['fields'] if name and on and kind != 'file'}
    for k, v in {**fields, **values}.items():
        if k != 'fichier':
            parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode())
    parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="fichier"; filename="a.html"\r\n'
                 'Content-Type: text/html\r\n\r\n'.encode() + data + b'\r\n')
    parts.append(f'--{mark}--\r\n'.encode())
    out = b.send('POST', action, b''.join(parts), **{'Content-Type': f'multipart/form-data; boundary={mark}'})
    return b.get(out.headers['location']) if follow and out.status == 303 else out


def add(test, binary, watched, tremplin):
    @test('a voice: put by a coordinator, heard in parts, chosen in soninké, then taken away')
    def _():
        d = tempfile.mkdtemp()
        demo, db, links = territory(binary, tremplin, d, 'coordinateur', 'mediateur', pouvoirs='resultats')
        try:
            c = Agent(watched(demo.port)).accept(links['coordinateur']).b
            c.get('/agent/instruments/voix/reperage')
            p = c.get('/agent/instruments/voix/reperage?langue=snk')
            assert p.status == 200 and 'soninké' in p.text and 'Rien encore' in p.text, p.text[:400]
            codes = re.findall(r'/agent/instruments/voix/reperage/([a-z_]+)\?', p.body.decode())
            here = f'/agent/instruments/voix/reperage/{codes[1]}?langue=snk'
            p = c.get(here)
            assert p.headers['permissions-policy'].count('microphone=(self)') == 1
            assert 'microphone=()' in c.get('/agent').headers['permissions-policy']
            action = here.split('?')[0]
            # what cannot be taken is said, and nothing is kept
            for data, words in ((b'', 'Choisissez un fichier'), (b'%PDF-1.7 ...', 'c’est un PDF'),
                                (b'<!DOCTYPE html><script>', 'une page Web'), (wav(2)[:-100], 'coupé'),
                                (wav(200), 'plus de trois minutes'), (wav(1), 'accord')):
                q = send_file(c, p, action, data, **({} if words == 'accord' else {'accord': 'oui'}))
                assert q.status == 400 and words in q.text, (words, q.status, q.text[:600])
            q = send_file(c, p, action, b'x' * (5 << 20), accord='oui')
            assert q.status == 413, q.status
            assert db.execute('SELECT count(*) FROM voix').fetchone() == (0,)
            data = wav(60)                      # 960 kB: longer than any other form may be
            q = send_file(c, p, action, data, accord='oui')
            assert q.status == 200 and 'voix d’une personne' in q.text and '60 s' in q.text, q.text[:800]
            url = re.search(r'src="(/voix/[0-9a-f]{64}\.wav)"', q.body.decode())[1]
            # anybody hears it, all of it or a part, and keeps it
            b = watched(demo.port)
            r = b.get(url)
            assert r.status == 200 and r.body == data and r.headers['content-type'] == 'audio/wav'
            assert r.headers['accept-ranges'] == 'bytes' and 'immutable' in r.headers['cache-control']
            assert r.headers['x-content-type-options'] == 'nosniff' and 'set-cookie' not in r.headers
            etag = r.headers['etag']
            assert b.get(url, **{'If-None-Match': etag}).status == 304
            for asked, a, z in (('bytes=0-1', 0, 2), ('bytes=100-', 100, None), ('bytes=-10', -10, None),
                                ('bytes=5-99999999', 5, None)):
                r = b.get(url, Range=asked)
                assert r.status == 206 and r.body == data[a:z], (asked, r.status, len(r.body))
                assert r.headers['content-range'].endswith(f'/{len(data)}')
            for asked in ('bytes=5-2', 'octets=0-1', 'bytes=0-1,4-5', 'bytes=a-'):
                assert b.get(url, Range=asked).status == 200, asked
            r = b.get(url, Range=f'bytes={len(data)}-')
            assert r.status == 416 and r.headers['content-range'] == f'bytes */{len(data)}'
            assert b.get(url, **{'Range': 'bytes=0-1', 'If-Range': '"autre"'}).status == 200
            assert b.get(url, **{'Range': 'bytes=0-1', 'If-Range': etag}).status == 206
            # on the page of the question: chosen once, then kept
            question = re.search(r'/reperage/question/\w+', b.get('/reperage').body.decode())[0]
            assert 'ecouter=snk' in b.get(question).body.decode()
            assert '<audio' not in b.get(question).body.decode()
            p = b.get(question + '?ecouter=snk')
            assert url in p.body.decode() and len(p.body) <= 20480, len(p.body)
            assert url in b.get(question).body.decode()
            m = Agent(watched(demo.port)).accept(links['mediateur']).b
            assert m.get('/agent/instruments/voix/reperage').status == 403
            # other words, no voice: the page says so
            db.execute("UPDATE voix SET empreinte = ?, texte = 'Des mots d’avant'", ('0' * 64,))
            db.commit()
            assert 'à redire' in c.get('/agent/instruments/voix/reperage?langue=snk').text
            assert url not in b.get(question).body.decode()
            p = c.get(here)
            assert 'Des mots d’avant' in p.text
            p = c.submit(p, '/agent/instruments/voix/reperage/retirer')
            assert p.status == 200, p.status
            assert b.get(url).status == 404 and b.get('/voix/..%2f..%2ftremplin.db').status in (400, 404)
            assert not glob.glob(f'{d}/data/fichiers/voix-*')
        finally:
            demo.stop()
            shutil.rmtree(d, ignore_errors=True)
