"""compare.py BINARY DIR: computes each method again with pandas and numpy, from the words of its
documentation and not from our code, and compares with what the command writes."""
import json, os, subprocess, sys
import numpy as np
import pandas as pd

binary, folder = sys.argv[1:3]
REAL = '../shared/data'
rng = np.random.default_rng(20261122)
passed = failed = 0
TEXT = {c: str for c in ['code', 'departement', 'region', 'epci', 'ept', 'commune', 'nom']}


def check(what, good, note=''):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f'FAIL {what}: {note}')


def run(*words):
    out = subprocess.run([binary, *words], capture_output=True, text=True)
    if out.returncode:
        sys.exit(f'{" ".join(words)}: {out.stderr}')
    return out.stdout


def read(path):
    t = pd.read_csv(path, dtype=TEXT, keep_default_na=False).replace({'': np.nan, 'sans objet': np.nan})
    return t.set_index('code').apply(lambda c: c if c.name == 'nom' else pd.to_numeric(c))


def compute(data, method, level, flag, table, *more):
    path = f'{folder}/out.csv'
    run('indice', 'compute', '--data', data, '--method', method, '--level', level, flag, table,
        '--output', path, *more)
    return read(path)


def near(ours, theirs, by=1e-9):
    ours, theirs = ours.align(theirs, join='inner')
    same_holes = (ours.isna() == theirs.isna()).all()
    return bool(same_holes and (ours.isna() | ((ours - theirs).abs() <= by)).all())


# --- normalisers, in numpy ---------------------------------------------------------------------
def decile(x):
    return np.ceil(10 * x.rank(method='max') / x.count() - 1e-9)


def points(x):
    f = x.rank(method='max') / x.count()
    return sum((f > t + 1e-12).astype(float) for t in (.10, .25, .40, .60, .75, .90)).where(x.notna()) - 3


def minmax_in(x, group):
    low, high = x.groupby(group).transform('min'), x.groupby(group).transform('max')
    return (10 * (x - low) / (high - low)).where(high > low, 5).where(x.notna() & group.notna())


def weighted_up(scores, population, group):
    """Population-weighted means of scores by group, leaving holes out."""
    w = population.where(group.notna())
    num = scores.mul(w, axis=0).groupby(group).sum(min_count=1)
    den = scores.notna().mul(w, axis=0).groupby(group).sum()
    return num / den.where(den > 0)


def ranks(total):
    return total.round(9).rank(method='min', ascending=False)


# --- a made-up country ---------------------------------------------------------------------------
def country():
    rows, arrondissements = [], []
    for d in range(1, 13):
        for c in range(1, 61):
            rows.append(dict(code=f'{d:02}{c:03}', nom=f'C{d}-{c}', departement=f'{d:02}', region=str(11 + d % 3),
                             epci=f'2000{d:02}{c % 7:03}', ept='200057875' if d == 3 and c < 9 else '',
                             population=int(rng.lognormal(6.5, 1.3)) if c % 29 else 0))
    rows.append(dict(code='69123', nom='Grande', departement='12', region='11', epci='200046977', ept='',
                     population=90000))
    for a in range(1, 10):
        arrondissements.append(dict(code=f'6938{a}', nom=f'Grande {a}', commune='69123', departement='12',
                                    region='11', population=10000))
    communes = pd.DataFrame(rows).assign(codes_postaux='', lat='', lon='')
    communes.to_csv(f'{folder}/communes.csv', index=False)
    pd.DataFrame(arrondissements).assign(codes_postaux='').to_csv(f'{folder}/arrondissements.csv', index=False)
    run('territoire', 'import', '--data', f'{folder}/data', f'{folder}/communes.csv',
        f'{folder}/arrondissements.csv')
    return communes.set_index('code'), pd.DataFrame(arrondissements).set_index('code')


def iris_rows(communes, arrondissements, codes):
    rows = []
    for code in [c for c in communes.index if c != '69123'] + list(arrondissements.index):
        for i in range(int(rng.integers(1, 7))):
            people = int(rng.integers(0, 3000)) if rng.random() > .02 else 0
            row = dict(code=f'{code}{i + 1:04}', population=people)
            for k, c in enumerate(codes):
                if rng.random() < .06:
                    row[c] = rng.choice(['', 's', 'nd', 'ns'])
                elif k % 3 == 1 and rng.random() < .41:
                    row[c] = 0.0
                else:
                    row[c] = round(float(rng.gamma(2, 10)), 1 + k % 3)
            rows.append(row)
    t = pd.DataFrame(rows)
    t.to_csv(f'{folder}/iris.csv', index=False)
    values = t.set_index('code').replace({'': np.nan, 's': np.nan, 'nd': np.nan, 'ns': np.nan}).astype(float)
    return values


