/* A row per territory, a column per variable: binding, and reading row by row. */
#include "observe/indicateur_large.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* A share may pass 100 by rounding, not by more. */
static const double OVER = 1.005;

bool large_new(struct run *r, struct large *l, struct err *e)
{
	*l = (struct large){ .code = -1, .niveau_column = -1, .annee_column = -1,
		.niveau = run_niveau(r), .skip_column = -1, .iris = { -1, -1, -1 },
		.liaisons = NEW_ARRAY(&r->a, LIAISONS, struct liaison),
		.measures = NEW_ARRAY(&r->a, LIAISONS, size_t),
		.natures = NEW_ARRAY(&r->a, LIAISONS, const char *) };
	return (l->liaisons && l->measures && l->natures) || arena_refuse(&r->a, e);
}

/* --- binding ------------------------------------------------------------------------------- */

bool large_add(struct run *r, struct large *l, const struct indicateur *i,
	       const struct liaison *x, struct err *e)
{
	int annee = x->annee ? x->annee : l->annee;

	if (l->n == LIAISONS)
		return fail(e, E_LIMIT, "Ce fichier donne plus de %d mesures.", LIAISONS);
	l->liaisons[l->n] = *x;
	l->natures[l->n] = i->nature;
	/* the year of a row's own column is not known yet */
	l->measures[l->n] = l->annee_column >= 0 ? SIZE_MAX
		: stage_measure(&r->stage, i->code, i->nature, annee, x->den.n > 0, x->facteur);
	if (l->annee_column < 0 && l->measures[l->n] == SIZE_MAX)
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	l->n++;
	return true;
}

static bool is_bound(const struct large *l, const char *indicateur, int annee)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->liaisons[i].annee == annee && !strcmp(l->liaisons[i].indicateur, indicateur))
			return true;
	}
	return false;
}

static bool bind_one(struct run *r, struct large *l, const struct entetes *h,
		     const struct formule *f, int annee, struct err *e)
{
	const struct indicateur *i = run_indicateur(r, f->indicateur);
	struct liaison x = { .indicateur = f->indicateur, .annee = annee,
			     .facteur = f->facteur };
	char missing[64];

	if (!i || is_bound(l, f->indicateur, annee) || !run_wants(r, f->indicateur)
	    || !somme_bind(h, f->numerateur, annee, &x.num, missing))
		return true;
	if (*f->denominateur && !somme_bind(h, f->denominateur, annee, &x.den, missing))
		return true;
	return large_add(r, l, i, &x, e);
}

static bool keeps_year(const struct run *r, int annee)
{
	return !r->ask->annee || r->ask->annee == annee;
}

bool large_bind(struct run *r, struct large *l, const struct entetes *h, const char *format,
		struct err *e)
{
	for (size_t i = 0; i < r->nformules; i++) {
		const struct formule *f = &r->formules[i];

		if (strcmp(f->format, format))
			continue;
		if (!h->nmillesimes && !bind_one(r, l, h, f, 0, e))
			return false;
		for (size_t k = 0; k < h->nmillesimes; k++) {
			if (keeps_year(r, h->millesimes[k])
			    && !bind_one(r, l, h, f, h->millesimes[k], e))
				return false;
		}
	}
	return true;
}

/* --- rows ---------------------------------------------------------------------------------- */

struct take {
	struct run *r;
	struct large *l;
	const struct csv_row *row;
	struct cell *cells;             /* as liaisons */
};

static bool refuse_cell(const struct take *t, int column, const char *why)
{
	const struct run *r = t->r;
	const char *name = column >= 0 && (size_t)column < r->t.n ? r->t.names[column] : "";

	return note_refus(&t->r->notes, t->row->line, name, cellule(t->row, column), "%s", why);
}

/* One liaison's reading; false when the row cannot be right. */
static bool read_cell(const struct take *t, size_t k)
{
	const struct liaison *x = &t->l->liaisons[k];
	struct cell *c = &t->cells[k];
	uint8_t below = STATUT_VALEUR;
	int faulty;

	*c = (struct cell){ 0 };
	if (!somme_read(&x->num, t->row, &c->num, &c->statut, &faulty)
	    || (x->den.n && !somme_read(&x->den, t->row, &c->den, &below, &faulty)))
		return refuse_cell(t, faulty, "ce n'est pas un nombre");
	if (c->statut == STATUT_VALEUR)
		c->statut = below;
	if (c->statut != STATUT_VALEUR)
		return true;
	if (!x->den.n)
		c->num *= x->facteur;
	if (t->l->zero_is_nobody && c->num == 0 && !strcmp(t->l->natures[k], "score"))
		c->statut = STATUT_SANS_OBJET;
	if (!strcmp(t->l->natures[k], "nombre") && c->num < 0)
		return refuse_cell(t, x->num.column[0], "un nombre de personnes ou de choses "
				   "ne peut être négatif");
	if (x->den.n && c->den < 0)
		return refuse_cell(t, x->den.column[0], "un nombre de personnes ou de choses "
				   "ne peut être négatif");
	if (strcmp(t->l->natures[k], "part"))
		return true;
	if (x->den.n && (c->num < c->den * -(OVER - 1) || c->num > c->den * OVER))
		return refuse_cell(t, x->num.column[0], "une partie plus grande que le tout");
	if (!x->den.n && (c->num < 0 || c->num > 100 * OVER))
		return refuse_cell(t, x->num.column[0], "une part hors de 0 à 100 %");
	return true;
}

