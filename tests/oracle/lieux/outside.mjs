// outside.mjs EXPORT.json CARD.vcf... : our exports read by programs that we did not write: the
// national package (every field and enumeration checked) and a reader of cards.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import ICAL from 'ical.js';

const { fromSchemaLieuDeMediationNumerique } =
	createRequire(import.meta.url)('@gouvfr-anct/lieux-de-mediation-numerique');

let passed = 0, failed = 0;

function check(what, good) {
	if (good)
		passed++;
	else {
		failed++;
		console.log(`FAILED ${what}`);
	}
}

// The package wants a SIRET of every place; sources do not give one to all, and we invent none:
// the example of the schema stands in.  It refuses signs in an address or a commune that real ones
// have ("Château-Chinon (Ville)", a typographic quote, a bracket): those alone are let pass.
const [file, ...cards] = process.argv.slice(2);
const signs = new Set(['VoieError', 'CommuneError']);
const places = JSON.parse(readFileSync(file, 'utf8'));
let refused = 0;
for (const place of places) {
	try {
		fromSchemaLieuDeMediationNumerique({ ...place, pivot: place.pivot ?? '43493312300029' });
		passed++;
	} catch (e) {
		refused += signs.has(e.constructor.name);
		check(`${place.id} ${place.nom}: ${e.message}`, signs.has(e.constructor.name));
	}
}
console.log(`${places.length} places, ${refused} refused for a sign in their address`);
check('hardly any address is refused', refused * 1000 < places.length);
for (const card of cards) {
	const vcard = new ICAL.Component(ICAL.parse(readFileSync(card, 'utf8')));
	const tel = vcard.getFirstPropertyValue('tel');
	check(`${card} is a card`, vcard.name === 'vcard' && vcard.getFirstPropertyValue('fn') !== ''
		&& vcard.getFirstPropertyValue('adr').length === 7 && (tel === null || /^\+?\d+$/.test(tel)));
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
