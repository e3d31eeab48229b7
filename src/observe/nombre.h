/*
 * Numbers as files and people write them: a point or a decimal comma, never the locale's.
 */
#pragma once

#include <stdbool.h>

enum { NOMBRE_TEXTE = 32 };

/* Reads all of s ("12", "-3,5", "1.5e-3", spaces of thousands allowed); false when it is
 * anything else, or not finite. */
bool nombre_lire(const char *s, double *out);

/* v in the fewest digits that read back the same, with a point; "" when it is NaN. */
const char *nombre_ecrire(double v, char out[NOMBRE_TEXTE]);
