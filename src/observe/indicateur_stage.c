/*
 * What follows from what a file says: a commune that came out of another takes its rates;
 * Paris, Lyon and Marseille speak for their arrondissements and the other way round; sums
 * of communes make EPCI, départements, régions and France when nearly all are there.
 */
#include "observe/indicateur_stage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A sum is made when the communes that are known hold this share of the people. */
static const double COVERAGE = 0.95;

static bool no_memory(struct err *e)
{
	return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
}

static bool is_count(const struct measure *m)
{
	return !m->ratio && !strcmp(m->nature, "nombre");
}

/* Means that keep their sense when averaged by inhabitants. */
static bool averages(const struct measure *m)
{
	return !strcmp(m->nature, "distance") || !strcmp(m->nature, "score")
	       || !strcmp(m->nature, "part");
}

static double people(const struct repere *r)
{
	return r->population > 0 ? r->population : 1;
}

static bool known(const struct measure *m, size_t row)
{
	return m->statut[row] == STATUT_VALEUR || m->statut[row] == STATUT_SANS_OBJET;
}

static bool lacks(const struct measure *m, size_t row)
{
	return m->statut[row] == CELL_VIDE || m->statut[row] == STATUT_NON_DISPONIBLE;
}

/* --- communes that were split --------------------------------------------------------------- */

/* A rate goes to the child; a count cannot be shared out without inventing. */
static void give(struct stage *s, size_t from, size_t to, const char *date, uint8_t origine,
		 size_t *given)
{
	for (size_t k = 0; k < s->nmeasures; k++) {
		struct measure *m = &s->measures[k];

		if (is_count(m) || m->statut[to] != CELL_VIDE || m->statut[from] == CELL_VIDE
		    || (*date && strtol(date, NULL, 10) <= m->annee))
			continue;
		m->statut[to] = m->statut[from];
		m->origine[to] = (uint8_t)(m->origine[from] | origine);
		m->num[to] = m->num[from];
		if (m->den)
			m->den[to] = m->den[from];
		++*given;
	}
}

static bool split_communes(struct stage *s, size_t *carried, struct err *e)
{
	const struct annuaire *a = s->annuaire;

	for (size_t i = 0; i < a->npassages; i++) {
		const struct passage *p = &a->passages[i];
		int32_t child;
		size_t from, to;

		if (p->nature != P_SCISSION)
			continue;
		child = annuaire_find(a, N_COMMUNE, p->nouveau);
		from = stage_look(s, N_COMMUNE, p->ancien);
		if (child < 0 || from == SIZE_MAX)
			continue;
		to = stage_find(s, N_COMMUNE, p->nouveau, child);
		if (to == SIZE_MAX)
			return no_memory(e);
		give(s, from, to, p->date, ORIGINE_REPORTE, carried);
	}
	return true;
}

/* --- sums ---------------------------------------------------------------------------------- */

struct sum {
	double num, den;                /* den: of the ratio, or people of those with a value */
	double known;                   /* people of those with a value or without object */
	bool any, hole;                 /* some value; some territory without */
	uint32_t n;                     /* territories */
};

static void add(struct sum *to, const struct measure *m, size_t row, double weight)
{
	to->n++;
	if (!known(m, row)) {
		to->hole = true;
		return;
	}
	to->known += weight;
	if (m->statut[row] != STATUT_VALEUR)
		return;
	to->any = true;
	if (m->ratio || is_count(m)) {
		to->num += m->num[row];
		to->den += m->ratio ? m->den[row] : 0;
	} else {
		to->num += m->num[row] * weight;
		to->den += weight;
	}
}

/* Into the row of the territory above, unless the file spoke of it. */
static bool put_sum(struct stage *s, struct measure *m, enum niveau n, const char *code,
		    int32_t repere, const struct sum *sum, double all, struct err *e)
{
	bool partial = sum->known < all * (1 - 1e-9);
	size_t row;

	if (!sum->any || sum->known < all * COVERAGE)
		return true;
	row = stage_find(s, n, code, repere);
	if (row == SIZE_MAX)
		return no_memory(e);
	if (!lacks(m, row))
		return true;
	m->statut[row] = STATUT_VALEUR;
	m->origine[row] = (uint8_t)(ORIGINE_CALCULE | (partial ? ORIGINE_PARTIEL : 0));
	m->num[row] = m->ratio || is_count(m) ? sum->num : sum->num / sum->den;
	if (m->den)
		m->den[row] = m->ratio ? sum->den : sum->den > 0 ? sum->den : 1;
	return true;
}

