/*
 * A small country for the tests of indicators: two départements, five communes of today,
 * Paris with two arrondissements; files written in the official layouts.
 */
#pragma once

#include "test.h"

#include <stdlib.h>

#include "core/indicateur.h"
#include "core/territoire.h"
#include "observe/indicateur_import.h"

static inline void store_shut(struct store **s)
{
	store_close(*s);
}

/* A file of this name with n bytes; its path lives until eight others were made. */
static inline const char *file_with(const char *name, const char *p, size_t n)
{
	static char paths[8][160];
	static int turn;
	char *path = paths[turn++ % 8];
	FILE *f;

	snprintf(path, sizeof paths[0], "%s/%s", test_dir(), name);
	f = fopen(path, "wb");
	if (!f || fwrite(p, 1, n, f) != n || fclose(f))
		abort();
	return path;
}

static inline const char *file_of(const char *name, const char *text)
{
	return file_with(name, text, strlen(text));
}

static const char world_communes[] =
	"code,nom,departement,region,epci,population,codes_postaux,lat,lon\n"
	"01001,Alpha,01,84,200000001,1000,01000,46.15,4.92\n"
	"01002,Beta,01,84,200000001,3000,01000,46.00,5.42\n"
	"01033,Gamma,01,84,200000002,16000,01200,46.10,5.82\n"
	"2A004,Ajax,2A,94,200000003,70000,20000,41.92,8.73\n"
	"2A005,Bato,2A,94,200000003,30000,20000,41.80,8.80\n"
	"75056,Paris,75,11,,2000000,75001,48.86,2.35\n";

static inline struct store *world(void)
{
	const char *files[] = {
		file_of("communes.csv", world_communes),
		file_of("arr.csv", "code,nom,commune,departement,region,population,lat,lon\n"
			"75101,Paris 1er,75056,75,11,500000,48.862,2.336\n"
			"75102,Paris 2e,75056,75,11,1500000,48.868,2.344\n"),
		file_of("epci.csv", "code,nom,type,population\n200000001,CC A,CC,4000\n"
			"200000002,CC G,CC,16000\n200000003,CA J,CA,100000\n"),
		file_of("dep.csv", "code,nom,region,chef_lieu\n01,Ain,84,01001\n"
			"2A,Corse-du-Sud,94,2A004\n75,Paris,11,75056\n"),
		file_of("reg.csv", "code,nom,chef_lieu\n84,Aura,01001\n94,Corse,2A004\n11,IDF,75056\n"),
	};
	struct territoire_report r;
	struct err e = { 0 };
	struct store *s;

	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	accepts(territoire_import(s, files, 5, &r, &e), &e);
	equals(r.refuses, 0);
	return s;
}

/* Imports a text under a file's name; the import must succeed. */
static inline struct indicateur_import_totals
take_file(struct store *s, const char *name, const char *text)
{
	struct indicateur_import_ask ask = { .path = file_of(name, text) };
	struct indicateur_import_totals t;
	struct err e = { 0 };

	accepts(indicateur_import(s, &ask, &t, &e), &e);
	return t;
}

/* The value of one territory; STATUTS as status when the series does not speak of it. */
static inline struct indicateur_valeur value_of(struct store *s, const char *indicateur,
						const char *niveau, int annee, const char *code)
{
	struct arena a = arena_new(64 << 20);
	struct indicateur_valeur *v, out = { .statut = STATUTS, .valeur = NAN };
	struct err e = { 0 };
	struct db *db;
	size_t n;

	accepts(db_acquire(s, &db, &e), &e);
	accepts(indicateur_read(db, &a, indicateur, niveau, annee, &v, &n, &e), &e);
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(v[i].code, code))
			out = v[i];
	}
	db_release(&db);
	arena_free(&a);
	return out;
}

#define is_value(s, i, n, y, c, expected) do { \
	struct indicateur_valeur v_ = value_of(s, i, n, y, c); \
	if (v_.statut || !(fabs(v_.valeur - (expected)) < 1e-9)) \
		fail_msg("%s %s %s: statut %d, %.12g", i, n, c, v_.statut, v_.valeur); } while (0)
#define is_status(s, i, n, y, c, expected) equals(value_of(s, i, n, y, c).statut, expected)
