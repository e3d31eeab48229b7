/*
 * The small language in which an instrument says "when": conditions of items, rules of a
 * typology, rules of orientation, formulas of scores.
 *
 *     aisance dans ('peu', 'pas_du_tout') et non repondu(derniere)
 *     valeur(aisance) + 2 * score(moyens) >= 3
 *
 * It is total: whatever the answers, an expression that was read gives a value, in a time
 * bounded by its length.  No loop, no call, no name but those of its scope.  Types are
 * checked when it is read, so that evaluation cannot fail.
 *
 *     ou      := et { "ou" et }
 *     et      := non { "et" non }
 *     non     := "non" non | test
 *     test    := somme [ ("=" | "!=" | "<" | "<=" | ">" | ">=") somme ]
 *              | ITEM ("=" | "!=") 'option' | ITEM "dans" ( 'option', ... )
 *     somme   := terme { ("+" | "-") terme }
 *     terme   := signe { ("*" | "/") signe }
 *     signe   := "-" signe | atome
 *     atome   := NUMBER | "vrai" | "faux" | "(" ou ")"
 *              | repondu(ITEM) | ne_sait_pas(ITEM) | refuse(ITEM) | sans_reponse(ITEM)
 *              | valeur(ITEM) | compte(ITEM) | rang(ITEM, 'option')
 *              | score(NAME) | connu(NAME)
 *
 * Four states of an answer are four different things:
 *     repondu        something was chosen
 *     ne_sait_pas    "je ne sais pas"
 *     refuse         "je préfère ne pas répondre"
 *     sans_reponse   not asked, or left empty
 * An answer that is not "repondu" equals no option and differs from none: both
 * `a = 'x'` and `a != 'x'` are false.  With several choices, `a = 'x'` means that x is
 * among them, `a dans (...)` that one of them is.
 * valeur is the sum of what the chosen options are worth, the number itself, the days since
 * 1970 of a date, the share of pairs in the right order; rang is the place (from 1) of an
 * option in an order; connu(NAME): the score NAME is not absent.
 * A number can be absent (NaN): the value of an item that was not answered, a score that
 * lacks answers, anything divided by zero.  It makes every sum absent and every
 * comparison false, != too.  A division by what is always zero is refused when it is read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum reponse_etat { SANS_REPONSE, REPONDU, NE_SAIT_PAS, REFUS };

/*
 * One answer; the rest means something only when REPONDU.  `choix` has a bit per option: of
 * a text, the one that was recognised (none: another word); of an order, those that were
 * placed, and `ordre` gives their places.
 */
struct reponse {
	enum reponse_etat etat;
	uint64_t choix;
	double nombre;          /* a number; a date, in days since 1970-01-01 */
	uint64_t ordre;         /* four bits a place, the first in the lowest: an option's index */
	const char *texte;      /* as it was written, borrowed; NULL */
};

enum expression_of { OF_OPTIONS, OF_NUMBER, OF_ORDER, OF_TEXT };
enum { ORDRE_OPTIONS = 12 };

/* A name that may stand where the grammar says ITEM. */
struct expression_item {
	const char *name;
	const char *const *options;     /* ids, in the order of the bits; at most 60 */
	const double *values;           /* of the options, NaN for none; NULL: no values */
	int noptions;
	enum expression_of of;
	uint64_t juste;                 /* of an order: the right one, as in `ordre` */
	bool has_juste;
};

/* What an answer is worth: see valeur above; NaN when it is absent. */
double reponse_valeur(const struct expression_item *it, const struct reponse *r);
/* The place of an option in an order, from 1; NaN when it has none. */
double reponse_rang(const struct reponse *r, int option);

/* What names mean.  Everything is borrowed; `scores` only grows while an instrument is
 * read, so that a score can use those before it and there is no circle. */
struct expression_scope {
	const struct expression_item *items;
	int nitems;
	const char *const *scores;
	int nscores;
};

/* What they are worth now: as many of each as the scope had. */
struct expression_values {
	const struct reponse *items;
	const double *scores;
};

enum expression_type { EXPRESSION_CONDITION, EXPRESSION_NUMBER };
enum { EXPRESSION_TEXT = 2000, EXPRESSION_NODES = 400, EXPRESSION_DEPTH = 40 };

struct expression;

/*
 * Reads `text` as a condition or as a number.  The scope is needed as long as the result.
 * NULL with E_INPUT and the column otherwise: unknown name or option, wrong type, too
 * long (EXPRESSION_TEXT bytes), too deep (EXPRESSION_DEPTH).
 */
const struct expression *expression_read(struct arena *a, const char *text,
					 enum expression_type type,
					 const struct expression_scope *scope,
					 struct err *e);

/* Calls `see` with each number that the expression holds against item i (0 and 1 aside):
 * what is worth trying when all paths are walked. */
void expression_numbers(const struct expression *x,
			void (*see)(int item, double number, void *arg), void *arg);

bool expression_holds(const struct expression *x, const struct expression_values *v);
double expression_number(const struct expression *x, const struct expression_values *v);

/* Adds to named[i] the bits of item i's options that the expression tells from others
 * (all of them under valeur), and EXPRESSION_STATES when it tells apart the ways of not
 * answering; `named` has one entry per item of the scope. */
#define EXPRESSION_STATES (1ull << 63)
void expression_names(const struct expression *x, uint64_t *named);
