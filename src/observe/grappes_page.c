#include "observe/grappes_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "core/ressort.h"
#include "observe/chiffre.h"
#include "observe/fonds.h"
#include "observe/grappes.htm.h"
#include "observe/ressorts.h"
#include "observe/tableau.h"
#include "store/db.h"
#include "web/message.h"
#include "web/query.h"
#include "web/right.h"

enum { WIDTH = 720, TIRAGES = 1999, PROCHES = 6, ROWS = 300 };
static const size_t MEMORY = (size_t)64 << 20;

struct grappes_in {
	const char *mesure;
	int voisins;
};

static const struct choice voisins[] = {
	{ "contours", N_("Celles qui se touchent"), NULL },
	{ "proches", N_("Les six plus proches"), NULL },
	{ 0 },
};

static const struct field grappes_fields[] = {
	{ AT(grappes_in, mesure), .kind = F_TEXT, .max = 80, .label = N_("Ce que montre la carte") },
	{ AT(grappes_in, voisins), .kind = F_CHOICE, .choices = voisins, .label = N_("Voisines") },
	{ 0 },
};

struct judging {
	struct req *r;
	struct arena *a;
	struct ressorts of;
	struct mesure *mesures;
	size_t nmesures;
	const struct mesure *mesure;
	struct grappes g;
	bool faite, proches, repli;
	/* of each territory: index in g; g.n when it has no value */
	size_t *at;
	const struct choroplethe_fond *fond;
};

static void judging_end(struct judging *k)
{
	fond_drop(&k->fond);
}

/* Touching ones where outlines are known, the nearest otherwise. */
static bool compute(struct judging *k, const struct commune *const *communes, const double *v,
		    struct err *e)
{
	const struct grappes_in *in = k->r->in;
	struct grappes_choix choix = { in->voisins == 1 ? PROCHES : 0, TIRAGES, 1 };
	struct err own = { 0 };

	k->proches = choix.proches > 0;
	k->faite = grappes_compute(k->a, k->of.rep, communes, v, k->of.n, &choix, &k->g, &own);
	if (!k->faite && own.kind == E_INPUT && !choix.proches) {
		own = (struct err){ 0 };
		choix.proches = PROCHES;
		k->proches = k->repli = true;
		k->faite = grappes_compute(k->a, k->of.rep, communes, v, k->of.n, &choix,
			&k->g, &own);
	}
	if (k->faite || own.kind == E_INPUT)
		return true;
	*e = own;
	return false;
}

/* Communes come in the order of their codes, and so do those of g. */
static bool match(struct judging *k, struct err *e)
{
	k->at = NEW_ARRAY(k->a, k->of.n + 1, size_t);
	if (!k->at)
		return arena_refuse(k->a, e);
	for (size_t i = 0, j = 0; i < k->of.n; i++) {
		k->at[i] = k->g.n;
		if (k->faite && j < k->g.n && k->g.communes[j] == k->of.t[i].commune)
			k->at[i] = j++;
	}
	return true;
}

static bool judge(struct judging *k, const struct repertoire *rep, struct db *db, struct err *e)
{
	struct req *r = k->r;
	const struct grappes_in *in = r->in;
	struct mesure_lecture l = { r->a, r->core, db, rep, r->lang };
	const struct commune **communes;
	double *v;

	if (!strcmp(r->params[0], "france"))
		return fail(e, E_MISSING, N_("Les grappes se lisent département par département."));
	if (!ressorts_of(r->a, rep, r->params[0], false, &k->of, e)
	    || !mesure_list(&l, "commune", &k->mesures, &k->nmesures, e))
		return false;
	k->mesure = in->mesure ? mesure_find(k->mesures, k->nmesures, in->mesure) : NULL;
	if (!k->mesure)         /* an index when there is one: the places that we know come first */
		k->mesure = &k->mesures[k->nmesures > 1];
	communes = NEW_ARRAY(k->a, k->of.n + 1, const struct commune *);
	v = NEW_ARRAY(k->a, k->of.n + 1, double);
	if (k->a->spent)
		return arena_refuse(k->a, e);
	if (!mesure_read(&l, k->mesure, NULL, k->of.t, k->of.n, e))
		return false;
	for (size_t i = 0; i < k->of.n; i++) {
		communes[i] = k->of.t[i].commune;
		v[i] = k->of.t[i].valeur;
	}
	return compute(k, communes, v, e) && match(k, e);
}

/* --- words --------------------------------------------------------------------------------- */

static const char *grappe_words(const struct lang *l, enum grappe g)
{
	static const char *const words[] = {
		[GRAPPE_AUCUNE] = N_("rien de sûr"),
		[GRAPPE_HAUT_HAUT] = N_("haute, parmi des hautes"),
		[GRAPPE_BAS_BAS] = N_("basse, parmi des basses"),
		[GRAPPE_HAUT_BAS] = N_("haute, parmi des basses"),
		[GRAPPE_BAS_HAUT] = N_("basse, parmi des hautes"),
		[GRAPPE_ISOLE] = N_("sans voisine : non jugée"),
	};

	return tr(l, words[g]);
}

