/* Estimates kept in the store: written whole, read by territory or by result. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "base/env.h"
#include "base/find.h"
#include "observe/estimation.h"
#include "core/secret.h"
#include "observe/estimation.sql.h"

/* --- writing --------------------------------------------------------------------------------- */

struct garde {
	const struct estimation *s;
	char now[ISO_TEXT];
};

static bool put_results(struct tx *tx, const struct estimation *s, struct err *e)
{
	const struct enquete *q = s->enquete;

	for (size_t i = 0; i < q->nresultats; i++) {
		const struct enquete_resultat *r = &q->resultats[i];

		if (!estimation_resultat_put(tx, q->nom, (int64_t)i, r->nom, r->libelle,
					     r->concerne, NULL, e))
			return false;
	}
	return s->nvaleurs == q->nresultats
	       || estimation_resultat_put(tx, q->nom, (int64_t)q->nresultats, ESTIMATION_CONCERNES,
					  "personnes que la médiation concerne d’abord", 1, NULL, e);
}

static const double *known(const double *v)
{
	return isnan(*v) ? NULL : v;
}

static bool put_line(struct tx *tx, const struct estimation *s, const struct estimation_ligne *l,
		     struct err *e)
{
	for (size_t o = 0; o < s->nvaleurs; o++) {
		const struct estimation_valeur *v = &l->v[o];

		if (!estimation_put(tx, s->enquete->nom, niveau_mots[l->niveau], l->code,
				    (int64_t)o, estimation_statuts[l->secret
				    ? ESTIMATION_SECRETE : l->statut], known(&l->base),
				    known(&v->nombre), known(&v->bas), known(&v->haut),
				    (int64_t)l->manquantes, NULL, e))
			return false;
	}
	return true;
}

static bool keep_job(struct tx *tx, void *arg, struct err *e)
{
	const struct garde *g = arg;
	const struct enquete *q = g->s->enquete;

	if (!estimation_drop(tx, q->nom, NULL, e) || !estimation_resultat_drop(tx, q->nom, NULL, e)
	    || !estimation_enquete_drop(tx, q->nom, NULL, e)
	    || !estimation_enquete_put(tx, q->nom, q->titre, q->source, q->champ, q->avertissement,
				       q->annee, (int64_t)q->n, g->s->tirages,
				       (int64_t)g->s->graine, g->now, NULL, e)
	    || !put_results(tx, g->s, e))
		return false;
	for (size_t i = 0; i < g->s->n; i++) {
		/* what is not known is not kept */
		if (g->s->lignes[i].statut != ESTIMATION_SANS_DONNEES
		    && !put_line(tx, g->s, &g->s->lignes[i], e))
			return false;
	}
	return true;
}

bool estimation_keep(struct store *store, const struct estimation *s, struct err *e)
{
	struct garde g = { .s = s };

	iso_write(env_now(store_env(store)), g.now);
	return store_write_alone(store, keep_job, &g, e);
}

/* --- reading ---------------------------------------------------------------------------------- */

static enum estimation_statut status_of(const char *word)
{
	int i = 0;

	while (i < ESTIMATION_STATUTS - 1 && strcmp(estimation_statuts[i], word))
		i++;
	return (enum estimation_statut)i;
}

bool estimation_taire(struct estimation_valeur *v)
{
	double least = (double)secret_regle_usuelle.seuil;

	if (v->nombre > 0 && v->nombre < least) {
		*v = (struct estimation_valeur){ NAN, NAN, NAN };
		return true;
	}
	if (v->bas > 0 && v->bas < least)
		v->bas = NAN;
	return false;
}

bool estimation_of(struct db *db, struct arena *a, const char *niveau, const char *code,
		   struct estimation_gardee **out, size_t *n, struct err *e)
{
	struct estimation_rows_of_row *rows;

