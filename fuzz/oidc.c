/* floor: 200 edges */
/* Whatever a provider says is read or refused in words; what is taken can be used: addresses
 * that are safe, keys that serve, a subject, the issuer that was set. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "admit/oidc_lecture.h"

#define ISSUER "https://fca.exemple.gouv.fr/api/v2"

static const struct oidc_reglage provider = {
	.issuer = ISSUER, .client_id = "client", .alg = JOSE_ES256, .userinfo = OIDC_USERINFO_SIGNE,
};
static const struct oidc_expect expected = {
	.issuer = ISSUER, .client_id = "client", .nonce = "afc81fda1fbb6d3c876af75c737a1307a1b29ba0",
	.access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", .now = 1668530330,
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void config(struct arena *a, const char *t, size_t n)
{
	struct oidc_endpoints x;
	struct err e = { 0 };

	if (!oidc_endpoints_read(a, t, n, &provider, &x, &e)) {
		must(e.msg[0]);
		return;
	}
	must(oidc_address_is_safe(x.authorization) && oidc_address_is_safe(x.token)
	     && oidc_address_is_safe(x.jwks) && oidc_address_is_safe(x.userinfo)
	     && (!x.end_session || oidc_address_is_safe(x.end_session)));
}

static void keys(struct arena *a, const char *t, size_t n)
{
	struct jose_key *k;
	struct err e = { 0 };
	size_t nkeys;

	if (!oidc_keys_read(a, t, n, JOSE_ES256, &k, &nkeys, &e)) {
		must(e.msg[0]);
		return;
	}
	must(nkeys && nkeys <= JOSE_KEYS_MOST);
	for (size_t i = 0; i < nkeys; i++)
		must(jose_key_serves(&k[i], JOSE_ES256));
}

static void claims(struct arena *a, const char *t, size_t n)
{
	struct oidc_claims c;
	struct oidc_tokens tokens;
	struct err e = { 0 };

	if (oidc_id_token_read(a, t, n, &expected, &c, &e))
		must(*c.sub && strlen(c.sub) <= OIDC_SUB_MOST && strlen(c.siret) % 14 == 0);
	else
		must(e.msg[0]);
	c = (struct oidc_claims){ .sub = "704e02422901" };
	e = (struct err){ 0 };
	must(oidc_userinfo_read(a, t, n, true, &expected, &c, &e) || e.msg[0]);
	e = (struct err){ 0 };
	must(oidc_userinfo_read(a, t, n, false, &expected, &c, &e) || e.msg[0]);
	must(!strcmp(c.sub, "704e02422901"));
	e = (struct err){ 0 };
	must(oidc_tokens_read(a, 200, t, n, &tokens, &e) ? tokens.id_token && *tokens.access_token
	     : e.msg[0]);
	t = arena_strn(a, t, n);
	if (oidc_path_is_ours(t))
		must(t[0] == '/' && t[1] != '/' && !strchr(t, '\\'));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	CLEANUP(arena_free) struct arena a = arena_new(4 << 20);

	config(&a, (const char *)p, n);
	keys(&a, (const char *)p, n);
	claims(&a, (const char *)p, n);
	return 0;
}
