/*
 * Indicators: one measured variable of a territory, with unit, year and source.  Kept in
 * core so that maps can draw them and the observatory computes with them; importers are in
 * observe/.
 *
 * A figure that is not there is never a zero: its status says why, and its value is NaN.
 *
 * Levels are 'iris', 'commune', 'arrondissement' (Paris, Lyon, Marseille), 'epci', 'ept',
 * 'departement', 'region', 'france' (code 'FR').
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

enum indicateur_statut {
	STATUT_VALEUR,
	STATUT_SECRET,                  /* kept secret by who publishes: too few people (`s`) */
	STATUT_NON_SIGNIFICATIF,        /* `ns` */
	STATUT_NON_DISPONIBLE,          /* `nd`, an empty cell, no file speaks of it */
	STATUT_SANS_OBJET,              /* `so`; a share of nobody: a commune without inhabitants */
	STATUTS
};
extern const char *const indicateur_statut_names[STATUTS];      /* "valeur", "secret"... */

/* What a value went through; bits.  None: as it was published. */
enum {
	ORIGINE_REPORTE = 1,    /* from codes of before: merged, split or renumbered communes */
	ORIGINE_CALCULE = 2,    /* summed by us from the communes */
	ORIGINE_PARTIEL = 4,    /* summed, a few communes missing (under 5 % of the people) */
	ORIGINE_HERITE = 8,     /* of the commune, given to its arrondissements */
};

/* What this is read from (store_generation). */
extern const char *const indicateur_tables[];

enum { INDICATEUR_CODE = 64, TERRITOIRE_CODE = 10 };

struct indicateur_valeur {
	char code[TERRITOIRE_CODE];     /* NUL-terminated */
	uint8_t statut, origine;
	double valeur;                  /* NaN unless STATUT_VALEUR */
};

struct indicateur {
	const char *code;               /* "no_thd_coverage_rate" */
	const char *libelle, *unite;
	int sens;                       /* +1: higher is more fragile; -1: less; 0: neither */
	/* "part", "nombre" (adds up), "moyenne", "distance", "montant", "score" */
	const char *nature;
	const char *source, *licence, *url, *note;      /* "" when there is none */
	bool propre;                    /* the territory's own, not of data/indicateurs.csv */
};

/* The catalogue: data/indicateurs.csv in its order, then the territory's own by code. */
bool indicateur_list(struct db *db, struct arena *a, const struct indicateur **out,
		     size_t *n, struct err *e);
/* The shipped ones only: needs no store. */
bool indicateur_shipped(struct arena *a, const struct indicateur **out, size_t *n,
			struct err *e);
/* What has to be said beside each of its figures: how it is made could not be verified.  Its
 * note then begins so; "" for the others. */
const char *indicateur_reserve(const struct indicateur *d);

/* NULL when none of the n has this code. */
const struct indicateur *indicateur_find(const struct indicateur *list, size_t n,
					 const char *code);

struct indicateur_serie {
	const char *indicateur, *niveau;
	int annee;
	size_t nombre, renseignes;      /* territories; those of them with a value */
	/* of the import that last changed it */
	const char *source, *licence, *url, *fichier, *importe_le;
};

/* Years and levels that have values, by indicator, level, year; indicateur and niveau NULL
 * for all. */
bool indicateur_series(struct db *db, struct arena *a, const char *indicateur,
		       const char *niveau, struct indicateur_serie **out, size_t *n,
		       struct err *e);

/* The latest year of an indicator at a level; 0 when there is none. */
bool indicateur_derniere_annee(struct db *db, const char *indicateur, const char *niveau,
			       int *annee, struct err *e);

/* All values of a series, sorted by code; annee 0: the latest.  n is 0 when there is none. */
bool indicateur_read(struct db *db, struct arena *a, const char *indicateur,
		     const char *niveau, int annee, struct indicateur_valeur **out, size_t *n,
		     struct err *e);

/*
 * The same beside codes of one's own (sorted by strcmp): valeurs[i] and statuts[i] are those
 * of codes[i]; NaN and STATUT_NON_DISPONIBLE where the series does not speak of it.
 * origines may be NULL.
 */
bool indicateur_align(struct db *db, const char *indicateur, const char *niveau, int annee,
		      const char *const *codes, size_t n, double *valeurs, uint8_t *statuts,
		      uint8_t *origines, struct err *e);

/* One value of one territory. */
struct indicateur_fait {
	const char *indicateur;
	int annee;
	struct indicateur_valeur v;
};

/* Everything known of one territory, by indicator, then year. */
bool indicateur_of(struct db *db, struct arena *a, const char *niveau, const char *code,
		   struct indicateur_fait **out, size_t *n, struct err *e);

/* --- open data --------------------------------------------------------------------------- */

struct indicateur_ligne {
	const struct indicateur_serie *serie;
	const struct indicateur_valeur *v;
	const char *nom;                /* of the territory; "" when not known */
};

/*
 * Streams the values of the series that are asked (NULL, 0: all; annee -1: the latest of
 * each), by indicator, level, year, code.  Memory stays flat; `row` may stop by false.
 */
struct indicateur_ask {
	const char *indicateur, *niveau, *departement;
	int annee;
};
bool indicateur_each(struct db *db, const struct indicateur_ask *ask,
		     bool (*row)(const struct indicateur_ligne *l, void *arg, struct err *e),
		     void *arg, struct err *e);

/* --- writing ----------------------------------------------------------------------------- */

/*
 * Writes values of one series (sorted by code, each once), leaving what it holds of other
 * territories.  Of two values of one territory the nearest to what was published stays:
 * published, carried over, summed, inherited; of equals the new one.  changed grows by the
 * values that are new or different; nothing is written when there is none.
 * `import` is the id of a row of indicateur_import.
 */
bool indicateur_write(struct tx *tx, const char *import, const char *indicateur,
		      const char *niveau, int annee, const struct indicateur_valeur *values,
		      size_t n, size_t *changed, struct err *e);

/* Département of a territory's chunk, "" for a level above: room for 4 bytes. */
void indicateur_departement(const char *niveau, const char *code, char out[4]);

/*
 * A chunk: byte 1 (version), width w of codes, n as 32 bits, n codes of w bytes (NUL-padded,
 * sorted), n bytes (status, origin << 4), n doubles; numbers little-endian.
 */
size_t indicateur_pack_size(const struct indicateur_valeur *v, size_t n);
void indicateur_pack(const struct indicateur_valeur *v, size_t n, unsigned char *out);
/* false when the bytes are not a chunk.  out NULL: only counts. */
bool indicateur_unpack(struct bytes b, struct indicateur_valeur *out, size_t *n);