def levels(communes, base):
    """Where each IRIS lies; arrondissements lie in their commune."""
    commune = pd.Series(base.index.str[:5], index=base.index)
    whole = commune.where(commune.isin(communes.index), '69123')
    g = communes.loc[whole.values].set_index(base.index)
    return {'commune': whole, 'epci': g['epci'], 'departement': g['departement'], 'region': g['region'],
            'arrondissement': commune.where(commune != whole), 'ept': g['ept'].where(g['ept'] != '')}


def totals(scores, tree, minimum):
    """Weighted mean of a tree {group: (weight, {indicator: weight})}, holes left out."""
    num = den = there = 0
    everything = sum(w for w, _ in tree.values())
    for weight, leaves in tree.values():
        cols = list(leaves)
        w = pd.Series(leaves, dtype=float)
        known = scores[cols].notna().mul(w, axis=1).sum(axis=1)
        mean = scores[cols].mul(w, axis=1).sum(axis=1) / known.where(known > 0)
        num = num + (mean * weight).fillna(0)
        den = den + weight * (known > 0)
        there = there + weight * known / w.sum() / everything
    return (num / den).where((there >= minimum - 1e-9) & (den > 0))


def trees():
    """Weights as the method files say them, and nothing else of them."""
    out = {}
    for m in ['ifn-2023', 'ifn-2021', 'deri-1.0']:
        doc = json.load(open(f'data/methodes/{m}.json'))
        leaves = [(g, x) for g in doc['arbre'] for x in g['arbre'] if x.get('choisi', True)]
        if any('poids' in g for g in doc['arbre']):
            out[m] = {g['groupe']: (g['poids'], {x['indicateur']: x.get('poids', 1) for x in g['arbre']})
                      for g in doc['arbre']}
        else:
            out[m] = {'tout': (1, {x['indicateur']: x.get('poids', 1) for _, x in leaves})}
        out[m + '/inverse'] = {x['indicateur'] for _, x in leaves if x.get('sens') == 'inverse'}
    return out


def made_up():
    communes, arrondissements = country()
    all_trees = trees()
    for method in ['ifn-2023', 'deri-1.0']:
        tree = all_trees[method]
        codes = [c for _, leaves in tree.values() for c in leaves]
        raw = iris_rows(communes, arrondissements, codes)
        population, where = raw['population'], levels(communes, raw)
        x = raw[codes].where(population > 0)
        if method == 'ifn-2023':            # imputed from the IRIS of the same commune
            mean = weighted_up(x, population, where['commune'])
            for c in codes:
                x[c] = x[c].fillna(where['commune'].map(mean[c])).where(population > 0)
            scores = x.apply(decile)
        else:
            signed = x.apply(lambda c: -c if c.name in all_trees[method + '/inverse'] else c)
            scores = signed.apply(lambda c: minmax_in(c, where['departement']))
        base = totals(scores, tree, .5)
        ours = compute(f'{folder}/data', method, 'iris', '--input', f'{folder}/iris.csv', '--draws', '0')
        for c in codes:
            check(f'{method} iris {c}', near(ours[c], scores[c]))
        check(f'{method} iris total', near(ours['score'], base))
        check(f'{method} iris rank', near(ours['rang'], ranks(base), 0))
        for level in ['commune', 'epci', 'departement', 'region']:
            up = weighted_up(scores, population, where[level])
            theirs = totals(up, tree, .5)
            ours = compute(f'{folder}/data', method, level, '--input', f'{folder}/iris.csv', '--draws', '0')
            check(f'{method} {level} total', near(ours['score'], theirs), str(len(theirs)))
            check(f'{method} {level} rank', near(ours.loc[theirs.index, 'rang'], ranks(theirs), 0))
            people = population.groupby(where[level]).sum()
            check(f'{method} {level} people', near(ours['population'], people[people > 0]))
            other = {'commune': 'arrondissement', 'epci': 'ept'}.get(level)
            if other:
                beside = totals(weighted_up(scores, population, where[other]), tree, .5)
                check(f'{method} {other} total', near(ours['score'], beside))
                would = beside.apply(lambda v: 1 + (theirs.round(9) > round(v, 9)).sum())
                check(f'{method} {other} rank', near(ours.loc[beside.index, 'rang'], would, 0))
    return communes


