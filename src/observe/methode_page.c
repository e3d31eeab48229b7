#include "observe/methode_page.h"

#include <math.h>
#include <string.h>

#include "base/embedded.h"
#include "core/core.h"
#include "core/indicateur.h"
#include "core/ressort.h"
#include "observe/chiffre.h"
#include "observe/methode.htm.h"
#include "observe/mots.h"
#include "observe/releve.h"
#include "store/db.h"
#include "web/message.h"
#include "web/right.h"

static bool unknown_method(struct err *e)
{
	fail(e, E_MISSING, N_("Nous ne connaissons pas cette méthode."));
	return hint(e, N_("La liste est à l’adresse /observatoire."));
}

/* Of those that travel in the program only: an address never opens another file. */
static const struct embedded_file *file_of(struct arena *a, const char *nom)
{
	return embedded_find(embedded_files, arena_cat(a, "data/methodes/", nom, ".json", NULL));
}

static bool open_method(struct req *r, const struct methode **m, struct err *e)
{
	const struct embedded_file *f = file_of(r->a, r->params[0]);

	if (!f)
		return unknown_method(e);
	return methode_read(r->a, f->name, f->p, (size_t)(f->end - f->p), m, e);
}

/* --- what a method is ----------------------------------------------------------------------- */

/* What is stored of an indicator: "2021, par commune"; its scores when the method has some. */
static const char *known_of(struct req *r, const struct methode *m, const char *code,
			    const struct indicateur_serie *s, size_t n)
{
	const char *scores = *m->notes ? arena_cat(r->a, m->notes, code, NULL) : NULL;
	const struct indicateur_serie *best = NULL;

	for (size_t i = 0; i < n; i++) {
		bool raw = !strcmp(s[i].indicateur, code);

		if (!raw && (!scores || strcmp(s[i].indicateur, scores)))
			continue;
		if (!best || s[i].annee > best->annee
		    || (s[i].annee == best->annee && raw && strcmp(best->indicateur, code)))
			best = &s[i];
	}
	if (!best)
		return "";
	code = strcmp(best->indicateur, code) ? N_("%1, notes publiées") : "%1";
	return message(r->a, r->lang, code, arena_printf(r->a, "%d", best->annee));
}

static const char *part_text(struct req *r, double part)
{
	return part > 0 ? arena_cat(r->a, chiffre(r->a, r->lang, part * 100, 1), "\u00a0%", NULL)
			: "";
}

static const char *reserve_of(struct req *r, const char *code)
{
	const struct indicateur *list;
	struct err e = { 0 };
	size_t n;

	return indicateur_shipped(r->a, &list, &n, &e)
	       ? indicateur_reserve(indicateur_find(list, n, code)) : "";
}

static void fill_line(struct req *r, const struct methode *m, int k, double part,
		      const struct indicateur_serie *s, size_t n, struct methode_ligne *out)
{
	const struct methode_indicateur *x = &m->indicateurs[k];

	*out = (struct methode_ligne){ x->code, x->libelle, x->unite, x->source,
		part_text(r, part), x->inverse, known_of(r, m, x->code, s, n),
		reserve_of(r, x->code) };
}

/* The groups that hold indicators, in the order of the file. */
static bool fill_groups(struct req *r, struct methode_view *v, const struct indicateur_serie *s,
			size_t n, struct err *e)
{
	const struct methode *m = v->m;
	struct indice_choix choix;
	double parts[METHODE_INDICATEURS];

	choix_defaut(m, &choix);
	choix_parts(m, &choix, UINT64_MAX, parts);
	v->groupes = NEW_ARRAY(r->a, (size_t)m->ngroupes, struct methode_groupe_ligne);
	if (!v->groupes)
		return arena_refuse(r->a, e);
	for (int g = 0; g < m->ngroupes; g++) {
		struct methode_groupe_ligne *l = &v->groupes[v->ngroupes];
		double sum = 0;

		*l = (struct methode_groupe_ligne){ .libelle = m->groupes[g].libelle };
		l->lignes = NEW_ARRAY(r->a, (size_t)m->n, struct methode_ligne);
		if (!l->lignes)
			return arena_refuse(r->a, e);
		for (int k = 0; k < m->n; k++) {
			if (m->indicateurs[k].groupe != g)
				continue;
			fill_line(r, m, k, parts[k], s, n, &l->lignes[l->n++]);
			sum += parts[k];
		}
		l->comment = m->groupes[g].agregation == AGREGATION_GEOMETRIQUE
			     ? tr(r->lang, N_("moyenne géométrique")) : "";
		l->part = part_text(r, sum);
		v->ngroupes += l->n > 0;
	}
	return true;
}

