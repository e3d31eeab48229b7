/*
 * What is measured of a territory, ready to be shown: its index beside that of its région
 * and of France, part by part, how sure its rank is, the figures behind with their years,
 * and the territories most like it.  A risk of the surroundings, never of the people.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "core/core.h"
#include "core/repertoire.h"
#include "observe/indice.h"
#include "store/db.h"
#include "web/i18n.h"

enum { SEMBLABLES = 5 };

struct portrait_note {                  /* the index, or one indicator of it */
	const char *libelle;
	const char *ici, *region, *pays;        /* on the method's scale; "" when not known */
	const char *reserve;                    /* what could not be verified; "" */
};

struct portrait_chiffre {               /* a raw figure */
	const char *libelle, *valeur;   /* "39,4 %", or why it is not there */
	const char *annees;             /* "2021", or "2016 : 41 %, 2021 : 39,4 %" */
	const char *source;
	const char *reserve;            /* what could not be verified; "" */
};

struct portrait_semblable {
	const char *nom, *lien, *note;  /* note: its index */
};

struct portrait_personnes {             /* an estimate */
	const char *libelle, *nombre;
	const char *intervalle;         /* "de 310 à 390"; "" */
	const char *part;               /* of the people that the survey speaks of */
	bool detail;                    /* one of those that the total is made of */
};

struct portrait {
	const struct methode *methode;          /* NULL: no index is known here */
	const char *echelle;                    /* "de 1 à 10" */
	const struct portrait_note *notes;      /* the first is the index itself */
	size_t nnotes;
	const char *calcul;                     /* page that says how it was computed */
	const char *rang;                       /* a sentence; "" without a rank */
	const char *nettement;                  /* above its neighbours, surely; "" */
	const char *rang_court;                 /* "8 à 20, sur 101" */
	const char *manques;                    /* what is missing or lent, in words; NULL */
	const struct portrait_chiffre *chiffres;
	size_t nchiffres;
	const struct portrait_semblable *semblables;
	size_t nsemblables;
	const struct portrait_personnes *personnes;
	size_t npersonnes;
	const char *enquete, *enquete_source, *enquete_prudence;
	const char *region;                     /* its name; "" above or at that level */
};

/* What a portrait is made of; `niveau` in the words of repertoire.h ("arrondissement" too). */
struct portrait_ask {
	struct arena *a;
	struct core *core;
	struct db *db;
	const struct repertoire *r;
	const struct lang *lang;
	const char *niveau, *code, *region;     /* code of its région; "" */
	const char *adresse;                    /* last part of its page's address */
	bool voisins;                           /* say whether it stands out from its neighbours */
	const struct commune *commune;          /* NULL for one above */
};

/* Everything that is known; an empty portrait when nothing is. */
bool portrait_make(const struct portrait_ask *ask, struct portrait *out, struct err *e);

struct indice_table;
struct indice_resultat;
struct releve;

/*
 * The method that people see first of those that speak of a level (code NULL), or of one
 * territory of it; *out is NULL when none does.  Released with releve_drop.
 */
bool portrait_releve(struct core *c, struct arena *a, int niveau, const char *code,
		     const struct releve **out, struct err *e);

/* Parts of it (portrait_personnes.c): people concerned; "clearly above its neighbours" of
 * unit i of a table. */
bool portrait_personnes(const struct portrait_ask *k, struct portrait *out, struct err *e);
bool portrait_voisins(const struct portrait_ask *k, const struct releve *v,
		      const struct indice_table *t, const struct indice_resultat *r, size_t i,
		      struct portrait *out, struct err *e);

/*
 * The k territories of a table most like unit i: the smallest distance between their scores
 * (each on its own scale from 0 to 1, indicators that both have) and sizes (a tenth of a
 * tenfold difference of population weighs as much as a tenth of a scale).  Returns how many.
 */
size_t semblables_find(const struct indice_table *t, const struct indice_choix *c, size_t i,
		       size_t out[], size_t k);
