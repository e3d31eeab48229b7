/*
 * What a provider of identity says, read and checked: its configuration (OpenID Connect
 * Discovery 1.0), its keys (RFC 7517), the claims of an id_token (Core 3.1.3.7) and of a userinfo
 * (Core 5.3.2).  Text in, values out: no network, no clock but the one given.
 */
#pragma once

#include <stdint.h>

#include "admit/oidc_reglages.h"

struct oidc_endpoints {
	const char *authorization, *token, *jwks;
	const char *userinfo, *end_session;     /* NULL when there is none */
	bool says_iss;                  /* its answers carry iss (RFC 9207) */
	bool pkce;                      /* it announces S256 */
	bool takes_claims;              /* and the parameter `claims` */
};

/*
 * Reads the configuration.  E_REMOTE with what is wrong: another issuer than the one that was set
 * (letter for letter), an address that is missing or not safe, an algorithm that it does
 * not announce, PKCE that we must use and it does not know.
 */
bool oidc_endpoints_read(struct arena *a, const char *text, size_t n,
			 const struct oidc_reglage *p, struct oidc_endpoints *out, struct err *e);

/*
 * Reads its keys: those that may verify a signature of `alg`; the others are left.  E_REMOTE
 * when the list is none, or holds none of use.
 */
bool oidc_keys_read(struct arena *a, const char *text, size_t n, enum jose_alg alg,
		    struct jose_key **out, size_t *nkeys, struct err *e);

/* The answer of the token endpoint. */
struct oidc_tokens {
	const char *id_token, *access_token;
};

/* E_REMOTE when it is an error (its name is in the sentence), or lacks one of the two. */
bool oidc_tokens_read(struct arena *a, int status, const char *text, size_t n,
		      struct oidc_tokens *out, struct err *e);

struct oidc_expect {
	const char *issuer, *client_id;
	const char *nonce;
	const char *access_token;       /* at_hash is checked against it when there is one */
	int64_t now;                    /* seconds since 1970 */
};

/* Who the provider says is there.  NULL: it did not say.  For people to read and decide on,
 * but for `sub`; control characters are spaces. */
struct oidc_claims {
	const char *sub;                /* never NULL after a success */
	const char *prenom, *nom, *courriel, *idp;
	char siret[15];                 /* "" unless its key is right */
	bool mfa;                       /* amr says that two factors were used */
};

enum { OIDC_SUB_MOST = 255, OIDC_SKEW = 60, OIDC_IAT_OLDEST = 600 };

/* The claims of an id_token whose signature was verified.  E_DENIED with what is wrong. */
bool oidc_id_token_read(struct arena *a, const char *text, size_t n,
			const struct oidc_expect *x, struct oidc_claims *out, struct err *e);

/*
 * Adds those of the userinfo.  `is_signed`: it came as a verified token, and must name issuer and
 * audience.  E_DENIED when it speaks of another person than c->sub.
 */
bool oidc_userinfo_read(struct arena *a, const char *text, size_t n, bool is_signed,
			const struct oidc_expect *x, struct oidc_claims *c, struct err *e);

/* A path of this site, fit for a redirection: "/x", never "//x" nor a sign that a browser
 * reads otherwise.  NULL is none. */
bool oidc_path_is_ours(const char *path);