/* Textures: what is not sure is blank, high among high is full. */
static int class_of(enum grappe g)
{
	static const int classes[] = {
		[GRAPPE_AUCUNE] = 0, [GRAPPE_HAUT_HAUT] = 4, [GRAPPE_BAS_BAS] = 1,
		[GRAPPE_HAUT_BAS] = 3, [GRAPPE_BAS_HAUT] = 2, [GRAPPE_ISOLE] = CHOROPLETHE_SANS,
	};

	return classes[g];
}

static const char *p_text(struct judging *k, double p)
{
	if (isnan(p))
		return "";
	return p < .01 ? tr(k->r->lang, N_("moins de 0,01")) : chiffre(k->r->a, k->r->lang, p, 2);
}

static void say(struct judging *k, struct grappes_view *v)
{
	struct arena *a = k->r->a;
	const struct lang *l = k->r->lang;
	const struct moran *m = &k->g.global;
	size_t found = 0, judged = k->g.n - k->g.voisins.isoles;

	v->chiffres = v->prudence = "";
	if (!k->faite) {
		v->constat = tr(l, N_("On ne peut pas en juger : il faut au moins quatre communes voisines "
				      "qui ont une valeur, et des valeurs qui diffèrent."));
		return;
	}
	for (int g = GRAPPE_HAUT_HAUT; g <= GRAPPE_BAS_HAUT; g++)
		found += k->g.nombres[g];
	v->constat = tr(l, m->p_tirages > .05
		? N_("Les communes voisines ne se ressemblent pas plus que le hasard ne le ferait.")
		: N_("Les communes voisines se ressemblent plus que le hasard ne le ferait."));
	v->chiffres = message(a, l, N_("I de Moran : %1 (par hasard : %2), p : %3, sur %4 tirages et %5 "
		"communes. 1 : chacune est comme ses voisines ; 0 : sans rapport."),
		chiffre(a, l, m->i, 3), chiffre(a, l, m->attendu, 3), p_text(k, m->p_tirages),
		chiffre_entier(a, l, TIRAGES), chiffre_entier(a, l, (int64_t)k->g.n));
	v->prudence = message(a, l, N_("Une grappe dit que des valeurs voisines se ressemblent ; elle ne "
		"dit pas pourquoi. Sans correction, %1 communes ressortiraient, quand le hasard seul en "
		"ferait ressortir environ %2 ; après correction (Benjamini et Hochberg, 5 %), il en reste "
		"%3."), chiffre_entier(a, l, (int64_t)k->g.sans_correction),
		chiffre(a, l, .05 * (double)judged, 0), chiffre_entier(a, l, (int64_t)found));
}

/* --- showing ------------------------------------------------------------------------------- */

static const struct lisa *lisa_of(const struct judging *k, size_t i)
{
	return k->at[i] < k->g.n ? &k->g.locales[k->at[i]] : NULL;
}

static bool draw(struct judging *k, struct grappes_view *v, struct err *e)
{
	static const enum grappe of_class[] = { GRAPPE_AUCUNE, GRAPPE_BAS_BAS, GRAPPE_BAS_HAUT,
		GRAPPE_HAUT_BAS, GRAPPE_HAUT_HAUT };
	struct arena *a = k->r->a;
	struct carte_zone *z = NEW_ARRAY(a, k->of.n + 1, struct carte_zone);
	struct choroplethe *c = NEW(a, struct choroplethe);

	if (!z || !c)
		return arena_refuse(a, e);
	for (size_t i = 0; i < k->of.n; i++) {
		const struct ressort *t = &k->of.t[i];
		const struct lisa *one = lisa_of(k, i);
		const char *value = mesure_text(a, k->r->lang, k->mesure, t);

		z[i] = (struct carte_zone){ t->code, t->nom, t->lien, !one ? value
			: arena_cat(a, value, ", ", grappe_words(k->r->lang, one->grappe), NULL),
			one ? class_of(one->grappe) : CHOROPLETHE_SANS };
	}
	if (!ressorts_fond(k->r->core, &k->of, WIDTH, &k->fond, e)
	    || !choroplethe_draw(a, k->fond, z, c, e))
		return false;
	c->titre = arena_cat(a, v->titre, ", ", k->mesure->libelle, NULL);
	for (int i = 0; i < CHOROPLETHE_CLASSES; i++)
		c->classes[i] = k->faite && k->g.nombres[of_class[i]]
				? grappe_words(k->r->lang, of_class[i]) : "";
	v->carte = c->n ? c : NULL;
	return true;
}

