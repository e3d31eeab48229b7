/*
 * Cleaning of one value that a file gives for a field of a place.  Nothing is guessed: what
 * cannot be read with certainty is left out of the field and said so; the row itself is kept
 * letter for letter beside (lieu_source.champs).
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/date.h"
#include "core/structure.h"
#include "orient/lieu_notes.h"

/* What became of a value.  `text` is "" when nothing is kept. */
struct cleaned {
	const char *text;
	enum lieu_action action;        /* NOTE_NONE: the value is as it was */
	const char *why;                /* a sentence without a final stop; NULL with NOTE_NONE */
};

/* SIRET, RNA (W and nine signs) or RIDET (New Caledonia: the postal code begins with 988). */
struct cleaned pivot_clean(struct arena *a, const char *text, const char *code_postal);

/*
 * International form, "+33180059880", as the schema asks; overseas prefixes have their own
 * country code (ARCEP, plan de numérotation).  Short numbers (3xxx, 1xx) stay as they are.
 * The first number of several is kept.
 */
struct cleaned telephone_clean(struct arena *a, const char *text, const char *code_postal);

/* Addresses joined by '|'; those that are none, and those that name a person, are left out
 * (docs/lieux.md says how a person is recognised). */
struct cleaned courriels_clean(struct arena *a, const char *text);
bool courriel_is_personal(const char *address);

/* A text without the names that follow "Mme", "M.", "contact :"... ; the name of a place
 * without the professional's that stands before "CNFS", "conseillère"... */
struct cleaned persons_hidden(struct arena *a, const char *text);
struct cleaned person_before_job(struct arena *a, const char *nom);

/* http and https addresses joined by '|'; "https://" is added where it is missing.
 * `many` false: one address. */
struct cleaned urls_clean(struct arena *a, const char *text, bool many);

/* "2022-11-22" from that, from an ISO moment or from 22/11/2022; not after `today`. */
struct cleaned date_clean(struct arena *a, const char *text, const struct civil *today);

/* Five digits; a zero that a spreadsheet dropped is put back. */
struct cleaned code_postal_clean(struct arena *a, const char *text);
struct cleaned code_insee_clean(struct arena *a, const char *text);

/* Degrees, with a point or a comma.  false when it is no number. */
bool degrees_read(const char *text, double *out);

/* One line: spaces folded, control signs and HTML entities resolved, UTF-8 read twice
 * ("FresnÃ¨s") mended. */
struct cleaned line_clean(struct arena *a, const char *text);

/* Several lines: the same, and HTML and Markdown turned into plain text. */
struct cleaned text_clean(struct arena *a, const char *text);
