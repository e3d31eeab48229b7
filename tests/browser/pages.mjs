/* Every page, looked at one by one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { check, progress, visitor } from './browser.mjs';
import * as look from './look.mjs';

const require = createRequire(import.meta.url);
const budget = { page: 20 * 1024, map: 40 * 1024, css: 8 * 1024, js: 6 * 1024 };

/* What the Nu checker refuses in these texts: one array of words per text. */
export function nu_refusals(texts) {
	const dir = mkdtempSync(join(tmpdir(), 'tremplin-html-'));
	const jar = join(dirname(require.resolve('vnu-jar/package.json')), 'build/dist/vnu.jar');
	const files = texts.map((text, i) => {
		writeFileSync(join(dir, `${i}.html`), text);
		return join(dir, `${i}.html`);
	});
	const ran = spawnSync('java', ['-Xss1m', '-jar', jar, '--errors-only', '--stdout',
		'--exit-zero-always', '--format', 'json', ...files], { encoding: 'utf8', maxBuffer: 1 << 26 });
	const out = texts.map(() => []);

	rmSync(dir, { recursive: true, force: true });
	if (!ran.stdout)
		throw new Error(`the Nu checker does not run: ${ran.error || ran.stderr}`);
	for (const m of JSON.parse(ran.stdout).messages) {
		const i = Number(/(\d+)\.html$/.exec(m.url || '')?.[1] ?? 0);
		out[i].push(`${m.message} ${m.extract || ''}`);
	}
	return out;
}

/* Opens a page and listens: bytes on the wire, other hosts, console. */
async function open_listening(context, url) {
	const page = await context.newPage();
	const wire = await context.newCDPSession(page);
	const seen = { page, bytes: 0, others: [], errors: [] };

	await wire.send('Network.enable');
	wire.on('Network.loadingFinished', e => { seen.bytes += e.encodedDataLength; });
	page.on('request', r => {
		if (!r.url().startsWith('data:') && new URL(r.url()).origin !== url.origin)
			seen.others.push(r.url());
	});
	page.on('console', m => { if (m.type() === 'error') seen.errors.push(m.text()); });
	page.on('pageerror', e => seen.errors.push(e.message));
	await page.goto(url.href);
	return seen;
}

async function check_wide(browser, p, state) {
	const context = await visitor(browser, { state });
	const seen = await open_listening(context, p.url);
	const { page } = seen;
	const where = p.url.pathname + p.url.search;
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
	let refused = await look.axe_refusals(page);
	check(`${where} pleases axe at 1280 px`, !refused, refused);
	let trouble = await look.sideways(page);
	check(`${where} fits 1280 px`, !trouble, trouble);
	await page.addStyleTag({ content: look.text_spacing });
	trouble = await look.sideways(page) || await look.cut_text(page);
	check(`${where} bears wide text spacing`, !trouble, trouble);
	await context.close();
	return { ...p, facts, bytes: seen.bytes };
}

async function check_narrow(browser, p, state) {
	const where = p.url.pathname + p.url.search;
	const context = await visitor(browser, { width: 320, height: 640, dark: true, state });
	const page = await context.newPage();

	await page.goto(p.url.href);
	let trouble = await look.sideways(page);
	check(`${where} fits 320 px`, !trouble, trouble);
	trouble = await look.axe_refusals(page);
	check(`${where} pleases axe at 320 px in the dark`, !trouble, trouble);
	trouble = await look.small_targets(page);
	check(`${where} has nothing to press under 44 px`, !trouble, trouble);
	await context.close();
}

/* 200 %: half the width, twice the pixels; and text alone twice as big. */
async function check_zoom(browser, p, state) {
	const where = p.url.pathname + p.url.search;
	const context = await visitor(browser, { width: 640, height: 450, scale: 2, state });
	const page = await context.newPage();

	await page.goto(p.url.href);
	let trouble = await look.sideways(page);
	check(`${where} fits at 200 %`, !trouble, trouble);
	await page.addStyleTag({ content: 'html { font-size: 212% !important }' });
	trouble = await look.cut_text(page);
	check(`${where} cuts no text when it doubles`, !trouble, trouble);
	await context.close();
}

/* Walks with the Tab key: the keyboard is always seen, goes everywhere, comes to the end. */
async function check_keyboard(browser, p, state) {
	const where = p.url.pathname + p.url.search;
	const context = await visitor(browser, { width: 1280, height: 900, state });
	const page = await context.newPage();
	const troubles = new Set();
	let steps = 0;

	await page.goto(p.url.href);
	const stops = await page.evaluate(() => [...document.querySelectorAll('a[href], button, select, textarea, summary, [tabindex="0"], input:not([type=hidden])')]
		.filter(n => n.getClientRects().length).length);
	for (; steps < stops + 8; steps++) {
		await page.keyboard.press('Tab');
		if (await page.evaluate(() => document.activeElement === document.body))
			break;
		if (steps < 60) {
			const trouble = await look.focus_trouble(page);
			if (trouble)
				troubles.add(trouble);
		}
	}
	check(`${where} shows where the keyboard is`, !troubles.size, [...troubles].slice(0, 3).join(' / '));
	check(`${where} lets the keyboard go on to its end`, steps < stops + 8, steps);
	await context.close();
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
	nu_refusals(html.map(p => p.text)).forEach((words, i) =>
		check(`${html[i].url.pathname}${html[i].url.search} is valid HTML`, !words.length, words.slice(0, 3).join('\n')));
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
	const looked = [], kinds = new Map();

	for (const p of html) {
		progress(`${looked.length + 1}/${html.length} ${p.url.pathname}`);
		const path = p.kind.split('?')[0];      /* one walk with the keyboard for each */
		const nth = (kinds.get(path) || 0) + 1;
		kinds.set(path, nth);
		looked.push(await check_wide(browser, p, state));
		await check_narrow(browser, p, state);
		if (nth > 1)
			continue;
		await check_zoom(browser, p, state);
		await check_keyboard(browser, p, state);
	}
	check_together(pages, anchors, looked);
	await check_files(pages);
	return looked;
}
