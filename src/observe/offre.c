#include "observe/offre.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "core/lieu.h"
#include "core/lieu_local.h"
#include "core/secret.h"
#include "format/csv.h"
#include "observe/estimation.h"
#include "observe/nombre.h"

enum { PLAGES = 48, SEMAINES = 4 };

struct offre_choix offre_usuel(int64_t now)
{
	return (struct offre_choix){
		.niveau = NIVEAU_COMMUNE,
		.bassin = { 15000, ACCES_GAUSSIENNE },
		.blanche = 10000, .detour = 1, .now = now,
	};
}

double offre_pour_mille(double x, double people)
{
	return people > 0 ? x / people * 1000 : NAN;
}

double offre_heures(const struct lieu *l, int64_t now)
{
	struct civil today = zone_local(&zone_paris, now);
	int64_t first = date_days(today.year, today.month, today.day);
	double minutes = 0;

	if (!l->heures)
		return NAN;
	first += 7 - date_weekday(first);
	for (int64_t day = first; day < first + 7 * SEMAINES; day++) {
		struct plage open[PLAGES];
		int n = horaires_day(l->heures, l->calendrier, day, open, PLAGES);

		for (int i = 0; i < n; i++) {
			if (open[i].ouvert == OUVERT_OUI)
				minutes += open[i].to - open[i].from;
		}
	}
	return minutes / 60 / SEMAINES;
}

/* Where people are: a commune, or each arrondissement of a divided one. */
struct quartier {
	uint32_t commune;               /* of the decoupage, never an arrondissement */
	double part;                    /* of the commune's people */
};

struct calcul {
	struct arena *a;
	const struct repertoire *r;
	const struct decoupage *d;
	const struct offre_choix *choix;
	const double *concernes, *conseillers;
	struct offre *o;
	struct quartier *points;
	struct acces_point *places;
	double *besoins, *metres, *ratios;      /* of points */
	size_t npoints;
	double *capacites;              /* of places */
	struct offre_ligne *communes;   /* by commune of the decoupage */
	double taux;                    /* people concerned an inhabitant, where both are known */
	/* of lines above: people behind the means; those whose need is not known; all */
	double *poids_distance, *poids_acces, *sans, *tous;
};

static const struct decoupage_unite *unite(const struct calcul *k, size_t i)
{
	return &k->d->unites[NIVEAU_COMMUNE][i];
}

static bool is_asked(const struct calcul *k, size_t i)
{
	const char *dep = k->choix->departement;
	uint32_t at = unite(k, i)->dans[NIVEAU_DEPARTEMENT];

	return !dep || (at != DECOUPAGE_RIEN
			&& !strcmp(k->d->unites[NIVEAU_DEPARTEMENT][at].code, dep));
}

/* --- what is there -------------------------------------------------------------------------- */

static bool counts(const struct calcul *k, const struct lieu *l)
{
	return !lieu_is_social(l) && (!k->choix->services || (l->services & k->choix->services));
}

/* The commune of a place, by its INSEE code; DECOUPAGE_RIEN. */
static uint32_t commune_of(const struct calcul *k, const struct lieu *l)
{
	uint32_t i = decoupage_find(k->d, NIVEAU_COMMUNE, l->code_insee);

	if (i != DECOUPAGE_RIEN && unite(k, i)->autre)
		i = unite(k, i)->dans[NIVEAU_COMMUNE];
	return i;
}

static void count_places(struct calcul *k)
{
	uint32_t adviser = 1u << choice_find(lieu_dispositifs, "Conseillers numériques");

	for (size_t j = 0; j < k->r->nlieux; j++) {
		const struct lieu *l = &k->r->lieux[j];
		uint32_t i = commune_of(k, l);
		double hours;

		if (!counts(k, l))
			continue;
		hours = offre_heures(l, k->choix->now);
		k->capacites[j] = k->choix->capacite == OFFRE_LIEUX ? 1 : isnan(hours) ? 0 : hours;
		if (i == DECOUPAGE_RIEN) {
			k->o->sans_commune++;
			continue;
		}
		k->communes[i].lieux++;
		k->communes[i].conseillers_lieux += (l->dispositifs & adviser) != 0;
		if (!isnan(hours)) {
			k->communes[i].lieux_horaires++;
			k->communes[i].heures += hours;
		}
	}
}

