#include "test.h"

#include "admit/oidc_lecture.h"

#define ISSUER "https://fca.exemple.gouv.fr/api/v2"
#define CLIENT "6925fb8143c76eded44d32b40c0cb1006065f7f003de52712b78985704f39950"
#define NONCE "afc81fda1fbb6d3c876af75c737a1307a1b29ba0873efa059e4535d122c9db5a"
/* The access token of OpenID Connect Core 1.0, appendix A.3, and its at_hash. */
#define ACCESS "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
#define AT_HASH "77QmUPtjPfzWtF2AnpK9RQ"
enum { NOW = 1668530330 };

static const struct oidc_reglage proconnect = {
	.issuer = ISSUER, .client_id = CLIENT, .alg = JOSE_RS256, .proconnect = true,
	.userinfo = OIDC_USERINFO_SIGNE, .pkce = OIDC_PKCE_NON,
};

static const struct oidc_expect expected = {
	.issuer = ISSUER, .client_id = CLIENT, .nonce = NONCE, .access_token = ACCESS, .now = NOW,
};

/* An id_token in the shape of the one that ProConnect's documentation shows. */
static const char *const good[] = {
	"\"iss\":\"" ISSUER "\"", "\"aud\":\"" CLIENT "\"", "\"sub\":\"704e02422901\"",
	"\"exp\":1668530386", "\"iat\":1668530326", "\"nonce\":\"" NONCE "\"",
	"\"at_hash\":\"" AT_HASH "\"", "\"acr\":\"eidas1\"", "\"amr\":[\"pwd\"]", NULL,
};

/* The good members, one of them replaced by another text, and one more. */
static const char *members(struct arena *a, int replaced, const char *by, const char *more)
{
	const char *s = "{";

	for (int i = 0; good[i]; i++) {
		const char *m = i == replaced ? by : good[i];

		s = arena_cat(a, s, s[1] && *m ? "," : "", m, NULL);
	}
	return arena_cat(a, s, *more ? "," : "", more, "}", NULL);
}

static bool read_token(struct arena *a, const char *text, struct oidc_claims *c, struct err *e)
{
	*e = (struct err){ 0 };
	return oidc_id_token_read(a, text, strlen(text), &expected, c, e);
}

TEST("an id_token as ProConnect writes it is read")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct oidc_claims c;
	struct err e;

	accepts(read_token(&a, members(&a, -1, "", ""), &c, &e), &e);
	same(c.sub, "704e02422901");
	holds(!c.mfa && !c.nom && !c.siret[0]);
	accepts(read_token(&a, members(&a, 8, "\"amr\":[\"pwd\",\"totp\",\"mfa\"]", ""), &c, &e), &e);
	holds(c.mfa);
	accepts(read_token(&a, members(&a, 1, "\"aud\":[\"" CLIENT "\"]", "\"azp\":\"" CLIENT "\""), &c,
			   &e), &e);
	/* at_hash, acr and amr may be absent */
	accepts(read_token(&a, members(&a, 6, "", ""), &c, &e), &e);
	accepts(read_token(&a, members(&a, 8, "", "\"nbf\":1668530326"), &c, &e), &e);
}

TEST("an id_token of another provider, site, person, moment or demand is refused")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	static const struct { int replaced; const char *by, *more; } bad[] = {
		{ 0, "\"iss\":\"https://fca.exemple.gouv.fr/api/v2/\"", "" },
		{ 0, "\"iss\":\"https://autre.exemple.fr\"", "" },
		{ 0, "", "" }, { 0, "\"iss\":[\"" ISSUER "\"]", "" },
		{ 1, "\"aud\":\"un-autre-site\"", "" }, { 1, "", "" }, { 1, "\"aud\":[]", "" },
		{ 1, "\"aud\":[\"" CLIENT "\",\"un-autre-site\"]", "" },
		{ 1, "\"aud\":[\"" CLIENT "\",\"un-autre-site\"]", "\"azp\":\"" CLIENT "\"" },
		{ -1, "", "\"azp\":\"un-autre-site\"" }, { -1, "", "\"azp\":7" },
		{ 2, "", "" }, { 2, "\"sub\":\"\"", "" }, { 2, "\"sub\":7", "" },
		{ 2, "\"sub\":\"amélie\"", "" }, { 2, "\"sub\":\"a\\nb\"", "" },
		{ 3, "\"exp\":1668530270", "" }, { 3, "", "" }, { 3, "\"exp\":\"1668530386\"", "" },
		{ 4, "\"iat\":1668530391", "" }, { 4, "\"iat\":1668529729", "" }, { 4, "", "" },
		{ -1, "", "\"nbf\":1668530391" }, { -1, "", "\"nbf\":\"hier\"" },
		{ 5, "", "" }, { 5, "\"nonce\":\"\"", "" }, { 5, "\"nonce\":null", "" },
		{ 5, "\"nonce\":\"bfc81fda1fbb6d3c876af75c737a1307a1b29ba0873efa059e4535d122c9db5a\"", "" },
		{ 6, "\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RR\"", "" }, { 6, "\"at_hash\":\"\"", "" },
		{ 6, "\"at_hash\":null", "" },
	};
	struct oidc_claims c;
	struct err e;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (read_token(&a, members(&a, bad[i].replaced, bad[i].by, bad[i].more), &c, &e))
			fail_msg("taken: %zu %s %s", i, bad[i].by, bad[i].more);
		equals(e.kind, E_DENIED);
		holds(*e.hint);
	}
	/* what two readers could understand in two ways */
	refuses(E_REMOTE, read_token(&a, members(&a, -1, "", "\"sub\":\"un-autre\""), &c, &e), &e);
	refuses(E_REMOTE, read_token(&a, "[]", &c, &e), &e);
	refuses(E_REMOTE, read_token(&a, "{} {}", &c, &e), &e);
	refuses(E_REMOTE, read_token(&a, "", &c, &e), &e);
}

