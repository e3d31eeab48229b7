#include "observe/calage.h"

#include <math.h>
#include <string.h>

enum { MODALITES_MOST = 1024 };

static bool marges_tiennent(const struct calage_plan *p, const double *marges, struct err *e)
{
	for (size_t v = 0; v < p->nvariables; v++) {
		for (size_t m = 0; m < p->variables[v].n; m++, marges++) {
			if (*marges >= 0 && isfinite(*marges))
				continue;
			return fail(e, E_INPUT, "La marge « %s » de « %s » est %g : ce n’est pas un "
				    "nombre de personnes.", p->variables[v].modalites[m],
				    p->variables[v].nom, *marges);
		}
	}
	return true;
}

static double total(const double *x, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += x[i];
	return sum;
}

/* Copies of the margins, all with the total of the first. */
static bool met_d_accord(const struct calage_plan *p, const double *marges, double *out,
			 double *rectifie, struct err *e)
{
	double first = total(marges, p->variables[0].n);

	*rectifie = 0;
	for (size_t v = 0, at = 0; v < p->nvariables; at += p->variables[v++].n) {
		double own = total(marges + at, p->variables[v].n);
		double gap = fabs(own - first) / fmax(fmax(own, first), 1e-300);

		if (gap > CALAGE_TOLERANCE) {
			fail(e, E_INPUT, "Les marges se contredisent : « %s » compte %.10g personnes, "
			     "« %s » en compte %.10g.", p->variables[0].nom, first,
			     p->variables[v].nom, own);
			return hint(e, "Toutes les marges doivent porter sur la même population et la "
				    "même année.");
		}
		if (gap > *rectifie)
			*rectifie = gap;
		for (size_t m = 0; m < p->variables[v].n; m++)
			out[at + m] = own > 0 ? marges[at + m] * (first / own) : 0;
	}
	return true;
}

static bool sans_repondant(const struct calage_variable *v, size_t m, double wanted,
			   struct err *e)
{
	fail(e, E_INPUT, "Aucun répondant « %s » (%s), alors que la marge en compte %.10g.",
	     v->modalites[m], v->nom, wanted);
	return hint(e, "Regroupez cette modalité avec une voisine, dans l’enquête et dans les "
		    "marges.");
}

/* Sums of the weights by modality of variable v. */
static void sommes(const struct calage_plan *p, size_t v, const double *poids, double *sums)
{
	const uint16_t *g = p->groupes + v;

	memset(sums, 0, p->variables[v].n * sizeof *sums);
	for (size_t i = 0; i < p->ngroupes; i++, g += p->nvariables)
		sums[*g] += poids[i];
}

/* One margin held; returns how far it was, in people. */
static double tient(const struct calage_plan *p, size_t v, const double *marges, double *poids,
		    double *facteurs)
{
	double x[MODALITES_MOST], gap = 0;
	const uint16_t *g = p->groupes + v;

	sommes(p, v, poids, x);
	for (size_t m = 0; m < p->variables[v].n; m++) {
		gap = fmax(gap, fabs(x[m] - marges[m]));
		x[m] = x[m] > 0 ? marges[m] / x[m] : 0;
		if (facteurs)
			facteurs[m] *= x[m];
	}
	for (size_t i = 0; i < p->ngroupes; i++, g += p->nvariables)
		poids[i] *= x[*g];
	return gap;
}

static double tour(const struct calage_plan *p, const double *marges, double *poids,
		   double *facteurs)
{
	double gap = 0;

	for (size_t v = 0, at = 0; v < p->nvariables; at += p->variables[v++].n)
		gap = fmax(gap, tient(p, v, marges + at, poids,
				      facteurs ? facteurs + at : NULL));
	return gap;
}

/* A modality that people are in and that no weight is left for. */
static bool tous_representes(const struct calage_plan *p, const double *marges,
			     const double *poids, struct err *e)
{
	double sums[MODALITES_MOST];

	for (size_t v = 0, at = 0; v < p->nvariables; at += p->variables[v++].n) {
		sommes(p, v, poids, sums);
		for (size_t m = 0; m < p->variables[v].n; m++) {
			if (marges[at + m] > 0 && !(sums[m] > 0))
				return sans_repondant(&p->variables[v], m, marges[at + m], e);
		}
	}
	return true;
}

/* Names the modality that stays furthest from its margin. */
static bool ne_converge_pas(const struct calage_plan *p, const double *marges,
			    const double *poids, struct err *e)
{
	const struct calage_variable *worst = p->variables;
	double sums[MODALITES_MOST], most = -1, has = 0, wants = 0;
	size_t modality = 0;

	for (size_t v = 0, at = 0; v < p->nvariables; at += p->variables[v++].n) {
		sommes(p, v, poids, sums);
		for (size_t m = 0; m < p->variables[v].n; m++) {
			if (fabs(sums[m] - marges[at + m]) <= most)
				continue;
			most = fabs(sums[m] - marges[at + m]);
			worst = &p->variables[v];
			modality = m;
			has = sums[m];
			wants = marges[at + m];
		}
	}
	fail(e, E_INPUT, "Ces marges ne peuvent pas être tenues ensemble : « %s » (%s) reste à %.6g "
	     "pour %.6g.", worst->modalites[modality], worst->nom, has, wants);
	return hint(e, "Aucun répondant ne réunit certaines modalités que les marges demandent : "
		    "regroupez-les.");
}

bool calage_rake(const struct calage_plan *p, const double *depart, const double *marges,
		 double *poids, double *facteurs, double *accordees,
		 struct calage_bilan *bilan, struct err *e)
{
	double wanted[MODALITES_MOST], all, gap = INFINITY;
	struct calage_bilan own = { 0 }, *b = bilan ? bilan : &own;

	*b = own;
	if (!p->nvariables || p->nmarges > MODALITES_MOST)
		return fail(e, E_LIMIT, "Le calage demande de 1 à %d modalités.", MODALITES_MOST);
	if (!marges_tiennent(p, marges, e) || !met_d_accord(p, marges, wanted, &b->rectifie, e))
		return false;
	all = total(wanted, p->variables[0].n);
	if (accordees)
		memcpy(accordees, wanted, p->nmarges * sizeof *wanted);
	if (poids != depart)
		memcpy(poids, depart, p->ngroupes * sizeof *poids);
	for (size_t m = 0; facteurs && m < p->nmarges; m++)
		facteurs[m] = 1;
	if (!tous_representes(p, wanted, poids, e))
		return false;
	while (gap > CALAGE_PRECISION * all && b->tours < CALAGE_TOURS) {
		gap = tour(p, wanted, poids, facteurs);
		b->tours++;
		/* weights that a margin of zero put out may have been the last of another */
		if (b->tours == 1 && !tous_representes(p, wanted, poids, e))
			return false;
	}
	b->ecart = all > 0 ? gap / all : 0;
	return b->ecart <= 1e-6 || ne_converge_pas(p, wanted, poids, e);
}

double calage_again(const struct calage_plan *p, const double *marges, double *poids,
		    double precision)
{
	double all = total(marges, p->variables[0].n), gap = INFINITY;

	for (int i = 0; i < 100 && gap > precision * all; i++)
		gap = tour(p, marges, poids, NULL);
	return all > 0 ? gap / all : 0;
}
