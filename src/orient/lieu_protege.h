/*
 * Places that must not be found: refuges, shelters, places for victims or asylum seekers
 * enter unpublished until the structure says yes.  The words are data/lieux_proteges.csv,
 * each with its reason; docs/lieux.md counts what they take.
 */
#pragma once

#include "base/arena.h"
#include "core/lieu_record.h"

struct protege_rule {
	const char *motif;              /* the word, or the code, as people write it */
	const char *raison;             /* why, a sentence */
};

struct protege_rules;

/* Reads the list that is in the binary; lives as long as `a`.  NULL when spent. */
const struct protege_rules *protege_rules_read(struct arena *a);

/*
 * The rule that makes a place unpublished, or NULL.  Looks for whole words in the name,
 * the address' complement and the parent structure; for codes in the typologie; for the
 * provenance in the source.
 */
const struct protege_rule *protege_find(const struct protege_rules *rules,
					const char *const v[LIEU_FIELDS]);
