/* The computation of one territory, step by step, as a page. */
#include <math.h>
#include <string.h>

#include "core/core.h"
#include "observe/chiffre.h"
#include "observe/indice_dire.h"
#include "observe/methode.htm.h"
#include "observe/methode_page.h"
#include "observe/mots.h"
#include "observe/releve.h"
#include "web/message.h"

static const size_t MEMORY = (size_t)64 << 20;

/* One computation being told. */
struct telling {
	struct req *r;
	const struct releve *v;
	const struct indice_table *t;
	struct indice_choix choix;
	struct indice_resultat own;     /* of a user's weights */
	const struct indice_resultat *res;
	bool chosen;                    /* they are not the method's */
	struct endroit ou;
	size_t i;
};

static void telling_end(struct telling *k)
{
	releve_drop(&k->v);
}

static bool not_there(struct err *e)
{
	fail(e, E_MISSING, N_("Rien n’est calculé pour ce territoire avec cette méthode."));
	return hint(e, N_("Les valeurs à importer sont dans la page de la méthode."));
}

/* Where the territory stands in its table. */
static bool find(struct telling *k, const struct repertoire *rep, struct err *e)
{
	struct req *r = k->r;

	if (!endroit_find(r->a, rep, r->params[1], &k->ou))
		return not_there(e);
	if (!releve_hold(r->core, r->params[0], &k->v, e))
		return false;
	k->t = k->v ? k->v->tables[k->ou.niveau] : NULL;
	if (!k->t || (k->i = table_find(k->t, k->ou.code)) >= k->t->u.n)
		return not_there(e);
	if (!*k->ou.nom)
		k->ou.nom = arena_str(r->a, k->t->u.noms[k->i]);
	return true;
}

/* With the weights of the address; the method's own, and what is wrong, when they cannot be. */
static bool count(struct telling *k, struct arena *scratch, struct err *refused, struct err *e)
{
	if (!choix_lire(k->v->m, k->r->query, &k->choix, refused))
		choix_defaut(k->v->m, &k->choix);
	k->chosen = !choix_est_defaut(k->v->m, &k->choix);
	k->res = &k->v->resultats[k->ou.niveau];
	if (!k->chosen)
		return true;
	k->res = &k->own;
	return table_compter(scratch, k->t, &k->choix, NULL, &k->own, e);
}

static bool is_mean(const struct methode *m)
{
	for (int g = 0; g < m->ngroupes; g++) {
		if (m->groupes[g].agregation == AGREGATION_GEOMETRIQUE)
			return false;
	}
	return true;
}

/* Raw values are known where scores were made: at the level of the file, from the file. */
static bool has_raw(const struct telling *k)
{
	return !k->t->base && !k->t->entree->notes;
}

static void fill_line(struct telling *k, int x, double part, struct calcul_ligne *l)
{
	struct arena *a = k->r->a;
	const struct lang *lang = k->r->lang;
	const struct methode_indicateur *ind = &k->v->m->indicateurs[x];
	double score = k->t->x[x] ? k->t->x[x][k->i] : NAN;
	double raw = has_raw(k) && k->t->entree->x[x] ? k->t->entree->x[x][k->i] : NAN;

	*l = (struct calcul_ligne){ ind->libelle, chiffre_unite(a, lang, raw, 2, ind->unite),
		chiffre_fixe(a, lang, score, 3),
		arena_cat(a, chiffre(a, lang, part * 100, 1), "\u00a0%", NULL),
		chiffre_fixe(a, lang, score * part, 4), isnan(score) };
}

static bool fill_lines(struct telling *k, struct calcul_view *v, struct err *e)
{
	double chosen[METHODE_INDICATEURS], parts[METHODE_INDICATEURS];
	const struct methode *m = k->v->m;
	struct calcul_ligne *l = NEW_ARRAY(k->r->a, (size_t)m->n, struct calcul_ligne);
	uint64_t present = 0;

	if (!l)
		return arena_refuse(k->r->a, e);
	for (int x = 0; x < m->n; x++)
		present |= (uint64_t)(k->t->x[x] && !isnan(k->t->x[x][k->i])) << x;
	choix_parts(m, &k->choix, UINT64_MAX, chosen);
	choix_parts(m, &k->choix, present, parts);
	for (int x = 0; x < m->n; x++) {
		if (chosen[x] > 0)
			fill_line(k, x, parts[x], &l[v->n++]);
	}
	v->lignes = l;
	v->brutes = has_raw(k);
	v->moyenne = is_mean(m) && !m->sortie;
	return true;
}

