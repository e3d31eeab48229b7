/* Chromium, and the counting of what passed: shared by the gate and the captures. */
import { chromium } from 'playwright-core';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
	'--disable-background-networking', '--disable-component-update', '--disable-sync'];

/* The same engine without windows is far quicker to open a page, where it is installed. */
const programs = [process.env.CHROMIUM, '/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/* A browser on an empty profile; `close` also removes the profile. */
export async function open_browser() {
	const profile = mkdtempSync(join(tmpdir(), 'tremplin-browser-'));
	const browser = await chromium.launch({
		executablePath: programs.find(p => p && existsSync(p)),
		args: [...flags, `--disk-cache-dir=${profile}`],
	});
	return { browser, close: async () => {
		await browser.close();
		rmSync(profile, { recursive: true, force: true });
	} };
}

/* A visitor: French, a size, and what their machine prefers or lacks. */
export function visitor(browser, { width = 1280, height = 900, js = true, dark = false,
	scale = 1, state } = {}) {
	return browser.newContext({
		storageState: state,
		locale: 'fr-FR', timezoneId: 'Europe/Paris', viewport: { width, height },
		javaScriptEnabled: js, colorScheme: dark ? 'dark' : 'light',
		deviceScaleFactor: scale, bypassCSP: js,
	});
}

let passed = 0;
const failures = [];

/* One fact about one page.  A refusal is printed at once, with what was seen. */
export function check(sentence, holds, seen = '') {
	if (holds) {
		passed++;
		return true;
	}
	failures.push(sentence);
	console.log(`FAIL ${sentence}${seen ? `: ${String(seen).slice(0, 600)}` : ''}`);
	return false;
}

/* Does `work` for each of them, as many at a time as there are processors; the results in order. */
export async function each_at_once(list, work) {
	const done = [];
	let next = 0;

	await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, async () => {
		while (next < list.length) {
			const i = next++;
			done[i] = await work(list[i], i);
		}
	}));
	return done;
}

/* Prints the totals; the exit code of the gate. */
export function totals() {
	console.log(`${passed} passed, ${failures.length} failed`);
	return failures.length ? 1 : 0;
}

/* Progress for a person at a terminal; silent in a log. */
export function progress(what) {
	if (process.stderr.isTTY)
		process.stderr.write(`\r\x1b[K${what}`);
}
