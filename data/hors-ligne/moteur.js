/* The diagnostic, on a device without network: what score.c, expression.c and reponse.c do,
 * in the same order, so that a result is the same to the last digit (tests/horsligne holds
 * one against the other).  Written for the browsers of 2014.  The instrument comes as
 * detect/horsligne.c writes it: expressions are trees already, nothing is parsed here. */
var Moteur = (function () {
	'use strict';
	var SANS = 0, REPONDU = 1, NSP = 2, REFUS = 3, MOTS = ['', '', 'ne_sait_pas', 'refus'];
	var NOMBRE = 3, DATE = 4, TEXTE = 5, ORDRE = 6, NOTE = 9, PLUSIEURS = 1;

	function num(v) { return v === null || v === undefined ? NaN : v; }
	function rien() { return { e: SANS, c: [], n: 0, o: [], t: '' }; }

	/* --- expressions ------------------------------------------------------------ */
	function rang(r, option) {
		var i = r.e === REPONDU ? r.o.indexOf(option) : -1;

		return i < 0 ? NaN : i + 1;
	}
	function ordre(it, r) {
		var n = r.o.length, good = 0, all = 0, i, k;

		if (!it.j || n !== it.op.length || n < 2)
			return NaN;
		for (i = 0; i < n; i++) {
			for (k = i + 1; k < n; k++) {
				all++;
				if (rang(r, it.j[i]) < rang(r, it.j[k]))
					good++;
			}
		}
		return good / all;
	}
	function valeur(it, r) {
		var sum = 0, i;

		if (r.e !== REPONDU)
			return NaN;
		if (it.t === NOMBRE || it.t === DATE)
			return r.n;
		if (it.t === ORDRE)
			return ordre(it, r);
		if (!it.vv)
			return NaN;
		for (i = 0; i < r.c.length; i++)
			sum += num(it.vv[r.c[i]]);
		return sum;
	}
	/* One node: a number, true, false, or [what, ...]. v: { I, r, s }. */
	function evalue(x, v) {
		var a, b, r, i, hit;

		if (!Array.isArray(x))
			return x;
		switch (x[0]) {
		case 'ou': return evalue(x[1], v) || evalue(x[2], v);
		case 'et': return evalue(x[1], v) && evalue(x[2], v);
		case 'non': return !evalue(x[1], v);
		case 'etat': return v.r[x[1]].e === x[2];
		case 'est': case 'pas':
			r = v.r[x[1]];
			if (r.e !== REPONDU)
				return false;
			for (i = 0, hit = false; i < r.c.length; i++)
				hit = hit || x[2].indexOf(r.c[i]) >= 0;
			return hit === (x[0] === 'est');
		case 'valeur': return valeur(v.I.items[x[1]], v.r[x[1]]);
		case 'compte': return v.r[x[1]].e === REPONDU ? v.r[x[1]].c.length : NaN;
		case 'rang': return rang(v.r[x[1]], x[2]);
		case 'score': return num(v.s[x[1]]);
		case 'connu': return !isNaN(num(v.s[x[1]]));
		case 'neg': return -evalue(x[1], v);
		}
		a = evalue(x[1], v);
		b = evalue(x[2], v);
		switch (x[0]) {
		case '+': return a + b;
		case '-': return a - b;
		case '*': return a * b;
		case '/': return b === 0 ? NaN : a / b;
		case 'eq': return a === b;
		case 'ne': return !isNaN(a) && !isNaN(b) && a !== b;
		case 'lt': return a < b;
		case 'le': return a <= b;
		case 'gt': return a > b;
		default: return a >= b;
		}
	}

	/* --- answers ---------------------------------------------------------------- */
	var PLAIN = 'a a a a a a aec e e e e i i i i d n o o o o o . o u u u u y thss' +
		'a a a a a a aec e e e e i i i i d n o o o o o . o u u u u y thy ' +
		'a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g ' +
		'g g g g h h h h i i i i i i i i i i ijijj j k k k l l l l l l l ' +
		'l l l n n n n n n n n n o o o o o o oeoer r r r r r s s s s s s ' +
		's s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s ';
	var ARTICLES = ['le ', 'la ', 'les ', 'l ', 'un ', 'une ', 'des ', 'du ', 'de la ', 'de l ', 'd '];

	function octets(s) { return unescape(encodeURIComponent(s)); }
	/* Without case, accent or punctuation, as bytes of UTF-8: see utf8_fold. */
	function plie(s) {
		var out = '', space = false, i, c, one;

		for (i = 0; i < s.length; i++) {
			c = s.charCodeAt(i);
			if (c >= 0x300 && c < 0x370)
				continue;
			if (c >= 65 && c <= 90)
				c += 32;
			if (c >= 0xc0 && c < 0x180) {
				one = PLAIN.substr((c - 0xc0) * 2, 2).replace(' ', '');
				if (one.charAt(0) === '.')
					one = '';
			} else {
				one = (c >= 48 && c <= 57) || (c >= 97 && c <= 122) || (c >= 0x370 && c < 0x2000) ||
					(c >= 0x2c00 && c < 0xd800) ? octets(String.fromCharCode(c)) : '';
			}
			if (!one) {
				space = out !== '';
				continue;
			}
			if (out.length + one.length + (space ? 1 : 0) >= 480)
				break;
			out += (space ? ' ' : '') + one;
			space = false;
		}
		return out;
	}
	function nu(s) {
		for (var i = 0; i < ARTICLES.length; i++) {
			if (s.indexOf(ARTICLES[i]) === 0 && s.length > ARTICLES[i].length)
				return s.slice(ARTICLES[i].length);
		}
		return s;
	}
	/* Letters wrong, missing, added or swapped. */
	function distance(a, b, most) {
		var rows = [[], [], []], i, k, now, last, before, best;

		if (Math.abs(a.length - b.length) > most)
			return most + 1;
		for (k = 0; k <= b.length; k++)
			rows[0][k] = k;
		for (i = 1; i <= a.length; i++) {
			now = rows[i % 3];
			last = rows[(i + 2) % 3];
			before = rows[(i + 1) % 3];
			now[0] = i;
			for (k = 1; k <= b.length; k++) {
				best = Math.min(last[k - 1] + (a.charAt(i - 1) !== b.charAt(k - 1) ? 1 : 0),
					last[k] + 1, now[k - 1] + 1);
				if (i > 1 && k > 1 && a.charAt(i - 1) === b.charAt(k - 2) &&
				    a.charAt(i - 2) === b.charAt(k - 1))
					best = Math.min(best, before[k - 2] + 1);
				now[k] = best;
			}
		}
		return rows[a.length % 3][b.length];
	}
	function reconnu(it, words) {
		var said = nu(plie(words)), n = said.length, best = 3, at = -1, i, k, d;
		var most = n >= 10 ? 2 : n >= 5 ? 1 : 0;

		for (i = 0; i < it.op.length; i++) {
			for (k = 0; k < (it.op[i].f || []).length; k++) {
				d = distance(said, nu(octets(it.op[i].f[k])), most);
				if (d <= most && d < best) {
					best = d;
					at = i;
				}
			}
		}
		return at < 0 ? [] : [at];
	}
	function longueur(s) {
		return s.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, '.').length;
	}
	function jour(words) {
		var m = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(words), d;

		if (m)
			words = m[3] + '-' + m[2] + '-' + m[1];
		m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(words);
		if (!m)
			return NaN;
		d = new Date(0);
		d.setUTCFullYear(+m[1], +m[2] - 1, +m[3]);
		return d.getUTCMonth() === +m[2] - 1 && d.getUTCDate() === +m[3]
			? Math.round(d.getTime() / 864e5) : NaN;
	}
	function borne(it, r) {
		return r.n >= (it.min === null ? -Infinity : it.min) &&
			r.n <= (it.max === null ? Infinity : it.max) ? r : null;
	}
	function options(it, words, r) {
		var list = words.split(','), i, k;

		for (i = 0; i < list.length; i++) {
			for (k = 0; k < it.op.length && it.op[k].id !== list[i];)
				k++;
			if (k === it.op.length)
				return null;
			if (it.t === ORDRE) {
				if (r.o.indexOf(k) >= 0)
					return null;
				r.o.push(k);
			}
			if (r.c.indexOf(k) < 0)
				r.c.push(k);
		}
		r.c.sort(function (a, b) { return a - b; });
		if (it.t === ORDRE)
			return r.c.length === it.op.length ? r : null;
		if (r.c.length > 1 && it.t !== PLUSIEURS)
			return null;
		for (i = 0; r.c.length > 1 && i < r.c.length; i++) {
			if (it.op[r.c[i]].ex)
				return null;
		}
		return r;
	}
	/* One answer from words; null when they mean nothing here. */
	function lire(it, words) {
		var r = rien(), d;

		if (!words)
			return r;
		r.e = words === MOTS[NSP] ? NSP : words === MOTS[REFUS] ? REFUS : REPONDU;
		if (r.e !== REPONDU)
			return r;
		if (it.t === NOMBRE) {
			d = words.replace(',', '.');
			r.n = /^[0-9.+e-]+$/.test(d) && words.length < 64 ? Number(d) : NaN;
			return it.ent && r.n !== Math.floor(r.n) ? null : borne(it, r);
		}
		if (it.t === DATE) {
			r.n = jour(words);
			return borne(it, r);
		}
		if (it.t === TEXTE || it.t === NOTE) {
			r.t = words.charAt(0) === "'" ? words.slice(1) : words;
			if (longueur(r.t) > (it.t === NOTE ? 1000 : 120))
				return null;
			if (it.t === TEXTE)
				r.c = reconnu(it, r.t);
			return r;
		}
		return options(it, words, r);
	}
	function ecrire(it, r) {
		var list = it.t === ORDRE ? r.o : r.c, out = [], i;

		if (r.e !== REPONDU)
			return MOTS[r.e];
		if (it.t === NOMBRE)
			return String(r.n);
		if (it.t === DATE)
			return new Date(r.n * 864e5).toISOString().slice(0, 10);
		if (it.t === TEXTE || it.t === NOTE)
			return r.t.charAt(0) === "'" || r.t === MOTS[NSP] || r.t === MOTS[REFUS] ? "'" + r.t : r.t;
		for (i = 0; i < list.length; i++)
			out.push(it.op[list[i]].id);
		return out.join(',');
	}

	/* --- what is asked ----------------------------------------------------------- */
	function posee(I, i, r) {
		var it = I.items[i];

		if (it.t === NOTE && !it.act)
			return false;
		return it.si === undefined || evalue(it.si, { I: I, r: r, s: [] });
	}
	function page_posee(I, p, r) {
		return I.pages[p].items.some(function (i) { return posee(I, i, r); });
	}

	/* --- scores ------------------------------------------------------------------ */
	function score_items(I, s, r) {
		var n = 0, sum = 0, weight = 0, most = 0, reached = 0, all = s.items.length, i, v, w;

		for (i = 0; i < all; i++) {
			v = valeur(I.items[s.items[i]], r[s.items[i]]);
			if (isNaN(v))
				continue;
			w = s.poids ? s.poids[i] : 1;
			n++;
			sum += w * v;
			weight += w;
			if (v >= s.seuil)
				reached++;
			if (n === 1 || v > most)
				most = v;
		}
		if (!n || n < s.part * all)
			return NaN;
		switch (s.calcul) {
		case 1: case 2: return sum / weight;
		case 3: return reached * all / n;
		case 4: return most;
		default: return sum * all / n;
		}
	}
	function score_un(I, s, v) {
		var x, i;

		if (s.calcul < 5)
			return score_items(I, s, v.r);
		x = evalue(s.formule, v);
		if (s.calcul === 5)
			return x;
		for (i = 0; i < s.table.length && !isNaN(x); i++) {
			if (x <= (s.table[i][0] === null ? Infinity : s.table[i][0]))
				return num(s.table[i][1]);
		}
		return NaN;
	}

	/* --- profile ----------------------------------------------------------------- */
	function range(I, weight, d) {
		for (var i = 0; i < I.classes.length; i++) {
			if (weight[i] > 0 && (d.classe < 0 || weight[i] > weight[d.classe])) {
				d.seconde = d.classe;
				d.classe = i;
			} else if (weight[i] > 0 && (d.seconde < 0 || weight[i] > weight[d.seconde])) {
				d.seconde = i;
			}
		}
	}
	function premieres(I, d) {
		for (var i = 0; i < I.regles.length; i++) {
			if (!d.regles[i] || I.regles[i].classe === d.classe)
				continue;
			if (d.classe >= 0) {
				d.seconde = I.regles[i].classe;
				return;
			}
			d.classe = I.regles[i].classe;
		}
	}
	function marge(d, weight) {
		if (d.classe < 0)
			return;
		d.marge = d.seconde < 0 ? 1 : (weight[d.classe] - weight[d.seconde]) /
			(weight[d.classe] + weight[d.seconde]);
		if (!(d.marge >= 0))
			d.marge = 0;
	}
	function centres(I, d) {
		var near = Infinity, next = Infinity, c, k, sum, x;

		for (c = 0; c < I.classes.length; c++) {
			sum = 0;
			for (k = 0; k < I.variables.length; k++) {
				x = (num(d.scores[I.variables[k]]) - I.classes[c].centre[k]) / I.echelles[k];
				sum += x * x;
			}
			if (isNaN(sum))
				return;
			if (sum < near) {
				next = near;
				d.seconde = d.classe;
				near = sum;
				d.classe = c;
			} else if (sum < next) {
				next = sum;
				d.seconde = c;
			}
		}
		near = Math.sqrt(near);
		next = Math.sqrt(next);
		d.marge = d.seconde < 0 ? 1 : next + near > 0 ? (next - near) / (next + near) : 0;
	}
	function descend(I, v, flip) {
		var at = 0, path = {}, holds;

		while (I.arbre[at].classe < 0) {
			holds = evalue(I.arbre[at].si, v) !== (at === flip);
			path[at] = holds ? I.arbre[at].parce_que : I.arbre[at].sinon;
			at = holds ? I.arbre[at].oui : I.arbre[at].non;
		}
		return { classe: I.arbre[at].classe, path: path };
	}
	function arbre(I, v, d) {
		var asked = 0, change = 0, first = descend(I, v, -1), i, other;

		d.classe = first.classe;
		d.chemin = first.path;
		for (i = 0; i < I.arbre.length; i++) {
			if (!(i in d.chemin))
				continue;
			asked++;
			other = descend(I, v, i);
			if (other.classe === d.classe)
				continue;
			change++;
			d.seconde = other.classe;
			d.chemin_second = other.path;
		}
		d.marge = asked && d.seconde >= 0 ? (asked - change) / asked : 1;
	}
	function typologie(I, v, d) {
		var weight = [], n = 0, i;

		for (i = 0; i < I.typologie.length; i++)
			n += v.r[I.typologie[i]].e === REPONDU ? 1 : 0;
		d.part = I.typologie.length ? n / I.typologie.length : 0;
		for (i = 0; i < I.classes.length; i++)
			weight[i] = 0;
		for (i = 0; i < I.regles.length; i++) {
			d.regles[i] = evalue(I.regles[i].si, v);
			if (d.regles[i])
				weight[I.regles[i].classe] += I.regles[i].poids;
		}
		if (!I.classes.length || d.part < I.part || (I.suffit !== undefined && !evalue(I.suffit, v)))
			return;
		if (I.methode === 2)
			return centres(I, d);
		if (I.methode === 3)
			return arbre(I, v, d);
		if (I.methode === 0)
			range(I, weight, d);
		else
			premieres(I, d);
		marge(d, weight);
	}

	/* --- needs and words --------------------------------------------------------- */
	function besoin(list, o) {
		var i, at = list.length;

		for (i = 0; i < list.length; i++) {
			if (list[i].service !== o.service)
				continue;
			if (list[i].priorite >= o.priorite)
				return;
			list.splice(i, 1);
			at = list.length;
			break;
		}
		while (at && list[at - 1].priorite < o.priorite)
			at--;
		list.splice(at, 0, o);
		list.length = Math.min(list.length, 3);
	}
	function raisons(I, d, classe) {
		var out = [], path, k;

		if (classe < 0)
			return I.indetermine_parce_que === undefined ? [] : [I.indetermine_parce_que];
		if (I.classes[classe].parce_que !== undefined)
			out.push(I.classes[classe].parce_que);
		if (I.methode === 3) {
			path = classe === d.classe ? d.chemin : d.chemin_second;
			for (k = 0; k < I.arbre.length; k++) {
				if (k in path)
					out.push(path[k]);
			}
			return out;
		}
		for (k = 0; k < I.regles.length; k++) {
			if (I.regles[k].classe === classe && d.regles[k])
				out.push(I.regles[k].parce_que);
		}
		return out;
	}

	/* Answers of items that are not asked do not count. */
	function diagnostic(I, given) {
		var d = { classe: -1, seconde: -1, marge: 0, part: 0, regles: [], scores: [], urgent: false,
			besoins: [], phrases: [[], [], [], []] };
		var kept = [], v = { I: I, r: kept, s: d.scores }, i;

		for (i = 0; i <= I.items.length; i++)
			kept[i] = rien();
		for (i = 0; i < I.items.length; i++) {
			if (posee(I, i, kept))
				kept[i] = given[i];
		}
		for (i = 0; i < I.scores.length; i++)
			d.scores[i] = score_un(I, I.scores[i], v);
		typologie(I, v, d);
		if (d.classe >= 0) {
			kept[I.items.length].e = REPONDU;
			kept[I.items.length].c = [d.classe];
		}
		d.urgent = I.urgent !== undefined && evalue(I.urgent, v);
		for (i = 0; i < I.orientation.length; i++) {
			if (evalue(I.orientation[i].quand, v))
				besoin(d.besoins, I.orientation[i]);
		}
		for (i = 0; i < I.phrases.length; i++) {
			if (d.phrases[I.phrases[i].genre].length < (I.phrases[i].genre ? 3 : 1) &&
			    evalue(I.phrases[i].quand, v))
				d.phrases[I.phrases[i].genre].push(I.phrases[i].texte);
		}
		d.raisons = raisons(I, d, d.classe);
		d.second_raisons = d.seconde < 0 ? [] : raisons(I, d, d.seconde);
		d.kept = kept;
		return d;
	}

	/* --- numbers of sheets ------------------------------------------------------- */
	var SIGNES = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

	/* Twelve signs, the last of which answers the others (recueil.c); null without chance. */
	function numero() {
		var source = typeof crypto !== 'undefined' ? crypto : typeof msCrypto !== 'undefined' ? msCrypto
			: null;
		var drawn, s = '', sum = 0, i, n;

		if (!source || !source.getRandomValues)
			return null;
		drawn = new Uint8Array(1);
		while (s.length < 11) {
			source.getRandomValues(drawn);
			if (drawn[0] < 240)
				s += SIGNES.charAt(drawn[0] % 30);
		}
		for (i = 10; i >= 0; i--) {
			n = SIGNES.indexOf(s.charAt(i)) * (i % 2 ? 1 : 2);
			sum += Math.floor(n / 30) + n % 30;
		}
		s += SIGNES.charAt((30 - sum % 30) % 30);
		return s.slice(0, 4) + '-' + s.slice(4, 8) + '-' + s.slice(8);
	}

	return { rien: rien, lire: lire, ecrire: ecrire, posee: posee, page_posee: page_posee,
		diagnostic: diagnostic, numero: numero };
}());
if (typeof module !== 'undefined')
	module.exports = Moteur;
