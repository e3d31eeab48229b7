"""The ten nearest places of a hundred communes, computed again in the plainest way: every
distance, by the haversine formula, from the positions in the store.  nearest.py BINARY DIR"""
import json, math, os, random, sqlite3, subprocess, sys, urllib.parse, urllib.request
sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../../scenario'))
from client import Server

binary, folder = sys.argv[1:3]
db = sqlite3.connect(f'file:{folder}/tremplin.db?mode=ro', uri=True)
places = db.execute("SELECT id, nom_cle, latitude, longitude, services FROM lieu "
                    "WHERE publication = 'publie' AND latitude IS NOT NULL").fetchall()
communes = db.execute("SELECT code, latitude, longitude FROM territoire WHERE niveau = 'commune' "
                      "AND latitude IS NOT NULL ORDER BY code").fetchall()
random.seed(2026)
sample = random.sample(communes, 100 if len(communes) > 100 else len(communes))
R = 6371008.8


def metres(lat1, lon1, lat2, lon2):
    p1, p2 = math.radians(lat1), math.radians(lat2)
    h = (math.sin((p2 - p1) / 2) ** 2
         + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2)
    return 2 * R * math.asin(min(1, math.sqrt(h)))


server = Server(binary, 'serve', '--data', folder)


def ask(code, service, by_command):
    """Through the running server; for some also through the command, which must agree."""
    asked = {'commune': code, 'limite': 10, **({'service': 'demarches'} if service else {})}
    url = f'http://127.0.0.1:{server.port}/api/v1/orientation?{urllib.parse.urlencode(asked)}'
    got = json.load(urllib.request.urlopen(url))['lieux']
    if by_command:
        out = subprocess.run([binary, 'orientation', 'find', '--data', folder, '--json', '--commune', code, '--limit', '10',
                              *(['--service', SERVICE] if service else [])], capture_output=True, text=True)
        assert out.returncode == 0, out.stderr
        assert json.loads(out.stdout)['lieux'] == got, code
    return got


passed = failed = 0
SERVICE = 'Aide aux démarches administratives'
for n, (code, lat, lon) in enumerate(sample):
    filtered = n % 2 == 1
    fit = [p for p in places if not filtered or SERVICE in (p[4] or '').split('|')]
    # two doubles that differ by less than a millimetre are the same distance: names then decide
    expected = sorted((round(metres(lat, lon, p[2], p[3]), 3), p[1], p[0]) for p in fit)[:10]
    got = ask(code, filtered, n % 10 == 3)
    same = ([g['id'] for g in got] == [x[2] for x in expected]
            and all(abs(g['distance_m'] - x[0]) < 0.11 for g, x in zip(got, expected)))
    if same:
        passed += 1
    else:
        failed += 1
        print(f'commune {code}: expected {expected}, got {[(g["distance_m"], g["id"]) for g in got]}')
server.stop()
print(f'{passed} passed, {failed} failed')
sys.exit(failed != 0)
