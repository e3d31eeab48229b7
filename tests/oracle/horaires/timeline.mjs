// timeline.mjs FIXTURE [JSON...] : what the npm library opening_hours understands of every
// distinct hours string of a text file (one a line) and of the "horaires" of JSON lists, as
// timelines that compare reads.  Run with TZ=UTC: hours are those of the place's own clock.
import { readFileSync } from 'node:fs';
import opening_hours from 'opening_hours';

const states = {
	93: 'Île-de-France', 67: 'Bas-Rhin', 971: 'Guadeloupe', 972: 'Martinique', 973: 'Guyane',
	974: 'La Réunion', 976: 'Mayotte', 977: 'Saint-Barthélemy', 978: 'Saint-Martin',
	987: 'Polynésie française', 988: 'Nouvelle-Calédonie',
};
const day = 86400000;

function place(code) {
	return { lat: 48.9, lon: 2.4, address: { country_code: 'fr', state: states[code] } };
}

// One line for each change of state or comment, in minutes from the first day.
function timeline(code, hours, first, days) {
	const out = [];
	let oh, it, last = '';

	try {
		oh = new opening_hours(hours, place(code), { locale: 'en' });
	} catch (e) {
		return `E ${String(e).replace(/\s+/g, ' ')}\n.\n`;
	}
	it = oh.getIterator(new Date(first));
	do {
		const state = it.getUnknown() ? 2 : it.getState() ? 1 : 0;
		const here = `${state} ${it.getComment() ?? ''}`;

		if (here !== last)
			out.push(`s ${Math.round((it.getDate() - first) / 60000)} ${here}\n`);
		last = here;
	} while (it.advance(new Date(first + days * day)));
	return out.join('') + '.\n';
}

function show(code, hours, first, days) {
	process.stdout.write(`H ${code} ${first / day} ${days} ${hours}\n`
		+ timeline(code, hours, first, days + 33));
}

const [fixture, ...lists] = process.argv.slice(2);
const own = readFileSync(fixture, 'utf8').split('\n').filter((l) => l && !l.startsWith('#'));
const real = new Set(lists.flatMap((f) => JSON.parse(readFileSync(f, 'utf8')))
	.map((l) => (l.horaires ?? '').replace(/\s+/g, ' ').trim()).filter((h) => h));

// Own strings: a year with all its holidays; a rule that names them, in three départements.
for (const hours of own) {
	for (const code of /PH/i.test(hours) ? [93, 67, 974] : [93])
		show(code, hours, Date.UTC(2026, 0, 1), 380);
}
for (const code of Object.keys(states))
	show(code, 'PH 10:00-11:00', Date.UTC(2025, 0, 1), 1100);
// Real strings: from before Easter Monday to after Pentecost.
for (const hours of real)
	show(93, hours, Date.UTC(2026, 3, 1), 60);
