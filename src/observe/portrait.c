#include "observe/portrait.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/indicateur.h"
#include "core/ressort.h"
#include "observe/chiffre.h"
#include "observe/indice_dire.h"
#include "observe/iris.h"
#include "observe/mesure.h"
#include "observe/mots.h"
#include "observe/releve.h"
#include "web/message.h"

enum { YEARS = 4 };                     /* of one figure, side by side */

/* --- the index ----------------------------------------------------------------------------- */

static int level_of(const char *niveau)
{
	if (!strcmp(niveau, "ept"))
		return NIVEAU_EPCI;
	if (!strcmp(niveau, "arrondissement"))
		return NIVEAU_COMMUNE;
	return niveau_find(niveau);
}

static bool speaks_of(const struct releve *v, int level, const char *code)
{
	const struct indice_table *t = v && level >= 0 ? v->tables[level] : NULL;

	return t && (!code || table_find(t, code) < t->u.n);
}

bool portrait_releve(struct core *c, struct arena *a, int niveau, const char *code,
		     const struct releve **out, struct err *e)
{
	const struct methode **methodes;
	size_t n;

	*out = NULL;
	/* The one that people see first, without waiting for the others to be made. */
	if (!releve_hold(c, METHODE_PAGES, out, e))
		return false;
	if (speaks_of(*out, niveau, code))
		return true;
	releve_drop(out);
	if (!releve_methodes(c, a, &methodes, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!releve_hold(c, methodes[i]->nom, out, e))
			return false;
		if (speaks_of(*out, niveau, code))
			return true;
		releve_drop(out);
	}
	return true;
}

static const char *score_text(const struct portrait_ask *k, double v)
{
	return chiffre_fixe(k->a, k->lang, v, 1);
}

/* Where a territory stands in a table; NULL outside of it. */
struct place {
	const struct indice_table *t;
	const struct indice_resultat *r;
	size_t i;
};

static struct place place_of(const struct releve *v, int level, const char *code)
{
	struct place p = { 0 };

	if (level < 0 || !v->tables[level] || !*code)
		return p;
	p.i = table_find(v->tables[level], code);
	if (p.i < v->tables[level]->u.n) {
		p.t = v->tables[level];
		p.r = &v->resultats[level];
	}
	return p;
}

static double total_at(const struct place *p)
{
	return p->t ? p->r->totaux[p->i] : NAN;
}

static double score_at(const struct place *p, int k)
{
	return p->t && p->t->x[k] ? p->t->x[k][p->i] : NAN;
}

static struct place pays_of(const struct releve *v)
{
	const struct indice_table *t = v->tables[NIVEAU_PAYS];

	return t && t->u.n ? (struct place){ t, &v->resultats[NIVEAU_PAYS], 0 }
			   : (struct place){ 0 };
}

static bool fill_notes(const struct portrait_ask *k, const struct releve *v,
		       const struct place *ici, struct portrait *out, struct err *e)
{
	struct portrait_note *n = NEW_ARRAY(k->a, (size_t)v->m->n + 1, struct portrait_note);
	struct place region = level_of(k->niveau) < NIVEAU_REGION
			      ? place_of(v, NIVEAU_REGION, k->region) : (struct place){ 0 };
	struct place pays = pays_of(v);
	struct indice_choix choice;
	double parts[METHODE_INDICATEURS];
	const struct indicateur *list;
	size_t nlist;

	if (!n)
		return arena_refuse(k->a, e);
	if (!indicateur_list(k->db, k->a, &list, &nlist, e))
		return false;
	choix_defaut(v->m, &choice);
	choix_parts(v->m, &choice, UINT64_MAX, parts);
	n[0] = (struct portrait_note){ v->m->titre, score_text(k, total_at(ici)),
		score_text(k, total_at(&region)), score_text(k, total_at(&pays)), "" };
	out->nnotes = 1;
	for (int i = 0; i < v->m->n; i++) {
		if (!(parts[i] > 0) || !ici->t->x[i])
			continue;
		n[out->nnotes++] = (struct portrait_note){ v->m->indicateurs[i].libelle,
			score_text(k, score_at(ici, i)), score_text(k, score_at(&region, i)),
			score_text(k, score_at(&pays, i)),
			/* A published score is not our formula. */
			ici->t->entree->notes ? "" : indicateur_reserve(
			indicateur_find(list, nlist, v->m->indicateurs[i].code)) };
	}
	out->notes = n;
	out->region = region.t ? region.t->u.noms[region.i] : "";
	out->manques = indice_manques(k->a, ici->t, &choice, ici->i);
	return true;
}

static const char *number(const struct portrait_ask *k, int64_t v)
{
	char text[I18N_TEXT];

	return arena_str(k->a, number_text(k->lang, v, text));
}

static const char *rank_short(const struct portrait_ask *k, const struct place *p)
{
	const char *among = number(k, (int64_t)p->r->classes);

	if (!p->r->rangs[p->i] || p->r->classes < 2)
		return "";
	if (!p->r->haut || !p->r->haut[p->i])
		return message(k->a, k->lang, N_("%1, sur %2"), number(k, p->r->rangs[p->i]), among);
	return message(k->a, k->lang, N_("%1 à %2, sur %3"), number(k, p->r->bas[p->i]),
		       number(k, p->r->haut[p->i]), among);
}

static const char *link_of(const struct portrait_ask *k, const char *code)
{
	const struct commune *c = repertoire_commune(k->r, code);
	const struct territoire *t;

	if (level_of(k->niveau) == NIVEAU_IRIS)
		return arena_cat(k->a, "/territoires/", code, NULL);
	if (level_of(k->niveau) == NIVEAU_COMMUNE)
		return c ? arena_cat(k->a, "/territoires/", code, NULL) : NULL;
	t = repertoire_territoire(k->r, k->niveau, code);
	if (!t && !strcmp(k->niveau, "ept"))
		t = repertoire_territoire(k->r, "epci", code);
	return t ? territoire_lien(k->a, t) : NULL;
}

