#include "observe/marges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/find.h"
#include "core/indicateur.h"
#include "format/csv.h"
#include "observe/enquete.h"
#include "observe/nombre.h"

struct compte {                         /* one row of the table */
	const char *code;
	uint32_t marge;
	long line;
	double nombre;
};

struct lecture {
	struct arena *a;
	struct marges *m;
	const char *modalites[ENQUETE_VARIABLES][ENQUETE_MODALITES];
	struct compte *comptes;
	size_t n, room;
};

/* Number of a modality, which may be new: its variable's, then its own. */
static bool modality_of(struct lecture *l, const char *variable, const char *modalite, size_t *v,
			size_t *k, struct err *e)
{
	struct marges *m = l->m;

	for (*v = 0; *v < m->nvariables && strcmp(m->variables[*v].nom, variable);)
		++*v;
	if (*v == ENQUETE_VARIABLES)
		return fail(e, E_LIMIT, "plus de %d variables.", ENQUETE_VARIABLES);
	if (*v == m->nvariables)
		m->variables[m->nvariables++] = (struct calage_variable){
			arena_str(l->a, variable), l->modalites[*v], 0 };
	for (*k = 0; *k < m->variables[*v].n && strcmp(l->modalites[*v][*k], modalite);)
		++*k;
	if (*k == ENQUETE_MODALITES)
		return fail(e, E_LIMIT, "« %.40s » a plus de %d modalités.", variable,
			    ENQUETE_MODALITES);
	if (*k == m->variables[*v].n) {
		l->modalites[*v][*k] = arena_str(l->a, modalite);
		m->variables[*v].n++;
		m->nmarges++;
	}
	return true;
}

/* A count; NaN for an empty cell and the marks of INSEE for what it does not give. */
static bool read_count(const char *text, double *out, struct err *e)
{
	static const char *const absent[] = { "", "s", "c", "ns", "nd", "so", "n/d", "na" };

	*out = NAN;
	for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
		if (!strcasecmp(text, absent[i]))
			return true;
	}
	if (!nombre_lire(text, out))
		return fail(e, E_INPUT, "« %.40s » n’est pas un nombre de personnes.", text);
	return *out >= 0 || fail(e, E_INPUT, "%.40s : un nombre de personnes n’est pas négatif.",
				 text);
}

static bool keep(struct lecture *l, const struct compte *c, struct err *e)
{
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 4096;
		struct compte *p = NEW_ARRAY(l->a, room, struct compte);

		if (!p)
			return arena_refuse(l->a, e);
		if (l->n)
			memcpy(p, l->comptes, l->n * sizeof *p);
		l->comptes = p;
		l->room = room;
	}
	l->comptes[l->n++] = *c;
	return true;
}

static int by_code(const void *a, const void *b)
{
	const struct compte *x = a, *y = b;
	int d = strcmp(x->code, y->code);

	if (d)
		return d;
	return (x->marge > y->marge) - (x->marge < y->marge);
}

/* Margins count variable after variable: where each begins. */
static void first_margins(const struct marges *m, size_t *first)
{
	size_t at = 0;

	for (size_t v = 0; v < m->nvariables; at += m->variables[v++].n)
		first[v] = at;
}

/* Rows of counts to one row a territory. */
static bool gather(struct lecture *l, const char *path, struct err *e)
{
	struct marges *m = l->m;
	size_t first[ENQUETE_VARIABLES];

	first_margins(m, first);
	for (size_t i = 0; i < l->n; i++)
		l->comptes[i].marge = (uint32_t)(first[l->comptes[i].marge / ENQUETE_MODALITES]
						 + l->comptes[i].marge % ENQUETE_MODALITES);
	if (l->n)
		qsort(l->comptes, l->n, sizeof *l->comptes, by_code);
	m->codes = NEW_ARRAY(l->a, l->n, const char *);
	for (size_t i = 0; i < l->n && m->codes; i++) {
		const struct compte *c = &l->comptes[i];

		if (i && !strcmp(c->code, c[-1].code)) {
			if (c->marge != c[-1].marge)
				continue;
			fail(e, E_INPUT, "ce nombre est déjà donné pour %s.", c->code);
			return fail_at(e, path, c->line > c[-1].line ? c->line : c[-1].line);
		}
		m->codes[m->n++] = c->code;
	}
	m->valeurs = NEW_ARRAY(l->a, m->n * m->nmarges, double);
	if (l->a->spent)
		return arena_refuse(l->a, e);
	for (size_t i = 0; i < m->n * m->nmarges; i++)
		m->valeurs[i] = NAN;
	for (size_t i = 0, t = 0; i < l->n; i++) {
		t += i && strcmp(l->comptes[i].code, l->comptes[i - 1].code);
		m->valeurs[t * m->nmarges + l->comptes[i].marge] = l->comptes[i].nombre;
	}
	return true;
}