static bool sums(const struct measure *m)
{
	return m->ratio || is_count(m) || averages(m);
}

/* Codes of the IRIS of a year, by their commune: of the first measure that the store has. */
static bool count_known(struct stage *s, struct db *db, size_t measure, bool *any,
			struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(64 << 20);
	struct iris_connus *c = &s->connus[s->nconnus];
	struct indicateur_valeur *v;
	size_t n;

	if (!indicateur_read(db, &a, s->measures[measure].indicateur, "iris",
			     s->measures[measure].annee, &v, &n, e))
		return false;
	*any = n > 0;
	if (!n)
		return true;
	*c = (struct iris_connus){ s->measures[measure].annee,
				   calloc(s->annuaire->n, sizeof *c->n) };
	if (!c->n)
		return no_memory(e);
	s->nconnus++;
	for (size_t i = 0; i < n; i++) {
		struct code_lu code;

		if (annuaire_code(s->annuaire, N_IRIS, v[i].code, &code) && code.n)
			c->n[code.vers[0]]++;
	}
	return true;
}

static const struct iris_connus *known_iris(const struct stage *s, int annee)
{
	for (size_t i = 0; i < s->nconnus; i++) {
		if (s->connus[i].annee == annee)
			return &s->connus[i];
	}
	return NULL;
}

bool stage_known_iris(struct stage *s, struct db *db, struct err *e)
{
	bool some = false, any;

	for (size_t i = 0; i < s->n && !some; i++)
		some = s->rows[i].niveau == N_IRIS;
	for (size_t k = 0; some && k < s->nmeasures && s->nconnus < ANNEES_IRIS; k++) {
		if (!known_iris(s, s->measures[k].annee) && !count_known(s, db, k, &any, e))
			return false;
	}
	return true;
}

/* IRIS make their commune when all that are known of it are in the file, each with a value. */
static bool sum_iris(struct stage *s, struct measure *m, struct sum *of, struct err *e)
{
	const struct iris_connus *of_year = known_iris(s, m->annee);
	size_t n = s->n;

	if (!m->ratio && !is_count(m))
		return true;
	for (size_t i = 0; i < n; i++) {
		if (s->rows[i].niveau == N_IRIS && s->rows[i].repere >= 0
		    && m->statut[i] != CELL_VIDE)
			add(&of[s->rows[i].repere], m, i, 1);
	}
	for (size_t i = 0; i < s->annuaire->n; i++) {
		const struct repere *r = &s->annuaire->reperes[i];

		if (of[i].any && !of[i].hole && (!of_year || of[i].n >= of_year->n[i])
		    && !put_sum(s, m, (enum niveau)r->niveau, r->code, (int32_t)i, &of[i],
				of[i].known, e))
			return false;
	}
	return true;
}

/* The arrondissements of a commune make it; what the commune alone has is theirs too. */
static bool sum_arrondissements(struct stage *s, struct measure *m, struct sum *of,
				struct err *e)
{
	const struct annuaire *a = s->annuaire;

	for (size_t i = a->first[N_ARRONDISSEMENT]; i < a->first[N_ARRONDISSEMENT + 1]; i++) {
		const struct repere *r = &a->reperes[i];
		size_t row = stage_look(s, N_ARRONDISSEMENT, r->code);

		if (r->commune < 0)
			continue;
		if (row == SIZE_MAX || lacks(m, row))
			of[r->commune].hole = true;
		else
			add(&of[r->commune], m, row, people(r));
	}
	for (size_t i = a->first[N_COMMUNE]; i < a->first[N_COMMUNE + 1]; i++) {
		const struct repere *r = &a->reperes[i];

		if (r->divisee && of[i].any && !of[i].hole
		    && !put_sum(s, m, N_COMMUNE, r->code, (int32_t)i, &of[i], of[i].known, e))
			return false;
	}
	return true;
}

static bool inherit(struct stage *s, struct err *e)
{
	const struct annuaire *a = s->annuaire;
	size_t given = 0;

	for (size_t i = a->first[N_ARRONDISSEMENT]; i < a->first[N_ARRONDISSEMENT + 1]; i++) {
		const struct repere *r = &a->reperes[i];
		size_t from, to;

		if (r->commune < 0)
			continue;
		from = stage_look(s, N_COMMUNE, a->reperes[r->commune].code);
		if (from == SIZE_MAX)
			continue;
		to = stage_find(s, N_ARRONDISSEMENT, r->code, (int32_t)i);
		if (to == SIZE_MAX)
			return no_memory(e);
		give(s, from, to, "", ORIGINE_HERITE, &given);
	}
	return true;
}

