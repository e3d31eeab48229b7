#include "test.h"

#include <stdlib.h>

#include "base/chance.h"
#include "core/secret.h"
#include "format/csv.h"

enum { CELLS = 20, FEUILLES = 12, SANS_FIN = 40 };

struct essai {
	struct arena a;
	struct err e;
	struct secret_table t;
	uint8_t etats[CELLS];
	int64_t bas[CELLS], haut[CELLS];
};

/*
 * The other side: someone who knows all that is published and tries every table of counts,
 * without any network.  Leaves (cells that are sums of no others) run over all values; a sum
 * that is hidden may be anything; a zero is published.
 */
struct attaque {
	const struct secret_table *t;
	const uint8_t *etats;
	const int64_t *least;           /* what each hidden cell is at least */
	size_t feuilles[FEUILLES], n;
	int64_t x[CELLS];
	int64_t bas[CELLS], haut[CELLS];
	int64_t most;                   /* no leaf is tried above */
};

static bool est_parent(const struct secret_table *t, size_t ligne)
{
	for (size_t i = 0; t->parents && i < t->lignes; i++) {
		if (t->parents[i] == ligne)
			return true;
	}
	return false;
}

static bool est_feuille(const struct secret_table *t, size_t cell)
{
	return !est_parent(t, cell / t->colonnes) && (t->colonnes == 1 || cell % t->colonnes);
}

static void sommes(const struct secret_table *t, int64_t *x)
{
	for (size_t c = 0; c < t->lignes * t->colonnes; c++) {
		if (!est_feuille(t, c))
			x[c] = 0;
	}
	for (size_t c = 0; c < t->lignes * t->colonnes; c++) {
		size_t i = c / t->colonnes, j = c % t->colonnes;

		if (!est_feuille(t, c))
			continue;
		if (j)
			x[i * t->colonnes] += x[c];
		for (uint32_t p = t->parents ? t->parents[i] : SECRET_SANS_PARENT;
		     p != SECRET_SANS_PARENT; p = t->parents[p]) {
			x[p * t->colonnes + j] += x[c];
			if (j)
				x[p * t->colonnes] += x[c];
		}
	}
}

static void essaie(struct attaque *q, size_t at)
{
	const struct secret_table *t = q->t;
	size_t cells = t->lignes * t->colonnes;

	if (at < q->n) {
		size_t c = q->feuilles[at];

		if (q->etats[c] == SECRET_PUBLIE) {
			q->x[c] = t->valeurs[c];
			essaie(q, at + 1);
			return;
		}
		for (q->x[c] = q->least[c]; q->x[c] <= q->most; q->x[c]++)
			essaie(q, at + 1);
		return;
	}
	sommes(t, q->x);
	for (size_t c = 0; c < cells; c++) {
		if (q->etats[c] == SECRET_PUBLIE ? q->x[c] != t->valeurs[c] : q->x[c] < q->least[c])
			return;
	}
	for (size_t c = 0; c < cells; c++) {
		if (q->x[c] < q->bas[c])
			q->bas[c] = q->x[c];
		if (q->x[c] > q->haut[c])
			q->haut[c] = q->x[c];
	}
}

/* most: no leaf is tried above. */
static void attaque(struct essai *s, struct attaque *q, int64_t most)
{
	static int64_t least[CELLS];

	*q = (struct attaque){ .t = &s->t, .etats = s->etats, .least = least, .most = most };
	for (size_t c = 0; c < s->t.lignes * s->t.colonnes; c++) {
		least[c] = s->etats[c] == SECRET_PUBLIE ? 0 : 1;
		if (s->t.cumul && s->t.avant && s->t.avant[c] > least[c])
			least[c] = s->t.avant[c];
		q->bas[c] = INT64_MAX;
		q->haut[c] = -1;
		if (est_feuille(&s->t, c))
			q->feuilles[q->n++] = c;
	}
	essaie(q, 0);
}

/* A table of random small counts that holds together. */
static void tire(struct essai *s, struct chance *c, int64_t *v, size_t lignes, size_t colonnes,
		 const uint32_t *parents, int64_t most)
{
	s->t = (struct secret_table){ .lignes = lignes, .colonnes = colonnes, .parents = parents,
				    .valeurs = v };
	for (size_t i = 0; i < lignes * colonnes; i++)
		v[i] = chance_below(c, 4) ? (int64_t)chance_below(c, (uint64_t)most + 1) : 0;
	sommes(&s->t, v);
}

