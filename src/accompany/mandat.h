/*
 * A mandat: what a person allows a structure to do in their name, for a time, démarche by
 * démarche.  Between a person and a structure, with the agents named who may act and read
 * (articles 1984 and following of the Code civil).
 *
 * It ends at midnight in Paris at the end of its last day; the day of signing is the first:
 * SHORT is "until tonight".  Whether an act is allowed is asked in the transaction that
 * writes it (acte.h), never before.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/demarche.h"
#include "core/usager.h"

enum mandat_duree { DUREE_SHORT, DUREE_MONTH, DUREE_SEMESTER, DUREE_LONG };
extern const struct choice mandat_durees[];     /* slug as Aidants Connect writes it */
extern const int mandat_jours[];                /* 1, 31, 182, 365 */

enum mandat_etat {
	MANDAT_PREPARE, MANDAT_DEMANDE, MANDAT_ACTIF, MANDAT_REFUSE, MANDAT_ARRETE,
	MANDAT_FINI, MANDAT_ABANDONNE,
};
extern const struct choice mandat_etats[];

enum mandat_mode { MODE_ECRAN, MODE_PAPIER, MODE_SMS, MODE_VOIX };
extern const struct choice mandat_modes[];

extern const struct choice mandat_raisons[];    /* why in their place, in a word */
extern const struct choice mandat_papiers[];    /* where the paper goes */

/* Measures of protection of the Code civil: who signs.  To be confirmed by a lawyer, and
 * the pages say so. */
enum protection { PROTECTION_AUCUNE, PROTECTION_SAUVEGARDE, PROTECTION_CURATELLE,
	PROTECTION_TUTELLE, PROTECTION_HABILITATION };
extern const struct choice mandat_protections[];
struct protection_regle {
	bool second;                    /* another signature than the person's is wanted */
	bool represente;                /* and stands in place of the person's */
	const char *dit;                /* N_(): the rule in a sentence */
	const char *source;             /* articles */
};
extern const struct protection_regle protection_regles[];
extern const char *const protection_personnels; /* N_(): acts that are nobody else's */

enum {
	MANDAT_AGENTS = 12, MANDAT_RENOUVELLE_JOURS = 365, MANDAT_RAPPEL_JOURS = 30,
	CONSENTEMENT_HEURES = 24,
};

struct limites {                        /* of a structure */
	unsigned demarches;             /* bits */
	enum mandat_duree duree_max;
	bool proche;
	const char *dpo;                /* mail; NULL */
};
bool limites_of(struct db *db, struct arena *a, const char *structure, struct limites *out,
		struct err *e);
bool limites_set(struct tx *tx, const struct env *env, const char *structure,
		 const struct limites *l, const char *agent, struct err *e);

struct mandat {
	const char *id, *usager, *structure;
	const char *structure_nom, *usager_nom;
	bool proche_sorte;              /* lesser, supervised: never money */
	const char *proche;             /* relative or volunteer; NULL */
	int raison, protection;
	const char *protecteur, *protecteur_le; /* NULL */
	int papier;
	enum mandat_duree duree;
	enum mandat_mode mode;
	enum mandat_etat etat;          /* MANDAT_FINI as soon as it has ended, job or not */
	unsigned demarches;             /* bits that were asked for */
	unsigned ouvertes;              /* those that may still serve; 0 unless it is active */
	const char *agents[MANDAT_AGENTS];
	int nagents;
	const char *renouvelle;
	const char *cree_par, *cree_le, *signe_le, *expire_le, *arrete_le, *arrete_par;
	int64_t numero;                 /* leaf of the journal; -1 */
	const char *attestation;        /* SHA-256; NULL */
};

/* E_MISSING.  `now` in ISO. */
bool mandat_get(struct db *db, struct arena *a, const char *id, const char *now,
		struct mandat *out, struct err *e);
/* Those of a person (structure NULL: with whatever structure), the newest first. */
bool mandat_list(struct db *db, struct arena *a, const char *usager, const char *structure,
		 const char *now, struct mandat **out, size_t *n, struct err *e);

/* Midnight in Paris at the end of the last day of a mandat signed at `ms`. */
int64_t mandat_end(int64_t ms, enum mandat_duree d);

/*
 * Writes a new one, to be signed: fills m->id.  E_INPUT: nothing is asked for, a démarche
 * that the structure does not do, too long, money in the hands of a relative, nobody named,
 * more than MANDAT_AGENTS, a protector who is not named; E_DENIED: an agent who is not of
 * the structure.  renouvelle: a mandat of the same person with the same structure that
 * ended less than a year ago.
 */
bool mandat_add(struct tx *tx, const struct env *env, struct arena *a, struct mandat *m,
		struct err *e);

/* The active ones that this one would replace, and the démarches they lose to it. */
struct chevauche {
	const struct mandat *avant;
	unsigned perd;                  /* bits that pass to the new one */
};
bool mandat_overlap(struct db *db, struct arena *a, const struct mandat *m, const char *now,
		    struct chevauche **out, size_t *n, struct err *e);

struct signature {
	const char *mandat;
	const char *agent;              /* before whom; NULL: alone, from afar */
	const char *preuve;             /* "secret", "code", "papier", "sms+secret", "voix" */
	const char *protecteur_le;      /* a second signature was put, when; NULL */
};
/*
 * What the attestation says, line by line, as it is hashed: anybody who holds the paper can
 * write it again and compare (docs/accompagner/securite.md).
 */
const char *attestation_text(struct arena *a, const struct mandat *m);

/* It begins now: what it replaces ends, one leaf of the journal, one line of history.
 * E_CONFLICT: it is not waiting for a signature; E_DENIED: the protector did not sign. */
bool mandat_sign(struct tx *tx, const struct env *env, struct arena *a,
		 const struct signature *s, struct err *e);
bool mandat_refuse(struct tx *tx, const struct env *env, struct arena *a, const char *id,
		   const char *qui, struct err *e);

/* Stops one (demarche < 0) or one démarche of it.  par: the person or an agent.  Stopping what
 * was stopped already changes nothing and is no error: *done says. */
bool mandat_stop(struct tx *tx, const struct env *env, struct arena *a, const char *id,
		 int demarche, const char *par, bool *done, struct err *e);

/* Agents of the structure that have the role, for the boxes of the form. */
bool mandat_agents_of(struct db *db, struct arena *a, const char *structure, struct agent **out,
		      size_t *n, struct err *e);

/* May this agent read it?  Named; or a reason given less than a day ago; E_DENIED for another
 * structure, *reason_wanted for an agent of the structure who is not named. */
bool mandat_may_read(struct db *db, struct arena *a, const struct mandat *m,
		     const struct agent *g, const char *now, bool *reason_wanted,
		     struct err *e);
bool mandat_read_for(struct tx *tx, const struct env *env, const struct mandat *m,
		     const char *agent, const char *raison, struct err *e);

/* What time does: ends, silences, reminders (through the post), disagreements left without
 * an answer.  Called several times an hour. */
bool mandat_tend(struct core *core, struct arena *a, struct err *e);

/* "22 novembre 2026", in Paris, of an ISO instant; "" for NULL. */
const char *jour_text(struct arena *a, const struct lang *lang, const char *iso);
/* "22 novembre 2026 à 11 h 04" */
const char *moment_text(struct arena *a, const struct lang *lang, const char *iso);
/* The last day of a mandat: the day before midnight. */
const char *fin_text(struct arena *a, const struct lang *lang, const char *expire);
