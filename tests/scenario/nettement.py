"""A territory is said to be clearly above its neighbours when it is, and not otherwise."""
import json, shutil, tempfile
from client import Server
import monde

SAID = 'Nettement au-dessus'
FIVE = ('no_thd_coverage_rate', 'no_4g_coverage_rate', 'poverty_rate', 'older_65_rate', 'nscol15p_rate')
# Two columns, three rows; the first group is the row at the top and touches both others.
EPCI = {'01001': '200000001', '01002': '200000001', '01003': '200000002', '01004': '200000002', '01005': '200000003', '01006': '200000003'}
PLACES = {'01001': (0, 2), '01002': (1, 2), '01003': (0, 1), '01004': (0, 0), '01005': (1, 1), '01006': (1, 0)}


def territories(d):
    with open(f'{d}/communes.csv', 'w') as f:
        f.write('code,nom,departement,region,epci,population,codes_postaux,lat,lon\n')
        for c, (x, y) in PLACES.items():
            f.write(f'{c},Commune {c[-1]},01,84,{EPCI[c]},10000,01000,{46.05 + y / 10},{5.05 + x / 10}\n')
    open(f'{d}/epci.csv', 'w').write('code,nom,type,population\n' + ''.join(f'{e},CC {e[-1]},CC,20000\n' for e in sorted(set(EPCI.values()))))
    open(f'{d}/departements.csv', 'w').write('code,nom,region,chef_lieu\n01,Ain,84,01001\n')
    open(f'{d}/regions.csv', 'w').write('code,nom,chef_lieu\n84,Auvergne-Rhône-Alpes,01001\n')
    square = lambda x, y: [[round(5 + (x + i) / 10, 2), round(46 + (y + j) / 10, 2)] for i, j in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
    json.dump({'type': 'FeatureCollection', 'features': [
        {'type': 'Feature', 'properties': {'code': c, 'nom': c}, 'geometry': {'type': 'Polygon', 'coordinates': [square(*p)]}}
        for c, p in PLACES.items()]}, open(f'{d}/contours.geojson', 'w'))


def add(test, binary, watched, tremplin):
    def country(high):
        """What is said of each, and the scores; `high`: how many of the five measures are higher at the top."""
        d = tempfile.mkdtemp()
        territories(d)
        monde.run(binary, 'territoire', 'import', '--data', f'{d}/data', *[f'{d}/{f}' for f in ('communes.csv', 'epci.csv', 'departements.csv', 'regions.csv', 'contours.geojson')])
        with open(f'{d}/i.csv', 'w') as f:
            f.write('code,' + ','.join(FIVE) + '\n')
            for c in PLACES:
                n = int(c[-1])
                top = {'01001': (51, 27.3), '01002': (50, 27.5)}.get(c, (24 + n, 24 + n))
                f.write(c + ',' + ','.join(str(top[0] if k < high else top[1]) for k in range(5)) + '\n')
        monde.run(binary, 'indicateur', 'import', '--data', f'{d}/data', '--annee', '2021', f'{d}/i.csv')
        server = Server(binary, 'serve', '--data', f'{d}/data')
        b = watched(server.port)
        try:
            ask = lambda c: json.loads(b.get(f'/api/v1/territoires/{c}').body)['indices'][0]['score']
            everyone = (*PLACES, *sorted(set(EPCI.values())))
            return {c for c in everyone if SAID in b.get(f'/territoires/{c}').text}, {c: ask(c) for c in everyone}
        finally:
            assert server.stop() == 0
            shutil.rmtree(d)

    @test('"clearly above" is said of a commune and of an EPCI that are higher in everything, and of no other')
    def _():
        said, scores = country(5)
        assert max(scores, key=scores.get) == '01001' and scores['200000001'] > max(scores['200000002'], scores['200000003'])
        # 2 is above all but 1, that touches it; 6 is above 3, 4 and 5 in everything, and touches no other
        assert said == {'01001', '01006', '200000001'}, (said, scores)

    @test('"clearly above" is not said of who is higher only with the weights of the method')
    def _():
        said, scores = country(3)
        assert scores['200000001'] > max(scores['200000002'], scores['200000003']), scores
        assert scores['01001'] > max(scores[c] for c in ('01002', '01003', '01005')), scores
        assert said == {'01006'}, (said, scores)