	if (!estimation_rows_of(db, a, niveau, code, &rows, n, e))
		return false;
	*out = NEW_ARRAY(a, *n, struct estimation_gardee);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++) {
		const struct estimation_rows_of_row *r = &rows[i];
		struct estimation_valeur v = { r->nombre_null ? NAN : r->nombre,
			r->bas_null ? NAN : r->bas, r->haut_null ? NAN : r->haut };
		bool secret = status_of(r->statut) == ESTIMATION_SECRETE;

		if (secret)
			v = (struct estimation_valeur){ NAN, NAN, NAN };
		secret |= estimation_taire(&v);

		(*out)[i] = (struct estimation_gardee){
			.enquete = r->enquete, .titre = r->titre, .source = r->source,
			.champ = r->champ, .avertissement = r->avertissement,
			.annee = (int)r->annee, .repondants = (int)r->repondants,
			.resultat = r->resultat, .libelle = r->libelle,
			.concerne = r->concerne != 0, .niveau = niveau, .code = code,
			.statut = secret ? ESTIMATION_SECRETE : status_of(r->statut),
			.base = r->base_null ? NAN : r->base,
			.nombre = v.nombre, .bas = v.bas, .haut = v.haut,
			.manquantes = (int)r->manquantes, .calcule_le = r->calcule_le,
		};
	}
	return true;
}

struct aligne {
	const char *const *codes;
	size_t n;
	double *nombres;
};

static const char *code_at(const void *p)
{
	return *(const char *const *)p;
}

static bool align_row(const struct estimation_communes_row *row, void *arg, struct err *e)
{
	struct aligne *t = arg;
	size_t i = find_first(t->codes, t->n, sizeof *t->codes, code_at, row->code);

	(void)e;
	if (i < t->n && !strcmp(t->codes[i], row->code))
		t->nombres[i] = row->nombre_null ? NAN : row->nombre;
	return true;
}

static bool which(struct db *db, struct arena *a, const char **enquete, const char *resultat,
		  int64_t *rank, bool *there, struct err *e)
{
	struct estimation_latest_row last;
	struct estimation_rank_row named;

	if (*enquete) {
		if (!estimation_rank(db, a, *enquete, resultat, &named, there, e))
			return false;
		*rank = named.rang;
		return true;
	}
	if (!estimation_latest(db, a, resultat, &last, there, e))
		return false;
	*enquete = *there ? last.nom : "";
	*rank = last.rang;
	return true;
}

bool estimation_align(struct db *db, struct arena *a, const char *enquete, const char *resultat,
		      const char *const *codes, size_t n, double *nombres, const char **found,
		      struct err *e)
{
	struct aligne t = { codes, n, nombres };
	int64_t rank;
	bool there;

	for (size_t i = 0; i < n; i++)
		nombres[i] = NAN;
	if (!which(db, a, &enquete, resultat, &rank, &there, e))
		return false;
	*found = there ? enquete : "";
	return !there || estimation_communes(db, enquete, rank, align_row, &t, e);
}

struct cachant {
	const char *const *codes;
	size_t n;
	bool *caches;
};

static bool hide_row(const struct estimation_secrets_row *row, void *arg, struct err *e)
{
	struct cachant *t = arg;
	size_t i = find_first(t->codes, t->n, sizeof *t->codes, code_at, row->code);

	(void)e;
	if (i < t->n && !strcmp(t->codes[i], row->code))
		t->caches[i] = true;
	return true;
}

bool estimation_caches(struct db *db, const char *enquete, const char *niveau,
		       const char *const *codes, size_t n, bool *caches, struct err *e)
{
	struct cachant t = { codes, n, caches };

	memset(caches, 0, n * sizeof *caches);
	return estimation_secrets(db, enquete, niveau, hide_row, &t, e);
}

struct encadre {
	const char *const *codes;
	size_t n;
	double (*bornes)[2];
};

static bool bound_row(const struct estimation_intervalles_row *row, void *arg, struct err *e)
{
	struct encadre *t = arg;
	size_t i = find_first(t->codes, t->n, sizeof *t->codes, code_at, row->code);

	(void)e;
	if (i < t->n && !strcmp(t->codes[i], row->code)) {
		t->bornes[i][0] = row->bas_null ? NAN : row->bas;
		t->bornes[i][1] = row->haut_null ? NAN : row->haut;
	}
	return true;
}

bool estimation_bornes(struct db *db, const char *enquete, const char *resultat,
		       const char *niveau, const char *const *codes, size_t n,
		       double (*bornes)[2], struct err *e)
{
	struct encadre t = { codes, n, bornes };

	for (size_t i = 0; i < n; i++)
		bornes[i][0] = bornes[i][1] = NAN;
	return estimation_intervalles(db, enquete, resultat, niveau, bound_row, &t, e);
}
