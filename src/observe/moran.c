/* Moran's I, global and local (observe/voisinage.h). */
#include <math.h>
#include <stdlib.h>

#include "base/chance.h"
#include "observe/voisinage.h"

const char *const grappe_noms[] = { "aucune", "haut-haut", "bas-bas", "haut-bas", "bas-haut",
	"isolé" };

/* Chance that a normal variable is at least z. */
static double au_dela(double z)
{
	return erfc(z / sqrt(2)) / 2;
}

static uint32_t combien(const struct voisinage *v, size_t i)
{
	return v->debuts[i + 1] - v->debuts[i];
}

/* Mean of the neighbours' z; 0 for who has none. */
static double autour(const struct voisinage *v, const double *z, size_t i)
{
	double sum = 0;

	for (uint32_t k = v->debuts[i]; k < v->debuts[i + 1]; k++)
		sum += z[v->voisins[k]];
	return combien(v, i) ? sum / combien(v, i) : 0;
}

/* Differences to the mean; sum of squares and of fourth powers.  The mean is over all, those
 * without neighbour included, as in spdep. */
static bool centre(struct arena *a, const struct voisinage *v, const double *x, double **z,
		   double *squares, double *fourth, struct err *e)
{
	double mean = 0, most = 0;

	*z = NEW_ARRAY(a, v->n, double);
	*squares = *fourth = 0;
	if (!*z)
		return arena_refuse(a, e);
	if (v->n < v->isoles + 4) {
		fail(e, E_INPUT, "Il faut au moins quatre territoires qui ont un voisin : il y en a "
		     "%zu.", v->n - v->isoles);
		return hint(e, "Importez les contours, ou demandez les plus proches voisins.");
	}
	for (size_t i = 0; i < v->n; i++) {
		mean += x[i] / (double)v->n;
		most = fmax(most, fabs(x[i]));
	}
	for (size_t i = 0; i < v->n; i++) {
		(*z)[i] = x[i] - mean;
		*squares += (*z)[i] * (*z)[i];
		*fourth += (*z)[i] * (*z)[i] * (*z)[i] * (*z)[i];
	}
	if (!(sqrt(*squares) > most * 1e-12)) {
		fail(e, E_INPUT, "Toutes les valeurs sont égales : il n’y a rien à comparer.");
		return false;
	}
	return true;
}

struct sommes {
	double s0, s1, s2;
};

static bool est_voisin(const struct voisinage *v, uint32_t i, uint32_t j)
{
	size_t lo = v->debuts[i], hi = v->debuts[i + 1];

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (v->voisins[mid] < j)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < v->debuts[i + 1] && v->voisins[lo] == j;
}

/* S0 = sum w, S1 = sum (w_ij + w_ji)^2 / 2, S2 = sum (w_i. + w_.i)^2. */
static bool sommes_de(struct arena *a, const struct voisinage *v, struct sommes *s,
		      struct err *e)
{
	double *in = NEW_ARRAY(a, v->n, double);

	*s = (struct sommes){ 0 };
	if (!in)
		return arena_refuse(a, e);
	for (uint32_t i = 0; i < v->n; i++) {
		for (uint32_t k = v->debuts[i]; k < v->debuts[i + 1]; k++) {
			uint32_t j = v->voisins[k];
			double w = 1.0 / combien(v, i);
			double back = est_voisin(v, j, i) ? 1.0 / combien(v, j) : 0;

			in[j] += w;
			s->s0 += w;
			/* a pair that goes both ways is met twice */
			s->s1 += (w + back) * (w + back) * (back > 0 ? .5 : 1);
		}
	}
	for (size_t i = 0; i < v->n; i++) {
		double both = in[i] + (combien(v, i) ? 1 : 0);

		s->s2 += both * both;
	}
	return true;
}

static double produit(const struct voisinage *v, const double *z)
{
	double sum = 0;

	for (size_t i = 0; i < v->n; i++)
		sum += z[i] * autour(v, z, i);
	return sum;
}

/* Cliff and Ord 1981, variance under randomisation; k: fourth moment over squared second. */
static double variance_globale(double n, const struct sommes *s, double k, double attendu)
{
	double s02 = s->s0 * s->s0;
	double v = n * (s->s1 * (n * n - 3 * n + 3) - n * s->s2 + 3 * s02);

	v -= k * (s->s1 * (n * n - n) - 2 * n * s->s2 + 6 * s02);
	return v / ((n - 1) * (n - 2) * (n - 3) * s02) - attendu * attendu;
}

/* Values shuffled over all territories: the share of draws that reach `least`. */
static double part_au_moins(struct arena *a, const struct voisinage *v, const double *z,
			    double least, int tirages, uint64_t graine)
{
	struct chance c = chance_new(graine);
	uint32_t *order = NEW_ARRAY(a, v->n, uint32_t);
	double *drawn = NEW_ARRAY(a, v->n, double);
	int above = 0;

	if (!order || !drawn)
		return NAN;
	for (uint32_t i = 0; i < v->n; i++)
		order[i] = i;
	for (int t = 0; t < tirages; t++) {
		chance_shuffle(&c, order, v->n);
		for (size_t i = 0; i < v->n; i++)
			drawn[i] = z[order[i]];
		above += produit(v, drawn) >= least;
	}
	return tirages ? (above + 1.0) / (tirages + 1.0) : NAN;
}

