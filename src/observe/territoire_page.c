#include "observe/territoire_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/commune.h"
#include "core/core.h"
#include "core/ressort.h"
#include "core/territoire.sql.h"
#include "observe/iris.sql.h"
#include "observe/iris_page.h"
#include "observe/territoire.htm.h"
#include "store/db.h"
#include "web/message.h"

enum { NEAREST = 3, KEY = 128, WITHOUT_SHOWN = 120 };

struct looking {
	struct req *r;
	const struct repertoire *rep;
	int64_t now;
	const uint32_t *counts;         /* of places, by commune */
};

/* --- facts ----------------------------------------------------------------------------- */

static const struct territoire *above(const struct repertoire *r, const char *niveau,
				      const char *code)
{
	return *code ? repertoire_territoire(r, niveau, code) : NULL;
}

static bool has_year(const char *source)
{
	for (; *source; source++) {
		if ((!strncmp(source, "20", 2) || !strncmp(source, "19", 2))
		    && strspn(source, "0123456789") >= 4)
			return true;
	}
	return false;
}

/* Where a population comes from, and when: "source : communes.csv, reçu le ..." */
static bool fill_source(struct looking *k, struct territoire_view *v, const char *niveau,
			const char *code, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct territoire_get_row row;
	struct arena *a = k->r->a;
	const struct lang *l = k->r->lang;
	char date[I18N_TEXT];
	struct civil c;
	bool found;

	v->source = "";
	if (!db_acquire(k->r->core->store, &db, e)
	    || !territoire_get(db, a, niveau, code, &row, &found, e))
		return false;
	if (!found)
		return true;
	v->source = strcmp(niveau, "commune") && strcmp(niveau, "arrondissement")
		    && strcmp(niveau, "epci") && strcmp(niveau, "ept")
		    ? tr(l, N_("somme des communes"))
		    : message(a, l, N_("source : %1"), row.source);
	if (iso_read(row.maj_le, &c))
		v->source = message(a, l, N_("%1, reçu le %2"), v->source,
				    date_long(l, &c, date));
	if (!has_year(row.source))
		v->source = message(a, l, N_("%1 ; l’année n’est pas dite par la source"),
				    v->source);
	return true;
}

/* --- a commune ------------------------------------------------------------------------- */

static void fill_nearest(struct looking *k, struct territoire_view *v, const struct commune *c)
{
	struct lieu_filter f = { .lat = c->lat, .lon = c->lon };
	struct lieu_result found[NEAREST];
	struct vignette *list = NEW_ARRAY(k->r->a, NEAREST, struct vignette);
	size_t n = lieu_search(k->rep, &f, k->now, 0, found, NEAREST, NULL);

	for (size_t i = 0; list && i < n; i++)
		list[i] = vignette_make(k->r->a, k->r->lang, &found[i], (int)i + 1, &f, k->now);
	v->proches = list;
	v->nproches = list ? n : 0;
	v->carte = carte_of_lieux(k->r->a, k->rep, k->r->lang, c, c->lat, c->lon, found, n, 1);
}

static int64_t count_service(struct looking *k, const struct commune *c, uint32_t bit)
{
	int64_t n = 0;

	for (size_t i = 0; i < k->rep->nlieux; i++) {
		const struct lieu *l = &k->rep->lieux[i];
		const struct commune *of = l->services & bit
					   ? commune_of_code(k->rep, l->code_insee) : NULL;

		n += of && (of == c || !strcmp(of->parent, c->code));
	}
	return n;
}

static void fill_needs(struct looking *k, struct territoire_view *v, const struct commune *c)
{
	size_t n = choice_count(lieu_services);
	struct territoire_besoin *b = NEW_ARRAY(k->r->a, n, struct territoire_besoin);
	char text[I18N_TEXT];

	for (size_t i = 0; b && i < n; i++) {
		struct lieu_filter f = { .lat = c->lat, .lon = c->lon, .services = 1u << i };
		struct lieu_result one;

		b[i].label = tr(k->r->lang, lieu_services[i].label);
		b[i].lien = arena_cat(k->r->a, "/lieux?commune=", c->code, "&service=",
				      lieu_services[i].slug, NULL);
		b[i].distance = "";
		b[i].nombre = count_service(k, c, 1u << i);
		if (lieu_search(k->rep, &f, k->now, 0, &one, 1, NULL))
			b[i].distance = arena_str(k->r->a, distance_text(k->r->lang, one.metres,
									 text));
	}
	v->besoins = b;
	v->nbesoins = b ? n : 0;
}

