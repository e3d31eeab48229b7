/* What may be shown of estimates, against somebody who tries to have the rest back. */
#include "test.h"

#include <math.h>

#include "core/secret.h"
#include "core/territoire.h"
#include "observe/estimation.h"

enum { COMMUNES = 9, RESULTS = 3, LINES = 40 };

/* Two départements of two régions; an EPCI across both; one of a single commune. */
static const char csv[] =
	"code,nom,departement,region,epci,ept,population,codes_postaux,lat,lon\n"
	"01001,A,01,84,200000001,,100,,,\n01002,B,01,84,200000001,,100,,,\n"
	"01003,C,01,84,200000001,,100,,,\n01004,D,01,84,200000002,,100,,,\n"
	"01005,E,01,84,200000003,,100,,,\n71001,F,71,27,200000002,,100,,,\n"
	"71002,G,71,27,200000002,,100,,,\n71003,H,71,27,200000004,,100,,,\n"
	"71004,I,71,27,200000004,,100,,,\n";
static const struct { const char *code; int epci, dep; } where[COMMUNES] = {
	{ "01001", 1, 1 }, { "01002", 1, 1 }, { "01003", 1, 1 }, { "01004", 2, 1 }, { "01005", 3, 1 },
	{ "71001", 2, 71 }, { "71002", 2, 71 }, { "71003", 4, 71 }, { "71004", 4, 71 },
};

struct world {
	struct arena a;
	struct store *s;
	struct db *db;
	const struct decoupage *d;
};

static void world_end(struct world *w)
{
	db_release(&w->db);
	store_close(w->s);
	arena_free(&w->a);
}

static struct world new_world(void)
{
	struct world w = { .a = arena_new(32 << 20) };
	struct territoire_report r;
	struct err e = { 0 };
	char path[160];
	FILE *f;

	snprintf(path, sizeof path, "%s/c.csv", test_dir());
	f = fopen(path, "w");
	holds(f && fputs(csv, f) >= 0 && !fclose(f));
	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &w.s, &e), &e);
	accepts(territoire_import(w.s, (const char *[]){ path }, 1, &r, &e), &e);
	accepts(db_acquire(w.s, &w.db, &e), &e);
	accepts(decoupage_read(w.db, &w.a, &w.d, &e), &e);
	return w;
}

/* The line of every territory, from the communes: what a census of them would give. */
static void fill(struct estimation *s, struct world *w, const int people[COMMUNES][RESULTS])
{
	s->n = 0;
	for (int l = NIVEAU_COMMUNE; l < NIVEAUX; l++) {
		for (size_t i = 0; i < w->d->n[l]; i++) {
			const struct decoupage_unite *u = &w->d->unites[l][i];
			struct estimation_ligne *line = &s->lignes[s->n];
			bool any = false;

			*line = (struct estimation_ligne){ .niveau = (enum niveau)l, .code = u->code,
				.statut = ESTIMATION_FAITE, .v = line->v };
			memset(line->v, 0, RESULTS * sizeof *line->v);
			for (size_t c = 0; c < COMMUNES; c++) {
				const struct decoupage_unite *of = &w->d->unites[NIVEAU_COMMUNE][c];

				if (l == NIVEAU_COMMUNE ? c != i : l != NIVEAU_PAYS && of->dans[l] != i)
					continue;
				any = true;
				for (int o = 0; o < RESULTS; o++) {
					line->v[o].nombre += people[c][o];
					line->base += o < RESULTS - 1 ? people[c][o] : 0;
				}
			}
			s->n += any;
		}
	}
}

static struct estimation *new_estimation(struct arena *a)
{
	struct estimation *s = NEW(a, struct estimation);

	s->nvaleurs = RESULTS;
	s->lignes = NEW_ARRAY(a, LINES, struct estimation_ligne);
	for (int i = 0; i < LINES; i++)
		s->lignes[i].v = NEW_ARRAY(a, RESULTS, struct estimation_valeur);
	return s;
}

/* Do two tables show the same? */
static bool looks_same(const struct estimation *x, const struct estimation *y)
{
	for (size_t i = 0; i < x->n; i++) {
		for (int o = 0; !x->lignes[i].secret && o < RESULTS; o++) {
			if (fabs(x->lignes[i].v[o].nombre - y->lignes[i].v[o].nombre) > 1e-9)
				return false;
		}
	}
	return true;
}

static bool still_same(struct world *w, const struct estimation *s,
		       const int table[COMMUNES][RESULTS], struct estimation *room)
{
	fill(room, w, table);
	return looks_same(s, room);
}

