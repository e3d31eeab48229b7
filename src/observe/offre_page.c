#include "observe/offre_page.h"

#include <math.h>
#include <string.h>

#include "core/core.h"
#include "core/lieu.h"
#include "core/ressort.h"
#include "core/secret.h"
#include "observe/chiffre.h"
#include "observe/estimation.h"
#include "observe/fonds.h"
#include "observe/offre.htm.h"
#include "observe/offre_besoins.h"
#include "observe/ressorts.h"
#include "observe/tableau.h"
#include "store/db.h"
#include "web/message.h"
#include "web/query.h"
#include "web/right.h"

enum { WIDTH = 720, KM_MOST = 200,
	ROWS = 200 };                   /* beyond, the page would be too heavy */
static const size_t MEMORY = (size_t)256 << 20;

const struct choice offre_montres[] = {
	[MONTRE_DISTANCE] = { "distance", N_("Distance au lieu le plus proche"), NULL },
	[MONTRE_ACCES] = { "acces", N_("Lieux à portée, pour 1 000 personnes"), NULL },
	[MONTRE_LIEUX] = { "lieux", N_("Lieux sur place, pour 1 000 personnes"), NULL },
	[MONTRE_HEURES] = { "heures", N_("Heures d’ouverture par semaine, pour 1 000 personnes"), NULL },
	[MONTRE_ECART] = { "ecart", N_("Personnes trop loin d’un lieu"), NULL },
	{ 0 },
};
const struct choice offre_capacites[] = {
	{ "lieux", N_("Des lieux"), NULL }, { "heures", N_("Des heures d’ouverture"), NULL }, { 0 },
};
static const struct choice niveaux[] = {
	{ "commune", N_("Communes"), NULL }, { "epci", N_("Regroupements de communes"), NULL }, { 0 },
};

#define NOMBRE(m, low, high, words) \
	{ AT(offre_in, m), .kind = F_REAL, .min = low, .max = high, .label = words }

const struct field offre_fields[] = {
	{ AT(offre_in, service), .kind = F_CHOICE, .choices = lieu_services,
		.label = N_("Pour quel besoin") },
	{ AT(offre_in, montre), .kind = F_CHOICE, .choices = offre_montres,
	  .label = N_("Ce que montre la carte") },
	{ AT(offre_in, niveau), .kind = F_CHOICE, .choices = niveaux,
	  .label = N_("Territoire par territoire") },
	{ AT(offre_in, capacite), .kind = F_CHOICE, .choices = offre_capacites,
	  .label = N_("Ce que les personnes se partagent") },
	NOMBRE(loin, .1, KM_MOST, N_("Trop loin, à partir de (km)")),
	NOMBRE(rayon, .5, KM_MOST, N_("À portée, jusqu’à (km)")),
	NOMBRE(minutes, 1, 600, N_("Trop loin, à partir de (minutes)")),
	NOMBRE(vitesse, 1, 130, N_("Vitesse (km/h)")),
	NOMBRE(detour, 1, 3, N_("Détour des chemins (1 : à vol d’oiseau)")),
	{ 0 },
};

struct weighing {
	struct req *r;
	struct db *db;
	struct arena *a;                /* of the computation: larger than the request's */
	struct ressorts of;
	struct offre_in in;
	struct offre_choix choix;
	struct offre o;
	const struct offre_ligne **lignes;      /* of each territory of `of` */
	const char *enquete;            /* whose people are concerned; "" inhabitants */
	const struct choroplethe_fond *fond;
};

static void weighing_end(struct weighing *k)
{
	fond_drop(&k->fond);
}

/* --- asking -------------------------------------------------------------------------------- */

