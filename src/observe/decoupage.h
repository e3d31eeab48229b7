/*
 * Who lies in whom: communes, arrondissements, EPCI and EPT, départements, régions, with
 * their names and people; sorted, and linked by index.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "observe/methode.h"

struct db;
struct repertoire;

#define DECOUPAGE_RIEN UINT32_MAX

/* A territory of one level.  Communes and arrondissements, EPCI and EPT stand together. */
struct decoupage_unite {
	const char *code, *nom;         /* nom: "" when not known */
	double population;              /* NaN: not known */
	/* of each level above: index there; [NIVEAU_COMMUNE] of an arrondissement: its commune */
	uint32_t dans[NIVEAUX];
	uint32_t dans_ept;              /* of a commune: index among the EPCI */
	/* Lies beside the others of its level: an arrondissement (a commune holds it), an EPT. */
	bool autre;
	bool divisee;                   /* Paris, Lyon, Marseille */
};

struct decoupage_ancien {
	const char *code;
	uint32_t commune;
};

struct decoupage {
	struct decoupage_unite *unites[NIVEAUX];        /* sorted by code; none for IRIS */
	size_t n[NIVEAUX];
	/* code -> index + 1, by hash; 0 empty; a power of two of them; none for communes */
	uint32_t *table[NIVEAUX];
	size_t room[NIVEAUX];
	struct decoupage_ancien *anciens;               /* codes of before, sorted */
	size_t nanciens;
};

/* From the store; E_MISSING with what to do when no commune was imported. */
bool decoupage_read(struct db *db, struct arena *a, const struct decoupage **out,
		    struct err *e);

/* From what is in memory; borrows its texts. */
bool decoupage_of(const struct repertoire *r, struct arena *a, const struct decoupage **out,
		  struct err *e);

/* From a file of communes as `territoire import` reads it; names of the levels above are
 * their codes.  For measures and tests. */
bool decoupage_csv(const char *communes, const char *arrondissements, struct arena *a,
		   const struct decoupage **out, struct err *e);

/* A commune, when codes are asked in order: looks first beside *last, where the one before
 * was found; sets it. */
uint32_t decoupage_find_next(const struct decoupage *d, const char *code, uint32_t *last);

/* Index of a code at a level; DECOUPAGE_RIEN.  A commune of before gives that of today. */
uint32_t decoupage_find(const struct decoupage *d, enum niveau niveau, const char *code);
