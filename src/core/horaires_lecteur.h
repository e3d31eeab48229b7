/*
 * Reading opening hours from left to right: where the reading is, and the words of the
 * grammar (lit_: "reads").  Each skips the white space before what it reads, moves on when it
 * finds it, else it leaves the reading where it was.  Shared by horaires_parse.c (hours and
 * rules) and horaires_jours.c (days and dates) only.
 */
#pragma once

#include <string.h>

#include "core/horaires_regle.h"

/* What the text has given so far. */
struct depot {
	struct arena *a;
	struct regle regles[REGLES_MAX];
	struct suite suites[SUITES_MAX];
	struct dates dates[DATES_MAX];
	struct heures plages[PLAGES_MAX];
	const char *commentaires[REGLES_MAX];
	uint8_t nregles, nsuites, ndates, nplages, ncommentaires;
};

/* Where the reading is; a copy of it looks ahead. */
struct lecteur {
	const char *p;
	struct err *e;
	struct depot *d;
};

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Accented letters of French count: their first byte in UTF-8 is C3. */
static inline bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\xc3';
}

static inline bool starts(const char *p, const char *with)
{
	return !strncmp(p, with, strlen(with));
}

/* Fills the error with what is next and why it is refused; returns false. */
bool lit_refuse(struct lecteur *l, const char *why);

void lit_blanks(struct lecteur *l);
bool lit_sign(struct lecteur *l, const char *s);
bool lit_dash(struct lecteur *l);
bool lit_word(struct lecteur *l, const char *w);            /* whole, whatever its case */
bool lit_number(struct lecteur *l, int most, int *out);     /* of at most `most` digits */
bool lit_weekday(struct lecteur *l, int *out);              /* 0 Monday */
bool lit_month(struct lecteur *l, int *out);                /* 1 January */

/* "9:00", "09:00", "9h", "9h30", "24:00", "26:00" (two in the next morning), in minutes. */
bool lit_time(struct lecteur *l, int *out);

/* One selector of days (weekdays, PH, dates, weeks, years) into r, when there is one:
 * *found.  false when there is one that is not understood. */
bool lit_selector(struct lecteur *l, struct regle *r, bool *found);
