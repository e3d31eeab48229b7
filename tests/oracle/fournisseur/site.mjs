/* A site that asks us who somebody is, by openid-client.  Usage: node site.mjs PORT ISSUER.
 * Reads one order a line on its input, answers one line of JSON:
 *	{"client":{metadata},"keys":[jwk]}              who it is from now on
 *	{"demand":{parameters},"pkce":true}             the address to send a browser to
 *	{"back":"https://...?code=..","checks":{..}}     what it makes of what came back
 *	{"end":{"hint":id_token,...}}                    the address to leave by */
import { Issuer, generators, custom } from 'openid-client';
import { createInterface } from 'node:readline';

const [issuer] = process.argv.slice(2);
custom.setHttpOptionsDefaults({ timeout: 20000 });
let found, client, kept;

async function obey(o) {
	if (o.discover)
		return (found = await Issuer.discover(issuer)).metadata;
	if (o.client) {
		found = found || await Issuer.discover(issuer);
		client = new found.Client(o.client, o.keys ? { keys: o.keys } : undefined);
		return {};
	}
	if (o.demand) {
		kept = { state: generators.state(), nonce: generators.nonce(),
			verifier: o.pkce ? generators.codeVerifier() : undefined };
		return { url: client.authorizationUrl({ scope: 'openid', acr_values: 'eidas1', ...o.demand,
			state: kept.state, nonce: kept.nonce,
			...(o.pkce ? { code_challenge: generators.codeChallenge(kept.verifier),
				code_challenge_method: 'S256' } : {}) }) };
	}
	if (o.back) {
		const params = client.callbackParams(o.back);
		const tokens = await client.callback(client.metadata.redirect_uris[0], params, {
			state: kept.state, nonce: kept.nonce, code_verifier: kept.verifier,
			response_type: 'code', ...(o.checks || {}) });
		kept.tokens = tokens;
		return { claims: tokens.claims(), tokens };
	}
	if (o.who)
		return await client.userinfo(kept.tokens.access_token);
	if (o.end)
		return { url: client.endSessionUrl({ id_token_hint: kept.tokens.id_token, ...o.end }) };
	return {};
}

for await (const line of createInterface({ input: process.stdin })) {
	let answer;
	try {
		answer = await obey(JSON.parse(line));
	} catch (e) {
		answer = { refused: String(e.message), error: e.error };
	}
	console.log(JSON.stringify(answer));
}
