/* /agent/instruments/papier and /agent/instruments/saisie : sheets that go out and come back. */
#pragma once

#include "detect/papier_instrument.h"
#include "detect/saisie.h"

extern const struct route saisie_routes[];

struct feuille_in {                     /* what is on the sheet beside its questions */
	const char *version, *numero, *commune, *groupe;
	int age, provenance, moment;
	bool accord, deux_fois, verifie;
	int64_t faites;                 /* of this stack, in this sitting */
};
extern const struct field feuille_fields[];

struct saisie_question {
	const struct item *item;
	const char *id, *nom;           /* of the control */
	int numero;                     /* as printed */
	const char *tape, *erreur;      /* erreur NULL */
	const char *avant;              /* what was typed the first time, when it differs; NULL */
};

struct saisie_feuille_view {
	const struct page *page;
	struct req *r;
	struct arena *a;
	const struct instrument *in;
	const struct feuille_in *typed; /* NULL: an empty sheet */
	const struct saisie_question *questions;
	int nquestions, nerreurs, ndifferentes;
	const char *fait;               /* what became of the last one, translated; NULL */
	const char *accord;             /* how far double typing agrees, translated; NULL */
	const char *refus;              /* why this one is not taken, translated; NULL */
	bool garde;                     /* this structure may keep answers */
};

/* What was typed, or "rien". */
const char *saisie_vide(const struct saisie_feuille_view *v, const char *typed);