/* What was not given; a time becomes the distance that it is. */
static void complete(struct weighing *k)
{
	struct offre_in *in = &k->in;

	*in = *(const struct offre_in *)k->r->in;
	k->choix = offre_usuel(env_now(k->r->env));
	if (in->montre < 0)
		in->montre = MONTRE_DISTANCE;
	if (in->capacite < 0)
		in->capacite = OFFRE_LIEUX;
	if (!(in->detour > 0))
		in->detour = k->choix.detour;
	if (!(in->rayon > 0))
		in->rayon = k->choix.bassin.rayon / 1000;
	if (in->minutes > 0 && !(in->vitesse > 0)) {
		req_refuse(k->r, offre_fields, "vitesse", tr(k->r->lang,
			N_("Écrivez la vitesse : un temps ne se dit qu’à une vitesse.")));
		in->minutes = 0;
	}
	if (in->minutes > 0)
		in->loin = in->minutes / 60 * in->vitesse / in->detour;
	if (!(in->loin > 0))
		in->loin = k->choix.blanche / 1000;
	k->choix.blanche = in->loin * 1000;
	k->choix.bassin.rayon = in->rayon * 1000;
	k->choix.capacite = (enum offre_capacite)in->capacite;
	k->choix.services = in->service >= 0 ? 1u << in->service : 0;
	k->choix.kmh = in->vitesse;
	k->choix.detour = in->detour;
}

/* The line of each territory that is shown; an EPT has the one of its own code. */
static bool match(struct weighing *k, struct err *e)
{
	k->lignes = NEW_ARRAY(k->a, k->of.n + 1, const struct offre_ligne *);
	if (!k->lignes)
		return arena_refuse(k->a, e);
	for (size_t i = 0; i < k->of.n; i++) {
		for (size_t j = 0; j < k->o.n && !k->lignes[i]; j++) {
			if (!strcmp(k->o.lignes[j].code, k->of.t[i].code))
				k->lignes[i] = &k->o.lignes[j];
		}
	}
	return true;
}

static bool weigh(struct weighing *k, const struct repertoire *rep, struct err *e)
{
	const struct decoupage *d;
	double *need;

	complete(k);
	if (!ressorts_of(k->r->a, rep, k->r->params[0], k->in.niveau == 1, &k->of, e))
		return false;
	k->choix.niveau = (enum niveau)niveau_find(k->of.niveau);
	k->choix.departement = k->of.departement ? k->of.departement->code : NULL;
	return decoupage_of(rep, k->a, &d, e)
	       && offre_besoins(k->db, k->a, k->r->a, d, &k->choix, &need, &k->enquete, e)
	       && offre_compute(k->a, rep, d, &k->choix, need, NULL, &k->o, e)
	       && offre_bornes(k->db, k->a, k->enquete, &k->o, e) && match(k, e);
}

/* --- showing ------------------------------------------------------------------------------- */

static double people_of(const struct weighing *k, const struct offre_ligne *l)
{
	return k->o.par_concernes ? l->concernes : l->population;
}

static double shown(const struct weighing *k, const struct offre_ligne *kept)
{
	struct offre_ligne line, *l = &line;

	if (!kept)
		return NAN;
	line = offre_montrable(&k->o, kept);
	switch ((enum offre_montre)k->in.montre) {
	case MONTRE_DISTANCE: return l->distance;
	case MONTRE_ACCES:    return l->acces;
	case MONTRE_LIEUX:    return offre_pour_mille((double)l->lieux, people_of(k, l));
	case MONTRE_HEURES:   return l->lieux && !l->lieux_horaires ? (double)NAN
				     : offre_pour_mille(l->heures, people_of(k, l));
	case MONTRE_ECART:    return l->a_l_ecart;
	}
	return NAN;
}

static const char *metres(struct weighing *k, double v)
{
	char text[I18N_TEXT];

	return isnan(v) ? "" : arena_str(k->r->a, distance_text(k->r->lang, v, text));
}

/* A share of people, fine enough for small ones: "0,024". */
static const char *small(struct weighing *k, double v)
{
	return chiffre(k->r->a, k->r->lang, v, v < .1 ? 3 : v < 10 ? 2 : 1);
}

