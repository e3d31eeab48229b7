#include "observe/iris_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/core.h"
#include "core/indicateur.h"
#include "core/ressort.h"
#include "observe/chiffre.h"
#include "observe/iris.htm.h"
#include "observe/iris.sql.h"
#include "store/db.h"
#include "web/message.h"
#include "web/right.h"

enum { CLE = 128, TYPED = 60, NAMED = 6 };

/* --- one ------------------------------------------------------------------------------------ */

static bool knows(const struct portrait *p, const char *libelle)
{
	for (size_t i = 0; i < p->nchiffres; i++) {
		if (!strcmp(p->chiffres[i].libelle, libelle))
			return true;
	}
	return false;
}

/* Figures of its commune that it does not have itself. */
static bool fill_commune(struct req *r, const struct portrait_ask *like, const struct commune *c,
			 struct iris_view *v, struct err *e)
{
	struct portrait_ask ask = *like;
	struct portrait_chiffre *kept;
	struct portrait of;

	ask.niveau = *c->parent ? "arrondissement" : "commune";
	ask.code = ask.adresse = c->code;
	if (!portrait_make(&ask, &of, e))
		return false;
	kept = NEW_ARRAY(r->a, of.nchiffres + 1, struct portrait_chiffre);
	if (!kept)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < of.nchiffres; i++) {
		if (!knows(&v->portrait, of.chiffres[i].libelle))
			kept[v->ncommune_seule++] = of.chiffres[i];
	}
	v->commune_seule = kept;
	return true;
}

static void fill_links(struct req *r, const struct iris *i, const struct commune *c,
		       bool measured, int64_t among, struct iris_view *v)
{
	v->adresse = arena_cat(r->a, "/territoires/", i->code, NULL);
	if (!c)
		return;
	v->commune = c->nom;
	v->commune_lien = arena_cat(r->a, "/territoires/", c->code, NULL);
	v->lieux = arena_cat(r->a, "/lieux?commune=", c->code, NULL);
	if (among > 1)
		v->liste = arena_cat(r->a, v->commune_lien, "/iris", NULL);
	if (among > 1 && measured)
		v->carte = arena_cat(r->a, "/observatoire/carte/", c->code, NULL);
}

static const char *place_words(struct req *r, const struct repertoire *rep,
			       const struct iris *i, const struct commune *c)
{
	const struct territoire *d = c ? repertoire_territoire(rep, "departement", c->departement)
				       : NULL;

	if (!c)
		return message(r->a, r->lang, N_("IRIS d’une commune d’avant, %1 : elle a changé de "
			"code ou a fusionné, et rien d’importé ne dit avec laquelle."), i->commune);
	return message(r->a, r->lang, N_("IRIS %1, %2, %3"), i->code, c->nom,
		       d ? d->nom : c->departement);
}

static bool write_one(struct req *r, struct res *s, struct db *db, const struct repertoire *rep,
		      const struct iris *i, struct err *e)
{
	const struct commune *c = commune_of_code(rep, i->commune);
	struct portrait_ask ask = { .a = r->a, .core = r->core, .db = db, .r = rep,
		.lang = r->lang, .niveau = "iris", .code = i->code,
		.region = c ? c->region : "", .adresse = i->code };
	struct iris_count_of_row among;
	struct iris_view v = { .code = i->code };
	struct page page;
	struct html h;

	if (!iris_count_of(db, r->a, i->commune, &among, e)
	    || !portrait_make(&ask, &v.portrait, e)
	    || (c && !fill_commune(r, &ask, c, &v, e)))
		return false;
	v.titre = iris_nom(r->a, r->lang, i);
	if (c && strcmp(v.titre, c->nom))
		v.titre = arena_cat(r->a, v.titre, " (", c->nom, ")", NULL);
	else if (c)
		v.titre = message(r->a, r->lang, N_("%1, IRIS"), v.titre);
	v.situation = place_words(r, rep, i, c);
	v.type = iris_type_mots(r->lang, i->type);
	v.habitants = iris_habitants(r->a, r->lang, i);
	v.source = message(r->a, r->lang, N_("source : %1"), i->source);
	fill_links(r, i, c, v.portrait.methode || v.portrait.nchiffres, among.n, &v);
	page = page_for(r, v.titre);
	page.nav = NAV_TERRITOIRES;
	v.page = &page;
	h = page_html(r, s);
	iris_un(&h, &v);
	return !r->a->spent || arena_refuse(r->a, e);
}