static const uint32_t deux_dimensions[] = { 3, 3, 3, SECRET_SANS_PARENT };
static const uint32_t deux_etages[] = { 4, 4, 5, 5, 6, 6, SECRET_SANS_PARENT };

/* k = 3, so that trying every table stays quick: 1 and 2 are small. */
static const struct secret_regle trois = { 3, 2 };

static void compare(struct essai *s, struct chance *c, size_t lignes, size_t colonnes,
		    const uint32_t *parents)
{
	int64_t v[CELLS];
	struct attaque q;

	s->a = arena_new(8 << 20);
	tire(s, c, v, lignes, colonnes, parents, 4);
	accepts(secret_protect(&s->a, &s->t, &trois, s->etats, NULL, &s->e), &s->e);
	accepts(secret_deduce(&s->a, &s->t, s->etats, s->bas, s->haut, &s->e), &s->e);
	attaque(s, &q, 7);
	for (size_t i = 0; i < lignes * colonnes; i++) {
		/* What is bounded by small totals is bounded alike; beyond, only trials end. */
		equals(s->bas[i], q.bas[i]);
		if (s->haut[i] <= 7)
			equals(s->haut[i], q.haut[i]);
		else
			holds(q.haut[i] >= 7);
		if (s->etats[i] != SECRET_PUBLIE) {
			holds(v[i] > 0);
			holds(s->haut[i] > s->bas[i]);
		}
		equals(s->etats[i] == SECRET_PRIMAIRE, v[i] == 1 || v[i] == 2);
	}
	arena_free(&s->a);
}

TEST("what can be deduced is what trying every table of counts gives (lists with a total)")
{
	struct chance c = chance_new(1);
	struct essai s = { .t = { 0 } };

	for (int i = 0; i < 300; i++)
		compare(&s, &c, 4, 1, deux_dimensions);
}

TEST("what can be deduced is what trying every table of counts gives (two dimensions)")
{
	struct chance c = chance_new(2);
	struct essai s = { .t = { 0 } };

	for (int i = 0; i < 25; i++)
		compare(&s, &c, 4, 3, deux_dimensions);
}

TEST("what can be deduced is what trying every table of counts gives (three levels)")
{
	struct chance c = chance_new(3);
	struct essai s = { .t = { 0 } };

	for (int i = 0; i < 100; i++)
		compare(&s, &c, 7, 1, deux_etages);
}

TEST("small counts alone are not enough: without complements they are found by subtraction")
{
	static const int64_t v[] = { 20, 7, 30, 57 };
	uint8_t naive[] = { SECRET_PUBLIE, SECRET_PRIMAIRE, SECRET_PUBLIE, SECRET_PUBLIE };
	struct essai s = { .a = arena_new(1 << 20) };

	s.t = (struct secret_table){ .lignes = 4, .colonnes = 1, .parents = deux_dimensions,
				     .valeurs = v };
	accepts(secret_deduce(&s.a, &s.t, naive, s.bas, s.haut, &s.e), &s.e);
	equals(s.bas[1], 7);
	equals(s.haut[1], 7);
	accepts(secret_protect(&s.a, &s.t, &secret_regle_usuelle, s.etats, NULL, &s.e), &s.e);
	equals(s.etats[0], SECRET_COMPLEMENT);  /* the least people that protect */
	equals(s.etats[2], SECRET_PUBLIE);
	equals(s.etats[3], SECRET_PUBLIE);
	accepts(secret_deduce(&s.a, &s.t, s.etats, s.bas, s.haut, &s.e), &s.e);
	equals(s.bas[1], 1);                    /* of 27 people, 1 to 26 */
	equals(s.haut[1], 26);
	arena_free(&s.a);
}

TEST("two ones that make two are not hidden by hiding only them")
{
	static const int64_t v[] = { 1, 1, 0, 2 };
	struct essai s = { .a = arena_new(1 << 20) };

	s.t = (struct secret_table){ .lignes = 4, .colonnes = 1, .parents = deux_dimensions,
				     .valeurs = v };
	accepts(secret_protect(&s.a, &s.t, &secret_regle_usuelle, s.etats, NULL, &s.e), &s.e);
	equals(s.etats[2], SECRET_PUBLIE);      /* nobody: said */
	equals(s.etats[3], SECRET_PRIMAIRE);
	arena_free(&s.a);
}