static bool sum_communes(struct stage *s, struct measure *m, struct sum *of, struct err *e)
{
	const struct annuaire *a = s->annuaire;
	struct sum france = { 0 };

	for (size_t i = a->first[N_COMMUNE]; i < a->first[N_COMMUNE + 1]; i++) {
		const struct repere *r = &a->reperes[i];
		size_t row = stage_look(s, N_COMMUNE, r->code);

		if (row == SIZE_MAX)
			continue;
		for (int k = 0; k < PARENTS; k++) {
			if (r->parents[k] >= 0)
				add(&of[r->parents[k]], m, row, people(r));
		}
		add(&france, m, row, people(r));
	}
	for (size_t i = a->first[N_EPCI]; i < a->first[N_REGION + 1]; i++) {
		const struct repere *r = &a->reperes[i];

		if (!put_sum(s, m, (enum niveau)r->niveau, r->code, (int32_t)i, &of[i],
			     a->membres[i], e))
			return false;
	}
	return put_sum(s, m, N_FRANCE, "FR", -1, &france, a->france, e);
}

static void free_sums(struct sum **of)
{
	free(*of);
}

static bool sum_all(struct stage *s, struct err *e)
{
	size_t n = s->annuaire->n;
	CLEANUP(free_sums) struct sum *of = calloc(n ? n : 1, sizeof *of);

	if (!of)
		return no_memory(e);
	for (size_t k = 0; k < s->nmeasures; k++) {
		if (!sums(&s->measures[k]))
			continue;
		memset(of, 0, n * sizeof *of);
		if (!sum_iris(s, &s->measures[k], of, e))
			return false;
		memset(of, 0, n * sizeof *of);
		if (!sum_arrondissements(s, &s->measures[k], of, e))
			return false;
		memset(of, 0, n * sizeof *of);
		if (!sum_communes(s, &s->measures[k], of, e))
			return false;
	}
	return true;
}

bool stage_complete(struct stage *s, size_t *carried, struct err *e)
{
	*carried = 0;
	if (!split_communes(s, carried, e) || !sum_all(s, e) || !inherit(s, e))
		return false;
	for (size_t k = 0; k < s->nmeasures; k++) {
		for (size_t i = 0; i < s->n; i++)
			*carried += s->rows[i].lu && s->measures[k].origine[i] & ORIGINE_REPORTE;
	}
	return true;
}

/* --- values -------------------------------------------------------------------------------- */

struct indicateur_valeur stage_value(const struct stage *s, size_t measure, size_t row)
{
	const struct measure *m = &s->measures[measure];
	struct indicateur_valeur v = { .statut = m->statut[row], .origine = m->origine[row],
				       .valeur = NAN };

	memcpy(v.code, s->rows[row].code, sizeof v.code);
	if (v.statut == STATUT_VALEUR && m->ratio && m->den[row] <= 0)
		v.statut = STATUT_SANS_OBJET;
	if (v.statut == STATUT_VALEUR)
		v.valeur = m->ratio ? m->num[row] / m->den[row] * m->facteur : m->num[row];
	if (v.statut == STATUT_VALEUR && !isfinite(v.valeur)) {
		v.statut = STATUT_NON_DISPONIBLE;
		v.valeur = NAN;
	}
	return v;
}

static int by_code(const void *x, const void *y)
{
	return strcmp(((const struct indicateur_valeur *)x)->code,
		      ((const struct indicateur_valeur *)y)->code);
}

bool stage_values(const struct stage *s, size_t measure, enum niveau n, struct arena *a,
		  struct indicateur_valeur **out, size_t *count, struct err *e)
{
	const struct measure *m = &s->measures[measure];
	size_t k = 0;

	*count = 0;
	for (size_t i = 0; i < s->n; i++)
		k += s->rows[i].niveau == n && m->statut[i] != CELL_VIDE;
	if (!k)
		return true;
	*out = NEW_ARRAY(a, k, struct indicateur_valeur);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < s->n; i++) {
		if (s->rows[i].niveau == n && m->statut[i] != CELL_VIDE)
			(*out)[(*count)++] = stage_value(s, measure, i);
	}
	qsort(*out, *count, sizeof **out, by_code);
	return true;
}
