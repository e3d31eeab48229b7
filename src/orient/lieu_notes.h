/*
 * What an import did to what a file says: a line of the report for each value that was
 * changed, left out or refused, with the reason in plain words.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

enum lieu_action {
	NOTE_NONE,
	NOTE_CORRIGE,           /* another way to write the same thing */
	NOTE_TRADUIT,           /* an old value in the words of the schema of today */
	NOTE_COMPLETE,          /* known from elsewhere, said where */
	NOTE_SIGNALE,           /* kept as it is, to be looked at */
	NOTE_RETIRE,            /* not kept in the field; still in the original row */
	NOTE_NON_PUBLIE,        /* kept, not shown */
	NOTE_FUSIONNE,          /* the row of an id that the file repeats */
	NOTE_REFUSE,            /* the row is kept out */
	NOTE_ACTIONS
};

extern const char *const lieu_action_names[NOTE_ACTIONS];

/* Where notes go: a CSV file, or only counts when `out` is NULL. */
struct lieu_notes {
	FILE *out;
	struct buf line;
	size_t counts[NOTE_ACTIONS];
	bool broken;            /* the file refused a write */
};

/* Writes the header when there is a file. */
struct lieu_notes lieu_notes_new(FILE *out);
void lieu_notes_free(struct lieu_notes *n);

/* One line: "ligne,champ,valeur,action,explication".  field NULL: the whole row. */
void lieu_note(struct lieu_notes *n, long line, const char *field, const char *value,
	       enum lieu_action action, const char *why, ...) PRINTF(6, 7);