def points_over_communes(communes):
    tree = trees()['ifn-2021']
    codes = list(tree['tout'][1])
    rows = communes[communes.index != '69123'][['population']].copy()
    for c in codes:
        rows[c] = np.where(rng.random(len(rows)) < .05, np.nan, rng.integers(0, 40, len(rows)))
    rows[codes].to_csv(f'{folder}/communes_brutes.csv', index_label='code')
    scores = rows[codes].where(rows.population > 0).apply(points)
    for level in ['commune', 'departement']:
        up = scores if level == 'commune' else weighted_up(scores, rows.population, communes.departement)
        theirs = totals(up, tree, .5) * 10 / 3
        ours = compute(f'{folder}/data', 'ifn-2021', level, '--input', f'{folder}/communes_brutes.csv',
                       '--draws', '0')
        check(f'ifn-2021 {level} total', near(ours['score'], theirs))
        check(f'ifn-2021 {level} rank', near(ours['rang'], ranks(theirs), 0))


# --- how sure the ranks are: numpy's own draws, compared as draws can be ------------------------
def intervals(ours, columns, n_draws=2000):
    """90 % intervals of ranks under Dirichlet(20, ..., 20) weights, by numpy."""
    x = ours[columns].to_numpy()
    w = rng.dirichlet(np.full(len(columns), 20.), n_draws)
    out = np.empty((n_draws, len(x)), dtype=np.int32)
    for d in range(n_draws):
        s = x @ w[d]
        out[d] = 1 + np.searchsorted(np.sort(-s), -s, side='left')
    return np.quantile(out, .05, axis=0, method='inverted_cdf'), np.quantile(out, .95, axis=0, method='inverted_cdf')


def sure(data, scores, method, name):
    ours = compute(data, method, 'departement', '--scores', scores, '--draws', '4000')
    ours = ours.dropna(subset=['score'])
    columns = [c for c in ours.columns[6:]]
    low, high = intervals(ours, columns)
    step = max(1, .03 * len(ours))
    check(f'{name} intervals', np.abs(ours.rang_min - low).max() <= step and np.abs(ours.rang_max - high).max() <= step,
          f'{np.abs(ours.rang_min - low).max()} {np.abs(ours.rang_max - high).max()} of {len(ours)}')


def weights_alone(folder):
    """ifn-2023 whose draws move the weights and nothing else: one's own method, by copying."""
    doc = json.load(open('data/methodes/ifn-2023.json'))
    doc['rangs'] = {'concentration': 20}
    path = f'{folder}/poids-seuls.json'
    json.dump(doc, open(path, 'w'), ensure_ascii=False)
    return path


# --- the real communes ---------------------------------------------------------------------------
def real():
    files = [f'{REAL}/{f}.csv' for f in ['communes_france', 'epci', 'departements', 'regions', 'arrondissements_municipaux']]
    scores = f'{REAL}/ifn/ifn_communes_2023-08.csv'
    if not all(os.path.exists(f) for f in files + [scores]):
        print('skipped: needs ../shared/data for the real communes')
        return
    run('territoire', 'import', '--data', f'{folder}/reel', *files)
    published = pd.read_csv(scores, dtype=TEXT).set_index('code')
    codes = [c for c in published.columns if c.endswith('_rate')]
    communes = pd.read_csv(files[0], dtype=TEXT).set_index('code')
    parts = pd.read_csv(files[4], dtype=TEXT).set_index('code')
    at = parts['commune'].reindex(published.index)
    whole = at.where(at.notna(), published.index.to_series())
    population = pd.concat([communes['population'], parts['population']]).reindex(published.index)
    s = published[codes].where(population != 0)
    ours = compute(f'{folder}/reel', 'ifn-2023', 'commune', '--scores', scores, '--draws', '0')
    check('real communes', near(ours['score'], s[s.index != '13055'].mean(axis=1)))
    for level in ['epci', 'departement', 'region']:
        g = communes[level].reindex(whole).set_axis(published.index)
        up = weighted_up(s, population, g)
        ours = compute(f'{folder}/reel', 'ifn-2023', level, '--scores', scores, '--draws', '0')
        check(f'real {level}', near(ours['score'], up.mean(axis=1)), str(len(up)))
        check(f'real {level} rank', near(ours.loc[up.index, 'rang'], ranks(up.mean(axis=1)), 0))
    sure(f'{folder}/reel', scores, weights_alone(folder), 'real départements')


communes = made_up()
points_over_communes(communes)
real()
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0)
