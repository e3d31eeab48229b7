/* A provider that lies as it is told, to see each lie refused; told nothing, it is honest.
 * Usage: node mauvais.mjs PORT.  POST /__mode {"mode": "..."}: how it lies from now on.
 * GET /__journal: what it was asked.  Written with Node's own crypto, no library of tokens. */
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign }
	from 'node:crypto';
import { createServer } from 'node:http';

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}/realm`;
const secret = 'un secret de trente-deux octets & plus';
const codes = new Map(), log = [];
let mode = {}, generation = 1, keys = {};

function fresh() {
	keys = {
		RS256: { kid: `rsa-${generation}`, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) },
		ES256: { kid: `ec-${generation}`, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
	};
}
fresh();
const strangers = { RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
	ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }) };

const b64 = v => Buffer.from(typeof v === 'string' ? v : JSON.stringify(v)).toString('base64url');
const jwk = (k, alg) => ({ ...k.publicKey.export({ format: 'jwk' }), kid: k.kid,
	use: 'sig', alg });

function signature(text, alg, key) {
	return sign('sha256', Buffer.from(text), alg === 'ES256'
		? { key, dsaEncoding: 'ieee-p1363' } : key).toString('base64url');
}

/* A token of that payload, with the lie of the day about its signature. */
function token(payload, lie) {
	const alg = mode.alg || 'RS256', k = keys[alg], stranger = strangers[alg];
	const pem = k && k.publicKey.export({ type: 'spki', format: 'pem' });
	let head = { alg, typ: 'JWT', kid: k && k.kid }, key = k && k.privateKey;
	const mac = (h, s) => {
		const text = `${b64(h)}.${b64(payload)}`;
		return `${text}.${createHmac('sha256', s).update(text).digest('base64url')}`;
	};
	if (alg === 'HS256')
		return mac({ alg, typ: 'JWT' }, lie === 'other-secret' ? 'un autre secret de trente-deux octets'
			: secret);
	switch (lie) {
	case 'alg-none': return `${b64({ alg: 'none', typ: 'JWT' })}.${b64(payload)}.`;
	case 'alg-none-kid': return `${b64({ alg: 'none', kid: k.kid })}.${b64(payload)}.AAAA`;
	case 'alg-None': return `${b64({ alg: 'None', kid: k.kid })}.${b64(payload)}.${signature('x', alg, key)}`;
	case 'hs256-pem': return mac({ alg: 'HS256', typ: 'JWT', kid: k.kid }, pem);
	case 'hs256-pem-no-eol': return mac({ alg: 'HS256', kid: k.kid }, pem.trimEnd());
	case 'hs256-modulus': return mac({ alg: 'HS256', kid: k.kid },
		Buffer.from(jwk(k, alg).n, 'base64url'));
	case 'hs256-secret': return mac({ alg: 'HS256', typ: 'JWT' }, secret);
	case 'hs256-empty': return mac({ alg: 'HS256', kid: k.kid }, '');
	case 'other-alg': head = { alg: 'ES256', kid: keys.ES256.kid }; key = keys.ES256.privateKey; break;
	case 'kid-unknown': head.kid = 'personne'; key = stranger.privateKey; break;
	case 'kid-path': head.kid = '../../../../dev/null'; break;
	case 'kid-sql': head.kid = "rsa-1' OR '1'='1"; break;
	case 'kid-of-the-enc-key': head.kid = 'enc'; key = stranger.privateKey; break;
	case 'kid-number': head.kid = 1; break;
	case 'key-of-a-stranger': key = stranger.privateKey; break;
	case 'jwk-inside': head.jwk = jwk({ ...stranger, kid: k.kid }, alg); key = stranger.privateKey; break;
	case 'jku': head.jku = `${issuer}/jwks-etranger`; key = stranger.privateKey; break;
	case 'x5u': head.x5u = `${issuer}/jwks-etranger`; key = stranger.privateKey; break;
	case 'crit': head.crit = ['exp']; head.exp = 1; break;
	case 'typ-at': head.typ = 'at+jwt'; break;
	case 'typ-logout': head.typ = 'logout+jwt'; break;
	}
	const text = `${b64(head)}.${b64(payload)}`;
	let s = signature(text, head.alg, key);
	if (lie === 'bent')
		return `${b64(head)}.${b64({ ...payload, sub: 'quelqu-un-d-autre' })}.${s}`;
	if (lie === 'cut')
		s = s.slice(0, -4);
	if (lie === 'four-parts')
		s += '.AAAA';
	return `${text}.${s}`;
}

function claims(c, access) {
	const now = Math.floor(Date.now() / 1000);
	const p = { iss: issuer, aud: c.client_id, sub: mode.sub || 'amina-sub', exp: now + 60, iat: now,
		nonce: c.nonce, at_hash: createHash('sha256').update(access).digest().subarray(0, 16)
			.toString('base64url'), amr: mode.amr || ['pwd'], acr: 'eidas1' };
	switch (mode.mode) {
	case 'wrong-iss': p.iss = 'http://127.0.0.1:1/realm'; break;
	case 'iss-slash': p.iss += '/'; break;
	case 'no-iss': delete p.iss; break;
	case 'wrong-aud': p.aud = 'un-autre-site'; break;
	case 'aud-list': p.aud = [c.client_id]; break;
	case 'aud-more': p.aud = [c.client_id, 'un-autre-site']; p.azp = c.client_id; break;
	case 'no-aud': delete p.aud; break;
	case 'wrong-azp': p.azp = 'un-autre-site'; break;
	case 'wrong-nonce': p.nonce = randomBytes(32).toString('base64url'); break;
	case 'no-nonce': delete p.nonce; break;
	case 'expired': p.iat -= 300; p.exp = now - 120; break;
	case 'no-exp': delete p.exp; break;
	case 'exp-text': p.exp = String(p.exp); break;
	case 'iat-future': p.iat = now + 600; break;
	case 'iat-old': p.iat = now - 7200; break;
	case 'nbf-future': p.nbf = now + 600; break;
	case 'wrong-at-hash': p.at_hash = 'AAAAAAAAAAAAAAAAAAAAAA'; break;
	case 'no-sub': delete p.sub; break;
	case 'sub-list': p.sub = ['amina-sub']; break;
	case 'sub-long': p.sub = 'x'.repeat(256); break;
	}
	return p;
}

function discovery() {
	const d = {
		issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`,
		userinfo_endpoint: `${issuer}/userinfo`, jwks_uri: `${issuer}/jwks`,
		end_session_endpoint: `${issuer}/end`, response_types_supported: ['code'],
		id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256'],
		code_challenge_methods_supported: ['S256'],
		authorization_response_iss_parameter_supported: true,
	};
	switch (mode.mode) {
	case 'd-issuer': d.issuer = `${issuer}/autre`; break;
	case 'd-issuer-slash': d.issuer += '/'; break;
	case 'd-http': d.token_endpoint = 'http://example.org/token'; break;
	case 'd-user': d.jwks_uri = 'https://a@example.org/jwks'; break;
	case 'd-other-origin': d.jwks_uri = 'https://example.org/jwks'; break;
	case 'd-no-token': delete d.token_endpoint; break;
	case 'd-javascript': d.authorization_endpoint = 'javascript:alert(1)'; break;
	}
	return d;
}

