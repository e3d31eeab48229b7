/* Which column of an unknown file goes to which field, and how surely. */
#pragma once

#include "orient/proposition_mots.h"
#include "orient/proposition_regard.h"

enum { PLAN_COLONNES = 12, PLAN_VALEURS = 80 };

/* A different value of a list column, cut by the separators that make fewer of them. */
struct piece {
	const char *text, *folded;
	size_t n;                       /* rows that have it */
};

struct pieces {
	struct piece list[PLAN_VALEURS];
	size_t n;
	bool cut[SEPARATEURS];
	bool trop;                      /* too many, or too long: no list of known values */
};

/* A column that gives a field its value. */
struct plan_colonne {
	const struct colonne_vue *c;
	double confiance;               /* 0 to 1 */
	double nom, forme;              /* what the name says, what the values say; -1 unasked */
};

/* A column of yes and no that adds a national value. */
struct plan_oui {
	const struct colonne_vue *c;
	const char *valeur;
};

struct plan_champ {
	struct plan_colonne colonnes[PLAN_COLONNES];
	struct plan_oui oui[PLAN_COLONNES];
	size_t n, noui;
};

struct plan {
	struct arena *a;
	const struct regard *r;
	const struct mots *m;
	struct plan_champ champs[LIEU_FIELDS];
	const struct colonne_vue *jours[JOURS], *heures, *adresse, *x, *y;
	struct pieces *pieces[ROW_COLUMNS];     /* by rank in the file */
	bool prise[ROW_COLUMNS];
};

void plan_make(struct arena *a, const struct regard *r, const struct mots *m, struct plan *out);

/* The order in which the dates of a column are written. */
enum ordre_date plan_ordre(const struct colonne_vue *c);

/* Of one of its columns. */
const struct pieces *plan_pieces(const struct plan *p, const struct colonne_vue *c);