/* How many parts a mean is made of. */
static const char *parts_words(struct telling *k)
{
	const struct unites *u = &k->t->entree->u;
	size_t n = 0;

	if (!k->t->base)
		return "";
	for (size_t i = 0; i < u->n; i++)
		n += (k->t->vers[i] == k->i || (k->t->autre && k->t->autre[i] == k->i))
		     && (u->etat[i] & UNITE_COMPTE) && !(u->etat[i] & UNITE_VIDE);
	return message(k->r->a, k->r->lang, k->v->m->montee_egale
		? N_("Chaque note est la moyenne de celles de ses parties (%1 : %2), une voix chacune.")
		: N_("Chaque note est la moyenne de celles de ses parties (%1 : %2), chacune comptant "
		     "pour ses habitants."), mots_niveau(k->r->lang, u->niveau),
		chiffre_entier(k->r->a, k->r->lang, (int64_t)n));
}

static void fill_total(struct telling *k, struct calcul_view *v)
{
	struct arena *a = k->r->a;
	const struct lang *l = k->r->lang;
	double total = k->res->totaux[k->i];

	v->total = chiffre_fixe(a, l, total, 1);
	v->total_exact = chiffre_fixe(a, l, total, 4);
	v->statut = "";
	if (isnan(total))
		v->statut = tr(l, k->t->u.etat[k->i] & UNITE_VIDE
			? N_("Sans objet : personne n’habite ici.")
			: N_("Pas de note : trop de valeurs manquent."));
	v->titre = *v->total ? message(a, l, N_("%1 : d’où vient la note %2"), k->ou.nom, v->total)
			     : message(a, l, N_("%1 : pourquoi il n’y a pas de note"), k->ou.nom);
	v->rang = mots_rang(a, l, k->res, k->i);
	if (*v->rang)
		v->rang = arena_cat(a, v->rang, " ", message(a, l, N_("Le rang 1 a la note la plus "
			"haute, parmi les %1."), mots_niveau(l, k->ou.niveau)), NULL);
}

/* The same, line by line, as the command writes it. */
static bool fill_story(struct telling *k, struct calcul_view *v, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	CLEANUP(buf_free) struct buf q = buf_new(8 << 10);

	if (!indice_expliquer(k->r->a, &b, k->t, &k->choix, k->res,
			      k->chosen ? NULL : &k->v->tirage, k->ou.code, e))
		return false;
	v->recit = arena_str(k->r->a, buf_text(&b));
	choix_ecrire(&q, k->v->m, &k->choix);
	v->choix = arena_str(k->r->a, buf_text(&q));
	return !k->r->a->spent || arena_refuse(k->r->a, e);
}

bool methode_calcul(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(arena_free) struct arena scratch = arena_new(MEMORY);
	CLEANUP(telling_end) struct telling k = { .r = r };
	struct err refused = { 0 };
	struct calcul_view v = { 0 };
	struct page page;
	struct html h;

	if (!find(&k, held.r, e) || !count(&k, &scratch, &refused, e)
	    || !fill_lines(&k, &v, e) || !fill_story(&k, &v, e))
		return false;
	v.m = k.v->m;
	v.ou = &k.ou;
	v.niveau = niveau_mots[k.ou.niveau];
	v.echelle = mots_echelle(r->a, r->lang, v.m);
	v.manques = indice_manques(r->a, k.t, &k.choix, k.i);
	v.parties = parts_words(&k);
	v.origine = k.t->entree->origine;
	v.erreur = refused.kind ? refused.msg : NULL;
	fill_total(&k, &v);
	if (v.erreur)
		s->status = 400;
	page = page_for(r, v.titre);
	page.error = v.erreur != NULL;
	page.nav = NAV_TERRITOIRES;
	v.page = &page;
	h = page_html(r, s);
	methode_calcul_page(&h, &v);
	return true;
}
