#include "observe/indice_world.h"

#include "base/chance.h"
#include "observe/hasard.h"
#include "observe/indice_tirage.h"

/* --- chance ------------------------------------------------------------------------------- */

TEST("normal draws have mean 0, variance 1, and 95 % within 1.96")
{
	enum { N = 200000 };
	struct chance c = chance_new(5);
	double sum = 0, squares = 0;
	int within = 0;

	for (int i = 0; i < N; i++) {
		double x = hasard_normal(&c);

		sum += x;
		squares += x * x;
		within += fabs(x) < 1.959964;
	}
	near_to(sum / N, 0, 0.01);
	near_to(squares / N, 1, 0.015);
	near_to((double)within / N, 0.95, 0.003);
}

TEST("gamma draws have the mean, the variance and the median of their shape")
{
	/* Medians: R, qgamma(0.5, shape). */
	static const struct { double shape, median; } cases[] = {
		{ 0.5, 0.2274682 }, { 1, 0.6931472 }, { 3, 2.6740603 }, { 20, 19.6677 },
	};
	enum { N = 100000 };

	for (int k = 0; k < 4; k++) {
		struct chance c = chance_new((uint64_t)k);
		double sum = 0, squares = 0, shape = cases[k].shape;
		int below = 0;

		for (int i = 0; i < N; i++) {
			double x = hasard_gamma(&c, shape);

			holds(x >= 0);
			sum += x;
			squares += x * x;
			below += x < cases[k].median;
		}
		near_to(sum / N / shape, 1, 0.015);
		near_to((squares / N - sum / N * sum / N) / shape, 1, 0.05);
		near_to((double)below / N, 0.5, 0.006);
	}
}

TEST("Dirichlet draws sum to 1, with the mean and the variance that their parameters give")
{
	static const double alpha[] = { 20, 60, 0, 20 };
	enum { N = 50000 };
	struct chance c = chance_new(11);
	double mean[4] = { 0 }, squares[4] = { 0 };

	for (int i = 0; i < N; i++) {
		double w[4], all = 0;

		hasard_dirichlet(&c, alpha, 4, w);
		for (int k = 0; k < 4; k++) {
			all += w[k];
			mean[k] += w[k] / N;
			squares[k] += w[k] * w[k] / N;
		}
		near_to(all, 1, 1e-12);
	}
	near_to(mean[0], 0.2, 0.001);
	near_to(mean[1], 0.6, 0.001);
	near_to(mean[2], 0, 0);
	near_to(squares[1] - mean[1] * mean[1], 0.6 * 0.4 / 101, 0.0001);
}

/* --- intervals ------------------------------------------------------------------------------ */

enum { UNITS = 400, LEAVES = 5 };

struct set {
	double columns[3][LEAVES][UNITS];
	double *sets[3][METHODE_INDICATEURS];
	double *const *essais[3];
	double totals[UNITS];
	uint8_t etat[UNITS];
	struct indice_choix c;
	struct rangs_jeu j;
};

#define CINQ \
	"{\"indicateur\": \"a\", \"libelle\": \"A\"},{\"indicateur\": \"b\", \"libelle\": \"B\"}," \
	"{\"indicateur\": \"c\", \"libelle\": \"C\"},{\"indicateur\": \"d\", \"libelle\": \"D\", \"poids\": 2}"

static const struct methode *mean_of_five(struct arena *a, const char *how)
{
	return given_methode(a, arena_cat(a, "\"unite\": \"commune\", \"sens\": \"risque\", \"echelle\": [1, 100],"
		"\"normaliseur\": {\"type\": \"decile\", \"classes\": 100}, \"agregation\": \"", how, "\","
		"\"arbre\": [{\"groupe\": \"g\", \"libelle\": \"G\", \"poids\": 1, \"arbre\": [" CINQ "]},"
		"{\"indicateur\": \"e\", \"libelle\": \"E\", \"poids\": 2}],"
		"\"rangs\": {\"retrait\": 0.3}", NULL));
}

/* Scores by chance, with ties, holes, units that are not ranked. */
static struct set *given_set(struct arena *a, const struct methode *m, int nessais)
{
	struct set *s = NEW(a, struct set);
	struct chance c = chance_new(9);

