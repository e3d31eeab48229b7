/*
 * Opening hours of a place: the part of the OpenStreetMap opening_hours grammar that the
 * field uses, evaluated exactly; what it does not cover is refused, shown as text and never
 * guessed.  Weekdays and ranges, PH and SH, times past midnight, "off", "24/7", months
 * and dates, week of the month (We[1], Th[2,4], Sa[-1]), week numbers, comments, "||".
 * Source: wiki.openstreetmap.org/wiki/Key:opening_hours/specification (0.7.2).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"

/* Clock and public holidays of a département (data/jours_feries.csv gives the sources):
 * 57, 67, 68 have two more, overseas départements their own, and their own hours. */
struct calendrier {
	const char *departement;        /* or commune of its own zone; "": the mainland's */
	const struct zone *zone;
	uint32_t feries;                /* which holidays apply: bits of core/calendrier.h */
};

/* From the code of a département ("93", "2A", "974") or of a commune ("97411"); the
 * mainland's when it is NULL or unknown.  Lives for ever. */
const struct calendrier *calendrier_de(const char *code);
bool calendrier_ferie(const struct calendrier *c, int64_t day, const char **nom);

struct horaires;

/* Parses hours.  NULL, with E_INPUT in `e`, when they are not understood in full. */
const struct horaires *horaires_read(struct arena *a, const char *osm, struct err *e);

/* INCONNU: "unknown", an end that is not said, or a comment such as "sur rdv". */
enum ouvert { OUVERT_NON, OUVERT_OUI, OUVERT_INCONNU };

struct horaires_etat {
	enum ouvert ouvert;
	struct civil change;            /* local time of the next one; year 0: none in 30 days */
	const char *comment;            /* of the rule that holds, NULL */
};

/* At a local civil time of the place. */
struct horaires_etat horaires_at(const struct horaires *h, const struct calendrier *c,
				 const struct civil *local);

/* Open at some time between two minutes of that local day (0..1440)? */
enum ouvert horaires_between(const struct horaires *h, const struct calendrier *c,
			     int64_t day, int from, int to);

struct plage {
	int from, to;                   /* minutes of the day; `to` may pass 1440 */
	const char *comment;
	enum ouvert ouvert;             /* OUVERT_OUI, or OUVERT_INCONNU */
};

/* The openings of one day, in order; at most max.  Returns how many. */
int horaires_day(const struct horaires *h, const struct calendrier *c, int64_t day,
		 struct plage *out, int max);

/*
 * A usual week for the page: one line a weekday, and the lines that a week cannot show
 * (months, holidays, week of the month) as separate sentences is what `ordinaire` false
 * announces: then the page shows the next 14 days instead.
 */
bool horaires_is_weekly(const struct horaires *h);

/* A day depends on its weekday and on the public holidays around it alone, not on its date:
 * no month, year, week or rank in the month. */
bool horaires_ignore_dates(const struct horaires *h);

/* Hours in French free text, as France services and hubs write them, to OSM.
 * jours: seven cells, Monday first, any may be NULL or "".  Returns the OSM text ("" when
 * all are empty), or NULL with E_INPUT naming the cell that is not understood. */
const char *horaires_from_french(struct arena *a, const char *const jours[7], struct err *e);

/* The same for one text that names its days: "Du lundi au jeudi : 9h-12h / 14h-17h, vendredi
 * 9h-12h".  A text without a weekday, or where words remain, is refused. */
const char *horaires_from_text(struct arena *a, const char *text, struct err *e);