/* --- several breakdowns: two ages and two statuses, by trying every table ---------------- */

static bool pair_fits(const struct essai *s, const int64_t x[15])
{
	for (size_t i = 0; i < 15; i++) {
		if (s->etats[i] == SECRET_PUBLIE ? x[i] != s->t.valeurs[i] : x[i] < 1)
			return false;
	}
	return true;
}

static void pair_sums(int64_t x[15])
{
	for (int i = 0; i < 2; i++)
		x[5 * i] = x[5 * i + 1] + x[5 * i + 2];
	for (int j = 0; j < 5; j++)
		x[10 + j] = x[j] + x[5 + j];
}

/* Leaves 0..7 of both rows; possible[c] has a bit per value. */
static void try_pairs(const struct essai *s, int64_t x[15], int leaf, uint64_t possible[15])
{
	int cell = leaf / 4 * 5 + 1 + leaf % 4;

	if (leaf == 8) {
		pair_sums(x);
		if (x[3] + x[4] != x[0] || x[8] + x[9] != x[5] || !pair_fits(s, x))
			return;
		for (int i = 0; i < 15; i++)
			possible[i] |= 1ull << x[i];
		return;
	}
	if (s->etats[cell] == SECRET_PUBLIE) {
		x[cell] = s->t.valeurs[cell];
		try_pairs(s, x, leaf + 1, possible);
		return;
	}
	for (x[cell] = 1; x[cell] <= 6; x[cell]++)
		try_pairs(s, x, leaf + 1, possible);
}

TEST("ages and statuses together leave at least two values possible for each small count")
{
	static const uint32_t parents[] = { 2, 2, SECRET_SANS_PARENT };
	static const size_t ventilations[] = { 2, 2 };
	struct chance c = chance_new(4);

	for (int n = 0; n < 60; n++) {
		struct essai s = { .a = arena_new(1 << 20) };
		uint64_t possible[15] = { 0 };
		int64_t v[15], x[15];

		for (int i = 0; i < 2; i++) {
			int64_t *l = v + 5 * i;

			l[1] = (int64_t)chance_below(&c, 5);
			l[2] = (int64_t)chance_below(&c, 4);
			l[3] = (int64_t)chance_below(&c, (uint64_t)(l[1] + l[2] + 1));
			l[4] = l[1] + l[2] - l[3];
		}
		pair_sums(v);
		s.t = (struct secret_table){ .lignes = 3, .colonnes = 5, .parents = parents,
					     .valeurs = v, .ventilations = ventilations,
					     .nventilations = 2 };
		accepts(secret_protect(&s.a, &s.t, &trois, s.etats, NULL, &s.e), &s.e);
		try_pairs(&s, x, 0, possible);
		for (int i = 0; i < 15; i++) {
			equals(s.etats[i] == SECRET_PRIMAIRE, v[i] == 1 || v[i] == 2);
			if (s.etats[i] == SECRET_PRIMAIRE)
				holds(__builtin_popcountll(possible[i]) >= 2);
		}
		arena_free(&s.a);
	}
}

/* --- two periods: who has both publications, by trying every pair of tables --------------- */

struct periodes {
	const int64_t *p, *n;           /* true counts: three communes and their total */
	uint8_t ep[4], en[4];
	uint64_t possible_p[4], possible_n[4], possible_d[4];
};

static bool fits(const uint8_t *etats, const int64_t *v, const int64_t *x)
{
	for (int i = 0; i < 4; i++) {
		if (etats[i] == SECRET_PUBLIE ? x[i] != v[i] : x[i] < 1)
			return false;
	}
	return true;
}

static void try_periods(struct periodes *q, int64_t *p, int64_t *n, int leaf)
{
	if (leaf < 3) {
		for (p[leaf] = 0; p[leaf] <= 8; p[leaf]++) {
			if (q->ep[leaf] == SECRET_PUBLIE && p[leaf] != q->p[leaf])
				continue;
			for (n[leaf] = p[leaf]; n[leaf] <= 11; n[leaf]++) {
				if (q->en[leaf] != SECRET_PUBLIE || n[leaf] == q->n[leaf])
					try_periods(q, p, n, leaf + 1);
			}
		}
		return;
	}
	p[3] = p[0] + p[1] + p[2];
	n[3] = n[0] + n[1] + n[2];
	if (!fits(q->ep, q->p, p) || !fits(q->en, q->n, n))
		return;
	for (int i = 0; i < 4; i++) {
		q->possible_p[i] |= 1ull << p[i];
		q->possible_n[i] |= 1ull << n[i];
		q->possible_d[i] |= 1ull << (n[i] - p[i]);
	}
}

