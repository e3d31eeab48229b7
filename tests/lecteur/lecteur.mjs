/* A virtual screen reader walks pages as they are served; what it says is compared, line by
 * line, with a golden file.  What changes with the hour or the day is taken out first. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { links_of } from '../browser/agents.mjs';
import { journeys } from '../browser/parcours.mjs';
import { Visitor } from './visiteur.mjs';

const require = createRequire(import.meta.url);
const { JSDOM } = require('jsdom');
const [base, printed, flag] = process.argv.slice(2);
const folder = new URL('../golden/lecteur/', import.meta.url);
/* hours, days, ages of a confirmation, maps */
const changing = 'main .tags, main .small, main .hint, main table.week, main details, main svg';
const most = 3000;                      /* phrases of a page: past it the reader goes round */

async function load(path) {
	const got = await fetch(base + path);
	return new JSDOM(await got.text(), { url: got.url, pretendToBeVisual: true });
}

let reader;

/* What changes from one run to the next inside a phrase: numbers of sheets, our address, days. */
const steady = phrase => phrase
	.replace(/\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b/g, 'NUMÉRO')
	.replace(base.replace(/^.*\//, ''), 'ADRESSE')
	.replace(/\b20\d\d-\d\d-\d\d\b/g, 'JOUR')
	.replace(/[\p{L}\d]+ [\p{L}]+ (20\d\d|[٠-٩]{4})/gu, 'JOUR');

async function said(dom) {
	for (const name of ['window', 'document', 'Node', 'Element', 'HTMLElement', 'MutationObserver', 'getComputedStyle', 'NodeFilter', 'Event'])
		Object.defineProperty(globalThis, name, { value: dom.window[name], configurable: true, writable: true });
	dom.window.document.querySelectorAll(changing).forEach(n => n.remove());
	reader ??= require('@guidepup/virtual-screen-reader').virtual;
	await reader.start({ container: dom.window.document.querySelector('main') });
	for (let i = 0; i < most && await reader.lastSpokenPhrase() !== 'end of main'; i++)
		await reader.next();
	const log = await reader.spokenPhraseLog();
	await reader.stop();
	return `${dom.window.document.title}\n${log.map(steady).join('\n')}\n`;
}

const link = (dom, fits) => [...dom.window.document.querySelectorAll('main a')].find(fits).getAttribute('href');

let passed = 0, failed = 0;

const compare = async (name, dom) => hold(name, await said(dom));

function hold(name, text) {
	const file = new URL(`${name}.txt`, folder);
	if (flag === '--ecrire')
		writeFileSync(file, text);
	const want = existsSync(file) ? readFileSync(file, 'utf8') : '';
	if (text === want && text.includes('end of main')) {
		passed++;
		return;
	}
	failed++;
	const a = want.split('\n'), b = text.split('\n'), at = b.findIndex((l, i) => l !== a[i]);
	console.log(`FAIL ${name}, line ${at + 1}: "${b[at]}" instead of "${a[at]}"`);
}

await compare('accueil', await load('/'));
/* what no bus offers: a bus is near or far as the day goes */
const list = await load('/lieux?commune=Bondy&service=loisirs');
const place = link(list, n => /^\/lieux\//.test(n.getAttribute('href')) && n.closest('.place'));
await compare('lieu', await load(place));
await compare('lieux', list);
const start = await load('/reperage');
const first = link(start, n => /Commencer/.test(n.textContent));
await compare('reperage', start);
await compare('question', await load(first));
await compare('espace', await load('/mon-espace/entrer'));

/* Every page that a journey meets, one after the other in one file. */
async function journey(j, v, name) {
	try {
		await j.walk(v);
	} catch (e) {
		console.log(`${name}: ${e.stack}`);
	}
	let text = '';
	for (const p of v.pages.splice(0))
		text += `== ${p.label}\n${await said(p.dom)}\n`;
	hold(name, text);
}

const links = links_of(readFileSync(printed, 'utf8'));
const inside = {};
for (const j of journeys) {
	const v = j.role ? inside[j.role] ??= new Visitor(base) : new Visitor(base);
	if (j.role && !v.cookies.size)
		await v.come_in(links[j.role].link);
	await journey(j, v, j.name);
	if (!j.arabic)
		continue;
	const other = j.role ? v : new Visitor(base);
	await other.go('/langue?vers=ar&retour=/aide');
	await journey(j, other, `${j.name}-ar`);
	await other.go('/langue?vers=fr&retour=/aide');
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
