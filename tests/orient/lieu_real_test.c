/*
 * The three real files, 11,424 rows, counted.  The expected numbers are those of
 * tests/oracle/lieux/count.py, which computes them from the raw files in its own way.
 */
#include "lieu_world.h"

#include "base/utf8.h"
#include "orient/lieu_import.sql.h"

static bool world_france(struct lieux_world *w)
{
	const char *files[2] = { real_data("communes_france.csv"),
				 real_data("arrondissements_municipaux.csv") };
	struct territoire_report report;

	if (!files[0] || !files[1])
		return false;
	*w = (struct lieux_world){ .dir = test_dir() };
	accepts(store_open(w->dir, STORE_CREATE, &env_test, &w->store, &w->err), &w->err);
	accepts(territoire_import(w->store, files, 2, &report, &w->err), &w->err);
	return true;
}

static size_t count_lines(const char *path, const char *word)
{
	char line[8192];
	size_t n = 0;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while (fgets(line, sizeof line, f))
		n += strstr(line, word) != NULL;
	fclose(f);
	return n;
}

/* Unpublished places whose name bears one of the words of POSTURE 9 as written there. */
static size_t count_hidden(struct lieux_world *w, size_t *all)
{
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(arena_free) struct arena a = arena_new(16 << 20);
	static const char *const words[] = { " chrs ", " huda ", " cada ", " cph ", " chu ",
		" hebergement d urgence ", " violence", " victime", " solidarite femme",
		" demandeurs d asile " };
	struct lieux_not_published_row *rows;
	size_t n = 0;

	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(lieux_not_published(db, &a, &rows, all, &w->err), &w->err);
	for (size_t i = 0; i < *all; i++) {
		char folded[400], padded[404];
		bool found = false;

		utf8_fold(rows[i].nom, folded, sizeof folded);
		snprintf(padded, sizeof padded, " %s ", folded);
		for (size_t k = 0; k < sizeof words / sizeof *words; k++)
			found |= strstr(padded, words[k]) != NULL;
		n += found;
	}
	return n;
}

TEST("the three real files come in whole: 11,424 rows, 26 refused and named, none lost")
{
	static const struct {
		const char *file;
		size_t lus, acceptes, refuses, repetes, non_publies;
	} files[] = {
		{ "lieux/cnfs_2022-12.json", 4930, 4930, 0, 0, 35 },
		{ "lieux/data-inclusion_2023-02.json", 3811, 3811, 0, 240, 347 },
		{ "lieux/france_services_2022-12-01.csv", 2683, 2657, 26, 0, 0 },
	};
	struct lieux_world w;
	size_t lus = 0, acceptes = 0, hidden;
	char report[320];

	needs_data(first, "lieux/cnfs_2022-12.json");
	(void)first;
	if (!world_france(&w))
		skip();
	snprintf(report, sizeof report, "%s/r.csv", w.dir);
	for (int i = 0; i < 3; i++) {
		struct lieu_import_ask ask = { .path = real_data(files[i].file), .report = report,
					       .sans_reunir = true };
		struct lieu_import_totals t;

		accepts(lieu_import(w.store, &ask, &t, &w.err), &w.err);
		equals(t.lus, files[i].lus);
		equals(t.acceptes, files[i].acceptes);
		equals(t.modifies, files[i].acceptes);
		equals(t.refuses, files[i].refuses);
		equals(t.fusionnes, 0);
		equals(t.repetes, files[i].repetes);
		equals(t.non_publies, files[i].non_publies);
		equals(count_lines(report, ",refusé,"), files[i].refuses);
		lus += t.lus;
		acceptes += t.acceptes;
	}
	equals(lus, 11424);
	equals(count_hidden(&w, &hidden), 22 + 45);
	equals(hidden, 35 + 347);
	equals(world_read(&w)->nlieux, acceptes - hidden);
	world_end(&w);
}

TEST("the largest real file changes nothing when it comes a second time")
{
	struct lieux_world w;
	struct lieu_import_totals t;
	needs_data(file, "lieux/cnfs_2022-12.json");

	if (!world_france(&w))
		skip();
	world_import(&w, file, "cnfs");
	t = world_import(&w, file, "cnfs");
	equals(t.modifies, 0);
	equals(t.inchanges, 4930);
	equals(t.absents, 0);
	world_end(&w);
}
