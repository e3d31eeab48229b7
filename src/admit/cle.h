/*
 * Security keys (WebAuthn) as a second factor: a key of plastic, a telephone, a computer with
 * a code or a finger.  The browser makes and uses them, with JavaScript; who has none
 * of that has the other factors.
 *
 * The challenge waits in the sealed cookie, says when it was drawn, and is refused for a key
 * that has served since: the same answer never opens twice.
 */
#pragma once

#include "core/core.h"
#include "crypto/webauthn.h"
#include "store/db.h"
#include "web/route.h"

enum {
	CLE_CHALLENGE_MS = 5 * 60 * 1000,
	CLE_PAR_AGENT = 10,             /* keys of one agent */
	CLE_NOM_MOST = 40,
};

struct cle {
	const char *id, *nom;           /* of the factor; how its agent calls it */
	const char *cree_le, *vu_le;    /* vu_le: NULL before it served */
	struct webauthn_key key;
};

bool cle_list(struct db *db, struct arena *a, const char *agent, struct cle **out, size_t *n,
	      struct err *e);

/* --- the challenge ------------------------------------------------------------------------ */

enum cle_use { CLE_CREATE, CLE_GET };

/* A new one for this use, in base64url, awaited in the session of r. */
const char *cle_challenge(struct req *r, enum cle_use use);

struct cle_awaited {
	const char *challenge;
	int64_t drawn_ms;
};
/* What is awaited for this use, and no more after; E_CONFLICT: nothing, or for too long. */
bool cle_challenge_take(struct req *r, enum cle_use use, struct cle_awaited *out, struct err *e);

/* Our name for browsers: the host of the site's address.  NULL when it is a number: browsers
 * refuse those. */
const char *cle_rp(struct req *r);

/* The origin of the site's address as a browser writes it: no path, no usual port. */
const char *cle_origin(struct req *r);

/* --- what the browser says -------------------------------------------------------------- */

struct cle_client_ask {
	enum cle_use use;
	const char *challenge, *origin; /* "https://aide.exemple.fr", as the browser writes it */
};

/*
 * Reads the client data: the right use, our challenge, our origin and no other page around
 * (WebAuthn 7.1, 7.2); `hash` is its SHA-256.  E_INPUT: not client data.  E_DENIED.
 */
bool cle_client_read(const char *text, size_t n, const struct cle_client_ask *ask,
		     unsigned char hash[SHA256_BYTES], struct err *e);

/* --- keys ---------------------------------------------------------------------------------- */

struct cle_acte {
	const char *agent, *session;    /* who; session NULL before it is opened */
	const char *structure;          /* for the log; NULL */
};

/* Adds a key, with its line in the log.  E_CONFLICT: it is there already, or there are
 * CLE_PAR_AGENT. */
bool cle_add(struct tx *tx, const struct env *env, struct arena *a, const struct cle_acte *by,
	     const char *nom, const struct webauthn_key *k, struct err *e);

/* It served: its counter goes forward.  E_CONFLICT when it has served since the challenge was
 * drawn, or is gone. */
bool cle_served(struct tx *tx, const struct env *env, const char *id, uint32_t counter,
		int64_t drawn_ms, struct err *e);
