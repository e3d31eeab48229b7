/*
 * What there is around the inhabitants of a territory, and what is missing: places, hours open
 * in the week, distance, how many live far from any place, network.  The first thing that a
 * page of a territory says.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "core/repertoire.h"
#include "store/db.h"
#include "web/i18n.h"

struct constat_fait {
	const char *code;               /* of the line in files: "heures_semaine" */
	const char *libelle, *texte;    /* as people read them */
	const char *suite;              /* what makes it readable; "" */
	double valeur;
	const char *unite;
	int annee;                      /* 0: today's */
};

struct constat_ask {
	struct arena *a;
	struct db *db;
	const struct repertoire *r;
	const struct lang *lang;
	int64_t now;
	const char *niveau, *code;      /* in the words of the store */
	const struct commune *commune;  /* NULL for one above */
	const struct territoire *territoire;
};

bool constat_make(const struct constat_ask *ask, struct constat_fait **out, size_t *n,
		  struct err *e);
