/*
 * A stop as somebody writes it, in a form or in a line of a file; what it becomes in the
 * store, or why it cannot.
 */
#pragma once

#include "core/passage.h"
#include "core/repertoire.h"
#include "store/db.h"
#include "web/route.h"

struct passage_saisie {
	const char *lieu;               /* id of the place, id in a source, or its whole name */
	const char *arret, *commune, *adresse;
	const char *quand;              /* "2e mardi du mois de 14h à 17h", "Tu[2] 14:00-17:00" */
	const char *dates, *sauf;       /* a day a line */
	const char *debut, *fin;        /* 2026-09-01 or 1/9/2026 */
	const char *precisions;
	struct point position;
	bool non_public;
};
extern const struct field passage_fields[];

struct passage_propre {                 /* ready for the store; NULL absent */
	const char *id;                 /* NULL: a new one */
	const char *lieu_id, *source, *id_source, *arret, *commune, *code_insee, *adresse;
	const char *horaires, *dates, *sauf, *debut, *fin, *precisions;
	double lat, lon;                /* NaN: not known */
	bool non_public;
	const char *doute;              /* a position too far from its commune, left out; NULL */
};

/*
 * E_INPUT with the name of the field in *champ.  A position more than 30 km away from its
 * commune is left out, and said in out->doute.
 */
bool passage_verifier(struct db *db, const struct repertoire *r, struct arena *a,
		      const struct passage_saisie *in, struct passage_propre *out,
		      const char **champ, struct err *e);

/* Writes; a new id goes to p->id (in `a`).  agent: NULL from an import. */
bool passage_enregistrer(struct tx *tx, const struct env *env, struct arena *a,
			 struct passage_propre *p, const char *agent, struct err *e);
