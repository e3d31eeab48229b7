/* Agents of the demonstration: they come in by the links that it prints, as people do. */
import { createHmac } from 'node:crypto';
import { visitor } from './browser.mjs';

const password = 'girouette panier cactus neige';

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
	if (await page.locator('input[name=maniere]').count())
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
	return state;
}