/* `move` people from q to c, in the first result and in the one that sums them. */
static void shift(int table[COMMUNES][RESULTS], size_t c, size_t q, int move)
{
	table[c][0] += move;
	table[q][0] -= move;
	table[c][2] += move;
	table[q][2] -= move;
}

/*
 * How many whole numbers the first result of commune c may be, for who sees only what is
 * shown: each is that of a whole table, which is made again from its communes and compared
 * with all that is shown.  Others give c what they have, one after the other.
 */
static int possible(struct world *w, const struct estimation *s, const int people[COMMUNES][RESULTS],
		    size_t c)
{
	struct estimation *room = new_estimation(&w->a);
	int table[COMMUNES][RESULTS], n = 0;

	memcpy(table, people, sizeof table);
	for (size_t q = 0; q < COMMUNES; q++) {         /* everything to one of them first */
		if (q == c)
			continue;
		shift(table, c, q, -people[c][0]);
		if (still_same(w, s, (const int (*)[RESULTS])table, room))
			break;
		memcpy(table, people, sizeof table);
	}
	n = table[c][0] == 0;
	for (size_t q = 0; q < COMMUNES; q++) {
		while (q != c && table[q][0] > 0) {
			shift(table, c, q, 1);
			if (still_same(w, s, (const int (*)[RESULTS])table, room)) {
				n++;
				continue;
			}
			shift(table, c, q, -1);
			break;
		}
	}
	return n;
}

static unsigned draw(unsigned *seed, unsigned below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

TEST("no estimate that is hidden can be had back from the totals and the others")
{
	CLEANUP(world_end) struct world w = new_world();
	unsigned seed = 7;
	size_t small = 0, shown = 0;

	for (int turn = 0; turn < 120; turn++) {
		int people[COMMUNES][RESULTS];
		struct estimation *s = new_estimation(&w.a);
		struct err e = { 0 };

		for (size_t c = 0; c < COMMUNES; c++) {
			unsigned size = draw(&seed, 4) ? 60 : 12;

			people[c][0] = (int)draw(&seed, size);
			people[c][1] = (int)draw(&seed, size) + 11;
			people[c][2] = people[c][0] + people[c][1];
		}
		fill(s, &w, (const int (*)[RESULTS])people);
		accepts(estimation_proteger(&w.a, w.d, s, &e), &e);
		for (size_t c = 0; c < COMMUNES; c++) {
			struct estimation_ligne *l = &s->lignes[c];

			same(l->code, where[c].code);
			shown += !l->secret;
			if (people[c][0] <= 0 || people[c][0] >= secret_regle_usuelle.seuil)
				continue;
			small++;
			holds(l->secret);
			holds(possible(&w, s, (const int (*)[RESULTS])people, c)
			      >= (int)secret_regle_usuelle.possibles);
		}
	}
	holds(small > 100 && shown > 300);      /* it does not hide everything either */
}

TEST("where nobody is few, nothing is hidden; a commune alone in its EPCI hides that total too")
{
	CLEANUP(world_end) struct world w = new_world();
	struct estimation *s = new_estimation(&w.a);
	int people[COMMUNES][RESULTS];
	struct err e = { 0 };
	size_t hidden = 0;

	for (size_t c = 0; c < COMMUNES; c++) {
		people[c][0] = 50;
		people[c][1] = 30 + (int)c;
		people[c][2] = people[c][0] + people[c][1];
	}
	fill(s, &w, (const int (*)[RESULTS])people);
	accepts(estimation_proteger(&w.a, w.d, s, &e), &e);
	for (size_t i = 0; i < s->n; i++)
		holds(!s->lignes[i].secret);
	people[4][0] = 3;               /* 01005, all of 200000003 */
	people[4][2] = 3 + people[4][1];
	fill(s, &w, (const int (*)[RESULTS])people);
	accepts(estimation_proteger(&w.a, w.d, s, &e), &e);
	for (size_t i = 0; i < s->n; i++) {
		hidden += s->lignes[i].niveau == NIVEAU_COMMUNE && s->lignes[i].secret;
		if (!strcmp(s->lignes[i].code, "200000003") || !strcmp(s->lignes[i].code, "01005"))
			holds(s->lignes[i].secret);
		if (s->lignes[i].niveau == NIVEAU_DEPARTEMENT)
			holds(!s->lignes[i].secret);
	}
	equals(hidden, 2);              /* and one more of its département */
}
