/* Pictures of the main pages, for docs/captures.  Usage: node captures.mjs URL FOLDER */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open_browser, visitor } from './browser.mjs';
import { walk_to_sheet } from './journeys.mjs';

const [base, folder] = process.argv.slice(2);
if (!base || !folder) {
	console.error('usage: tests/browser/captures URL FOLDER   (of a running tremplin demo)');
	process.exit(2);
}

/* file, address, width, height, dark */
const wanted = [
	['accueil-1280', '/', 1280, 1150], ['accueil-1280-sombre', '/', 1280, 1150, true],
	['accueil-320', '/', 320, 1100],
	['lieux-1280', '/lieux?commune=Bondy', 1280, 1250], ['lieux-1280-sombre', '/lieux?commune=Bondy', 1280, 1250, true],
	['lieux-768', '/lieux?commune=Bondy', 768, 1150], ['lieux-320', '/lieux?commune=Bondy', 320, 1200],
	['question-768', '/reperage/question/blocage', 768, 1250], ['question-320-sombre', '/reperage/question/blocage', 320, 1000, true],
	['aide-768-sombre', '/aide', 768, 1100, true], ['territoire-1280', '/territoires/93', 1280, 1100],
];

const { browser, close } = await open_browser();
mkdirSync(folder, { recursive: true });

async function capture(page, name) {
	await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
	await page.mouse.move(0, 0);
	const path = join(folder, `${name}.png`);

	await page.screenshot({ path, animations: 'disabled' });
	spawnSync('pngquant', ['--force', '--nofs', '--output', path, '128', path]);       /* when it is there */
	console.log(name);
}

for (const [name, path, width, height, dark] of wanted) {
	const context = await visitor(browser, { width, height, dark });
	const page = await context.newPage();

	await page.goto(base + path);
	await capture(page, name);
	await context.close();
}
for (const [width, height, dark] of [[1280, 1250, false], [320, 1200, true]]) {
	const context = await visitor(browser, { width, height, dark });
	const page = await context.newPage();
	const tail = `${width}${dark ? '-sombre' : ''}`;

	await walk_to_sheet(page, base, null, () => capture(page, `resultat-${tail}`));
	if (dark) {
		await capture(page, `fiche-${tail}`);
	} else {
		await page.emulateMedia({ media: 'print' });
		await page.addStyleTag({ content: 'body { margin: 14mm 15mm }' });
		await page.setViewportSize({ width: 794, height: 1123 });
		await capture(page, 'fiche-papier');
	}
	await context.close();
}
const context = await visitor(browser, { width: 1280, height: 1150 });
const page = await context.newPage();

await page.goto(base + '/lieux?commune=Bondy');
await page.locator('.place a').first().click();
await page.waitForLoadState();
await capture(page, 'lieu-1280');
await close();
