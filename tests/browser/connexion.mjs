/* Logging in, the cover screen and one's own account, in a browser. */
import { check, visitor } from './browser.mjs';
import { crawl } from './crawl.mjs';
import { check_pages } from './pages.mjs';
import { come_in, password, totp } from './agents.mjs';

const pages = ['/agent/compte', '/agent/compte/mot-de-passe', '/agent/compte/courriel', '/agent/sessions',
	'/agent/facteurs', '/agent/facteurs/ajouter', '/agent/facteurs/application', '/agent/facteurs/carte',
	'/agent/codes-secours', '/agent/preuve'];

function cookie_of(state) {
	return state.cookies.map(c => `${c.name}=${c.value}`).join('; ');
}

function enter(page) {
	return Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}

/* By the keyboard alone, without script, on a small screen. */
async function check_by_keyboard(browser, base, name, key) {
	const context = await visitor(browser, { js: false, width: 320, height: 640 });
	const page = await context.newPage();

	await page.goto(`${base}/agent/compte`);
	check('who is not logged in is led to the login page', page.url().includes('/agent/connexion?retour='), page.url());
	await page.focus('#identifiant');
	await page.keyboard.type(name);
	await page.keyboard.press('Tab');
	await page.keyboard.type('ce n’est pas le bon');
	await enter(page);
	check('a wrong password keeps the name and says what is wrong', await page.inputValue('#identifiant') === name
		&& await page.inputValue('#mot_de_passe') === '' && (await page.textContent('#erreurs')).includes('n’est pas le bon'));
	await page.focus('#mot_de_passe');
	await page.keyboard.type(password);
	await enter(page);
	await page.focus('#code_secret');
	await page.keyboard.type(totp(key, Date.now() + 30000));        /* the one of enrolment has served */
	await enter(page);
	check('a password and a code lead where one wanted to go', new URL(page.url()).pathname === '/agent/compte',
		`${page.url()} ${await page.locator('#erreurs').allTextContents()}`);
	await context.close();
}

/* One key hides all; what was being typed comes back. */
async function check_cover(browser, base, state, who) {
	const family = who.split(' ').pop();
	const context = await visitor(browser, { state });
	const page = await context.newPage();

	await page.goto(`${base}/agent/compte/courriel`);
	await page.fill('#courriel', 'pas.encore.fini@');
	await page.keyboard.press('F9');
	await page.waitForSelector('h1:has-text("Écran de garde")');
	const shown = await page.textContent('body');
	check('under the cover screen nothing of the agent shows', !shown.includes(family) && !shown.includes('pas.encore'));
	await page.goBack().catch(() => {});
	check('nor by going back', !(await page.textContent('body')).includes(family));
	await page.goto(`${base}/agent/compte/courriel`);
	check('nor on another page', (await page.textContent('h1')).includes('Écran de garde'));
	await page.fill('#mot_de_passe', password);
	await page.click('form:has(#mot_de_passe) .btn');
	check('a password lifts it, and leads back', new URL(page.url()).pathname === '/agent/compte/courriel', page.url());
	await page.fill('#courriel', 'pas.encore.fini@');
	await page.click('form[action="/agent/garde"] .btn');
	await page.fill('#mot_de_passe', password);
	await page.click('form:has(#mot_de_passe) .btn');
	check('what was being typed is given back, not sent', (await page.textContent('h1')).includes('de nouveau là')
		&& await page.getAttribute('main input[name=courriel]', 'value') === 'pas.encore.fini@');
	await page.click('main form .btn');
	check('sent by hand, it is read as if it had just been typed', await page.inputValue('#courriel') === 'pas.encore.fini@'
		&& await page.locator('#erreurs').count() === 1);
	await context.close();
}

export async function check_login(browser, base, agent) {
	const state = await come_in(browser, agent.link);
	const found = await crawl(base, pages, 40, { starts: [], only: '/agent/facteurs/0', cookie: cookie_of(state) });
	const own = await crawl(base, [], 40, { starts: ['/agent/usagers'], only: ['/agent/usagers', '/agent/mandats'],
		cookie: cookie_of(state), each: 1 });
	own.pages = own.pages.filter(p => !/\/(preuve|pdf)/.test(p.url.pathname));
	const looked = [...await check_pages(browser, found, state), ...await check_pages(browser, own, state)];

	await check_by_keyboard(browser, base, state.identifiant, state.key);
	await check_cover(browser, base, state, agent.name);
	return looked;
}
