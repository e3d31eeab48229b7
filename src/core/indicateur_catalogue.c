/* The catalogue: data/indicateurs.csv, and what a territory added to it. */
#include "core/indicateur.h"

#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "core/indicateur.sql.h"
#include "format/csv.h"

enum { CATALOGUE_MOST = 1000 };
enum column { CODE, LIBELLE, UNITE, SENS, NATURE, SOURCE, LICENCE, URL, NOTE, COLUMNS };

static const char *const names[COLUMNS] = {
	"code", "libelle", "unite", "sens", "nature", "source", "licence", "url", "note",
};

static bool find_columns(struct csv *c, int at[COLUMNS], struct err *e)
{
	for (int i = 0; i < COLUMNS; i++) {
		at[i] = csv_column(c, names[i]);
		if (at[i] < 0)
			return fail(e, E_STORE, "Le catalogue des indicateurs n'a pas de colonne %s.",
				    names[i]);
	}
	return true;
}

static struct indicateur of_row(struct arena *a, const int at[COLUMNS], const struct csv_row *r)
{
	const char *v[COLUMNS];

	for (int i = 0; i < COLUMNS; i++)
		v[i] = arena_str(a, r->cells[at[i]]);
	return (struct indicateur){
		v[CODE], v[LIBELLE], v[UNITE], (int)strtol(v[SENS], NULL, 10), v[NATURE],
		v[SOURCE], v[LICENCE], v[URL], v[NOTE], false,
	};
}

/* Reads the shipped ones into list, which has room for CATALOGUE_MOST. */
static bool read_shipped(struct arena *a, struct indicateur *list, size_t *n, struct err *e)
{
	const struct embedded_file *f = embedded_find(embedded_files, "data/indicateurs.csv");
	CLEANUP(csv_close) struct csv *c = NULL;
	struct csv_row row;
	int at[COLUMNS];

	*n = 0;
	if (!f)
		return fail(e, E_MISSING, "Le catalogue des indicateurs manque.");
	if (!csv_open_text(f->name, f->p, (size_t)(f->end - f->p), &c, e)
	    || !find_columns(c, at, e))
		return false;
	while (*n < CATALOGUE_MOST && csv_next(c, &row, e))
		list[(*n)++] = of_row(a, at, &row);
	if (e->kind != E_OK)
		return false;
	return !a->spent || arena_refuse(a, e);
}

bool indicateur_shipped(struct arena *a, const struct indicateur **out, size_t *n,
			struct err *e)
{
	struct indicateur *list = NEW_ARRAY(a, CATALOGUE_MOST, struct indicateur);

	*out = list;
	return list ? read_shipped(a, list, n, e) : arena_refuse(a, e);
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

bool indicateur_list(struct db *db, struct arena *a, const struct indicateur **out,
		     size_t *n, struct err *e)
{
	struct indicateur *list = NEW_ARRAY(a, CATALOGUE_MOST, struct indicateur);
	struct indicateur_own_row *own;
	size_t nown, shipped;

	*out = list;
	if (!list)
		return arena_refuse(a, e);
	if (!read_shipped(a, list, n, e) || !indicateur_own(db, a, &own, &nown, e))
		return false;
	shipped = *n;
	for (size_t i = 0; i < nown && *n < CATALOGUE_MOST; i++) {
		const struct indicateur_own_row *r = &own[i];

		if (indicateur_find(list, shipped, r->code))
			continue;
		list[(*n)++] = (struct indicateur){
			r->code, r->libelle, r->unite, (int)r->sens, r->nature,
			or_empty(r->source), or_empty(r->licence), or_empty(r->url),
			or_empty(r->note), true,
		};
	}
	return true;
}

const struct indicateur *indicateur_find(const struct indicateur *list, size_t n,
					 const char *code)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(list[i].code, code))
			return &list[i];
	}
	return NULL;
}

const char *indicateur_reserve(const struct indicateur *d)
{
	static const char begins[] = "Formule non vérifiée";

	return d && !strncmp(d->note, begins, sizeof begins - 1) ? d->note : "";
}
