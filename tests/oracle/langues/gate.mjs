/* What we say in each language, before ICU (CLDR) and before the head of each catalogue. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

let passed = 0, failed = 0;
function check(what, holds, seen = '') {
	holds ? passed++ : (failed++, console.log(`FAIL ${what} ${seen}`));
}

const said = {};
for (const line of execFileSync(process.argv[2], { encoding: 'utf8' }).trim().split('\n')) {
	const [, tag, kind, rest] = line.match(/^(\S+) (\S+) (.*)$/);
	((said[tag] ||= {})[kind] ||= []).push(rest);
}

/* Portuguese is that of Portugal, Persian that of Kabul. */
const locale = { 'fr-x-falc': 'fr', pt: 'pt-PT', fa: 'fa-AF', en: 'en-GB' };
/* CLDR's "many" of French, Spanish and Portuguese begins at a million; here it is "other". */
const plain = s => s.replace(/[\u00a0\u202f]/g, ' ');
/* Habits that both are right about: the Ukrainian "р." after a year, "1er", the comma of English. */
const dated = s => plain(s).replace(/ р\.$/, '').replace(/\b1er\b/, '1').replace(/^(\w+day),? /, '$1 ');

for (const [tag, its] of Object.entries(said)) {
	const l = locale[tag] || tag, rules = new Intl.PluralRules(l);
	const ours = its.pluriel[0].split(' ').map(Number), seen = new Map();
	let wrong = [];
	ours.forEach((form, n) => {
		const category = rules.select(n);
		seen.has(category) || seen.set(category, form);
		if (seen.get(category) !== form)
			wrong.push(n);
	});
	check(`${tag}: the forms of 0 to 1000 are CLDR's`, !wrong.length && new Set(seen.values()).size === seen.size, wrong.slice(0, 9));

	const po = `po/${tag === 'fr-x-falc' ? 'fr@falc' : tag}.po`;
	if (tag !== 'fr') {
		check(`${tag}: there is a catalogue`, existsSync(po));
		const head = existsSync(po) ? readFileSync(po, 'utf8').match(/nplurals=(\d+); plural=([n\d\s%=!<>&|?:()]+);/) : null;
		const formula = head && new Function('n', `return Number(${head[2]})`);
		check(`${tag}: the head of the catalogue counts as we do`, head && ours.every((form, n) => formula(n) === form)
			&& new Set(ours).size <= Number(head[1]));
	}
	const options = { calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC', day: 'numeric', month: 'long' };
	for (const [kind, more] of [['date', { year: 'numeric' }], ['jour', { weekday: 'long' }]]) {
		const format = new Intl.DateTimeFormat(l, { ...options, ...more });
		for (const line of its[kind]) {
			const [day, ...text] = line.split(' '), theirs = dated(format.format(new Date(day)));
			check(`${tag}: ${kind} ${day}`, dated(text.join(' ')) === theirs, `${text.join(' ')} / ${theirs}`);
		}
	}
	const number = its.nombre[0].split(' ').slice(1).join(' ');
	check(`${tag}: groups of digits`, plain(number).replace(/[.,]/g, ' ') === '1 234 567', number);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
