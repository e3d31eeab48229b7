/* Normalisers, and the tree of groups and indicators. */
#include "observe/methode_reader.h"

#include <math.h>
#include <string.h>

static const char code_letters[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

static const char *const agregations[] = { "arithmetique", "geometrique", NULL };

/* --- normalisers ------------------------------------------------------------------ */

static bool read_points(struct methode_reader *r, node *o, struct norme *out)
{
	if (!methode_numbers(r, o, "seuils", 2, METHODE_SEUILS, out->seuils, &out->nseuils))
		return false;
	if (!out->nseuils)
		return methode_refuse(r, "il manque « seuils » : les parts de la distribution "
				      "où les points changent");
	if (out->nseuils % 2)
		return methode_refuse_member(r, "seuils", "il en faut un nombre pair, autant au-"
					     "dessus qu’au-dessous du milieu");
	for (int i = 0; i < out->nseuils; i++) {
		if (out->seuils[i] <= (i ? out->seuils[i - 1] : 0) || out->seuils[i] >= 1)
			return methode_refuse_member(r, "seuils", "il faut des parts qui montent, "
						     "entre 0 et 1");
	}
	return true;
}

static bool read_minmax(struct methode_reader *r, node *o, struct norme *out)
{
	static const char *const portees[] = { "nationale", "parent", "fixe", NULL };
	double bornes[2];
	int word, n;

	if (!methode_word(r, o, "portee", portees, PORTEE_NATIONALE, &word)
	    || !methode_numbers(r, o, "bornes", 2, 2, bornes, &n))
		return false;
	out->portee = (enum portee)word;
	if ((out->portee == PORTEE_FIXE) != (n == 2))
		return methode_refuse(r, n ? "« bornes » va avec \"portee\": \"fixe\""
				      : "il manque « bornes » : [plus bas, plus haut]");
	if (n) {
		out->bas = bornes[0];
		out->haut = bornes[1];
		if (out->bas >= out->haut)
			return methode_refuse_member(r, "bornes", "la première doit être plus "
						     "petite que la seconde");
	}
	out->vers[1] = 1;
	if (!methode_numbers(r, o, "vers", 2, 2, out->vers, &n)
	    || !methode_flag(r, o, "borner", false, &out->borner))
		return false;
	if (out->vers[0] >= out->vers[1])
		return methode_refuse_member(r, "vers", "le premier doit être plus petit que le "
					     "second");
	if (out->portee != PORTEE_PARENT)
		return json_object_get(o, "parent") == NULL
			|| methode_refuse_member(r, "parent", "ce mot va avec \"portee\": "
						 "\"parent\"");
	if (!methode_word(r, o, "parent", niveau_mots, -1, &word))
		return false;
	out->parent = (enum niveau)word;
	return out->parent > r->m->unite
		|| methode_refuse_member(r, "parent", "il faut un niveau au-dessus de « %s »",
					 niveau_mots[r->m->unite]);
}

bool methode_norme(struct methode_reader *r, node *o, struct norme *out)
{
	static const char *const types[] = {
		"decile", "points", "min-max", "z-score", "rapport", "centile", NULL,
	};
	static const char *const known[] = {
		"type log classes egalites", "type log seuils egalites",
		"type log portee parent bornes vers borner", "type log ponderer", "type log",
		"type log egalites",
	};
	static const char *const egalites[] = { "haut", "milieu", "bas", NULL };
	double classes;
	int word;

	*out = (struct norme){ 0 };
	if (!json_is_object(o))
		return methode_refuse(r, "il faut un objet { ... }");
	if (!methode_word(r, o, "type", types, -1, &word) || !methode_knows(r, o, known[word])
	    || !methode_flag(r, o, "log", false, &out->log))
		return false;
	out->type = (enum norme_type)word;
	if (!methode_word(r, o, "egalites", egalites, EGALITES_HAUT, &word)
	    || !methode_number(r, o, "classes", 10, 2, 1000, &classes)
	    || !methode_flag(r, o, "ponderer", false, &out->ponderer))
		return false;
	out->egalites = (enum egalites)word;
	out->classes = (int)classes;
	if (out->classes != classes)
		return methode_refuse_member(r, "classes", "il faut un nombre entier");
	if (out->type == NORME_POINTS)
		return read_points(r, o, out);
	return out->type != NORME_MINMAX || read_minmax(r, o, out);
}

/* --- the tree --------------------------------------------------------------------- */

static bool is_taken(const struct methode *m, const char *code)
{
	static const char *const columns[] = {
		"code", "nom", "population", "score", "rang", "rang_min", "rang_max", "niveau",
		"ensemble", "name", "division", "total",
	};

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		if (!strcmp(columns[i], code))
			return true;
	}
	return methode_indicateur(m, code) >= 0 || methode_groupe(m, code) >= 0;
}