bool moran_global(struct arena *a, const struct voisinage *v, const double *x, int tirages,
		  uint64_t graine, struct moran *out, struct err *e)
{
	double *z, squares, fourth, cross, n = (double)(v->n - v->isoles);
	struct sommes s;

	if (!centre(a, v, x, &z, &squares, &fourth, e) || !sommes_de(a, v, &s, e))
		return false;
	cross = produit(v, z);
	*out = (struct moran){ .n = v->n - v->isoles };
	out->i = n / s.s0 * cross / squares;
	out->attendu = -1 / (n - 1);
	out->variance = variance_globale(n, &s, (double)v->n * fourth / (squares * squares),
					 out->attendu);
	out->z = (out->i - out->attendu) / sqrt(out->variance);
	out->p = au_dela(out->z);
	out->p_tirages = part_au_moins(a, v, z, cross, tirages, graine);
	return !a->spent || arena_refuse(a, e);
}

/* --- local ---------------------------------------------------------------------------------- */

static enum grappe quadrant(double z, double around)
{
	if (z > 0)
		return around > 0 ? GRAPPE_HAUT_HAUT : GRAPPE_HAUT_BAS;
	return around > 0 ? GRAPPE_BAS_HAUT : GRAPPE_BAS_BAS;
}

/* k different values of z but the i-th, by Floyd's draw; their mean. */
static double moyenne_tiree(struct chance *c, const double *z, uint32_t n, uint32_t i, uint32_t k,
			    uint32_t *seen, uint32_t turn)
{
	double sum = 0;

	for (uint32_t j = n - 1 - k; j < n - 1; j++) {
		uint32_t t = (uint32_t)chance_below(c, j + 1);

		t = seen[t] == turn ? j : t;
		seen[t] = turn;
		sum += z[t < i ? t : t + 1];
	}
	return sum / k;
}

/* Two-sided: twice the smaller of the shares of draws at least as high, at least as low. */
static double p_local(struct chance *c, const struct voisinage *v, const double *z, uint32_t i,
		      double around, int tirages, uint32_t *seen, uint32_t *turn)
{
	int above = 0, below = 0;

	for (int t = 0; t < tirages; t++) {
		double drawn = moyenne_tiree(c, z, (uint32_t)v->n, i, combien(v, i), seen, ++*turn);

		above += drawn >= around;
		below += drawn <= around;
	}
	if (below < above)
		above = below;
	return fmin(1, 2 * (above + 1.0) / (tirages + 1.0));
}

static int by_value(const void *a, const void *b)
{
	double x = **(double *const *)a, y = **(double *const *)b;

	return (x > y) - (x < y);
}

/* Each p becomes the least m p / rank of those at least as large (false discovery rate). */
static bool ajuste(struct arena *a, struct lisa *l, size_t n)
{
	double **p = NEW_ARRAY(a, n, double *), least = 1;
	size_t m = 0;

	if (!p)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (l[i].quadrant != GRAPPE_ISOLE)
			p[m++] = &l[i].p_ajuste;
	}
	if (m)
		qsort(p, m, sizeof *p, by_value);
	for (size_t rank = m; rank; rank--) {
		least = fmin(least, *p[rank - 1] * (double)m / (double)rank);
		*p[rank - 1] = least;
	}
	return true;
}

static void moments(struct lisa *l, double z, double around, double n, double m2, double k)
{
	l->i = z / m2 * around;
	l->attendu = -z * z / ((n - 1) * m2);
	l->variance = z / m2 * (z / m2) * (n / (n - 2)) * (1 / k - 1 / (n - 1))
		      * (m2 - z * z / (n - 1));
	l->z = (l->i - l->attendu) / sqrt(l->variance);
	l->p = fmin(1, 2 * au_dela(fabs(l->z)));
}

bool moran_local(struct arena *a, const struct voisinage *v, const double *x, int tirages,
		 uint64_t graine, struct lisa *out, struct err *e)
{
	double *z, squares, fourth, n = (double)v->n;
	uint32_t *seen = NEW_ARRAY(a, v->n + 1, uint32_t), turn = 0;

	if (!centre(a, v, x, &z, &squares, &fourth, e))
		return false;
	if (!seen)
		return arena_refuse(a, e);
	for (uint32_t i = 0; i < v->n; i++) {
		struct chance c = chance_part(graine, i);
		double around = autour(v, z, i);

		out[i] = (struct lisa){ 0, NAN, NAN, NAN, NAN, NAN, NAN, GRAPPE_ISOLE,
					GRAPPE_ISOLE };
		if (!combien(v, i))
			continue;
		moments(&out[i], z[i], around, n, squares / n, combien(v, i));
		if (tirages)
			out[i].p_tirages = p_local(&c, v, z, i, around, tirages, seen, &turn);
		out[i].p_ajuste = tirages ? out[i].p_tirages : out[i].p;
		out[i].quadrant = quadrant(z[i], around);
	}
	if (!ajuste(a, out, v->n))
		return arena_refuse(a, e);
	for (size_t i = 0; i < v->n; i++) {
		out[i].grappe = out[i].quadrant;
		if (out[i].quadrant != GRAPPE_ISOLE && !(out[i].p_ajuste <= .05))
			out[i].grappe = GRAPPE_AUCUNE;
	}
	return true;
}