/* --- where people are ----------------------------------------------------------------------- */

/* People concerned an inhabitant, over the communes where both are known. */
static double mean_rate(const struct calcul *k)
{
	double need = 0, people = 0;

	for (size_t i = 0; i < k->d->n[NIVEAU_COMMUNE]; i++) {
		if (isnan(k->concernes[i]) || !(unite(k, i)->population > 0))
			continue;
		need += k->concernes[i];
		people += unite(k, i)->population;
	}
	return people > 0 ? need / people : 0;
}

/* Where people concerned are not known, those of the mean rate: neighbours of the territory
 * that was estimated come to its places too. */
static double need_of(const struct calcul *k, size_t i)
{
	double people = unite(k, i)->population, need = people;

	if (k->o->par_concernes)
		need = isnan(k->concernes[i]) ? people * k->taux : k->concernes[i];
	return need > 0 ? need : 0;
}

static bool is_known(const struct calcul *k, size_t i)
{
	return !k->o->par_concernes || !isnan(k->concernes[i]);
}

static bool place_people(struct calcul *k, struct err *e)
{
	size_t n = k->d->n[NIVEAU_COMMUNE];

	k->points = NEW_ARRAY(k->a, n, struct quartier);
	k->places = NEW_ARRAY(k->a, n, struct acces_point);
	k->besoins = NEW_ARRAY(k->a, n, double);
	k->metres = NEW_ARRAY(k->a, n, double);
	k->ratios = NEW_ARRAY(k->a, n, double);
	if (k->a->spent)
		return arena_refuse(k->a, e);
	for (uint32_t i = 0; i < n; i++) {
		const struct decoupage_unite *u = unite(k, i), *whole = u;
		const struct commune *c = repertoire_commune(k->r, u->code);
		struct quartier *p = &k->points[k->npoints];

		if (u->divisee || !c)
			continue;
		*p = (struct quartier){ i, 1 };
		if (u->autre) {
			p->commune = u->dans[NIVEAU_COMMUNE];
			if (p->commune == DECOUPAGE_RIEN)
				continue;
			whole = unite(k, p->commune);
			p->part = whole->population > 0 ? u->population / whole->population : 0;
		}
		k->places[k->npoints] = (struct acces_point){ c->lat, c->lon };
		k->o->sans_position += isnan(c->lat) != 0;
		k->besoins[k->npoints++] = need_of(k, p->commune) * p->part;
	}
	return true;
}

