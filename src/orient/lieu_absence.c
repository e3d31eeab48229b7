#include "orient/lieu_absence.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "orient/lieu_absence.sql.h"

enum { SCRATCH_MOST = 1 << 14 };

bool lieu_absence_delai(struct db *db, int *jours, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(SCRATCH_MOST);
	struct absence_reglage_row row;
	bool found;

	*jours = ABSENCE_JOURS;
	if (!absence_reglage(db, &a, &row, &found, e))
		return false;
	if (found)
		*jours = (int)strtol(row.valeur, NULL, 10);
	return true;
}

bool lieu_absence_regler(struct tx *tx, int jours, struct err *e)
{
	char text[16];

	if (jours < 0 || jours > ABSENCE_JOURS_MOST) {
		fail(e, E_INPUT, "%d jours n'est pas un délai possible.", jours);
		return hint(e, "Donnez un nombre de jours de 0 à %d.", ABSENCE_JOURS_MOST);
	}
	snprintf(text, sizeof text, "%d", jours);
	return absence_regler(tx, text, NULL, e);
}

bool lieu_absence_passer(struct tx *tx, const char *now, size_t *gone, struct err *e)
{
	char day[11], limit[ISO_TEXT];
	struct civil c;
	CLEANUP(arena_free) struct arena a = arena_new(SCRATCH_MOST);
	struct absence_partants_row row;
	int delay;

	snprintf(day, sizeof day, "%.10s", now);
	if (!lieu_absence_delai(tx_db(tx), &delay, e))
		return false;
	if (!iso_read(day, &c))
		return fail(e, E_STORE, "la date du jour ne peut pas être lue.");
	iso_write((date_days(c.year, c.month, c.day) - delay) * 24 * 3600 * 1000, limit);
	limit[10] = '\0';
	if (!absence_partants(tx_db(tx), &a, limit, &row, e))
		return false;
	if (gone)
		*gone = (size_t)row.n;
	return !row.n || absence_depart(tx, limit, now, NULL, e);
}

bool lieu_absence_ligne(struct tx *tx, const char *source_id, const char *id_source,
			const char *now, struct err *e)
{
	char day[11];

	snprintf(day, sizeof day, "%.10s", now);
	return absence_ligne(tx, source_id, id_source, day, NULL, e);
}

bool lieu_absence_noter(struct tx *tx, const char *source_id, const char *now, size_t *gone,
			struct err *e)
{
	return absence_lieux(tx, source_id, NULL, e) && absence_retour(tx, now, NULL, e)
	       && lieu_absence_passer(tx, now, gone, e);
}
