/* A method file: its own members, and what must agree between them. */
#include "observe/methode_reader.h"

#include <math.h>
#include <string.h>

#include "format/json_line.h"

static const char nom_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
static const char *const agregations[] = { "arithmetique", "geometrique", NULL };

static bool read_sortie(struct methode_reader *r, node *o)
{
	struct methode *m = r->m;
	size_t before;
	int n;

	if (!o)
		return true;
	before = methode_enter(r, "sortie", -1);
	m->sortie = true;
	if (!methode_knows(r, o, "de vers")
	    || !methode_numbers(r, o, "vers", 2, 2, m->sortie_vers, &n))
		return false;
	if (!n)
		return methode_refuse(r, "il manque « vers » : [plus bas, plus haut]");
	if (!methode_numbers(r, o, "de", 2, 2, m->sortie_de, &n))
		return false;
	m->sortie_observee = n == 0;
	if (n && m->sortie_de[0] >= m->sortie_de[1])
		return methode_refuse_member(r, "de", "le premier doit être plus petit que le "
					     "second");
	if (m->sortie_vers[0] >= m->sortie_vers[1])
		return methode_refuse_member(r, "vers", "le premier doit être plus petit que le "
					     "second");
	methode_leave(r, before);
	return true;
}

static bool read_manquant(struct methode_reader *r, node *o)
{
	static const char *const regles[] = { "ecarter", "refuser", "parent", NULL };
	struct methode *m = r->m;
	size_t before;
	int word;

	m->manquant = MANQUANT_ECARTER;
	if (!o)
		return true;
	before = methode_enter(r, "manquant", -1);
	if (!methode_knows(r, o, "regle niveau couverture")
	    || !methode_word(r, o, "regle", regles, -1, &word)
	    || !methode_number(r, o, "couverture", 0, 0, 1, &m->couverture))
		return false;
	m->manquant = (enum manquant)word;
	if (m->manquant == MANQUANT_PARENT) {
		if (!methode_word(r, o, "niveau", niveau_mots, -1, &word))
			return false;
		m->manquant_niveau = (enum niveau)word;
		if (m->manquant_niveau <= m->unite)
			return methode_refuse_member(r, "niveau", "il faut un niveau au-dessus de "
						     "« %s »", niveau_mots[m->unite]);
	}
	methode_leave(r, before);
	return true;
}

static bool read_essais(struct methode_reader *r, node *list)
{
	struct methode *m = r->m;

	if (!list)
		return true;
	if (!json_is_array(list) || json_array_size(list) > METHODE_NORMES)
		return methode_refuse_member(r, "normaliseurs", "il faut une liste de %d au plus",
					     METHODE_NORMES);
	for (; m->nessais < (int)json_array_size(list); m->nessais++) {
		size_t before = methode_enter(r, "normaliseurs", m->nessais);

		if (!methode_norme(r, json_array_get(list, (size_t)m->nessais),
				   &m->essais[m->nessais]))
			return false;
		if (m->essais[m->nessais].type == NORME_MINMAX
		    && m->essais[m->nessais].portee == PORTEE_FIXE)
			return methode_refuse_member(r, "portee", "des bornes fixes sont celles "
						     "d’un indicateur : pas ici");
		methode_leave(r, before);
	}
	return true;
}

static bool read_rangs(struct methode_reader *r, node *o)
{
	struct methode *m = r->m;
	size_t before;

	m->concentration = 20;
	if (!o)
		return true;
	before = methode_enter(r, "rangs", -1);
	if (!methode_knows(r, o, "concentration retrait normaliseurs")
	    || !methode_number(r, o, "concentration", 20, 0.5, 1e6, &m->concentration)
	    || !methode_number(r, o, "retrait", 0, 0, 1, &m->retrait)
	    || !read_essais(r, json_object_get(o, "normaliseurs")))
		return false;
	methode_leave(r, before);
	return true;
}

/* --- what must agree -------------------------------------------------------------- */

/* A group whose chosen children weigh nothing gives no score. */
static bool check_poids(struct methode_reader *r)
{
	const struct methode *m = r->m;
	double somme[METHODE_GROUPES] = { 0 };
	bool choisi[METHODE_GROUPES] = { false };

	for (int i = 0; i < m->n; i++) {
		const struct methode_indicateur *x = &m->indicateurs[i];

		if (x->choisi)
			somme[x->groupe] += x->poids;
		choisi[x->groupe] |= x->choisi;
	}
	for (int g = m->ngroupes - 1; g > 0; g--) {
		const struct methode_groupe *o = &m->groupes[g];

		if (choisi[g] && somme[g] <= 0)
			return methode_refuse(r, "les poids du groupe « %s » font zéro", o->code);
		if (choisi[g])
			somme[o->parent] += isnan(o->poids) ? somme[g] : o->poids;
		choisi[o->parent] |= choisi[g];
	}
	if (!choisi[0])
		return methode_refuse(r, "aucun indicateur n’est choisi");
	return somme[0] > 0 || methode_refuse(r, "les poids font zéro");
}