struct order {
	double p;
	enum grappe g;
	size_t i;
};

/* What stands out first, the surest first, then the others by code. */
static int by_sureness(const void *x, const void *y)
{
	const struct order *s = x, *t = y;
	bool a = s->g != GRAPPE_AUCUNE, b = t->g != GRAPPE_AUCUNE;

	if (a != b)
		return a ? -1 : 1;
	if (a && (s->p < t->p || s->p > t->p))
		return s->p < t->p ? -1 : 1;
	return s->i < t->i ? -1 : s->i > t->i;
}

static bool tabulate(struct judging *k, struct grappes_view *v, struct err *e)
{
	struct arena *a = k->r->a;
	struct order *o = NEW_ARRAY(a, k->of.n + 1, struct order);
	struct grappe_ligne *l = NEW_ARRAY(a, k->of.n + 1, struct grappe_ligne);

	if (!o || !l)
		return arena_refuse(a, e);
	for (size_t i = 0; i < k->of.n; i++) {
		const struct lisa *one = lisa_of(k, i);

		o[i] = (struct order){ one ? one->p_ajuste : 1, one ? one->grappe
			: GRAPPE_AUCUNE, i };
	}
	qsort(o, k->of.n, sizeof *o, by_sureness);
	for (size_t i = 0; i < k->of.n && v->n < ROWS; i++) {
		const struct ressort *t = &k->of.t[o[i].i];
		const struct lisa *one = lisa_of(k, o[i].i);

		l[v->n++] = (struct grappe_ligne){ t->nom, t->lien,
			mesure_text(a, k->r->lang, k->mesure, t),
			one ? grappe_words(k->r->lang, one->grappe) : "",
			one && one->grappe != GRAPPE_ISOLE ? p_text(k, one->p_ajuste) : "" };
	}
	v->lignes = l;
	return !a->spent || arena_refuse(a, e);
}

static void link(struct judging *k, struct grappes_view *v)
{
	struct req *r = k->r;
	const char *query = query_write(r->a, grappes_fields, r->in);

	v->code = r->params[0];
	v->titre = message(r->a, r->lang, N_("%1 : qui ressemble à ses voisines"),
			   k->of.departement->nom);
	v->retour = territoire_lien(r->a, k->of.departement);
	v->retour_nom = k->of.departement->nom;
	v->csv = arena_cat(r->a, r->path, "/csv", *query ? "?" : "", query, NULL);
	v->xlsx = arena_cat(r->a, r->path, "/xlsx", *query ? "?" : "", query, NULL);
	v->source = !k->mesure->annee ? k->mesure->source
		    : arena_printf(r->a, "%s, %d", k->mesure->source, k->mesure->annee);
	v->mesures = k->mesures;
	v->nmesures = k->nmesures;
	v->mesure = k->mesure;
	v->proches = k->proches;
	v->repli = k->repli;
	v->faite = k->faite;
}

static bool grappes_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(arena_free) struct arena memory = arena_new(MEMORY);
	CLEANUP(judging_end) struct judging k = { .r = r, .a = &memory };
	struct grappes_view v = { 0 };
	struct page page;
	struct html h;

	if (!db_acquire(r->core->store, &db, e) || !judge(&k, held.r, db, e))
		return false;
	link(&k, &v);
	say(&k, &v);
	if (!tabulate(&k, &v, e) || !draw(&k, &v, e))
		return false;
	page = page_for(r, v.titre);
	page.nav = NAV_TERRITOIRES;
	v.page = &page;
	h = page_html(r, s);
	grappes_territoires(&h, &v);
	return true;
}

static bool grappes_file(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(arena_free) struct arena memory = arena_new(MEMORY);
	CLEANUP(buf_free) struct buf b = buf_new(16 << 20);
	struct judging k = { .r = r, .a = &memory };

	if (!db_acquire(r->core->store, &db, e) || !judge(&k, held.r, db, e))
		return false;
	if (!k.faite)
		return fail(e, E_MISSING, N_("On ne peut pas juger des grappes de cette mesure ici."));
	grappes_csv(&b, &k.g);
	return tableau_repondre(r, s, &b, r->params[1],
				arena_cat(r->a, "grappes-", r->params[0], NULL), e);
}

const struct route grappes_routes[] = {
	{ GET, "/observatoire/grappes/{code}", grappes_show, CAN_PUBLIC, grappes_fields,
	  sizeof(struct grappes_in), N_("Grappes : les communes qui ressemblent à leurs voisines"),
	  ROUTE_SLOW, NULL },
	{ GET, "/observatoire/grappes/{code}/{format}", grappes_file, CAN_PUBLIC, grappes_fields,
	  sizeof(struct grappes_in), N_("Les grappes, en CSV ou en XLSX"), ROUTE_SLOW, NULL },
	{ 0 },
};
