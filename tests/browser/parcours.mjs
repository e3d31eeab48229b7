/* The journeys of instruments, told once: what is opened, ticked, typed and pressed.  Chromium
 * walks them with the keyboard (instruments.mjs), a virtual screen reader reads what it meets
 * (tests/lecteur).  `d` is one of both: go, follow, fill, press, names, path, text, seen. */

/* Fills page after page of questions until another page comes. */
async function answer(d, answers) {
	for (let n = 1; /\/question\//.test(await d.path()) && n < 20; n++) {
		await d.seen(`question ${n}`);
		const asked = await d.names();
		await d.fill(Object.fromEntries(Object.entries(answers).filter(([k]) => asked.includes(k))));
		await d.press('main form button.i-suite');
	}
}

/* At the counter, to the sheet; Tremblay is far from the rounds of any bus, which move. */
async function point(d) {
	await d.go('/reperage');
	await d.seen('début');
	await d.follow('main a.btn.i-suite');
	await answer(d, { quoi: 'apprendre', quand: 'plus_tard', appareil: 'smartphone', connexion: 'mobile',
		aisance: 'peu', derniere: 'avec_aide', entourage: 'non' });
	await d.seen('résultat');
	await d.fill({ commune: 'Zzyzx' });
	await d.press('#ou button');
	await d.seen('commune inconnue');
	await d.fill({ commune: 'Tremblay-en-France' });
	await d.press('#ou button');
	await d.seen('résultat et lieux');
	await d.follow('main .i-imprimer.petit');
	await d.seen('fiche');
}

/* Something to do by tonight: sent at once. */
async function urgence(d) {
	await d.go('/reperage');
	await d.follow('main a.btn.i-suite');
	await d.fill({ quoi: 'demarche', quand: 'jour' });
	await d.press('main form button.i-suite');
	await d.fill({ demarche: 'papiers' });
	await d.press('main form button.i-suite');
	await d.seen('urgent');
}

async function paroles(d) {
	await d.go('/paroles');
	await d.seen('publiées');
	await d.follow('main a.btn.i-suite');
	await d.seen('dire');
	await d.press('main form .btn');
	await d.seen('rien d’écrit');
	await d.fill({ qui: 'habitant', bloque: 'Le guichet ferme à midi.' });
	await d.press('main form .btn');
	await d.seen('merci');
}

/* One of the instruments that an agent asks, from its opening to its end. */
const asks = (id, answers, opening = {}) => async d => {
	await d.go(`/agent/instruments/${id}`);
	await d.seen('ouverture');
	await d.fill({ age: 'moins-15', provenance: 'declare', mode: 'ecran' });
	await d.press('main form .btn.i-suite');
	await d.seen('avant 15 ans');
	await d.fill({ age: '18', ...opening });
	await d.press('main form .btn.i-suite');
	await answer(d, answers);
	await d.seen('résultat');
	await d.press('form[action="/agent/instruments/fin"] button');
};

const gestes = { deja: ['appeler', 'photos'], allumer: 'seul', commandes: 'seul', reglages: 'avec_aide',
	applications: 'avec_aide', wifi: 'pas_encore', navigateur: 'seul', secrets: 'pas_essaye', renouveler: 'avec_aide',
	appareil: 'smartphone', connexion: 'mobile', relation: 'inquiet', entourage: 'parfois' };
const capacites = Object.fromEntries(['s_informer', 'communiquer', 'demarches', 'se_proteger', 'apprendre',
	'se_faire_aider', 'choisir', 'participer'].map((k, i) => [k, ['deux', 'trois', 'quatre', 'cinq'][i % 4]]));
const usages = { ordinateur: 'oui', smartphone: 'oui', tablette: 'non', connexion: 'oui', frequence: 'jour',
	...Object.fromEntries(['courriel', 'demarches', 'banque', 'achats', 'proches', 'information', 'regarder', 'creer']
		.map(k => [`usages_${k}`, 'souvent'])),
	...Object.fromEntries(['trouver', 'formulaire', 'installer', 'fichier', 'probleme'].map(k => [`taches_${k}`, 'plutot'])) };
const enquete = { tranche: 'de_60_74', occupation: 'retraite', appareils: ['smartphone', 'tablette'], connexion: 'mal',
	demarches: '3', difficulte: 'difficiles', renonce: 'oui', aide: 'proche', lieu: 'mediatheque',
	'priorites.gens': '1', 'priorites.materiel': '2', 'priorites.ateliers': '3', 'priorites.papier': '4' };
const confiance = Object.fromEntries(['commencer', 'retrouver', 'demander', 'refaire'].map(k => [`confiance_${k}`, 'assez']));

/* A sheet of paper, printed with its number, comes back and is typed. */
async function papier(d) {
	await d.go('/agent/instruments/papier/satisfaction_atelier');
	await d.seen('feuille à imprimer');
	const number = (await d.text()).match(/[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}/)[0];
	await d.go('/agent/instruments/saisie/satisfaction_atelier');
	await d.seen('à saisir');
	await d.fill({ numero: 'AAAA-BBBB-CCCC' });
	await d.press('main form .btn.i-suite');
	await d.seen('numéro faux');
	const boxes = (await d.names()).filter(n => n.startsWith('r.'));
	await d.fill({ numero: number, age: '18', ...Object.fromEntries(boxes.slice(0, 5).map(n => [n, '1'])) });
	await d.press('main form .btn.i-suite');
	await d.seen('gardée');
	await d.go('/agent/instruments/telephone/satisfaction_atelier');
	await d.seen('au téléphone');
}