TEST("a userinfo adds who is there, and may not speak of somebody else")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	static const char ours[] = "\"iss\":\"" ISSUER "\",\"aud\":\"" CLIENT "\",";
	struct oidc_claims c = { .sub = "704e02422901" };
	struct err e = { 0 };
	const char *t;

	/* the SIRET of the DINUM: its key is right */
	t = arena_cat(&a, "{", ours, "\"sub\":\"704e02422901\",\"given_name\":\"Amina\\tL.\",\"usual_name\":\"Benali\","
		      "\"email\":\"a@b.fr\",\"siret\":\"13002526500013\",\"exp\":1668530386}", NULL);
	accepts(oidc_userinfo_read(&a, t, strlen(t), true, &expected, &c, &e), &e);
	same(c.prenom, "Amina L.");
	same(c.nom, "Benali");
	same(c.siret, "13002526500013");
	t = arena_cat(&a, "{", ours, "\"sub\":\"quelqu-un-d-autre\"}", NULL);
	refuses(E_DENIED, oidc_userinfo_read(&a, t, strlen(t), true, &expected, &c, &e), &e);
	t = "{\"sub\":\"704e02422901\",\"siret\":\"13002526500014\"}";
	refuses(E_DENIED, oidc_userinfo_read(&a, t, strlen(t), true, &expected, &c, &e), &e);
	accepts(oidc_userinfo_read(&a, t, strlen(t), false, &expected, &c, &e), &e);
	same(c.siret, "13002526500013");        /* the wrong one is not taken */
	t = arena_cat(&a, "{", ours, "\"sub\":\"704e02422901\",\"exp\":1}", NULL);
	refuses(E_DENIED, oidc_userinfo_read(&a, t, strlen(t), true, &expected, &c, &e), &e);
}

#define CONFIG(issuer, jwks, more) "{\"issuer\":\"" issuer "\",\"authorization_endpoint\":\"" ISSUER \
	"/authorize\",\"token_endpoint\":\"" ISSUER "/token\",\"jwks_uri\":\"" jwks "\",\"userinfo_endpoint\":\"" \
	ISSUER "/userinfo\",\"end_session_endpoint\":\"" ISSUER "/session/end\"" more "}"

static bool read_config(struct arena *a, const char *t, const struct oidc_reglage *p,
			struct oidc_endpoints *x, struct err *e)
{
	*e = (struct err){ 0 };
	return oidc_endpoints_read(a, t, strlen(t), p, x, e);
}

