/*
 * Second factors, and the small table that says which kinds there are: a new kind is one
 * more row, its own page, and a call of entree_finish.
 */
#pragma once

#include "admit/entree.h"
#include "store/signer.h"

struct second_facteur {
	const char *sorte;              /* facteur.sorte */
	const char *nom;                /* N_(): "Application sur un téléphone" */
	const char *aide;               /* N_(): one sentence, beside the choice */
	const char *ajout;              /* GET: adds one to the account (right can_enrol) */
	const char *demande;            /* GET: asks for it at login and as a proof; takes the
					 * suite as ?retour=; NULL: by the common field for codes */
	bool (*offert)(const struct core *core);
};

/* Ends with an empty row. */
extern const struct second_facteur second_facteurs[];
const struct second_facteur *second_facteur(const char *sorte);         /* NULL */

enum {
	FACTEUR_ESSAIS = 10,            /* wrong codes in a row, then it is locked */
	FACTEUR_NOM = 40,               /* characters of its name */
	FACTEUR_TOLERANCE = 1, CARTE_TOLERANCE_FIRST = 10,      /* steps on each side */
	APPLICATION_PAS = 30, APPLICATION_CHIFFRES = 6,
	CODES_SECOURS = 10, CODE_SECOURS = 11,  /* ten codes of ten signs */
	CODES_SECOURS_FEW = 3,
};

struct facteur {
	const char *id, *sorte, *nom;
	const char *carte;              /* serial; NULL */
	struct bytes graine;            /* sealed; of the card when it is one */
	int pas, chiffres;
	int64_t derive, dernier_pas;
	int64_t essais;
	const char *cree_le, *vu_le;    /* vu_le may be NULL */
};

/* All of an agent, the oldest first. */
bool facteur_list(struct db *db, struct arena *a, const char *agent, struct facteur **out,
		  size_t *n, struct err *e);

/* What a code was found to be.  Copied into a job: no pointer of a request. */
struct code_found {
	bool ok;
	bool replayed;                  /* right, but it has served */
	bool locked;                    /* all that could be tried is locked */
	char facteur[UUID_TEXT];
	char sorte[16];
	int64_t step;
	int drift;
	const struct env *env;
};

/* Holds a code against every factor of the list that has codes. */
bool facteur_try(struct req *r, const struct facteur *list, size_t n, const char *code,
		 struct code_found *out, struct err *e);

/* The job of a right code: it will never serve again.  arg: struct code_found.  E_DENIED
 * when it served meanwhile. */
bool facteur_used(struct tx *tx, void *found, struct err *e);

/* One more wrong code for an agent: on each factor that has codes. */
bool facteur_wrong(struct req *r, const char *agent, struct err *e);

/* --- recovery codes --------------------------------------------------------------- */

struct code_secours {
	char shown[CODE_SECOURS + 1];   /* "K7QM2-XWD9A": printed once, never stored */
	char empreinte[BOX_TAG_TEXT];
};

bool secours_draw(struct signer *s, const struct env *env, const char *agent,
		  struct code_secours out[CODES_SECOURS], struct err *e);
/* They replace those before. */
bool secours_put(struct tx *tx, const struct env *env, const char *agent,
		 const struct code_secours list[CODES_SECOURS], struct err *e);
/* The tag of a code as it was typed; false when it cannot be one. */
bool secours_tag(struct signer *s, const char *agent, const char *typed,
		 char empreinte[BOX_TAG_TEXT], bool *possible, struct err *e);
/* How many are left. */
bool secours_left(struct db *db, struct arena *a, const char *agent, int *left, struct err *e);

/* Right of the pages that add a factor: a session proved lately, or an invitation that is
 * being accepted in this browser. */
extern const struct right can_enrol;
