// ouvertures.mjs LIEUX.json DAY: what opening_hours (npm) says of the hours of each place over
// the year from the Monday of DAY on: [{id, texte, ouvert: [[from, to]...], inconnu: ...}] in
// minutes of the place's own clock.  One place for each text of hours and each calendar of
// holidays.  Run with TZ=UTC.
import { readFileSync } from 'node:fs';
import opening_hours from 'opening_hours';

const states = {
	67: 'Bas-Rhin', 68: 'Haut-Rhin', 57: 'Moselle', 971: 'Guadeloupe', 972: 'Martinique', 973: 'Guyane',
	974: 'La Réunion', 976: 'Mayotte', 987: 'Polynésie française', 988: 'Nouvelle-Calédonie',
};
const day = 86400000, weeks = 53;
const [file, today] = process.argv.slice(2);
const at = Date.parse(`${today}T00:00:00Z`);
const monday = at - (new Date(at).getUTCDay() + 6) % 7 * day;
const seen = new Set();
const out = [];

for (const l of JSON.parse(readFileSync(file, 'utf8'))) {
	const insee = l.code_insee ?? l.code_postal;
	const code = insee.startsWith('97') || insee.startsWith('98') ? insee.slice(0, 3) : insee.slice(0, 2);
	const key = `${l.horaires} ${states[code] ?? ''} ${code.length === 3 ? code : ''}`;

	if (!l.horaires || seen.has(key))
		continue;
	seen.add(key);
	const one = { id: l.id, texte: l.horaires, code, refus: null, ouvert: [], inconnu: [] };
	try {
		const place = { lat: 48.9, lon: 2.4, address: { country_code: 'fr', state: states[code] ?? 'Île-de-France' } };
		const oh = new opening_hours(l.horaires, place, { locale: 'fr' });
		for (const [from, to, unknown] of oh.getOpenIntervals(new Date(monday), new Date(monday + weeks * 7 * day)))
			one[unknown ? 'inconnu' : 'ouvert'].push([Math.round((from - monday) / 60000), Math.round((to - monday) / 60000)]);
	} catch (e) {
		one.refus = String(e).replace(/\s+/g, ' ');
	}
	out.push(one);
}
console.log(JSON.stringify({ monday, semaines: weeks, lieux: out }));
