/* The pages of outside identities, looked at as the browser gate looks at all of them.
 * Usage: node look.mjs SITE STATES: [{"cookies": {...}, "paths": [...]}, ...] */
import { open_browser, totals } from '../../browser/browser.mjs';
import { crawl } from '../../browser/crawl.mjs';
import { check_html, check_pages } from '../../browser/pages.mjs';

const [site, states] = process.argv.slice(2);
const { browser, close } = await open_browser();
try {
	for (const { cookies, paths } of JSON.parse(states)) {
		const cookie = Object.entries(cookies).map(([name, value]) => `${name}=${value}`).join('; ');
		const state = { cookies: Object.entries(cookies).map(([name, value]) => ({ name, value, domain: '127.0.0.1', path: '/',
			expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' })), origins: [] };
		const found = await crawl(site, [], 40, { starts: paths, only: '/-', cookie, each: 1 });
		await check_pages(browser, found, state);
	}
	check_html();
} finally {
	await close();
}
process.exitCode = totals();