/* Distances and offer within reach, from points to their communes. */
static bool measure(struct calcul *k, struct err *e)
{
	/* what is only first social reception offers no mediation */
	struct acces_lieux l = { .grid = k->r->grid, .ntraits = 1,
		.traits = { lieu_trait(TRAIT_GENRE, 1u << GENRE_MEDIATION) } };
	double *weights = NEW_ARRAY(k->a, k->d->n[NIVEAU_COMMUNE], double);

	if (!weights)
		return arena_refuse(k->a, e);
	if (k->choix->services) {
		l.traits[1] = lieu_trait(TRAIT_SERVICES, k->choix->services);
		l.ntraits = 2;
	}
	acces_nearest(&l, k->places, k->npoints, k->metres, NULL);
	if (!acces_ratios(k->a, &l, k->capacites, k->r->nlieux, k->places, k->besoins, k->npoints,
			  &k->choix->bassin, k->ratios, e))
		return false;
	for (size_t p = 0; p < k->npoints; p++) {
		struct offre_ligne *c = &k->communes[k->points[p].commune];
		double need = k->besoins[p];

		if (isnan(k->places[p].lat))
			continue;
		if (isnan(c->acces))
			c->acces = 0;
		c->acces += k->ratios[p] * 1000 * k->points[p].part;
		/* a large commune has its place at the town, far from its centre: it has one */
		if (!c->lieux && !(k->metres[p] <= k->choix->blanche))
			c->a_l_ecart += need;
		if (isnan(k->metres[p]))
			continue;
		if (isnan(c->distance))
			c->distance = 0;
		c->distance += k->metres[p] * k->points[p].part;
		weights[k->points[p].commune] += k->points[p].part;
	}
	for (size_t i = 0; i < k->d->n[NIVEAU_COMMUNE]; i++) {
		if (weights[i] > 0)
			k->communes[i].distance /= weights[i];
		if (!is_known(k, i))
			k->communes[i].a_l_ecart = NAN;
		k->communes[i].blanche = !k->communes[i].lieux && !isnan(k->communes[i].acces)
					 && !(k->communes[i].distance <= k->choix->blanche);
	}
	return true;
}

/* --- larger territories ----------------------------------------------------------------------- */

static double plus(double x, double y)
{
	return isnan(y) ? x : isnan(x) ? y : x + y;
}

static bool is_hidden(const struct offre *o, const struct offre_ligne *l)
{
	return o->par_concernes && (l->secret || (l->concernes > 0
		&& l->concernes < (double)secret_regle_usuelle.seuil));
}

static void add_commune(struct calcul *k, struct offre_ligne *t, size_t at, size_t i)
{
	const struct offre_ligne *c = &k->communes[i];
	double people = c->population > 0 ? c->population : 0, need = need_of(k, i);

	t->population = plus(t->population, c->population);
	t->concernes = plus(t->concernes, c->concernes);
	t->conseillers = plus(t->conseillers, c->conseillers);
	t->lieux += c->lieux;
	t->conseillers_lieux += c->conseillers_lieux;
	t->lieux_horaires += c->lieux_horaires;
	t->heures += c->heures;
	/* the total of what is shown: the others would be had back from it */
	if (!is_hidden(k->o, c))
		t->a_l_ecart = plus(t->a_l_ecart, c->a_l_ecart);
	t->sans_estimation += !is_known(k, i) && people > 0;
	k->tous[at] += people;
	k->sans[at] += is_known(k, i) ? 0 : people;
	if (!isnan(c->distance)) {
		t->distance = plus(t->distance, c->distance * people);
		k->poids_distance[at] += people;
	}
	if (!isnan(c->acces) && need > 0) {
		t->acces = plus(t->acces, c->acces * need);
		k->poids_acces[at] += need;
	}
}

/* What is not known of a twentieth of the people is not said of all. */
static void hold_back(const struct calcul *k, struct offre_ligne *t, size_t at)
{
	t->distance /= k->poids_distance[at];
	t->acces /= k->poids_acces[at];
	if (k->sans[at] * 20 >= k->tous[at] && k->sans[at] > 0)
		t->concernes = t->a_l_ecart = NAN;
}

static struct offre_ligne line_of(enum niveau niveau, const struct decoupage_unite *u)
{
	return (struct offre_ligne){ .niveau = niveau, .code = u->code, .nom = u->nom,
		.population = NAN, .concernes = NAN, .concernes_bas = NAN, .concernes_haut = NAN,
		.conseillers = NAN, .distance = NAN, .acces = NAN };
}

