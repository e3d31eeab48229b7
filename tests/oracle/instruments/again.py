"""again.py BINARY ID: scores and nearest centres of an instrument, worked out again from its file."""
import json, math, random, subprocess, sys

binary, name = sys.argv[1:]
f = json.load(open(f'data/instruments/{name}.json'))
GESTE = {'seul': 2, 'avec_aide': 1, 'pas_encore': 0, 'pas_essaye': None}
values, lines = {}, {}          # item to {option: value}; matrix to its items
for it in f['items']:
    if it['type'] == 'geste':
        own = dict(GESTE)
    else:
        own = {o['id']: o.get('valeur', i + 1 if it['type'] == 'echelle' else None)
               for i, o in enumerate(it.get('options', []))}
    ids = [f'{it["id"]}_{l["id"]}' for l in it['lignes']] if it['type'] == 'matrice' else [it['id']]
    lines[it['id']] = ids
    for i in ids:
        values[i] = None if it['type'] in ('plusieurs', 'note') else own


def score(s, r, done):
    if s['calcul'] == 'formule':
        return {'score(gestes) * 3 / 2': lambda: done['gestes'] and done['gestes'] * 1.5 if done['gestes'] != 0 else 0}[s['formule']]()
    ids = [i for x in s['items'] for i in lines.get(x, [x])]
    weights = s.get('poids', [1] * len(ids))
    got = [(w, values[i][r[i]]) for w, i in zip(weights, ids) if values[i] and r.get(i) in values[i] and values[i][r[i]] is not None]
    if not got or len(got) < s.get('part_minimale', 1) * len(ids):
        return None
    if s['calcul'] == 'compte':
        return sum(v >= s['seuil'] for _, v in got) * len(ids) / len(got)
    total = sum(w * v for w, v in got)
    return total * len(ids) / len(got) if s['calcul'] == 'somme' else total / sum(w for w, _ in got)


def nearest(t, scores, r):
    asked = [i for x in t['items'] for i in lines.get(x, [x])]
    if sum(r.get(i) in values[i] for i in asked) / len(asked) < t['part_minimale']:
        return 'indetermine'
    if any(scores[v['score']] is None for v in t['variables']):
        return 'indetermine'
    return min(t['classes'], key=lambda c: math.dist([scores[v['score']] / v['echelle'] for v in t['variables']],
                                                     [c['centre'][v['score']] / v['echelle'] for v in t['variables']]))['id']


random.seed(7)
drawn = [{i: random.choice([*o, 'ne_sait_pas', 'refus']) for i, o in values.items() if o and random.random() < .85} for _ in range(3000)]
out = subprocess.run([binary, 'diagnostic', 'score', '--instrument', name], input='\n'.join(map(json.dumps, drawn)),
                     capture_output=True, text=True)
said = [json.loads(l) for l in out.stdout.splitlines()]
assert len(said) == len(drawn), out.stderr
for r, o in zip(drawn, said):
    mine = {}
    for s in f['scores']:
        mine[s['id']] = score(s, r, mine)
        theirs = o['scores'][s['id']]
        assert (mine[s['id']] is None) == (theirs is None) and (theirs is None or abs(mine[s['id']] - theirs) < 1e-6), (s['id'], r, mine, o)
    if f.get('typologie', {}).get('methode') == 'centres':
        assert nearest(f['typologie'], mine, r) == o['profil'], (r, mine, o)
