/* Finds the pages: from / and the site plan, through every link of ours. */
const per_kind = 2;     /* how many pages of one kind (/lieux/{id}?avec) are enough */
const per_path = 5;     /* and of one path, whatever was asked */

/* Addresses that act instead of showing. */
const acts = new Set(['/langue', '/quitter']);

/* "/lieux/0198a..." is a page of the kind "/lieux/*?commune": ids and values left out. */
export function kind_of(url) {
	const parts = url.pathname.split('/').map((p, i) => i > 1 && /\d/.test(p) ? '*' : p);
	return parts.join('/') + '?' + [...url.searchParams.keys()].sort().join('&');
}

async function fetch_page(url, cookie) {
	const headers = { 'Accept-Language': 'fr', ...cookie && { Cookie: cookie } };
	const answer = await fetch(url, { headers, redirect: 'manual' });
	return { status: answer.status, type: answer.headers.get('content-type') || '',
		location: answer.headers.get('location'), attached: answer.headers.has('content-disposition'), text: await answer.text(),
		csp: answer.headers.get('content-security-policy') || '' };
}

function links_in(html) {
	const found = [];
	for (const m of html.matchAll(/\b(?:href|src|xlink:href)="([^"]*)"/g))
		found.push(m[1].replace(/&amp;/g, '&').replace(/&#39;/g, "'"));
	return found;
}

/*
 * Every address of ours that a page links to: { url, status, type, text, from }.  Fragments
 * are kept apart in `anchors`: { url, id, from }.  At most `max` addresses.
 */
export async function crawl(base, extra, max = 140, { starts = ['/', '/plan-du-site'], only = '', cookie, each = per_kind } = {}) {
	const origin = new URL(base).origin;
	const seen = new Map(), anchors = [], kinds = new Map();
	const queue = [...starts, ...extra].map(p => ({ url: new URL(p, base), from: 'start' }));

	while (queue.length && seen.size < max) {
		const { url, from } = queue.shift();
		const key = url.pathname + url.search;
		const kind = kind_of(url);
		if (seen.has(key) || acts.has(url.pathname))
			continue;
		const path = kind.split('?')[0];
		if (from !== 'start' && ((kinds.get(kind) || 0) >= each || (kinds.get(path) || 0) >= (each === per_kind ? per_path : each)))
			continue;
		kinds.set(kind, (kinds.get(kind) || 0) + 1);
		if (kind !== path)
			kinds.set(path, (kinds.get(path) || 0) + 1);
		const page = await fetch_page(url, cookie);
		seen.set(key, { url, from, kind, ...page });
		if (page.location && page.status < 400)
			queue.push({ url: new URL(page.location, url), from: key });
		if (page.attached || !page.type.startsWith('text/html'))
			continue;
		for (const link of links_in(page.text)) {
			if (/^(tel|mailto|geo|data):/.test(link))
				continue;
			const to = new URL(link, url);
			if (to.origin !== origin || ![only].flat().some(o => to.pathname.startsWith(o)))
				continue;
			if (to.hash)
				anchors.push({ to: to.pathname + to.search, id: decodeURIComponent(to.hash.slice(1)), from: key });
			to.hash = '';
			queue.push({ url: to, from: key });
		}
	}
	return { pages: [...seen.values()], anchors };
}

/* These pages alone, without following their links. */
export async function visit(base, paths) {
	const pages = [];

	for (const path of paths) {
		const url = new URL(path, base);
		pages.push({ url, from: 'start', kind: kind_of(url), ...await fetch_page(url) });
	}
	return { pages, anchors: [] };
}