/* Territories of the level asked, in which an asked commune lies. */
static bool sum_up(struct calcul *k, struct err *e)
{
	enum niveau niveau = k->choix->niveau;
	size_t n = k->d->n[niveau];
	struct offre_ligne *t = NEW_ARRAY(k->a, n, struct offre_ligne);
	bool *asked = NEW_ARRAY(k->a, n, bool);

	k->poids_distance = NEW_ARRAY(k->a, n, double);
	k->poids_acces = NEW_ARRAY(k->a, n, double);
	k->sans = NEW_ARRAY(k->a, n, double);
	k->tous = NEW_ARRAY(k->a, n, double);
	if (k->a->spent)
		return arena_refuse(k->a, e);
	for (size_t i = 0; i < n; i++)
		t[i] = line_of(niveau, &k->d->unites[niveau][i]);
	for (size_t i = 0; i < k->d->n[NIVEAU_COMMUNE]; i++) {
		uint32_t in[2] = { unite(k, i)->dans[niveau], unite(k, i)->dans_ept };

		if (unite(k, i)->autre)
			continue;
		for (int x = 0; x < (niveau == NIVEAU_EPCI ? 2 : 1); x++) {
			if (in[x] == DECOUPAGE_RIEN)
				continue;
			asked[in[x]] = asked[in[x]] || is_asked(k, i);
			add_commune(k, &t[in[x]], in[x], i);
		}
	}
	for (size_t i = 0; i < n; i++) {
		hold_back(k, &t[i], i);
		if (asked[i])
			k->o->lignes[k->o->n++] = t[i];
	}
	return true;
}

static bool start(struct calcul *k, struct err *e)
{
	size_t n = k->d->n[NIVEAU_COMMUNE];

	k->communes = NEW_ARRAY(k->a, n, struct offre_ligne);
	k->capacites = NEW_ARRAY(k->a, k->r->nlieux, double);
	k->o->lignes = NEW_ARRAY(k->a, k->d->n[k->choix->niveau], struct offre_ligne);
	if (k->a->spent)
		return arena_refuse(k->a, e);
	for (size_t i = 0; i < n; i++) {
		k->communes[i] = line_of(NIVEAU_COMMUNE, unite(k, i));
		k->communes[i].population = unite(k, i)->population;
		k->communes[i].concernes = k->concernes ? k->concernes[i] : NAN;
		k->communes[i].conseillers = k->conseillers ? k->conseillers[i] : NAN;
		k->communes[i].secret = k->choix->caches && k->choix->caches[i];
	}
	return true;
}

/* Most people in white zones first, then least offer within reach, then by code. */
static int by_gap(const void *a, const void *b)
{
	const struct offre_ligne *x = a, *y = b;

	if (x->secret != y->secret)             /* an order would tell what is hidden */
		return x->secret ? 1 : -1;
	if (isnan(x->a_l_ecart) != isnan(y->a_l_ecart))
		return isnan(x->a_l_ecart) ? 1 : -1;
	if (x->a_l_ecart < y->a_l_ecart || x->a_l_ecart > y->a_l_ecart)
		return x->a_l_ecart > y->a_l_ecart ? -1 : 1;
	if (isnan(x->acces) != isnan(y->acces))
		return isnan(x->acces) ? 1 : -1;
	if (x->acces < y->acces || x->acces > y->acces)
		return x->acces < y->acces ? -1 : 1;
	return strcmp(x->code, y->code);
}

bool offre_compute(struct arena *a, const struct repertoire *r, const struct decoupage *d,
		   const struct offre_choix *choix, const double *concernes,
		   const double *conseillers, struct offre *out, struct err *e)
{
	struct calcul k = { .a = a, .r = r, .d = d, .choix = choix, .concernes = concernes,
			    .conseillers = conseillers, .o = out };

	*out = (struct offre){ .choix = *choix, .par_concernes = concernes != NULL };
	if (!start(&k, e))
		return false;
	k.taux = concernes ? mean_rate(&k) : 0;
	count_places(&k);
	if (!place_people(&k, e) || !measure(&k, e))
		return false;
	if (choix->niveau == NIVEAU_COMMUNE) {
		for (size_t i = 0; i < d->n[NIVEAU_COMMUNE]; i++) {
			if (!unite(&k, i)->autre && is_asked(&k, i))
				out->lignes[out->n++] = k.communes[i];
		}
	} else if (!sum_up(&k, e)) {
		return false;
	}
	if (out->n)
		qsort(out->lignes, out->n, sizeof *out->lignes, by_gap);
	return true;
}

