#include "test.h"

#include <stdlib.h>

#include "core/indicateur.h"
#include "core/indicateur.sql.h"

static void store_shut(struct store **s)
{
	store_close(*s);
}

static struct store *new_store(void)
{
	struct err e = { 0 };
	struct store *s;

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	return s;
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

	return indicateur_write(tx, "i1", p->indicateur, p->niveau, p->annee, p->v, p->n,
				&p->changed, e);
}

static bool import_job(struct tx *tx, void *arg, struct err *e)
{
	(void)arg;
	return indicateur_import_put(tx, "i1", "essai.csv", "00", "table", "Insee", NULL, NULL,
				     1, 1, 0, 1, 1, "2026-11-22T10:00:00Z", NULL, e);
}

static struct store *store_with_import(void)
{
	struct store *s = new_store();
	struct err e = { 0 };

	accepts(store_write(s, import_job, NULL, &e), &e);
	return s;
}

static size_t put(struct store *s, const char *indicateur, const char *niveau, int annee,
		  const struct indicateur_valeur *v, size_t n)
{
	struct put p = { indicateur, niveau, annee, v, n, 0 };
	struct err e = { 0 };

	accepts(store_write(s, put_job, &p, &e), &e);
	return p.changed;
}

static struct indicateur_valeur val(const char *code, double x)
{
	struct indicateur_valeur v = { .valeur = x };

	snprintf(v.code, sizeof v.code, "%s", code);
	return v;
}

static struct indicateur_valeur none(const char *code, enum indicateur_statut why)
{
	struct indicateur_valeur v = val(code, NAN);

	v.statut = (uint8_t)why;
	return v;
}

TEST("values come back as they were put, a secret is not a zero, in the order of codes")
{
	CLEANUP(store_shut) struct store *s = store_with_import();
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	CLEANUP(db_release) struct db *db = NULL;
	const struct indicateur_valeur in[] = {
		val("01001", 12.5), none("01002", STATUT_SECRET), val("2A004", 0),
		none("93010", STATUT_SANS_OBJET), val("97101", -1e-300),
	};
	struct indicateur_valeur *out;
	struct err e = { 0 };
	size_t n;

	equals(put(s, "poverty_rate", "commune", 2021, in, 5), 5);
	equals(put(s, "poverty_rate", "commune", 2021, in, 5), 0);
	accepts(db_acquire(s, &db, &e), &e);
	accepts(indicateur_read(db, &a, "poverty_rate", "commune", 0, &out, &n, &e), &e);
	equals(n, 5);
	for (size_t i = 0; i < n; i++) {
		same(out[i].code, in[i].code);
		equals(out[i].statut, in[i].statut);
		holds(in[i].statut ? isnan(out[i].valeur) : out[i].valeur == in[i].valeur);
	}
}

TEST("years live side by side and the latest is found")
{
	CLEANUP(store_shut) struct store *s = store_with_import();
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	CLEANUP(db_release) struct db *db = NULL;
	const struct indicateur_valeur old[] = { val("93010", 1), val("93066", 2) };
	const struct indicateur_valeur new[] = { val("93010", 3) };
	struct indicateur_serie *series;
	struct indicateur_fait *facts;
	struct indicateur_valeur *v;
	struct err e = { 0 };
	int annee;
	size_t n;

	put(s, "menseul_rate", "commune", 2016, old, 2);
	put(s, "menseul_rate", "commune", 2021, new, 1);
	accepts(db_acquire(s, &db, &e), &e);
	accepts(indicateur_derniere_annee(db, "menseul_rate", "commune", &annee, &e), &e);
	equals(annee, 2021);
	accepts(indicateur_derniere_annee(db, "menseul_rate", "iris", &annee, &e), &e);
	equals(annee, 0);
	accepts(indicateur_series(db, &a, NULL, NULL, &series, &n, &e), &e);
	equals(n, 2);
	equals(series[0].annee, 2016);
	equals(series[0].nombre, 2);
	same(series[1].source, "Insee");
	accepts(indicateur_of(db, &a, "commune", "93010", &facts, &n, &e), &e);
	equals(n, 2);
	equals(facts[1].annee, 2021);
	near_to(facts[1].v.valeur, 3, 0);
	accepts(indicateur_read(db, &a, "menseul_rate", "iris", 0, &v, &n, &e), &e);
	equals(n, 0);
}