/* A share that rounding took out of 0..100 is put back. */
static void settle(const struct take *t)
{
	for (size_t k = 0; k < t->l->n; k++) {
		struct cell *c = &t->cells[k];
		bool ratio = t->l->liaisons[k].den.n > 0;

		if (strcmp(t->l->natures[k], "part") || c->statut != STATUT_VALEUR)
			continue;
		c->num = c->num < 0 ? 0 : c->num;
		if (c->num > (ratio ? c->den : 100))
			c->num = ratio ? c->den : 100;
	}
}

static double weight_of(const struct take *t)
{
	uint8_t statut;
	double w;
	int faulty;

	if (!t->l->weight.n || !somme_read(&t->l->weight, t->row, &w, &statut, &faulty)
	    || statut != STATUT_VALEUR)
		return 0;
	return w;
}

/* The measure of a table whose rows bear their year. */
static size_t measure_of(struct run *r, const struct large *l, size_t k, int annee)
{
	if (l->measures[k] != SIZE_MAX)
		return l->measures[k];
	return stage_measure(&r->stage, l->liaisons[k].indicateur, l->natures[k], annee,
			     l->liaisons[k].den.n > 0, l->liaisons[k].facteur);
}

static bool put_cells(const struct take *t, const struct code_lu *c, int annee, struct err *e)
{
	double weight = weight_of(t);
	size_t rows[ARRIVEES];

	if (!run_rows(t->r, c, rows, e))
		return false;
	for (size_t k = 0; k < t->l->n; k++) {
		size_t m = measure_of(t->r, t->l, k, annee);
		/* what one commune had cannot be counted in several */
		bool shared = c->n > 1 && c->niveau != N_IRIS
			      && !strcmp(t->l->natures[k], "nombre");

		for (int i = 0; !shared && i < (c->niveau == N_IRIS ? 1 : c->n); i++) {
			if (m == SIZE_MAX || !stage_put(&t->r->stage, m, rows[i], &t->cells[k],
							weight, c->reporte))
				return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
		}
	}
	return true;
}

/* The row's own year; 0 when it is refused or not asked. */
static int row_year(const struct take *t)
{
	int annee;

	if (t->l->annee_column < 0)
		return t->l->annee;
	annee = annee_lire(cellule(t->row, t->l->annee_column));
	if (!annee)
		refuse_cell(t, t->l->annee_column, "ce n'est pas une année");
	else if (!keeps_year(t->r, annee))
		t->r->out->ignores++;
	return keeps_year(t->r, annee) ? annee : 0;
}

static enum niveau row_level(const struct take *t)
{
	enum niveau n = t->l->niveau;

	if (t->l->niveau_column < 0)
		return n;
	return niveau_of(cellule(t->row, t->l->niveau_column));
}

static bool take_row(const struct take *t, struct err *e)
{
	struct run *r = t->r;
	struct large *l = t->l;
	struct code_lu c;
	bool is_new;
	int annee;

	if (l->skip && l->skip(l, t->row)) {
		r->out->ignores++;
		return true;
	}
	if (l->niveau_column >= 0 && row_level(t) == N_AUCUN) {
		refuse_cell(t, l->niveau_column, "niveau de territoire inconnu");
		return true;
	}
	if (!run_code(r, t->row, l->code, row_level(t), &c))
		return true;
	annee = row_year(t);
	if (l->annee_column >= 0 && !annee)
		return true;
	if (!run_is_new(r, &c, l->annee_column < 0 ? 0 : annee, 0, &is_new, e))
		return false;
	if (!is_new) {
		refuse_cell(t, l->code, "ce territoire est déjà donné plus haut");
		return true;
	}
	for (size_t k = 0; k < l->n; k++) {
		if (!read_cell(t, k))
			return true;
	}
	settle(t);
	if (!put_cells(t, &c, annee, e))
		return false;
	r->out->acceptes++;
	return !l->after || l->after(r, l, t->row, &c, e);
}

bool large_read(struct run *r, struct large *l, struct err *e)
{
	struct csv_row row;
	struct take t = { r, l, &row, NEW_ARRAY(&r->a, LIAISONS, struct cell) };

	if (!t.cells)
		return arena_refuse(&r->a, e);
	while (run_next(r, &row, e)) {
		if (!take_row(&t, e))
			return false;
	}
	return e->kind == E_OK;
}