const title = 'Le bus du jeudi';

/* Five questions are written, tried, published and printed. */
async function auteur(d) {
	const here = '/agent/ecrire/le_bus_du_jeudi/1.0.0';
	await d.go('/agent/ecrire');
	await d.seen('la liste');
	await d.press('form[action="/agent/ecrire"] button');
	await d.seen('sans titre');
	await d.fill({ titre: title });
	await d.press('form[action="/agent/ecrire"] button');
	await d.seen('brouillon');
	await d.follow(`main a[href="${here}/question?n=0"]`);
	await d.fill({ texte: 'Êtes-vous venu par le bus ?', options: 'Oui = 1\nNon = 0' });
	await d.press('main form .btn');
	for (const q of [{ type: 'echelle', texte: 'L’accueil était…', options: 'Mauvais\nMoyen\nBon' },
		{ type: 'nombre', texte: 'Combien de minutes avez-vous attendu ?', min: '0', max: '300' },
		{ type: 'plusieurs', texte: 'Vous êtes venu pour…', options: 'Une démarche\nApprendre\nImprimer' },
		{ type: 'echelle', texte: 'Vous reviendrez…', options: 'Non\nPeut-être\nOui' }]) {
		await d.follow(`main a[href="${here}/question"]`);
		if (q.type === 'nombre')
			await d.seen('une question');
		await d.fill(q);
		await d.press('main form .btn');
	}
	await d.go(`${here}/question`);
	await d.fill({ type: 'echelle', texte: 'Trop courte ?', options: 'Oui' });
	await d.press('main form .btn');
	await d.seen('échelle trop courte');
	await d.go(here);
	await d.seen('cinq questions');
	await d.press('main button[value=noter]');
	await d.seen('score sans question');
	await d.fill({ titre_score: 'Bien reçu', calcul: 'somme', 'compte.question_1': 'oui', 'compte.l_accueil_etait': 'oui' });
	await d.press('main button[value=noter]');
	await d.fill({ seuil: '3,5', haut: 'bien reçu', haut_parce_que: 'Venu par le bus et bien accueilli.',
		bas: 'à mieux recevoir', bas_parce_que: 'Le bus ou l’accueil n’a pas plu.' });
	await d.press('main button[value=lire]');
	await d.seen('score lu en deux');
	await d.follow(`main a[href="${here}/apercu"]`);
	await d.seen('voir et essayer');
	await d.fill({ question_1: 'oui', l_accueil_etait: 'bon' });
	await d.press('main form .btn');
	await d.seen('ce qui suivrait');
	await d.go(`${here}/chemins`);
	await d.seen('les chemins');
	await d.go(here);
	await d.press('main button[value=publier]');
	await d.seen('publié');
	await d.follow('main a.i-imprimer');
	await d.seen('imprimé');
}

/* Words of the field, read again and published; then what was answered, counted. */
async function relire(d) {
	await d.go('/agent/paroles');
	await d.seen('à relire');
	await d.follow('main ul a[href^="/agent/paroles/"]');
	await d.seen('une parole');
	await d.fill({ texte: 'Le guichet ferme à midi, personne ne le sait.', theme: 'bloque' });
	await d.press('main button[value=publiee]');
	await d.seen('après');
}

async function comptes(d) {
	await d.go('/agent/comptes');
	await d.seen('la liste');
	await d.follow('main a[href="/agent/comptes/satisfaction_atelier"]');
	await d.seen('comptes');
	await d.fill({ par: 'structure' });
	await d.press('main form.filters .btn');
	await d.seen('par structure');
}

/* name, who walks it (a role of the demonstration, null: anybody), in Arabic too */
export const journeys = [
	{ name: 'point', role: null, arabic: true, walk: point },
	{ name: 'urgence', role: null, arabic: true, walk: urgence },
	{ name: 'paroles', role: null, arabic: true, walk: paroles },
	{ name: 'huit_gestes', role: 'mediateur', arabic: true, walk: asks('huit_gestes', gestes) },
	{ name: 'satisfaction_atelier', role: 'mediateur', walk: asks('satisfaction_atelier',
		{ utile: 'tout_a_fait', rythme: 'bon', accueil: 'plutot_oui', refaire: 'avec_aide', revenir: 'oui' }) },
	{ name: 'avant_apres_atelier', role: 'mediateur', walk: asks('avant_apres_atelier', confiance) },
	{ name: 'usages_enquete', role: 'mediateur', walk: asks('usages_enquete', usages) },
	{ name: 'enquete_observatoire', role: 'mediateur', walk: asks('enquete_observatoire', enquete) },
	{ name: 'toile_capacites', role: 'mediateur', walk: asks('toile_capacites', capacites) },
	{ name: 'papier', role: 'mediateur', walk: papier },
	{ name: 'auteur', role: 'coordinateur', walk: auteur },
	{ name: 'relire', role: 'coordinateur', walk: relire },
	{ name: 'comptes', role: 'coordinateur', walk: comptes },
];