struct colonnes {
	int code, variable, modalite, nombre, indicateurs;
};

static bool columns(const struct csv *f, const char *path, struct colonnes *c, struct err *e)
{
	c->code = csv_column(f, "code");
	c->variable = csv_column(f, "variable");
	c->modalite = csv_column(f, "modalite");
	c->nombre = csv_column(f, "nombre");
	c->indicateurs = csv_column(f, "indicateurs");
	if (c->variable >= 0 && c->modalite >= 0
	    && (c->indicateurs >= 0 || (c->code >= 0 && c->nombre >= 0)))
		return true;
	fail(e, E_INPUT, "%s : ce n’est pas un tableau de marges.", path);
	return hint(e, "Ses colonnes sont code, variable, modalite, nombre ; ou variable, modalite, "
		    "indicateurs pour prendre les comptes importés.");
}

static bool read_row(struct lecture *l, const struct colonnes *c, const struct csv_row *row,
		     struct err *e)
{
	size_t v, k;
	struct compte one = { .line = row->line };

	if (!*row->cells[c->variable] || !*row->cells[c->modalite])
		return fail(e, E_INPUT, "il manque la variable ou la modalité.");
	if (!modality_of(l, row->cells[c->variable], row->cells[c->modalite], &v, &k, e))
		return false;
	one.marge = (uint32_t)(v * ENQUETE_MODALITES + k);
	if (c->indicateurs >= 0)
		one.code = arena_str(l->a, row->cells[c->indicateurs]);
	else if (!*row->cells[c->code])
		return fail(e, E_INPUT, "il manque le code du territoire.");
	else
		one.code = arena_str(l->a, row->cells[c->code]);
	if (c->indicateurs < 0 && !read_count(row->cells[c->nombre], &one.nombre, e))
		return false;
	return keep(l, &one, e);
}

static bool gather_indicators(struct lecture *l, struct err *e)
{
	struct marges *m = l->m;
	size_t first[ENQUETE_VARIABLES];

	first_margins(m, first);
	m->indicateurs = NEW_ARRAY(l->a, m->nmarges, const char *);
	if (!m->indicateurs)
		return arena_refuse(l->a, e);
	for (size_t i = 0; i < l->n; i++)
		m->indicateurs[first[l->comptes[i].marge / ENQUETE_MODALITES]
			       + l->comptes[i].marge % ENQUETE_MODALITES] = l->comptes[i].code;
	return true;
}

static bool read_table(struct arena *a, struct csv *f, const char *path, struct marges **out,
		       struct err *e)
{
	struct lecture *l = NEW(a, struct lecture);
	struct colonnes c;
	struct csv_row row;

	if (!l)
		return arena_refuse(a, e);
	l->a = a;
	*out = l->m = NEW(a, struct marges);
	if (l->m)
		l->m->variables = NEW_ARRAY(a, ENQUETE_VARIABLES, struct calage_variable);
	if (a->spent)
		return arena_refuse(a, e);
	if (!columns(f, path, &c, e))
		return false;
	e->kind = E_OK;
	while (csv_next(f, &row, e)) {
		if (!read_row(l, &c, &row, e))
			return fail_at(e, path, row.line);
	}
	if (e->kind != E_OK)
		return false;
	if (!l->n)
		return fail(e, E_INPUT, "%s : ce tableau n’a pas de ligne.", path);
	return c.indicateurs >= 0 ? gather_indicators(l, e) : gather(l, path, e);
}

bool marges_read(struct arena *a, const char *path, struct marges **out, struct err *e)
{
	CLEANUP(csv_close) struct csv *f = NULL;

	return csv_open(path, &f, e) && read_table(a, f, path, out, e);
}

bool marges_read_text(struct arena *a, const char *name, const char *p, size_t n,
		      struct marges **out, struct err *e)
{
	CLEANUP(csv_close) struct csv *f = NULL;

	return csv_open_text(name, p, n, &f, e) && read_table(a, f, name, out, e);
}

/* --- from the store -------------------------------------------------------------------------- */

/* Adds the values of one indicator, times `sign`, to a column of the margins. */
static bool add_indicator(struct arena *a, struct db *db, const char *code, int annee, double sign,
			  struct marges *m, size_t column, struct err *e)
{
	double *values = NEW_ARRAY(a, m->n, double);
	uint8_t *status = NEW_ARRAY(a, m->n, uint8_t);
	bool any = false;

	if (!values || !status)
		return arena_refuse(a, e);
	if (!indicateur_align(db, code, "commune", annee, m->codes, m->n, values, status, NULL, e))
		return false;
	for (size_t i = 0; i < m->n; i++) {
		m->valeurs[i * m->nmarges + column] += sign * values[i];
		any = any || !isnan(values[i]);
	}
	if (any)
		return true;
	fail(e, E_MISSING, "L’indicateur « %s » n’est connu d’aucune commune.", code);
	return hint(e, "Importez la base communale de l’Insee qui le contient : tremplin indicateur "
		    "import --help");
}

