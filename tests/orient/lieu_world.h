/* A data folder with a few communes, and files of places written for one test. */
#pragma once

#include "test.h"

#include <stdlib.h>

#include "core/repertoire.h"
#include "core/territoire.h"
#include "orient/lieu_export.h"
#include "orient/lieu_import.h"
#include "store/db.h"

struct lieux_world {
	const char *dir;
	struct store *store;
	struct repertoire *r;           /* as last read by world_read */
	struct err err;
	char path[300];
};

static inline const char *world_file(struct lieux_world *w, const char *name, const char *text)
{
	FILE *f;

	snprintf(w->path, sizeof w->path, "%s/%s", w->dir, name);
	f = fopen(w->path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	return w->path;
}

/* Communes as the import of territories reads them; facts of the COG, rounded positions. */
static const char world_communes[] =
	"code,nom,departement,region,epci,ept,population,codes_postaux,lat,lon,surface_km2_approx\n"
	"93010,Bondy,93,11,200054781,200058790,51490,93140,48.90280,2.48450,5.47\n"
	"93066,Saint-Denis,93,11,200054781,200057867,150000,93200|93210,48.92950,2.36160,12.4\n"
	"93048,Montreuil,93,11,200054781,200057875,110000,93100,48.86300,2.44800,8.9\n"
	"69123,Lyon,69,84,200046977,,522000,69001|69002|69003,45.75800,4.83500,47.9\n"
	"97411,Saint-Denis,974,04,249740119,,155000,97400|97490,-20.93050,55.44690,142\n"
	"48148,Saint-Étienne-Vallée-Française,48,76,244800405,,500,48330,44.16000,3.84000,50\n";

static inline struct lieux_world world_new(bool communes)
{
	struct lieux_world w = { .dir = test_dir() };

	accepts(store_open(w.dir, STORE_CREATE, &env_test, &w.store, &w.err), &w.err);
	if (communes) {
		const char *file = world_file(&w, "communes.csv", world_communes);
		struct territoire_report report;

		accepts(territoire_import(w.store, &file, 1, &report, &w.err), &w.err);
	}
	return w;
}

static inline void world_end(struct lieux_world *w)
{
	repertoire_free(w->r);
	store_close(w->store);
}

static inline const struct repertoire *world_read(struct lieux_world *w)
{
	CLEANUP(db_release) struct db *db = NULL;

	repertoire_free(w->r);
	w->r = NULL;
	accepts(db_acquire(w->store, &db, &w->err), &w->err);
	accepts(repertoire_read(db, &w->r, &w->err), &w->err);
	return w->r;
}

static inline struct lieu_import_totals world_import(struct lieux_world *w, const char *path,
						     const char *source)
{
	struct lieu_import_ask ask = { .path = path, .source = source };
	struct lieu_import_totals t;

	accepts(lieu_import(w->store, &ask, &t, &w->err), &w->err);
	return t;
}

/* The published place of that name; NULL. */
static inline const struct lieu *world_lieu(struct lieux_world *w, const char *nom)
{
	const struct repertoire *r = world_read(w);

	for (size_t i = 0; i < r->nlieux; i++) {
		if (strcmp(r->lieux[i].nom, nom) == 0)
			return &r->lieux[i];
	}
	return NULL;
}

/* The export, in memory that the caller frees. */
static inline char *world_export(struct lieux_world *w, enum lieu_export_format format)
{
	struct lieu_export_ask ask = { .format = format, .r = world_read(w), .now = env_now(&env_test) };
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	accepts(lieu_export(&ask, f, NULL, &w->err), &w->err);
	fclose(f);
	return text;
}
