/*
 * What the field says of a territory: extracts of interviews over a year (cheminements),
 * notes and documents, written down by a coordinator.
 *
 * A cheminement is consented and reread by the person before it is published; it belongs to
 * a whole département, stands without date beside figures, and is in no open data.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "store/db.h"
#include "web/route.h"

enum terrain_sorte { TERRAIN_CHEMINEMENT, TERRAIN_NOTE, TERRAIN_DOCUMENT };

extern const struct choice terrain_sortes[];    /* in that order */
extern const struct choice terrain_themes[];    /* what it is about */

struct terrain {
	const char *id;                 /* NULL: new */
	const char *niveau, *code;      /* of the territory */
	int sorte, theme;               /* indices in the tables */
	const char *titre, *texte;
	const char *lien, *source;      /* NULL when there is none */
	bool consenti, relu, publie;
};

/* The published ones of a territory. */
bool terrain_published(struct db *db, struct arena *a, const char *niveau, const char *code,
		       struct terrain **out, size_t *n, struct err *e);
/* All, for coordinators; texts are not read. */
bool terrain_all(struct db *db, struct arena *a, struct terrain **out, size_t *n,
		 struct err *e);
bool terrain_read(struct db *db, struct arena *a, const char *id, struct terrain *out,
		  struct err *e);                                       /* E_MISSING */

/*
 * Writes one; its id is made when it has none.  E_INPUT for a cheminement outside of a
 * département, or published without consent and rereading; a name in `source` or a link
 * that is no https one.
 */
bool terrain_save(struct store *s, const struct env *env, struct arena *a, struct terrain *t,
		  const char *agent, struct err *e);
bool terrain_remove(struct store *s, const char *id, struct err *e);