static int how_many(uint64_t values)
{
	return __builtin_popcountll(values);
}

TEST("the difference of two cumulated periods tells no small count, old, new or between")
{
	static const struct secret_regle quatre = { 4, 3 };
	struct chance c = chance_new(5);

	for (int k = 0; k < 300; k++) {
		struct essai s = { .a = arena_new(1 << 20) };
		int64_t p[4] = { 0 }, n[4] = { 0 }, avant[4], x[4], y[4];
		struct periodes q = { .p = p, .n = n };

		for (int i = 0; i < 3; i++) {
			p[i] = (int64_t)chance_below(&c, 8);
			n[i] = p[i] + (chance_below(&c, 2) ? (int64_t)chance_below(&c, 4) : 0);
			p[3] += p[i];
			n[3] += n[i];
		}
		s.t = (struct secret_table){ .lignes = 4, .colonnes = 1, .parents = deux_dimensions,
					     .valeurs = p, .cumul = true };
		accepts(secret_protect(&s.a, &s.t, &quatre, q.ep, NULL, &s.e), &s.e);
		for (int i = 0; i < 4; i++)
			avant[i] = q.ep[i] == SECRET_PUBLIE ? p[i] : SECRET_CACHE;
		s.t.valeurs = n;
		s.t.avant = avant;
		accepts(secret_protect(&s.a, &s.t, &quatre, q.en, NULL, &s.e), &s.e);
		try_periods(&q, x, y, 0);
		for (int i = 0; i < 4; i++) {
			int64_t grown = n[i] - p[i];

			if (p[i] > 0 && p[i] < 4)
				holds(how_many(q.possible_p[i]) >= 3);
			if (n[i] > 0 && n[i] < 4)
				holds(how_many(q.possible_n[i]) >= 3);
			if (grown > 0 && grown < 4)
				holds(how_many(q.possible_d[i]) >= 3);
		}
		arena_free(&s.a);
	}
}

TEST("what was published, and has changed by a few people, is hidden; a revision too")
{
	static const int64_t v[] = { 40, 52, 30, 122 }, avant[] = { 35, 52, 90, 177 };
	struct essai s = { .a = arena_new(1 << 20) };

	s.t = (struct secret_table){ .lignes = 4, .colonnes = 1, .parents = deux_dimensions,
				     .valeurs = v, .avant = avant };
	accepts(secret_protect(&s.a, &s.t, &secret_regle_usuelle, s.etats, NULL, &s.e), &s.e);
	equals(s.etats[0], SECRET_PRIMAIRE);    /* five people came */
	equals(s.etats[1], SECRET_PUBLIE);      /* nobody did */
	equals(s.etats[2], SECRET_COMPLEMENT);
	s.t.cumul = true;
	refuses(E_INPUT, secret_protect(&s.a, &s.t, &secret_regle_usuelle, s.etats, NULL, &s.e), &s.e);
	holds(strstr(s.e.msg, "90 à 30"));
	arena_free(&s.a);
}

TEST("a count that did not grow hides nothing of one that grew by few: all know it cannot fall")
{
	static const int64_t v[] = { 21, 50, 111, 182 }, avant[] = { 20, 50, 100, 170 };
	struct essai s = { .a = arena_new(1 << 20) };

	s.t = (struct secret_table){ .lignes = 4, .colonnes = 1, .parents = deux_dimensions,
				     .valeurs = v, .avant = avant, .cumul = true };
	accepts(secret_protect(&s.a, &s.t, &secret_regle_usuelle, s.etats, NULL, &s.e), &s.e);
	equals(s.etats[0], SECRET_PRIMAIRE);
	equals(s.etats[1], SECRET_PUBLIE);
	equals(s.etats[2], SECRET_COMPLEMENT);
	arena_free(&s.a);
}