function json(res, value, status = 200) {
	res.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'max-age=60' });
	res.end(JSON.stringify(value));
}

async function body_of(req) {
	let body = '';
	for await (const chunk of req)
		body += chunk;
	return body;
}

/* Troubles of a server, whatever is asked. */
function trouble(req, res, m) {
	switch (m) {
	case 'down': req.socket.destroy(); return true;
	case 'silent': return true;
	case 'status-500': json(res, { error: 'server_error' }, 500); return true;
	case 'moved': res.writeHead(302, { Location: 'http://127.0.0.1:1/' }); res.end(); return true;
	case 'html': res.writeHead(200, { 'Content-Type': 'text/html' }); res.end('<html>'); return true;
	case 'huge': res.writeHead(200, { 'Content-Type': 'application/json' });
		res.end(`{"x":"${'a'.repeat(4 << 20)}"}`); return true;
	case 'drip': res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 });
		setInterval(() => res.write(' '), 500).unref(); return true;
	case 'array': json(res, []); return true;
	case 'twice': res.writeHead(200, { 'Content-Type': 'application/json' });
		res.end(`{"issuer":"${issuer}","issuer":"http://ailleurs"}`); return true;
	}
	return false;
}

async function give_tokens(req, res) {
	const form = new URLSearchParams(await body_of(req)), code = form.get('code');
	const c = codes.get(code), access = randomBytes(24).toString('base64url');
	log.push({ at: 'token', form: Object.fromEntries(form), basic: req.headers.authorization || '' });
	const pkce = c && c.challenge
		? createHash('sha256').update(form.get('code_verifier') || '').digest('base64url') === c.challenge
		: true;
	if (!c || c.used || form.get('client_secret') !== secret || form.get('redirect_uri') !== c.redirect_uri
	    || form.get('client_id') !== c.client_id || !pkce)
		return json(res, { error: 'invalid_grant' }, 400);
	c.used = true;
	c.access = access;
	if (trouble(req, res, mode.token))
		return undefined;
	const answer = { access_token: access, token_type: 'Bearer', expires_in: 60,
		id_token: token(claims(c, access), mode.mode) };
	if (mode.mode === 'no-id-token')
		delete answer.id_token;
	if (mode.mode === 'mac-type')
		answer.token_type = 'mac';
	return json(res, answer);
}

