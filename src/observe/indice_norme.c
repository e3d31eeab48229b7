/* Normalisers: from raw values of the unit level to scores that can be brought together. */
#include "observe/indice.h"

#include <math.h>
#include <stdlib.h>

#include "observe/tri.h"

/* --- those that look at places in the distribution -------------------------------- */

/* How many of the n values F counts for a run of equal values at [from, to[. */
static double counted(enum egalites rule, size_t from, size_t to)
{
	if (rule == EGALITES_HAUT)
		return (double)to;
	if (rule == EGALITES_BAS)
		return (double)(from + 1);
	return ((double)from + 1 + (double)to) / 2;
}

static double score_of(const struct norme *m, double count, double n)
{
	if (m->type == NORME_DECILE)
		return ceil(count * m->classes / n);
	if (m->type == NORME_POINTS) {
		double points = -m->nseuils / 2;

		for (int i = 0; i < m->nseuils; i++)
			points += count > m->seuils[i] * n * (1 + 1e-12);
		return points;
	}
	return 100 * count / n;
}

struct valeurs {                        /* a few values, and the score of each */
	struct tri_valeurs v;
	double scores[TRI_PEU + 1];
};

/* When values are few, scores are made for each of them, and nothing is sorted. */
static bool by_value(const struct norme *m, const uint64_t *cles, double *out, size_t n,
		     uint16_t *which)
{
	struct valeurs *l = malloc(sizeof *l);
	bool few = l && tri_lister(cles, n, &l->v, which);

	for (size_t k = 0; few && k < l->v.n; k++)
		l->scores[k] = score_of(m, counted(m->egalites, l->v.avant[k], l->v.avant[k + 1]),
					l->v.avant[l->v.n]);
	if (few)
		l->scores[TRI_PEU] = NAN;
	for (size_t i = 0; few && i < n; i++)
		out[i] = l->scores[which[i]];
	free(l);
	return few;
}

static void by_order(const struct norme *m, const uint64_t *cles, double *out, size_t n,
		     struct tri *t)
{
	size_t known = 0;

	for (size_t i = 0; i < n; i++) {
		if (cles[i] != TRI_SANS)
			t[known++] = (struct tri){ cles[i], (uint32_t)i };
		else
			out[i] = NAN;
	}
	tri_ranger(t, t + n, known);
	for (size_t from = 0, to; from < known; from = to) {
		double score;

		for (to = from + 1; to < known && t[to].cle == t[from].cle;)
			to++;
		score = score_of(m, counted(m->egalites, from, to), (double)known);
		for (size_t k = from; k < to; k++)
			out[t[k].i] = score;
	}
}

static bool by_place(const struct norme *m, const double *x, double *out, size_t n,
		     struct err *e)
{
	uint64_t *cles = malloc((n ? n : 1) * sizeof *cles);
	uint16_t *which = malloc((n ? n : 1) * sizeof *which);
	struct tri *t = NULL;
	bool good = cles && which;

	for (size_t i = 0; good && i < n; i++)
		cles[i] = isnan(x[i]) ? TRI_SANS : tri_cle(x[i]);
	if (good && !by_value(m, cles, out, n, which)) {
		t = malloc((n ? n : 1) * 2 * sizeof *t);
		good = t != NULL;
		if (good)
			by_order(m, cles, out, n, t);
	}
	free(t);
	free(which);
	free(cles);
	return good || fail(e, E_LIMIT, "il n’y a pas assez de mémoire pour %zu territoires.", n);
}

/* --- those that look at bounds, means and deviations ------------------------------ */

static void between(const struct norme *m, double bas, double haut, const double *x, double *out,
		    size_t i)
{
	double f = haut > bas ? (x[i] - bas) / (haut - bas) : 0.5;

	if (m->borner)
		f = fmin(fmax(f, 0), 1);
	out[i] = m->vers[0] + f * (m->vers[1] - m->vers[0]);
}

static void minmax_national(const struct norme *m, bool inverse, const double *x, double *out,
			    size_t n)
{
	double bas = INFINITY, haut = -INFINITY;

	for (size_t i = 0; i < n; i++) {
		bas = fmin(bas, x[i]);          /* fmin and fmax pass over NaN */
		haut = fmax(haut, x[i]);
	}
	if (m->portee == PORTEE_FIXE) {
		bas = inverse ? -m->haut : m->bas;
		haut = inverse ? -m->bas : m->haut;
	}
	for (size_t i = 0; i < n; i++)
		between(m, bas, haut, x, out, i);
}