static const char *shown_text(struct weighing *k, double v)
{
	if (isnan(v))
		return tr(k->r->lang, N_("non disponible"));
	if (k->in.montre == MONTRE_DISTANCE)
		return metres(k, v);
	return k->in.montre == MONTRE_ECART ? chiffre(k->r->a, k->r->lang, v, 0) : small(k, v);
}

/* "de 400 m à 3 km" for each class. */
static void class_words(struct weighing *k, const int *classes, const double *v,
			struct choroplethe *c)
{
	for (int x = 0; x < CHOROPLETHE_CLASSES; x++) {
		double low = INFINITY, high = -INFINITY;

		for (size_t i = 0; i < k->of.n; i++) {
			if (classes[i] != x)
				continue;
			low = fmin(low, v[i]);
			high = fmax(high, v[i]);
		}
		c->classes[x] = isinf(low) ? "" : low >= high ? shown_text(k, low)
			: message(k->r->a, k->r->lang, N_("de %1 à %2"), shown_text(k, low),
				  shown_text(k, high));
	}
}

static bool draw(struct weighing *k, struct offre_view *v, struct err *e)
{
	struct arena *a = k->r->a;
	size_t n = k->of.n;
	struct carte_zone *z = NEW_ARRAY(a, n + 1, struct carte_zone);
	double *values = NEW_ARRAY(a, n + 1, double), bounds[CHOROPLETHE_CLASSES - 1];
	int *classes = NEW_ARRAY(a, n + 1, int);
	struct choroplethe *c = NEW(a, struct choroplethe);

	if (!z || !values || !classes || !c)
		return arena_refuse(a, e);
	for (size_t i = 0; i < n; i++)
		values[i] = shown(k, k->lignes[i]);
	choroplethe_bounds(a, values, n, bounds);
	for (size_t i = 0; i < n; i++) {
		classes[i] = choroplethe_class(bounds, values[i]);
		z[i] = (struct carte_zone){ k->of.t[i].code, k->of.t[i].nom, k->of.t[i].lien,
			shown_text(k, values[i]), classes[i] };
	}
	if (!ressorts_fond(k->r->core, &k->of, WIDTH, &k->fond, e)
	    || !choroplethe_draw(a, k->fond, z, c, e))
		return false;
	c->titre = arena_cat(a, v->titre, ", ", tr(k->r->lang, offre_montres[k->in.montre].label),
			     NULL);
	class_words(k, classes, values, c);
	v->carte = c->n ? c : NULL;
	return true;
}

static const char *lien_of(const struct weighing *k, const char *code)
{
	for (size_t i = 0; i < k->of.n; i++) {
		if (!strcmp(k->of.t[i].code, code))
			return k->of.t[i].lien;
	}
	return NULL;
}

/* A number of people; what is hidden (it is there, and is not shown) in words. */
static const char *people_text(struct weighing *k, double kept, double v)
{
	if (isnan(v) && !isnan(kept))
		return message(k->r->a, k->r->lang, N_("moins de %1"),
			       chiffre(k->r->a, k->r->lang, (double)secret_regle_usuelle.seuil, 0));
	return chiffre(k->r->a, k->r->lang, v, 0);
}

static struct offre_rang line_of(struct weighing *k, const struct offre_ligne *kept,
				 const char *lien)
{
	struct arena *a = k->r->a;
	const struct lang *lang = k->r->lang;
	struct offre_ligne line = offre_montrable(&k->o, kept), *l = &line;
	double people = people_of(k, l);

	return (struct offre_rang){
		.nom = l->nom, .lien = lien,
		.personnes = people_text(k, people_of(k, kept), people),
		.intervalle = isnan(l->concernes_haut) ? "" : message(a, lang, N_("de %1 à %2"),
			people_text(k, kept->concernes_bas, l->concernes_bas),
			chiffre(a, lang, l->concernes_haut, 0)),
		.lieux = chiffre_entier(a, lang, (int64_t)l->lieux),
		.heures = l->lieux_horaires ? chiffre(a, lang, l->heures, 0) : "",
		.pour_mille = small(k, offre_pour_mille((double)l->lieux, people)),
		.distance = metres(k, l->distance), .acces = small(k, l->acces),
		.conseillers = small(k, offre_pour_mille((double)l->conseillers_lieux, people)),
		.ecart = kept->a_l_ecart > 0 ? people_text(k, kept->a_l_ecart, l->a_l_ecart) : "",
	};
}