bool iris_page(struct req *r, struct res *s, const char *code, bool *found, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	struct iris one;

	*found = false;
	if (!iris_forme(code))
		return true;
	if (!db_acquire(r->core->store, &db, e) || !iris_find(db, r->a, code, &one, found, e))
		return false;
	return !*found || write_one(r, s, db, held.r, &one, e);
}

/* --- those of a commune --------------------------------------------------------------------- */

struct liste_in {
	const char *nom;
	int tri;
};

static const struct choice orders[] = {
	{ "nom", N_("des noms"), NULL }, { "indice", N_("de l’indice"), NULL },
	{ "habitants", N_("du nombre d’habitants"), NULL }, { 0 },
};

static const struct field liste_fields[] = {
	{ AT(liste_in, nom), .kind = F_TEXT, .max = TYPED, .label = N_("Nom ou code d’un IRIS") },
	{ AT(liste_in, tri), .kind = F_CHOICE, .choices = orders, .label = N_("Dans l’ordre") },
	{ 0 },
};

struct listing {
	struct req *r;
	struct db *db;
	const struct releve *v;         /* of the scores; NULL: none */
};

static void listing_end(struct listing *k)
{
	releve_drop(&k->v);
}

static int by_cle(const void *x, const void *y)
{
	const struct iris_ligne *a = x, *b = y;
	int d = strcmp(a->cle, b->cle);

	return d ? d : strcmp(a->code, b->code);
}

/* Highest first; what is not known, last. */
static int downward(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) - isnan(b);
	return (a < b) - (a > b);
}

static int by_note(const void *x, const void *y)
{
	const struct iris_ligne *a = x, *b = y;
	int d = downward(a->valeur, b->valeur);

	return d ? d : by_cle(x, y);
}

static int by_people(const void *x, const void *y)
{
	const struct iris_ligne *a = x, *b = y;
	int d = downward(a->population, b->population);

	return d ? d : by_cle(x, y);
}

static struct iris_ligne line_of(struct listing *k, const struct iris *i)
{
	struct arena *a = k->r->a;
	const struct lang *l = k->r->lang;
	const struct indice_table *t = k->v ? k->v->tables[NIVEAU_IRIS] : NULL;
	size_t at = t ? table_find(t, i->code) : 0;
	double v = t && at < t->u.n ? k->v->resultats[NIVEAU_IRIS].totaux[at] : (double)NAN;
	const char *nom = iris_nom(a, l, i);
	char cle[CLE];

	utf8_fold(nom, cle, sizeof cle);
	return (struct iris_ligne){ arena_cat(a, "/territoires/", i->code, NULL), nom, i->code,
		iris_type_mots(l, i->type), isnan(i->population) ? tr(l, N_("non connu"))
		: chiffre(a, l, i->population, 0), chiffre(a, l, v, 1), arena_str(a, cle), v,
		i->population };
}

static bool fill_lines(struct listing *k, const char *commune, const struct liste_in *in,
		       struct iris_liste_view *v, struct err *e)
{
	static int (*const compare[])(const void *, const void *) = { by_cle, by_note, by_people };
	struct iris_ligne *lines;
	struct iris *list;
	char wanted[CLE];

	if (!iris_of(k->db, k->r->a, commune, &list, &v->total, e))
		return false;
	lines = NEW_ARRAY(k->r->a, v->total + 1, struct iris_ligne);
	if (!lines)
		return arena_refuse(k->r->a, e);
	utf8_fold(v->nom, wanted, sizeof wanted);
	for (size_t i = 0; i < v->total; i++) {
		struct iris_ligne one = line_of(k, &list[i]);

		if (!*wanted || strstr(one.cle, wanted) || !strncmp(one.code, v->nom,
			strlen(v->nom)))
			lines[v->n++] = one;
		v->types |= *one.type != '\0';
	}
	v->tri = in->tri > 0 && in->tri < 3 ? in->tri : 0;
	qsort(lines, v->n, sizeof *lines, compare[v->tri]);
	v->lignes = lines;
	return !k->r->a->spent || arena_refuse(k->r->a, e);
}