static bool read_code(struct methode_reader *r, node *o, const char *member, const char **code)
{
	if (!methode_name(r, o, member, code_letters, code))
		return false;
	return !is_taken(r->m, *code)
		|| methode_refuse_member(r, member, "« %s » est déjà pris", *code);
}

static bool read_colonnes(struct methode_reader *r, node *list, struct methode_indicateur *x)
{
	if (!list)
		return true;
	if (!json_is_array(list) || json_array_size(list) > METHODE_COLONNES)
		return methode_refuse_member(r, "colonnes", "il faut une liste de %d noms au plus",
					     METHODE_COLONNES);
	for (; x->ncolonnes < (int)json_array_size(list); x->ncolonnes++) {
		const char *s = json_string_value(json_array_get(list, (size_t)x->ncolonnes));

		if (!s || !*s)
			return methode_refuse_member(r, "colonnes", "il faut des textes");
		x->colonnes[x->ncolonnes] = arena_str(r->a, s);
	}
	return true;
}

static bool read_indicateur(struct methode_reader *r, node *o, int groupe,
			    const struct norme *norme)
{
	static const char *const sens[] = { "direct", "inverse", NULL };
	struct methode_indicateur *x = &r->m->indicateurs[r->m->n];
	node *own = json_object_get(o, "normaliseur");
	int word;

	if (r->m->n == METHODE_INDICATEURS)
		return methode_refuse(r, "une méthode a %d indicateurs au plus",
				      METHODE_INDICATEURS);
	if (!methode_knows(r, o, "indicateur libelle unite sens poids choisi source colonnes "
			   "normaliseur")
	    || !read_code(r, o, "indicateur", &x->code)
	    || !methode_text(r, o, "libelle", NULL, &x->libelle)
	    || !methode_text(r, o, "unite", "", &x->unite)
	    || !methode_text(r, o, "source", "", &x->source)
	    || !methode_word(r, o, "sens", sens, 0, &word)
	    || !methode_number(r, o, "poids", 1, 0, 1e6, &x->poids)
	    || !methode_flag(r, o, "choisi", true, &x->choisi)
	    || !read_colonnes(r, json_object_get(o, "colonnes"), x))
		return false;
	x->inverse = word == 1;
	x->groupe = groupe;
	if (own) {
		size_t before = methode_enter(r, "normaliseur", -1);

		if (!methode_norme(r, own, &x->norme))
			return false;
		methode_leave(r, before);
	} else if (norme) {
		x->norme = *norme;
	} else {
		return methode_refuse(r, "il manque « normaliseur », ici ou pour toute la méthode");
	}
	r->m->n++;
	return true;
}

static bool read_groupe(struct methode_reader *r, node *o, int parent, const struct norme *norme)
{
	struct methode *m = r->m;
	struct methode_groupe *g = &m->groupes[m->ngroupes];
	int at = m->ngroupes, word;

	if (at == METHODE_GROUPES)
		return methode_refuse(r, "une méthode a %d groupes au plus", METHODE_GROUPES - 1);
	if (!methode_knows(r, o, "groupe libelle poids agregation arbre")
	    || !read_code(r, o, "groupe", &g->code)
	    || !methode_text(r, o, "libelle", NULL, &g->libelle)
	    || !methode_number(r, o, "poids", NAN, 0, 1e6, &g->poids)
	    || !methode_word(r, o, "agregation", agregations,
			    (int)m->groupes[parent].agregation, &word))
		return false;
	g->agregation = (enum agregation)word;
	if (isnan(g->poids) && g->agregation != m->groupes[parent].agregation)
		return methode_refuse(r, "un groupe qui a sa propre agrégation a un « poids »");
	g->parent = parent;
	m->ngroupes++;
	return methode_arbre(r, json_object_get(o, "arbre"), at, norme);
}

bool methode_arbre(struct methode_reader *r, node *list, int groupe, const struct norme *norme)
{
	if (!json_is_array(list) || !json_array_size(list))
		return methode_refuse(r, "il manque « arbre » : une liste d’indicateurs et de "
				      "groupes");
	for (size_t i = 0; i < json_array_size(list); i++) {
		size_t before = methode_enter(r, "arbre", (int)i);
		node *o = json_array_get(list, i);

		if (json_object_get(o, "groupe") ? !read_groupe(r, o, groupe, norme)
		    : !read_indicateur(r, o, groupe, norme))
			return false;
		methode_leave(r, before);
	}
	return true;
}