static const char *missing_words(struct req *r, const struct methode *m)
{
	const char *share = arena_printf(r->a, "%.0f", m->couverture * 100);

	switch (m->manquant) {
	case MANQUANT_REFUSER:
		return tr(r->lang, N_("Il suffit qu’un indicateur manque pour qu’il n’y ait pas de "
				      "note."));
	case MANQUANT_PARENT:
		return message(r->a, r->lang, N_("Une valeur qui manque est empruntée au territoire "
			"qui le contient, et c’est dit ; à défaut elle est laissée de côté. Sous "
			"%1 % des poids, il n’y a pas de note."), share);
	case MANQUANT_ECARTER:
		break;
	}
	return message(r->a, r->lang, N_("Une valeur qui manque est laissée de côté, et c’est dit ; "
		"les autres comptent davantage. Sous %1 % des poids, il n’y a pas de note."), share);
}

/* Something worked out, and a territory to show it on. */
static bool fill_known(struct req *r, struct methode_view *v, struct err *e)
{
	CLEANUP(releve_drop) const struct releve *found = NULL;
	const struct indice_table *t;

	if (!releve_hold(r->core, v->m->nom, &found, e))
		return false;
	if (!found)
		return true;
	v->calculee = true;
	v->donnees = arena_cat(r->a, "/donnees/indice-", v->m->nom, NULL);
	t = found->tables[NIVEAU_DEPARTEMENT];
	if (!t || !t->u.n)
		return true;
	v->exemple_nom = arena_str(r->a, t->u.noms[0]);
	v->exemple = arena_cat(r->a, "/observatoire/methodes/", v->m->nom, "/", t->u.codes[0],
			       NULL);
	return true;
}

static bool methode_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct methode_view v = { 0 };
	struct indicateur_serie *series;
	struct page page;
	struct html h;
	size_t n;

	if (!open_method(r, &v.m, e) || !db_acquire(r->core->store, &db, e)
	    || !indicateur_series(db, r->a, NULL, NULL, &series, &n, e)
	    || !fill_groups(r, &v, series, n, e) || !fill_known(r, &v, e))
		return false;
	v.echelle = mots_echelle(r->a, r->lang, v.m);
	v.lecture = mots_lecture(r->lang, v.m);
	v.norme = norme_mots(r->a, &v.m->indicateurs[0].norme, v.m->unite);
	v.manquant = missing_words(r, v.m);
	v.montee = tr(r->lang, v.m->montee_egale
		? N_("La note d’un territoire plus grand est la moyenne de celles de ses parties, une "
		     "voix chacune.")
		: N_("La note d’un territoire plus grand est la moyenne de celles de ses parties, "
		     "chacune comptant pour ses habitants."));
	v.doute = message(r->a, r->lang, N_("Le rang est recalculé %1 fois avec d’autres poids, "
		"d’autres façons de noter, et parfois un indicateur de moins : neuf fois sur dix il "
		"reste entre les deux bornes qui sont dites."),
		chiffre_entier(r->a, r->lang, RELEVE_TIRAGES));
	page = page_for(r, v.m->titre);
	page.nav = NAV_TERRITOIRES;
	v.page = &page;
	h = page_html(r, s);
	methode_une(&h, &v);
	return true;
}

static bool methode_file(struct req *r, struct res *s, struct err *e)
{
	const struct embedded_file *f = file_of(r->a, r->params[0]);

	if (!f)
		return unknown_method(e);
	s->type = "application/json";
	s->filename = arena_cat(r->a, r->params[0], ".json", NULL);
	buf_add(&s->body, f->p, (size_t)(f->end - f->p));
	return true;
}

const struct route methode_routes[] = {
	{ GET, "/observatoire/methodes/{nom}", methode_show, CAN_PUBLIC, NULL, 0,
	  N_("Ce que calcule une méthode d’indice"), ROUTE_SLOW, NULL },
	{ GET, "/observatoire/methodes/{nom}/methode.json", methode_file, CAN_PUBLIC, NULL, 0,
	  N_("Le fichier d’une méthode, à copier"), 0, NULL },
	{ GET, "/observatoire/methodes/{nom}/{code}", methode_calcul, CAN_PUBLIC, NULL, 0,
	  N_("Le calcul d’un territoire, étape par étape"), ROUTE_SLOW, NULL },
	{ 0 },
};
