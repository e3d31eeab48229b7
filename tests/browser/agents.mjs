/* Agents of the demonstration: they come in by the links that it prints, as people do. */
import { createHmac } from 'node:crypto';
import { check, visitor } from './browser.mjs';
import { check_login } from './connexion.mjs';
import { crawl } from './crawl.mjs';
import { check_instruments } from './instruments.mjs';
import { check_pages } from './pages.mjs';

export const password = 'girouette panier cactus neige';

/* RFC 6238, six digits, thirty seconds. */
export function totp(key, at = Date.now()) {
	const bits = [...key].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
	const seed = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)));
	const count = Buffer.alloc(8);
	count.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
	const h = createHmac('sha1', seed).update(count).digest(), o = h[19] & 15;
	return String((h.readUInt32BE(o) & 0x7fffffff) % 1e6).padStart(6, '0');
}

/* "Rosa Keita (referent, ...)" then its link, in what `tremplin demo` printed. */
export function links_of(printed) {
	const found = {};
	for (const [, name, role, link] of printed.matchAll(/^ {2}(\S[^(\n]*) \((\S+), .*\)\n {4}(\S+)$/gm))
		found[role] = { name, link };
	return found;
}

/* From the invitation to the agent's home; the state of a browser that is logged in. */
export async function come_in(browser, link) {
	const context = await visitor(browser);
	const page = await context.newPage();

	await page.goto(link);
	const identifiant = (await page.textContent('main .note')).match(/garder\s*: (\S+)/)[1];
	if (await page.locator('input[type=radio][name=maniere]').count())
		await page.check('input[name=maniere][value=mot-de-passe]');
	await page.fill('#mot_de_passe', password);
	await page.click('main .btn');
	await page.goto(new URL('/agent/facteurs/application', link).href);
	const key = (await page.textContent('main code')).replace(/\s/g, '');
	await page.fill('#code_secret', totp(key));
	await page.click('main form .btn');
	await page.goto(new URL('/agent', link).href);
	const state = await context.storageState();
	await context.close();
	return Object.defineProperties(state, { key: { value: key }, identifiant: { value: identifiant } });
}

/* The cookies of a state, as a request sends them. */
function cookie_of(state) {
	return state.cookies.map(c => `${c.name}=${c.value}`).join('; ');
}

/* Somebody invited on paper, with the keyboard alone and a mistake first: nothing typed is lost. */
async function check_invitation(browser, base, state) {
	const context = await visitor(browser, { state, js: false });
	const page = await context.newPage();

	await page.goto(`${base}/agent/agents/inviter`);
	await page.focus('#prenom');
	await page.keyboard.type('Inès');
	await page.keyboard.press('Tab');
	await page.keyboard.type('Diaz');
	await page.keyboard.press('Tab');
	await page.keyboard.type('ines@');
	await page.keyboard.press('Enter');
	check('an invitation with a wrong address comes back with what was typed',
		await page.inputValue('#prenom') === 'Inès' && await page.inputValue('#courriel') === 'ines@'
		&& (await page.textContent('#erreurs')).includes('Choisissez au moins un rôle'));
	await page.fill('#courriel', '');
	await page.check('input[value=accueil]');
	await page.click('main form .btn');
	check('an invitation without address gives a sheet with a code and a drawing',
		/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/.test(await page.textContent('.sheet')) && await page.locator('.sheet .qr svg').count() === 1);
	await context.close();
}

/* Which pages each is there for: those of one kind are looked at once. */
const walks = [['admin', ['/agent/structures', '/agent/envois', '/agent/envois/essai', '/agent/ecrire', '/agent/comptes', '/agent/paroles'],
	['/agent/structures', '/agent/envois', '/agent/ecrire', '/agent/comptes', '/agent/paroles']], ['referent', '/agent', '/agent'],
	['coordinateur', ['/agent/lieux', '/agent/lieux/doublons', '/agent/lieux/sources', '/agent/terrain',
		'/agent/instruments/voix/reperage', '/agent/instruments/voix/reperage/debut?langue=ar'],
		['/agent/lieux', '/agent/equipements', '/agent/terrain']],
	['mediateur', ['/agent/structure', '/agent/instruments', '/agent/passages',
		'/agent/instruments/papier/huit_gestes?langue=ar', '/agent/instruments/telephone/huit_gestes',
		'/agent/instruments/saisie/huit_gestes', '/agent/instruments/hors-ligne/huit_gestes',
		'/agent/instruments/retour'],
		['/agent/structure', '/agent/instruments', '/agent/passages', '/agent/instruments/saisie/huit_gestes']]];

/* Pages of an admin, a referent and somebody who works in two structures. */
export async function check_agents(browser, base, printed) {
	const links = links_of(printed), looked = [], states = {};

	for (const [role, start, only] of walks) {
		if (!check(`the demonstration lets in as ${role}`, links[role], Object.keys(links)))
			continue;
		const state = states[role] = await come_in(browser, links[role].link);
		const found = await crawl(base, [], 40, { starts: [start].flat(), only, cookie: cookie_of(state), each: 1 });
		found.pages = found.pages.filter(p => !p.attached && !p.url.pathname.endsWith('.csv'));
		check(`the pages of ${role} can be walked`, found.pages.length >= 1, found.pages.length);
		looked.push(...await check_pages(browser, found, state));
		if (role === 'referent')
			await check_invitation(browser, base, state);
	}
	await check_instruments(browser, base, states);
	if (check('the demonstration lets in an aidant', links.aidant, Object.keys(links)))
		looked.push(...await check_login(browser, base, links.aidant));
	return looked;
}
