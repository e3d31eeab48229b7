/*
 * Connections to other sites in somebody's name: we are the OpenID provider of a federation
 * (FranceConnect and the like).  An aidant who logged in with two factors picks a mandat and a
 * démarche; the site learns who the person is, and that somebody acts for them (rep_scope).
 *
 * The right is asked when the aidant agrees, when the site exchanges its code (in the
 * transaction that writes the act), and each time that it reads who the person is.  One
 * connection is one act, one leaf of the journal, one line of the person's history.
 *
 * Of codes and tokens only a SHA-256 is kept.  A code serves one try, by one client, for 30 s:
 * whatever was wrong with the try, it serves no more; one that comes back ends its token too.
 */
#pragma once

#include "accompany/acte.h"
#include "accompany/federation_demande.h"
#include "core/core.h"

enum {
	FEDERATION_CODE_S = 30, FEDERATION_JETON_S = 60, FEDERATION_ID_TOKEN_S = 300,
	FEDERATION_SECRET_JOURS = 7,            /* the secret of before, once changed */
	FEDERATION_OUBLI_MS = 10 * 60 * 1000,   /* codes that are over, kept to know them again */
	FEDERATION_TEXTE = 44,                  /* a code, a token, a secret, with its NUL */
};

bool federation_client_get(struct db *db, struct arena *a, const char *id,
			   struct federation_client *out, bool *found, struct err *e);
bool federation_client_list(struct db *db, struct arena *a, struct federation_client **out,
			    size_t *n, struct err *e);
/* False when no site may ask: then nothing of this is there. */
bool federation_is_on(struct req *r, bool *on, struct err *e);

/* 256 bits of chance in base64url, and the SHA-256 that is kept of a text. */
void federation_draw(const struct env *env, char out[FEDERATION_TEXTE]);
void federation_mark(const char *text, char out[65]);

/* What this client calls that person: nothing that another could compare. */
const char *federation_sub(struct arena *a, const struct federation_client *c,
			   const char *usager);

struct accord {
	const struct federation_client *client;
	const struct demande *demande;
	const char *mandat, *agent;
	int demarche;
	const char *identite;           /* JSON; NULL */
	int64_t auth_s;
};
/* The code of a connection, into `code`.  The errors of acte_allowed. */
bool federation_agree(struct tx *tx, const struct env *env, struct arena *a,
		      const struct accord *x, const char *code, struct err *e);

enum echange_issue {
	ECHANGE_BON, ECHANGE_INCONNU, ECHANGE_AUTRE, ECHANGE_SERVI, ECHANGE_PERIME,
	ECHANGE_RETOUR, ECHANGE_PREUVE, ECHANGE_DROIT,
};
struct echange {
	const struct federation_client *client;
	const char *code, *retour, *preuve;     /* NULL when they did not come */
	const char *jeton;                      /* drawn for it */
	/* filled: what the token says */
	enum echange_issue issue;
	const char *usager, *agent, *nonce, *portee;
	int demarche;
	int64_t auth_s;
};
/* What would come of it; changes nothing. */
bool federation_look(struct db *db, const struct env *env, struct arena *a, struct echange *x,
		     struct err *e);
/* Does it: the act is written and the token holds, or the code is burnt.  x->issue says. */
bool federation_exchange(struct tx *tx, const struct env *env, struct arena *a,
			 struct echange *x, struct err *e);

struct identite_vue {
	const char *client, *sub_de;    /* client_id; usager */
	const char *identite;           /* JSON; NULL */
	const char *portee;
	int demarche;
	bool bon;                       /* the token holds, and the right too */
};
bool federation_identity(struct db *db, const struct env *env, struct arena *a,
			 const char *jeton, struct identite_vue *out, struct err *e);

/* The agent leaves that site: its tokens hold no more. */
bool federation_leave_site(struct tx *tx, const struct env *env, const char *agent,
			   const char *client, struct err *e);

/* What is over is forgotten.  Several times an hour. */
bool federation_tend(struct core *core, struct err *e);
