#include "orient/lieu_fusion.h"

#include <stdlib.h>
#include <string.h>

#include "orient/lieu_fusion.sql.h"
#include "orient/lieu_parole.h"

/* Words that the store keeps; docs/lieux.md tells them. */
static const char fused[] = "fusion";
static const char held_why[] = "peut-être le même qu'un lieu protégé";

static const char *or_self(const char *origin, const char *self)
{
	return origin && *origin ? origin : self;
}

/* --- together ----------------------------------------------------------------------- */

static bool read_place(struct db *db, struct arena *a, const char *id, struct lieu_lu *out,
		       struct err *e)
{
	if (lieu_lire(db, a, id, out, e))
		return true;
	return e->kind == E_MISSING
	       && fail(e, E_MISSING, "un de ces deux lieux n'est plus dans la liste.");
}

static bool is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

/* The later of two dates; NULL when there is none. */
static const char *later(const char *x, const char *y)
{
	return !x || (y && strcmp(y, x) > 0) ? y : x;
}

/* What the merged place is: protected as soon as one of them is, absent while both are. */
static void join(struct fiche_lue_row *g, const struct fiche_lue_row *q)
{
	bool hidden = is(g->publication, "protege");

	if (!hidden && (is(q->publication, "protege")
			|| (is(g->publication, "retire") && is(q->publication, "publie")))) {
		g->publication = q->publication;
		g->publication_motif = q->publication_motif;
	}
	g->adresse_protegee = g->adresse_protegee || q->adresse_protegee;
	g->confirme_le = later(g->confirme_le, q->confirme_le);
	g->absent_depuis = g->absent_depuis ? q->absent_depuis : NULL;
}

/* The rows of the place that stays: each is to know what it says and where it comes from. */
static bool put_staying(struct tx *tx, struct arena *a, const struct lieu_lu *garde,
			struct err *e)
{
	for (size_t i = 0; i < garde->n; i++) {
		struct parole *p = &garde->p[i];

		if (p->valeurs && *p->origine)
			continue;
		if (!parole_fixer(a, p, e)
		    || !fusion_ligne_garde(tx, p->source_id, p->id_source,
					   or_self(p->origine, garde->fiche.id), p->valeurs,
					   NULL, e))
			return false;
	}
	return true;
}

static bool put_moving(struct tx *tx, struct arena *a, const struct lieu_lu *parti,
		       const char *garde, struct err *e)
{
	for (size_t i = 0; i < parti->n; i++) {
		struct parole *p = &parti->p[i];

		if (!parole_fixer(a, p, e)
		    || !fusion_ligne(tx, p->source_id, p->id_source, garde,
				     or_self(p->origine, parti->fiche.id), p->valeurs, NULL, e))
			return false;
	}
	return true;
}

/* What else names the place that goes. */
static bool follow(struct tx *tx, const char *garde, const char *parti, struct err *e)
{
	struct fusion_suites_row row;

	if (!fusion_suites(tx_db(tx), NULL, parti, &row, e))
		return false;
	return !row.n
	       || (fusion_alias_suivent(tx, garde, parti, NULL, e)
		   && fusion_signalements(tx, garde, parti, NULL, e)
		   && fusion_changements(tx, garde, parti, NULL, e)
		   && fusion_acces(tx, garde, parti, NULL, e));
}

static int by_source(const void *a, const void *b)
{
	const struct parole *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	return d ? d : strcmp(x->id_source, y->id_source);
}

/* Adds what is said of q to what is said of g. */
static bool unite(struct arena *a, struct lieu_lu *g, const struct lieu_lu *q, struct err *e)
{
	struct parole *p = NEW_ROOM(a, g->n + q->n + 1, struct parole);

	if (!p)
		return arena_refuse(a, e);
	memcpy(p, g->p, g->n * sizeof *p);
	memcpy(p + g->n, q->p, q->n * sizeof *p);
	g->p = p;
	g->n += q->n;
	qsort(g->p, g->n, sizeof *g->p, by_source);
	join(&g->fiche, &q->fiche);
	return true;
}

/* One place goes into g, of which the store is told at the end. */
static bool take_in(struct tx *tx, struct arena *a, struct lieu_lu *g, const char *parti,
		    const char *now, struct err *e)
{
	const char *garde = g->fiche.id;
	struct lieu_lu q;

	return read_place(tx_db(tx), a, parti, &q, e)
	       && put_moving(tx, a, &q, garde, e)
	       && follow(tx, garde, q.fiche.id, e)
	       && fusion_alias(tx, q.fiche.id, garde, NULL, e)
	       && fusion_publication(tx, q.fiche.id, "retire", fused, q.fiche.adresse_protegee,
				     now, NULL, e)
	       && unite(a, g, &q, e);
}

