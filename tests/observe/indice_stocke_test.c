/* Indices of what was imported. */
#include "observe/indice_world.h"

#include "core/indicateur.sql.h"
#include "core/territoire.h"

static void store_shut(struct store **s)
{
	store_close(*s);
}

struct put {
	const char *indicateur, *niveau;
	int annee;
	const struct indicateur_valeur *v;
	size_t n, changed;
};

static bool put_job(struct tx *tx, void *arg, struct err *e)
{
	struct put *p = arg;

	return indicateur_write(tx, "i1", p->indicateur, p->niveau, p->annee, p->v, p->n, &p->changed, e);
}

static bool import_job(struct tx *tx, void *arg, struct err *e)
{
	(void)arg;
	return indicateur_import_put(tx, "i1", "essai.csv", "00", "table", "Insee", NULL, NULL,
				     1, 1, 0, 1, 1, "2026-11-22T10:00:00Z", NULL, e);
}

/* "code value" pairs; a value below 0 is a secret. */
static void put(struct store *s, const char *indicateur, const char *niveau, int annee,
		const char *const *codes, const double *x, size_t n)
{
	struct indicateur_valeur v[8] = { 0 };
	struct put p = { indicateur, niveau, annee, v, n, 0 };
	struct err e = { 0 };

	for (size_t i = 0; i < n; i++) {
		snprintf(v[i].code, sizeof v[i].code, "%s", codes[i]);
		v[i].valeur = x[i] < 0 ? NAN : x[i];
		v[i].statut = x[i] < 0 ? STATUT_SECRET : STATUT_VALEUR;
	}
	accepts(store_write(s, put_job, &p, &e), &e);
}

static struct store *new_store(struct arena *a)
{
	const char *files[] = {
		given_file(a, "c.csv", "code,nom,departement,region,epci,ept,population,codes_postaux,lat,lon\n"
			   "01001,Alpha,01,84,200000001,,1000,,,\n01002,Beta,01,84,200000001,,3000,,,\n"),
	};
	struct territoire_report r;
	struct store *s;
	struct err e = { 0 };

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	accepts(territoire_import(s, files, 1, &r, &e), &e);
	accepts(store_write(s, import_job, NULL, &e), &e);
	return s;
}

static const char *const iris[] = { "010010101", "010010102", "010020101" };
static const char *const communes[] = { "01001", "01002" };

static struct entree *stored(struct arena *a, struct store *s, const char *method, int niveau,
			     struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct methode *m;
	const struct decoupage *d;
	struct entree *t;

	accepts(methode_open(a, method, &m, e), e);
	accepts(db_acquire(s, &db, e), e);
	accepts(decoupage_read(db, a, &d, e), e);
	return entree_stockee(a, m, d, db, niveau, &t, e) ? t : NULL;
}

TEST("an index is made of what was imported: IRIS, and what only communes know, lent to their IRIS")
{
	struct arena a = arena_new(32 << 20);
	CLEANUP(store_shut) struct store *s = new_store(&a);
	struct err e = { 0 };
	struct entree *t;
	struct indice_table *base;
	const struct methode *m;
	int age, thd;

	put(s, "older_65_rate", "iris", 2020, iris, (const double[]){ 9, 9, 9 }, 3);
	put(s, "older_65_rate", "iris", 2021, iris, (const double[]){ 10, 20, -1 }, 3);
	put(s, "older_65_rate", "commune", 2021, communes, (const double[]){ 15, 30 }, 2);
	put(s, "no_thd_coverage_rate", "commune", 2024, communes, (const double[]){ 5, 0 }, 2);
	put(s, "population", "iris", 2021, iris, (const double[]){ 400, 600, 3000 }, 3);
	t = stored(&a, s, "ifn-2023", -1, &e);
	holds(t != NULL);
	m = t->m;
	age = methode_indicateur(m, "older_65_rate");
	thd = methode_indicateur(m, "no_thd_coverage_rate");
	accepts(table_base(&a, t, false, false, &base, &e), &e);
	equals(base->u.n, 3);
	near_to(base->u.population[2], 3000, 0);
	near_to(t->x[age][2], 30, 0);                   /* a secret: its commune's */
	equals(t->marques[age][2], MARQUE_PARENT);
	near_to(base->x[age][2], 10, 0);                /* 10, 20, 30: deciles 4, 7, 10 */
	near_to(base->x[age][0], 4, 0);
	near_to(base->x[thd][0], 10, 0);                /* 5 in both IRIS of 01001, 0 in 01002 */
	near_to(base->x[thd][1], 10, 0);
	near_to(base->x[thd][2], 4, 0);
	holds(strstr(t->remarques[0], "older_65_rate 2021") && strstr(t->remarques[0], "no_thd_coverage_rate 2024 (communes)"));
	arena_free(&a);
}

TEST("scores that were imported serve when there are no raw values; nothing at all is said")
{
	struct arena a = arena_new(32 << 20);
	CLEANUP(store_shut) struct store *s = new_store(&a);
	struct err e = { 0 };
	struct entree *t;

	holds(!stored(&a, s, "ifn-2023", -1, &e));
	equals(e.kind, E_MISSING);
	holds(strstr(e.hint, "indicateur import") != NULL);
	put(s, "ifn2023_older_65_rate", "commune", 2023, communes, (const double[]){ 3, 8 }, 2);
	t = stored(&a, s, "ifn-2023", -1, &e);
	holds(t && t->notes);
	equals(t->niveau, NIVEAU_COMMUNE);
	near_to(t->x[methode_indicateur(t->m, "older_65_rate")][1], 8, 0);
	near_to(t->u.population[1], 3000, 0);
	arena_free(&a);
}

TEST("the IRIS of one commune in ten do not take the index of the others away")
{
	static const char *const ten[] = { "01001", "01002", "01003", "01004", "01005", "01006", "01007",
					   "01008" };
	struct arena a = arena_new(32 << 20);
	CLEANUP(store_shut) struct store *s = new_store(&a);
	struct err e = { 0 };
	struct entree *t;

	put(s, "older_65_rate", "commune", 2021, ten, (const double[]){ 1, 2, 3, 4, 5, 6, 7, 8 }, 8);
	put(s, "older_65_rate", "iris", 2021, iris, (const double[]){ 10, 20, 30 }, 3);
	t = stored(&a, s, "ifn-2023", -1, &e);
	holds(t != NULL);
	equals(t->niveau, NIVEAU_COMMUNE);
	holds(t->u.n >= 8);
	/* asked for by name, the three are there */
	t = stored(&a, s, "ifn-2023", NIVEAU_IRIS, &e);
	holds(t != NULL);
	equals(t->u.n, 3);
	arena_free(&a);
}
