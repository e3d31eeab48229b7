/*
 * A structure: who employs or hosts agents (CCAS, association, France services...).
 * Types and powers are tables here; the SIRET is checked by its key (Luhn; La Poste's
 * establishments by the sum of their digits).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"
#include "web/route.h"

enum { STRUCTURE_SIRET = 15 };

/* What a structure may do; bits of structure.pouvoirs, slugs in the store. */
enum pouvoir {
	POUVOIR_MANDATS = 1 << 0,       /* its aidants may act under a mandat */
	POUVOIR_LIEUX = 1 << 1,         /* corrects its own places */
	POUVOIR_INSTRUMENTS = 1 << 2,   /* writes instruments */
	POUVOIR_RESULTATS = 1 << 3,     /* keeps results of instruments, with consent */
};

enum structure_etat { STRUCTURE_ACTIVE, STRUCTURE_SUSPENDUE, STRUCTURE_FERMEE };

extern const struct choice structure_types[];
extern const struct choice structure_pouvoirs[];        /* in the order of the bits */

struct structure {
	const char *id, *nom;
	int type;                       /* index in structure_types */
	const char *siret, *rna;        /* NULL when not known */
	const char *commune;            /* INSEE code; NULL */
	const char *adresse, *telephone, *courriel;     /* NULL when not known */
	unsigned pouvoirs;
	enum structure_etat etat;
};

/*
 * 14 digits whose Luhn sum is a multiple of ten (INSEE, SIRENE), or, for the establishments
 * of La Poste (SIREN 356000000), whose digits add up to a multiple of five.
 */
bool siret_is_valid(const char *digits);

/*
 * Reads a SIRET as people type it (spaces, points): 14 digits with a right key into `out`.
 * E_INPUT says what is wrong, a message of the catalogue without values: length, key, or
 * what number it is instead (a SIREN, an RNA, a VAT number, a RIDET, and those of other
 * countries that their shape or key tells: BCE, UID, NIF, ...); the hint says what to do.
 */
bool siret_read(const char *typed, char out[STRUCTURE_SIRET], struct err *e);

enum { STRUCTURE_RNA = 11 };
/* Reads an RNA: W and nine digits (or letters of overseas), in capitals.  E_INPUT. */
bool rna_read(const char *typed, char out[STRUCTURE_RNA], struct err *e);

bool structure_get(struct db *db, struct arena *a, const char *id, struct structure *out,
		   struct err *e);                                      /* E_MISSING */
bool structure_by_siret(struct db *db, struct arena *a, const char *siret,
			struct structure *out, bool *found, struct err *e);
/* In the order of their names; q (may be NULL) is folded and looked for inside. */
bool structure_list(struct db *db, struct arena *a, const char *q, struct structure **out,
		    size_t *n, struct err *e);

/* Writes a new one (id NULL: made, and put in s->id, in `a`) or changes it.  E_CONFLICT
 * when another structure has that SIRET: its name is in the sentence. */
bool structure_save(struct tx *tx, const struct env *env, struct arena *a,
		    struct structure *s, struct err *e);

/* What it may do, as text: "mandats|lieux", and back; words that are not known count as none. */
unsigned pouvoirs_read(const char *text);
const char *pouvoirs_write(struct arena *a, unsigned pouvoirs);

/* Slug of a state in the store, and what people read (a message). */
extern const struct choice structure_etats[];
