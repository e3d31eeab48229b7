// outside.mjs DIR REFERENCE.json URL: our exports read by programs that we did not write.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { check } from '@placemarkio/check-geojson';
import addFormats from 'ajv-formats';
import ICAL from 'ical.js';

const require = createRequire(import.meta.url);
const Ajv2020 = require('ajv/dist/2020').default;
const { fromSchemaLieuDeMediationNumerique } = require('@gouvfr-anct/lieux-de-mediation-numerique');
const { Schema, Table } = require('tableschema');
const [dir, referenceFile, url] = process.argv.slice(2);
const file = name => readFileSync(`${dir}/lieux.${name}`, 'utf8');
const reference = JSON.parse(readFileSync(referenceFile, 'utf8'));
const places = JSON.parse(file('json'));
let passed = 0, failed = 0;

function say(what, troubles) {
	if (troubles.length) {
		failed++;
		console.log(`FAILED ${what}: ${troubles.length}\n  ${troubles.slice(0, 5).join('\n  ')}`);
	} else {
		passed++;
		console.log(`ok ${what}`);
	}
}

function refusal(f) {
	try {
		f();
		return null;
	} catch (e) {
		return e;
	}
}

// --- the national package ---------------------------------------------------------------------
// It refuses what the standard takes: a RIDET (New Caledonia), signs that real addresses and
// names of communes have ("Château-Chinon (Ville)", a typographic quote).  Nothing else.
const excused = (place, e) => ['VoieError', 'CommuneError'].includes(e.constructor.name)
	|| (e.constructor.name === 'PivotError' && /^98[0-9]/.test(place.code_postal));
let signs = 0;
const refused = places.map(p => [p, refusal(() => fromSchemaLieuDeMediationNumerique({ ...p }))]).filter(([, e]) => e);
say(`the national package accepts ${places.length} places`,
	refused.filter(([p, e]) => !excused(p, e)).map(([p, e]) => `${p.id} ${p.nom}: ${e.message}`));
for (const [, e] of refused)
	signs += e.constructor.name !== 'PivotError';
say(`it refuses ${refused.length} of them for what the standard allows`, signs * 500 < places.length ? [] : refused.map(([, e]) => e.message));

// --- Table Schema -----------------------------------------------------------------------------
// The standard's own constraints, but for the space that it lacks in one label (the national
// package wants it).
const standard = {
	fields: reference.fields.map(f => ({
		name: f.name, type: f.std_type,
		constraints: f.constraints_standard ? { ...f.constraints_standard, pattern: f.constraints_standard.pattern?.replace('numériques\\(La Poste', 'numériques \\(La Poste') } : {},
	})),
	missingValues: [''],
};
for (const f of standard.fields) {
	if (!f.constraints.pattern)
		delete f.constraints.pattern;
}

async function troubles(path, descriptor) {
	const table = await Table.load(path, { schema: descriptor });
	try {
		await table.read({ cast: true, forceCast: false });
		return [];
	} catch (e) {
		return e.multiple ? e.errors.map(String) : [String(e)];
	}
}
say('the standard makes a Table Schema', (await Schema.load(standard, { strict: false })).errors.map(String));
say('Table Schema finds no error in the CSV', await troubles(`${dir}/lieux.csv`, standard));
const broken = `${dir}/casse.csv`;
writeFileSync(broken, file('csv').replace(/,(\d{4})\d,/, ',$1,'));
say('it does in a CSV with a short postal code', (await troubles(broken, standard)).length ? [] : ['taken']);
const ours = await (await fetch(`${url}/donnees/lieux/schema.json`)).json();
// The order of the words of a list says nothing.
const sorted = p => p?.replace(/\|\)\((.*)\)\)\+\$$/, (_, words) => words.split('|').sort().join('|'));
say('our Table Schema has the constraints of the standard', ours.fields.flatMap((f, i) => {
	const s = standard.fields[i], c = { required: false, ...s.constraints };
	const same = f.name === s.name && f.type === s.type
		&& sorted(f.constraints.pattern) === sorted(c.pattern) && ['required', 'maxLength', 'unique'].every(k => (f.constraints[k] ?? null) === (c[k] ?? null)
			|| (k === 'unique' && !c[k]));
	return same ? [] : [`${f.name}: ${JSON.stringify(f)} / ${JSON.stringify(s)}`];
}));

// --- what the tools accept wrongly ------------------------------------------------------------
const luhn = s => [...s].reverse().reduce((a, d, i) => a + (i % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][d] : +d), 0) % 10 === 0;
const laposte = s => s.startsWith('356000000') && [...s].reduce((a, d) => a + +d, 0) % 5 === 0;
say('every SIRET has its key', places.filter(p => /^\d{14}$/.test(p.pivot) && !luhn(p.pivot) && !laposte(p.pivot)).map(p => p.pivot));
say('every address of mail is one', places.flatMap(p => (p.courriels ?? '').split('|').filter(Boolean))
	.filter(c => !/^[^\s@|]+@[^\s@|]+\.[A-Za-z]{2,}$/.test(c)));