/* "pop_15_29+pop_30_44-nscol15p" */
static bool add_formula(struct arena *a, struct db *db, const char *text, int annee,
			struct marges *m, size_t column, struct err *e)
{
	double sign = 1;

	if (!*text)
		return fail(e, E_INPUT, "Une marge ne dit pas de quels indicateurs elle vient.");
	while (*text) {
		size_t n = strcspn(text, "+-");

		if (!add_indicator(a, db, arena_strn(a, text, n), annee, sign, m, column, e))
			return false;
		sign = text[n] == '-' ? -1 : 1;
		text += n + (text[n] != '\0');
	}
	return true;
}

bool marges_of_store(struct arena *a, struct db *db, const struct decoupage *d, int annee,
		     struct marges *m, struct err *e)
{
	m->codes = NEW_ARRAY(a, d->n[NIVEAU_COMMUNE], const char *);
	m->valeurs = NEW_ARRAY(a, d->n[NIVEAU_COMMUNE] * m->nmarges, double);
	if (a->spent)
		return arena_refuse(a, e);
	for (size_t i = 0; i < d->n[NIVEAU_COMMUNE]; i++) {
		if (!d->unites[NIVEAU_COMMUNE][i].autre)
			m->codes[m->n++] = d->unites[NIVEAU_COMMUNE][i].code;
	}
	for (size_t k = 0; k < m->nmarges; k++) {
		if (!add_formula(a, db, m->indicateurs[k], annee, m, k, e))
			return false;
	}
	/* census counts are not whole: a difference of nothing may come out just below zero */
	for (size_t i = 0; i < m->n * m->nmarges; i++) {
		if (m->valeurs[i] < 0 && m->valeurs[i] > -1)
			m->valeurs[i] = 0;
	}
	return true;
}

static const struct calage_variable *variable_of(const struct marges *m, const char *nom,
						   size_t *first)
{
	*first = 0;
	for (size_t v = 0; v < m->nvariables; *first += m->variables[v++].n) {
		if (!strcmp(m->variables[v].nom, nom))
			return &m->variables[v];
	}
	return NULL;
}

/* from[k]: column that margin k of the plan has today. */
static bool columns_of(const struct marges *m, const struct calage_plan *plan, size_t *from,
		       struct err *e)
{
	for (size_t v = 0; v < plan->nvariables; v++) {
		const struct calage_variable *x = &plan->variables[v], *own;
		size_t first, k;

		own = variable_of(m, x->nom, &first);
		for (size_t i = 0; i < x->n; i++, from++) {
			const char *modalite = x->modalites[i];

			for (k = 0; own && k < own->n && strcmp(own->modalites[k], modalite);)
				k++;
			if (!own || k == own->n)
				return fail(e, E_INPUT, "Les marges ne comptent pas « %s » (%s).",
					    x->modalites[i], x->nom);
			*from = first + k;
		}
	}
	if (plan->nvariables == m->nvariables && plan->nmarges == m->nmarges)
		return true;
	return fail(e, E_INPUT, "Les marges comptent %zu modalités, l’enquête en a %zu.", m->nmarges,
		    plan->nmarges);
}

bool marges_align(struct arena *a, struct marges *m, const struct calage_plan *plan,
		  struct err *e)
{
	size_t *from = NEW_ARRAY(a, plan->nmarges, size_t);
	double *row = NEW_ARRAY(a, m->nmarges, double);

	if (!from || !row)
		return arena_refuse(a, e);
	if (!columns_of(m, plan, from, e))
		return false;
	if (m->indicateurs) {
		const char **own = NEW_ARRAY(a, m->nmarges, const char *);

		if (!own)
			return arena_refuse(a, e);
		for (size_t k = 0; k < m->nmarges; k++)
			own[k] = m->indicateurs[from[k]];
		m->indicateurs = own;
	}
	for (size_t i = 0; i < m->n; i++) {
		double *v = m->valeurs + i * m->nmarges;

		memcpy(row, v, m->nmarges * sizeof *row);
		for (size_t k = 0; k < m->nmarges; k++)
			v[k] = row[from[k]];
	}
	memcpy(m->variables, plan->variables, plan->nvariables * sizeof *m->variables);
	return true;
}

static const char *code_at(const void *p)
{
	return *(const char *const *)p;
}

const double *marges_find(const struct marges *m, const char *code)
{
	size_t i = find_first(m->codes, m->n, sizeof *m->codes, code_at, code);

	return i < m->n && !strcmp(m->codes[i], code) ? m->valeurs + i * m->nmarges : NULL;
}
