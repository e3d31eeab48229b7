/* Every page, looked at one by one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { check, each_at_once, progress, visitor } from './browser.mjs';
import * as look from './look.mjs';

const require = createRequire(import.meta.url);
const budget = { page: 20 * 1024, map: 40 * 1024, css: 8 * 1024, js: 6 * 1024 };

const to_validate = [];         /* { sentence, text }: the checker is long to start, it reads all at once */

export function valid_html(sentence, text) {
	to_validate.push({ sentence, text });
}

/* What the Nu checker says of all the texts given to valid_html(). */
export function check_html() {
	const dir = mkdtempSync(join(tmpdir(), 'tremplin-html-'));
	const jar = join(dirname(require.resolve('vnu-jar/package.json')), 'build/dist/vnu.jar');
	const files = to_validate.map(({ text }, i) => {
		writeFileSync(join(dir, `${i}.html`), text);
		return join(dir, `${i}.html`);
	});
	const ran = spawnSync('java', ['-Xss1m', '-jar', jar, '--errors-only', '--stdout',
		'--exit-zero-always', '--format', 'json', ...files], { encoding: 'utf8', maxBuffer: 1 << 26 });
	const refusals = to_validate.map(() => []);

	rmSync(dir, { recursive: true, force: true });
	if (!ran.stdout)
		throw new Error(`the Nu checker does not run: ${ran.error || ran.stderr}`);
	for (const m of JSON.parse(ran.stdout).messages) {
		const i = Number(/(\d+)\.html$/.exec(m.url || '')?.[1] ?? 0);
		refusals[i].push(`${m.message} ${m.extract || ''}`);
	}
	to_validate.splice(0).forEach(({ sentence }, i) =>
		check(sentence, !refusals[i].length, refusals[i].slice(0, 3).join('\n')));
}

/* Opens a page as for the first time, and listens: bytes on the wire, other hosts, console. */
async function open_listening(context, url) {
	const page = await context.newPage();
	const wire = await context.newCDPSession(page);
	const seen = { page, bytes: 0, others: [], errors: [] };
	const asked = new Map(), weights = new Map();

	await wire.send('Network.enable');
	await wire.send('Network.setCacheDisabled', { cacheDisabled: true });   /* visitors share it */
	wire.on('Network.requestWillBeSent', e => asked.set(e.requestId, e.request.url));
	wire.on('Network.loadingFinished', e => weights.set(asked.get(e.requestId), e.encodedDataLength));
	page.on('request', r => {
		if (!r.url().startsWith('data:') && new URL(r.url()).origin !== url.origin)
			seen.others.push(r.url());
	});
	page.on('console', m => { if (m.type() === 'error') seen.errors.push(m.text()); });
	page.on('pageerror', e => seen.errors.push(e.message));
	await page.goto(url.href);
	/* the icon, which a browser with windows asks for when it likes, and one without never */
	const icon = await page.evaluate(() => {
		const link = document.querySelector('link[rel=icon]');
		return link && fetch(link.href).then(() => link.href);
	});
	for (let i = 0; icon && !weights.has(icon) && i < 100; i++)
		await new Promise(r => setTimeout(r, 20));
	await wire.send('Network.setCacheDisabled', { cacheDisabled: false });
	seen.bytes = [...weights.values()].reduce((a, b) => a + b, 0);
	return seen;
}

/* As most people see it, for the first time: nothing of ours is in the browser's cache. */
async function check_wide(seen, p, where) {
	const { page } = seen;
	const is_map = await page.evaluate(() => !!document.querySelector('.map svg'));
	const facts = await look.outline(page);

	check(`${where} stays in its weight`, seen.bytes <= (is_map ? budget.map : budget.page), `${seen.bytes} bytes`);
	check(`${where} asks nothing of another host`, !seen.others.length, seen.others);
	check(`${where} writes no error in the console`, p.status >= 400 || !seen.errors.length, seen.errors.join(' / '));
	check(`${where} has one h1 and one main`, facts.h1.length === 1 && facts.main === 1, facts.h1);
	check(`${where} says its language`, /^[a-z]{2}(-|@|$)/.test(facts.lang) && facts.dir, facts.lang);
	check(`${where} names the language of its foreign links`, !facts.foreign, facts.foreign);
	check(`${where} has no inline script, style or handler`, !facts.inline && !facts.handlers, facts.inline);
	check(`${where} has no id twice`, new Set(facts.ids).size === facts.ids.length, facts.ids);
	const refused = await look.axe_refusals(page);
	check(`${where} pleases axe at 1280 px`, !refused, refused);
	let trouble = await look.sideways(page);
	check(`${where} fits 1280 px`, !trouble, trouble);
	trouble = await with_style(page, look.text_spacing,
		async () => await look.sideways(page) || await look.cut_text(page));
	check(`${where} bears wide text spacing`, !trouble, trouble);
	return facts;
}

