/* On the real published scores: what the notes of the observatory prove, proved again. */
#include "observe/indice_world.h"

#include "format/csv.h"
#include "observe/nombre.h"

struct published {
	char code[12];
	double total;
};

/* code and total of a published file; rows without a total are left out. */
static struct published *read_published(struct arena *a, const char *path, const char *code,
					const char *total, size_t *n)
{
	CLEANUP(csv_close) struct csv *csv = NULL;
	struct published *all = NEW_ARRAY(a, 40000, struct published);
	struct csv_row row;
	struct err e = { 0 };
	int at, to;

	accepts(csv_open(path, &csv, &e), &e);
	at = csv_column(csv, code);
	to = csv_column(csv, total);
	holds(at >= 0 && to >= 0);
	for (*n = 0; csv_next(csv, &row, &e);) {
		snprintf(all[*n].code, sizeof all->code, "%s", row.cells[at]);
		*n += nombre_lire(row.cells[to], &all[*n].total) ? 1 : 0;
	}
	return all;
}

struct real {
	struct arena a;
	const struct methode *m;
	const struct decoupage *d;
	const char *scores;
};

static void real_open(struct real *w, const char *method, const char *scores,
		      const char *communes, const char *arrondissements)
{
	struct err e = { 0 };

	*w = (struct real){ .a = arena_new(512 << 20), .scores = scores };
	accepts(methode_open(&w->a, method, &w->m, &e), &e);
	accepts(decoupage_csv(communes, arrondissements, &w->a, &w->d, &e), &e);
}

static struct indice_table *real_table(struct real *w, enum niveau niveau)
{
	struct entree *t;
	struct err e = { 0 };

	accepts(entree_lire(&w->a, w->m, w->d, w->scores, -1, true, &t, &e), &e);
	return given_table(&w->a, t, niveau);
}

TEST("the total is the mean of the chosen scores on 35,006 published communes, to 1e-9")
{
	needs_data(scores, "ifn/ifn_communes_2023-08.csv");
	needs_data(communes, "communes_france.csv");
	needs_data(arrondissements, "arrondissements_municipaux.csv");
	struct real w;
	struct indice_table *t;
	struct indice_resultat r;
	struct published *all;
	size_t n, without = 0;

	real_open(&w, "ifn-2023", scores, communes, arrondissements);
	t = real_table(&w, NIVEAU_COMMUNE);
	r = counted(&w.a, t);
	all = read_published(&w.a, scores, "code", "total", &n);
	equals(n, 35006);
	for (size_t i = 0; i < n; i++) {
		double ours = total_of(t, &r, all[i].code);

		if (all[i].total == 0) {
			/* The six villages destroyed in 1916: published as 0, below the scale. */
			holds(isnan(ours) && t->u.etat[table_find(t, all[i].code)] & UNITE_VIDE);
			without++;
		} else {
			near_to(ours, all[i].total, 1e-9);
		}
	}
	equals(without, 6);
	/* Marseille is published empty: here it is its arrondissements. */
	holds(total_of(t, &r, "13055") > 5 && total_of(t, &r, "13055") < 5.5);
	arena_free(&w.a);
}

TEST("weighted by people, the published départements come back: Cantal 6.7, Haute-Loire 6.1, Rhône 4.2")
{
	needs_data(scores, "ifn/ifn_communes_2023-08.csv");
	needs_data(communes, "communes_france.csv");
	needs_data(arrondissements, "arrondissements_municipaux.csv");
	static const struct { const char *code; double published; } cases[] = {
		{ "15", 6.7 }, { "43", 6.1 }, { "69", 4.2 },
	};
	struct real w;
	struct indice_table *t;
	struct indice_resultat r;

	real_open(&w, "ifn-2023", scores, communes, arrondissements);
	t = real_table(&w, NIVEAU_DEPARTEMENT);
	r = counted(&w.a, t);
	equals(r.classes, 101);
	for (int i = 0; i < 3; i++)
		near_to(total_of(t, &r, cases[i].code), cases[i].published, 0.05);
	t = real_table(&w, NIVEAU_EPCI);
	r = counted(&w.a, t);
	equals(r.classes, 1255);
	/* Ends of the published list of EPCI. */
	equals(r.rangs[table_find(t, "242400935")], 1);
	equals(r.rangs[table_find(t, "243100781")], 1255);
	near_to(total_of(t, &r, "242400935"), 8.879, 0.05);
	near_to(total_of(t, &r, "243100781"), 3.073, 0.05);
	arena_free(&w.a);
}

TEST("ifn-2019 gives the published totals of 2,868 IRIS within 1, the rounding of its axes")
{
	needs_data(scores, "ifn/ifn_2019_iris_extract.csv");
	needs_data(communes, "communes_france.csv");
	struct real w;
	struct indice_table *t;
	struct indice_resultat r;
	struct published *all;
	size_t n, seen = 0;

	real_open(&w, "ifn-2019", scores, communes, NULL);
	t = real_table(&w, NIVEAU_IRIS);
	r = counted(&w.a, t);
	all = read_published(&w.a, scores, "code_iris", "SCORE GLOBAL", &n);
	equals(n, 2868);
	for (size_t i = 0; i < n; i++) {
		double ours = total_of(t, &r, all[i].code);

		if (isnan(ours)) {
			holds(t->u.etat[table_find(t, all[i].code)] & UNITE_VIDE);
			continue;
		}
		near_to(ours, all[i].total, 1);
		seen++;
	}
	holds(seen > 2860);
	arena_free(&w.a);
}

TEST("weights around the chosen ones move the median commune by thousands of places of 34,958")
{
	needs_data(scores, "ifn/ifn_communes_2023-08.csv");
	needs_data(communes, "communes_france.csv");
	needs_data(arrondissements, "arrondissements_municipaux.csv");
	struct real w;
	struct indice_table *t;
	struct indice_resultat r;
	struct indice_choix c;
	struct rangs_tirage draws;
	struct err e = { 0 };
	size_t wide = 0, ranked = 0;

	real_open(&w, "ifn-2023", scores, communes, arrondissements);
	t = real_table(&w, NIVEAU_COMMUNE);
	choix_defaut(w.m, &c);
	draws = rangs_defaut(w.m);
	draws.tirages = 200;
	draws.retrait = 0;
	t->nessais = 1;                 /* weights alone, as the trial that gave 4,432 */
	accepts(table_compter(&w.a, t, &c, &draws, &r, &e), &e);
	for (size_t i = 0; i < t->u.n; i++) {
		ranked += r.rangs[i] != 0;
		wide += r.rangs[i] && r.haut[i] - r.bas[i] > 4432;
	}
	near_to((double)wide / (double)ranked, 0.5, 0.06);
	arena_free(&w.a);
}
