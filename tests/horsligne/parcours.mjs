/* parcours.mjs URL LOG FOLDER: a page taken away, filled in without network from a file, printed,
 * and its sheets brought back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { check, open_browser, totals, visitor } from '../browser/browser.mjs';
import { come_in, links_of } from '../browser/agents.mjs';
import { axe_refusals, sideways } from '../browser/look.mjs';

const [base, log, work] = process.argv.slice(2);
const links = links_of(readFileSync(log, 'utf8'));
const { browser, close } = await open_browser();
const state = await come_in(browser, links.mediateur.link);

async function take(id, more = '') {
	const context = await visitor(browser, { state });
	const answer = await context.request.get(`${base}/agent/instruments/hors-ligne/${id}/page${more}`);

	check(`${id} is taken away as one file`, answer.headers()['content-disposition']?.includes('.html'));
	writeFileSync(`${work}/${id}.html`, await answer.body());
	await context.close();
	return `file://${work}/${id}.html`;
}

async function offline(url) {
	/* its own policy holds */
	const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 320, height: 640 }, offline: true });
	const page = await context.newPage(), asked = [], faults = [];

	page.on('request', q => { if (!/^(file|blob|data):/.test(q.url())) asked.push(q.url()); });
	page.on('console', m => { if (m.type() === 'error') faults.push(m.text()); });
	page.on('pageerror', e => faults.push(String(e)));
	await page.goto(url);
	return { context, page, asked, faults };
}

async function look(page, name) {
	check(`${name} holds in 320 px`, !(await sideways(page)), JSON.stringify(await sideways(page)));
	const refused = await axe_refusals(page);
	check(`${name} is refused nothing by axe`, !refused.length, JSON.stringify(refused).slice(0, 600));
	await page.screenshot({ path: `${work}/${name}.png`, fullPage: true });
}

async function begin(page, age, agree) {
	await page.check(`#age-${age}`);
	await page.check('#provenance-declare');
	if (agree)
		await page.check('#accord-oui');
	await page.click('form .btn');
}

async function saved(page) {
	const [download] = await Promise.all([page.waitForEvent('download'), page.click('section.note .btn')]);
	const path = `${work}/${download.suggestedFilename()}`;

	await download.saveAs(path);
	return path;
}

async function bring(path) {
	const context = await visitor(browser, { state, js: false });
	const page = await context.newPage();

	await page.goto(`${base}/agent/instruments/retour`);
	await page.setInputFiles('#fichier', path);
	await page.click('main form .btn');
	const said = await page.textContent('main');
	await context.close();
	return said;
}

/* Eight gestures, with the person's agreement; the keyboard alone for the first page. */
const { context, page, asked, faults } = await offline(await take('huit_gestes'));
check('refusing changes nothing is said first', (await page.textContent('.say')).includes('Refuser ne change rien'));
await look(page, 'ouverture');
await page.click('form .btn');
check('what is missing is said and has the focus', await page.evaluate(() => document.activeElement.id) === 'erreurs');
await page.check('#age-moins-15');
await page.check('#provenance-observe');
await page.click('form .btn');
check('nobody under 15', (await page.textContent('#erreurs')).includes('Aucun questionnaire avant 15 ans'));
await begin(page, '18', true);
for (let i = 0; i < 40 && await page.locator('.progress').count(); i++) {
	if (!i) {
		await page.focus('main form input');
		await page.keyboard.press('Space');
		await look(page, 'question');
	}
	for (const name of await page.$$eval('fieldset', l => l.map(f => f.querySelector('input').name)))
		if (i && !(await page.locator(`input[name="${name}"]:checked`).count()))
			await page.locator(`input[name="${name}"]`).first().check();
	if (!i) {
		await page.focus('form .btn');
		await page.keyboard.press('Enter');
	} else {
		await page.click('form .btn');
	}
}
await look(page, 'resultat');
check('a result follows', await page.locator('article.sheet h1').count() === 1);
writeFileSync(`${work}/feuille.pdf`, await page.pdf());
await page.click('text=Garder les réponses');
check('the person has a number', /Votre numéro : [A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}/.test(await page.textContent('.sheet')));
await page.click('text=Terminer');
check('the device writes nothing unless asked', await page.evaluate(() => localStorage.length) === 0);
await page.check('#tenir');
check('and writes it when asked', await page.evaluate(() => localStorage.length) === 1);
await page.uncheck('#tenir');
check('and forgets it when asked', await page.evaluate(() => localStorage.length) === 0);
await look(page, 'a-rapporter');
const gestures = await saved(page);
check('no address was asked, no error met', !asked.length && !faults.length, JSON.stringify([asked, faults]));
await context.close();
check('one sheet is kept', (await bring(gestures)).includes('1 feuille gardée'));
check('and only once', (await bring(gestures)).includes('1 feuille était déjà là'));

