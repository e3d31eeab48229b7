/*
 * Kept true by those who know: what a place says of itself, what anybody reports, what a
 * coordinator confirms.  Each change keeps who, when, before and after, and can be undone.
 *
 * What a place says is a source of its own (lieu_parole.h), so that no import unsays it.
 */
#pragma once

#include "base/arena.h"
#include "core/core.h"
#include "core/lieu_record.h"
#include "store/db.h"

/* Who speaks: the place, by a link or a code, or the coordination by its agent. */
enum tenue_par { PAR_LIEU, PAR_COORDINATION };

/* The fields that can be corrected, in the order of the form; LIEU_FIELDS at the end. */
extern const enum lieu_field tenue_champs[];
const char *tenue_libelle(const char *champ);   /* N_(): what people read of a field's name */

struct tenue_correction {
	const char *lieu_id;
	const char *v[LIEU_FIELDS];     /* new value, "" to empty it; NULL: left as it is */
	enum tenue_par par;
	const char *agent_id;           /* of the coordination, or who gave the code; may be NULL */
	const char *acces_id;           /* link or code that ends with it; NULL */
	/* commune, postal code and INSEE code are given together or not at all */
	double lat, lon;                /* with a new address: where its commune is; NaN: unknown */
};

/* Writes what differs from the record; `changes` counts it, 0 still confirms the rest. */
bool tenue_corriger(struct tx *tx, const struct env *env, const struct tenue_correction *c,
		    size_t *changes, struct err *e);

/* Undoes one change: the field says again what it would without it.  E_MISSING, E_CONFLICT. */
bool tenue_annuler(struct tx *tx, const struct env *env, const char *lieu_id,
		   const char *changement, const char *agent_id, struct err *e);

/* "I called, all is right." */
bool tenue_confirmer(struct tx *tx, const struct env *env, const char *lieu_id,
		     const char *agent_id, struct err *e);

/* --- reports --------------------------------------------------------------------------- */

extern const struct choice signalement_sortes[];        /* ferme, horaires, demenage, autre */
enum { SIGNALE_FERME, SIGNALE_HORAIRES, SIGNALE_DEMENAGE, SIGNALE_AUTRE };

/* Reports within this many days count together; from two on the page says it. */
enum { SIGNALE_JOURS = 30, SIGNALE_PLUSIEURS = 2, SIGNALE_MOST = 40 };

/* texte may be NULL.  Keeps the day, nothing of who reports.  E_LIMIT past SIGNALE_MOST that
 * wait for one place. */
bool tenue_signaler(struct tx *tx, const struct env *env, const char *lieu_id, int sorte,
		    const char *texte, struct err *e);
bool tenue_signalement_fini(struct tx *tx, const struct env *env, const char *lieu_id,
			    const char *signalement, bool vrai, const char *agent_id,
			    struct err *e);

/* --- links and codes ------------------------------------------------------------------- */

enum { ACCES_LIEN_JOURS = 7, ACCES_CODE_JOURS = 30, ACCES_SECRET = 48 };

enum acces_moyen { ACCES_SMS, ACCES_COURRIEL, ACCES_CODE };

/*
 * Gives a link to the telephone or mail that is known of the place, or a code of eight
 * digits to be told.  `secret` receives the code ("4821-9134"), or the token of the link.
 * E_INPUT when the place has no such number or address.
 */
struct tenue_acces {
	struct core *core;
	struct arena *a;
	const char *lieu_id, *agent_id;
	enum acces_moyen moyen;
	const char *adresse;            /* of this site, without a final slash */
	char secret[ACCES_SECRET];
};
bool tenue_acces_donner(struct tenue_acces *t, struct err *e);

/* The mobile and the mail to which a link can leave, their middle hidden ("06 •• •• •• 78",
 * "m•••@bondy.fr"); "" when none is known.  Nobody types an address here: a link goes to what
 * the place has already published of itself, or nowhere. */
struct lieu_record;
struct acces_connu {
	const char *sms, *courriel;
};
struct acces_connu tenue_acces_connu(struct arena *a, const struct lieu_record *rec);

/* The link or code that opens this place now; E_DENIED when none does.  `agent_id` receives
 * who gave it, NULL when unknown; both live in `a`. */
bool tenue_acces_ouvre(struct core *core, struct arena *a, const char *lieu_id,
		       const char *secret, const char **acces_id, const char **agent_id,
		       struct err *e);
