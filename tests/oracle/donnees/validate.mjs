/* Reads each dataset with its schema.  Usage: node validate.mjs URL */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { Schema, Table } = createRequire(import.meta.url)('tableschema');
const url = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'tremplin-donnees-'));
let passed = 0, failed = 0;

function say(what, troubles) {
	if (troubles.length) {
		failed++;
		console.log(`FAILED: ${what}\n  ${troubles.slice(0, 5).join('\n  ')}`);
	} else {
		passed++;
	}
}

/* Errors of a table: of its head, then of its cells and keys. */
async function read(path, descriptor) {
	const table = await Table.load(path, { schema: descriptor });
	try {
		const rows = await table.read({ cast: true, forceCast: false });
		return { rows: rows.length, troubles: [] };
	} catch (e) {
		return { rows: 0, troubles: e.multiple ? e.errors.map(String) : [String(e)] };
	}
}

const list = await (await fetch(`${url}/donnees`)).text();
const slugs = [...new Set([...list.matchAll(/href="\/donnees\/([^"/]+)"/g)].map(m => m[1]))];
say('there are datasets, one of them of an index', slugs.includes('indice-ifn-2023') ? [] : slugs);
for (const slug of slugs) {
	const descriptor = await (await fetch(`${url}/donnees/${slug}/schema.json`)).json();
	const schema = await Schema.load(descriptor, { strict: false });
	say(`${slug}: its schema is a Table Schema`, schema.errors.map(String));
	const path = join(folder, `${slug}.csv`);
	writeFileSync(path, await (await fetch(`${url}/donnees/${slug}/donnees.csv`)).text());
	const { rows, troubles } = await read(path, descriptor);
	say(`${slug}: its table is as its schema says`, troubles);
	say(`${slug}: it has rows`, troubles.length || rows ? [] : ['empty']);
}
/* Seen to refuse: the same with a word where a number stands. */
const bad = join(folder, 'bad.csv');
const descriptor = await (await fetch(`${url}/donnees/indice-ifn-2023/schema.json`)).json();
const text = await (await fetch(`${url}/donnees/indice-ifn-2023/donnees.csv`)).text();
const lines = text.split('\r\n');
const cells = lines[1].split(',');
cells[4] = 'beaucoup';
writeFileSync(bad, [lines[0], cells.join(','), ''].join('\r\n'));
say('a word in place of a score is refused', (await read(bad, descriptor)).troubles.length ? [] : ['taken']);
rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
