/*
 * Telephone numbers as people write them, in the one form that gateways take: E.164,
 * "+33612345678".
 *
 * French plan: ARCEP, décision 2018-0881 and what changed it (mainland +33, Guadeloupe and
 * the two Saints +590, Guyane +594, Martinique +596, La Réunion and Mayotte +262);
 * Saint-Pierre-et-Miquelon +508, Wallis-et-Futuna +681, Nouvelle-Calédonie +687, Polynésie
 * +689 by their own plans.  Foreign numbers are taken in international form only.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

enum { TELEPHONE_TEXT = 17 };

enum telephone_kind {
	TELEPHONE_MOBILE,       /* of a French plan: reads SMS */
	TELEPHONE_FIXE,         /* of a French plan: does not */
	TELEPHONE_ETRANGER,     /* its own country knows */
};

struct telephone {
	char e164[TELEPHONE_TEXT];
	enum telephone_kind kind;
};

/*
 * Reads one number: spaces, dots, hyphens, slashes and brackets are nothing, "(0)" after a
 * country code too; "00" is "+"; a French number may lack its first zero (a spreadsheet
 * took it).  departement: code of the territory (may be NULL), for the short numbers of
 * 975, 986, 987 and 988.
 * E_INPUT, with what to do: letters, a wrong length, a short number (3XXX, 1X, 118...), one
 * that costs its caller (08...), or that no plan has.
 */
bool telephone_read(const char *text, const char *departement, struct telephone *out,
		    struct err *e);

/* "+33 6 12 34 56 78", for pages; the text itself when it is no French number. */
const char *telephone_shown(const char *e164, char out[32]);

/* "+33 6 •• •• •• 78": enough to know one's own.  For pages and lists. */
const char *telephone_masked(const char *e164, char out[48]);