static bool is_geometric(const struct methode *m)
{
	for (int g = 0; g < m->ngroupes; g++) {
		if (m->groupes[g].agregation == AGREGATION_GEOMETRIQUE)
			return true;
	}
	return false;
}

static bool check_normes(struct methode_reader *r)
{
	const struct methode *m = r->m;
	bool geometric = is_geometric(m);

	for (int i = 0; i < m->n + m->nessais; i++) {
		const struct norme *n = i < m->n ? &m->indicateurs[i].norme : &m->essais[i - m->n];
		const char *who = i < m->n ? m->indicateurs[i].code : "un normaliseur de « rangs »";
		double bas, haut;

		norme_bornes(n, &bas, &haut);
		if (geometric && n->type != NORME_RAPPORT && n->type != NORME_CENTILE && bas <= 0)
			return methode_refuse(r, "une moyenne géométrique veut des notes au-dessus "
					      "de zéro : pas celles de %s", who);
		if (i < m->n && !m->sortie && (bas < m->echelle[0] || haut > m->echelle[1])
		    && !isinf(bas))
			return methode_refuse_member(r, "echelle", "les notes de %s vont de %g à "
						     "%g : elles en sortent", who, bas, haut);
	}
	if (m->sortie && (m->sortie_vers[0] < m->echelle[0] || m->sortie_vers[1] > m->echelle[1]))
		return methode_refuse_member(r, "sortie", "« vers » sort de l’échelle");
	return true;
}

/* --- the file --------------------------------------------------------------------- */

static bool read_head(struct methode_reader *r, node *root)
{
	static const char *const sens[] = { "risque", "acces", NULL };
	static const char *const montees[] = { "population", "egale", NULL };
	struct methode *m = r->m;
	int word, n;

	if (!methode_knows(r, root, "methode version titre resume source licence avertissement "
			   "notes unite sens echelle sortie normaliseur manquant montee agregation "
			   "arbre rangs")
	    || !methode_name(r, root, "methode", nom_letters, &m->nom)
	    || !methode_text(r, root, "version", NULL, &m->version)
	    || !methode_text(r, root, "titre", NULL, &m->titre)
	    || !methode_text(r, root, "resume", NULL, &m->resume)
	    || !methode_text(r, root, "source", NULL, &m->source)
	    || !methode_text(r, root, "licence", "", &m->licence)
	    || !methode_text(r, root, "avertissement", "", &m->avertissement)
	    || !methode_text(r, root, "notes", "", &m->notes)
	    || !methode_word(r, root, "unite", niveau_mots, -1, &word))
		return false;
	m->unite = (enum niveau)word;
	if (m->unite == NIVEAU_PAYS)
		return methode_refuse_member(r, "unite", "on ne compare pas un pays à lui-même");
	if (!methode_word(r, root, "sens", sens, -1, &word))
		return false;
	m->haut_risque = word == 0;
	if (!methode_word(r, root, "montee", montees, 0, &word)
	    || !methode_numbers(r, root, "echelle", 2, 2, m->echelle, &n))
		return false;
	m->montee_egale = word == 1;
	if (!n)
		return methode_refuse(r, "il manque « echelle » : [plus bas, plus haut]");
	return m->echelle[0] < m->echelle[1]
		|| methode_refuse_member(r, "echelle", "la première borne doit être plus petite "
					 "que la seconde");
}

static bool read_all(struct methode_reader *r, node *root)
{
	struct methode *m = r->m;
	node *own = json_object_get(root, "normaliseur");
	struct norme norme;
	int word;

	if (!read_head(r, root) || !methode_word(r, root, "agregation", agregations, 0, &word))
		return false;
	m->groupes[0] = (struct methode_groupe){ "ensemble", m->titre, -1, 1,
						 (enum agregation)word };
	m->ngroupes = 1;
	if (own) {
		size_t before = methode_enter(r, "normaliseur", -1);

		if (!methode_norme(r, own, &norme))
			return false;
		methode_leave(r, before);
	}
	return methode_arbre(r, json_object_get(root, "arbre"), 0, own ? &norme : NULL)
		&& read_sortie(r, json_object_get(root, "sortie"))
		&& read_manquant(r, json_object_get(root, "manquant"))
		&& read_rangs(r, json_object_get(root, "rangs"))
		&& check_poids(r) && check_normes(r);
}

bool methode_read(struct arena *a, const char *file, const char *text, size_t n,
		  const struct methode **out, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	struct methode *m = NEW(a, struct methode);
	struct methode_reader r = { .a = a, .m = m, .text = text, .size = n, .e = e };

	if (!m)
		return arena_refuse(a, e);
	m->file = arena_str(a, file);
	if (n > METHODE_BYTES)
		return fail(e, E_LIMIT, "%s:1: ce fichier est trop grand pour une méthode.", file);
	if (!json_read(text, n, &root, e))
		return json_refused_in(e, file);
	if (!read_all(&r, root))
		return false;
	*out = m;
	return true;
}
