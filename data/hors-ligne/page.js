/* The pages of an instrument without network: what is said before, the questions, what
 * follows, and the sheets to bring back.  Nothing is sent; nothing is written on the device
 * unless the agent asks for it.  Written for the browsers of 2014. */
(function () {
	'use strict';
	var I = JSON.parse(document.getElementById('instrument').textContent), M = Moteur;
	var d = document, app = d.getElementById('app'), CLE = 'tremplin-' + I.id;
	var langue = I.langues[0].tag, cadre = {}, r, feuilles = [], sorties = 0, numero, faite, passe;
	var PART = 50000;       /* bytes of one file as a form sends it: the server takes 64 KB */

	/* --- words ------------------------------------------------------------------- */
	function dit(texte) {
		return texte && I.textes[langue] && I.textes[langue][texte] || texte || '';
	}
	function m(nom, a, b) {
		return (I.mots[langue] || I.mots[I.langues[0].tag])[nom].replace('%1', a).replace('%2', b);
	}
	function deux(n) { return (n < 10 ? '0' : '') + n; }
	function aujourdhui() {
		var t = new Date();

		return t.getFullYear() + '-' + deux(t.getMonth() + 1) + '-' + deux(t.getDate());
	}

	/* --- elements ---------------------------------------------------------------- */
	function el(nom, attributs, enfants) {
		var e = d.createElement(nom), k;

		for (k in attributs || {}) {
			if (typeof attributs[k] === 'function')
				e.addEventListener(k, attributs[k]);
			else if (attributs[k] === true)
				e[k] = true;
			else if (attributs[k] !== false && attributs[k] !== null && attributs[k] !== undefined)
				e.setAttribute(k, attributs[k]);
		}
		[].concat(enfants === undefined ? [] : enfants).forEach(function (c) {
			if (c)
				e.appendChild(typeof c === 'string' ? d.createTextNode(c) : c);
		});
		return e;
	}
	function p(texte, classe) { return texte ? el('p', { 'class': classe }, texte) : null; }
	function bouton(texte, faire, classe) {
		return el('button', { type: 'button', 'class': classe || 'btn', click: faire }, texte);
	}
	function montre(enfants, titre) {
		var i, h;

		for (i = 0; i < I.langues.length; i++) {
			if (I.langues[i].tag === langue)
				d.documentElement.dir = I.langues[i].rtl ? 'rtl' : 'ltr';
		}
		d.documentElement.lang = langue;
		d.title = (titre ? titre + ' · ' : '') + dit(I.titre);
		app.textContent = '';
		enfants.forEach(function (c) {
			if (c)
				app.appendChild(c);
		});
		h = d.getElementById('erreurs') || app.querySelector('h1');
		window.scrollTo(0, 0);
		if (h) {
			h.tabIndex = -1;
			h.focus();
		}
	}
	function erreurs(liste) {
		return liste.length ? el('div', { 'class': 'errors', id: 'erreurs', role: 'alert' },
			[el('h2', {}, m('probleme')), el('ul', {}, liste.map(function (x) {
				return el('li', {}, el('a', { href: '#' + x[0], click: function (ev) {
					ev.preventDefault();
					d.getElementById(x[0]).focus();
				} }, x[1]));
			}))]) : null;
	}
	function choix(nom, type, valeur, texte, aide, pris, quiet) {
		var id = nom + '-' + valeur;

		return el('div', { 'class': quiet ? 'choice quiet' : 'choice' }, [
			el('input', { type: type, name: nom, id: id, value: valeur, checked: pris }),
			el('label', { 'for': id }, [texte, aide ? el('small', {}, ' ' + aide) : null])]);
	}
	function champ(nom, texte, aide, valeur, max) {
		return el('div', { 'class': 'field' }, [el('label', { 'for': nom }, texte),
			aide ? el('p', { 'class': 'hint', id: nom + '-aide' }, aide) : null,
			el('input', { type: 'text', id: nom, name: nom, value: valeur || '', maxlength: max,
				autocomplete: 'off', 'aria-describedby': aide ? nom + '-aide' : null })]);
	}
	function coches(nom) {
		return [].filter.call(app.querySelectorAll('input,select,textarea'), function (e) {
			return e.name === nom && ((e.type !== 'radio' && e.type !== 'checkbox') || e.checked);
		}).map(function (e) { return e.value.trim(); });
	}
	function un(nom) { return coches(nom)[0] || ''; }

	/* --- before ------------------------------------------------------------------ */
	function liste_de(nom, options, titre) {
		return el('fieldset', {}, [el('legend', {}, titre),
			el('div', { 'class': 'choices' }, options.map(function (o) {
				return choix(nom, 'radio', o, m(nom + '.' + o), '', cadre[nom] === o);
			}))]);
	}
	function langues() {
		return I.langues.length < 2 ? null : el('fieldset', { 'class': 'langues' },
			[el('legend', {}, m('langue')), el('div', { 'class': 'row' }, I.langues.map(function (l) {
				return el('button', { type: 'button', 'class': 'btn plain', lang: l.tag,
					dir: l.rtl ? 'rtl' : 'ltr', 'aria-pressed': String(l.tag === langue),
					click: function () {
						langue = l.tag;
						ouverture([]);
					} }, l.nom);
			}))]);
	}
	function commencer(ev) {
		var faux = [];

		ev.preventDefault();
		cadre = { age: un('age'), provenance: un('provenance'), moment: un('moment'),
			commune: un('commune'), groupe: un('groupe'), accord: un('accord') === 'oui' };
		if (!cadre.age)
			faux.push(['age-moins-15', m('age.absent')]);
		else if (cadre.age === 'moins-15')
			faux.push(['age-moins-15', m('age.jeune')]);
		if (!cadre.provenance)
			faux.push(['provenance-declare', m('provenance.absent')]);
		if (faux.length)
			return ouverture(faux);
		r = I.items.map(M.rien);
		numero = null;
		faite = false;
		passe = apres(-1);
		question(passe, []);
	}
	function ouverture(faux) {
		montre([erreurs(faux), el('h1', {}, dit(I.titre)), langues(),
			el('div', { 'class': 'say' }, [el('strong', {}, m('droits')), ' ' + m('droits.suite')]),
			p(dit(I.avertissement)), p(m('horsligne'), 'hint'),
			el('form', { submit: commencer, novalidate: 'novalidate' }, [
				liste_de('age', ['moins-15', '15-17', '18'], m('age')),
				liste_de('provenance', ['declare', 'observe', 'teste'], m('provenance')),
				champ('commune', m('commune'), m('commune.aide'), cadre.commune, 80),
				el('details', {}, [el('summary', {}, m('atelier')),
					liste_de('moment', ['avant', 'apres'], m('moment')),
					champ('groupe', m('groupe'), m('groupe.aide'), cadre.groupe, 60)]),
				I.garde ? choix('accord', 'checkbox', 'oui', m('accord'), '', false) : null,
				p(I.conserver === 1 ? m('garde.comptes') : I.garde ? m('garde.reponses')
					: m('garde.rien'), 'hint'),
				el('div', { 'class': 'row' }, el('button', { 'class': 'btn' }, m('commencer')))]),
			rapporter()], '');
	}

	/* --- questions --------------------------------------------------------------- */
	function apres(page) {
		do
			page++;
		while (page < I.pages.length && !M.page_posee(I, page, r));
		return page;
	}
	function avant(page) {
		do
			page--;
		while (page >= 0 && !M.page_posee(I, page, r));
		return page;
	}
	function sans(it, a) {
		var nom = it.si_texte ? it.id + '.sans' : it.id, type = it.t === 1 ? 'checkbox' : 'radio';

		return [choix(nom, type, 'ne_sait_pas', m('nsp'), '', a.e === 2, true),
			choix(nom, type, 'refus', m('refus'), '', a.e === 3, true)];
	}
	function image(it) {
		var ns = 'http://www.w3.org/2000/svg', s = d.createElementNS(ns, 'svg');

		function put(nom, attributs, texte) {
			var e = d.createElementNS(ns, nom), k;

			for (k in attributs)
				e.setAttribute(k, attributs[k]);
			if (texte)
				e.textContent = texte;
			s.appendChild(e);
		}
		s.setAttribute('viewBox', '0 0 100 100');
		s.setAttribute('aria-hidden', 'true');
		put('rect', { width: 100, height: 100, fill: '#fff', stroke: '#555' });
		it.op.forEach(function (o, i) {
			put('rect', { x: o.z[0], y: o.z[1], width: o.z[2], height: o.z[3], rx: 2, fill: '#e6f0ef',
				stroke: '#0a5a55' });
			put('text', { x: o.z[0] + o.z[2] / 2, y: o.z[1] + o.z[3] / 2 + 2, 'font-size': 6,
				'text-anchor': 'middle' }, String(i + 1));
		});
		return s;
	}
	function commande(i) {
		var it = I.items[i], a = r[i], type = it.t === 1 ? 'checkbox' : 'radio', out;

		it.si_texte = it.t === 3 || it.t === 4 || it.t === 5 || it.t === 6 || it.t === 9;
		if (it.t === 6) {
			out = it.op.map(function (o, k) {
				var places = [el('option', { value: '' }, '–')], n, at = a.o.indexOf(k);

				for (n = 0; n < it.op.length; n++)
					places.push(el('option', { value: o.id + ':' + n, selected: at === n }, String(n + 1)));
				return el('div', { 'class': 'field' }, [
					el('label', { 'for': it.id + '-' + o.id }, dit(o.x)),
					el('select', { id: it.id + '-' + o.id, name: it.id }, places)]);
			});
		} else if (it.si_texte) {
			out = [el('div', { 'class': 'field' }, el(it.t === 9 ? 'textarea' : 'input', {
				name: it.id, id: it.id, 'aria-label': dit(it.x), autocomplete: 'off',
				maxlength: it.t === 9 ? 1000 : 120, inputmode: it.t === 3 ? 'decimal' : null }))];
			out[0].firstChild.value = a.e === 1 ? M.ecrire(it, a).replace(/^'/, '') : '';
		} else {
			out = it.op.map(function (o, k) {
				return choix(it.id, type, o.id, (it.t === 7 ? k + 1 + '. ' : '') + dit(o.x), dit(o.a),
					a.c.indexOf(k) >= 0);
			});
			if (it.t === 7)
				out.unshift(image(it));
		}
		return el('div', { 'class': 'choices' }, out.concat(sans(it, a)));
	}
	function lire(i) {
		var it = I.items[i], words = coches(it.id).filter(Boolean), k, at = [];

		if (it.t === 6) {
			for (k = 0; k < words.length; k++)
				at[words[k].split(':')[1]] = words[k].split(':')[0];
			if (words.length && words.length !== at.filter(Boolean).length)
				return null;
			words = at;
		}
		if (it.si_texte) {
			if (un(it.id + '.sans'))
				return M.lire(it, un(it.id + '.sans'));
			/* what a person wrote is never one of our own words */
			if (words.length && it.t !== 6 && (words[0].charAt(0) === "'" || words[0] === 'refus' ||
			    words[0] === 'ne_sait_pas'))
				words[0] = "'" + words[0];
			return M.lire(it, it.t === 6 ? words.join(',') : words[0] || '');
		}
		return M.lire(it, words.join(','));
	}
	function lit_page(page) {
		var faux = [];

		I.pages[page].items.forEach(function (i) {
			var a;

			if (!M.posee(I, i, r) || !app.querySelector('[name="' + I.items[i].id + '"]'))
				return;
			a = lire(i);
			if (a)
				r[i] = a;
			else
				faux.push([(app.querySelector('[name="' + I.items[i].id + '"]') || {}).id, m('illisible',
					dit(I.items[i].x))]);
		});
		return faux;
	}
	function question(page, faux) {
		var ecran = I.pages[page], ici, seul, groupe = null, fait = 0, sur = 0, i, corps = [];

		if (page >= I.pages.length)
			return resultat();
		passe = page;
		ici = ecran.items.filter(function (k) { return M.posee(I, k, r); });
		for (i = 0; i < I.pages.length; i++) {
			if (!M.page_posee(I, i, r))
				continue;
			sur++;
			fait += i <= page ? 1 : 0;
		}
		seul = ici.length === 1 && I.items[ici[0]].g === undefined;
		if (!seul)
			corps.push(el('h1', {}, dit(ecran.titre)));
		ici.forEach(function (k) {
			var it = I.items[k], g = it.g === undefined ? null : I.groupes[it.g];

			if (g && groupe !== g) {
				corps.push(g.x === ecran.titre ? null : el('h2', {}, dit(g.x)));
				corps.push(p(dit(g.a), 'hint'));
			}
			groupe = g;
			corps.push(el('fieldset', {}, [el('legend', {}, seul ? el('h1', {}, dit(it.x)) : dit(it.x)),
				it.o ? p(m('dire', dit(it.o)), 'hint') : null, p(dit(it.a), 'hint'), commande(k)]));
		});
		montre([el('p', {}, bouton('‹ ' + m('retour'), function () {
			lit_page(page);
			var b = avant(page);

			if (b < 0)
				ouverture([]);
			else
				question(b, []);
		}, 'lien')), erreurs(faux), p(m('page', fait, sur), 'progress'),
			el('form', { novalidate: 'novalidate', submit: function (ev) {
				ev.preventDefault();
				var f = lit_page(page);

				question(f.length ? page : apres(page), f);
			} }, corps.concat(el('div', { 'class': 'row' }, [
				el('button', { 'class': 'btn' }, m('continuer')),
				bouton(m('arreter'), function () {
					lit_page(page);
					resultat();
				}, 'btn plain')])))], seul ? dit(I.items[ici[0]].x) : dit(ecran.titre));
	}

	/* --- what follows ------------------------------------------------------------ */
	function phrases(textes) {
		return textes.map(dit).reduce(function (a, b, i) {
			return !i ? b : a + (i + 1 < textes.length ? ', ' : m('et')) + b;
		}, '');
	}
	function mots(tete, textes) {
		return textes.length ? el('p', {}, [el('strong', {}, tete), ' ' + phrases(textes) + '.']) : null;
	}
	function points(liste) {
		return el('ul', {}, liste.map(function (x) { return el('li', {}, dit(x)); }));
	}
	function proche(marge) {
		return m(marge < 0.15 ? 'proche.tres' : marge < 0.4 ? 'proche.assez' : 'proche.loin');
	}
	function pro(x) {
		var corps = [el('summary', {}, m('pro'))];

		x.besoins.forEach(function (o) {
			corps.push(o.agent ? p(m('dire', dit(o.agent))) : null);
		});
		if (I.classes.length) {
			corps.push(el('p', {}, [m('lecture') + ' ', el('strong', {}, dit(x.classe < 0
				? I.indetermine : I.classes[x.classe].x))]), points(x.raisons));
			if (x.seconde >= 0)
				corps.push(p(m('seconde', dit(I.classes[x.seconde].x), proche(x.marge))),
					points(x.second_raisons));
		}
		corps.push(el('ul', {}, I.scores.map(function (s, i) {
			return el('li', {}, dit(s.titre) + ' : ' + (isNaN(x.scores[i]) ? m('peu')
				: String(Math.round(x.scores[i] * 100) / 100).replace('.', langue === 'en' ? '.' : ',')));
		})));
		return el('details', { 'class': 'noprint' }, corps);
	}
	/* One line of the file: see docs/instruments.md, "Hors ligne". */
	function ligne(x) {
		var rep = {};

		I.items.forEach(function (it, i) {
			if (x.kept[i].e)
				rep[it.id] = M.ecrire(it, x.kept[i]);
		});
		return JSON.stringify({ tremplin: 'hors-ligne/1', numero: numero, instrument: I.id,
			version: I.version, mode: 'terrain', langue: langue, le: aujourdhui(), age: cadre.age,
			accord: cadre.accord, provenance: cadre.provenance, moment: cadre.moment,
			commune: cadre.commune, groupe: cadre.groupe, reponses: rep,
			profil: I.classes.length ? x.classe < 0 ? 'indetermine' : I.classes[x.classe].id : '' });
	}
	function garde(x) {
		numero = M.numero();
		if (!numero)
			return;
		feuilles.push(ligne(x));
		faite = true;
		ecrit();
	}
	function resultat() {
		var x = M.diagnostic(I, r), titre = dit(x.phrases[0][0] || I.titre);
		var garder = I.garde && cadre.accord && cadre.age === '18';
		var compter = I.conserver === 1 || (I.conserver === 2 && cadre.age === '15-17');

		montre([el('p', { 'class': 'noprint row' }, [
			faite ? null : bouton('‹ ' + m('retour'), function () {
				question(passe, []);
			}, 'lien'), bouton(m('imprimer'), function () { window.print(); }, 'btn plain')]),
			el('article', { 'class': 'sheet' }, [el('h1', {}, titre),
				mots(m('savez'), x.phrases[1]), mots(m('bloque'), x.phrases[2]), mots(m('peut'), x.phrases[3]),
				x.besoins.length ? el('h2', {}, m('propose')) : null,
				x.besoins.length ? el('ol', {}, x.besoins.map(function (o) {
					return el('li', {}, [el('strong', {}, dit(o.dire)), p(dit(o.pourquoi)),
						o.ressource ? el('p', {}, el('a', { href: o.ressource, rel: 'noreferrer' },
							m('loin'))) : null]);
				})) : null,
				p(dit(I.titre) + ' · ' + I.version + ' · ' + aujourdhui().split('-').reverse().join('/') +
					'. ' + m('feuille'), 'small'),
				faite && garder ? el('div', { 'class': 'note' }, [el('h2', {}, m('numero', numero)),
					p(m('numero.suite'))]) : null]),
			garder && !faite ? el('div', { 'class': 'noprint' }, [bouton(m('garder'), function () {
				garde(x);
				resultat();
			}), p(m('garder.aide'), 'hint')]) : null,
			cadre.age === '15-17' ? p(m('mineur'), 'note noprint') : null,
			pro(x), el('div', { 'class': 'row noprint' }, bouton(m('terminer'), function () {
				if (compter && !faite)
					garde(x);
				r = null;
				numero = null;
				cadre = { provenance: cadre.provenance, commune: cadre.commune, groupe: cadre.groupe,
					moment: cadre.moment };
				ouverture([]);
			}, 'btn'))], titre);
	}

	/* --- the sheets to bring back ------------------------------------------------ */
	function stock(faire) {
		try {
			return faire(window.localStorage);
		} catch (e) {
			return null;            /* refused by this browser: memory alone */
		}
	}
	function tient() { return stock(function (s) { return s.getItem(CLE) !== null; }); }
	function ecrit() {
		sorties = 0;
		if (tient())
			stock(function (s) { s.setItem(CLE, feuilles.join('\n')); });
	}
	function parts() {
		var out = [], size = PART;

		feuilles.forEach(function (l) {
			var n = encodeURIComponent(l).length + 6;

			if (size + n > PART) {
				out.push('');
				size = 0;
			}
			out[out.length - 1] += l + '\n';
			size += n;
		});
		return out;
	}
	function sauver(texte, nom) {
		var b = new Blob([texte], { type: 'application/octet-stream' }), a;

		sorties = feuilles.length;
		if (navigator.msSaveBlob)
			return navigator.msSaveBlob(b, nom);
		a = el('a', { href: URL.createObjectURL(b), download: nom });
		d.body.appendChild(a);
		a.click();
		d.body.removeChild(a);
	}
	function rapporter() {
		var liste = parts(), corps;

		if (!I.conserver)
			return null;
		corps = [el('h2', { id: 'rapporter' }, m('rapporter')),
			p(feuilles.length ? m('feuilles', feuilles.length) : m('feuilles.non'))];
		liste.forEach(function (texte, i) {
			var nom = I.id + '-' + aujourdhui() + (liste.length > 1 ? '-' + (i + 1) : '') + '.jsonl';

			corps.push(el('div', { 'class': 'row' }, [
				bouton(m('enregistrer', nom), function () { sauver(texte, nom); }),
				I.adresse ? el('a', { 'class': 'btn plain', target: '_blank', rel: 'noreferrer noopener',
					href: I.adresse + '/agent/instruments/retour#' + encodeURIComponent(texte),
					click: function () { sorties = feuilles.length; } }, m('reseau')) : null]));
		});
		corps.push(el('div', { 'class': 'choice quiet' }, [
			el('input', { type: 'checkbox', id: 'tenir', checked: !!tient(), click: function (ev) {
				var oui = ev.target.checked;

				stock(function (s) {
					if (oui)
						s.setItem(CLE, feuilles.join('\n'));
					else
						s.removeItem(CLE);
				});
				ev.target.checked = !!tient();
			} }), el('label', { 'for': 'tenir' }, [m('tenir'), el('small', {}, ' ' + m('tenir.aide'))])]));
		if (feuilles.length)
			corps.push(bouton(m('effacer'), function () {
				if (!window.confirm(m('effacer.sur', feuilles.length)))
					return;
				feuilles = [];
				ecrit();
				ouverture([]);
			}, 'btn plain'));
		return el('section', { 'class': 'note', 'aria-labelledby': 'rapporter' }, corps);
	}

	stock(function (s) {
		var texte = s.getItem(CLE);

		feuilles = texte ? texte.split('\n').filter(Boolean) : [];
	});
	sorties = feuilles.length;
	window.addEventListener('beforeunload', function (ev) {
		if (r || (feuilles.length > sorties && !tient()))
			ev.returnValue = m('partir');
	});
	ouverture([]);
}());
