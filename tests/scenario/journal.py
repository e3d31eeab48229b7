"""The journal as others see it: its public files, checked with hashlib alone, and witnesses."""
import base64, hashlib, os, shutil, tempfile, time
from client import Server

leaf = lambda entry: hashlib.sha256(b'\0' + entry).digest()
node = lambda a, b: hashlib.sha256(b'\1' + a + b).digest()


def root(h):
    """RFC 6962, 2.1, word for word."""
    if len(h) == 1:
        return h[0]
    k = 1
    while 2 * k < len(h):
        k *= 2
    return node(root(h[:k]), root(h[k:]))


def head(text):
    lines = text.split('\n')
    return lines[0], int(lines[1]), base64.b64decode(lines[2]), [l for l in lines[4:] if l]


def add(test, binary, watched, tremplin):
    def until(seen, seconds=8):
        end = time.time() + seconds
        while time.time() < end and not seen():
            time.sleep(0.1)
        assert seen()

    @test('whoever fetches the journal finds the signed root in its public files')
    def _():
        d = tempfile.mkdtemp()
        data = ('--data', f'{d}/data')
        s = Server(binary, 'serve', *data)
        try:
            b = watched(s.port)
            assert b.get('/journal').status == 200 and b.get('/journal/checkpoint').status == 404
            for i in range(3):
                tremplin('structure', 'add', *data, f'CCAS {i}')
            tremplin('journal', 'checkpoint', *data)
            p = b.get('/journal/checkpoint')
            origin, size, said, lines = head(p.body.decode())
            assert p.headers['content-type'].startswith('text/plain') and size == 3 and len(lines) == 1
            tile = b.get(f'/journal/tile/0/000.p/{size}')
            assert 'immutable' in tile.headers['cache-control']
            hashes = [tile.body[i:i + 32] for i in range(0, len(tile.body), 32)]
            assert root(hashes) == said
            entries = b.get(f'/journal/tile/entries/000.p/{size}').body
            assert [leaf(entries[i + 2:i + 34]) for i in range(0, len(entries), 34)] == hashes
            for path in ('0/000', '0/x001/000', '0/x001/x000/000.p/3', '0/x001/000.p/3', '0/000.p/256', '0/00a', '9/000',
                         '00/000', '0/000.p/03', '1/000.p/1', 'entries/x001/x000/000.p/3'):
                assert b.get(f'/journal/tile/{path}').status == 404, path
            key = b.get('/journal/cle').body.decode().strip()
            assert key.startswith(origin + '+') and key in b.get('/journal').text
            # an act is a line of JSON that its proof carries
            open(f'{d}/preuve', 'w').write(tremplin('journal', 'prove', '1', *data).stdout)
            assert '"quoi":"CCAS 1"' in tremplin('journal', 'check', f'{d}/preuve', '--cle', key).stdout
            other = key.replace('+', 'x+', 1)
            tremplin('journal', 'check', f'{d}/preuve', '--cle', other, code=1)
        finally:
            assert s.stop() == 0
            shutil.rmtree(d)

    @test('another structure’s Tremplin signs the head, and refuses one that is not what follows')
    def _():
        d = tempfile.mkdtemp()
        data, hub = ('--data', f'{d}/data'), ('--data', f'{d}/hub')
        s, w = Server(binary, 'serve', *data), Server(binary, 'serve', *hub)
        try:
            tremplin('structure', 'add', *data, 'CCAS')
            tremplin('journal', 'checkpoint', *data)
            key = tremplin('journal', 'root', *data).stdout.split()[2]
            witness = tremplin('journal', 'suivre', *hub).stderr.split()[-1]
            ask = ('journal', 'cosigner', *data, '--temoin', witness, f'http://127.0.0.1:{w.port}/journal/temoin')
            assert 'ne suit pas' in tremplin(*ask, code=1).stderr
            tremplin('journal', 'suivre', *hub, key)
            tremplin(*ask)
            kept = watched(s.port).get('/journal/checkpoint').body.decode()
            assert len(head(kept)[3]) == 2 and head(kept)[3][1].startswith('— ' + witness.split('+')[0])
            tremplin('backup', *data)
            for i in range(5):
                tremplin('structure', 'add', *data, f'CCAS {i}')
            tremplin('journal', 'checkpoint', *data)
            tremplin(*ask)                      # it has seen 1, and is proved 7: the backup is an act too
            assert tremplin('journal', 'suivre', *hub).stdout.split() == ['7', key]
            tremplin(*ask)                      # the same again is signed again
            tremplin('journal', 'verify', *data)
            b = watched(w.port)
            old = kept.encode()
            for body, status in ((b'old 0\n\n' + old, 409), (b'old 7\n\n' + old, 400), (b'old 1\n\n' + old, 409),
                                 (b'', 400), (b'old 0\n\n' + old.replace(b'tremplin-', b'autre-'), 404)):
                p = b.send('POST', '/journal/temoin/add-checkpoint', body, **{'Content-Type': 'text/plain'})
                assert p.status == status, (body[:20], p.status, p.body)
                assert status != 409 or (p.body == b'7\n' and p.headers['content-type'] == 'text/x.tlog.size')
            # a stick in a drawer does the same
            stick = f'{d}/temoin'
            tremplin('journal', 'temoin', *data, stick)
            assert tremplin('journal', 'temoin', *data, stick).stdout == '7\n'
            tremplin('journal', 'verify', *data, '--tete', stick)
        finally:
            assert s.stop() == 0
        try:
            open(f'{d}/tete', 'w').write(tremplin('journal', 'checkpoint', *data).stdout)
            saved = sorted(os.listdir(f'{d}/data/sauvegardes'))[0]
            tremplin('restore', *data, f'{d}/data/sauvegardes/{saved}')
            # it says that it is a restore, and what it left; who kept a head sees it
            tremplin('journal', 'verify', *data)
            said = tremplin('journal', 'prove', '1', *data).stdout
            act = base64.b64decode(said.split('\n')[1].split(' ')[1])[16:]
            assert b'"genre":"journal.restauration"' in act and b'"quitte-taille":"7"' in act, act
            assert 'plus que 2' in tremplin('journal', 'audit', *data, '--since', f'{d}/tete', code=1).stderr
            tremplin('journal', 'verify', *data, '--tete', stick, code=1)
            tremplin('journal', 'temoin', *data, stick, code=1)
            assert 'ne suit pas' in tremplin(*ask, code=1).stderr
        finally:
            assert w.stop() == 0
            shutil.rmtree(d)
