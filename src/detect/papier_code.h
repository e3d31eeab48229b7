/* The codes of the boxes of a paper sheet: what is printed, and what is typed back. */
#pragma once

#include "base/arena.h"
#include "detect/instrument.h"

/*
 * What is typed for a question: the number of the box that is ticked, or its letter (A is
 * 1); several as "1 3" or "1,3"; the order of things as "3 1 2"; a number, a day, words as
 * they are written; S or ? for "je ne sais pas", R for "je préfère ne pas répondre",
 * nothing for nothing ticked.  False when that means nothing for this question.
 */
bool papier_code_read(struct arena *a, const struct item *it, const char *typed,
		      struct reponse *out);
/* And back, as it would be typed. */
const char *papier_code_write(struct arena *a, const struct item *it, const struct reponse *r);

/*
 * Where somebody who ticked that box goes next: the item of the sheet, when those between
 * are only for other answers of this one; nitems past the last; -1 when it is just the next.
 */
int papier_jump(struct arena *a, const struct instrument *in, int item, int option);
