/* Places that an import has read and cleaned, until it writes them. */
#pragma once

#include "base/arena.h"
#include "crypto/sha256.h"
#include "orient/lieu_import_clean.h"

enum staged_fate {
	STAGED_NEW,             /* a place that was not there */
	STAGED_CHANGED,         /* the record of its place is rewritten */
	STAGED_KEPT,            /* only what the source says is rewritten */
	STAGED_PART,            /* the same, of a place that several tell: it is made anew */
	STAGED_SEEN,            /* nothing but the date it was seen */
	STAGED_MERGED,          /* another row of the same id stands for it */
};

struct staged {
	long line;
	const char *id;                 /* as the row gives it */
	const char *id_source;          /* the id within the source, with its provider */
	const char *champs;             /* every original field, JSON */
	char empreinte[SHA256_HEX];
	struct lieu_record rec;
	enum staged_fate fate;
	bool vu;                        /* of STAGED_SEEN: the store knows that it was seen today */
	bool repeated;                  /* another provider of the file uses this id */
	bool same;                      /* of STAGED_PART: nothing but dates moved */
	const char *lieu_id;            /* of the record */
	const char *valeurs;            /* of STAGED_PART: orient/lieu_parole.h */
};

struct lieu_stage {
	struct arena a;
	struct staged *rows;
	size_t n, room;
	const char **absents;           /* ids in the source that the file no longer has */
	size_t nabsents, rabsents;
	bool reunir;                    /* rows of one id put their lists together */
};

struct lieu_stage lieu_stage_new(void);
void lieu_stage_free(struct lieu_stage *s);

/* Copies a cleaned row; E_LIMIT when there are too many. */
bool lieu_stage_add(struct lieu_stage *s, const struct staged *row, struct err *e);

/* Sorts by id in the source; of rows that are the same place the one that is not the
 * latest becomes STAGED_MERGED, with a note.  Returns how many.  `repeated` counts the ids
 * that several providers use. */
size_t lieu_stage_merge(struct lieu_stage *s, struct lieu_notes *notes, size_t *repeated);
