/* Scores and weights make a total; totals make ranks. */
#include "observe/indice.h"

#include <math.h>
#include <stdlib.h>

#include "observe/tri.h"

/* What is chosen, laid out for the loop over territories. */
struct plan {
	const struct methode *m;
	const struct indice_choix *c;
	int n, feuilles[METHODE_INDICATEURS];   /* indicators of the choice */
	double poids[METHODE_INDICATEURS];      /* of feuilles[k] in its group */
	double parts[METHODE_INDICATEURS];      /* of feuilles[k] in the total, all present */
	int chez[METHODE_INDICATEURS];          /* group that feuilles[k] weighs in */
	int dans[METHODE_GROUPES];              /* group that a group weighs in; -1 */
	bool simple;                            /* one arithmetic mean */
};

static void plan_make(struct plan *p, const struct methode *m, const struct indice_choix *c)
{
	double parts[METHODE_INDICATEURS];

	*p = (struct plan){ .m = m, .c = c,
			    .simple = m->groupes[0].agregation == AGREGATION_ARITHMETIQUE };
	choix_parts(m, c, UINT64_MAX, parts);
	for (int g = 0; g < m->ngroupes; g++)
		p->dans[g] = g ? choix_groupe(m, c, m->groupes[g].parent) : -1;
	for (int i = 0; i < m->n; i++) {
		int home = choix_groupe(m, c, m->indicateurs[i].groupe);

		if (!(c->poids[i] > 0) || !(parts[i] > 0))
			continue;
		p->feuilles[p->n] = i;
		p->poids[p->n] = c->poids[i];
		p->parts[p->n] = parts[i];
		p->chez[p->n++] = home;
		p->simple &= home == 0;
	}
}

/* Brings the sums of the groups up, the last first; NaN when nothing was there. */
static double close_groups(const struct plan *p, double *sum, double *all)
{
	for (int g = p->m->ngroupes - 1; g >= 0; g--) {
		bool geo = p->m->groupes[g].agregation == AGREGATION_GEOMETRIQUE;
		double v;
		int to = p->dans[g];

		if (!(all[g] > 0))
			continue;
		v = geo ? exp(sum[g] / all[g]) : sum[g] / all[g];
		if (!g)
			return v;
		if (p->m->groupes[to].agregation == AGREGATION_GEOMETRIQUE)
			v = log(v);
		sum[to] += p->c->groupes[g] * v;
		all[to] += p->c->groupes[g];
	}
	return NAN;
}

static double total_of(const struct plan *p, const double *x, double *part)
{
	double sum[METHODE_GROUPES] = { 0 }, all[METHODE_GROUPES] = { 0 };

	*part = 0;
	for (int k = 0; k < p->n; k++) {
		double v = x[p->feuilles[k]];
		int g = p->chez[k];

		if (isnan(v))
			continue;
		if (p->m->groupes[g].agregation == AGREGATION_GEOMETRIQUE)
			v = log(v);
		sum[g] += p->poids[k] * v;
		all[g] += p->poids[k];
		*part += p->parts[k];
	}
	return close_groups(p, sum, all);
}

/* Is what is there enough for a total? */
static bool enough(const struct methode *m, double part)
{
	if (m->manquant == MANQUANT_REFUSER)
		return part > 1 - 1e-9;
	return part > 0 && part >= m->couverture - 1e-9;
}

double indice_total(const struct methode *m, const struct indice_choix *c, const double *x,
		    double *part)
{
	struct plan p;
	double share, v;

	plan_make(&p, m, c);
	v = total_of(&p, x, &share);
	if (part)
		*part = share;
	return enough(m, share) ? v : NAN;
}

static void simple_totals(const struct plan *p, double *const *colonnes, const uint8_t *etat,
			  size_t n, double *out)
{
	for (size_t i = 0; i < n; i++) {
		double sum = 0, all = 0, part = 0;

		for (int k = 0; k < p->n; k++) {
			const double *col = colonnes[p->feuilles[k]];
			double v = col ? col[i] : NAN;

			if (isnan(v))
				continue;
			sum += p->poids[k] * v;
			all += p->poids[k];
			part += p->parts[k];
		}
		out[i] = enough(p->m, part) && !(etat && etat[i] & UNITE_VIDE) ? sum / all : NAN;
	}
}

void indice_totaux(const struct methode *m, const struct indice_choix *c,
		   double *const *colonnes, const uint8_t *etat, size_t n, double *out)
{
	struct plan p;
	double x[METHODE_INDICATEURS];

	plan_make(&p, m, c);
	if (p.simple) {
		simple_totals(&p, colonnes, etat, n, out);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		double part;

		for (int k = 0; k < m->n; k++)
			x[k] = colonnes[k] ? colonnes[k][i] : NAN;
		out[i] = total_of(&p, x, &part);
		if (!enough(m, part) || (etat && etat[i] & UNITE_VIDE))
			out[i] = NAN;
	}
}

/* --- the output scale ------------------------------------------------------------- */

void indice_etendue(const double *totaux, size_t n, double etendue[2])
{
	etendue[0] = INFINITY;
	etendue[1] = -INFINITY;
	for (size_t i = 0; i < n; i++) {
		etendue[0] = fmin(etendue[0], totaux[i]);
		etendue[1] = fmax(etendue[1], totaux[i]);
	}
}

void indice_etirer(const struct methode *m, const double etendue[2], double *totaux, size_t n)
{
	const double *de = m->sortie_observee ? etendue : m->sortie_de;
	double wide = de[1] - de[0], to = m->sortie_vers[1] - m->sortie_vers[0];

	if (!m->sortie)
		return;
	for (size_t i = 0; i < n; i++)
		totaux[i] = wide > 0 ? m->sortie_vers[0] + (totaux[i] - de[0]) * to / wide
			: totaux[i] * 0 + m->sortie_vers[0] + to / 2;
}

/* --- ranks ------------------------------------------------------------------------ */

/* Two totals nearer than 1e-9 are the same: sums of the same scores in another order. */
static double rounded(double v)
{
	return fabs(v) < 1e6 ? nearbyint(v * 1e9) : v * 1e9;
}

bool indice_ranger(const double *totaux, const uint8_t *etat, size_t n, uint32_t *rangs,
		   size_t *classes, struct err *e)
{
	struct tri *t = malloc((n ? n : 1) * 2 * sizeof *t);
	size_t known = 0, above = 0;

	if (!t)
		return fail(e, E_LIMIT, "il n’y a pas assez de mémoire pour %zu territoires.", n);
	for (size_t i = 0; i < n; i++) {
		rangs[i] = 0;
		if (!isnan(totaux[i]))
			t[known++] = (struct tri){ tri_cle(-rounded(totaux[i])), (uint32_t)i };
	}
	tri_ranger(t, t + n, known);
	for (size_t from = 0, to; from < known; from = to) {
		size_t here = 0;

		for (to = from; to < known && t[to].cle == t[from].cle; to++) {
			rangs[t[to].i] = (uint32_t)above + 1;
			here += !etat || etat[t[to].i] & UNITE_CLASSEE;
		}
		above += here;
	}
	*classes = above;
	free(t);
	return true;
}
