/*
 * What each source says of one place, and what is shown of it.
 *
 * A place that several sources tell keeps what each says, cleaned, with the day since when it
 * says so (lieu_source.valeurs).  Its record in `lieu` is made of them, field by field, by
 * rules that look at nothing else, so that importing in another order, or twice, gives the
 * same record:
 *	- the place itself goes first for a year after it spoke, then counts like the others;
 *	- a source that still lists the place goes before one that no longer does;
 *	- among what began to be said within a year of the freshest, the most precise: an
 *	  address with its number, a position of the place, hours that can be read; else the
 *	  freshest; else the first source by name;
 *	- lists of services, labels, publics add up, unless the place itself gave its own.
 * To repeat is not to change: a source that says the same every day does not get fresher, so
 * two that contradict each other for ever do not take turns.
 */
#pragma once

#include "core/lieu_record.h"
#include "orient/lieu_import_clean.h"
#include "orient/lieu_parole.sql.h"
#include "store/db.h"

/* The source of what a place says of itself; never matched, never complete. */
extern const char *const parole_du_lieu;        /* "lieu-lui-meme" */

enum { PAROLES_MOST = 200, DEPUIS_TEXT = 40 };

struct parole {
	const char *source_id, *id_source, *source, *titre;
	const char *origine;            /* id that the place had before it was merged; "" */
	const char *absent_depuis;      /* "" when it is still listed */
	const char *importe_le;
	bool lui_meme;
	struct lieu_record rec;         /* without rule of protection */
	const char *date;               /* date_maj of the row */
	const char *depuis[LIEU_FIELDS];        /* "2022-12-01 2026-11-22T10:00:00.000Z" */
	const char *valeurs;            /* as the store keeps them; NULL: it speaks alone */
};

/* A place read whole: its record, and what each source says of it, by the name of the source. */
struct lieu_lu {
	struct lieu_record rec;         /* rec.protege stays NULL */
	struct fiche_lue_row fiche;
	struct parole *p;
	size_t n;
};

/* Which parole each field comes from; -1: several (lists that add up) or none. */
struct lieu_choisi {
	struct lieu_record rec;
	int de[LIEU_FIELDS];
};

/* The place's own values as JSON, as lieu_source.valeurs keeps them.  `depuis` may be NULL:
 * each field is said since `date` and `now`. */
const char *parole_json(struct arena *a, const struct lieu_record *rec,
			const char *const depuis[LIEU_FIELDS], const char *date,
			const char *now);
/* The same for what the place itself says: only the fields whose `depuis` is not "" are said,
 * one that is empty being said to be empty. */
const char *parole_json_propre(struct arena *a, const struct lieu_record *rec,
			       const char *const depuis[LIEU_FIELDS]);
bool parole_read(struct arena *a, const char *json, struct parole *out, struct err *e);

/* E_MISSING when no place has that id. */
bool lieu_lire(struct db *db, struct arena *a, const char *id, struct lieu_lu *out,
	       struct err *e);

/* What all sources say of the place; for one that has a single source, read in its record. */
bool paroles_of(struct db *db, struct arena *a, const char *lieu_id, struct parole **out,
		size_t *n, struct err *e);

/* `today`: days since 1970. */
void paroles_choisir(struct arena *a, const struct parole *p, size_t n, int64_t today,
		     struct lieu_choisi *out);

/* The record of the place as the store has it; E_MISSING.  rec->protege stays NULL. */
bool lieu_fiche_read(struct db *db, struct arena *a, const char *id, struct lieu_record *rec,
		     struct fiche_lue_row *row, struct err *e);

/* Writes down beside each source what it says, while a single one does. */
bool paroles_fixer(struct tx *tx, struct arena *a, const char *lieu_id, struct err *e);

/* The same in memory: p->valeurs is there afterwards, to be written by whoever asks. */
bool parole_fixer(struct arena *a, struct parole *p, struct err *e);

/* Makes the record anew; writes only what changed.  `changed` may be NULL. */
bool lieu_recomposer(struct tx *tx, struct arena *a, const char *lieu_id, const char *now,
		     bool *changed, struct err *e);
/* The same of a place that was read: lu->p are in the order of lieu_lire. */
bool lieu_recomposer_lu(struct tx *tx, struct arena *a, const struct lieu_lu *lu,
			const char *now, bool *changed, struct err *e);
