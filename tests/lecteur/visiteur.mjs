/* A visitor without a browser: fetches, keeps cookies, fills and sends forms as HTML says. */
import { createRequire } from 'node:module';
import { totp, password } from '../browser/agents.mjs';

const { JSDOM } = createRequire(import.meta.url)('jsdom');

export class Visitor {
	constructor(base, lang = 'fr') {
		Object.assign(this, { base, lang, cookies: new Map(), pages: [] });
	}

	async open(url, options = {}) {
		for (let hops = 0; hops < 6; hops++) {
			const cookie = [...this.cookies].map(c => c.join('=')).join('; ');
			const got = await fetch(url, { redirect: 'manual', ...options, headers: {
				'Accept-Language': this.lang, ...cookie && { Cookie: cookie }, ...options.headers } });
			for (const line of got.headers.getSetCookie()) {
				const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
				value && !/max-age=0/i.test(line) ? this.cookies.set(name, value) : this.cookies.delete(name);
			}
			if (got.status < 300 || got.status > 399) {
				this.html = await got.text();
				this.url = new URL(got.url);
				this.dom = new JSDOM(this.html, { url: got.url, pretendToBeVisual: true });
				return;
			}
			url = new URL(got.headers.get('location'), url).href;
			options = {};
		}
		throw new Error(`${url} never ends`);
	}

	go(path) { return this.open(this.base + path); }
	one(selector) {
		const n = this.dom.window.document.querySelector(selector);
		if (!n)
			throw new Error(`${this.url.pathname} has no ${selector}`);
		return n;
	}
	follow(selector) { return this.open(this.one(selector).href); }
	path() { return this.url.pathname; }
	text() { return this.one('main').textContent; }
	names() {
		return [...new Set([...this.dom.window.document.querySelectorAll('main form [name]')].map(n => n.name))];
	}

	fill(values) {
		for (const [name, wanted] of Object.entries(values)) {
			const list = [wanted].flat();
			const found = [...this.dom.window.document.querySelectorAll('main form [name]')].filter(n => n.name === name);
			if (!found.length)
				throw new Error(`${this.url.pathname} has no field ${name}`);
			for (const n of found)
				if (n.type === 'radio' || n.type === 'checkbox')
					n.checked = list.includes(n.value);
				else
					n.value = wanted;
		}
	}

	press(selector) {
		const button = this.one(selector), form = button.form, data = new URLSearchParams();
		for (const n of form.elements) {
			if (!n.name || n.disabled || (n.tagName === 'BUTTON' && n !== button)
				|| (/radio|checkbox/.test(n.type) && !n.checked))
				continue;
			data.append(n.name, n.value);
		}
		const action = new URL(button.getAttribute('formaction') || form.getAttribute('action') || '', this.url);
		if (form.method !== 'post') {
			action.search = data;
			return this.open(action.href);
		}
		return this.open(action.href, { method: 'POST', body: data });
	}

	/* The reader comes later: the page as it is now is enough. */
	seen(label) { this.pages.push({ label, dom: new JSDOM(this.html, { url: this.url.href, pretendToBeVisual: true }) }); }

	/* By an agent's first link, with a second factor. */
	async come_in(link) {
		await this.open(link);
		if (this.names().includes('maniere'))
			this.fill({ maniere: 'mot-de-passe' });
		this.fill({ mot_de_passe: password });
		await this.press('main form .btn');
		await this.go('/agent/facteurs/application');
		this.fill({ code_secret: totp(this.one('main code').textContent.replace(/\s/g, '')) });
		await this.press('main form .btn');
		await this.go('/agent');
	}
}
