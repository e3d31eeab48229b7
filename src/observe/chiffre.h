/* Figures as people read them, with more decimals than real_text when they are asked. */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "web/i18n.h"

/* "12 345,68": at most `digits` (0 to 6) decimals, no zero at the end; "" when not finite. */
const char *chiffre(struct arena *a, const struct lang *l, double v, int digits);

/* The same with just as many decimals, zeros too: "7,0" under "6,7" in a column. */
const char *chiffre_fixe(struct arena *a, const struct lang *l, double v, int digits);

/* "1 234" */
const char *chiffre_entier(struct arena *a, const struct lang *l, int64_t v);

/* The same with its unit: "39,4 %"; unit "": the number alone. */
const char *chiffre_unite(struct arena *a, const struct lang *l, double v, int digits,
			  const char *unite);
