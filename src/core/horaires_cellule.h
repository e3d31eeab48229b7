/*
 * What one cell says of a day in French ("9h-12h et 14h-17h30"), and the pieces that a text
 * of several days needs.  Shared by horaires_cellule.c and horaires_french.c only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* French hours are read in small ASCII letters: "9h30 à 12h – Après-midi" becomes
 * "9h30 a 12h - apres-midi". */
enum { TEXTE_MAX = 1000, HEURES_MAX = 24 };

/* What one day says. */
struct cellule {
	struct { int from, to; } plages[HEURES_MAX / 2];
	int n;
	bool rdv;               /* by appointment */
	bool ferme;             /* says so: an empty cell does not */
	uint16_t rangs;         /* of the month: bits 0-4 first to fifth, bit 5 last; 0: all */
	int parite;             /* of the week: 0 all, 1 odd, 2 even */
};

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline const char *past_spaces(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

/* Small ASCII letters; tags and line breaks of web pages are breaks between hours. */
void cellule_simplify(const char *s, struct buf *out);

/* Reads a phrase of whole words at *at and moves past it; a space in it stands for any
 * spaces, hyphens and apostrophes, or none.  The second takes the first that is there. */
bool francais_eat(const char **at, const char *phrase);
bool francais_eat_any(const char **at, const char *const *phrases);

/* The weekday named at *at, 0 Monday, whole (also in the plural) or by three letters; -1. */
int francais_weekday(const char **at);

/* Reads what the letters from s to end say of one weekday (-1: none in particular); false
 * when a word is not known or the hours can be read in two ways. */
bool cellule_read(const char *s, const char *end, int jour, struct cellule *out);
