/* A small country for tests of indices: methods from words, a découpage from rows. */
#pragma once

#include "test.h"

#include <stdlib.h>

#include "observe/indice_dire.h"
#include "observe/indice_table.h"
#include "observe/methode.h"

/* A method as its author would write it; `rest` holds the members after "methode". */
static inline const struct methode *given_methode(struct arena *a, const char *rest)
{
	const char *text = arena_cat(a, "{\"methode\": \"essai\", \"version\": \"1\", \"titre\": \"Essai\",\n"
		"\"resume\": \"r\", \"source\": \"s\",\n", rest, "}", NULL);
	const struct methode *m;
	struct err e = { 0 };

	accepts(methode_read(a, "essai.json", text, strlen(text), &m, &e), &e);
	return m;
}

static inline const char *given_file(struct arena *a, const char *name, const char *text)
{
	const char *path = arena_cat(a, test_dir(), "/", name, NULL);
	FILE *f = fopen(path, "wb");

	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
	return path;
}

/* Two départements, one EPCI on both, an EPT inside an EPCI, and a Lyon of two arrondissements. */
static inline const struct decoupage *given_decoupage(struct arena *a)
{
	const char *communes = given_file(a, "communes.csv",
		"code,nom,departement,region,epci,ept,population\n"
		"01001,Alpha,01,84,200000001,,1000\n"
		"01002,Beta,01,84,200000001,,3000\n"
		"01003,Gamma,01,84,200000002,,500\n"
		"01004,Deserte,01,84,200000002,,0\n"
		"69001,Delta,69,84,200000002,,1500\n"
		"69123,Lyon,69,84,200046977,,4000\n"
		"93001,Epsilon,93,11,200054781,200057875,2000\n"
		"93002,Zeta,93,11,200054781,,100\n");
	const char *arrondissements = given_file(a, "arrondissements.csv",
		"code,nom,commune,departement,region,population\n"
		"69381,Lyon 1er,69123,69,84,1000\n"
		"69382,Lyon 2e,69123,69,84,3000\n");
	const struct decoupage *d;
	struct err e = { 0 };

	accepts(decoupage_csv(communes, arrondissements, a, &d, &e), &e);
	return d;
}

#define UNE_METHODE \
	"\"unite\": \"commune\", \"sens\": \"risque\", \"echelle\": [0, 10],\n" \
	"\"normaliseur\": {\"type\": \"min-max\", \"portee\": \"fixe\", \"bornes\": [0, 10]," \
	" \"vers\": [0, 10]},\n"

/* A, B and C of equal weights. */
#define TROIS "\"arbre\": [{\"indicateur\": \"a\", \"libelle\": \"A\"}," \
	"{\"indicateur\": \"b\", \"libelle\": \"B\"},{\"indicateur\": \"c\", \"libelle\": \"C\"}]"

static inline struct entree *given_rows(struct arena *a, const struct methode *m,
					const struct decoupage *d, bool notes, const char *csv)
{
	struct entree *t;
	struct err e = { 0 };

	accepts(entree_lire_texte(a, m, d, "lignes.csv", csv, strlen(csv), -1, notes, &t, &e), &e);
	return t;
}

static inline struct indice_table *given_table(struct arena *a, struct entree *t,
					       enum niveau niveau)
{
	struct indice_table *base, *out;
	struct err e = { 0 };

	accepts(table_base(a, t, true, true, &base, &e), &e);
	accepts(table_monter(a, base, niveau, &out, &e), &e);
	return out;
}

static inline struct indice_resultat counted(struct arena *a, const struct indice_table *t)
{
	struct indice_resultat r;
	struct indice_choix c;
	struct err e = { 0 };

	choix_defaut(t->m, &c);
	accepts(table_compter(a, t, &c, NULL, &r, &e), &e);
	return r;
}

/* The total of a territory, by its code. */
static inline double total_of(const struct indice_table *t, const struct indice_resultat *r,
			      const char *code)
{
	size_t i = table_find(t, code);

	if (i == t->u.n)
		fail_msg("no %s", code);
	return r->totaux[i];
}
