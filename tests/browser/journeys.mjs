/* What people do, from the first page to the sheet in their hand. */
import { check, visitor } from './browser.mjs';
import * as look from './look.mjs';
import { valid_html } from './pages.mjs';

const town = 'Bondy';

/* Tab until the element that fits has the keyboard; null when it never comes. */
async function tab_to(page, fits, arg, most = 120) {
	for (let i = 0; i < most; i++) {
		await page.keyboard.press('Tab');
		const found = await page.evaluate(([f, a]) => {
			const n = document.activeElement;
			return n && n !== document.body && new Function('n', 'a', f)(n, a);
		}, [fits, arg]);
		if (found)
			return true;
	}
	return false;
}

const press_enter = page => Promise.all([page.waitForLoadState(), page.waitForNavigation().catch(() => null), page.keyboard.press('Enter')]);

/* Answers one question page with the keyboard: first choice of each group, the town where
 * it is asked, then the main button.  Returns false when there is no form. */
async function answer(page) {
	const names = await page.evaluate(() => {
		const form = [...document.querySelectorAll('main form')].find(f => f.querySelector('input[type=radio], input[type=text], select'));
		if (!form)
			return null;
		form.setAttribute('data-asked', '');
		return [...new Set([...form.querySelectorAll('input:not([type=hidden]), select')].map(n => n.name))];
	});
	if (!names) {                   /* a page that only says what follows: its button leads on */
		if (!await tab_to(page, 'return n.matches("main a.btn")'))
			return false;
		await press_enter(page);
		return true;
	}
	for (const name of names) {
		if (!await tab_to(page, 'return n.name === a', name))
			continue;
		const type = await page.evaluate(() => document.activeElement.type);
		if (type === 'radio' || type === 'checkbox') {
			if (!await page.evaluate(() => document.activeElement.checked))
				await page.keyboard.press('Space');
		} else if (type === 'text' && !await page.evaluate(() => document.activeElement.value)) {
			await page.keyboard.type(/commune|lieu|ou/.test(name) ? town : '');
		}
	}
	if (!await tab_to(page, 'return n.matches("[data-asked] button") && !n.hasAttribute("formaction")'))
		return false;
	await press_enter(page);
	return true;
}

async function look_at(page, sentence) {
	let trouble = await look.sideways(page);
	check(`${sentence}: fits`, !trouble, trouble);
	trouble = await look.axe_refusals(page);
	check(`${sentence}: pleases axe`, !trouble, trouble);
	const facts = await look.outline(page);
	check(`${sentence}: one h1`, facts.h1.length === 1, facts.h1);
	valid_html(`${sentence}: valid HTML`, await page.evaluate(() => `<!doctype html>${document.documentElement.outerHTML}`));
}

/* Is this the page that follows the point: places, and a way to the sheet? */
const leads_to_sheet = page => page.evaluate(() => !!document.querySelector('.places')
	&& [...document.querySelectorAll('main a, main button')].some(n => /imprimer|fiche/i.test(n.textContent)));

/*
 * From the first page, with the keyboard alone, until a sheet is there or nothing leads on.
 * Calls `question` on each new page and `result` on the page before the sheet; returns how
 * many pages were walked.
 */
export async function walk_to_sheet(page, base, question, result) {
	const seen = new Set();
	let step = 0;

	await page.goto(base + '/');
	if (!await tab_to(page, 'return n.getAttribute("href") === a', '/reperage'))
		return 0;
	await press_enter(page);
	for (; step < 14 && !await page.locator('article.sheet').count(); step++) {
		const at = page.url() + await page.title();
		const last = await leads_to_sheet(page);
		if (!seen.has(at))
			await (last ? result : question)?.(page, step + 1);
		seen.add(at);
		if (last) {
			await tab_to(page, 'return n.matches("main a, main button") && /imprimer|fiche/i.test(n.textContent)', null);
			await press_enter(page);
		} else if (!await answer(page)) {
			if (seen.size > 2 || !await tab_to(page, 'return n.matches("main a.btn")', null))
				break;
			await press_enter(page);        /* "Commencer" */
		}
	}
	return step;
}

/* "From the first page to a sheet for Bondy", with the keyboard alone. */
async function to_the_sheet(browser, base, how) {
	const name = `${how.js === false ? 'without' : 'with'} JavaScript at ${how.width} px`;
	const context = await visitor(browser, how);
	const page = await context.newPage();
	const looks = how.js === false ? null
		: (p, n) => look_at(p, `${name}: page ${n} (${new URL(p.url()).pathname})`);
	const step = await walk_to_sheet(page, base, looks, looks);
	const sheet = await page.locator('article.sheet').count();

	check(`${name}: the keyboard alone leads to a sheet`, sheet === 1, `${page.url()} after ${step} pages`);
	if (sheet)
		await check_sheet(page, name, how.js !== false);
	await check_erasure(context, page, base, name);
	await context.close();
}