static bool minmax_parent(const struct norme *m, const struct norme_champ *c, const double *x,
			  double *out, struct err *e)
{
	double *bas = calloc(c->nparents ? c->nparents : 1, 2 * sizeof *bas);
	double *haut = bas ? bas + c->nparents : NULL;

	if (!bas)
		return fail(e, E_LIMIT, "il n’y a pas assez de mémoire.");
	for (size_t p = 0; p < c->nparents; p++) {
		bas[p] = INFINITY;
		haut[p] = -INFINITY;
	}
	for (size_t i = 0; i < c->n; i++) {
		if (c->parent[i] == INDICE_RIEN || isnan(x[i]))
			continue;
		bas[c->parent[i]] = fmin(bas[c->parent[i]], x[i]);
		haut[c->parent[i]] = fmax(haut[c->parent[i]], x[i]);
	}
	for (size_t i = 0; i < c->n; i++) {
		if (c->parent[i] == INDICE_RIEN)
			out[i] = NAN;
		else
			between(m, bas[c->parent[i]], haut[c->parent[i]], x, out, i);
	}
	free(bas);
	return true;
}

static double weight(const struct norme_champ *c, bool ponderer, size_t i)
{
	if (!ponderer || !c->population)
		return 1;
	return isnan(c->population[i]) ? 0 : c->population[i];
}

static double mean(const struct norme_champ *c, bool ponderer, const double *x)
{
	double sum = 0, all = 0;

	for (size_t i = 0; i < c->n; i++) {
		double w = weight(c, ponderer, i);

		if (isnan(x[i]) || w <= 0)
			continue;
		sum += w * x[i];
		all += w;
	}
	return all > 0 ? sum / all : NAN;
}

static void zscore(const struct norme *m, const struct norme_champ *c, const double *x,
		   double *out)
{
	double mu = mean(c, m->ponderer, x), sum = 0, all = 0, sd;

	for (size_t i = 0; i < c->n; i++) {
		double w = weight(c, m->ponderer, i);

		if (isnan(x[i]) || w <= 0)
			continue;
		sum += w * (x[i] - mu) * (x[i] - mu);
		all += w;
	}
	sd = all > 0 ? sqrt(sum / all) : NAN;
	for (size_t i = 0; i < c->n; i++)
		out[i] = sd > fabs(mu) * 1e-14 ? (x[i] - mu) / sd : x[i] * 0;
}

/* High raw values of an inverse indicator score low: 200 minus the ratio, so that 100 stays
 * the mean and distances keep their size. */
static void ratio(const struct norme_champ *c, bool inverse, const double *x, double *out)
{
	double mu = mean(c, true, x);

	for (size_t i = 0; i < c->n; i++) {
		double r = mu != 0 ? 100 * x[i] / mu : NAN;

		out[i] = inverse ? 200 - r : r;
	}
}

/* --- one indicator ---------------------------------------------------------------- */

bool indice_norme(const struct norme *m, bool inverse, const struct norme_champ *champ,
		  const double *x, double *out, struct err *e)
{
	/* Every normaliser but the ratio to a mean is as good on -x: low becomes high. */
	double sign = inverse && m->type != NORME_RAPPORT ? -1 : 1;

	for (size_t i = 0; i < champ->n; i++) {
		double v = x[i];

		if (m->log)
			v = v > 0 ? log10(v) : NAN;
		out[i] = isfinite(v) ? sign * v : NAN;
	}
	switch (m->type) {
	case NORME_DECILE:
	case NORME_POINTS:
	case NORME_CENTILE:
		return by_place(m, out, out, champ->n, e);
	case NORME_MINMAX:
		if (m->portee == PORTEE_PARENT)
			return minmax_parent(m, champ, out, out, e);
		minmax_national(m, inverse, out, out, champ->n);
		return true;
	case NORME_ZSCORE:
		zscore(m, champ, out, out);
		return true;
	case NORME_RAPPORT:
		ratio(champ, inverse, out, out);
		return true;
	}
	return true;
}