TEST("a configuration is taken only from the issuer that was set, letter for letter")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	struct oidc_reglage p = proconnect;
	struct oidc_endpoints x;
	struct err e;

	accepts(read_config(&a, CONFIG(ISSUER, ISSUER "/jwks", ""), &p, &x, &e), &e);
	same(x.token, ISSUER "/token");
	same(x.end_session, ISSUER "/session/end");
	holds(!x.says_iss && !x.pkce);
	accepts(read_config(&a, CONFIG(ISSUER, ISSUER "/jwks",
		",\"authorization_response_iss_parameter_supported\":true,"
		"\"code_challenge_methods_supported\":[\"plain\",\"S256\"]"), &p, &x, &e), &e);
	holds(x.says_iss && x.pkce);
	refuses(E_REMOTE, read_config(&a, CONFIG(ISSUER "/", ISSUER "/jwks", ""), &p, &x, &e), &e);
	refuses(E_REMOTE, read_config(&a, CONFIG("https://FCA.exemple.gouv.fr/api/v2", ISSUER "/jwks", ""),
				      &p, &x, &e), &e);
	/* addresses that are not safe, or not there */
	refuses(E_REMOTE, read_config(&a, CONFIG(ISSUER, "http://fca.exemple.gouv.fr/jwks", ""), &p, &x,
				      &e), &e);
	refuses(E_REMOTE, read_config(&a, CONFIG(ISSUER, "https://a@b.fr/jwks", ""), &p, &x, &e), &e);
	refuses(E_REMOTE, read_config(&a, CONFIG(ISSUER, "javascript:alert(1)", ""), &p, &x, &e), &e);
	refuses(E_REMOTE, read_config(&a, "{\"issuer\":\"" ISSUER "\"}", &p, &x, &e), &e);
	/* what was agreed is not announced */
	p.alg = JOSE_ES256;
	refuses(E_REMOTE, read_config(&a, CONFIG(ISSUER, ISSUER "/jwks",
		",\"id_token_signing_alg_values_supported\":[\"RS256\"]"), &p, &x, &e), &e);
	p = proconnect;
	p.pkce = OIDC_PKCE_OUI;
	refuses(E_REMOTE, read_config(&a, CONFIG(ISSUER, ISSUER "/jwks", ""), &p, &x, &e), &e);
}

/* The public key of RFC 7515, A.3. */
#define EC_KEY "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""

TEST("of its keys, those that may verify such a signature are kept")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	static const char list[] = "{\"keys\":[{" EC_KEY ",\"kid\":\"a\",\"use\":\"sig\",\"alg\":\"ES256\"},"
		"{" EC_KEY ",\"kid\":\"b\",\"use\":\"enc\"},{" EC_KEY ",\"kid\":\"c\",\"alg\":\"ES384\"},"
		"{" EC_KEY ",\"kid\":\"d\",\"key_ops\":[\"sign\"]},{" EC_KEY ",\"kid\":7},7,"
		"{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUu\"},"
		"{" EC_KEY ",\"key_ops\":[\"verify\"]}]}";
	struct jose_key *keys;
	struct err e = { 0 };
	size_t n;

	accepts(oidc_keys_read(&a, list, strlen(list), JOSE_ES256, &keys, &n, &e), &e);
	equals(n, 2);
	same(keys[0].kid, "a");
	holds(!keys[1].kid);
	refuses(E_REMOTE, oidc_keys_read(&a, list, strlen(list), JOSE_RS256, &keys, &n, &e), &e);
	refuses(E_REMOTE, oidc_keys_read(&a, "{\"keys\":[]}", 11, JOSE_RS256, &keys, &n, &e), &e);
	refuses(E_REMOTE, oidc_keys_read(&a, "{}", 2, JOSE_RS256, &keys, &n, &e), &e);
	refuses(E_REMOTE, oidc_keys_read(&a, "<html>", 6, JOSE_RS256, &keys, &n, &e), &e);
}

TEST("the exchange of a code gives two tokens, or says why not")
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	static const char ok[] = "{\"access_token\":\"x\",\"token_type\":\"bearer\",\"id_token\":\"a.b.c\"}";
	static const char no[] = "{\"error\":\"invalid_grant\"}";
	struct oidc_tokens t;
	struct err e = { 0 };

	accepts(oidc_tokens_read(&a, 200, ok, strlen(ok), &t, &e), &e);
	same(t.id_token, "a.b.c");
	refuses(E_REMOTE, oidc_tokens_read(&a, 400, no, strlen(no), &t, &e), &e);
	refuses(E_REMOTE, oidc_tokens_read(&a, 500, ok, strlen(ok), &t, &e), &e);
	refuses(E_REMOTE, oidc_tokens_read(&a, 200, no, strlen(no), &t, &e), &e);
	refuses(E_REMOTE, oidc_tokens_read(&a, 200, "{\"access_token\":\"x\",\"id_token\":\"a.b.c\"}", 39,
					   &t, &e), &e);
}

TEST("only a path of ours is one to go back to")
{
	static const char *const good_paths[] = { "/", "/agent", "/lieux?commune=Bondy&service=x", "/a//b" };
	static const char *const bad_paths[] = {
		"", "agent", "//evil.example", "/\\evil.example", "\\evil", "\\\\evil", "https://evil.example",
		"/\t/evil.example", "/\n/evil.example", " /agent", "/agent evil", "javascript:alert(1)", "/é",
		"/\x7f", "/a#b", "/a\"b", "/<script>",
	};

	holds(!oidc_path_is_ours(NULL));
	for (size_t i = 0; i < sizeof good_paths / sizeof *good_paths; i++)
		holds(oidc_path_is_ours(good_paths[i]));
	for (size_t i = 0; i < sizeof bad_paths / sizeof *bad_paths; i++)
		holds(!oidc_path_is_ours(bad_paths[i]));
}
