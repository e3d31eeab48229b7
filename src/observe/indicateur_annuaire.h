/*
 * The territories that an import may speak of, and what became of those that are no more.
 * Read once from the store; nothing is written.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/indicateur.h"
#include "store/db.h"

enum niveau {
	N_IRIS, N_COMMUNE, N_ARRONDISSEMENT, N_EPCI, N_EPT, N_DEPARTEMENT, N_REGION, N_FRANCE,
	NIVEAUX,
	N_AUCUN = NIVEAUX               /* to be told by the code itself */
};
extern const char *const niveau_names[NIVEAUX];

/* "commune", "EPCI", "COM", "DEP"... ; N_AUCUN when it is none of ours. */
enum niveau niveau_of(const char *name);

enum { PARENTS = 4 };                   /* epci, ept, departement, region */

struct repere {                         /* a territory of today */
	char code[TERRITOIRE_CODE];
	uint8_t niveau;
	bool divisee;                   /* Paris, Lyon, Marseille */
	int32_t parents[PARENTS];       /* of a commune: index of the repere, or -1 */
	int32_t commune;                /* of an arrondissement; -1 */
	double population;              /* -1 when not known */
	double lat, lon;                /* NaN when not known */
};

enum passage_nature { P_FUSION, P_SCISSION, P_CODE };

struct passage {                        /* a commune's code became another */
	char ancien[6], nouveau[6], date[11];
	uint8_t nature;
};

struct annuaire {
	struct repere *reperes;         /* sorted by niveau, code */
	size_t n, room;
	size_t first[NIVEAUX + 1];      /* where each level begins */
	struct passage *passages;       /* sorted by ancien, the latest first */
	size_t npassages, passages_room;
	double *membres;                /* by repere: people of its communes, 1 each at least */
	double france;                  /* the same of all communes */
};

bool annuaire_read(struct db *db, struct annuaire *out, struct err *e);
void annuaire_free(struct annuaire *a);

/* Index of a territory of today; -1. */
int32_t annuaire_find(const struct annuaire *a, enum niveau n, const char *code);

enum { ARRIVEES = 24 };

/* What a code of a file stands for. */
struct code_lu {
	enum niveau niveau;
	char code[TERRITOIRE_CODE];     /* as written, repaired when that was certain */
	bool repare;                    /* a leading zero was given back */
	bool reporte;                   /* the commune is no more: `vers` is what it became */
	/* territories of today that it stands for: one, or several for a commune that was
	 * shared out; of an IRIS: its commune, none when that one is no more and nothing
	 * says what it became */
	int32_t vers[ARRIVEES];
	int n;
	bool sans_histoire;             /* a commune of before, of unknown fate: refused, but for
	                                 * an IRIS */
	const char *why;                /* a refusal, in words */
};

/* Reads a code at a level (N_AUCUN: commune or arrondissement by its own look, EPCI or IRIS
 * by their nine digits).  False with `why`. */
bool annuaire_code(const struct annuaire *a, enum niveau n, const char *text,
		   struct code_lu *out);

/* The passages from a commune, the latest first; NULL when there is none. */
const struct passage *annuaire_passages(const struct annuaire *a, const char *ancien,
					size_t *n);
