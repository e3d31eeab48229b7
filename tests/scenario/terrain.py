"""What the field says of a territory: written by a coordinator, read by all, never too much."""
import shutil, subprocess, tempfile
from client import Server
from connexion import Agent


def add(test, binary, watched, tremplin):
    @test('a coordinator publishes an extract only when the person agreed and read it again')
    def _():
        d = tempfile.mkdtemp()
        data = ('--data', f'{d}/data')
        demo = Server(binary, 'demo', '--data', f'{d}/data')
        try:
            structure = tremplin('structure', 'add', *data, 'Hub').stdout.strip()
            link = tremplin('agent', 'invite', *data, '--structure', structure, '--prenom', 'Inès', '--nom', 'Roy',
                            '--role', 'coordinateur').stdout.strip().splitlines()[-1]
            a = Agent(watched(demo.port)).accept(link[link.index('/agent/'):])
            said = dict(sorte='cheminement', territoire='Bondy', theme='bloque', titre='Une année sans courrier',
                        texte='Elle a attendu.\nPuis elle a appelé.', publie='oui')
            new = '/agent/terrain/nouveau'
            p = a.b.submit(a.b.get(new), new, **said)
            assert 'se rattache à un département' in p.text and b'Elle a attendu.' in p.body, p.text[:600]
            p = a.b.submit(a.b.get(new), new, **{**said, 'territoire': '93'})
            assert 'a relu l’extrait' in p.text, p.text[:600]
            p = a.b.submit(a.b.get(new), new, **{**said, 'territoire': 'Seine-Saint-Denis', 'consenti': 'oui', 'relu': 'oui'})
            assert p.url == '/agent/terrain' and 'Une année sans courrier' in p.text, (p.url, p.text[:400])
            p = a.b.submit(a.b.get(new), new, sorte='document', territoire='93010', theme='aide', titre='Annuaire', texte='Ici.',
                           lien='http://exemple.fr', publie='oui')
            assert 'commence par https' in p.text
            seen = watched(demo.port).get('/territoires/93/portrait')
            assert 'Puis elle a appelé.' in seen.text and '2026' not in seen.text.split('Une année')[1].split('D’après')[0]
            assert 'Une année' not in watched(demo.port).get('/territoires/93010/portrait').text
            one = next(h for h, t in a.b.get('/agent/terrain').links if h.startswith('/agent/terrain/0'))
            p = a.b.submit(a.b.get(one), one, titre='Une année')
            assert p.url == '/agent/terrain', (p.url, p.text[:300])
            p = a.b.submit(a.b.get(one), f'{one}/retirer')
            assert 'Rien encore' in p.text
            assert a.b.get(one).status == 404
        finally:
            assert demo.stop() == 0
            shutil.rmtree(d)