/* What `measure` finds while the page has these rules too. */
async function with_style(page, content, measure) {
	const rules = await page.addStyleTag({ content });
	const found = await measure();

	await rules.evaluate(n => n.remove());
	return found;
}

async function check_narrow(page, where) {
	await page.setViewportSize({ width: 320, height: 640 });
	await page.emulateMedia({ colorScheme: 'dark' });
	let trouble = await look.sideways(page);
	check(`${where} fits 320 px`, !trouble, trouble);
	trouble = await look.axe_refusals(page);
	check(`${where} pleases axe at 320 px in the dark`, !trouble, trouble);
	trouble = await look.small_targets(page);
	check(`${where} has nothing to press under 44 px`, !trouble, trouble);
	await page.emulateMedia({ colorScheme: 'light' });
}

/* 200 %: half the width; and text alone twice as big. */
async function check_zoom(page, where) {
	await page.setViewportSize({ width: 640, height: 450 });
	let trouble = await look.sideways(page);
	check(`${where} fits at 200 %`, !trouble, trouble);
	trouble = await with_style(page, 'html { font-size: 212% !important }', () => look.cut_text(page));
	check(`${where} cuts no text when it doubles`, !trouble, trouble);
}

/* Walks with the Tab key: the keyboard is always seen, goes everywhere, comes to the end. */
async function check_keyboard(page, where) {
	const troubles = new Set();
	let steps = 0;

	await page.setViewportSize({ width: 1280, height: 900 });
	await page.reload();            /* as it opens: at its top, nothing touched */
	const stops = await page.evaluate(() => [...document.querySelectorAll('a[href], button, select, textarea, summary, [tabindex="0"], input:not([type=hidden])')]
		.filter(n => n.getClientRects().length).length);
	for (; steps < stops + 8; steps++) {
		await page.keyboard.press('Tab');
		const trouble = await look.focus_trouble(page);
		if (trouble === null)
			break;
		if (trouble && steps < 60)
			troubles.add(trouble);
	}
	check(`${where} shows where the keyboard is`, !troubles.size, [...troubles].slice(0, 3).join(' / '));
	check(`${where} lets the keyboard go on to its end`, steps < stops + 8, steps);
}

/* One page, opened once: its window changes, and the rest of its visitor's machine. */
async function check_page(browser, p, state, first_of_kind) {
	const where = p.url.pathname + p.url.search;
	const context = await visitor(browser, { state });
	const seen = await open_listening(context, p.url);
	const { bytes } = seen;
	const facts = await check_wide(seen, p, where);

	await check_narrow(seen.page, where);
	if (first_of_kind) {
		await check_zoom(seen.page, where);
		await check_keyboard(seen.page, where);
	}
	await context.close();
	return { ...p, facts, bytes };
}

/* Facts that need all pages: links that answer, anchors, unique titles, valid HTML. */
function check_together(pages, anchors, looked) {
	for (const p of pages)
		check(`${p.url.pathname}${p.url.search} answers (linked from ${p.from})`,
			p.from === 'start' ? p.status < 500 : p.status < 400, p.status);
	const html = pages.filter(p => p.type.startsWith('text/html') && p.text);
	const by_path = new Map(html.map(p => [p.url.pathname + p.url.search, p]));
	for (const a of anchors)
		if (by_path.has(a.to))
			check(`${a.from} links to a place that is in the page: #${a.id}`, by_path.get(a.to).text.includes(`id="${a.id}"`));
	html.forEach(p => valid_html(`${p.url.pathname}${p.url.search} is valid HTML`, p.text));
	const titles = new Map();
	for (const p of looked.filter(l => l.status < 400)) {
		/* a page of agents sends who is not logged in to that one */
		if (p.facts.title.startsWith('Se connecter') && p.url.pathname !== '/agent/connexion')
			continue;
		const twin = titles.get(p.facts.title);
		check(`${p.url.pathname}${p.url.search} has a title of its own`, !twin || twin === p.url.pathname, `"${p.facts.title}" like ${twin}`);
		titles.set(p.facts.title, p.url.pathname);
	}
}

async function check_files(pages) {
	for (const p of pages) {
		const [, kind] = /\.(css|js)$/.exec(p.url.pathname) || [];
		if (kind)
			check(`${p.url.pathname} stays in its weight`, gzipSync(p.text, { level: 9 }).length <= budget[kind], gzipSync(p.text, { level: 9 }).length);
	}
}

export async function check_pages(browser, { pages, anchors }, state) {
	const html = pages.filter(p => p.type.startsWith('text/html') && p.text && p.status !== 303);
	const path_of = p => p.kind.split('?')[0];
	let begun = 0;
	const looked = await each_at_once(html, (p, i) => {
		progress(`${++begun}/${html.length} ${p.url.pathname}`);
		/* one walk with the keyboard for each kind of path */
		return check_page(browser, p, state, html.findIndex(q => path_of(q) === path_of(p)) === i);
	});

	check_together(pages, anchors, looked);
	await check_files(pages);
	return looked;
}
