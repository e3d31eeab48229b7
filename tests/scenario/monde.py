"""A département with everything the observatory shows: territories, outlines, places of the
demonstration, made-up indicators of two years, estimates.  Usage: monde.py BINARY DIR"""
import csv, os, sqlite3, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SEINE = os.path.join(ROOT, 'data', 'seine-saint-denis')
PEU = '93030'          # Dugny: too few people to be counted out
AGES = {'pop_15_29': .21, 'pop_30_44': .22, 'pop_45_59': .19, 'pop_60_74': .13, 'pop_75_plus': .06}


def communes():
    return list(csv.DictReader(open(f'{SEINE}/communes.csv', encoding='utf-8')))


def share(code, k, low, high):
    """A made-up share, the same each time, rising from west to east a little."""
    n = int(code)
    return round(low + (high - low) * ((n * (7 + 2 * k) + 13 * k) % 101) / 100, 1)


def rows(year):
    """One line a commune; Coubron's poverty is secret, Le Bourget gave no figure at all."""
    for c in communes():
        code, move = c['code'], 0 if year == 2021 else 1.5
        r = {'code': code,
             'no_thd_coverage_rate': share(code, 1, 0, 9) + move, 'no_4g_coverage_rate': share(code, 2, 0, 3),
             'poverty_rate': 's' if code == '93015' else share(code, 3, 9, 42) + move,
             'older_65_rate': share(code, 4, 8, 22), 'nscol15p_rate': share(code, 5, 45, 78) + move,
             **{k: round(int(c['population']) * v) for k, v in AGES.items()}}
        yield r if code != '93013' else {k: v if k == 'code' else 'nd' for k, v in r.items()}


def table(path, year):
    lines = list(rows(year))
    with open(path, 'w', newline='', encoding='utf-8') as f:
        w = csv.DictWriter(f, lines[0])
        w.writeheader()
        w.writerows(lines)


def run(binary, *words):
    r = subprocess.run([binary, *words], capture_output=True, text=True, timeout=120)
    assert r.returncode == 0, (words, r.returncode, r.stderr)
    return r


def make(binary, data):
    run(binary, 'territoire', 'import', '--data', data,
        *[f'{SEINE}/{f}' for f in ('communes.csv', 'epci.csv', 'departement.csv', 'region.csv', 'contours.geojson')])
    run(binary, 'lieu', 'import', '--data', data, f'{ROOT}/data/demonstration/lieux.csv')
    with tempfile.TemporaryDirectory() as d:
        for year in (2016, 2021):
            table(f'{d}/indicateurs.csv', year)
            run(binary, 'indicateur', 'import', '--data', data, '--annee', str(year), f'{d}/indicateurs.csv')
    run(binary, 'estimation', 'compute', '--data', data, '--enquete', 'capuni-2022',
        '--tirages', '40', '--json')
    # A commune where so few people are concerned that no way out may count them.
    with sqlite3.connect(f'{data}/tremplin.db') as db:
        n = db.execute("UPDATE estimation SET nombre = 7.4321, bas = 5.4321, haut = 9.4321 "
                       "WHERE niveau = 'commune' AND code = ?", (PEU,)).rowcount
        assert n, 'no estimate of ' + PEU


def make_iris(binary, data):
    """The same, with some IRIS of Bondy: one figure, outlines of four out of five."""
    import iris                         # it imports us
    make(binary, data)
    with tempfile.TemporaryDirectory() as d:
        with open(f'{d}/iris.csv', 'w') as f:
            f.write('iris,poverty_rate\n' + ''.join(f'{k},{v}\n' for k, v in iris.POVERTY.items()))
        iris.outlines(f'{d}/iris.geojson')
        run(binary, 'indicateur', 'import', '--data', data, '--annee', '2021', '--niveau', 'iris', f'{d}/iris.csv')
        return run(binary, 'territoire', 'import', '--data', data, f'{d}/iris.geojson')


if __name__ == '__main__':
    make_iris(sys.argv[1], sys.argv[2])
