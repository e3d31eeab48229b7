/*
 * A dataset (jeu de données): its columns and its rows said once by the module that has
 * them; the files (CSV, XLSX, JSON, GeoJSON), their schema (Table Schema), the page about
 * it and the catalogue (DCAT) derive from that.  Addresses are stable: a figure can be
 * cited by them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/repertoire.h"
#include "store/db.h"

struct core;

enum jeu_type { JEU_TEXTE, JEU_ENTIER, JEU_NOMBRE, JEU_DATE };

struct jeu_colonne {
	const char *nom;                /* as in the files */
	enum jeu_type type;
	bool cle;                       /* the columns that name a row, together */
	bool requis;                    /* never empty */
	const char *description;        /* meaning, unit, range */
	const char *const *valeurs;     /* all it may hold, NULL at the end; NULL: anything */
};

enum jeu_format { JEU_CSV, JEU_XLSX, JEU_JSON, JEU_GEOJSON, JEU_FORMATS };
extern const char *const jeu_extensions[JEU_FORMATS];   /* "csv"... */
extern const char *const jeu_types[JEU_FORMATS];        /* media types */

struct jeu_sortie;      /* where rows go: one call a column, in their order, then the end */
void jeu_texte(struct jeu_sortie *s, const char *v);    /* NULL: empty */
void jeu_entier(struct jeu_sortie *s, int64_t v);
void jeu_nombre(struct jeu_sortie *s, double v);        /* NaN: empty */
void jeu_vide(struct jeu_sortie *s);
bool jeu_ligne(struct jeu_sortie *s, struct err *e);

/* What a dataset is read from. */
struct jeu_lecture {
	struct arena *a;
	const struct repertoire *r;
	struct db *db;
	struct core *core;              /* what is kept in memory besides; NULL in some tests */
};

/* A file that it has besides those of jeu_format, which the module serves itself. */
struct jeu_autre {
	const char *fichier;            /* in its address: /donnees/SLUG/FICHIER */
	const char *type;               /* media type */
	const char *titre;
	const char *conforme;           /* address of the standard that it follows; NULL */
};

/* Who the rows come from. */
struct jeu_origine {
	const char *nom;
	const char *licence;            /* in words; NULL when the source does not say */
	const char *adresse;            /* where it is published; NULL */
};

struct jeu {
	const char *slug;               /* "territoires": in its address */
	const char *titre, *description;        /* in French, as the data is */
	const char *source;             /* who made the figures */
	const char *licence, *licence_lien;
	const char *methode;            /* page that says how it was computed; NULL */
	const char *maj;                /* last change, ISO 8601; NULL when not known */
	const char *mots;               /* keywords, joined by '|' */
	const struct jeu_colonne *colonnes;
	size_t n;
	bool geo;                       /* has columns latitude and longitude */
	const struct jeu_autre *autres; /* ends with a NULL fichier; NULL: none */
	const struct jeu_origine *origines;     /* ends with a NULL nom; NULL: `source` says it */
	bool (*lignes)(const struct jeu *j, const struct jeu_lecture *l, struct jeu_sortie *s,
		       struct err *e);
	const void *de;                 /* the module's own */
};

/* A module's datasets, read when they are asked for. */
typedef bool jeu_liste(const struct jeu_lecture *l, const struct jeu **out, size_t *n,
		       struct err *e);

/* All rows in one format, at the end of `out`; `folder` is for the working files of XLSX. */
bool jeu_ecrire(const struct jeu *j, const struct jeu_lecture *l, enum jeu_format format,
		const char *folder, struct buf *out, struct err *e);

/* Its Table Schema (frictionless 1), a JSON object; `adresse` is that of the dataset. */
void jeu_schema(const struct jeu *j, const char *adresse, struct buf *out);

/* The DCAT catalogue (JSON-LD) of n datasets of a site; `base` is its address. */
struct jeu_catalogue {
	const char *base, *titre, *description, *editeur, *contact;
	const struct jeu *jeux;
	size_t n;
};
void jeu_catalogue_ecrire(const struct jeu_catalogue *c, struct buf *out);

extern const char JEU_LICENCE_OUVERTE[], JEU_LICENCE_OUVERTE_LIEN[];
