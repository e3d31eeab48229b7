/*
 * Territories and places, kept in memory as sorted arrays and a grid, so that a public
 * search touches no disk.  A repertoire never changes: after a write a new one is built
 * beside it and swapped in one pointer; who holds the old one goes on reading it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct core;
struct db;
struct lieu;
struct contour;

/* A commune or a municipal arrondissement. */
struct commune {
	const char *code;               /* INSEE, "93010" */
	const char *nom;                /* "Bondy" */
	const char *cle;                /* folded name */
	const char *departement;        /* code, "93" */
	const char *region;             /* code */
	const char *epci;               /* SIREN, "" when none */
	const char *ept;                /* SIREN, "" when none */
	const char *parent;             /* arrondissement: code of its commune; else "" */
	const char *postaux;            /* "93140" or "01500|01501" */
	int64_t population;             /* -1 when not known */
	double lat, lon;                /* WGS 84; NaN when nothing is known */
	bool approchee;                 /* position borrowed from its postal code or neighbours */
	bool divisee;                   /* Paris, Lyon, Marseille: has arrondissements */
};

/* A territory above the commune. */
struct territoire {
	const char *niveau;             /* "epci", "ept", "departement", "region" */
	const char *code, *nom, *cle, *nature, *region;
	int64_t population;             /* -1 when not known */
};

/* One name a person may type; several per commune (old names). */
struct nom_index {
	const char *cle;                /* folded */
	const char *nom;                /* as written: the old name, to say so */
	uint32_t commune;               /* index in communes[] */
	bool ancien;
};

struct postal_index {
	char code[6];
	uint32_t commune;
};

struct nom_mask;        /* core/commune.h: which names a word can be near to */

struct repertoire {
	const struct commune *communes;         /* sorted by code; arrondissements among them */
	size_t ncommunes;
	const struct territoire *territoires;   /* sorted by niveau, then code */
	size_t nterritoires;
	const struct nom_index *noms;           /* sorted by cle */
	size_t nnoms;
	/* of noms, in their order: commune_masks; may be NULL */
	const struct nom_mask *masques;
	const struct postal_index *postaux;     /* sorted by code */
	size_t npostaux;
	/* INSEE codes of before, sorted; where they are today */
	const struct postal_index *anciens;
	size_t nanciens;
	const struct lieu *lieux;               /* published only; sorted by id */
	size_t nlieux;
	const struct lieu_grid *grid;           /* core/lieu_grid.h */
	const struct passage *passages;         /* public ones; sorted by place */
	size_t npassages;
	const struct contour *contours;         /* of départements, sorted by code */
	size_t ncontours;
	/* of communes (of today or of before), sorted by code */
	const struct contour *limites;
	size_t nlimites;
	int64_t version;                        /* store_generation of repertoire_tables then */
	char etag[24];                          /* changes with the content; part of page ETags */
	struct arena memory;
};

/* What it is read from (store_generation). */
extern const char *const repertoire_tables[];

/* Reads everything; the caller frees it with repertoire_free, or gives it to a slot. */
bool repertoire_read(struct db *db, struct repertoire **out, struct err *e);
/* The same without any place: for an import, which only asks where communes are. */
bool repertoire_read_territoires(struct db *db, struct repertoire **out, struct err *e);
void repertoire_free(struct repertoire *r);

/* The published places one after the other, in the order of their ids, in memory that does
 * not grow: each lives until `one` returns. */
bool repertoire_each_lieu(struct db *db, bool (*one)(const struct lieu *l, void *arg,
						     struct err *e),
			  void *arg, struct err *e);

/* A place where the newest one hangs. */
struct repertoire_slot *repertoire_slot_new(struct repertoire *first);
void repertoire_slot_free(struct repertoire_slot *s);
void repertoire_swap(struct repertoire_slot *s, struct repertoire *newer);

/* The newest one, held until repertoire_drop; never NULL. */
const struct repertoire *repertoire_hold(struct repertoire_slot *s);
void repertoire_drop(struct repertoire_slot *s, const struct repertoire *r);

/* Where to begin in a sorted array: the first whose code, name or id is not before. */
size_t repertoire_first_commune(const struct repertoire *r, const char *code);
size_t repertoire_first_nom(const struct repertoire *r, const char *cle);
size_t repertoire_first_postal(const struct repertoire *r, const char *code);
size_t repertoire_first_lieu(const struct repertoire *r, const char *id);

const struct commune *repertoire_commune(const struct repertoire *r, const char *code);
const struct territoire *repertoire_territoire(const struct repertoire *r,
					       const char *niveau, const char *code);
const struct lieu *repertoire_lieu(const struct repertoire *r, const char *id);