/* --- a table of it ----------------------------------------------------------------------- */

static void put(struct buf *b, double v, double digits)
{
	char text[NOMBRE_TEXTE];

	csv_write_cell(b, nombre_ecrire(round(v * digits) / digits, text), false);
}

struct offre_ligne offre_montrable(const struct offre *o, const struct offre_ligne *l)
{
	struct offre_ligne out = *l;
	struct estimation_valeur v = { l->concernes, l->concernes_bas, l->concernes_haut };
	struct estimation_valeur far = { l->a_l_ecart, NAN, NAN };

	if (!o->par_concernes)
		return out;
	if (l->secret)
		v = far = (struct estimation_valeur){ NAN, NAN, NAN };
	estimation_taire(&v);
	estimation_taire(&far);
	if (isnan(v.nombre))            /* the same people, or a part of them */
		far.nombre = NAN;
	out.concernes = v.nombre;
	out.concernes_bas = v.bas;
	out.concernes_haut = v.haut;
	out.a_l_ecart = far.nombre;
	return out;
}

static void put_line(struct buf *b, const struct offre *o, const struct offre_ligne *kept)
{
	struct offre_ligne shown = offre_montrable(o, kept);
	const struct offre_ligne *l = &shown;

	csv_write_cell(b, niveau_mots[l->niveau], true);
	csv_write_cell(b, l->code, false);
	csv_write_cell(b, l->nom, false);
	put(b, l->population, 1);
	put(b, l->concernes, 1);
	put(b, (double)l->lieux, 1);
	put(b, (double)l->conseillers_lieux, 1);
	put(b, (double)l->lieux_horaires, 1);
	put(b, l->heures, 100);
	put(b, l->conseillers, 10);
	put(b, offre_pour_mille((double)l->lieux, l->population), 1000);
	put(b, offre_pour_mille((double)l->lieux, l->concernes), 1000);
	put(b, offre_pour_mille(l->heures, l->concernes), 1000);
	put(b, offre_pour_mille(l->conseillers, l->concernes), 1000);
	put(b, offre_pour_mille((double)l->conseillers_lieux, l->concernes), 1000);
	put(b, l->distance, 1);
	put(b, o->choix.kmh > 0
	       ? acces_minutes(l->distance, o->choix.kmh, o->choix.detour) : NAN, 10);
	put(b, l->acces, 10000);
	if (l->niveau == NIVEAU_COMMUNE)
		csv_write_cell(b, l->blanche ? "oui" : isnan(l->distance) ? "" : "non", false);
	else
		csv_write_cell(b, "", false);
	put(b, l->a_l_ecart, 1);
	put(b, (double)l->sans_estimation, 1);
	put(b, l->concernes_bas, 1);
	put(b, l->concernes_haut, 1);
	buf_char(b, '\n');
}

void offre_csv(struct buf *b, const struct offre *o)
{
	buf_str(b, "niveau,code,nom,population,concernes,lieux,lieux_conseillers,lieux_horaires,"
		   "heures_semaine,conseillers,lieux_pour_1000_habitants,lieux_pour_1000_concernes,"
		   "heures_pour_1000_concernes,conseillers_pour_1000_concernes,"
		   "lieux_conseillers_pour_1000_concernes,distance_m,minutes,"
		   "acces_pour_1000,zone_blanche,personnes_zone_blanche,communes_sans_estimation,"
		   "concernes_bas,concernes_haut\n");
	for (size_t i = 0; i < o->n; i++)
		put_line(b, o, &o->lignes[i]);
}
