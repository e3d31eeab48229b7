/*
 * What only the keys of DIR/cles can do, for handlers that may not read them.
 *
 * While a server runs, another process owns the keys and answers over a socket
 * (signer_open_remote); in a command, a test or a tool the keys are read here
 * (signer_open_local).  The functions are the same, from any thread.  There is none that
 * opens what was sealed, nor that gives a key: a hijacked handler can ask for a code to be
 * checked, and learns whether it was right.
 *
 * Keys by purpose, each in its own file, made at its first use (store/keyring.c):
 *	"graines"	signer_seal, signer_totp_check		seeds of one-time codes
 *	"poivre"	signer_tag				mixed into passwords
 *	"secours"	signer_tag				printed recovery codes
 *	"liens"		signer_tag				links by mail, codes by SMS
 *	"retours"	signer_tag				addresses given to gateways
 *	"usagers"	signer_tag				secrets and cards of people
 *	"journal"	signer_sign, signer_public		heads of the journal
 *	"federation"	signer_token, signer_published		tokens (store/jetons.h)
 *	"temoin"	signer_sign, signer_public		heads of others' journals
 * Errors: E_DENIED a key that is not for this use; E_LIMIT too long; E_STORE the key
 * cannot be read; E_REMOTE the signer does not answer (try again in a moment).
 */
#pragma once

#include "crypto/box.h"
#include "crypto/jose.h"
#include "crypto/totp.h"
#include "store/db.h"

struct signer;
struct rpc;
struct keyring;

/* Keys of DIR/cles, in this process. */
bool signer_open_local(const char *dir, const struct env *env, struct signer **out,
		       struct err *e);
/* Keys that another process owns, which answers over `rpc`; the caller keeps rpc. */
bool signer_open_remote(struct rpc *rpc, struct signer **out, struct err *e);
void signer_close(struct signer **s);           /* for CLEANUP; NULL inside is allowed */

/* Seals a secret of at most 4096 bytes: a seed, before it is stored.  Lives in `a`. */
bool signer_seal(struct signer *s, const char *key, struct bytes plain, struct arena *a,
		 struct bytes *sealed, struct err *e);

/*
 * Checks a code against the seed that signer_seal("graines") has sealed.  A wrong code is
 * no error: look at out->ok.  When it is, store out->step and out->drift in the same
 * transaction that lets the person in, or the code could serve twice.
 * E_STORE when the seed was not sealed by this key.
 */
bool signer_totp_check(struct signer *s, struct bytes sealed_seed,
		       const struct totp_ask *ask, struct totp_answer *out, struct err *e);

/* HMAC of a text of at most 64 KB under a named key, in base64url. */
bool signer_tag(struct signer *s, const char *key, struct bytes text,
		char out[BOX_TAG_TEXT], struct err *e);

/* Ed25519 (RFC 8032) signature of at most 64 KB, and the key to check it with
 * (signature_is). */
bool signer_sign(struct signer *s, const char *key, struct bytes text,
		 unsigned char out[BOX_SIGNATURE], struct err *e);
bool signer_public(struct signer *s, const char *key, unsigned char out[BOX_PUBLIC],
		   struct err *e);

/* A token (JWT) of that payload, signed with the federation's key of that algorithm; and the
 * keys to check it with, {"keys":[...]}.  Both in `a`.  E_MISSING: no key was made yet. */
bool signer_token(struct signer *s, enum jose_alg alg, struct bytes payload, struct arena *a,
		  const char **token, struct err *e);
bool signer_published(struct signer *s, struct arena *a, const char **jwks, struct err *e);

/* --- for the process that owns the keys ------------------------------------------------ */

enum { SIGNER_ASK_MOST = (64 << 10) + 256, SIGNER_MEMORY = 1 << 18 };

/* Answers one question of signer_open_remote, which may come from anybody. */
bool signer_answer(struct keyring *k, unsigned op, struct bytes ask, struct arena *a,
		   struct bytes *answer, struct err *e);
