/* The browser gate: every page, then every journey.  Usage: node gate.mjs URL [FILE]
   FILE is what `tremplin demo` printed: with it, agents come in and their pages are looked at too. */
import { readFileSync } from 'node:fs';
import { check_agents } from './agents.mjs';
import { check, open_browser, progress, totals } from './browser.mjs';
import { crawl, visit } from './crawl.mjs';
import { check_journeys } from './journeys.mjs';
import { check_html, check_pages } from './pages.mjs';

/* Pages that no link may lead to yet, and that must hold all the same. */
const also = ['/lieux', '/lieux?commune=Bondy', '/lieux?commune=93140&service=aide-aux-demarches-administratives',
	'/lieux/carte/93?minutes=20&moyen=pied&service=materiel', '/lieux/carte/93?toutes=oui', '/lieux/passages?commune=Bondy',
	'/lieux/passages?commune=Zzyzx', '/lieux/de-passage?commune=Bondy&equipement=recharge',
	'/lieux?commune=Zzyzx', '/integrer?commune=Bondy', '/integrer/liste?commune=93010',
	'/reperage', '/territoires', '/territoires/93010', '/cette-page-n-existe-pas'];

/* Pages of the observatory, on a server that has figures (tests/scenario/monde.py). */
const figures = ['/observatoire', '/observatoire/methodes/ifn-2023', '/observatoire/methodes/deri-1.0',
	'/observatoire/methodes/ifn-2023/93', '/observatoire/methodes/ifn-2023/93010?sans=older_65_rate',
	'/observatoire/methodes/ifn-2023/93013', '/observatoire/methodes/ifn-2023/93010?poids.poverty_rate=abc',
	'/observatoire/carte/93?mesure=indice.ifn-2023', '/observatoire/carte/93?mesure=indice.ifn-2023&poids.poverty_rate=abc',
	'/observatoire/carte/93?mesure=ind.poverty_rate&niveau=epci', '/territoires/93010/iris', '/territoires/93010/iris?nom=zzz',
	'/territoires/930100104', '/observatoire/carte/93010?mesure=ind.poverty_rate', '/observatoire/offre/93', '/observatoire/offre/93?minutes=6',
	'/observatoire/offre/france', '/observatoire/grappes/93?mesure=ind.poverty_rate', '/territoires/93', '/territoires/93010',
	'/territoires/region-11', '/territoires/comparer?a=93&b=Bondy', '/donnees/indice-ifn-2023', '/api'];

const base = (process.argv[2] || '').replace(/\/$/, '');
if (!/^https?:\/\//.test(base)) {
	console.error('usage: tests/browser/run URL   (of a running tremplin demo)');
	process.exit(2);
}
const { browser, close } = await open_browser();
try {
	const found = await crawl(base, also);
	const looked = await check_pages(browser, found);
	if (process.argv[4])
		looked.push(...await check_pages(browser, await visit(process.argv[4], figures)));
	await check_journeys(browser, base);
	if (process.argv[3])
		looked.push(...await check_agents(browser, base, readFileSync(process.argv[3], 'utf8')));
	progress('the Nu checker');
	check_html();
	progress('');
	const heaviest = looked.sort((a, b) => b.bytes - a.bytes).slice(0, 3);
	console.log(`${looked.length} pages; heaviest on the wire: ${heaviest.map(p => `${p.url.pathname}${p.url.search} ${p.bytes}`).join(', ')}`);
} catch (e) {
	check('the gate came to its end', false, e.stack);
} finally {
	await close();
}
process.exitCode = totals();
