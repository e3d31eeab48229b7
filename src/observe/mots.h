/* Words about indices that several pages say. */
#pragma once

#include "observe/indice_table.h"
#include "web/i18n.h"

/* "de 1 à 10" */
const char *mots_echelle(struct arena *a, const struct lang *l, const struct methode *m);
/* What a high score says. */
const char *mots_lecture(const struct lang *l, const struct methode *m);
/* "communes", in the reader's language. */
const char *mots_niveau(const struct lang *l, enum niveau niveau);
/* Where unit i stands, and how sure that is, in a sentence; "" without a rank. */
const char *mots_rang(struct arena *a, const struct lang *l, const struct indice_resultat *r,
		      size_t i);
