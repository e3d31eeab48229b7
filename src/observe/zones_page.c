#include "observe/zones_page.h"

#include <math.h>
#include <string.h>

#include "core/core.h"
#include "core/lieu.h"
#include "core/lieu_local.h"
#include "core/ressort.h"
#include "observe/chiffre.h"
#include "observe/fonds.h"
#include "observe/offre_besoins.h"
#include "observe/ressorts.h"
#include "observe/tableau.h"
#include "observe/zones.htm.h"
#include "store/db.h"
#include "web/message.h"
#include "web/query.h"
#include "web/right.h"

enum { WIDTH = 720, KM_MOST = 200,
	ROWS = 200,                     /* beside the map; the whole table has its own page */
	POINTS = 1500 };                /* beyond, a dot says nothing more */
static const size_t MEMORY = (size_t)256 << 20;

const struct choice zones_montres[] = {
	[ZONES_DISTANCE] = { "distance", N_("Distance au lieu le plus proche"), NULL },
	[ZONES_ACCES] = { "acces", N_("Lieux à portée, pour 1 000 personnes"), NULL },
	{ 0 },
};

/* How people come.  Assumptions, said on the page and free to be changed there: a slow walk
 * (4 km/h), a town or country bus with its waits (18), a country road (50). */
const struct choice zones_moyens[] = {
	{ "pied", N_("À pied"), NULL }, { "velo", N_("À vélo"), NULL },
	{ "bus", N_("En bus"), NULL }, { "voiture", N_("En voiture"), NULL }, { 0 },
};
static const double vitesses[] = { 4, 13, 18, 50 };
/* Roads are longer than the crow flies by this much; the mean of French roads is near 1.3. */
static const double DETOUR = 1.3;
enum { MOYEN_VOITURE = 3 };

#define NOMBRE(m, low, high, words) \
	{ AT(zones_in, m), .kind = F_REAL, .min = low, .max = high, .label = words }

const struct field zones_fields[] = {
	{ AT(zones_in, service), .kind = F_CHOICE, .choices = lieu_services,
	  .label = N_("Pour quel besoin") },
	{ AT(zones_in, montre), .kind = F_CHOICE, .choices = zones_montres,
	  .label = N_("Ce que montre la carte") },
	NOMBRE(km, .1, KM_MOST, N_("Trop loin, à partir de (km)")),
	NOMBRE(minutes, 1, 600, N_("ou à partir de (minutes)")),
	{ AT(zones_in, moyen), .kind = F_CHOICE, .choices = zones_moyens,
	  .label = N_("Comment on vient") },
	NOMBRE(vitesse, 1, 130, N_("Vitesse supposée (km/h)")),
	{ AT(zones_in, toutes), .kind = F_BOOL, .label = N_("Toutes les communes, sans la carte") },
	{ 0 },
};

struct zoning {
	struct req *r;
	struct db *db;
	struct arena *a;                /* of the computation: larger than the request's */
	const struct repertoire *rep;
	struct ressorts of;
	struct zones_in in;
	struct offre_choix choix;
	struct offre o;
	const struct offre_ligne **lignes;      /* of each commune of `of` */
	const char *enquete;
	const struct choroplethe_fond *fond;
	struct choroplethe_fond ronds;
};

static void zoning_end(struct zoning *k)
{
	fond_drop(&k->fond);
}

/* --- asking ------------------------------------------------------------------------------ */

static void complete(struct zoning *k)
{
	struct zones_in *in = &k->in;

	*in = *(const struct zones_in *)k->r->in;
	k->choix = offre_usuel(env_now(k->r->env));
	if (in->montre < 0)
		in->montre = ZONES_DISTANCE;
	if (in->moyen < 0)
		in->moyen = MOYEN_VOITURE;
	if (!(in->vitesse > 0))
		in->vitesse = vitesses[in->moyen];
	if (in->minutes > 0)
		in->km = fmin(in->minutes / 60 * in->vitesse / DETOUR, KM_MOST);
	if (!(in->km > 0))
		in->km = k->choix.blanche / 1000;
	k->choix.blanche = in->km * 1000;
	k->choix.services = in->service >= 0 ? 1u << in->service : 0;
	k->choix.kmh = in->vitesse;
	k->choix.detour = DETOUR;
}

