/*
 * Languages.  The message id is the French sentence; French needs no table.  PO files are
 * compiled by msgfmt at build, joined in one block (base/catalogues.h), and read here
 * (glibc's own runtime needs locales that a bare Debian has not).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"

struct lang {
	const char *tag;                /* BCP 47: "fr", "en", "fr-x-falc" */
	const char *name;               /* its own name: "English" */
	bool rtl;
	bool relu;                      /* read again by somebody whose language it is */
	bool partial;                   /* pages of the public only; the rest is said in French */
	bool spaced_marks;              /* a space that holds before : ; ? ! as in French */
	const char *mo;                 /* file of its catalogue, "en.po.mo"; NULL: French */
	int (*plural)(int64_t n);       /* index of the plural form, as in the catalogue's head */
	const struct lang_words *words; /* months, days, separators: langs.h */
};

/* Marks a text for the catalogue where no language is at hand (tables); tr() reads it. */
#define N_(s) s

extern const struct lang *const langs[];        /* French first, NULL at the end */
const struct lang *lang_find(const char *tag);  /* NULL when not spoken here */

/*
 * The language of a request: `asked` (a form field or cookie; may be NULL), else the first
 * of an Accept-Language value (may be NULL) that is spoken here, else French.
 */
const struct lang *lang_choose(const char *asked, const char *accept);

/*
 * The language that a page is written in, for who asked for `asked`: French when that one
 * has only the public's pages (partial) and the path is for agents, makers of software or
 * those who study a territory.
 */
const struct lang *lang_of_page(const struct lang *asked, const char *path);

/* The message in that language, the French one when it is missing.  Never NULL. */
const char *tr(const struct lang *l, const char *msgid);
const char *tr_n(const struct lang *l, int64_t n, const char *one, const char *many);

enum { I18N_TEXT = 96 };

/* Spaces inside a number, a time or a distance do not break (U+00A0, U+202F). */

/* "22 novembre 2026", "1er mai 2026"; "22 November 2026" */
const char *date_long(const struct lang *l, const struct civil *c, char out[I18N_TEXT]);
/* "mardi 24 novembre" */
const char *date_day(const struct lang *l, const struct civil *c, char out[I18N_TEXT]);
/* Of minutes since midnight, 1440 being 24 h: "9 h", "13 h 30"; "9:00", "13:30" */
const char *time_short(const struct lang *l, int minutes, char out[I18N_TEXT]);
/* "400 m", "1,1 km", "12 km"; "?" when it is not a number */
const char *distance_text(const struct lang *l, double metres, char out[I18N_TEXT]);
/* lundi ... dimanche, from 0 */
const char *weekday_name(const struct lang *l, int weekday);
/* "1 234" with the separator of the language */
const char *number_text(const struct lang *l, int64_t v, char out[I18N_TEXT]);
/* "12,5": one decimal at most; "?" when it is not a number */
const char *real_text(const struct lang *l, double v, char out[I18N_TEXT]);
