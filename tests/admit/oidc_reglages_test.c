#include "test.h"

#include "admit/oidc_reglages.h"

struct given {
	struct arena a;
	struct oidc_reglages r;
	struct err e;
};

static void given_free(struct given *g)
{
	arena_free(&g->a);
}

/* "name=value" lines, then the check. */
static bool read_all(struct given *g, const char *const *lines)
{
	*g = (struct given){ .a = arena_new(1 << 20) };
	for (; *lines; lines++) {
		size_t n = strcspn(*lines, "=");
		bool ours = false;

		if (!oidc_reglage_set(&g->a, &g->r, arena_strn(&g->a, *lines, n), *lines + n + 1, &ours,
				      &g->e))
			return false;
		holds(ours);
	}
	return oidc_reglages_check(&g->a, &g->r, "https://aide.exemple.fr", &g->e);
}

#define PROCONNECT "oidc_modele=proconnect", "oidc_issuer=https://fca.exemple.gouv.fr/api/v2", \
	"oidc_client_id=abc"

TEST("three lines are enough for ProConnect, as its documentation wants it")
{
	static const char *const lines[] = { PROCONNECT, NULL };
	CLEANUP(given_free) struct given g;
	const struct oidc_reglage *p = &g.r.p[0];

	accepts(read_all(&g, lines), &g.e);
	same(p->nom, "ProConnect");
	same(p->chemin, "proconnect");
	same(p->scopes, "openid given_name usual_name email siret");
	same(p->secret, "cles/oidc_secret");
	equals(p->alg, JOSE_RS256);
	equals(p->userinfo, OIDC_USERINFO_SIGNE);
	equals(p->pkce, OIDC_PKCE_NON);
	holds(!p->mfa && p->deconnexion && p->proconnect);
	same(oidc_reglages_origins(&g.a, &g.r), "https://fca.exemple.gouv.fr");
	holds(!g.r.p[1].issuer);
}

TEST("another provider beside it has its own words, and its addresses are allowed")
{
	static const char *const lines[] = {
		PROCONNECT, "oidc2_issuer=https://sso.exemple.fr:8443/realms/ville", "oidc2_client_id=tremplin",
		"oidc2_alg=ES256", "oidc2_mfa=oui", "oidc2_origines=https://cles.exemple.fr", NULL,
	};
	CLEANUP(given_free) struct given g;
	const struct oidc_reglage *p = &g.r.p[1];

	accepts(read_all(&g, lines), &g.e);
	equals(p->alg, JOSE_ES256);
	equals(p->pkce, OIDC_PKCE_AUTO);
	equals(p->userinfo, OIDC_USERINFO_SIMPLE);
	same(p->chemin, "fournisseur-2");
	same(p->secret, "cles/oidc2_secret");
	holds(p->mfa);
	same(oidc_reglages_origins(&g.a, &g.r),
	     "https://fca.exemple.gouv.fr https://sso.exemple.fr:8443 https://cles.exemple.fr");
}

TEST("a setting that cannot work is refused at once, and named")
{
	static const struct { const char *line, *named; } bad[] = {
		{ "oidc_alg=none", "oidc_alg" }, { "oidc_alg=HS512", "oidc_alg" },
		{ "oidc_pkce=peut-etre", "oidc_pkce" }, { "oidc_userinfo=oui", "oidc_userinfo" },
		{ "oidc_modele=franceconnect", "oidc_modele" }, { "oidc_couleur=bleu", "oidc_couleur" },
		{ "oidc_issuer=http://fca.exemple.gouv.fr", "oidc_issuer" },
		{ "oidc_issuer=https://fca.exemple.gouv.fr?x", "oidc_issuer" },
		{ "oidc_issuer=https://moi@fca.exemple.gouv.fr", "oidc_issuer" },
		{ "oidc_client_id=", "oidc_client_id" }, { "oidc_chemin=Pro Connect", "oidc_chemin" },
		{ "oidc_scopes=profile email", "oidc_scopes" }, { "oidc_mfa=1", "oidc_mfa" },
		{ "oidc2_client_id=x", "oidc2_issuer" },
		{ "oidc_issuer=", "oidc_issuer" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *lines[] = { PROCONNECT, bad[i].line, NULL };
		CLEANUP(given_free) struct given g;

		refuses(E_INPUT, read_all(&g, lines), &g.e);
		if (!strstr(g.e.msg, bad[i].named))
			fail_msg("%s: %s", bad[i].line, g.e.msg);
	}
}

TEST("two providers may not share an issuer or a path; without an address of the site none may be set")
{
	static const char *const twice[] = { PROCONNECT, "oidc2_issuer=https://fca.exemple.gouv.fr/api/v2",
					     "oidc2_client_id=x", NULL };
	static const char *const path[] = { PROCONNECT, "oidc2_issuer=https://b.exemple.fr", "oidc2_client_id=x",
					    "oidc2_chemin=proconnect", NULL };
	static const char *const ok[] = { PROCONNECT, NULL };
	CLEANUP(given_free) struct given g, h, k;

	refuses(E_INPUT, read_all(&g, twice), &g.e);
	refuses(E_INPUT, read_all(&h, path), &h.e);
	accepts(read_all(&k, ok), &k.e);
	refuses(E_INPUT, oidc_reglages_check(&k.a, &k.r, "", &k.e), &k.e);
}

TEST("a name that is not of a provider is left to the others")
{
	struct arena a = arena_new(1 << 16);
	struct oidc_reglages r = { 0 };
	struct err e = { 0 };
	bool ours = true;

	static const char *const others[] = { "nom", "oidc", "oidc5_issuer", "oidc1_issuer", "oidca_issuer", "" };
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		accepts(oidc_reglage_set(&a, &r, others[i], "x", &ours, &e), &e);
		holds(!ours);
	}
	arena_free(&a);
}

TEST("an address is safe in https, without user or fragment, or in http towards this machine")
{
	static const char *const safe[] = { "https://a.fr", "https://a.fr:8443/x?y=z", "http://127.0.0.1:18360/a",
					    "http://localhost", "http://[::1]:80/" };
	static const char *const unsafe[] = {
		"", "a.fr", "//a.fr", "http://a.fr", "http://127.0.0.1.a.fr/", "http://localhost@a.fr/",
		"https://b@a.fr/", "https://a.fr/#x", "https:///x", "https://:80/", "javascript:x", "ftp://a.fr",
		"https://a.fr/ x", "https://é.fr/", "https://a.fr\\b", "HTTPS://a.fr",
	};

	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
		holds(oidc_address_is_safe(safe[i]));
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
		holds(!oidc_address_is_safe(unsafe[i]));
	holds(!oidc_address_is_safe(NULL));
}