static bool match(struct zoning *k, struct err *e)
{
	k->lignes = NEW_ARRAY(k->a, k->of.n + 1, const struct offre_ligne *);
	if (!k->lignes)
		return arena_refuse(k->a, e);
	for (size_t i = 0; i < k->o.n; i++) {
		size_t low = 0, high = k->of.n;

		while (low < high) {
			size_t mid = (low + high) / 2;

			if (strcmp(k->of.t[mid].code, k->o.lignes[i].code) < 0)
				low = mid + 1;
			else
				high = mid;
		}
		if (low < k->of.n && !strcmp(k->of.t[low].code, k->o.lignes[i].code))
			k->lignes[low] = &k->o.lignes[i];
	}
	return true;
}

static bool work_out(struct zoning *k, struct err *e)
{
	const struct decoupage *d;
	double *need;

	complete(k);
	if (!strcmp(k->r->params[0], "france")) {
		fail(e, E_MISSING, N_("Cette carte est celle d’un département."));
		return hint(e, N_("Choisissez-le dans la liste des territoires."));
	}
	if (!ressorts_of(k->r->a, k->rep, k->r->params[0], false, &k->of, e))
		return false;
	k->choix.niveau = NIVEAU_COMMUNE;
	k->choix.departement = k->of.departement->code;
	return decoupage_of(k->rep, k->a, &d, e)
	       && offre_besoins(k->db, k->a, k->r->a, d, &k->choix, &need, &k->enquete, e)
	       && offre_compute(k->a, k->rep, d, &k->choix, need, NULL, &k->o, e) && match(k, e);
}

/* --- words ------------------------------------------------------------------------------- */

static const char *metres(struct zoning *k, double v)
{
	char text[I18N_TEXT];

	return isnan(v) ? "" : arena_str(k->r->a, distance_text(k->r->lang, v, text));
}

static const char *minutes(struct zoning *k, double v)
{
	return isnan(v) ? "" : arena_cat(k->r->a, chiffre(k->r->a, k->r->lang,
		round(acces_minutes(v, k->in.vitesse, DETOUR)), 0), "\u00a0min", NULL);
}

/* A distance as it was asked: in km, or in minutes. */
static const char *far(struct zoning *k, double v)
{
	return k->in.minutes > 0 ? minutes(k, v) : metres(k, v);
}

static const char *share(struct zoning *k, double v)
{
	return chiffre(k->r->a, k->r->lang, v, v < .1 ? 3 : v < 10 ? 2 : 1);
}

static const char *by(const struct zoning *k)
{
	static const char *const words[] = { N_("%1 minutes à pied"), N_("%1 minutes à vélo"),
					     N_("%1 minutes en bus"), N_("%1 minutes en voiture") };

	return words[k->in.moyen];
}

/* --- the map ----------------------------------------------------------------------------- */

/* A place in the commune; then halves of the threshold and what is beyond it. */
static int class_of(const struct zoning *k, const struct offre_ligne *l)
{
	if (!l || isnan(l->distance))
		return l && l->lieux ? 0 : CHOROPLETHE_SANS;
	if (l->lieux)
		return 0;
	return l->distance <= k->choix.blanche / 2 ? 1 : l->distance <= k->choix.blanche ? 2
	       : l->distance <= 2 * k->choix.blanche ? 3 : 4;
}

static void distance_words(struct zoning *k, struct choroplethe *c)
{
	struct arena *a = k->r->a;
	const struct lang *l = k->r->lang;
	const char *half = far(k, k->choix.blanche / 2), *whole = far(k, k->choix.blanche);
	const char *twice = far(k, 2 * k->choix.blanche);

	c->classes[0] = tr(l, N_("un lieu dans la commune"));
	c->classes[1] = message(a, l, N_("à moins de %1"), half);
	c->classes[2] = message(a, l, N_("de %1 à %2"), half, whole);
	c->classes[3] = message(a, l, N_("trop loin : de %1 à %2"), whole, twice);
	c->classes[4] = message(a, l, N_("trop loin : plus de %1"), twice);
}

