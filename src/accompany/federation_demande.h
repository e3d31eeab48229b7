/*
 * What a site asks when it sends a browser to /federation/autoriser: OpenID Connect Core
 * 3.1.2, RFC 6749 4.1.1, PKCE (RFC 7636), with the parameters of Aidants Connect
 * (betagouv/Aidants_Connect, aidants_connect_web/views/id_provider.py): acr_values eidas1,
 * claims {"id_token":{"rep_scope":{"values":[démarches]}}}.
 *
 * Bytes in, fields out: no store, no clock.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/demarche.h"

enum {
	DEMANDE_MOST = 1400,            /* bytes of the whole: it comes back through the login */
	DEMANDE_VALUE = 512,            /* of state, nonce and others */
	DEMANDE_NAMES = 24,
};

struct federation_client {
	const char *id, *nom;
	const char *secret, *secret_avant, *secret_avant_fin;   /* SHA-256 in hex; NULL */
	const char *cles;               /* JWKS; NULL */
	const char *retours, *sorties;  /* one a line */
	bool strict, pkce, signe;
	const char *algorithme, *sel, *cree_le;
};

/* One of the lines, exactly. */
bool federation_address_is(const char *lines, const char *address);

enum portee {                           /* scopes that we know */
	PORTEE_OPENID = 1 << 0, PORTEE_PROFILE = 1 << 1, PORTEE_EMAIL = 1 << 2,
	PORTEE_PHONE = 1 << 3, PORTEE_ADDRESS = 1 << 4, PORTEE_BIRTH = 1 << 5,
	PORTEE_GIVEN_NAME = 1 << 6, PORTEE_FAMILY_NAME = 1 << 7, PORTEE_GENDER = 1 << 8,
	PORTEE_BIRTHDATE = 1 << 9, PORTEE_BIRTHPLACE = 1 << 10, PORTEE_BIRTHCOUNTRY = 1 << 11,
	PORTEE_PREFERRED = 1 << 12, PORTEE_PIVOT = 1 << 13,
};
extern const char *const federation_portees[];  /* names, by bit; NULL at the end */
unsigned portee_read(const char *scope);

struct demande {
	const char *client_id, *redirect_uri;   /* NULL */
	const char *state, *nonce, *scope, *defi;
	const char *response_type, *response_mode, *prompt, *acr_values, *claims, *method;
	const char *request, *request_uri, *registration;
	int64_t max_age;                /* seconds; -1: not asked */
	unsigned portees;               /* bits */
	unsigned demarches;             /* bits that the site takes; all unless it said */
	bool prompt_none, prompt_login;
	const char *twice;              /* a parameter that came twice; NULL */
	const char *unknown[DEMANDE_NAMES];     /* names */
	int nunknown;
	bool broken;                    /* not a query at all, or too long */
};

/* Reads the query of an address (or the body of a form); texts in `a`. */
void demande_read(struct arena *a, const char *text, size_t n, struct demande *out);

struct demande_refus {
	const char *error;              /* of the RFCs: "invalid_request"; NULL: it is right */
	const char *why;                /* ASCII, for who develops the site */
};

/*
 * What is wrong with it, for a client whose address of return is one of its own.  Fills what
 * depends on several (portees, demarches, prompt).
 */
struct demande_refus demande_check(struct demande *d, const struct federation_client *client);
