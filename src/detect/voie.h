/*
 * The other way to do a démarche, when the screen is not the way: a telephone number, a
 * counter, a paper form.  Facts of data/demarches.csv, each with its official source.
 */
#pragma once

#include <stddef.h>

struct voie {
	const char *demarche;           /* one of the ten families, or "*" for all of them */
	const char *genre;              /* "telephone", "guichet", "papier" */
	const char *texte, *texte_en;
	const char *telephone;          /* as people read it: "0 809 401 401"; "" */
	const char *source;             /* address of the official site */
};

enum { VOIES = 6 };

/* Every row of the file; lives for ever. */
const struct voie *voies_all(size_t *n);

/*
 * The ways for one family, those of that family first, then those for all; at most `max`.
 * `demarche` NULL or unknown: only those for all.  Returns how many.
 */
size_t voies_of(const char *demarche, const struct voie **out, size_t max);

/* Its text in a language: French unless there is another. */
const char *voie_texte(const struct voie *v, const char *langue);
