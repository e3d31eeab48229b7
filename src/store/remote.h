/*
 * Fetching an address of another server, for handlers that have no network: the sender
 * process does it (OIDC discovery, keys, tokens), and only towards the origins that the
 * settings allow.
 */
#pragma once

#include "store/db.h"

struct remote;
struct rpc;

enum {
	REMOTE_BODY_MOST = 256 << 10, REMOTE_URL_MOST = 2048,
	REMOTE_TIMEOUT_MS = 10000, REMOTE_TIMEOUT_MOST = 60000,
};

/*
 * Without a sender, in this process: commands, tests, trials.  `origins`: those that may be
 * asked, between spaces or commas, "https://a.fr https://b.fr:8443"; "" allows none.
 * http:// only to 127.0.0.1, [::1] or localhost.  `ca_file`: PEM of a private authority; NULL.
 * E_INPUT names the word that is no origin.
 */
bool remote_open_local(const char *origins, const char *ca_file, struct remote **out,
		       struct err *e);
/* Through the sender process, which answers over `rpc`; the caller keeps rpc. */
bool remote_open_sender(struct rpc *rpc, struct remote **out, struct err *e);
void remote_close(struct remote **r);           /* for CLEANUP; NULL inside is allowed */

enum { REMOTE_SECRET_MOST = 512 };

/*
 * Reads a secret that another server gave (client_secret of OpenID) from a file that only we
 * may read, and keeps it under a short name; the final line break is not part of it.  Who
 * asks names it and never sees it; it is sent to those origins alone.  E_STORE with what
 * to do.
 */
bool remote_load_secret(struct remote *r, const char *name, const char *file,
			const char *origins, struct err *e);

struct remote_ask {
	const char *url;                /* https://... of an allowed origin */
	const char *method;             /* "GET" (also NULL) or "POST" */
	const char *type;               /* of the body; NULL: application/x-www-form-urlencoded */
	const char *accept;             /* NULL: any */
	const char *authorization;      /* "Bearer ...", "Basic ..."; NULL: none */
	struct bytes body;              /* at most 64 KB; never kept */
	/* name of a secret: "&client_secret=..." is added to the body; NULL: none */
	const char *secret;
	int timeout_ms;                 /* for the whole answer; 0: REMOTE_TIMEOUT_MS */
};

struct remote_answer {
	int status;                     /* as the other server said, 302 and 500 included */
	const char *type;               /* Content-Type, "" when it gave none */
	struct bytes body;              /* at most REMOTE_BODY_MOST; a NUL follows */
	int64_t max_age;                /* seconds it may be kept (Cache-Control); -1: not said */
};

/*
 * One request, one answer; redirections are not followed.  What is found lives in `a`.
 * E_DENIED when the origin is not allowed; E_REMOTE when it does not answer, not in time,
 * without a valid certificate, or says too much (E_LIMIT).  From any thread of the pool
 * (it waits).  r NULL: E_REMOTE, this server has no way out.
 */
bool remote_fetch(struct remote *r, const struct remote_ask *ask, struct arena *a,
		  struct remote_answer *out, struct err *e);

/*
 * Verifies a token signed with HS256 and a secret that was loaded (crypto/jose.h:
 * jose_verify_secret, its errors too).  E_DENIED when no secret has that name.
 */
bool remote_verify(struct remote *r, const char *secret, const char *token, struct arena *a,
		   struct bytes *payload, struct err *e);

/* --- for the sender ----------------------------------------------------------------------- */

enum {
	REMOTE_ASK_MOST = 128 << 10, REMOTE_ANSWER_MOST = REMOTE_BODY_MOST + 4096,
	REMOTE_MEMORY = 2 << 20,
};

/* Answers one question of remote_open_sender, which may come from anybody. */
bool remote_answer(struct remote *r, unsigned op, struct bytes ask, struct arena *a,
		   struct bytes *answer, struct err *e);