static void acces_words(struct zoning *k, const int *classes, struct choroplethe *c)
{
	for (int x = 0; x < CHOROPLETHE_CLASSES; x++) {
		double low = INFINITY, high = -INFINITY;

		for (size_t i = 0; i < k->of.n; i++) {
			if (classes[i] != x)
				continue;
			low = fmin(low, k->lignes[i]->acces);
			high = fmax(high, k->lignes[i]->acces);
		}
		c->classes[x] = isinf(low) ? "" : low >= high ? share(k, low)
			: message(k->r->a, k->r->lang, N_("de %1 à %2"), share(k, low),
				  share(k, high));
	}
}

static const char *said(struct zoning *k, const struct offre_ligne *l)
{
	struct arena *a = k->r->a;

	if (!l || isnan(l->distance))
		return tr(k->r->lang, N_("non disponible"));
	if (k->in.montre == ZONES_ACCES)
		return share(k, l->acces);
	if (l->lieux)
		return tr(k->r->lang, N_("un lieu dans la commune"));
	return message(a, k->r->lang, l->blanche ? N_("trop loin, à %1") : N_("à %1"),
		       far(k, l->distance));
}

/* Does a place count: of the département, with the service that was asked? */
static bool counts(const struct zoning *k, const struct lieu *l)
{
	const struct commune *c = commune_of_code(k->rep, l->code_insee);

	return c && !strcmp(c->departement, k->of.departement->code)
	       && (!k->choix.services || (l->services & k->choix.services));
}

static bool dots(struct zoning *k, const struct choroplethe_fond *f, struct choroplethe *c,
		 struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(64 << 10);
	CLEANUP(buf_free) struct buf social = buf_new(64 << 10);
	size_t n = 0;

	for (size_t i = 0; i < k->rep->nlieux && n < POINTS; i++) {
		const struct lieu *l = &k->rep->lieux[i];
		int x, y;

		if (isnan(l->lat) || !counts(k, l))
			continue;
		map_xy(&f->carte, l->lat, l->lon, &x, &y);
		x += f->marge;
		y += f->marge;
		if (x < 0 || y < 0 || x > f->width || y > f->height || !++n)
			continue;
		if (lieu_is_social(l))
			buf_printf(&social, "M%d %dh7v7h-7z", x - 3, y - 3);
		else
			buf_printf(&b, "M%d %dh0", x, y);
	}
	c->points = b.n ? arena_strn(k->r->a, b.p, b.n) : NULL;
	c->points_texte = tr(k->r->lang, N_("un lieu d’aide pour le numérique"));
	c->carres = social.n ? arena_strn(k->r->a, social.p, social.n) : NULL;
	c->carres_texte = tr(k->r->lang, N_("un premier accueil social seulement : il ne compte pas"));
	return !k->r->a->spent || arena_refuse(k->r->a, e);
}

static bool by_dots(struct zoning *k, struct err *e)
{
	double *lat = NEW_ARRAY(k->a, k->of.n + 1, double);
	double *lon = NEW_ARRAY(k->a, k->of.n + 1, double);

	if (!lat || !lon)
		return arena_refuse(k->a, e);
	for (size_t i = 0; i < k->of.n; i++) {
		lat[i] = k->of.t[i].commune->lat;
		lon[i] = k->of.t[i].commune->lon;
	}
	return choroplethe_ronds(k->a, lat, lon, k->of.n, WIDTH, &k->ronds, e);
}

/* Outlines when they are known and light enough to draw, else a dot for each commune. */
static bool ground(struct zoning *k, struct zones_view *v, const struct choroplethe_fond **out,
		   struct err *e)
{
	struct err heavy = { 0 };
	bool drawn = ressorts_fond(k->r->core, &k->of, WIDTH, &k->fond, &heavy);