/* By the network: the sheets follow the "#" of a link, which no server is sent. */
async function linked(path) {
	const context = await visitor(browser, { state });
	const page = await context.newPage(), asked = [];

	page.on('request', q => asked.push(q.url()));
	await page.goto(`${base}/agent/instruments/retour#${encodeURIComponent(readFileSync(path, 'utf8'))}`);
	check('a link fills the text of the sheets', (await page.inputValue('#lignes')) === readFileSync(path, 'utf8'));
	check('and leaves nothing in the address, nor in what was asked',
		!page.url().includes('#') && !asked.some(u => u.includes('reponses')), [page.url(), ...asked]);
	await page.click('main form .btn');
	const said = await page.textContent('main');
	await context.close();
	return said;
}
check('sheets come back by a link', (await linked(gestures)).includes('1 feuille était déjà là'));

/* The page's own words, in each language that it speaks. */
const whole = readFileSync(new URL(await take('reperage')), 'utf8');
const { mots } = JSON.parse(whole.match(/<script type="application\/json" id="instrument">(.*?)<\/script>/s)[1]);
for (const tag of Object.keys(mots).filter(l => !l.startsWith('fr'))) {
	const french = Object.keys(mots.fr).filter(k => k !== 'langue' && mots[tag][k] === mots.fr[k] && /\p{L}{3}/u.test(mots.fr[k]));
	check(`the page without network says all its words in ${tag}`, !french.length, french.join(' '));
}

/* Twelve people at a counter, counted; in Arabic for the looks. */
const short = await offline(await take('reperage', '?langues=fr,ar'));
await short.page.click('button[lang=ar]');
check('Arabic goes from right to left', await short.page.evaluate(() => document.documentElement.dir) === 'rtl');
await look(short.page, 'ouverture-ar');
for (let i = 0; i < 12; i++) {
	await begin(short.page, i ? '18' : '15-17', false);
	if (!i)
		await look(short.page, 'question-ar');
	await short.page.click('main form fieldset input >> nth=0');
	await short.page.click('form .btn.plain');
	if (!i)
		await look(short.page, 'resultat-ar');
	await short.page.click('div.row.noprint .btn');
}
const counted = await saved(short.page);
check('no error was met in Arabic', !short.faults.length && !short.asked.length, JSON.stringify(short.faults));
await short.context.close();
const twelve = await bring(counted);
check('twelve are counted', twelve.includes('12 feuilles comptées'), twelve);
writeFileSync(`${work}/faux.jsonl`, readFileSync(counted, 'utf8').replace(/"version":"[^"]*"/, '"version":"9.9"'));
check('a version that is not there is said with its line', (await bring(`${work}/faux.jsonl`)).includes('Ligne 1'));

const coordinator = await visitor(browser, { state: await come_in(browser, links.coordinateur.link) });
const counts = await (await coordinator.newPage());
await counts.goto(`${base}/agent/comptes/reperage`);
check('a coordinator sees them in the counts', /\b12\b/.test(await counts.textContent('main')),
	(await counts.textContent('main')).slice(0, 300));
await coordinator.close();
const back = await (await visitor(browser, { state, width: 320 })).newPage();
for (const path of ['/agent/instruments/hors-ligne/reperage', '/agent/instruments/retour']) {
	await back.goto(base + path);
	await look(back, path.split('/')[3]);
}
await close();
process.exit(totals());
