/* A draft in the schema's fields becomes a record that can be stored and shown. */
#pragma once

#include "core/repertoire.h"
#include "orient/lieu_clean.h"
#include "orient/lieu_format.h"
#include "orient/lieu_protege.h"

/* What an import would store of a place.  Texts are "" when absent. */
struct lieu_record {
	const char *v[LIEU_FIELDS];     /* latitude and longitude are in the numbers */
	const char *local[LOCAUX];      /* slugs; NULL: the source has no word for it */
	double lat, lon;                /* NaN: not known */
	bool position_commune;
	const char *horaires_texte;
	const struct protege_rule *protege;     /* NULL: can be published */
};

struct lieu_cleaning {
	struct arena *a;                /* results; may be reset after each row */
	struct lieu_notes *notes;
	const struct repertoire *r;     /* territories; none imported is allowed */
	const struct protege_rules *protege;
	const struct migration *migration;
	struct civil today;
	const char *file_date;          /* for rows without one: YYYY-MM-DD */
	const char *file_date_why;      /* where it comes from */
	long line;
};

/* false: the row is kept out, and the report says why. */
bool lieu_clean(struct lieu_cleaning *c, const struct lieu_draft *d, struct lieu_record *out);

/* The values of a list that the enumeration has, in its order; the others are named in the
 * report.  Capitals, accents and apostrophes do not count. */
const char *choices_clean(struct lieu_cleaning *c, enum lieu_field f, const char *list);