static void add_link(struct territoire_lien *l, size_t *n, struct arena *a,
		     const struct territoire *t)
{
	if (t)
		l[(*n)++] = (struct territoire_lien){ t->nom, territoire_lien(a, t), "", 0 };
}

/* "Commune de Seine-Saint-Denis, Est Ensemble", and the links to what is larger. */
static void fill_above(struct looking *k, struct territoire_view *v, const struct commune *c)
{
	struct territoire_lien *l = NEW_ARRAY(k->r->a, 6, struct territoire_lien);
	const struct territoire *d = above(k->rep, "departement", c->departement);
	const struct territoire *t = above(k->rep, "ept", c->ept);
	const struct commune *parent = *c->parent ? repertoire_commune(k->rep, c->parent) : NULL;
	const char *where = d ? d->nom : c->departement;
	size_t n = 0;

	if (!l)
		return;
	if (!t)
		t = above(k->rep, "epci", c->epci);
	v->situation = t ? message(k->r->a, k->r->lang, N_("Commune, %1, %2"), where, t->nom)
			 : message(k->r->a, k->r->lang, N_("Commune, %1"), where);
	if (parent) {
		v->situation = message(k->r->a, k->r->lang, N_("Arrondissement, %1, %2"),
				       parent->nom, where);
		l[n++] = (struct territoire_lien){ parent->nom,
			arena_cat(k->r->a, "/territoires/", parent->code, NULL), "", 0 };
	}
	add_link(l, &n, k->r->a, t);
	add_link(l, &n, k->r->a, d);
	add_link(l, &n, k->r->a, above(k->rep, "region", c->region));
	v->autour = l;
}

static bool fill_commune(struct looking *k, struct territoire_view *v, const struct commune *c,
			 struct err *e)
{
	v->commune = true;
	v->titre = c->nom;
	v->population = c->population;
	v->lieux = k->counts[c - k->rep->communes];
	fill_above(k, v, c);
	if (!isnan(c->lat)) {
		fill_nearest(k, v, c);
		fill_needs(k, v, c);
		v->chercher = arena_cat(k->r->a, "/lieux?commune=", c->code, NULL);
	}
	if (!v->carte)
		v->carte = carte_of_territoire(k->r->a, k->rep, k->r->lang, c->departement, c,
					       c->nom);
	if (c->approchee)
		v->note = tr(k->r->lang, N_("Position approchée de la commune : les distances "
					    "sont à quelques kilomètres près."));
	return fill_source(k, v, *c->parent ? "arrondissement" : "commune", c->code, e);
}

/* --- several communes ------------------------------------------------------------------ */

static int by_nom(const void *x, const void *y)
{
	const struct commune *const *a = x, *const *b = y;

	return strcmp((*a)->cle, (*b)->cle);
}

/* Links to communes, with how many places each has. */
static const struct territoire_lien *list(struct looking *k, const struct commune **all,
					  size_t n)
{
	struct territoire_lien *l = NEW_ARRAY(k->r->a, n + 1, struct territoire_lien);

	qsort(all, n, sizeof *all, by_nom);
	for (size_t i = 0; l && i < n; i++) {
		l[i].texte = all[i]->nom;
		l[i].lien = arena_cat(k->r->a, "/territoires/", all[i]->code, NULL);
		l[i].suite = "";
		l[i].lieux = k->counts[all[i] - k->rep->communes];
	}
	return l;
}

static bool fill_communes(struct looking *k, struct territoire_view *v,
			  const struct territoire *t, struct err *e)
{
	const struct repertoire *r = k->rep;
	const struct commune **with = NEW_ARRAY(k->r->a, r->ncommunes, const struct commune *);
	const struct commune **without = NEW_ARRAY(k->r->a, r->ncommunes,
						   const struct commune *);
	size_t n = 0, m = 0;

	if (!with || !without)
		return arena_refuse(k->r->a, e);
	for (size_t i = 0; i < r->ncommunes; i++) {
		if (!commune_in(&r->communes[i], t))
			continue;
		v->lieux += k->counts[i];
		if (k->counts[i])
			with[n++] = &r->communes[i];
		else
			without[m++] = &r->communes[i];
	}
	v->communes = (int64_t)(n + m);
	v->sans = (int64_t)m;
	v->avec = list(k, with, n);
	if (m <= WITHOUT_SHOWN)
		v->vides = list(k, without, m);
	return true;
}