/* The gaps first, by people.  A métropole that its EPT stand for is not in it. */
static bool tabulate(struct weighing *k, struct offre_view *v, struct err *e)
{
	struct offre_rang *l = NEW_ARRAY(k->r->a, k->o.n + 1, struct offre_rang);

	if (!l)
		return arena_refuse(k->r->a, e);
	for (size_t i = 0; i < k->o.n; i++) {
		const char *lien = lien_of(k, k->o.lignes[i].code);

		if (lien && v->n == ROWS)
			v->coupees++;
		else if (lien)
			l[v->n++] = line_of(k, &k->o.lignes[i], lien);
	}
	v->lignes = l;
	return !k->r->a->spent || arena_refuse(k->r->a, e);
}

static const char *finding(struct weighing *k, const struct offre_view *v)
{
	double people = 0;
	size_t far = 0;

	for (size_t i = 0; i < k->of.n; i++) {
		const struct offre_ligne *l = k->lignes[i];

		if (!l || !(l->a_l_ecart > 0))
			continue;
		people += l->a_l_ecart;
		far++;
	}
	if (!far)
		return message(k->r->a, k->r->lang, N_("Personne n’habite une commune sans lieu, à "
			"plus de %1 du plus proche."), v->seuil);
	return message(k->r->a, k->r->lang, k->o.par_concernes
		? N_("%1 personnes concernées habitent une commune sans lieu, à plus de %2 du plus proche (%3 territoires).")
		: N_("%1 habitants vivent dans une commune sans lieu, à plus de %2 du plus proche (%3 territoires)."),
		people_text(k, people, k->o.par_concernes
			    && people < (double)secret_regle_usuelle.seuil ? (double)NAN : people),
		v->seuil,
		chiffre_entier(k->r->a, k->r->lang, (int64_t)far));
}

/* Whom the need counts. */
static bool say_need(struct weighing *k, struct offre_view *v, struct err *e)
{
	struct estimation_gardee *x;
	size_t n;

	v->avertissement = "";
	v->concernes = k->o.par_concernes;
	v->besoin = tr(k->r->lang, N_("Besoin compté en habitants : aucune estimation des personnes "
				      "concernées n’est enregistrée."));
	if (!v->concernes)
		return true;
	v->besoin = message(k->r->a, k->r->lang, N_("Besoin compté en personnes concernées, estimées "
		"d’après l’enquête « %1 »."), k->enquete);
	if (!k->of.departement)
		return true;
	if (!estimation_of(k->db, k->r->a, "departement", k->of.departement->code, &x, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(x[i].enquete, k->enquete) || strcmp(x[i].resultat, ESTIMATION_CONCERNES))
			continue;
		v->avertissement = x[i].avertissement;
		v->besoin = message(k->r->a, k->r->lang, N_("Besoin compté en personnes concernées : "
			"%1 dans ce département, entre %2 et %3 (enquête « %4 », %5)."),
			people_text(k, 0, x[i].nombre), people_text(k, 0, x[i].bas),
			chiffre(k->r->a, k->r->lang, x[i].haut, 0), x[i].titre,
			arena_printf(k->r->a, "%d", x[i].annee));
	}
	return true;
}

static const char *reserves(struct weighing *k)
{
	const char *out = "";

	if (k->o.sans_commune)
		out = message(k->r->a, k->r->lang, N_("Dans toute la liste, %1 lieux sans commune connue "
			"ne sont dans aucune ligne."), chiffre_entier(k->r->a, k->r->lang,
			(int64_t)k->o.sans_commune));
	if (k->o.sans_position)
		out = arena_cat(k->r->a, out, *out ? " " : "", message(k->r->a, k->r->lang,
			N_("%1 communes n’ont pas de position : leur distance n’est pas dite."),
			chiffre_entier(k->r->a, k->r->lang, (int64_t)k->o.sans_position)), NULL);
	return out;
}

