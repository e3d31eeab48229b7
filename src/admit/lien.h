/*
 * One-time links.  An address holds a code; the store keeps only its tag (signer, key
 * "liens").  The same code is in the link, in the QR code of a paper invitation, and can be
 * typed by who has neither: sixteen signs without O, I, L or U, 80 bits of chance.
 *
 *	struct lien_secret s;
 *	lien_draw(signer, env, &s, e)                   outside of the writer's job
 *	... in the job: lien_put(tx, env, &s, &(struct lien){ LIEN_INVITATION, ... }, e)
 *	... lien_path(a, LIEN_INVITATION, s.code)       "/agent/bienvenue/K7QM2XWD9AB377Q2"
 *
 * /agent/premier/{jeton} (premier_page.c) makes the first administrator; the page of
 * logins answers the other kinds at /agent/bienvenue/{jeton}.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "crypto/box.h"
#include "store/db.h"
#include "store/signer.h"

enum lien_sorte { LIEN_PREMIER, LIEN_INVITATION, LIEN_CONNEXION, LIEN_SECOURS };

enum {
	LIEN_CODE = 17,
	LIEN_INVITATION_MIN = 7 * 24 * 60,      /* minutes that an invitation lasts */
	LIEN_PREMIER_MIN = 24 * 60,
	LIEN_SECOURS_MIN = 24 * 60,
	LIEN_CONNEXION_MIN = 15,
};

struct lien_secret {
	char code[LIEN_CODE];                   /* shown once, never stored */
	char empreinte[BOX_TAG_TEXT];
};

struct lien {
	enum lien_sorte sorte;
	const char *agent;                      /* NULL only for LIEN_PREMIER */
	const char *navigateur;                 /* tag of the browser that asked; NULL: any */
	const char *cree_par;                   /* agent; NULL: the command line, or the agent */
	int minutes;                            /* how long it lasts; of lien_put only */
};

/* A new code and its tag. */
bool lien_draw(struct signer *s, const struct env *env, struct lien_secret *out,
	       struct err *e);

/* Stores it.  Earlier ones of that kind for that agent end: the newest is the one. */
bool lien_put(struct tx *tx, const struct env *env, const struct lien_secret *s,
	      const struct lien *l, struct err *e);

/* The tag of a code as it was typed (small letters, hyphens, O for 0).  E_MISSING when it
 * cannot be one, in the words of lien_look. */
bool lien_tag(struct signer *s, const char *typed, char empreinte[BOX_TAG_TEXT],
	      struct err *e);

/* What it is for.  E_MISSING with a sentence when there is none, when it has served or when
 * its time has passed: whom to ask for another. */
bool lien_look(struct db *db, struct arena *a, const struct env *env, const char *empreinte,
	       struct lien *out, struct err *e);

/* The same, and it will not serve again. */
bool lien_use(struct tx *tx, struct arena *a, const struct env *env, const char *empreinte,
	      struct lien *out, struct err *e);

/* Those of an agent that have not served end (suspended, gone, another address). */
bool lien_end(struct tx *tx, const struct env *env, const char *agent, struct err *e);

const char *lien_path(struct arena *a, enum lien_sorte sorte, const char *code);
const char *lien_shown(struct arena *a, const char *code);      /* "K7QM-2XWD-9AB3-77Q2" */