/* The sheet on paper: one page, the town, a number, no menu, the lines to write on. */
async function check_sheet(page, name, looks) {
	const text = await page.locator('article.sheet').innerText();
	const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
	const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;

	check(`${name}: the sheet is one page of paper`, pages === 1, pages);
	for (const word of ['Demander', 'Rendez-vous', 'apporter'])
		check(`${name}: the sheet has a line for "${word}"`, text.includes(word), text);
	check(`${name}: the sheet has a telephone number`, /\d\d \d\d \d\d \d\d \d\d/.test(text.replace(/[\u00a0\u202f.]/g, ' ')), text);
	check(`${name}: the sheet has a QR code`, await page.locator('article.sheet .qr svg').count() === 1);
	await page.emulateMedia({ media: 'print' });
	check(`${name}: paper has no menu`, !await page.locator('header.top').isVisible());
	await page.emulateMedia({ media: null });
	if (looks)
		await look_at(page, `${name}: the sheet`);
}

/* "J'ai fini, tout effacer" leaves no cookie, and the answers do not come back. */
async function check_erasure(context, page, base, name) {
	const button = page.locator('form[action="/effacer"] button');

	if (!check(`${name}: "J'ai fini, tout effacer" is on the page`, await button.count() === 1, page.url()))
		return;
	await button.click();
	await page.waitForLoadState();
	check(`${name}: it is said that all is erased`, /effac/i.test(await page.locator('h1').innerText()), page.url());
	check(`${name}: no cookie is left`, !(await context.cookies(base)).length, JSON.stringify(await context.cookies(base)));
}

async function search_from_home(browser, base, how) {
	const name = `search ${how.js === false ? 'without' : 'with'} JavaScript at ${how.width} px`;
	const context = await visitor(browser, how);
	const page = await context.newPage();

	await page.goto(base + '/');
	await page.fill('input[name=commune]', town);
	await page.locator('form.search button').click();
	await page.waitForLoadState();
	const places = await page.locator('.places .place').count();
	check(`${name}: places near ${town}`, places >= 3, `${places} at ${page.url()}`);
	check(`${name}: the first says how far and gives a number`, places && /\d\s*(m|km)\b/.test(await page.locator('.place').first().innerText())
		&& await page.locator('.place').first().locator('a[href^="tel:"]').count());
	if (places) {
		await page.locator('.place a').first().click();
		await page.waitForLoadState();
		check(`${name}: the first place has its page`, /^\/lieux\/./.test(new URL(page.url()).pathname), page.url());
	}
	await context.close();
}

/* Wrong or hostile input gets a sentence, the words typed, a way on; never a broken page. */
async function mistakes(browser, base) {
	const context = await visitor(browser, { width: 320, height: 640 });
	const page = await context.newPage();

	await page.goto(base + '/lieux?commune=Zzyzx');
	check('an unknown commune: "Erreur" opens the title', /^Erreur/.test(await page.title()), await page.title());
	check('an unknown commune: the summary leads to the field', await page.evaluate(() => {
		const link = document.querySelector('.errors a[href^="#"]');
		return !!link && !!document.getElementById(link.getAttribute('href').slice(1));
	}));
	check('an unknown commune: what was typed is still there', await page.evaluate(() =>
		document.querySelector('input[name=commune]')?.value === 'Zzyzx'));
	check('an unknown commune: the field and the summary say the same', await page.evaluate(() => {
		const said = document.querySelector('.errors a')?.textContent.trim();
		return !!said && [...document.querySelectorAll('.msg')].some(n => n.textContent.trim() === said);
	}));
	await look_at(page, 'an unknown commune');
	const answer = await page.goto(base + '/cette-page-n-existe-pas');
	check('an unknown address: 404', answer.status() === 404, answer.status());
	check('an unknown address: a way back', await page.locator('main a[href="/"]').count() >= 1);
	await look_at(page, 'an unknown address');
	await context.close();
}

async function other_language(browser, base) {
	const context = await visitor(browser, { js: false });
	const page = await context.newPage();

	await page.goto(base + '/aide');
	await page.locator('.langs summary').click();
	await page.locator('.langs a[lang=en]').click();
	await page.waitForLoadState();
	check('English: the same page', new URL(page.url()).pathname === '/aide', page.url());
	check('English: the page says so', await page.locator('html').getAttribute('lang') === 'en');
	check('English: the words are English', !/Comment|lieu|marche/.test(await page.locator('main').innerText()), (await page.locator('main').innerText()).slice(0, 200));
	await page.goto(base + '/');
	check('English: it stays from page to page', await page.locator('html').getAttribute('lang') === 'en');
	await context.close();
}

export async function check_journeys(browser, base) {
	for (const js of [true, false])
		for (const width of [320, 1280]) {
			await to_the_sheet(browser, base, { js, width, height: width === 320 ? 640 : 900 });
			await search_from_home(browser, base, { js, width });
		}
	await mistakes(browser, base);
	await other_language(browser, base);
}
