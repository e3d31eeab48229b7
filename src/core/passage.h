/*
 * Places that travel: where and when a bus or a permanence stops.  A stop has a rule
 * ("Tu[2] 14:00-17:00", core/horaires.h), days of its own, days without it, and a season.
 * On a public holiday the rule rests, unless it names them (PH); a day that is listed holds.
 *
 * The repertoire holds public stops of published places only: a stop that is "non public"
 * is read from the store by pages of agents, and by nothing else.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/horaires.h"
#include "web/i18n.h"

struct lieu;
struct lieu_filter;
struct repertoire;

struct passage_jour {                   /* a day that is listed */
	int64_t jour;                   /* days since 1970 */
	int from, to;                   /* minutes of the day */
};

struct passage {
	const char *id, *lieu_id;
	const struct lieu *lieu;        /* NULL when its place is not published */
	const char *arret, *commune, *code_insee, *adresse, *precisions;        /* "" absent */
	double lat, lon;                /* NaN: not known */
	const char *horaires;           /* "" : listed days only */
	const struct horaires *heures;
	const struct calendrier *calendrier;
	int64_t maj;                    /* ms: when it was last changed; 0: not known */
	int64_t debut, fin;             /* days; INT64_MIN, INT64_MAX: open */
	const struct passage_jour *jours;
	size_t njours;
	const int64_t *sauf;
	size_t nsauf;
	bool non_public;
};

struct passage_fois {                   /* one time that it stops */
	const struct passage *p;
	int64_t jour;
	int from, to;
};

enum { PASSAGE_DATES = 366, PASSAGE_JOUR = 8, PASSAGE_HORIZON = 370 };

/* --- reading what people write -------------------------------------------------------- */

/*
 * A rule as OSM text, from that or from plain French ("le 2e mardi du mois de 14h à 17h",
 * "lundi et jeudi 9h-12h").  E_INPUT, with an example, when it is not understood in full.
 */
bool passage_regle(struct arena *a, const char *text, const char **osm, struct err *e);

/*
 * Days, one a line or joined by '|' or ';': "2026-12-08 14:00-17:00" or "8/12/2026 de 14h à
 * 17h"; at most PASSAGE_DATES, sorted.  `hours` false: days alone.  E_INPUT names the day
 * that cannot be read.
 */
bool passage_dates(struct arena *a, const char *text, bool hours, struct passage_jour **out,
		   size_t *n, struct err *e);
/* The same as the store keeps it; "" for none. */
const char *passage_dates_ecrire(struct arena *a, const struct passage_jour *j, size_t n,
				 bool hours);

/* What the store has of a stop, made ready; texts are borrowed.  false when `a` is spent. */
struct passage_texte {
	const char *horaires, *dates, *sauf, *debut, *fin;      /* "" absent */
};
bool passage_ouvrir(struct arena *a, struct passage *p, const struct passage_texte *t);

/* --- when ----------------------------------------------------------------------------- */

/* Its times of a day, in order; at most max.  Returns how many. */
size_t passage_le(const struct passage *p, int64_t jour, struct passage_fois *out, size_t max);

/* Its next times that have not ended, in order, within PASSAGE_HORIZON days. */
size_t passage_prochains(const struct passage *p, int64_t now, struct passage_fois *out,
			 size_t max);
/* The same of all the stops of a place. */
size_t lieu_prochains(const struct lieu *l, int64_t now, struct passage_fois *out, size_t max);

/* --- where ---------------------------------------------------------------------------- */

struct passage_pres {
	struct passage_fois fois;
	double metres;                  /* from the stop, never from the base */
};

struct passage_question {
	double lat, lon, metres;        /* how far */
	int64_t du, au;                 /* days, both asked */
	int from, to;                   /* minutes: stops at some time between; 0 and 1440: any */
	const struct lieu_filter *filtre;       /* what the place must offer; NULL: any */
	int64_t now;                    /* ms: what has ended is left out */
};

/* Public stops near a point, by day, then hour, then distance; at most max.  *n: how many. */
bool passages_pres(struct arena *a, const struct repertoire *r, const struct passage_question *q,
		   size_t max, struct passage_pres **out, size_t *n, struct err *e);

/* --- in words ------------------------------------------------------------------------- */

/* "mardi 9 décembre, de 14 h à 17 h" */
const char *passage_quand(struct arena *a, const struct lang *l, const struct passage_fois *f);
/* Of the clock: 1500 minutes of a day are 1 h. */
int passage_heure(int minutes);
/* "place de la mairie, Bondy" */
const char *passage_ou(struct arena *a, const struct passage *p);
