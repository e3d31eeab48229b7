/* The journeys of instruments in Chromium: no JavaScript, the keyboard alone, zoom at 200 %,
 * and again in Arabic at 320 px.  A mouse is never used. */
import { check, visitor } from './browser.mjs';
import { journeys } from './parcours.mjs';
import * as look from './look.mjs';
import { valid_html } from './pages.mjs';

const most = 400;               /* presses of Tab before we say that it never comes */

class Walker {
	constructor(page, base, name, arabic) {
		Object.assign(this, { page, base, name, arabic, troubles: new Set() });
	}

	go(path) { return this.page.goto(this.base + path); }
	path() { return new URL(this.page.url()).pathname; }
	text() { return this.page.locator('main').textContent(); }
	names() {
		return this.page.evaluate(() => [...new Set([...document.querySelectorAll('main form [name]')].map(n => n.name))]);
	}

	/* What has the keyboard now; notes where it is not seen, or jumps back in the page. */
	async where() {
		const trouble = await look.focus_trouble(this.page);
		if (trouble)
			this.troubles.add(`${this.path()}: ${trouble}`);
		return this.page.evaluate(() => {
			const n = document.activeElement, last = window.walked_last;
			const on_page = n && n !== document.body;
			const back = on_page && last?.isConnected && n !== last && last !== document.body
				&& !!(n.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING);
			window.walked_last = n;
			return { name: n?.name, value: n?.value, type: n?.type, checked: n?.checked, back, body: !on_page };
		});
	}

	/* Tab until what has the keyboard fits; round the page once at most. */
	async tab_to(fits, what) {
		let rounds = 0;
		for (let i = 0; i < most; i++) {
			const at = await this.where();
			if (!at.body && await fits(at))
				return at;
			await this.page.keyboard.press('Tab');
			rounds += at.body;
			if (at.back)
				this.troubles.add(`${this.path()}: the keyboard goes back at ${at.name}`);
			if (rounds > 2)
				break;
		}
		throw new Error(`${this.path()}: the keyboard never comes to ${what}`);
	}

	on(selector) {
		return this.page.evaluate(s => document.activeElement.matches(s) && document.activeElement === document.querySelector(s), selector);
	}

	async enter() {
		await Promise.all([this.page.waitForEvent('load'), this.page.keyboard.press('Enter')]);
	}

	async follow(selector) {
		await this.tab_to(() => this.on(selector), selector);
		await this.enter();
	}

	async press(selector) {
		await this.unfold(selector);
		await this.follow(selector);
	}

	/* What is inside a closed <details>: its summary is opened first. */
	async unfold(selector) {
		const closed = `details:not([open]):has(${selector.replace(/^main /, '')}) > summary`;
		if (!await this.page.evaluate(s => !!document.querySelector(s), closed))
			return;
		await this.tab_to(() => this.on(closed), closed);
		await this.page.keyboard.press('Enter');
	}

	async radio(name, value) {
		for (let i = 0; i < 30; i++) {
			const at = await this.where();
			if (at.value === value && at.checked)
				return;
			if (at.value === value)
				await this.page.keyboard.press('Space');
			else
				await this.page.keyboard.press('ArrowDown');
		}
		throw new Error(`${this.path()}: ${name} never becomes ${value}`);
	}

	async select(name, value) {
		for (const key of ['ArrowDown', 'ArrowUp'])
			for (let i = 0; i < 40; i++) {
				const at = await this.where();
				if (at.value === value)
					return;
				await this.page.keyboard.press(key);
			}
		throw new Error(`${this.path()}: ${name} never becomes ${value}`);
	}

	async fill(values) {
		const order = (await this.names()).filter(n => n in values);
		for (const name of order) {
			await this.unfold(`[name="${name}"]`);
			for (const value of [values[name]].flat()) {
				const at = await this.tab_to(a => a.name === name && (a.type !== 'checkbox' || a.value === value), name);
				if (at.type === 'radio')
					await this.radio(name, value);
				else if (at.type === 'checkbox')
					at.checked || await this.page.keyboard.press('Space');
				else if (at.type === 'select-one')
					await this.select(name, value);
				else {
					await this.page.keyboard.press('Control+A');
					await this.page.keyboard.type(value);
				}
			}
		}
	}

	async seen(label) {
		const where = `${this.name}, ${label}`;
		let trouble = await look.sideways(this.page);
		check(`${where}: fits`, !trouble, trouble);
		trouble = await look.small_targets(this.page);
		check(`${where}: nothing to press under 44 px`, !trouble, trouble);
		if (this.arabic) {
			const { lang, dir } = await look.outline(this.page);
			check(`${where}: is in Arabic, from right to left`, lang === 'ar' && dir === 'rtl', `${lang} ${dir}`);
		} else {
			trouble = await this.doubled(() => look.cut_text(this.page));
			check(`${where}: cuts no text when it doubles`, !trouble, trouble);
		}
		valid_html(`${where}: valid HTML`, await this.page.evaluate(() => `<!doctype html>${document.documentElement.outerHTML}`));
	}

	async doubled(measure) {
		const set = size => this.page.evaluate(s => s
			? document.documentElement.style.setProperty('font-size', s, 'important')
			: document.documentElement.removeAttribute('style'), size);
		await set('212%');
		const found = await measure();
		await set('');
		return found;
	}
}

async function walk(browser, base, j, state, arabic) {
	const name = `${j.name}${arabic ? ' in Arabic at 320 px' : ' at 200 %'}, keyboard, no JavaScript`;
	const context = await visitor(browser, arabic ? { width: 320, height: 640, js: false, state }
		: { width: 640, height: 450, scale: 2, js: false, state });
	const page = await context.newPage();
	const d = new Walker(page, base, name, arabic);
	let stopped = '';

	if (arabic)
		await page.goto(`${base}/langue?vers=ar&retour=/aide`);
	try {
		await j.walk(d);
	} catch (e) {
		stopped = e.stack;
	}
	check(`${name}: comes to its end`, !stopped, stopped);
	check(`${name}: the keyboard is always seen and goes forward`, !d.troubles.size, [...d.troubles].slice(0, 4).join(' / '));
	await context.close();
}

/* states: of agents that came in, by role. */
export async function check_instruments(browser, base, states) {
	for (const j of journeys) {
		const state = j.role ? states[j.role] : undefined;

		if (j.role && !check(`${j.name} has its ${j.role}`, state))
			continue;
		await walk(browser, base, j, state, false);
		if (j.arabic)
			await walk(browser, base, j, state, true);
	}
}
