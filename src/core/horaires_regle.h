/*
 * What opening hours become once read: rules, or one ordinary week when there is no more
 * to them.  Shared by horaires_parse.c (writes) and horaires_eval.c (reads) only.
 */
#pragma once

#include "core/horaires.h"

enum {
	JOUR = 1440,                    /* minutes of a day */
	REGLES_MAX = 64,
	PLAGES_MAX = 64,                /* time spans of all the rules together */
	DATES_MAX = 64,
	SUITES_MAX = 64,
	RANG_TOUS = 1 << 10,            /* whatever the rank in the month */
};

/* Numbers from..to, one in `pas`: years, or weeks. */
struct suite {
	int16_t from, to, pas;
};

/* Dates of a year, both included; from > to goes over New Year.  year 0: every year. */
struct dates {
	int16_t from_year, to_year;
	int16_t from, to;               /* month * 100 + day */
};

/* Minutes of the day; `to` passes JOUR when it ends the next day, at most 2 * JOUR. */
struct heures {
	uint16_t from, to;
	bool inconnu;                   /* an open end ("18:00+"): perhaps open */
};

/* Where the items of a rule are in the arrays that all the rules share. */
struct part {
	uint8_t at, n;
};

struct regle {
	enum ouvert etat;
	bool ajoutee;                   /* after ",": the earlier rules hold too */
	bool secours;                   /* after "||": holds where all else is closed */
	bool jours;                     /* names weekdays or PH: rang and feries decide */
	bool feries;                    /* PH */
	bool feries_et;                 /* "PH Mo-Fr": a holiday and one of these days */
	uint8_t commentaire;            /* 1 + index, 0: none */
	uint16_t rang[7];               /* of each weekday: bits 0-4 first to fifth, bits 5-9
	                                 * last to fifth last, RANG_TOUS; 0: not that day */
	struct part annees, dates, semaines, plages;
};

/* A piece of a day, from the end of the one before; the pieces cover the day. */
struct segment {
	uint16_t to;
	uint8_t etat : 4;               /* enum ouvert */
	uint8_t veille : 4;             /* belongs to hours that began the day before */
	uint8_t commentaire;
};

struct horaires {
	const char *const *commentaires;
	const struct segment *semaine;  /* NULL when a week cannot say it all */
	uint16_t jour[7];               /* first segment of each weekday; the last ends at JOUR */
	uint16_t nregles;
	const struct regle *regles;     /* NULL beside `semaine` */
	const struct suite *suites;
	const struct dates *dates;
	const struct heures *plages;
};

enum { SEGMENTS_MAX = 4 * PLAGES_MAX + 2 };

struct trame {
	struct segment s[SEGMENTS_MAX];
	size_t n;
};

/* Draws the day that these rules make.  c NULL: no public holiday. */
void horaires_trame(const struct horaires *h, const struct calendrier *c, int64_t day,
		    struct trame *out);