function give_userinfo(req, res) {
	const now = Math.floor(Date.now() / 1000);
	const c = [...codes.values()].find(x => `Bearer ${x.access}` === req.headers.authorization);
	if (!c)
		return json(res, { error: 'invalid_token' }, 401);
	const p = { iss: issuer, aud: c.client_id, sub: mode.sub || 'amina-sub', given_name: 'Amina',
		usual_name: 'Benali', email: 'amina@exemple.fr', siret: mode.siret || '13002526500013',
		exp: now + 60, iat: now };
	let lie = null;
	switch (mode.userinfo) {
	case 'unsigned': return json(res, p);
	case 'wrong-sub': p.sub = 'quelqu-un-d-autre'; break;
	case 'no-sub': delete p.sub; break;
	case 'wrong-aud': p.aud = 'un-autre-site'; break;
	case 'wrong-iss': p.iss = 'http://127.0.0.1:1/realm'; break;
	case 'no-iss': delete p.iss; break;
	case 'expired': p.exp = now - 300; p.iat = now - 400; break;
	case undefined: break;
	default: lie = mode.userinfo;
	}
	if (trouble(req, res, mode.userinfo))
		return undefined;
	res.writeHead(200, { 'Content-Type': 'application/jwt' });
	return res.end(token(p, lie));
}

createServer(async (req, res) => {
	const url = new URL(req.url, issuer), at = url.pathname.replace('/realm', '');
	if (url.pathname === '/__mode') {
		mode = JSON.parse(await body_of(req));
		if (mode.rotate) {
			generation++;
			fresh();
		}
		return json(res, { ok: true });
	}
	if (url.pathname === '/__journal')
		return json(res, log.splice(0));
	if (at === '/.well-known/openid-configuration') {
		log.push({ at: 'discovery' });
		return trouble(req, res, mode.discovery) || json(res, discovery());
	}
	if (at === '/jwks') {
		log.push({ at: 'jwks' });
		if (trouble(req, res, mode.jwks))
			return undefined;
		return json(res, { keys: [jwk(keys.RS256, 'RS256'), jwk(keys.ES256, 'ES256'),
			{ ...jwk({ ...strangers.RS256, kid: 'enc' }, 'RSA-OAEP'), use: 'enc' },
			{ kty: 'RSA', kid: 'broken', n: 'ongWCuLjybRlz=0tZWQ', e: 'AQAB' },
			{ kty: 'oct', kid: 'oct', k: b64(secret) }] });
	}
	if (at === '/authorize') {
		const q = Object.fromEntries(url.searchParams), code = randomBytes(24).toString('base64url');
		log.push({ at: 'authorize', q });
		codes.set(code, { client_id: q.client_id, nonce: q.nonce, redirect_uri: q.redirect_uri,
			challenge: q.code_challenge });
		const back = new URL(q.redirect_uri);
		if (mode.error)
			back.searchParams.set('error', mode.error);
		else
			back.searchParams.set('code', code);
		if (mode.mode !== 'no-state')
			back.searchParams.set('state', mode.mode === 'wrong-state'
				? randomBytes(32).toString('base64url') : q.state);
		if (mode.mode !== 'no-back-iss')
			back.searchParams.set('iss', mode.mode === 'wrong-back-iss' ? 'https://autre.example' : issuer);
		res.writeHead(303, { Location: back.href });
		return res.end();
	}
	if (at === '/token')
		return give_tokens(req, res);
	if (at === '/userinfo')
		return give_userinfo(req, res);
	if (at === '/end') {
		const q = url.searchParams, back = new URL(q.get('post_logout_redirect_uri'));
		log.push({ at: 'end', q: Object.fromEntries(q) });
		back.searchParams.set('state', mode.mode === 'wrong-end-state' ? 'x'.repeat(43) : q.get('state'));
		res.writeHead(303, { Location: back.href });
		return res.end();
	}
	log.push({ at });
	return json(res, { error: 'not_found' }, 404);
}).listen(port, '127.0.0.1', () => console.log(`fournisseur ${issuer}`));
