/* Values as rows, one after the other: open data and exports. */
#include "core/indicateur.h"

#include <stdlib.h>
#include <string.h>

#include "core/indicateur.sql.h"

enum { NAMES_MOST = 64 << 20, SERIES_MOST = 16 << 20, LOT_MOST = 16 << 20 };

struct named {
	const char *code, *nom;
};

struct stream {
	const struct indicateur_ask *ask;
	bool (*row)(const struct indicateur_ligne *l, void *arg, struct err *e);
	void *arg;
	const struct indicateur_serie *serie;
	struct arena names, lot;
	const char *niveau;             /* whose names are read */
	struct named *list;             /* owned; sorted by code */
	size_t n, room;
};

static void stream_free(struct stream *s)
{
	free(s->list);
	arena_free(&s->names);
	arena_free(&s->lot);
}

/* --- names --------------------------------------------------------------------------------- */

static bool take_name(struct stream *s, const char *code, const char *nom, struct err *e)
{
	struct named *grown;

	if (s->n == s->room) {
		size_t room = s->room ? s->room * 2 : 1024;

		grown = reallocarray(s->list, room, sizeof *s->list);
		if (!grown)
			return fail(e, E_LIMIT, "Il manque de la mémoire pour l'export.");
		s->list = grown;
		s->room = room;
	}
	s->list[s->n++] = (struct named){ arena_str(&s->names, code), arena_str(&s->names, nom) };
	return !s->names.spent || arena_refuse(&s->names, e);
}

static bool take_territoire(const struct indicateur_noms_row *r, void *arg, struct err *e)
{
	return take_name(arg, r->code, r->nom, e);
}

static bool take_iris(const struct indicateur_noms_iris_row *r, void *arg, struct err *e)
{
	return take_name(arg, r->code, r->nom, e);
}

static bool read_names(struct db *db, struct stream *s, const char *niveau, struct err *e)
{
	if (s->niveau && !strcmp(s->niveau, niveau))
		return true;
	s->niveau = niveau;
	s->n = 0;
	arena_reset(&s->names);
	if (!strcmp(niveau, "france"))
		return take_name(s, "FR", "France", e);
	if (!strcmp(niveau, "iris"))
		return indicateur_noms_iris(db, take_iris, s, e);
	return indicateur_noms(db, niveau, take_territoire, s, e);
}

static int by_code(const void *x, const void *y)
{
	return strcmp(((const struct named *)x)->code, ((const struct named *)y)->code);
}

static const char *name_of(const struct stream *s, const char *code)
{
	struct named key = { .code = code };
	const struct named *f = s->n ? bsearch(&key, s->list, s->n, sizeof key, by_code) : NULL;

	return f ? f->nom : "";
}

/* --- rows ---------------------------------------------------------------------------------- */

static bool stream_lot(const struct indicateur_lots_row *r, void *arg, struct err *e)
{
	struct stream *s = arg;
	struct indicateur_valeur *v;
	size_t n;

	if (s->ask->departement && strcmp(s->ask->departement, r->departement))
		return true;
	arena_reset(&s->lot);
	if (!indicateur_unpack(r->valeurs, NULL, &n))
		return fail(e, E_STORE, "Les valeurs enregistrées de %s sont illisibles.",
			    s->serie->indicateur);
	v = NEW_ARRAY(&s->lot, n, struct indicateur_valeur);
	if (!v)
		return arena_refuse(&s->lot, e);
	if (!indicateur_unpack(r->valeurs, v, &n))
		return fail(e, E_STORE, "Les valeurs enregistrées de %s sont illisibles.",
			    s->serie->indicateur);
	for (size_t i = 0; i < n; i++) {
		struct indicateur_ligne l = { s->serie, &v[i], name_of(s, v[i].code) };

		if (!s->row(&l, s->arg, e))
			return false;
	}
	return true;
}

/* Series come by indicator, level, year: the last of a run is the latest year. */
static bool is_asked(const struct indicateur_ask *ask, const struct indicateur_serie *s,
		     size_t i, size_t n)
{
	if (ask->annee > 0)
		return s[i].annee == ask->annee;
	return !ask->annee || i + 1 == n || strcmp(s[i].indicateur, s[i + 1].indicateur)
	       || strcmp(s[i].niveau, s[i + 1].niveau);
}

bool indicateur_each(struct db *db, const struct indicateur_ask *ask,
		     bool (*row)(const struct indicateur_ligne *l, void *arg, struct err *e),
		     void *arg, struct err *e)
{
	CLEANUP(stream_free) struct stream s = { .ask = ask, .row = row, .arg = arg,
		.names = arena_new(NAMES_MOST), .lot = arena_new(LOT_MOST) };
	CLEANUP(arena_free) struct arena a = arena_new(SERIES_MOST);
	struct indicateur_serie *series;
	size_t n;

	if (!indicateur_series(db, &a, ask->indicateur, ask->niveau, &series, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!is_asked(ask, series, i, n))
			continue;
		s.serie = &series[i];
		if (!read_names(db, &s, series[i].niveau, e)
		    || !indicateur_lots(db, series[i].indicateur, series[i].niveau,
					series[i].annee, stream_lot, &s, e))
			return false;
	}
	return true;
}