/* An IRIS is named with its commune, unless it is all of it. */
static const char *name_of(const struct portrait_ask *k, const struct indice_table *t, size_t i)
{
	const struct commune *c = t->u.niveau == NIVEAU_IRIS
		? commune_of_code(k->r, arena_strn(k->a, t->u.codes[i], IRIS_COMMUNE)) : NULL;
	const char *nom = *t->u.noms[i] ? t->u.noms[i] : t->u.codes[i];

	return c && strcmp(c->nom, nom) ? arena_cat(k->a, nom, ", ", c->nom, NULL)
					: arena_str(k->a, nom);
}

static bool fill_semblables(const struct portrait_ask *k, const struct place *p,
			    struct portrait *out, struct err *e)
{
	struct portrait_semblable *s = NEW_ARRAY(k->a, SEMBLABLES, struct portrait_semblable);
	struct indice_choix choice;
	size_t found[SEMBLABLES], n;

	if (!s)
		return arena_refuse(k->a, e);
	choix_defaut(p->t->m, &choice);
	n = semblables_find(p->t, &choice, p->i, found, SEMBLABLES);
	for (size_t i = 0; i < n; i++) {
		const char *lien = link_of(k, p->t->u.codes[found[i]]);

		if (!lien)
			continue;
		s[out->nsemblables++] = (struct portrait_semblable){
			name_of(k, p->t, found[i]), lien,
			score_text(k, p->r->totaux[found[i]]) };
	}
	out->semblables = s;
	return true;
}

/* Texts of a releve are copied: the page is written after it was let go. */
static bool fill_indice(const struct portrait_ask *k, struct portrait *out, struct err *e)
{
	CLEANUP(releve_drop) const struct releve *v = NULL;
	struct place p;

	if (!portrait_releve(k->core, k->a, level_of(k->niveau), k->code, &v, e))
		return false;
	if (!v)
		return true;
	p = place_of(v, level_of(k->niveau), k->code);
	if (!p.t)
		return true;
	out->methode = v->m;
	out->echelle = mots_echelle(k->a, k->lang, v->m);
	if (!fill_notes(k, v, &p, out, e) || !fill_semblables(k, &p, out, e))
		return false;
	out->region = arena_str(k->a, out->region);
	out->rang = mots_rang(k->a, k->lang, p.r, p.i);
	out->calcul = arena_cat(k->a, "/observatoire/methodes/", v->m->nom, "/", k->adresse, NULL);
	out->rang_court = rank_short(k, &p);
	if (k->voisins && !portrait_voisins(k, v, p.t, p.r, p.i, out, e))
		return false;
	return !k->a->spent || arena_refuse(k->a, e);
}

/* --- the figures behind -------------------------------------------------------------------- */

static const char *value_text(const struct portrait_ask *k, const struct indicateur *d,
			      const struct indicateur_valeur *v)
{
	const struct mesure m = { .code = "", .unite = d->unite };
	const struct ressort t = { .valeur = v->valeur, .statut = v->statut };

	return mesure_text(k->a, k->lang, &m, &t);
}

/* One line for the facts [0, n) of one indicator, oldest first. */
static struct portrait_chiffre line_of(const struct portrait_ask *k, const struct indicateur *d,
				       const struct indicateur_fait *f, size_t n)
{
	const char *years = "";

	for (size_t i = n > YEARS ? n - YEARS : 0; i + 1 < n; i++) {
		if (f[i].v.statut == STATUT_VALEUR)
			years = arena_cat(k->a, years, arena_printf(k->a, "%d", f[i].annee), "\u00a0: ",
					  value_text(k, d, &f[i].v), ", ", NULL);
	}
	years = arena_cat(k->a, years, arena_printf(k->a, "%d", f[n - 1].annee), NULL);
	return (struct portrait_chiffre){ d->libelle, value_text(k, d, &f[n - 1].v), years,
					  d->source, indicateur_reserve(d) };
}

static bool fill_chiffres(const struct portrait_ask *k, struct portrait *out, struct err *e)
{
	const struct indicateur *list;
	struct indicateur_fait *facts;
	struct portrait_chiffre *c;
	size_t nlist, nfacts;

	if (!indicateur_list(k->db, k->a, &list, &nlist, e)
	    || !indicateur_of(k->db, k->a, k->niveau, k->code, &facts, &nfacts, e))
		return false;
	c = NEW_ARRAY(k->a, nfacts + 1, struct portrait_chiffre);
	if (!c)
		return arena_refuse(k->a, e);
	for (size_t i = 0, n; i < nfacts; i += n) {
		const struct indicateur *d = indicateur_find(list, nlist, facts[i].indicateur);

		for (n = 1; i + n < nfacts
		     && !strcmp(facts[i + n].indicateur, facts[i].indicateur); n++)
			continue;
		if (d && strcmp(d->nature, "score"))
			c[out->nchiffres++] = line_of(k, d, &facts[i], n);
	}
	out->chiffres = c;
	return !k->a->spent || arena_refuse(k->a, e);
}

bool portrait_make(const struct portrait_ask *ask, struct portrait *out, struct err *e)
{
	*out = (struct portrait){ .rang = "", .rang_court = "", .nettement = "", .region = "" };
	return fill_indice(ask, out, e) && fill_chiffres(ask, out, e)
	       && portrait_personnes(ask, out, e);
}
