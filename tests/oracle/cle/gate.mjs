/* Security keys.  Usage: node gate.mjs BINARY VERIFIER */
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { spawn, execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, open_browser, totals } from '../../browser/browser.mjs';

const [binary, verifier] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'tremplin-cle-')), data = join(folder, 'data');
const password = 'girouette panier cactus neige';

const free_port = () => new Promise(done => {
	const s = createServer().listen(0, '127.0.0.1', () => {
		const { port } = s.address();
		s.close(() => done(port));
	});
});
const sleep = ms => new Promise(done => setTimeout(done, ms));

/* --- our verifier, a line at a time ------------------------------------------------------ */
const ours = spawn(verifier, { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = createInterface({ input: ours.stdout })[Symbol.asyncIterator]();
async function we_say(...words) {
	ours.stdin.write(`${words.join(' ')}\n`);
	return (await lines.next()).value.split(' ');
}

/* --- theirs ---------------------------------------------------------------------------------- */
async function they_say_created(x, expect) {
	try {
		const v = await verifyRegistrationResponse({
			response: { id: x.id, rawId: x.id, type: 'public-key', clientExtensionResults: {},
				response: { clientDataJSON: x.client, attestationObject: x.objet } },
			expectedChallenge: expect.challenge, expectedOrigin: expect.origin, expectedRPID: expect.rp,
			requireUserVerification: false, supportedAlgorithmIDs: [-7, -8, -257],
		});
		return v.verified ? v.registrationInfo : null;
	} catch {
		return null;
	}
}
async function they_say_used(x, expect, key) {
	try {
		const v = await verifyAuthenticationResponse({
			response: { id: key.id, rawId: key.id, type: 'public-key', clientExtensionResults: {},
				response: { clientDataJSON: x.client, authenticatorData: x.donnees, signature: x.signature } },
			expectedChallenge: expect.challenge, expectedOrigin: expect.origin, expectedRPID: expect.rp,
			requireUserVerification: false,
			authenticator: { credentialID: Buffer.from(key.id, 'base64url'), counter: key.counter,
				credentialPublicKey: key.cose },
		});
		return v.verified;
	} catch {
		return false;
	}
}

/* --- the site ----------------------------------------------------------------------------------- */
const port = await free_port(), site = `http://localhost:${port}`;
mkdirSync(data, { recursive: true });
writeFileSync(join(data, 'config'), `adresse = ${site}\n`);
const server = spawn(binary, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`],
	{ stdio: ['ignore', 'ignore', 'pipe'] });
await new Promise(done => server.stderr.on('data', d => String(d).includes('écoute') && done()));
server.stderr.resume();
await sleep(500);
const tremplin = (...words) => execFileSync(binary, words, { encoding: 'utf8' });
const sql = text => execFileSync('sqlite3', [join(data, 'tremplin.db'), text], { encoding: 'utf8' });

const { browser, close } = await open_browser();

/* A person with a browser; `keys`: the devices that are plugged in it. */
async function person(options = {}) {
	const context = await browser.newContext({ locale: 'fr-FR', javaScriptEnabled: options.js !== false });
	const page = await context.newPage();
	const cdp = await context.newCDPSession(page);
	await cdp.send('WebAuthn.enable');
	const plug = async () => (await cdp.send('WebAuthn.addVirtualAuthenticator', { options: {
		protocol: 'ctap2', transport: 'usb', hasResidentKey: false, hasUserVerification: false,
		automaticPresenceSimulation: true } })).authenticatorId;
	const sent = [];
	page.on('request', q => q.method() === 'POST' && /cle$/.test(new URL(q.url()).pathname)
		&& sent.push(Object.fromEntries(new URLSearchParams(q.postData()))));
	return { context, page, cdp, plug, sent };
}

async function fill(page, values) {
	for (const [name, value] of Object.entries(values)) {
		const at = page.locator(`main [name="${name}"]`).first();
		if (await at.evaluate(x => x.tagName === 'SELECT'))
			await at.selectOption(value);
		else
			await at.fill(value);
	}
}
const press = (page, words) => Promise.all([page.waitForLoadState('load'),
	page.locator('main button', { hasText: words }).first().click()]);
/* The form of the page with other values in it, sent past the page's own script. */
async function post(page, action, values) {
	const [answer] = await Promise.all([page.waitForResponse(r => r.request().method() === 'POST'),
		page.waitForEvent('load'), page.evaluate(([at, v]) => {
			const form = [...document.forms].find(f => f.getAttribute('action') === at);
			for (const [k, x] of Object.entries(v)) {
				if (form.elements[k] && k !== 'csrf')
					form.elements[k].value = x;
			}
			form.submit();
		}, [action, values])]);
	return { status: answer.status(), url: page.url(), text: await page.content() };
}

try {
	const link = tremplin('agent', 'premier', '--data', data).trim();
	const p = await person();
	const device = await p.plug();
	await p.page.goto(site + link);
	await fill(p.page, { prenom: 'Alba', nom: 'Moreau', courriel: 'alba@exemple.fr', structure: 'CCAS de Bondy', type: 'ccas' });
	await p.page.locator('main form button').last().click();
	await p.page.waitForURL(/bienvenue/);
	const name = (await p.page.locator('main').innerText()).match(/identifiant, à garder\s*:\s*(\S+)/)?.[1] || 'alba.m';
	await fill(p.page, { mot_de_passe: password });
	await p.page.locator('main form button').last().click();
	await p.page.waitForURL(/facteurs\/ajouter/);

	/* --- enrolling, while an invitation is accepted ---------------------------------------- */
	await p.page.getByRole('link', { name: 'Une clé de sécurité' }).click();
	const created = { challenge: await p.page.locator('form[data-cle]').getAttribute('data-defi'), origin: site, rp: 'localhost' };
	check('where the browser has keys, the page no longer says that it has none',
		await p.page.locator('[data-cle-sans]').isHidden());
	await fill(p.page, { nom: 'clé bleue' });
	await press(p.page, 'Présenter ma clé');
	await p.page.waitForURL(/codes-secours/, { timeout: 10000 });
	check('a key of Chromium is taken as second factor of an invitation', /codes-secours/.test(p.page.url()));
	const made = p.sent[0];
	const mine = await we_say('creer', created.challenge, created.origin, created.rp, made.client, made.objet);
	check('our verifier takes it', mine[0] === 'oui', mine.join(' '));
	const known = { id: mine[4], alg: mine[1], public: mine[2], counter: Number(mine[3]) };
	made.id = known.id;
	const theirs = await they_say_created(made, created);
	check('@simplewebauthn/server takes it too, with the same id and counter', theirs
		&& Buffer.from(theirs.credentialID).toString('base64url') === known.id && theirs.counter === known.counter);
	const key = { id: known.id, counter: known.counter, cose: theirs.credentialPublicKey };

	/* --- coming in ---------------------------------------------------------------------------- */
	async function first_step(page, retour = '/agent') {
		await page.goto(`${site}/agent/connexion?retour=${retour}`);
		await fill(page, { identifiant: name, mot_de_passe: password });
		await page.locator('main form[action="/agent/connexion"] button').click();
		await page.waitForURL(/connexion\/code/);
	}
	async function to_the_key(page) {
		await press(page, 'Une clé de sécurité');
		await page.locator('form[data-cle]').waitFor();
	}
	async function come_in_again() {
		await p.page.goto(`${site}/agent`);
		await p.page.locator('form[action="/agent/deconnexion"] button').click();
		await p.page.waitForLoadState('load');
		await first_step(p.page, '/agent/compte');
		await to_the_key(p.page);
		const challenge = await p.page.locator('form[data-cle]').getAttribute('data-defi');
		await press(p.page, 'Présenter ma clé');
		await p.page.waitForURL(/agent\/compte/, { timeout: 10000 });
		return challenge;
	}
	/* @simplewebauthn/server 9 does not pad a half of a signature that begins with zeros (one in
	 * 128): it refuses what is right.  Another signature is made until both halves are whole. */
	const whole = signature => {
		const b = Buffer.from(signature, 'base64url');
		return b[3] >= 32 && b[5 + b[3]] >= 32;
	};
	let challenge, use;
	do {
		challenge = await come_in_again();
		use = p.sent.findLast(x => x.signature);
	} while (!whole(use.signature));
	const used = { ...created, challenge };
	check('the key opens the session and leads to the page that was wanted', /agent\/compte$/.test(p.page.url()));
	const ask = (x, e = used, k = known) => we_say('utiliser', e.challenge, e.origin, e.rp, x.client || '-', x.donnees || '-',
		x.signature || '-', k.alg, k.public, k.counter);
	check('both verifiers take this use', (await ask(use))[0] === 'oui' && await they_say_used(use, used, key));
	check('the counter that is kept went forward', Number(sql('SELECT cle_compteur FROM facteur')) > known.counter);

	/* --- bent answers, before both --------------------------------------------------------------- */
	const flip = (text, at) => {
		const b = Buffer.from(text, 'base64url');
		b[at < 0 ? b.length + at : at] ^= 1;
		return b.toString('base64url');
	};
	const client = (text, how) => Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(text, 'base64url')), ...how })).toString('base64url');
	const flags = (text, value) => {
		const b = Buffer.from(text, 'base64url');
		b[32] = value;
		return b.toString('base64url');
	};
	const bent = [
		['another challenge', { client: client(use.client, { challenge: 'AAAA' }) }],
		['another origin', { client: client(use.client, { origin: 'http://localhost.evil.example' }) }],
		['another port', { client: client(use.client, { origin: 'http://localhost:1' }) }],
		['the other use', { client: client(use.client, { type: 'webauthn.create' }) }],
		['client data that were not signed', { client: client(use.client, { more: 1 }) }],
		['no client data', { client: Buffer.from('{}').toString('base64url') }],
		['another site', { donnees: flip(use.donnees, 0) }],
		['nobody present', { donnees: flags(use.donnees, 0) }],
		['a copy of what may not be copied', { donnees: flags(use.donnees, 0x11) }],
		['another counter', { donnees: flip(use.donnees, 36) }],
		['data cut short', { donnees: use.donnees.slice(0, -4) }],
		['data with more', { donnees: Buffer.concat([Buffer.from(use.donnees, 'base64url'), Buffer.from([0])]).toString('base64url') }],
		['a bent signature', { signature: flip(use.signature, -1) }],
		['a signature cut short', { signature: use.signature.slice(0, -4) }],
		['no signature', { signature: '' }],
	];
	for (const [what, how] of bent) {
		const x = { ...use, ...how };
		check(`a use with ${what} is refused by both verifiers`,
			(await ask(x))[0] === 'non' && !await they_say_used(x, used, key));
	}
	for (const [what, e] of [['another challenge', { ...used, challenge: created.challenge }], ['another origin', { ...used, origin: 'https://localhost' }],
		['another site', { ...used, rp: 'exemple.fr' }]]) {
		check(`a use where ${what} is expected is refused by both`, (await ask(use, e))[0] === 'non' && !await they_say_used(use, e, key));
	}
	for (const counter of [1, 2, 3, 4000]) {
		const k = { ...known, counter }, there = await they_say_used(use, used, { ...key, counter });
		check(`a kept counter of ${counter} gives the same answer in both`, ((await ask(use, used, k))[0] === 'oui') === there);
	}
	const objects = [
		['another challenge', { client: client(made.client, { challenge: 'AAAA' }) }, created],
		['another origin', { client: client(made.client, { origin: 'https://localhost' }) }, created],
		['the other use', { client: client(made.client, { type: 'webauthn.get' }) }, created],
		['another site', {}, { ...created, rp: 'exemple.fr' }],
		['half an object', { objet: made.objet.slice(0, 80) }, created],
		['no object', { objet: 'oA' }, created],
	];
	for (const [what, how, e] of objects) {
		const x = { ...made, ...how };
		const we = await we_say('creer', e.challenge, e.origin, e.rp, x.client, x.objet), they = await they_say_created(x, e);
		check(`a new key with ${what} is refused by both verifiers`, we[0] === 'non' && !they, `${we} / ${Boolean(they)}`);
	}

	check('a new key whose last bytes are missing is refused by ours (theirs reads on)',
		(await we_say('creer', created.challenge, created.origin, created.rp, made.client, made.objet.slice(0, -8)))[0] === 'non');

	/* --- bent answers, before the site ------------------------------------------------------------ */
	const q = await person();
	await first_step(q.page);
	await to_the_key(q.page);
	const replay = await post(q.page, '/agent/connexion/cle', use);
	check('an answer that was seen in another browser does not open this one', /problème/.test(replay.text) && !/\/agent$/.test(replay.url), replay.status);
	await q.page.goto(`${site}/agent`);
	check('and nobody is in', /connexion/.test(q.page.url()));

	/* the same key, copied with its counter as it was */
	const { credentials } = await p.cdp.send('WebAuthn.getCredentials', { authenticatorId: device });
	const clone = await q.plug();
	await q.cdp.send('WebAuthn.addCredential', { authenticatorId: clone, credential: { ...credentials[0], signCount: 0 } });
	await first_step(q.page);
	await to_the_key(q.page);
	await press(q.page, 'Présenter ma clé');
	await q.page.locator('#erreurs').waitFor();
	check('a copy of the key, whose counter stayed behind, is refused and said', /pas répondu comme attendu/.test(await q.page.locator('#erreurs').innerText()));
	check('the page of a refusal draws another challenge, and one may try again',
		await q.page.locator('form[data-cle]').getAttribute('data-defi') !== used.challenge);

	/* --- a proof ------------------------------------------------------------------------------------ */
	sql("UPDATE agent_session SET prouve_le = '2020-01-01T00:00:00Z'");
	await sleep(600);
	await p.page.goto(`${site}/agent/compte/mot-de-passe`);
	check('what is grave asks for a proof', /preuve/.test(p.page.url()), p.page.url());
	await to_the_key(p.page);
	await press(p.page, 'Présenter ma clé');
	await p.page.waitForURL(/mot-de-passe/, { timeout: 10000 });
	check('the key proves who one is, and leads back', /compte\/mot-de-passe$/.test(p.page.url()));

	/* --- in the account ------------------------------------------------------------------------------- */
	await p.page.goto(`${site}/agent/facteurs/cle`);
	await press(p.page, 'Présenter ma clé');
	await p.page.locator('[data-cle-refus]').waitFor({ state: 'visible' });
	check('the same key is not added twice: the browser says so, and one may go on',
		await p.page.locator('[data-cle-bouton]').isEnabled());
	await p.cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: device });
	await p.plug();
	await p.page.reload();
	await press(p.page, 'Présenter ma clé');
	await p.page.waitForURL(/facteurs$/, { timeout: 10000 });
	check('a second key is added beside the first', Number(sql("SELECT count(*) FROM facteur WHERE sorte = 'cle'")) === 2);
	check('the list of factors shows both', (await p.page.locator('main .card').count()) >= 2 && /clé bleue/.test(await p.page.locator('main').innerText()));

	/* --- without JavaScript -------------------------------------------------------------------------- */
	const n = await person({ js: false });
	await n.page.goto(`${site}/agent/connexion`);
	await fill(n.page, { identifiant: name, mot_de_passe: password });
	await n.page.locator('main form[action="/agent/connexion"] button').click();
	await n.page.locator('main button', { hasText: 'Une clé de sécurité' }).click();
	check('without JavaScript the page says what it needs, shows no button that would fail, and offers another way',
		await n.page.locator('[data-cle-sans]').isVisible() && await n.page.locator('[data-cle-bouton]').isHidden()
		&& await n.page.locator('main button', { hasText: 'Utiliser un autre moyen' }).isVisible());
	await n.page.locator('main button', { hasText: 'Utiliser un autre moyen' }).click();
	await n.page.locator('main button', { hasText: 'plus mon téléphone' }).click();
	check('and a recovery code is still a way in', /secours/.test(n.page.url()) || /code de secours/.test(await n.page.locator('main').innerText()));
} catch (e) {
	check('the gate came to its end', false, e.stack);
} finally {
	await close();
	ours.kill();
	server.kill();
	await sleep(300);
	rmSync(folder, { recursive: true, force: true });
}
process.exitCode = totals();