/* What is measured of IRIS, in words: the first ones by name, then how many more. */
static bool fill_measures(struct listing *k, struct iris_liste_view *v, struct err *e)
{
	const struct indicateur *list;
	struct indicateur_serie *s;
	size_t nlist, n, named = 0, more = 0;

	v->mesures = "";
	if (!indicateur_list(k->db, k->r->a, &list, &nlist, e)
	    || !indicateur_series(k->db, k->r->a, NULL, "iris", &s, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct indicateur *d = indicateur_find(list, nlist, s[i].indicateur);

		if (i + 1 < n && !strcmp(s[i].indicateur, s[i + 1].indicateur))
			continue;       /* an older year of the same */
		if (named == NAMED) {
			more++;
			continue;
		}
		v->mesures = arena_cat(k->r->a, v->mesures, named++ ? " ; " : "",
				       d ? d->libelle : s[i].indicateur, NULL);
	}
	if (more)
		v->mesures = message(k->r->a, k->r->lang, N_("%1, et %2 autres"), v->mesures,
				     chiffre_entier(k->r->a, k->r->lang, (int64_t)more));
	return true;
}

static bool fill_map(struct listing *k, const struct commune *c, struct iris_liste_view *v,
		     struct err *e)
{
	struct iris_contours_row *rows;
	size_t n;

	if (!iris_contours(k->db, k->r->a, c->code, &rows, &n, e))
		return false;
	v->contours = n > 0;
	if (k->v || *v->mesures)
		v->carte = arena_cat(k->r->a, "/observatoire/carte/", c->code, NULL);
	return true;
}

static bool liste_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(listing_end) struct listing k = { .r = r };
	const struct liste_in *in = r->in;
	const struct commune *c = commune_of_code(held.r, r->params[0]);
	struct iris_liste_view v = { .nom = in->nom ? in->nom : "" };
	struct page page;
	struct html h;

	if (!c) {
		fail(e, E_MISSING, N_("Nous ne connaissons pas cette commune."));
		return hint(e, N_("Cherchez-la par son nom ou son code postal."));
	}
	if (!db_acquire(r->core->store, &db, e))
		return false;
	k.db = db;
	if (!portrait_releve(r->core, r->a, NIVEAU_IRIS, NULL, &k.v, e)
	    || !fill_lines(&k, c->code, in, &v, e) || !fill_measures(&k, &v, e)
	    || !fill_map(&k, c, &v, e))
		return false;
	if (!v.total) {
		fail(e, E_MISSING, N_("Aucun IRIS de cette commune n’est connu."));
		return hint(e, N_("Ils viennent des fichiers de l’Insee ou de l’IGN : la documentation dit "
				  "lesquels."));
	}
	v.commune = c->nom;
	v.commune_lien = arena_cat(r->a, "/territoires/", c->code, NULL);
	v.adresse = arena_cat(r->a, v.commune_lien, "/iris", NULL);
	v.titre = message(r->a, r->lang, N_("Les IRIS de %1"), c->nom);
	if (k.v) {
		v.methode = k.v->m->titre;
		v.methode_lien = arena_cat(r->a, "/observatoire/methodes/", k.v->m->nom, NULL);
	}
	page = page_for(r, v.titre);
	page.nav = NAV_TERRITOIRES;
	page.no_index |= *v.nom != '\0';
	v.page = &page;
	h = page_html(r, s);
	iris_liste(&h, &v);
	return true;
}

const struct route iris_routes[] = {
	{ GET, "/territoires/{code}/iris", liste_page, CAN_PUBLIC, liste_fields,
	  sizeof(struct liste_in), N_("Les IRIS d’une commune"), ROUTE_SLOW, NULL },
	{ 0 },
};
