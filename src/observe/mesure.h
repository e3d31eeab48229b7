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
#include "core/indicateur.h"
#include "core/repertoire.h"
#include "web/i18n.h"

struct mesure {
	const char *code;               /* "lieux", "ind.older_65_rate" */
	const char *libelle, *unite;    /* in the reader's language when it is ours */
	const char *source;             /* where it comes from, in words; "" */
	int annee;                      /* 0: today's */
};

/* One territory that is shown: a commune (without arrondissements) or one above. */
struct ressort {
	const char *niveau, *code, *nom, *lien;
	int64_t population;             /* -1 when not known */
	const struct commune *commune;  /* NULL for one above */
	const struct territoire *territoire;    /* NULL for a commune */
	double valeur;                  /* NaN unless statut is STATUT_VALEUR */
	enum indicateur_statut statut;
};

/* The measures that have values at this level, ours first. */
bool mesure_list(struct arena *a, struct db *db, const struct lang *lang, const char *niveau,
		 struct mesure **out, size_t *n, struct err *e);

/* NULL when none of them has that code. */
const struct mesure *mesure_find(const struct mesure *list, size_t n, const char *code);

/* Fills the values of n territories, sorted by code, of one level, or EPCI among EPT. */
bool mesure_read(struct arena *a, struct db *db, const struct repertoire *r,
		 const struct mesure *m, struct ressort *t, size_t n, struct err *e);

/* "7,2", "12 800", "39,4 %" as people read it; the status in words when there is none. */
const char *mesure_text(struct arena *a, const struct lang *lang, const struct mesure *m,
			const struct ressort *t);