say('every address of the web is one', places.flatMap(p => [p.site_web, p.fiche_acces_libre, p.prise_rdv])
	.flatMap(s => (s ?? '').split('|').filter(Boolean)).filter(s => refusal(() => new URL(s)) || !/^https?:/.test(s)));
say('every date is one, and is past', places.filter(p => !/^\d{4}-\d\d-\d\d$/.test(p.date_maj)
	|| new Date(p.date_maj).toISOString().slice(0, 10) !== p.date_maj || p.date_maj > new Date().toISOString().slice(0, 10)).map(p => p.date_maj));

// --- GeoJSON ----------------------------------------------------------------------------------
say('check-geojson finds no fault', [refusal(() => check(file('geojson')))].filter(Boolean).map(String));
const features = JSON.parse(file('geojson')).features;
say('points are where the places are', features.filter(f => f.geometry
	&& (f.geometry.coordinates[0] !== f.properties.longitude || f.geometry.coordinates[1] !== f.properties.latitude)).map(f => f.id));

// --- data.inclusion v1 ------------------------------------------------------------------------
const v1 = reference.data_inclusion.v1;
const defs = { Frais: 'frais', ModeAccueil: 'modes-accueil', ModeMobilisation: 'modes-mobilisation',
	PersonneMobilisatrice: 'personnes-mobilisatrices', Public: 'publics', TypeService: 'types-de-services',
	ReseauPorteur: 'reseaux-porteurs', Thematique: 'thematiques' };
const $defs = Object.fromEntries(Object.entries(defs).map(([d, r]) => [d, { enum: v1.referentiels[r].map(x => x.value) }]));
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats(ajv);
const inclusion = JSON.parse(file('data-inclusion'));
for (const [one, many] of [['structure', 'structures'], ['service', 'services']]) {
	const valid = ajv.compile({ type: 'object', additionalProperties: false, $defs, ...v1[one] });
	say(`data.inclusion v1 accepts ${inclusion[many].length} ${many}`, inclusion[many].filter(x => !valid(x))
		.map(x => (valid(x), `${x.id}: ${JSON.stringify(valid.errors.map(e => [e.instancePath, e.message]))}`)));
	say(`it refuses one without its date`, valid({ ...inclusion[many][0], date_maj: undefined }) ? ['taken'] : []);
}
// Letter for letter, every word that we write is one of the reference.
const words = (list, member) => new Set(list.flatMap(x => x[member] ?? []));
for (const [list, member, name] of [['structures', 'reseaux_porteurs', 'ReseauPorteur'], ['services', 'thematiques', 'Thematique'],
	['services', 'publics', 'Public'], ['services', 'modes_accueil', 'ModeAccueil'], ['services', 'frais', 'Frais'],
	['services', 'modes_mobilisation', 'ModeMobilisation'], ['services', 'mobilisable_par', 'PersonneMobilisatrice'], ['services', 'type', 'TypeService']]) {
	const used = words(inclusion[list], member);
	say(`${used.size} words of ${member} are of the reference`, [...used].filter(w => !$defs[name].enum.includes(w)));
	say(`${member} says something`, used.size ? [] : ['nothing']);
}
const ids = new Set(inclusion.structures.map(s => s.id));
say('each service has its structure', inclusion.services.filter(s => !ids.has(s.structure_id)).map(s => s.id));
for (const [name, list] of [['data-inclusion-structures-csv', inclusion.structures], ['data-inclusion-services-csv', inclusion.services]]) {
	const rows = await (await Table.load(`${dir}/lieux.${name}`)).read({ keyed: true });
	say(`${name} says the same as the JSON`, list.filter((x, i) => Object.entries(x).some(([k, v]) =>
		String(rows[i][k] ?? '').replace(/^'/, '') !== (Array.isArray(v) ? JSON.stringify(v) : String(v)).replace(/^'/, ''))).map(x => x.id));
}

// --- enumerations of the standard, letter for letter ------------------------------------------
for (const [name, list] of Object.entries(reference.enumerations)) {
	const known = new Set(list.map(x => x.value ?? x.code ?? x.label ?? x));
	const used = new Set(places.flatMap(p => (p[name] ?? '').split('|').filter(Boolean)));
	say(`${used.size} words of ${name} are of the standard`, [...used].filter(w => !known.has(w)));
}

// --- cards --------------------------------------------------------------------------------------
const cards = ICAL.parse(file('vcard'));
say(`${cards.length} cards are read`, cards.map(c => new ICAL.Component(c)).filter(c => {
	const tel = c.getFirstPropertyValue('tel');

	return c.name !== 'vcard' || !c.getFirstPropertyValue('fn') || c.getFirstPropertyValue('adr').length !== 7
		|| (tel !== null && !/^\+?\d+$/.test(tel));
}).map(c => c.toString().slice(0, 100)));

// --- what must not be found ---------------------------------------------------------------------
const hidden = JSON.parse(readFileSync(`${dir}/proteges.json`, 'utf8')).lieux.map(l => l.id);
say(`${hidden.length} protected places are in no file`, ['csv', 'json', 'geojson', 'data-inclusion', 'vcard', 'ics']
	.flatMap(f => { const text = file(f); return hidden.filter(id => text.includes(id)); }));
say('there are some', hidden.length ? [] : ['none']);

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