/* A région: its départements with their places; its communes are only counted. */
static bool fill_region(struct looking *k, struct territoire_view *v,
			const struct territoire *t, struct err *e)
{
	const struct repertoire *r = k->rep;
	struct territoire_lien *l = NEW_ARRAY(k->r->a, r->nterritoires + 1, struct territoire_lien);
	size_t n = 0;

	if (!l)
		return arena_refuse(k->r->a, e);
	for (size_t i = 0; i < r->nterritoires; i++) {
		const struct territoire *d = &r->territoires[i];

		if (!strcmp(d->niveau, "departement") && !strcmp(d->region, t->code))
			l[n++] = (struct territoire_lien){ d->nom, territoire_lien(k->r->a, d),
							   "", 0 };
	}
	for (size_t i = 0; i < r->ncommunes; i++) {
		const struct commune *c = &r->communes[i];

		if (!commune_in(c, t))
			continue;
		v->communes++;
		v->lieux += k->counts[i];
		v->sans += !k->counts[i];
		for (size_t j = 0; k->counts[i] && j < n; j++) {
			const struct territoire *d = above(r, "departement", c->departement);

			if (d && !strcmp(d->nom, l[j].texte))
				l[j].lieux += k->counts[i];
		}
	}
	v->departements = l;
	return true;
}

/* Links to what is larger: where most of an EPCI's people live, when it lies in several. */
static void fill_around(struct looking *k, struct territoire_view *v, const struct territoire *t)
{
	struct territoire_lien *l = NEW_ARRAY(k->r->a, 3, struct territoire_lien);
	size_t n = 0;

	if (!l)
		return;
	if (*t->niveau == 'e')
		add_link(l, &n, k->r->a, above(k->rep, "departement",
					       territoire_dans(k->rep, t, "departement")));
	add_link(l, &n, k->r->a, above(k->rep, "region", territoire_dans(k->rep, t, "region")));
	v->autour = l;
}

static bool fill_territoire(struct looking *k, struct territoire_view *v,
			    const struct territoire *t, struct err *e)
{
	const struct territoire *region = above(k->rep, "region", t->region);

	v->titre = t->nom;
	v->population = t->population;
	v->situation = *t->niveau == 'd'
		? (region ? message(k->r->a, k->r->lang, N_("Département, %1"), region->nom)
			  : tr(k->r->lang, N_("Département")))
		: tr(k->r->lang, *t->niveau == 'r' ? N_("Région")
				 : !strcmp(t->niveau, "ept") ? N_("Établissement public territorial")
				 : N_("Regroupement de communes"));
	if (*t->niveau == 'd')
		v->carte = carte_of_territoire(k->r->a, k->rep, k->r->lang, t->code, NULL,
					       t->nom);
	if (*t->niveau != 'r')
		fill_around(k, v, t);
	if (*t->niveau != 'r')
		return fill_communes(k, v, t, e) && fill_source(k, v, t->niveau, t->code, e);
	return fill_region(k, v, t, e) && fill_source(k, v, t->niveau, t->code, e);
}

/* The quarters of a commune; one that is not divided is an IRIS by itself. */
static bool count_iris(struct looking *k, struct territoire_view *v, struct db *db,
		       const struct commune *c, struct err *e)
{
	struct iris_count_of_row row;

	if (!iris_count_of(db, k->r->a, c->code, &row, e))
		return false;
	v->niris = row.n;
	v->iris = arena_cat(k->r->a, "/territoires/", c->code, "/iris", NULL);
	return true;
}

