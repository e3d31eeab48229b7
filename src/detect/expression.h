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
 *              | valeur(ITEM) | compte(ITEM) | score(NAME)
 *
 * Four states of an answer are four different things:
 *     repondu        something was chosen
 *     ne_sait_pas    "je ne sais pas"
 *     refuse         "je préfère ne pas répondre"
 *     sans_reponse   not asked, or left empty
 * An answer that is not "repondu" equals no option and differs from none: both
 * `a = 'x'` and `a != 'x'` are false.  With several choices, `a = 'x'` means that x is
 * among them, `a dans (...)` that one of them is.
 * A number can be absent (NaN): the value of an item that was not answered, a score that
 * lacks answers, anything divided by zero.  It makes every sum absent and every
 * comparison false, != too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum reponse_etat { SANS_REPONSE, REPONDU, NE_SAIT_PAS, REFUS };

/* One answer.  `choix` has a bit per option, and means something only when REPONDU. */
struct reponse {
	enum reponse_etat etat;
	uint64_t choix;
};

/* A name that may stand where the grammar says ITEM. */
struct expression_item {
	const char *name;
	const char *const *options;     /* ids, in the order of the bits; at most 60 */
	const double *values;           /* of the options, NaN for none; NULL: no values */
	int noptions;
};

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

bool expression_holds(const struct expression *x, const struct expression_values *v);
double expression_number(const struct expression *x, const struct expression_values *v);

/* Adds to named[i] the bits of item i's options that the expression tells from others
 * (all of them under valeur), and EXPRESSION_STATES when it tells apart the ways of not
 * answering; `named` has one entry per item of the scope. */
#define EXPRESSION_STATES (1ull << 63)
void expression_names(const struct expression *x, uint64_t *named);
