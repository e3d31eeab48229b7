/*
 * indice_bench files COMMUNES SCORES ROUNDS      both files read, deciles over communes, totals and
 *                                                ranks at four levels: milliseconds per round
 * indice_bench monte COMMUNES SCORES ROUNDS      1,000 draws of weights over the communes
 * indice_bench choice ROUNDS                     49,427 units x 14 indicators, a user's weights
 * A last argument prints sums of what was computed, to be compared with others' programs.
 */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/chance.h"
#include "observe/fils.h"
#include "observe/indice_table.h"

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(bool good, const struct err *e)
{
	if (!good) {
		fprintf(stderr, "%s %s\n", e->msg, e->hint);
		exit(1);
	}
}

/* --- files to four levels ------------------------------------------------------------------- */

enum { LEVELS = NIVEAU_REGION - NIVEAU_COMMUNE + 1 };

struct level {
	const struct indice_table *base;
	struct arena a;
	size_t ranked;
	double sum;
};

static void one_level(size_t i, void *arg)
{
	struct level *l = &((struct level *)arg)[i];
	struct indice_table *t;
	struct indice_resultat r;
	struct indice_choix c;
	struct err e = { 0 };

	choix_defaut(l->base->m, &c);
	must(table_monter(&l->a, l->base, (enum niveau)(NIVEAU_COMMUNE + i), &t, &e), &e);
	must(table_compter(&l->a, t, &c, NULL, &r, &e), &e);
	l->ranked = r.classes;
	for (size_t k = 0; k < t->u.n; k++) {
		if (t->u.etat[k] & UNITE_CLASSEE && !isnan(r.totaux[k]))
			l->sum += r.totaux[k];
	}
}

static void all_levels(const struct indice_table *base, bool say)
{
	struct level l[LEVELS];

	for (int i = 0; i < LEVELS; i++)
		l[i] = (struct level){ .base = base, .a = arena_new(128 << 20) };
	fils_partager(LEVELS, one_level, l);
	for (int i = 0; i < LEVELS; i++) {
		if (say)
			fprintf(stderr, "%s %zu %.6f\n", niveau_mots[NIVEAU_COMMUNE + i],
				l[i].ranked, l[i].sum);
		arena_free(&l[i].a);
	}
}

struct beside {                         /* the rows, read while the communes are */
	struct arena *a;
	const struct methode *m;
	const char *path;
	bool raw;
	struct lignes *lines;
};

static void *read_lines(void *arg)
{
	struct beside *b = arg;
	struct err e = { 0 };

	must(lignes_lire(b->a, b->m, b->path, !b->raw, &b->lines, &e), &e);
	return NULL;
}

static struct indice_table *read_files(struct arena a[2], const char *communes,
				       const char *scores, bool raw)
{
	const struct methode *m;
	const struct decoupage *d;
	struct indice_table *base;
	struct entree *t;
	struct beside b = { .a = &a[1], .path = scores, .raw = raw };
	struct err e = { 0 };
	pthread_t id;

	must(methode_open(a, "ifn-2023", &m, &e), &e);
	b.m = m;
	if (pthread_create(&id, NULL, read_lines, &b))
		exit(1);
	must(decoupage_csv(communes, NULL, a, &d, &e), &e);
	pthread_join(id, NULL);
	must(entree_faire(b.lines, d, NIVEAU_COMMUNE, &t, &e), &e);
	must(table_base(a, t, true, !raw, &base, &e), &e);
	return base;
}

static void files(const char *communes, const char *scores, bool say)
{
	struct arena a[2] = { arena_new(512 << 20), arena_new(512 << 20) };
	const struct indice_table *base = read_files(a, communes, scores, true);

	all_levels(base, say);
	arena_free(&a[0]);
	arena_free(&a[1]);
}

/* --- draws ------------------------------------------------------------------------------------ */

static double monte(const char *communes, const char *scores, bool say)
{
	struct arena a[2] = { arena_new(512 << 20), arena_new(512 << 20) };
	struct indice_table *t = read_files(a, communes, scores, false);
	struct rangs_tirage draws = rangs_defaut(t->m);
	struct indice_resultat r;
	struct indice_choix c;
	struct err e = { 0 };
	double began, width = 0, ms;

	choix_defaut(t->m, &c);
	t->nessais = 1;
	draws.retrait = 0;
	began = now_ms();
	must(table_compter(a, t, &c, &draws, &r, &e), &e);
	ms = now_ms() - began;
	for (size_t i = 0; i < t->u.n; i++)
		width += r.haut[i] - r.bas[i];
	if (say)
		fprintf(stderr, "%zu communes, mean width of the intervals %.0f\n", r.classes,
			width / (double)r.classes);
	arena_free(&a[0]);
	arena_free(&a[1]);
	return ms;
}

/* --- a user's weights ------------------------------------------------------------------ */

static void choice(int rounds)
{
	enum { UNITS = 49427 };
	static const char query[] = "avec=library_distance,public_service_distance,menseul_rate,"
		"fammono_rate,obstacle_to_mobility_rate,unemployement_rate,foreigners_rate,"
		"social_assistance_rate,aah_rate&poids=poverty_rate:2,older_65_rate:0.5";
	struct arena a = arena_new(256 << 20);
	const struct methode *m;
	double *columns[METHODE_INDICATEURS] = { NULL };
	double *totals = NEW_ARRAY(&a, UNITS, double);
	uint32_t *ranks = NEW_ARRAY(&a, UNITS, uint32_t);
	struct chance h = chance_new(1);
	struct err e = { 0 };
	size_t n;

	must(methode_open(&a, "ifn-2023", &m, &e), &e);
	for (int k = 0; k < m->n; k++) {
		columns[k] = NEW_ARRAY(&a, UNITS, double);
		for (int i = 0; i < UNITS; i++)
			columns[k][i] = 1 + 9 * chance_unit(&h);
	}
	for (int r = 0; r < rounds; r++) {
		double began = now_ms();
		struct indice_choix c;

		must(choix_lire(m, query, &c, &e), &e);
		indice_totaux(m, &c, columns, NULL, UNITS, totals);
		must(indice_ranger(totals, NULL, UNITS, ranks, &n, &e), &e);
		printf("%.3f\n", now_ms() - began);
	}
	arena_free(&a);
}

int main(int argc, char **argv)
{
	if (argc >= 3 && !strcmp(argv[1], "choice")) {
		choice((int)strtol(argv[2], NULL, 10));
		return 0;
	}
	if (argc < 5)
		return 2;
	for (long r = strtol(argv[4], NULL, 10); r > 0; r--) {
		double began = now_ms(), ms;

		if (!strcmp(argv[1], "files")) {
			files(argv[2], argv[3], argc > 5);
			ms = now_ms() - began;
		} else {
			ms = monte(argv[2], argv[3], argc > 5);
		}
		printf("%.3f\n", ms);
	}
	return 0;
}
