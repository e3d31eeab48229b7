/* A provider that we did not write (oidc-provider, certified), set as ProConnect is: it
 * refuses any parameter that ProConnect does not list, signs the userinfo, and its codes
 * live 30 seconds.  Usage: node bon.mjs PORT SITE [ALG]; POST /__qui says who is at the keyboard. */
import Provider from 'oidc-provider';
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

const [port, site, alg = 'RS256'] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
let who = { sub: 'amina-sub', amr: ['pwd'] };
const refused = [];

function key(kid, kind) {
	const pair = kind === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
		: generateKeyPairSync('rsa', { modulusLength: 2048 });
	return { ...pair.privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: kind };
}

const provider = new Provider(issuer, {
	clients: [{
		client_id: 'tremplin', client_secret: 'un secret de trente-deux octets & plus',
		redirect_uris: [`${site}/agent/oidc/proconnect/retour`],
		post_logout_redirect_uris: [`${site}/agent/oidc/proconnect/sortie`],
		token_endpoint_auth_method: 'client_secret_post', response_types: ['code'],
		id_token_signed_response_alg: alg, userinfo_signed_response_alg: alg,
	}],
	clientDefaults: { grant_types: ['authorization_code'] },
	jwks: { keys: [key('rsa-1', 'RS256'), key('ec-1', 'ES256')] },
	cookies: { keys: ['cles', 'du', 'fournisseur'] },
	pkce: { required: () => false },
	claims: {
		openid: ['sub'], given_name: ['given_name'], usual_name: ['usual_name'], email: ['email'],
		siret: ['siret'], amr: null, acr: null, auth_time: null,
	},
	scopes: ['openid', 'given_name', 'usual_name', 'email', 'siret'],
	features: {
		devInteractions: { enabled: false }, jwtUserinfo: { enabled: true },
		claimsParameter: { enabled: true }, rpInitiatedLogout: { enabled: true,
			logoutSource(ctx, form) {
				ctx.body = form;        /* the page that asks whether to leave */
			} },
	},
	ttl: { AuthorizationCode: 30, AccessToken: 60, IdToken: 60, Session: 43200, Interaction: 600,
		Grant: 600 },
	async findAccount(ctx, id) {
		return { accountId: id, claims: async () => ({ sub: id, given_name: 'Amina',
			usual_name: 'Benali', email: 'amina@exemple.fr', siret: who.siret || '13002526500013' }) };
	},
	async loadExistingGrant(ctx) {
		const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId,
			accountId: ctx.oidc.session.accountId });
		grant.addOIDCScope('openid given_name usual_name email siret');
		grant.addOIDCClaims(['amr', 'acr']);
		await grant.save();
		return grant;
	},
	interactions: { url: (ctx, i) => `/interaction/${i.uid}` },
});

/* ProConnect: the parameters of its documentation, state and nonce of 32 characters. */
const listed = ['response_type', 'client_id', 'redirect_uri', 'scope', 'claims', 'state', 'nonce',
	'prompt', 'idp_hint', 'login_hint'];
function strict(url) {
	const q = url.searchParams;
	for (const name of q.keys()) {
		if (!listed.includes(name))
			return `Y000400: ${name}`;
	}
	for (const name of ['state', 'nonce']) {
		if ((q.get(name) || '').length < 32)
			return `Y000400: ${name} is short`;
	}
	return null;
}

const callback = provider.callback();
createServer(async (req, res) => {
	const url = new URL(req.url, issuer);
	if (url.pathname === '/__qui') {
		let body = '';
		for await (const chunk of req)
			body += chunk;
		who = JSON.parse(body);
		return res.end('ok');
	}
	if (url.pathname === '/__refus')
		return res.end(JSON.stringify(refused));
	if (url.pathname === '/auth') {
		const why = strict(url);
		if (why) {
			refused.push(why);
			res.statusCode = 400;
			return res.end(why);
		}
	}
	if (url.pathname.startsWith('/interaction/')) {
		try {
			if (who.non)
				return await provider.interactionFinished(req, res, { error: 'access_denied',
					error_description: 'non' });
			return await provider.interactionFinished(req, res, { login: { accountId: who.sub,
				amr: who.amr, acr: 'eidas1' } });
		} catch (e) {
			res.statusCode = 500;
			return res.end(String(e));
		}
	}
	return callback(req, res);
}).listen(Number(port), '127.0.0.1', () => console.log(`fournisseur ${issuer}`));
provider.on('server_error', (ctx, e) => console.error('server_error', e));