TEST("a table that does not hold together is refused by name")
{
	static const int64_t wrong_sum[] = { 20, 7, 30, 58 }, negative[] = { 20, -7, 30, 43 };
	static const int64_t wrong_row[] = { 10, 4, 5 };
	static const uint32_t circle[] = { 1, 0, 0, SECRET_SANS_PARENT };
	static const char *const noms[] = { "Bondy", "Pantin", "Drancy", "Est Ensemble" };
	struct essai s = { .a = arena_new(1 << 20) };

	s.t = (struct secret_table){ .lignes = 4, .colonnes = 1, .parents = deux_dimensions,
				     .valeurs = wrong_sum, .noms = noms };
	refuses(E_INPUT, secret_protect(&s.a, &s.t, &trois, s.etats, NULL, &s.e), &s.e);
	same(s.e.msg, "« Est Ensemble », colonne 1 : 58 personnes, mais ses parties en font 57.");
	s.t.valeurs = negative;
	refuses(E_INPUT, secret_protect(&s.a, &s.t, &trois, s.etats, NULL, &s.e), &s.e);
	holds(strstr(s.e.msg, "Pantin"));
	s.t.parents = circle;
	refuses(E_INPUT, secret_protect(&s.a, &s.t, &trois, s.etats, NULL, &s.e), &s.e);
	s.t = (struct secret_table){ .lignes = 1, .colonnes = 3, .valeurs = wrong_row };
	refuses(E_INPUT, secret_protect(&s.a, &s.t, &trois, s.etats, NULL, &s.e), &s.e);
	holds(strstr(s.e.msg, "le total est 10"));
	s.t.lignes = 0;
	refuses(E_INPUT, secret_protect(&s.a, &s.t, &trois, s.etats, NULL, &s.e), &s.e);
	arena_free(&s.a);
}

TEST("rows of territories: an EPCI in two départements is two parts, levels above add up")
{
	static const struct commune communes[] = {
		{ .code = "01001", .nom = "A", .departement = "01", .region = "84", .epci = "200000001", .ept = "", .parent = "" },
		{ .code = "01002", .nom = "B", .departement = "01", .region = "84", .epci = "200000002", .ept = "", .parent = "" },
		{ .code = "38001", .nom = "C", .departement = "38", .region = "84", .epci = "200000001", .ept = "", .parent = "" },
	};
	static const struct territoire territoires[] = {
		{ .niveau = "departement", .code = "01", .nom = "Ain" },
		{ .niveau = "epci", .code = "200000001", .nom = "CC du Bord" },
	};
	static const char *const codes[] = { "01001", "38001", "01002", "99999" };
	struct repertoire r = { .communes = communes, .ncommunes = 3, .territoires = territoires,
				.nterritoires = 2 };
	struct arena a = arena_new(1 << 20);
	struct secret_ligne *l;
	uint32_t *parents;
	int64_t v[20] = { 5, 6, 7, 8 };
	struct err e;
	size_t n;

	accepts(secret_lignes(&a, &r, codes, 4, SECRET_EPCI | SECRET_DEPARTEMENT | SECRET_TOTAL,
			      &l, &parents, &n, &e), &e);
	equals(n, 4 + 1 + 2 + 3);
	same(l[0].nom, "A");
	same(l[parents[0]].nom, "CC du Bord");
	holds(l[parents[0]].partie);
	holds(parents[0] != parents[1]);
	holds(!l[parents[2]].partie);
	same(l[parents[parents[0]]].nom, "Ain");
	equals(parents[parents[0]], parents[parents[2]]);
	same(l[parents[3]].niveau, "total");    /* a code that nobody knows */
	secret_sommes(parents, 4, n, 1, v);
	equals(v[parents[3]], 26);
	equals(v[parents[parents[0]]], 12);
	arena_free(&a);
}

/* --- the real file: activity by postal code, five ages and five statuses ------------------ */

enum { AGES = 5, COLONNES = 11, CODES = 5000, DEPARTEMENTS = 120 };

struct cra {
	struct arena a;
	struct err e;
	struct secret_table t;
	size_t codes, petites, cellules;        /* of the file: rows, counts of 1 to 10, counts */
};

static uint32_t departement(char names[][4], size_t *n, const char *code)
{
	size_t long_ = !strncmp(code, "97", 2) || !strncmp(code, "98", 2) ? 3 : 2, i = 0;

	while (i < *n && (strlen(names[i]) != long_ || strncmp(names[i], code, long_)))
		i++;
	if (i == *n)
		memcpy(names[(*n)++], code, long_);
	return (uint32_t)i;
}

/* Postal codes in départements in the whole; `both`: ages and statuses, of the rows where
 * they count the same people; else ages alone. */
