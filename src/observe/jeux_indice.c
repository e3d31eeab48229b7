#include "observe/jeux_indice.h"

#include <math.h>
#include <string.h>

#include "observe/releve.h"

enum { FIRST = 8, LAST = 2 };           /* columns before and after those of indicators */

static const char *const niveaux[] = { "iris", "commune", "arrondissement", "epci", "ept",
	"departement", "region", "france", NULL };

static const struct jeu_colonne before[FIRST] = {
	{ "niveau", JEU_TEXTE, true, true, "Niveau du territoire", niveaux },
	{ "code", JEU_TEXTE, true, true, "Code Insee, SIREN d’un regroupement, ou FR", NULL },
	{ "nom", JEU_TEXTE, false, false, "Nom du territoire", NULL },
	{ "population", JEU_NOMBRE, false, false, "Habitants qui ont servi de poids", NULL },
	{ "score", JEU_NOMBRE, false, false, "Note sur l’échelle de la méthode ; vide quand il n’y en a "
	  "pas : jamais un zéro", NULL },
	{ "rang", JEU_ENTIER, false, false, "1 : la note la plus haute de ce niveau ; vide sans note ou hors "
	  "classement", NULL },
	{ "rang_min", JEU_ENTIER, false, false, "Borne basse du rang : quantile à 5 % des tirages", NULL },
	{ "rang_max", JEU_ENTIER, false, false, "Borne haute du rang : quantile à 95 % des tirages", NULL },
};
static const struct jeu_colonne after[LAST] = {
	{ "methode", JEU_TEXTE, false, true, "Nom de la méthode", NULL },
	{ "version", JEU_TEXTE, false, true, "Version de la méthode", NULL },
};

/* The store's word for a territory of a table: arrondissements and EPT stand beside others. */
static const char *word_of(const struct repertoire *r, enum niveau niveau, const char *code)
{
	const struct commune *c;

	switch (niveau) {
	case NIVEAU_COMMUNE:
		c = repertoire_commune(r, code);
		return c && *c->parent ? "arrondissement" : "commune";
	case NIVEAU_EPCI:
		return repertoire_territoire(r, "ept", code) ? "ept" : "epci";
	case NIVEAU_PAYS:
		return "france";
	default:
		return niveau_mots[niveau];
	}
}

static void put_rank(struct jeu_sortie *s, uint32_t rank)
{
	if (rank)
		jeu_entier(s, rank);
	else
		jeu_vide(s);
}

static bool put_unit(const struct jeu_lecture *l, const struct releve *v, enum niveau niveau,
		     size_t i, struct jeu_sortie *s, struct err *e)
{
	const struct indice_table *t = v->tables[niveau];
	const struct indice_resultat *r = &v->resultats[niveau];
	const char *code = t->u.codes[i];

	jeu_texte(s, word_of(l->r, niveau, code));
	jeu_texte(s, code);
	jeu_texte(s, *t->u.noms[i] ? t->u.noms[i] : NULL);
	jeu_nombre(s, t->u.population[i]);
	jeu_nombre(s, r->totaux[i]);
	put_rank(s, t->u.etat[i] & UNITE_CLASSEE ? r->rangs[i] : 0);
	put_rank(s, r->bas && t->u.etat[i] & UNITE_CLASSEE ? r->bas[i] : 0);
	put_rank(s, r->haut && t->u.etat[i] & UNITE_CLASSEE ? r->haut[i] : 0);
	for (int k = 0; k < v->m->n; k++)
		jeu_nombre(s, t->x[k] ? t->x[k][i] : NAN);
	jeu_texte(s, v->m->nom);
	jeu_texte(s, v->m->version);
	return jeu_ligne(s, e);
}

static bool put_indice(const struct jeu *j, const struct jeu_lecture *l, struct jeu_sortie *s,
		       struct err *e)
{
	CLEANUP(releve_drop) const struct releve *v = NULL;

	if (!releve_hold(l->core, j->de, &v, e))
		return false;
	for (int niveau = NIVEAU_PAYS; v && niveau >= 0; niveau--) {
		const struct indice_table *t = v->tables[niveau];

		for (size_t i = 0; t && i < t->u.n; i++) {
			if (!put_unit(l, v, (enum niveau)niveau, i, s, e))
				return false;
		}
	}
	return true;
}

static const struct jeu_colonne *columns_of(struct arena *a, const struct methode *m, size_t *n)
{
	struct jeu_colonne *c = NEW_ARRAY(a, FIRST + (size_t)m->n + LAST, struct jeu_colonne);

	*n = 0;
	for (size_t i = 0; c && i < FIRST; i++)
		c[(*n)++] = before[i];
	for (int k = 0; c && k < m->n; k++)
		c[(*n)++] = (struct jeu_colonne){ m->indicateurs[k].code, JEU_NOMBRE, false, false,
			arena_cat(a, "Note de l’indicateur : ", m->indicateurs[k].libelle, NULL), NULL };
	for (size_t i = 0; c && i < LAST; i++)
		c[(*n)++] = after[i];
	return c;
}

bool jeux_indices(const struct jeu_lecture *l, struct jeu *out, size_t room, size_t *n,
		  struct err *e)
{
	const struct methode **m;
	size_t nm;

	if (!l->core)
		return true;
	if (!releve_methodes(l->core, l->a, &m, &nm, e))
		return false;
	for (size_t i = 0; i < nm && i < room; i++) {
		struct jeu *j = &out[(*n)++];

		*j = (struct jeu){
			.slug = arena_cat(l->a, "indice-", m[i]->nom, NULL),
			.titre = arena_cat(l->a, m[i]->titre, " : notes et rangs", NULL),
			.description = m[i]->resume, .source = m[i]->source,
			.licence = INDICE_LICENCE,
			.licence_lien = "/donnees/indicateurs",
			.methode = arena_cat(l->a, "/observatoire/methodes/", m[i]->nom, NULL),
			.mots = "inclusion numérique|indice|territoires", .lignes = put_indice,
			.de = m[i]->nom };
		j->colonnes = columns_of(l->a, m[i], &j->n);
	}
	return !l->a->spent || arena_refuse(l->a, e);
}
