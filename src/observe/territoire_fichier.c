/* /territoires/{code}/csv and /xlsx: everything that is measured of one territory, a line a
 * figure, with its year, its doubt and its source. */
#include <math.h>
#include <string.h>

#include "core/core.h"
#include "core/indicateur.h"
#include "format/csv.h"
#include "observe/constat.h"
#include "observe/endroit.h"
#include "observe/estimation.h"
#include "observe/nombre.h"
#include "observe/releve.h"
#include "observe/tableau.h"
#include "observe/territoire_page.h"
#include "store/db.h"

struct filing {
	struct req *r;
	struct db *db;
	const struct repertoire *rep;
	struct endroit ou;
	struct buf *b;
};

struct figure {
	const char *rubrique, *code, *libelle;
	int annee;
	double valeur;
	const char *unite, *statut;
	double bas, haut;
	const char *source;
};

static void put_number(struct buf *b, double v)
{
	char text[NOMBRE_TEXTE];

	csv_write_cell(b, nombre_ecrire(v, text), false);
}

static void put(struct filing *k, const struct figure *f)
{
	csv_write_cell(k->b, f->rubrique, true);
	csv_write_cell(k->b, f->code, false);
	csv_write_cell(k->b, f->libelle, false);
	put_number(k->b, f->annee ? f->annee : (double)NAN);
	put_number(k->b, f->valeur);
	csv_write_cell(k->b, f->unite, false);
	csv_write_cell(k->b, f->statut ? f->statut : isnan(f->valeur) ? "non_disponible" : "valeur",
		       false);
	put_number(k->b, f->bas);
	put_number(k->b, f->haut);
	csv_write_cell(k->b, f->source, false);
	buf_str(k->b, "\r\n");
}

static bool put_facts(struct filing *k, struct err *e)
{
	struct constat_ask ask = { k->r->a, k->db, k->rep, k->r->lang, env_now(k->r->env),
		k->ou.mot,
				   k->ou.code, k->ou.commune, k->ou.territoire };
	struct constat_fait *f;
	size_t n;

	if (!constat_make(&ask, &f, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (f[i].annee)
			continue;       /* an indicator: below, with all its years */
		put(k, &(struct figure){ "constat", f[i].code, f[i].libelle, 0,
			f[i].valeur, f[i].unite,
					 NULL, NAN, NAN, "lieux publiés dans notre liste" });
	}
	return true;
}

static bool put_index(struct filing *k, const char *nom, struct err *e)
{
	CLEANUP(releve_drop) const struct releve *v = NULL;
	const struct indice_table *t;
	const struct indice_resultat *r;
	size_t i;

	if (!releve_hold(k->r->core, nom, &v, e))
		return false;
	t = v ? v->tables[k->ou.niveau] : NULL;
	if (!t || (i = table_find(t, k->ou.code)) >= t->u.n)
		return true;
	r = &v->resultats[k->ou.niveau];
	put(k, &(struct figure){ nom, "score", v->m->titre, 0, r->totaux[i], "", NULL, NAN, NAN,
				 v->m->source });
	if (r->rangs[i])
		put(k, &(struct figure){ nom, "rang", "Rang, et ses bornes", 0, r->rangs[i], "", NULL,
					 r->bas ? r->bas[i] : (double)NAN,
					 r->haut ? r->haut[i] : (double)NAN, v->m->source });
	for (int x = 0; x < v->m->n; x++) {
		if (t->x[x])
			put(k, &(struct figure){ nom, v->m->indicateurs[x].code,
				v->m->indicateurs[x].libelle, 0, t->x[x][i], "note", NULL, NAN, NAN,
				v->m->indicateurs[x].source });
	}
	return true;
}

static bool put_indices(struct filing *k, struct err *e)
{
	const struct methode **m;
	size_t n;

	if (!releve_methodes(k->r->core, k->r->a, &m, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!put_index(k, m[i]->nom, e))
			return false;
	}
	return true;
}

static bool put_indicators(struct filing *k, struct err *e)
{
	const struct indicateur *list;
	struct indicateur_fait *f;
	size_t nlist, n;

	if (!indicateur_list(k->db, k->r->a, &list, &nlist, e)
	    || !indicateur_of(k->db, k->r->a, k->ou.mot, k->ou.code, &f, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct indicateur *d = indicateur_find(list, nlist, f[i].indicateur);

		put(k, &(struct figure){ "indicateur", f[i].indicateur,
			d ? d->libelle : f[i].indicateur, f[i].annee, f[i].v.valeur, d
			? d->unite : "",
			indicateur_statut_names[f[i].v.statut], NAN, NAN, d ? arena_cat(k->r->a,
			d->source, *indicateur_reserve(d) ? ". " : "", indicateur_reserve(d), NULL)
			: "" });
	}
	return true;
}

static bool put_people(struct filing *k, struct err *e)
{
	struct estimation_gardee *x;
	size_t n;

	if (!estimation_of(k->db, k->r->a, k->ou.mot, k->ou.code, &x, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		put(k, &(struct figure){ "estimation", x[i].resultat, x[i].libelle, x[i].annee,
					 x[i].nombre, "personnes", estimation_statuts[x[i].statut],
					 x[i].bas, x[i].haut, x[i].titre });
	return true;
}

static bool answer(struct req *r, struct res *s, const char *format, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(4 << 20);
	struct filing k = { .r = r, .rep = held.r, .b = &b };
	bool there;

	if (!db_acquire(r->core->store, &db, e))
		return false;
	if (!endroit_find(r->a, held.r, r->params[0], &k.ou)
	    || !endroit_existe(db, r->a, &k.ou, &there, e) || !there
	    || k.ou.niveau == NIVEAU_PAYS) {
		if (e->kind != E_OK)
			return false;
		fail(e, E_MISSING, N_("Nous ne connaissons pas ce territoire."));
		return hint(e, N_("Cherchez une commune par son nom ou son code postal."));
	}
	k.db = db;
	buf_str(&b, "rubrique,code,libelle,annee,valeur,unite,statut,bas,haut,source\r\n");
	return (k.ou.niveau == NIVEAU_IRIS || put_facts(&k, e)) && put_indices(&k, e)
		&& put_indicators(&k, e) && put_people(&k, e)
	       && tableau_repondre(r, s, &b, format,
				   arena_cat(r->a, "territoire-", k.ou.adresse, NULL), e);
}

bool territoire_csv(struct req *r, struct res *s, struct err *e)
{
	return answer(r, s, "csv", e);
}

bool territoire_xlsx(struct req *r, struct res *s, struct err *e)
{
	return answer(r, s, "xlsx", e);
}