	for (int e = 0; e < nessais; e++) {
		for (int k = 0; k < LEAVES; k++) {
			for (int i = 0; i < UNITS; i++) {
				s->columns[e][k][i] = (double)(1 + chance_below(&c, 30));
				if (e == 0 && chance_below(&c, 20) == 0)
					s->columns[e][k][i] = NAN;
				if (e && isnan(s->columns[0][k][i]))
					s->columns[e][k][i] = NAN;
			}
			s->sets[e][k] = s->columns[e][k];
		}
		s->essais[e] = s->sets[e];
	}
	for (int i = 0; i < UNITS; i++)
		s->etat[i] = chance_below(&c, 10) ? UNITE_CLASSEE : 0;
	for (int k = 0; k < LEAVES; k++)
		s->columns[0][k][7] = s->columns[1][k][7] = NAN;        /* nothing known of it */
	choix_defaut(m, &s->c);
	indice_totaux(m, &s->c, s->sets[0], NULL, UNITS, s->totals);
	s->j = (struct rangs_jeu){ .m = m, .choix = &s->c, .n = UNITS, .etat = s->etat,
		.totaux = s->totals, .essais = s->essais, .nessais = nessais };
	return s;
}

static int by_rank(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Ranks and quantiles as anyone would write them: for each draw count who is above. */
static void naive(const struct set *s, const struct rangs_tirage *t, size_t unit, int *low, int *high)
{
	int ranks[200];

	for (uint32_t d = 0; d < t->tirages; d++) {
		struct tirage draw;
		double mine;
		int above = 0;

		tirage_faire(&s->j, t, d, &draw);
		mine = tirage_total(&s->j, &draw, unit);
		for (size_t i = 0; i < UNITS; i++) {
			if (!isnan(s->totals[i]) && s->etat[i] & UNITE_CLASSEE)
				above += tirage_total(&s->j, &draw, i) > mine + 1e-5;
		}
		ranks[d] = above + 1;
	}
	qsort(ranks, t->tirages, sizeof *ranks, by_rank);
	*low = ranks[(int)ceil(0.05 * t->tirages) - 1];
	*high = ranks[(int)ceil(0.95 * t->tirages) - 1];
}

TEST("rank intervals are those that counting finds, with ties, holes and units out of the ranks")
{
	static const char *const means[] = { "arithmetique", "geometrique" };
	struct arena a = arena_new(16 << 20);

	for (int k = 0; k < 2; k++) {
		const struct methode *m = mean_of_five(&a, means[k]);
		struct set *s = given_set(&a, m, k ? 1 : 2);
		struct rangs_tirage t = rangs_defaut(m);
		uint32_t low[UNITS], high[UNITS];
		struct err e = { 0 };

		t.tirages = 150;
		accepts(rangs_tirer(&s->j, &t, low, high, &e), &e);
		equals(low[7], 0);
		equals(high[7], 0);
		for (size_t i = 0; i < UNITS; i += 29) {
			int from, to;

			if (isnan(s->totals[i]))
				continue;
			naive(s, &t, i, &from, &to);
			/* Float against double: a near tie may move a place. */
			near_to(low[i], from, 1);
			near_to(high[i], to, 1);
			holds(low[i] <= high[i]);
		}
	}
	arena_free(&a);
}

TEST("a tree that mixes means has its intervals too")
{
	struct arena a = arena_new(16 << 20);
	const struct methode *m = given_methode(&a, "\"unite\": \"commune\", \"sens\": \"risque\", \"echelle\": [1, 100],"
		"\"normaliseur\": {\"type\": \"decile\", \"classes\": 100}, \"agregation\": \"geometrique\","
		"\"arbre\": [{\"groupe\": \"g\", \"libelle\": \"G\", \"poids\": 1, \"agregation\": \"arithmetique\","
		"\"arbre\": [" CINQ "]}, {\"indicateur\": \"e\", \"libelle\": \"E\"}]");
	struct set *s = given_set(&a, m, 1);
	struct rangs_tirage t = rangs_defaut(m);
	uint32_t low[UNITS], high[UNITS];
	struct err e = { 0 };

	t.tirages = 60;
	accepts(rangs_tirer(&s->j, &t, low, high, &e), &e);
	for (size_t i = 0; i < UNITS; i += 57) {
		int from, to;

		naive(s, &t, i, &from, &to);
		near_to(low[i], from, 1);
		near_to(high[i], to, 1);
	}
	arena_free(&a);
}

TEST("the same seed gives the same intervals on one, two or five threads; another seed others")
{
	struct arena a = arena_new(16 << 20);
	const struct methode *m = mean_of_five(&a, "arithmetique");
	struct set *s = given_set(&a, m, 2);
	struct rangs_tirage t = rangs_defaut(m);
	uint32_t low[4][UNITS], high[4][UNITS];
	static const int threads[] = { 1, 2, 5, 1 };
	struct err e = { 0 };

	t.tirages = 300;
	for (int k = 0; k < 4; k++) {
		t.fils = threads[k];
		t.graine = k == 3 ? 2 : 1;
		accepts(rangs_tirer(&s->j, &t, low[k], high[k], &e), &e);
	}
	holds(!memcmp(low[0], low[1], sizeof low[0]) && !memcmp(high[0], high[1], sizeof low[0]));
	holds(!memcmp(low[0], low[2], sizeof low[0]) && !memcmp(high[0], high[2], sizeof low[0]));
	holds(memcmp(high[0], high[3], sizeof low[0]) != 0);
	arena_free(&a);
}

TEST("the surer the weights, the narrower the intervals; one draw has none")
{
	struct arena a = arena_new(16 << 20);
	const struct methode *m = mean_of_five(&a, "arithmetique");
	struct set *s = given_set(&a, m, 1);
	struct rangs_tirage t = rangs_defaut(m);
	uint32_t low[UNITS], high[UNITS], width[3] = { 0 };
	static const double concentrations[] = { 2, 20, 100000 };
	struct err e = { 0 };

	t.tirages = 200;
	t.retrait = 0;
	for (int k = 0; k < 3; k++) {
		t.concentration = concentrations[k];
		accepts(rangs_tirer(&s->j, &t, low, high, &e), &e);
		for (int i = 0; i < UNITS; i++)
			width[k] += high[i] - low[i];
	}
	holds(width[0] > width[1] && width[1] > 10 * width[2]);
	t.tirages = 1;
	accepts(rangs_tirer(&s->j, &t, low, high, &e), &e);
	holds(!memcmp(low, high, sizeof low));
	t.tirages = 0;
	refuses(E_INPUT, rangs_tirer(&s->j, &t, low, high, &e), &e);
	arena_free(&a);
}

TEST("clearly above its neighbours only when it is, in at least 95 % of the draws")
{
	struct arena a = arena_new(16 << 20);
	const struct methode *m = mean_of_five(&a, "arithmetique");
	struct set *s = given_set(&a, m, 1);
	struct rangs_tirage t = rangs_defaut(m);
	static const size_t lower[] = { 1, 2 }, with_peer[] = { 1, 3 };

	t.tirages = 200;
	for (int k = 0; k < LEAVES; k++) {
		s->columns[0][k][0] = 20;
		s->columns[0][k][1] = 5;
		s->columns[0][k][2] = 6;
		s->columns[0][k][3] = k == 0 ? 21 : k == 1 ? 19 : 20;   /* now above, now below */
		s->columns[0][k][4] = 20;                       /* the very same */
	}
	indice_totaux(m, &s->c, s->sets[0], NULL, UNITS, s->totals);
	near_to(rangs_devant(&s->j, &t, 0, 1), 1, 0);
	near_to(rangs_devant(&s->j, &t, 1, 0), 0, 0);
	near_to(rangs_devant(&s->j, &t, 0, 4), 0.5, 1e-12);
	holds(rangs_devant(&s->j, &t, 0, 3) > 0.05 && rangs_devant(&s->j, &t, 0, 3) < 0.95);
	holds(rangs_nettement(&s->j, &t, 0, lower, 2));
	holds(!rangs_nettement(&s->j, &t, 0, with_peer, 2));
	holds(!rangs_nettement(&s->j, &t, 0, NULL, 0));
	holds(isnan(rangs_devant(&s->j, &t, 0, 7)));
	arena_free(&a);
}
