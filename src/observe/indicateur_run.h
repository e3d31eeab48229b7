/*
 * Inside of the import of indicators: what its readers share.
 */
#pragma once

#include "core/indicateur.h"
#include "observe/indicateur_import.h"
#include "observe/indicateur_lecture.h"
#include "observe/indicateur_stage.h"

struct run {
	const struct indicateur_import_ask *ask;
	struct store *store;
	struct arena a;                 /* lives as long as the import */
	struct annuaire annuaire;
	struct stage stage;
	struct indicateur_notes notes;
	struct tableau t;
	const struct indicateur *catalogue;
	size_t ncatalogue;
	const struct formule *formules;
	size_t nformules;
	const struct layout *layout;
	const struct cadre *cadre;      /* of a mapping; NULL */
	const char *name;               /* of the file, without its folder */
	int name_year;                  /* that the name bears; 0 */
	/* what the store will say of where it came from */
	const char *source, *licence, *url;
	/* filled by the readers of histories */
	struct passage_lu *passages;
	size_t npassages, passages_room;
	/* codes (and years) that the file spoke of; open addressing */
	uint64_t *seen;
	size_t nseen, seen_room;
	/* indicators that the file brings and the catalogue has not */
	struct indicateur *propres;
	size_t npropres;
	struct indicateur_import_totals *out;
};

struct passage_lu {
	char ancien[6], nouveau[6], date[11];
	const char *nature;             /* "fusion", "scission", "code" */
};

enum { PROPRES = 400 };

/* An official layout: known by its columns, in this order. */
struct layout {
	const char *name, *title;
	bool (*fits)(const struct run *r);
	bool (*read)(struct run *r, struct err *e);
};
extern const struct layout *const layouts[];    /* ends with NULL */
extern const struct layout layout_tableau;      /* through a mapping */

/* indicateur_large.c: a row per territory, a column per variable. */
bool fits_insee(const struct run *r), read_insee(struct run *r, struct err *e);
bool fits_arcep(const struct run *r), read_arcep(struct run *r, struct err *e);
bool fits_ifn(const struct run *r), read_ifn(struct run *r, struct err *e);
bool fits_ifn2019(const struct run *r), read_ifn2019(struct run *r, struct err *e);
bool fits_meta(const struct run *r), read_meta(struct run *r, struct err *e);
bool fits_catalogue(const struct run *r), read_catalogue(struct run *r, struct err *e);
bool read_tableau(struct run *r, struct err *e);
/* indicateur_long.c: a row per value. */
bool fits_filosofi(const struct run *r), read_filosofi(struct run *r, struct err *e);
bool fits_export(const struct run *r), read_export(struct run *r, struct err *e);
/* indicateur_cog.c */
bool fits_mouvements(const struct run *r), read_mouvements(struct run *r, struct err *e);
bool fits_passage(const struct run *r), read_passage(struct run *r, struct err *e);
/* indicateur_bpe.c */
bool fits_bpe(const struct run *r), read_bpe(struct run *r, struct err *e);

/* --- what they call -------------------------------------------------------------------- */

/* The next row, with the progress bar; counts it. */
bool run_next(struct run *r, struct csv_row *row, struct err *e);
/* Reads a row's code; on false the row is refused or ignored, and counted. */
bool run_code(struct run *r, const struct csv_row *row, int column, enum niveau n,
	      struct code_lu *out);
/* The stage's rows of a code; marks the first reading.  SIZE_MAX in rows[0] and false when
 * memory is short. */
bool run_rows(struct run *r, const struct code_lu *c, size_t rows[ARRIVEES], struct err *e);
/* True the first time that a file speaks of this code, in this year (0: any), of this
 * measure (0: any; below 256). */
bool run_is_new(struct run *r, const struct code_lu *c, int annee, size_t measure,
		bool *is_new, struct err *e);

/* The level asked on the command line or by the file's name ("..._DEP.csv"); N_AUCUN. */
enum niveau run_niveau(const struct run *r);
/* The year of a file whose columns bear none; 0 with e filled when nothing says it. */
int run_annee(struct run *r, struct err *e);
/* False when --colonnes leaves this indicator out. */
bool run_wants(const struct run *r, const char *indicateur);

const struct indicateur *run_indicateur(const struct run *r, const char *code);
/* Adds one of the territory's own; NULL when memory is short or there are too many. */
const struct indicateur *run_propre(struct run *r, const struct indicateur *i);

bool run_refuse(struct run *r, struct err *e, const char *what, const char *todo);
