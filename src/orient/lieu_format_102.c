/* The national schema of today, 1.0.2: CSV, JSON, and the GeoJSON of our own export. */
#include <string.h>

#include "orient/lieu_format.h"

const struct lieu_format *const lieu_formats[] = {
	&lieu_format_france_services, &lieu_format_2022, &lieu_format_102, NULL,
};

const struct lieu_format *lieu_format_find(const char *name)
{
	for (int i = 0; lieu_formats[i]; i++) {
		if (strcmp(lieu_formats[i]->name, name) == 0)
			return lieu_formats[i];
	}
	return NULL;
}

bool lieu_format_reads(const struct lieu_format *f, const char *key)
{
	for (int i = 0; f != &lieu_format_france_services && i < LIEU_FIELDS; i++) {
		if (strcmp(lieu_field_rules[i].name, key) == 0)
			return true;
	}
	for (int i = 0; f->columns[i]; i++) {
		if (strcmp(f->columns[i], key) == 0)
			return true;
	}
	return false;
}

static bool fits(const struct lieu_row *row)
{
	return lieu_row_has(row, "nom")
	       && (lieu_row_has(row, "commune") || lieu_row_has(row, "code_postal")
		   || lieu_row_has(row, "latitude"));
}

static void map(struct lieu_mapping *m, const struct lieu_row *row, struct lieu_draft *d)
{
	(void)m;
	for (int i = 0; i < LIEU_FIELDS; i++)
		d->v[i] = lieu_row_get(row, lieu_field_rules[i].name);
	for (int i = 0; i < LOCAUX; i++)
		d->local[i] = lieu_row_has(row, lieu_local_colonnes[i])
			? lieu_row_get(row, lieu_local_colonnes[i]) : NULL;
}

/* of our extended files */
static const char *const columns[] = { "local_equipements", "local_genre", NULL };

const struct lieu_format lieu_format_102 = {
	"schema-1.0.2", "schéma national 1.0.2", fits, map, columns, NULL, false,
};
