/* One draw: weights around the chosen ones, perhaps another normaliser, an indicator less. */
#include "observe/indice_tirage.h"

#include <math.h>

#include "observe/hasard.h"

struct rangs_tirage rangs_defaut(const struct methode *m)
{
	return (struct rangs_tirage){ .tirages = 1000, .graine = 1,
				      .concentration = m->concentration, .retrait = m->retrait };
}

/* New weights of the children of group g, which keep their sum. */
static void draw_group(const struct rangs_jeu *j, double concentration, struct chance *h,
		       const double *parts, const bool *used, int g, struct indice_choix *out)
{
	const struct methode *m = j->m;
	double *child[METHODE_INDICATEURS + METHODE_GROUPES];
	double alpha[METHODE_INDICATEURS + METHODE_GROUPES], sum = 0;
	double drawn[METHODE_INDICATEURS + METHODE_GROUPES];
	int n = 0;

	for (int i = 0; i < m->n; i++) {
		if (parts[i] > 0 && choix_groupe(m, j->choix, m->indicateurs[i].groupe) == g)
			child[n++] = &out->poids[i];
	}
	for (int k = 1; k < m->ngroupes; k++) {
		if (used[k] && choix_groupe(m, j->choix, m->groupes[k].parent) == g)
			child[n++] = &out->groupes[k];
	}
	for (int k = 0; k < n; k++)
		sum += *child[k];
	for (int k = 0; k < n; k++)
		alpha[k] = concentration * n * *child[k] / sum;
	hasard_dirichlet(h, alpha, n, drawn);
	for (int k = 0; k < n; k++)
		*child[k] = drawn[k];
}

void tirage_faire(const struct rangs_jeu *j, const struct rangs_tirage *t, uint64_t d,
		  struct tirage *out)
{
	const struct methode *m = j->m;
	struct chance h = chance_part(t->graine, d);
	double parts[METHODE_INDICATEURS], u;
	bool used[METHODE_GROUPES] = { false };
	int leaves[METHODE_INDICATEURS], n = 0;
	uint64_t which;

	choix_parts(m, j->choix, UINT64_MAX, parts);
	for (int i = 0; i < m->n; i++) {
		if (!(parts[i] > 0))
			continue;
		leaves[n++] = i;
		for (int g = choix_groupe(m, j->choix, m->indicateurs[i].groupe); g > 0;
		     g = choix_groupe(m, j->choix, m->groupes[g].parent))
			used[g] = true;
	}
	out->choix = *j->choix;
	out->essai = (int)chance_below(&h, (uint64_t)j->nessais);
	u = chance_unit(&h);
	which = chance_below(&h, (uint64_t)n);
	out->presents = UINT64_MAX;
	if (u < t->retrait && n >= 3)
		out->presents &= ~((uint64_t)1 << leaves[which]);
	used[0] = true;
	for (int g = 0; g < m->ngroupes; g++) {
		if (used[g])
			draw_group(j, t->concentration, &h, parts, used, g, &out->choix);
	}
}

uint64_t rangs_presents(const struct rangs_jeu *j, size_t i)
{
	uint64_t mask = 0;

	for (int k = 0; k < j->m->n; k++) {
		bool there = true;

		for (int s = 0; s < j->nessais && there; s++)
			there = j->essais[s][k] && !isnan(j->essais[s][k][i]);
		mask |= (uint64_t)there << k;
	}
	return mask;
}

bool rangs_homogene(const struct rangs_jeu *j, bool *geometrique)
{
	const struct methode *m = j->m;

	*geometrique = m->groupes[0].agregation == AGREGATION_GEOMETRIQUE;
	for (int g = 1; g < m->ngroupes; g++) {
		if (!isnan(m->groupes[g].poids)
		    && m->groupes[g].agregation != m->groupes[0].agregation)
			return false;
	}
	return true;
}

double tirage_total(const struct rangs_jeu *j, const struct tirage *t, size_t i)
{
	double x[METHODE_INDICATEURS], parts[METHODE_INDICATEURS], sum = 0, total = 0;
	uint64_t mine = rangs_presents(j, i), there = mine & t->presents;
	bool geometric;

	choix_parts(j->m, &t->choix, there, parts);
	for (int k = 0; k < j->m->n; k++)
		sum += parts[k];
	if (!(sum > 0))                 /* what it has is what the draw leaves out */
		choix_parts(j->m, &t->choix, there = mine, parts);
	for (int k = 0; k < j->m->n; k++)
		x[k] = there >> k & 1 ? j->essais[t->essai][k][i] : NAN;
	if (!rangs_homogene(j, &geometric)) {
		struct methode loose = *j->m;

		loose.manquant = MANQUANT_ECARTER;
		loose.couverture = 0;
		return indice_total(&loose, &t->choix, x, NULL);
	}
	for (int k = 0; k < j->m->n; k++) {
		if (parts[k] > 0)
			total += parts[k] * (geometric ? log(x[k]) : x[k]);
	}
	return total;
}

/* --- two territories -------------------------------------------------------------- */

double rangs_devant(const struct rangs_jeu *j, const struct rangs_tirage *t, size_t a, size_t b)
{
	double won = 0;

	if (isnan(j->totaux[a]) || isnan(j->totaux[b]) || !t->tirages)
		return NAN;
	for (uint32_t d = 0; d < t->tirages; d++) {
		struct tirage draw;
		double x, y;

		tirage_faire(j, t, d, &draw);
		x = tirage_total(j, &draw, a);
		y = tirage_total(j, &draw, b);
		won += fabs(x - y) <= 1e-9 ? 0.5 : x > y;
	}
	return won / t->tirages;
}

bool rangs_nettement(const struct rangs_jeu *j, const struct rangs_tirage *t, size_t a,
		     const size_t *voisins, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		if (!(rangs_devant(j, t, a, voisins[k]) >= 0.95))
			return false;
	}
	return n > 0;
}