bool lieu_reunir(struct tx *tx, struct arena *a, const char *garde, const char *const *partis,
		 size_t n, const char *now, struct err *e)
{
	struct fiche_lue_row *f;
	struct lieu_lu g;

	if (!read_place(tx_db(tx), a, garde, &g, e) || !put_staying(tx, a, &g, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!take_in(tx, a, &g, partis[i], now, e))
			return false;
	}
	f = &g.fiche;
	return fusion_garde(tx, f->id, f->publication, f->publication_motif, f->adresse_protegee,
			    f->confirme_le, f->absent_depuis, now, NULL, e)
	       && lieu_recomposer_lu(tx, a, &g, now, NULL, e);
}

bool lieu_fusionner(struct tx *tx, struct arena *a, const char *x, const char *y,
		    const char *now, const char **out, struct err *e)
{
	int d = strcmp(x, y);
	const char *parti = d < 0 ? y : x;

	if (!d)
		return fail(e, E_CONFLICT, "ces deux fiches sont déjà le même lieu.");
	*out = arena_str(a, d < 0 ? x : y);
	return lieu_reunir(tx, a, *out, &parti, 1, now, e);
}

/* --- apart -------------------------------------------------------------------------- */

/* The id that a place gets back is nobody's alias any more; what was hidden stays hidden on
 * both sides. */
static bool revive(struct tx *tx, struct arena *a, const char *id, const char *from,
		   const char *now, struct err *e)
{
	struct fusion_lieu_row old, other;
	bool one, two, hidden;

	if (!fusion_lieu(tx_db(tx), a, id, &old, &one, e)
	    || !fusion_lieu(tx_db(tx), a, from, &other, &two, e))
		return false;
	if (!one || !two)
		return fail(e, E_MISSING, "la fiche d'avant n'existe plus.");
	hidden = old.adresse_protegee || is(other.publication, "protege");
	return fusion_alias_fini(tx, id, NULL, e)
	       && fusion_publication(tx, id, hidden ? "protege" : "publie",
				     hidden ? or_self(other.publication_motif, "protégé")
				     : NULL, hidden, now, NULL, e);
}

/* All but row `k` leave for the oldest id that one of them had; NULL when none had another. */
static const char *other_origin(const struct separer_lignes_row *rows, size_t n, size_t k,
				const char *here)
{
	const char *out = NULL;

	for (size_t i = 0; i < n; i++) {
		const char *o = or_self(rows[i].lieu_origine, here);

		if (i != k && strcmp(o, here) && (!out || strcmp(o, out) < 0))
			out = o;
	}
	return out;
}

/* The row keeps the id of the place, the others go. */
static bool others_leave(struct tx *tx, struct arena *a, const struct separer_lignes_row *rows,
			 size_t n, size_t k, const char *here, const char *now, struct err *e)
{
	const char *there = other_origin(rows, n, k, here);

	if (!there)
		return fail(e, E_CONFLICT, "ces sources ont toujours parlé du même lieu.");
	if (!revive(tx, a, there, here, now, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *o = or_self(rows[i].lieu_origine, here);

		if (i == k)
			continue;
		if (!separer_ligne(tx, rows[i].source_id, rows[i].id_source, there, NULL, e))
			return false;
		if (strcmp(o, here) && strcmp(o, there)
		    && !fusion_alias(tx, o, there, NULL, e))
			return false;
	}
	return lieu_recomposer(tx, a, there, now, NULL, e);
}

bool lieu_separer(struct tx *tx, struct arena *a, const char *source_id,
		  const char *id_source, const char *now, const char **out, struct err *e)
{
	struct separer_lignes_row *rows;
	struct separer_lieu_de_row here;
	const char *origin;
	size_t n, k = 0;
	bool found;

	if (!separer_lieu_de(tx_db(tx), a, source_id, id_source, &here, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "cette ligne n'est plus dans la liste.");
	if (!separer_lignes(tx_db(tx), a, here.lieu_id, &rows, &n, e))
		return false;
	if (n < 2)
		return fail(e, E_CONFLICT, "ce lieu n'a qu'une source : rien à séparer.");
	while (k < n && (strcmp(rows[k].source_id, source_id)
			 || strcmp(rows[k].id_source, id_source)))
		k++;
	if (k == n)
		return fail(e, E_MISSING, "cette ligne n'est plus dans la liste.");
	origin = or_self(rows[k].lieu_origine, here.lieu_id);
	*out = origin;
	if (strcmp(origin, here.lieu_id) == 0) {
		if (!others_leave(tx, a, rows, n, k, here.lieu_id, now, e))
			return false;
	} else if (!revive(tx, a, origin, here.lieu_id, now, e)
		   || !separer_ligne(tx, source_id, id_source, origin, NULL, e)
		   || !lieu_recomposer(tx, a, origin, now, NULL, e)) {
		return false;
	}
	return lieu_recomposer(tx, a, here.lieu_id, now, NULL, e);
}

/* --- until somebody decides ----------------------------------------------------------- */

bool lieu_retenir(struct tx *tx, const char *id, const char *now, bool *held, struct err *e)
{
	int64_t changed = 0;
	bool good = fusion_retenir(tx, id, held_why, now, &changed, e);

	*held = changed > 0;
	return good;
}

bool lieu_relacher(struct tx *tx, const char *id, const char *now, struct err *e)
{
	return fusion_relacher(tx, id, held_why, now, NULL, e);
}