	for (size_t i = 0; drawn && i < k->fond->n; i++) {
		if (k->fond->dessins[i].connu) {
			*out = k->fond;
			return true;
		}
	}
	if (!drawn && heavy.kind != E_LIMIT) {
		*e = heavy;
		return false;
	}
	v->sans_contours = true;
	*out = &k->ronds;
	return by_dots(k, e);
}

static bool draw(struct zoning *k, struct zones_view *v, struct err *e)
{
	struct arena *a = k->r->a;
	size_t n = k->of.n;
	struct carte_zone *z = NEW_ARRAY(a, n + 1, struct carte_zone);
	double *values = NEW_ARRAY(a, n + 1, double), bounds[CHOROPLETHE_CLASSES - 1];
	int *classes = NEW_ARRAY(a, n + 1, int);
	struct choroplethe *c = NEW(a, struct choroplethe);
	const struct choroplethe_fond *fond;

	if (!z || !values || !classes || !c)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++)
		values[i] = k->lignes[i] ? k->lignes[i]->acces : NAN;
	choroplethe_bounds(a, values, n, bounds);
	for (size_t i = 0; i < n; i++) {
		classes[i] = k->in.montre == ZONES_ACCES ? choroplethe_class(bounds, values[i])
			     : class_of(k, k->lignes[i]);
		z[i] = (struct carte_zone){ k->of.t[i].code, k->of.t[i].nom, k->of.t[i].lien,
			said(k, k->lignes[i]), classes[i] };
	}
	if (!ground(k, v, &fond, e))
		return false;
	if (!choroplethe_draw(a, fond, z, c, e) || !dots(k, fond, c, e))
		return false;
	c->ronds = v->sans_contours;
	c->titre = arena_cat(a, v->titre, ", ", tr(k->r->lang, zones_montres[k->in.montre].label),
			     NULL);
	if (k->in.montre == ZONES_ACCES)
		acces_words(k, classes, c);
	else
		distance_words(k, c);
	v->carte = c->n ? c : NULL;
	return true;
}

/* --- the table --------------------------------------------------------------------------- */

static struct zones_ligne line_of(struct zoning *k, const struct offre_ligne *kept)
{
	struct arena *a = k->r->a;
	const struct lang *lang = k->r->lang;
	struct offre_ligne line = offre_montrable(&k->o, kept), *l = &line;

	return (struct zones_ligne){
		.nom = l->nom, .lien = arena_cat(a, "/territoires/", l->code, NULL),
		.habitants = chiffre(a, lang, l->population, 0),
		.concernes = chiffre(a, lang, l->concernes, 0),
		.lieux = chiffre_entier(a, lang, (int64_t)l->lieux),
		.distance = metres(k, l->distance), .minutes = minutes(k, l->distance),
		.acces = share(k, l->acces), .blanche = l->blanche,
	};
}

static bool tabulate(struct zoning *k, struct zones_view *v, struct err *e)
{
	size_t most = k->in.toutes || k->o.n < ROWS ? k->o.n : ROWS;
	struct zones_ligne *l = NEW_ARRAY(k->r->a, most + 1, struct zones_ligne);
	double people = 0, all = 0;

	if (!l)
		return arena_refuse(k->r->a, e);
	for (size_t i = 0; i < k->o.n; i++) {
		const struct offre_ligne *c = &k->o.lignes[i];
		double here = c->population > 0 ? c->population : 0;

		if (i < most)
			l[v->n++] = line_of(k, c);
		v->blanches += c->blanche;
		v->lieux += c->lieux;
		people += c->blanche ? here : 0;
		all += here;
	}
	v->lignes = l;
	v->communes = k->o.n;
	v->coupees = k->o.n - v->n;
	v->habitants = chiffre(k->r->a, k->r->lang, people, 0);
	v->part = people > 0 && all > 0 ? chiffre(k->r->a, k->r->lang, people / all * 100, 1) : "";
	return !k->r->a->spent || arena_refuse(k->r->a, e);
}

/* --- pages ------------------------------------------------------------------------------- */

