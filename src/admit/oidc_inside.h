/* What the files of oidc share: a provider as it is kept in memory. */
#pragma once

#include <pthread.h>

#include "admit/oidc.h"
#include "store/remote.h"

enum {
	OIDC_WAIT_MS = 5000,            /* of one question to a provider */
	OIDC_ASKING_MOST = 6,           /* questions to one provider at once */
	OIDC_USED_MOST = 512,           /* states that have served, remembered */
	OIDC_PARKED_MOST = 16,          /* forms kept while their author is at the provider */
};

struct oidc_provider {
	const struct oidc_reglage *p;
	pthread_mutex_t lock;           /* of what follows */
	struct arena config_memory, keys_memory;
	struct oidc_endpoints config;
	int64_t config_until;           /* 0: not known */
	struct jose_key *keys;
	size_t nkeys;
	int64_t keys_until;
	int64_t keys_forced;            /* when they were last asked for before their time */
	int64_t down_until;             /* it did not answer: not asked again before */
	int asking;
	/* states that came back, and until when they could come back again */
	struct { uint64_t state; int64_t until; } used[OIDC_USED_MOST];
	int used_next;
	struct { uint64_t state; int64_t until; char *text; } parked[OIDC_PARKED_MOST];
	int parked_next;
};

struct oidc {
	struct oidc_provider v[OIDC_PROVIDERS];
	int n;
};

/* Asks, unless it is down or too many ask; E_REMOTE for any status but 200 unless `any`. */
bool oidc_ask(struct oidc_provider *v, struct core *c, const struct remote_ask *ask,
	      struct arena *a, struct remote_answer *out, struct err *e);

/* The configuration, in `a`. */
bool oidc_config(struct oidc_provider *v, struct core *c, struct arena *a,
		 struct oidc_endpoints *out, struct err *e);

/* Verifies a token with its keys (fetched again once when the token names an unknown one)
 * or its secret. */
bool oidc_verify(struct oidc_provider *v, struct core *c, struct arena *a,
		 const struct oidc_endpoints *x, const char *token, struct bytes *payload,
		 struct err *e);

/* False when this state has come back already. */
bool oidc_state_first(struct oidc_provider *v, const struct env *env, const char *state);

/* Keeps a text for who comes back with that state; the oldest makes room. */
void oidc_park(struct oidc_provider *v, const struct env *env, const char *state,
	       const char *text);
/* And gives it back once, in `a`; NULL. */
const char *oidc_unpark(struct oidc_provider *v, const struct env *env, struct arena *a,
			const char *state);
