/* Chromium, and the counting of what passed: shared by the gate and the captures. */
import { chromium } from 'playwright-core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
	'--disable-background-networking', '--disable-component-update', '--disable-sync'];

/* A browser on an empty profile; `close` also removes the profile. */
export async function open_browser() {
	const profile = mkdtempSync(join(tmpdir(), 'tremplin-browser-'));
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
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