/* Those that no commune of today has: nothing imported says what theirs became. */
static bool list_orphans(struct looking *k, struct territoire_view *v, struct db *db,
			 const struct territoire *t, struct err *e)
{
	struct iris_orphelins_row *rows;
	struct territoire_lien *l;
	size_t n;

	if (!iris_orphelins(db, k->r->a, t->code, &rows, &n, e))
		return false;
	l = NEW_ARRAY(k->r->a, n + 1, struct territoire_lien);
	if (!l)
		return arena_refuse(k->r->a, e);
	for (size_t i = 0; i < n; i++)
		l[i] = (struct territoire_lien){ rows[i].nom,
			arena_cat(k->r->a, "/territoires/", rows[i].code, NULL),
			arena_cat(k->r->a, "(", rows[i].commune, ")", NULL), 0 };
	v->orphelins = l;
	return true;
}

static bool fill_portrait(struct looking *k, struct territoire_view *v, const struct commune *c,
			  const struct territoire *t, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct arena *a = k->r->a;
	const char *code = c ? c->code : t->code;
	const char *dep = c ? c->departement : territoire_dans(k->rep, t, "departement");
	struct portrait_ask ask = {
		.a = a, .core = k->r->core, .r = k->rep, .lang = k->r->lang,
		.niveau = !c ? t->niveau : *c->parent ? "arrondissement" : "commune",
		.code = code, .region = c ? c->region : territoire_dans(k->rep, t, "region"),
		.commune = c, .voisins = true,
		.adresse = c ? code : strrchr(territoire_lien(a, t), '/') + 1 };
	struct constat_ask around = { a, NULL, k->rep, k->r->lang, k->now, ask.niveau, code, c, t };

	v->adresse = arena_cat(a, "/territoires/", ask.adresse, NULL);
	v->comparer = arena_cat(a, "/territoires/comparer?a=", ask.adresse, NULL);
	v->relation = arena_cat(a, c ? "/territoires/" : territoire_lien(a, t), c ? code : "",
				"/portrait", NULL);
	if (*dep && (c || *t->niveau != 'r')) {
		v->cartes = arena_cat(a, "/observatoire/carte/", dep, c || *t->niveau == 'd' ? ""
				      : "?niveau=epci", NULL);
		v->offre = arena_cat(a, "/observatoire/offre/", dep, NULL);
	}
	if (!db_acquire(k->r->core->store, &db, e))
		return false;
	ask.db = around.db = db;
	if (c ? !count_iris(k, v, db, c, e) : *t->niveau == 'd' && !list_orphans(k, v, db, t, e))
		return false;
	return constat_make(&around, &v->faits, &v->nfaits, e)
	       && portrait_make(&ask, &v->portrait, e);
}

static bool territoire_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct looking k = { .r = r, .rep = held.r, .now = env_now(r->env) };
	struct territoire_view v = { .population = -1, .note = "", .source = "" };
	const char *code = r->params[0];
	const struct commune *c = commune_of_code(k.rep, code);
	const struct territoire *t = c ? NULL : territoire_of_code(k.rep, code);
	struct page page;
	struct html h;

	if (!c && !t) {
		bool found;

		if (!iris_page(r, s, code, &found, e) || found)
			return e->kind == E_OK;
		fail(e, E_MISSING, N_("Nous ne connaissons pas ce territoire."));
		return hint(e, N_("Cherchez une commune par son nom ou son code postal."));
	}
	if (c && strcmp(c->code, code))
		return res_see_other(s, arena_cat(r->a, "/territoires/", c->code, NULL));
	k.counts = lieux_by_commune(r->a, k.rep);
	if (!k.counts)
		return arena_refuse(r->a, e);
	if (!(c ? fill_commune(&k, &v, c, e) : fill_territoire(&k, &v, t, e)))
		return false;
	if (!fill_portrait(&k, &v, c, t, e))
		return false;
	page = page_for(r, v.titre);
	v.page = &page;
	h = page_html(r, s);
	territoire(&h, &v);
	return true;
}

/* --- finding one ----------------------------------------------------------------------- */

struct territoires_in {
	const char *nom;
};

static const struct field territoires_fields[] = {
	{ AT(territoires_in, nom), .kind = F_TEXT, .max = COMMUNE_TYPED,
	  .label = N_("Commune, code postal ou département") },
	{ 0 },
};

/* A département, an EPCI, an EPT or a région, unless a commune has that very name. */
static const struct territoire *territoire_named(const struct repertoire *r, const char *nom)
{
	char key[KEY], code[KEY];

	utf8_fold(nom, key, sizeof key);
	for (size_t i = 0; i < r->nterritoires; i++) {
		const struct territoire *t = &r->territoires[i];

		if (strcmp(t->niveau, "departement"))
			continue;
		utf8_fold(t->code, code, sizeof code);
		if (!strcmp(t->cle, key) || !strcmp(code, key))
			return t;
	}
	return commune_typed(r, nom) ? NULL : territoire_typed(r, nom);
}

