/* What is measured inside a page, in the browser. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'RGAAv4', 'best-practice'];

/* What axe-core refuses: "rule: element", one a line; empty when all is well. */
export async function axe_refusals(page) {
	if (!await page.evaluate(() => !!window.axe))
		await page.evaluate(axe);
	const result = await page.evaluate(t => window.axe.run(document, { runOnly: t, resultTypes: ['violations'] }), tags);
	return result.violations.flatMap(v =>
		v.nodes.slice(0, 3).map(n => `${v.id}: ${n.html.slice(0, 160)} (${n.failureSummary.split('\n')[1]?.trim()})`)).join('\n');
}

/* How far the page goes past its window, and what does; "" when it fits. */
export function sideways(page) {
	return page.evaluate(() => {
		const room = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= room)
			return '';
		const out = [...document.body.querySelectorAll('*')].filter(n => {
			const box = n.getBoundingClientRect();
			return (box.right > room + 1 || box.left < -1) && box.width && !n.closest('.scroll, pre, .skip, .vh, svg');
		}).slice(0, 3).map(n => `${n.tagName}.${n.getAttribute('class') || ''} ${Math.round(n.getBoundingClientRect().right)}`);
		return `${document.documentElement.scrollWidth} > ${room} ${out.join(', ')}`;
	});
}

/* Text cut by its own box (overflow hidden), as text spacing or zoom would do. */
export function cut_text(page) {
	return page.evaluate(() => [...document.querySelectorAll('main *, header *, footer *')]
		.filter(n => !n.closest('svg, .vh, .skip') && !n.matches('progress, input')     /* an input goes along with its caret */
			&& ['hidden', 'clip'].includes(getComputedStyle(n).overflowX)
			&& (n.scrollWidth > n.clientWidth + 1 || n.scrollHeight > n.clientHeight + 1))
		.slice(0, 3).map(n => `${n.tagName}.${n.getAttribute('class') || ''}`).join(', '));
}

/* Things to press or fill that are lower than 44 px (links inside a sentence excepted). */
export function small_targets(page) {
	return page.evaluate(() => [...document.querySelectorAll(
		'button, .btn, select, summary, nav a, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), .choice label')]
		.filter(n => n.offsetParent && !n.closest('.foot') && n.getBoundingClientRect().height < 43.5)
		.slice(0, 4).map(n => `${n.tagName} "${(n.textContent || n.name).trim().slice(0, 30)}" ${n.getBoundingClientRect().height}`).join(', '));
}

/* The facts of the document's head and headings. */
export function outline(page) {
	return page.evaluate(() => ({
		title: document.title, lang: document.documentElement.lang, dir: document.documentElement.dir,
		h1: [...document.querySelectorAll('h1')].map(n => n.textContent.trim()),
		main: document.querySelectorAll('main').length,
		inline: document.querySelectorAll('style, [style], script:not([src])').length,
		handlers: [...document.querySelectorAll('*')].some(n => [...n.attributes].some(a => /^on/.test(a.name))),
		ids: [...document.querySelectorAll('[id]')].map(n => n.id),
		foreign: [...document.querySelectorAll('a[hreflang]:not([href^="http"])')].filter(n => !n.lang).length,
	}));
}

/* Is the element that has the keyboard in sight and marked?  "" when it is, null when none has it. */
export function focus_trouble(page) {
	return page.evaluate(() => {
		const n = document.activeElement;
		if (!n || n === document.body)
			return null;
		if (n.matches('[tabindex="-1"]'))
			return '';
		const name = `${n.tagName} "${(n.textContent || n.name || '').trim().slice(0, 40)}"`;
		const box = n.getBoundingClientRect();
		if (!box.width || box.bottom < 0 || box.top > innerHeight || box.right < 0 || box.left > innerWidth)
			return `${name} has the keyboard out of sight`;
		/* a radio shows it on its label, a door on its card */
		const shown = [n, n.nextElementSibling, n.closest('.door')].filter(Boolean).some(e => {
			const s = getComputedStyle(e);
			return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || /rgb\(255, 198, 64\)/.test(s.boxShadow);
		});
		return shown ? '' : `${name} does not show that it has the keyboard`;
	});
}

export const text_spacing = `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }`;