static const char *link_to(struct zoning *k, const char *end, bool toutes)
{
	struct zones_in in = *(const struct zones_in *)k->r->in;
	const char *query;

	in.toutes = toutes;
	query = query_write(k->r->a, zones_fields, &in);
	return arena_cat(k->r->a, "/lieux/carte/", k->of.departement->code, end,
			 *query ? "?" : "", query, NULL);
}

static void say(struct zoning *k, struct zones_view *v)
{
	struct req *r = k->r;
	struct arena *a = r->a;
	const struct lang *l = r->lang;

	v->r = r;
	v->in = &k->in;
	v->nom = k->of.departement->nom;
	v->code = k->of.departement->code;
	v->titre = message(a, l, N_("Les lieux et les zones blanches : %1"), v->nom);
	v->temps = k->in.minutes > 0;
	v->seuil = !v->temps ? arena_cat(a, chiffre(a, l, k->in.km, 1), "\u00a0km", NULL)
		: message(a, l, by(k), chiffre(a, l, k->in.minutes, 1));
	v->service = k->in.service < 0 ? "" : tr(l, lieu_services[k->in.service].label);
	v->hypothese = message(a, l, N_("Temps : %1 km/h, sur un chemin %2 fois plus long qu’à vol "
		"d’oiseau. C’est une hypothèse, sans les horaires ni les correspondances."),
		chiffre(a, l, k->in.vitesse, 1), chiffre(a, l, DETOUR, 1));
	v->rayon = arena_cat(a, chiffre(a, l, k->choix.bassin.rayon / 1000, 1), "\u00a0km", NULL);
	v->par_concernes = k->o.par_concernes;
	v->besoin = !v->par_concernes
		? tr(l, N_("pour 1 000 habitants : aucune estimation des personnes concernées "
			"n’est enregistrée"))
		: message(a, l, N_("pour 1 000 personnes concernées, estimées d’après "
			"l’enquête « %1 »"),
			  k->enquete);
	v->csv = link_to(k, "/csv", false);
	v->toutes = link_to(k, "", true);
	v->carte_lien = link_to(k, "", false);
}

static bool zones_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(arena_free) struct arena memory = arena_new(MEMORY);
	CLEANUP(zoning_end) struct zoning k = { .r = r, .a = &memory, .rep = held.r };
	struct zones_view v = { 0 };
	struct page page;
	struct html h;

	if (!db_acquire(r->core->store, &db, e))
		return false;
	k.db = db;
	if (!work_out(&k, e))
		return false;
	say(&k, &v);
	if (!tabulate(&k, &v, e) || (!k.in.toutes && !draw(&k, &v, e)))
		return false;
	if (r->nerrors)
		s->status = 400;
	page = page_for(r, v.titre);
	v.page = &page;
	h = page_html(r, s);
	zones_carte(&h, &v);
	return true;
}

static bool zones_file(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(arena_free) struct arena memory = arena_new(MEMORY);
	CLEANUP(buf_free) struct buf b = buf_new(64 << 20);
	struct zoning k = { .r = r, .a = &memory, .rep = held.r };

	if (!db_acquire(r->core->store, &db, e))
		return false;
	k.db = db;
	if (!work_out(&k, e))
		return false;
	if (r->nerrors)
		return fail(e, E_INPUT, "%s", r->errors[0].msg);
	offre_csv(&b, &k.o);
	return tableau_repondre(r, s, &b, "csv", arena_cat(r->a, "lieux-", r->params[0], NULL), e);
}

const struct route zones_routes[] = {
	{ GET, "/lieux/carte/{departement}", zones_show, CAN_PUBLIC, zones_fields,
	  sizeof(struct zones_in), N_("Les lieux et les zones blanches d’un département"),
	  ROUTE_SLOW, NULL },
	{ GET, "/lieux/carte/{departement}/csv", zones_file, CAN_PUBLIC, zones_fields,
	  sizeof(struct zones_in), N_("La table de cette carte, en CSV"), ROUTE_SLOW, NULL },
	{ 0 },
};
