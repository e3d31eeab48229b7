"""indice_pandas.py files|monte COMMUNES SCORES ROUNDS [say]: the same work in pandas and numpy, as an
analyst who knows them writes it.  Milliseconds per round."""
import sys, time
import numpy as np
import pandas as pd

what, communes, scores, rounds = sys.argv[1:5]
say = len(sys.argv) > 5
NAMES = ['no_thd_coverage_rate', 'no_4g_coverage_rate', 'poverty_rate', 'older_65_rate', 'nscol15p_rate']
TEXT = {c: str for c in ['code', 'departement', 'region', 'epci', 'ept', 'codes_postaux']}


def read():
    c = pd.read_csv(communes, dtype=TEXT, usecols=['code', 'departement', 'region', 'epci', 'population'])
    s = pd.read_csv(scores, dtype={'code': str})
    j = s.merge(c, on='code', how='left')
    j.loc[j.population == 0, NAMES] = np.nan
    return j


def files():
    j = read()
    j[NAMES] = np.ceil(10 * j[NAMES].rank(method='max') / j[NAMES].count() - 1e-9)
    j['total'] = j[NAMES].mean(axis=1)
    j['rang'] = j.total.rank(method='min', ascending=False)
    out = {'commune': j}
    for level in ['epci', 'departement', 'region']:
        w = j.population
        num = j[NAMES].mul(w, axis=0).groupby(j[level]).sum(min_count=1)
        den = j[NAMES].notna().mul(w, axis=0).groupby(j[level]).sum()
        up = num / den
        up['total'] = up.mean(axis=1)
        up['rang'] = up.total.rank(method='min', ascending=False)
        out[level] = up
    return out


def monte(draws=1000):
    x = read().dropna(subset=NAMES)[NAMES].to_numpy(np.float32)
    rng = np.random.default_rng(1)
    began = time.perf_counter()
    w = rng.dirichlet(np.full(5, 20.), draws).astype(np.float32)
    ranks = np.empty((draws, len(x)), np.uint16)
    for d in range(draws):              # ties share their rank
        s = -(x @ w[d])
        ranks[d] = np.searchsorted(np.sort(s), s) + 1
    low, high = np.quantile(ranks, [.05, .95], axis=0, method='inverted_cdf')
    ms = 1e3 * (time.perf_counter() - began)
    if say:
        print(f'{len(x)} communes, mean width of the intervals {np.mean(high - low):.0f}', file=sys.stderr)
    return ms


for r in range(int(rounds)):
    if what == 'monte':
        print(f'{monte():.3f}', flush=True)
        continue
    began = time.perf_counter()
    out = files()
    print(f'{1e3 * (time.perf_counter() - began):.3f}', flush=True)
    if say and not r:
        for level, t in out.items():
            print(level, t.total.count(), f'{t.total.sum():.6f}', file=sys.stderr)
