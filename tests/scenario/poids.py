"""The heaviest maps of France, on the wire: the départements with the most communes, and their EPCI."""
import gzip, os, tarfile, tempfile
from client import Server
import monde

HEAVY = ('62', '80', '02', '76', '21', '87', '51', '14')
BUDGET = 40 * 1024


def add(test, binary, watched, tremplin):
    @test('the heaviest maps of communes and of EPCI stay under 40 KB')
    def _():
        shared = os.path.join(monde.ROOT, '..', 'shared', 'data')
        names = ('communes_france', 'epci', 'departements', 'regions', 'arrondissements_municipaux')
        files = [f'{shared}/{f}.csv' for f in names]
        tar, ifn = f'{shared}/geo/communes-par-departement-2018.tgz', f'{shared}/ifn/ifn_communes_2023-08.csv'
        if not all(map(os.path.exists, (*files, tar, ifn))):
            return print('skipped: needs ../shared/data')
        with tempfile.TemporaryDirectory() as d:
            with tarfile.open(tar) as t:
                for m in t:
                    if any(os.path.basename(m.name).startswith(f'communes-{c}-') for c in HEAVY):
                        m.name = os.path.basename(m.name)
                        t.extract(m, d)
                        files.append(f'{d}/{m.name}')
            assert len(files) == 5 + len(HEAVY), files
            monde.run(binary, 'territoire', 'import', '--data', f'{d}/data', *files)
            monde.run(binary, 'indicateur', 'import', '--data', f'{d}/data', ifn)
            server = Server(binary, 'serve', '--data', f'{d}/data')
            try:
                b = watched(server.port)
                for c in HEAVY:
                    for level in ('commune', 'epci'):
                        p = b.get(f'/observatoire/carte/{c}?mesure=indice.ifn-2023&niveau={level}')
                        assert p.status == 200 and b'<svg' in p.body, (c, level)
                        wire = len(gzip.compress(p.body, 6))
                        assert wire <= BUDGET, (c, level, wire)
            finally:
                assert server.stop() == 0