TEST("a part of the territories changes without touching the others; published wins over summed")
{
	CLEANUP(store_shut) struct store *s = store_with_import();
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	CLEANUP(db_release) struct db *db = NULL;
	const struct indicateur_valeur first[] = { val("200000001", 10), none("200000002", STATUT_SECRET) };
	struct indicateur_valeur summed[] = { val("200000001", 11), val("200000002", 12), val("200000003", 13) };
	const char *const codes[] = { "100000000", "200000001", "200000003", "300000000" };
	struct indicateur_serie *series;
	double v[4];
	uint8_t st[4], or[4];
	struct err e = { 0 };
	size_t n;

	for (int i = 0; i < 3; i++)
		summed[i].origine = ORIGINE_CALCULE;
	put(s, "poverty_rate", "epci", 2021, first, 2);
	equals(put(s, "poverty_rate", "epci", 2021, summed, 3), 1);
	accepts(db_acquire(s, &db, &e), &e);
	accepts(indicateur_align(db, "poverty_rate", "epci", 2021, codes, 4, v, st, or, &e), &e);
	holds(isnan(v[0]) && isnan(v[3]));
	equals(st[0], STATUT_NON_DISPONIBLE);
	near_to(v[1], 10, 0);
	near_to(v[2], 13, 0);
	equals(or[1], 0);
	equals(or[2], ORIGINE_CALCULE);
	accepts(indicateur_series(db, &a, "poverty_rate", "epci", &series, &n, &e), &e);
	equals(series[0].nombre, 3);
	equals(series[0].renseignes, 2);
}

struct rows {
	size_t n;
	char last[200];
};

static bool count_row(const struct indicateur_ligne *l, void *arg, struct err *e)
{
	struct rows *r = arg;

	(void)e;
	r->n++;
	snprintf(r->last, sizeof r->last, "%s %s %d %s", l->serie->indicateur, l->serie->niveau,
		 l->serie->annee, l->v->code);
	return true;
}

TEST("values are streamed as rows: all, the latest of each, or a département")
{
	CLEANUP(store_shut) struct store *s = store_with_import();
	CLEANUP(db_release) struct db *db = NULL;
	const struct indicateur_valeur v[] = { val("01001", 1), val("93010", 2) };
	struct indicateur_ask all = { 0 }, last = { .annee = -1 }, one = { .departement = "01" };
	struct rows r = { 0 };
	struct err e = { 0 };

	put(s, "b", "commune", 2020, v, 2);
	put(s, "b", "commune", 2021, v, 2);
	put(s, "a", "iris", 2021, v, 1);
	accepts(db_acquire(s, &db, &e), &e);
	accepts(indicateur_each(db, &all, count_row, &r, &e), &e);
	equals(r.n, 5);
	same(r.last, "b commune 2021 93010");
	r.n = 0;
	accepts(indicateur_each(db, &last, count_row, &r, &e), &e);
	equals(r.n, 3);
	r.n = 0;
	accepts(indicateur_each(db, &one, count_row, &r, &e), &e);
	equals(r.n, 3);
}

TEST("a damaged chunk is an error, never figures")
{
	const struct indicateur_valeur v[] = { val("01001", 1), none("01002", STATUT_SECRET) };
	unsigned char p[64];
	size_t size = indicateur_pack_size(v, 2), n;
	struct indicateur_valeur out[2];

	equals(size, 6 + 2 * 14);
	indicateur_pack(v, 2, p);
	holds(indicateur_unpack((struct bytes){ p, size }, out, &n));
	holds(!indicateur_unpack((struct bytes){ p, size - 1 }, NULL, &n));
	holds(!indicateur_unpack((struct bytes){ p, 3 }, NULL, &n));
	p[2] = 200;
	holds(!indicateur_unpack((struct bytes){ p, size }, NULL, &n));
	p[2] = 2;
	p[16] = 15;
	holds(!indicateur_unpack((struct bytes){ p, size }, out, &n));
}

TEST("the catalogue has each code once, with unit, direction, source")
{
	CLEANUP(arena_free) struct arena a = arena_new(4 << 20);
	static const char *const natures[] = { "part", "nombre", "moyenne", "distance", "montant", "score" };
	const struct indicateur *list;
	struct err e = { 0 };
	size_t n;

	accepts(indicateur_shipped(&a, &list, &n, &e), &e);
	holds(n > 0);
	for (size_t i = 0; i < n; i++) {
		bool known = false;

		holds(indicateur_find(list, n, list[i].code) == &list[i]);
		holds(*list[i].libelle && *list[i].unite && *list[i].source);
		holds(list[i].sens >= -1 && list[i].sens <= 1);
		for (int k = 0; k < 6; k++)
			known |= !strcmp(natures[k], list[i].nature);
		if (!known)
			fail_msg("%s: nature %s", list[i].code, list[i].nature);
	}
}