static void say(struct weighing *k, struct offre_view *v)
{
	struct req *r = k->r;
	const char *query = query_write(r->a, offre_fields, r->in);

	v->r = r;
	v->in = &k->in;
	v->departement = k->of.departement != NULL;
	v->titre = !v->departement ? tr(r->lang, N_("Offre et besoins, département par département"))
		: message(r->a, r->lang, N_("%1 : offre et besoins"), k->of.departement->nom);
	v->seuil = arena_cat(r->a, chiffre(r->a, r->lang, k->in.loin, 1), "\u00a0km", NULL);
	v->rayon = arena_cat(r->a, chiffre(r->a, r->lang, k->in.rayon, 1), "\u00a0km", NULL);
	v->temps = !(k->in.minutes > 0) ? "" : message(r->a, r->lang, N_("%1 minutes à %2 km/h, chemins "
		"%3 fois plus longs qu’à vol d’oiseau : %4."), chiffre(r->a, r->lang, k->in.minutes, 1),
		chiffre(r->a, r->lang, k->in.vitesse, 1), chiffre(r->a, r->lang,
		k->in.detour, 2), v->seuil);
	v->reserves = reserves(k);
	v->code = r->params[0];
	v->retour = v->departement ? territoire_lien(r->a, k->of.departement) : "/observatoire";
	v->retour_nom = v->departement ? k->of.departement->nom : tr(r->lang, N_("Observatoire"));
	v->csv = arena_cat(r->a, r->path, "/csv", *query ? "?" : "", query, NULL);
	v->xlsx = arena_cat(r->a, r->path, "/xlsx", *query ? "?" : "", query, NULL);
	v->constat = finding(k, v);
}

static bool offre_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(arena_free) struct arena memory = arena_new(MEMORY);
	CLEANUP(weighing_end) struct weighing k = { .r = r, .a = &memory };
	struct offre_view v = { 0 };
	struct page page;
	struct html h;

	if (!db_acquire(r->core->store, &db, e))
		return false;
	k.db = db;
	if (!weigh(&k, held.r, e))
		return false;
	say(&k, &v);
	if (!say_need(&k, &v, e) || !tabulate(&k, &v, e) || !draw(&k, &v, e))
		return false;
	if (r->nerrors)
		s->status = 400;
	page = page_for(r, v.titre);
	page.nav = NAV_TERRITOIRES;
	v.page = &page;
	h = page_html(r, s);
	offre_territoires(&h, &v);
	return true;
}

static bool offre_file(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(arena_free) struct arena memory = arena_new(MEMORY);
	CLEANUP(buf_free) struct buf b = buf_new(64 << 20);
	struct weighing k = { .r = r, .a = &memory };

	if (!db_acquire(r->core->store, &db, e))
		return false;
	k.db = db;
	if (!weigh(&k, held.r, e))
		return false;
	if (r->nerrors)
		return fail(e, E_INPUT, "%s", r->errors[0].msg);
	offre_csv(&b, &k.o);
	return tableau_repondre(r, s, &b, r->params[1],
				arena_cat(r->a, "offre-", r->params[0], NULL), e);
}

const struct route offre_routes[] = {
	{ GET, "/observatoire/offre/{code}", offre_show, CAN_PUBLIC, offre_fields,
	  sizeof(struct offre_in), N_("Offre et besoins : ce qu’il y a, à quelle distance, pour combien"),
	  ROUTE_SLOW, NULL },
	{ GET, "/observatoire/offre/{code}/{format}", offre_file, CAN_PUBLIC, offre_fields,
	  sizeof(struct offre_in), N_("L’offre et les besoins, en CSV ou en XLSX"), ROUTE_SLOW, NULL },
	{ 0 },
};