static void cra_read(struct cra *c, const char *path, bool both)
{
	CLEANUP(csv_close) struct csv *f = NULL;
	size_t w = both ? COLONNES : 1 + AGES, n = 0, ndeps = 0;
	static const size_t ventilations[] = { 5, 5 };
	char deps[DEPARTEMENTS][4] = { { 0 } };
	struct csv_row row;
	uint32_t *parents;
	int64_t *v;

	*c = (struct cra){ .a = arena_new(256 << 20) };
	parents = NEW_ARRAY(&c->a, CODES + DEPARTEMENTS, uint32_t);
	v = NEW_ARRAY(&c->a, (CODES + DEPARTEMENTS) * w, int64_t);
	accepts(csv_open(path, &f, &c->e), &c->e);
	for (; csv_next(f, &row, &c->e); c->codes++) {
		int64_t x[COLONNES] = { 0 }, sums[2] = { 0 };

		for (int j = 1; j < COLONNES; j++) {
			x[j] = strtol(row.cells[j], NULL, 10);
			sums[j > AGES] += x[j];
			c->petites += x[j] > 0 && x[j] < 11;
			c->cellules++;
		}
		if (both && sums[0] != sums[1])
			continue;
		x[0] = sums[0];
		memcpy(v + n * w, x, w * sizeof *v);
		parents[n++] = departement(deps, &ndeps, row.cells[0]);
	}
	for (size_t i = 0; i < n; i++)
		parents[i] += (uint32_t)n;
	for (size_t i = 0; i < ndeps; i++)
		parents[n + i] = (uint32_t)(n + ndeps);
	parents[n + ndeps] = SECRET_SANS_PARENT;
	secret_sommes(parents, n, n + ndeps + 1, w, v);
	c->t = (struct secret_table){ .lignes = n + ndeps + 1, .colonnes = w, .parents = parents,
				      .valeurs = v, .ventilations = both ? ventilations : NULL,
				      .nventilations = 2 };
}

TEST("of the real activity file, one count in five is small, and none can be worked out")
{
	needs_data(path, "activity/cra_par_code_postal_2023-07.csv");
	struct cra c;
	struct secret_bilan b;
	uint8_t *etats;
	int64_t *bas, *haut;
	size_t cells;

	cra_read(&c, path, false);
	equals(c.codes, 4812);
	equals(c.cellules, 48120);
	equals(c.petites, 10211);               /* 21.2 %: counted by another program too */
	cells = c.t.lignes * c.t.colonnes;
	etats = NEW_ARRAY(&c.a, cells, uint8_t);
	bas = NEW_ARRAY(&c.a, cells, int64_t);
	haut = NEW_ARRAY(&c.a, cells, int64_t);
	accepts(secret_protect(&c.a, &c.t, &secret_regle_usuelle, etats, &b, &c.e), &c.e);
	equals(b.cellules, cells);
	holds(b.complements < b.primaires);     /* what it costs: 2,364 beside 5,349 */
	accepts(secret_deduce(&c.a, &c.t, etats, bas, haut, &c.e), &c.e);
	for (size_t i = 0; i < cells; i++) {
		int64_t v = c.t.valeurs[i];

		equals(etats[i] == SECRET_PRIMAIRE, v > 0 && v < 11);
		holds(bas[i] <= v && v <= haut[i]);
		if (etats[i] == SECRET_PRIMAIRE)
			holds(haut[i] == INT64_MAX || haut[i] - bas[i] >= 9);
		else
			equals(etats[i] == SECRET_PUBLIE, bas[i] == haut[i]);
	}
	arena_free(&c.a);
}

TEST("ages and statuses of the real file are protected together")
{
	needs_data(path, "activity/cra_par_code_postal_2023-07.csv");
	struct cra c;
	struct secret_bilan b;
	uint8_t *etats;

	cra_read(&c, path, true);
	etats = NEW_ARRAY(&c.a, c.t.lignes * c.t.colonnes, uint8_t);
	accepts(secret_protect(&c.a, &c.t, &secret_regle_usuelle, etats, &b, &c.e), &c.e);
	for (size_t i = 0; i < b.cellules; i++)
		equals(etats[i] == SECRET_PRIMAIRE, c.t.valeurs[i] > 0 && c.t.valeurs[i] < 11);
	holds(b.complements < b.primaires);
	arena_free(&c.a);
}
