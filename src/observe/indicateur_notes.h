/*
 * What an import says of a file: refusals by FILE:LINE, and, when it is asked for, a line of
 * report for each thing that was put right, carried over or refused.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

enum { REFUS_GARDES = 20, REFUS_TEXTE = 240 };

struct indicateur_notes {
	FILE *out;                      /* NULL: no report */
	const char *fichier;
	struct buf line;
	bool broken;                    /* the report refused a write */
	size_t refuses, repares, reportes;
	size_t sans_histoire;           /* of communes of before, of unknown fate */
	char refus[REFUS_GARDES][REFUS_TEXTE];  /* the first ones */
};

/* A row that is kept out; always false. */
bool note_refus(struct indicateur_notes *n, long line, const char *champ, const char *valeur,
		const char *fmt, ...) PRINTF(5, 6);
/* A line of the report that changes no count. */
void note_ligne(struct indicateur_notes *n, long line, const char *champ, const char *valeur,
		const char *action, const char *fmt, ...) PRINTF(6, 7);
