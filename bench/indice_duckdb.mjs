// indice_duckdb.mjs MODULES COMMUNES SCORES ROUNDS: the same files to the same four levels, in SQL:
// deciles over communes, population-weighted means, totals, ranks.  Milliseconds per round.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, communes, scores, rounds] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/package.json`));
const { DuckDBInstance } = await import(pathToFileURL(require.resolve('@duckdb/node-api')).href);
const names = ['no_thd_coverage_rate', 'no_4g_coverage_rate', 'poverty_rate', 'older_65_rate', 'nscol15p_rate'];
const text = n => `'${n}': 'VARCHAR'`;
const list = f => names.map(f).join(', ');
const total = list(n => n).replaceAll(', ', ' + ');

const read = `CREATE TEMP TABLE j AS
	SELECT s.code, c.epci, c.departement, c.region, c.population,
		${list(n => `CASE WHEN c.population = 0 THEN NULL ELSE s.${n} END AS ${n}`)}
	FROM read_csv('${scores}', header = true, types = {${text('code')}}) s
	LEFT JOIN read_csv('${communes}', header = true,
		types = {${['code', 'departement', 'region', 'epci', 'ept', 'codes_postaux'].map(text).join(', ')}}) c USING (code)`;
// cume_dist counts values at or below: the tie rule of ifn-2023.
const decile = `CREATE TEMP TABLE d AS SELECT code, epci, departement, region, population,
	${list(n => `CASE WHEN ${n} IS NULL THEN NULL ELSE ceil(10 * cume_dist() OVER (ORDER BY ${n} NULLS LAST)
		* count(*) OVER () / count(${n}) OVER () - 1e-9) END AS ${n}`)} FROM j`;
const level = key => `SELECT ${key}, total, rank() OVER (ORDER BY total DESC) AS rang, ${list(n => n)} FROM (
	SELECT *, (${total}) / 5 AS total FROM (
		SELECT ${key}, ${list(n => `sum(population * ${n}) FILTER (${n} IS NOT NULL)
			/ sum(population) FILTER (${n} IS NOT NULL) AS ${n}`)}
		FROM d WHERE ${key} IS NOT NULL GROUP BY ${key})) WHERE total IS NOT NULL`;
const commune = `SELECT code, total, rank() OVER (ORDER BY total DESC) AS rang, ${list(n => n)} FROM (
	SELECT *, (${total}) / 5 AS total FROM d) WHERE total IS NOT NULL`;

const db = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
for (let r = 0; r < Number(rounds); r++) {
	await db.run('DROP TABLE IF EXISTS j; DROP TABLE IF EXISTS d');
	const began = performance.now();
	await db.run(read);
	await db.run(decile);
	const said = [];
	for (const [name, sql] of [['commune', commune], ['epci', level('epci')], ['departement', level('departement')],
		['region', level('region')]]) {
		const rows = await (await db.runAndReadAll(sql)).getColumns();
		said.push(`${name} ${rows[1].length} ${rows[1].reduce((a, b) => a + b, 0).toFixed(6)}`);
	}
	console.log((performance.now() - began).toFixed(3));
	if (r === 0 && process.argv.length > 6)
		console.error(said.join('\n'));
}
process.exit(0);
