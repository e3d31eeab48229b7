/* comparer.js BINARY FOLDER INSTRUMENT.json...: see run. */
'use strict';
const fs = require('fs'), path = require('path'), vm = require('vm');
const { execFileSync } = require('child_process');
const [binary, work, ...files] = process.argv.slice(2);
const DRAWN = 1500;
let seed = 20261123, passed = 0, failed = 0;

function chance(n) {                    /* mulberry32 */
	seed = seed + 0x6D2B79F5 | 0;
	let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
	t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
	return ((t ^ t >>> 14) >>> 0) % n;
}

/* The page as it is given to agents: its instrument and its engine, from between its tags. */
function open(file) {
	const html = execFileSync(binary, ['diagnostic', 'hors-ligne', '--instrument', file],
		{ maxBuffer: 1 << 26 }).toString();
	const scripts = html.match(/<script[^>]*>[\s\S]*?<\/script>/g).map(s => s.replace(/<\/?script[^>]*>/g, ''));
	const box = { module: {} };

	vm.runInNewContext(scripts[1], box);
	return { I: JSON.parse(scripts[0]), M: box.module.exports };
}

const MOTS = ['Le téléphone', 'ordinateurs', 'ordinatuer', 'TABLETTE!', 'une imprimante', 'rien', 'œuvre',
	'هاتف', 'Ünïté', "l'écran", 'smartfone', 'd’eau', '  ', '😀 tablette'];

function words(it) {
	const ids = it.op.map(o => o.id), any = () => ids[chance(ids.length)];

	switch (chance(8)) {
	case 0: return undefined;
	case 1: return chance(2) ? 'ne_sait_pas' : 'refus';
	}
	switch (it.t) {
	case 1: {
		const few = [...new Set([any(), any(), any()].slice(0, 1 + chance(3)))];
		return few.some(id => it.op[ids.indexOf(id)].ex) ? [few[0]] : few;
	}
	case 3: {
		const low = it.min === null ? -50 : it.min, high = it.max === null ? 50 : it.max;
		const v = low + (high - low) * chance(1001) / 1000;
		return it.ent ? Math.round(v) : v;
	}
	case 4: return new Date(Date.UTC(1960 + chance(70), chance(12), 1 + chance(28))).toISOString().slice(0, 10);
	case 5: return MOTS[chance(MOTS.length)];
	case 6: return ids.map(id => [chance(1e9), id]).sort((a, b) => a[0] - b[0]).map(x => x[1]);
	case 9: return 'quelques mots';
	default: return any();
	}
}

/* Of a test case: a matrix whole becomes its lines. */
function lines(I, given) {
	const out = {};

	for (const k of Object.keys(given)) {
		if (I.items.some(it => it.id === k) || given[k] === null || typeof given[k] !== 'object')
			out[k] = given[k];
		else
			for (const l of Object.keys(given[k]))
				out[k + '_' + l] = given[k][l];
	}
	return out;
}

function answers(page, given) {
	return page.I.items.map(it => {
		const v = given[it.id];
		const r = page.M.lire(it, v === undefined || v === null ? '' : Array.isArray(v) ? v.join(',') : String(v));

		if (!r)
			return null;
		/* what is written reads back the same */
		const again = page.M.lire(it, page.M.ecrire(it, r));
		if (JSON.stringify(again) !== JSON.stringify(r))
			throw new Error(it.id + ' ne se relit pas : ' + JSON.stringify(v));
		return r;
	});
}

/* The same shape as diagnostic_json. */
function told(page, given) {
	const { I, M } = page, r = answers(page, given);

	if (r.includes(null))
		return null;
	const d = M.diagnostic(I, r), scores = {};

	I.scores.forEach((s, i) => { scores[s.id] = Number.isFinite(d.scores[i]) ? d.scores[i] : null; });
	return { scores, profil: d.classe < 0 ? 'indetermine' : I.classes[d.classe].id, raisons: d.raisons,
		second: d.seconde < 0 ? null : I.classes[d.seconde].id,
		second_raisons: d.seconde < 0 ? undefined : d.second_raisons,
		marge: d.classe < 0 ? null : d.marge, part_repondue: d.part, urgent: d.urgent,
		besoins: d.besoins.map(o => ({ service: o.service, dire: o.dire, pourquoi: o.pourquoi,
			agent: o.agent, ressource: o.ressource })),
		phrases: { titre: d.phrases[0], savez: d.phrases[1], bloque: d.phrases[2], peut: d.phrases[3] } };
}

function ofC(line) {
	const o = JSON.parse(line);

	if (o.erreur)
		return null;
	return { scores: o.scores, profil: o.profil, raisons: o.raisons, second: o.second,
		second_raisons: o.second_raisons, marge: o.marge, part_repondue: o.part_repondue, urgent: o.urgent,
		besoins: o.besoins.map(b => ({ service: b.service, dire: b.dire, pourquoi: b.pourquoi,
			agent: b.agent, ressource: b.ressource })), phrases: o.phrases };
}

for (const file of files) {
	const page = open(file), cases = JSON.parse(fs.readFileSync(file)).tests || [];
	const all = cases.map(c => lines(page.I, c.reponses)), input = path.join(work, 'in.jsonl');
	let wrong = 0, profils = new Set();

	for (let i = 0; i < DRAWN; i++) {
		const one = {};

		for (const it of page.I.items) {
			const v = words(it);

			if (v !== undefined)
				one[it.id] = v;
		}
		all.push(one);
	}
	fs.writeFileSync(input, all.map(o => JSON.stringify({ reponses: o })).join('\n') + '\n');
	let out;
	try {
		out = execFileSync(binary, ['diagnostic', 'score', '--json', '--instrument', file, input],
			{ maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
	} catch (e) {
		out = e.stdout;         /* some lines are refused, on purpose */
	}
	const c = out.toString().trim().split('\n');

	if (c.length !== all.length)
		throw new Error(file + ' : ' + c.length + ' lignes pour ' + all.length);
	all.forEach((given, i) => {
		const js = JSON.stringify(told(page, given)), native = JSON.stringify(ofC(c[i]));

		profils.add(JSON.parse(c[i]).profil);
		if (js !== native && !wrong++)
			console.log(`${file}, ${JSON.stringify(given)}\n  C  ${native}\n  JS ${js}`);
	});
	console.log(`${path.basename(file)} : ${all.length} réponses, dont ${cases.length} tests, ` +
		`${profils.size} profils, ${wrong} différences`);
	wrong ? failed++ : passed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