static const struct territoire_lien *choices(struct looking *k, const struct commune_match *m,
					     size_t n)
{
	struct territoire_lien *l = NEW_ARRAY(k->r->a, n + 1, struct territoire_lien);

	for (size_t i = 0; l && i < n; i++) {
		l[i].texte = commune_label(k->r->a, m[i].commune);
		l[i].lien = arena_cat(k->r->a, "/territoires/", m[i].commune->code, NULL);
		l[i].suite = m[i].ancien ? message(k->r->a, k->r->lang, N_("où se trouve %1"),
						   m[i].ancien) : "";
	}
	return l;
}

static const struct territoire_lien *departements(struct looking *k)
{
	const struct repertoire *r = k->rep;
	struct territoire_lien *l = NEW_ARRAY(k->r->a, r->nterritoires + 1,
					      struct territoire_lien);
	size_t n = 0;

	for (size_t i = 0; l && i < r->nterritoires; i++) {
		const struct territoire *t = &r->territoires[i];

		if (!strcmp(t->niveau, "departement"))
			l[n++] = (struct territoire_lien){ t->nom,
				arena_cat(k->r->a, "/territoires/", t->code, NULL),
				arena_cat(k->r->a, "(", t->code, ")", NULL), 0 };
	}
	return l;
}

static bool known_iris(struct req *r, const char *code, bool *known, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct iris one;

	return db_acquire(r->core->store, &db, e) && iris_find(db, r->a, code, &one, known, e);
}

static bool territoires_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct territoires_in *in = r->in;
	struct looking k = { .r = r, .rep = held.r };
	struct territoires_view v = { .nom = in->nom ? in->nom : "" };
	struct commune_match m[COMMUNE_MATCHES];
	const struct territoire *t = in->nom ? territoire_named(k.rep, in->nom) : NULL;
	size_t n = in->nom && !t ? commune_find(k.rep, in->nom, m, COMMUNE_MATCHES) : 0;
	struct page page = page_for(r, N_("Territoires"));
	struct html h;

	if (in->nom && iris_forme(in->nom)) {
		bool known;

		if (!known_iris(r, in->nom, &known, e))
			return false;
		if (known)
			return res_see_other(s, arena_cat(r->a, "/territoires/", in->nom, NULL));
	}
	if (t)
		return res_see_other(s, territoire_lien(r->a, t));
	if (commune_is_sure(m, n, v.nom))
		return res_see_other(s, arena_cat(r->a, "/territoires/", m[0].commune->code,
						  NULL));
	v.erreur = req_error(r, "nom");
	if (in->nom && !n && !v.erreur)
		v.erreur = message(r->a, r->lang,
				   N_("Nous ne trouvons pas « %1 ». Écrivez le nom d’une commune, "
				      "son code postal, ou un département."), in->nom);
	if (v.erreur) {
		page.error = true;
		s->status = 400;
	}
	v.choix = choices(&k, m, n);
	v.departements = departements(&k);
	v.page = &page;
	h = page_html(r, s);
	territoires(&h, &v);
	return true;
}

const struct route territoire_routes[] = {
	{ GET, "/territoires", territoires_page, CAN_PUBLIC, territoires_fields,
	  sizeof(struct territoires_in), N_("Territoires"), 0, NULL },
	{ GET, "/territoires/{code}", territoire_page, CAN_PUBLIC, NULL, 0,
	  N_("Ce qu’il y a autour des habitants d’un territoire"), ROUTE_SLOW, NULL },
	{ GET, "/territoires/{code}/csv", territoire_csv, CAN_PUBLIC, NULL, 0,
	  N_("Tous les chiffres d’un territoire, en CSV"), ROUTE_SLOW, NULL },
	{ GET, "/territoires/{code}/xlsx", territoire_xlsx, CAN_PUBLIC, NULL, 0,
	  N_("Tous les chiffres d’un territoire, en XLSX"), ROUTE_SLOW, NULL },
	{ 0 },
};
