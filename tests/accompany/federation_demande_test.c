#include "test.h"

#include "accompany/federation_demande.h"

#define RIGHT "response_type=code&client_id=site&redirect_uri=https%3A%2F%2Fsite.fr%2Fretour" \
	"&scope=openid+profile&state=abc&nonce=def"
/* RFC 7636, appendix B */
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

static const struct federation_client site = { .id = "site", .retours = "https://site.fr/retour" };
static const struct federation_client strict = { .id = "site", .strict = true, .pkce = true };

static const char *refused(struct arena *a, const char *query, const struct federation_client *c,
			   struct demande *d)
{
	demande_read(a, query, strlen(query), d);
	return demande_check(d, c).error;
}

TEST("a demand of OpenID Connect is read, with the démarches that the site takes")
{
	struct arena a = arena_new(1 << 20);
	struct demande d;

	holds(!refused(&a, RIGHT "&acr_values=eidas2+eidas1&prompt=login&max_age=0"
		       "&claims=%7B%22id_token%22%3A%7B%22rep_scope%22%3A%7B%22essential%22%3Atrue%2C%22values"
		       "%22%3A%5B%22argent%22%2C%22transports%22%2C%22inconnue%22%5D%7D%7D%7D", &site, &d));
	same(d.client_id, "site");
	same(d.redirect_uri, "https://site.fr/retour");
	same(d.state, "abc");
	same(d.nonce, "def");
	equals(d.max_age, 0);
	holds(d.prompt_login && !d.prompt_none);
	equals(d.portees, PORTEE_OPENID | PORTEE_PROFILE);
	equals(d.demarches, 1u << demarche_named("argent") | 1u << demarche_named("transports"));
	holds(!refused(&a, RIGHT, &site, &d));
	equals(d.demarches, (1u << DEMARCHES) - 1);
	arena_free(&a);
}

TEST("each fault of a demand has the error of its RFC")
{
	static const struct { const char *query, *error; } cases[] = {
		{ "", "invalid_request" }, { "%", "invalid_request" },
		{ RIGHT "&state=x", "invalid_request" }, { RIGHT "&nonce=", "invalid_request" },
		{ RIGHT "&scope=openid", "invalid_request" },
		{ "response_type=id_token&state=a&nonce=b&scope=openid", "unsupported_response_type" },
		{ "response_type=code&state=a&nonce=b&scope=openidx", "invalid_scope" },
		{ "response_type=code&nonce=b&scope=openid", "invalid_request" },
		{ "response_type=code&state=a&scope=openid", "invalid_request" },
		{ "response_type=code&state=a%00&nonce=b&scope=openid", "invalid_request" },
		{ "response_type=code&state=%C3%A9&nonce=b&scope=openid", "invalid_request" },
		{ RIGHT "&request=a", "request_not_supported" },
		{ RIGHT "&registration=a", "registration_not_supported" },
		{ RIGHT "&acr_values=eidas10", "unmet_authentication_requirements" },
		{ RIGHT "&claims=%5B%5D", "invalid_request" },
		{ RIGHT "&code_challenge=" CHALLENGE, "invalid_request" },
		{ RIGHT "&code_challenge=" CHALLENGE "&code_challenge_method=plain", "invalid_request" },
		{ RIGHT "&code_challenge=" CHALLENGE "A&code_challenge_method=S256", "invalid_request" },
		{ RIGHT "&max_age=1e9", "invalid_request" },
		{ RIGHT "&prompt=none+login", "invalid_request" },
	};
	struct arena a = arena_new(1 << 20);
	struct demande d;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *error = refused(&a, cases[i].query, &site, &d);

		holds(error != NULL);
		same(error, cases[i].error);
	}
	holds(!refused(&a, RIGHT "&code_challenge=" CHALLENGE "&code_challenge_method=S256", &site, &d));
	same(d.defi, CHALLENGE);
	arena_free(&a);
}

TEST("what is unknown is told and ignored, but refused to a strict site, which needs PKCE")
{
	struct arena a = arena_new(1 << 20);
	struct demande d;

	holds(!refused(&a, RIGHT "&nouveau=1&display=page", &site, &d));
	equals(d.nunknown, 1);
	same(d.unknown[0], "nouveau");
	holds(refused(&a, RIGHT, &strict, &d));
	holds(!refused(&a, RIGHT "&code_challenge=" CHALLENGE "&code_challenge_method=S256", &strict, &d));
	holds(refused(&a, RIGHT "&nouveau=1&code_challenge=" CHALLENGE "&code_challenge_method=S256",
		      &strict, &d));
	arena_free(&a);
}

TEST("an address of return is one of the lines, exactly")
{
	static const char lines[] = "https://a.fr/x\nhttps://b.fr/y?z=1";

	holds(federation_address_is(lines, "https://a.fr/x"));
	holds(federation_address_is(lines, "https://b.fr/y?z=1"));
	holds(!federation_address_is(lines, "https://a.fr/x/"));
	holds(!federation_address_is(lines, "https://a.fr/"));
	holds(!federation_address_is(lines, lines));
	holds(!federation_address_is(lines, ""));
	holds(!federation_address_is(lines, NULL));
	holds(!federation_address_is("", "https://a.fr/x"));
}
