/*
 * A person who is helped: known to the structure that opened their sheet, and to nobody else.
 * There is no search by name across structures.
 *
 * They come in with the number of their card (nine digits, the last a check) and six digits
 * that they chose, or one of the codes printed on the card; or with a code sent to a
 * telephone; or with an identity of an outside provider.  Or not at all: paper holds
 * everything.  What proves that it is they (a mandat is signed with it) is never a
 * telephone alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "core/core.h"
#include "crypto/box.h"
#include "store/db.h"
#include "web/right.h"
#include "web/route.h"

enum {
	USAGER_NUMERO = 10, USAGER_NUMERO_SHOWN = 12, USAGER_SECRET = 6, USAGER_CODE = 8,
	USAGER_CODES = 10, USAGER_ESSAIS = 5,
};

enum usager_garde { GARDE_ESPACE, GARDE_PAPIER, GARDE_AUCUN };
extern const struct choice usager_gardes[];

enum usager_preuve { PREUVE_SECRET, PREUVE_CODE, PREUVE_TELEPHONE, PREUVE_IDENTITE };
extern const char *const usager_preuves[];      /* as in the store */

struct usager {
	const char *id, *structure;
	const char *numero;             /* nine digits */
	const char *nom;                /* as the person says it; "" once erased */
	const char *naissance;          /* NULL: not needed */
	const char *telephone;          /* E.164; NULL */
	bool telephone_sur;             /* asked who else reads it, and it is safe */
	const char *langue;
	enum usager_garde garde;
	bool a_secret;                  /* six digits were chosen */
	/* too many wrong tries: an agent lifts it with the person */
	bool bloque;
};

/* Nine digits with their check (Damm 2004: finds every wrong digit and every swap). */
void usager_numero_make(const struct env *env, char out[USAGER_NUMERO]);
/* As people type it, with spaces; E_INPUT: not nine digits, or the check is wrong. */
bool usager_numero_read(const char *typed, char out[USAGER_NUMERO], struct err *e);
void usager_numero_show(const char *numero, char out[USAGER_NUMERO_SHOWN]);     /* 123 456 789 */

bool usager_get(struct db *db, struct arena *a, const char *id, struct usager *out,
		struct err *e);                                                 /* E_MISSING */
bool usager_by_numero(struct db *db, struct arena *a, const char *numero, struct usager *out,
		      bool *found, struct err *e);
bool usager_by_telephone(struct db *db, struct arena *a, const char *telephone,
			 struct usager **out, size_t *n, struct err *e);

/* Writes a new one: fills id and numero, in `a`. */
bool usager_add(struct tx *tx, const struct env *env, struct arena *a, struct usager *u,
		const char *agent, struct err *e);
/* Name, birth, telephone, language, garde of one that is there. */
bool usager_change(struct tx *tx, const struct env *env, const struct usager *u, struct err *e);

/* --- what proves that it is they ------------------------------------------------------ */

/* Six digits that are not too easy (all the same, in a row): into out.  E_INPUT. */
bool usager_secret_read(const char *typed, char out[USAGER_SECRET + 1], struct err *e);
/* The tag that the store keeps of a secret or of a printed code of this person. */
bool usager_tag(struct signer *s, struct arena *a, const char *usager, const char *digits,
		char out[BOX_TAG_TEXT], struct err *e);
bool usager_secret_set(struct tx *tx, const struct env *env, const char *usager,
		       const char *tag, struct err *e);
/* Ten new codes; those of an older card serve no more.  tags: USAGER_CODES of them. */
bool usager_codes_set(struct tx *tx, const char *usager, char (*tags)[BOX_TAG_TEXT],
		      struct err *e);
/* The card is lost: codes, secret and open spaces end at once. */
bool usager_card_lost(struct tx *tx, const struct env *env, const char *usager, struct err *e);

/*
 * Holds what was typed (six digits: the secret; eight: a code of the card, which then has
 * served) against this person, and counts wrong tries: from USAGER_ESSAIS on nothing is
 * right until an agent lifts it.  Not in a job: it asks the signer, then writes.
 */
bool usager_prove(struct core *core, struct arena *a, const char *usager, const char *typed,
		  bool *right, enum usager_preuve *how, struct err *e);

/* --- their space ------------------------------------------------------------------------ */

/* Opens a session of this person in the browser that asks, and tells the journal. */
bool usager_enter(struct req *r, const struct usager *u, enum usager_preuve how, struct err *e);
bool usager_leave(struct req *r, struct err *e);

/* Who is in their space in this browser; `how` (may be NULL): how they came in. */
bool usager_of(struct req *r, struct db *db, struct usager *out, enum usager_preuve *how,
	       bool *found, struct err *e);

/* The person's own pages; who is nobody is asked for the card. */
extern const struct right can_usager;
