/*
 * A million questionnaires: JSON lines in, JSON lines out, in memory that does not grow.
 *
 *     {"id":"f12","reponses":{"g1":"seul","g2":"avec_aide"}}      or the answers alone
 *     {"id":"f12","profil":"...","second":"...","marge":0.5,"scores":{"gestes":1.75}}
 *
 * `entier`: each line out is the whole of diagnostic_json, with reasons and words.
 * Scores are rounded to six decimals.  A line that is refused comes out as
 * {"ligne":3,"erreur":"..."}, and the others go on.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "detect/instrument.h"

enum { LOT_LIGNE = 1 << 20 };           /* bytes of a line, at most */

struct lot_bilan {
	int64_t lignes, refusees;       /* read (empty ones aside), and how many were refused */
};

/* E_LIMIT for a line too long, E_STORE when reading or writing fails. */
bool lot_score(const struct instrument *in, FILE *from, FILE *to, bool entier,
	       struct lot_bilan *b, struct err *e);

/* One line: its answers (nitems of them, in `a` what is not borrowed) and its id ("" none).
 * Plain lines are read in one pass; the rest goes through format/json.h. */
bool lot_line(struct arena *a, const struct instrument *in, const char *p, size_t n,
	      struct reponse *r, const char **id, size_t *id_n, struct err *e);
