/* `tremplin passage import`: stops from a table
 * (docs/lieux-territoire.md). */
#pragma once

#include "core/command.h"
#include "store/db.h"

extern const struct command passage_commands[];

struct passage_import_ask {
	const char *path, *source;      /* source NULL: "passages" */
	bool complet;                   /* stops that the file has not are taken away */
};

struct passage_import_totals {
	size_t lus, acceptes, refuses, nouveaux, changes, inchanges, retires, doutes;
};

/* Each row that is refused, and each position left out, is a line on `notes` (may be NULL). */
bool passage_import(struct store *s, const struct passage_import_ask *ask, FILE *notes,
		    struct passage_import_totals *out, struct err *e);
