/*
 * A measure that a map, a list or a comparison of territories shows: of the places we know
 * (always there), or an indicator that was imported.  An index is one too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/core.h"
#include "core/indicateur.h"
#include "core/repertoire.h"
#include "observe/indice.h"
#include "web/i18n.h"

struct mesure {
	const char *code;               /* "lieux", "ind.older_65_rate", "indice.ifn-2023" */
	const char *libelle, *unite;    /* in the reader's language when it is ours */
	const char *source;             /* where it comes from, in words; "" */
	int annee;                      /* 0: today's */
	const struct methode *methode;  /* of an index; else NULL */
	const char *reserve;            /* of an indicator: what could not be verified; "" */
};

/* One territory that is shown: a commune (without arrondissements) or one above. */
struct ressort {
	const char *niveau, *code, *nom, *lien;
	int64_t population;             /* -1 when not known */
	const struct commune *commune;  /* NULL for one above */
	const struct territoire *territoire;    /* NULL for a commune */
	double valeur;                  /* NaN unless statut is STATUT_VALEUR */
	enum indicateur_statut statut;
	uint32_t rang, rang_min, rang_max;      /* of an index, among its level; 0: none */
};

/* Where measures are read. */
struct mesure_lecture {
	struct arena *a;
	struct core *core;
	struct db *db;
	const struct repertoire *r;
	const struct lang *lang;
};

/* The measures that have values at this level: ours (but in an IRIS, where no place is
 * counted), indices, then indicators.  None at all for an IRIS is n 0. */
bool mesure_list(const struct mesure_lecture *l, const char *niveau, struct mesure **out,
		 size_t *n, struct err *e);

/* NULL when none of them has that code. */
const struct mesure *mesure_find(const struct mesure *list, size_t n, const char *code);

/*
 * Fills the values of n territories, sorted by code, of one level, or EPCI among EPT.  Of an
 * index, `choix` is the user's (NULL: the method's, whose ranks have their interval).
 */
bool mesure_read(const struct mesure_lecture *l, const struct mesure *m,
		 const struct indice_choix *choix, struct ressort *t, size_t n,
		 struct err *e);

/* "7,2", "12 800", "39,4 %" as people read it; the status in words when there is none. */
const char *mesure_text(struct arena *a, const struct lang *lang, const struct mesure *m,
			const struct ressort *t);
