/*
 * What is kept in memory of the indices, for pages: for each method whose indicators are
 * stored, its table at every level (scores that do not depend on the user's choice), and
 * totals, ranks and rank intervals of the method's own choice.
 *
 * Made at the start (releves_prepare), or when it is first asked for, and again when the
 * indicators or the territories have changed; whoever holds one goes on reading it.  A
 * method without any stored value has none.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/core.h"
#include "observe/indice_table.h"

enum { RELEVE_TIRAGES = 500 };          /* of the rank intervals of pages; the seed is 1 */

struct releve {
	const struct methode *m;
	const struct indice_table *tables[NIVEAUX];     /* NULL below the level of what is stored */
	struct indice_resultat resultats[NIVEAUX];      /* of the method's choice */
	struct rangs_tirage tirage;
	struct arena memory;
};

struct releves;                         /* all of one running Tremplin */
struct releves *releves_new(void);
void releves_free(struct releves *r);

/* Makes those that are not there or are of before, so that no reader waits for them: seconds
 * after an import, nothing otherwise. */
bool releves_prepare(struct core *c, struct err *e);

/* The methods that have values, in the order of their names; texts live as long as the
 * program.  The first that people see is METHODE_PAGES when it is there. */
#define METHODE_PAGES "ifn-2023"
bool releve_methodes(struct core *c, struct arena *a, const struct methode ***out, size_t *n,
		     struct err *e);

/*
 * Holds the newest one of a method; *out is NULL when nothing is stored for it.
 *	CLEANUP(releve_drop) const struct releve *v = NULL;
 */
bool releve_hold(struct core *c, const char *methode, const struct releve **out,
		 struct err *e);
void releve_drop(const struct releve **v);
