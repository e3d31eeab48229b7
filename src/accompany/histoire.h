/* The history of a person: one line for each thing that was done with or for them. */
#pragma once

#include "core/usager.h"

extern const struct choice histoire_genres[];   /* slug, what the line begins with */

struct ligne {
	const char *usager, *structure;
	const char *agent;              /* NULL: the person, or a job */
	const char *genre;              /* slug */
	const char *demarche, *texte, *objet;   /* NULL */
	int64_t numero;                 /* leaf of the journal; -1: none */
};
bool histoire_put(struct tx *tx, const struct env *env, const struct ligne *l, struct err *e);

struct histoire_ligne {
	const char *id, *le, *genre, *demarche, *texte, *objet;
	const char *agent, *structure;  /* names; NULL */
	int64_t numero;                 /* -1 */
	bool masque;
};
/* The newest first; hidden ones too when `tout`.  `suite`: id of the last one shown; NULL. */
bool histoire_list(struct db *db, struct arena *a, const char *usager, bool tout,
		   const char *suite, size_t most, struct histoire_ligne **out, size_t *n,
		   struct err *e);
/* The line is hidden from the space and from prints, or shown again; the structure keeps it. */
bool histoire_mask(struct tx *tx, const char *usager, const char *id, bool masque, struct err *e);
