#include "observe/constat.h"

#include <math.h>
#include <string.h>

#include "core/acces.h"
#include "core/indicateur.h"
#include "core/lieu.h"
#include "core/ressort.h"
#include "observe/chiffre.h"
#include "observe/mesure.h"
#include "observe/offre.h"
#include "web/message.h"

enum { FAITS = 12, SEUILS = 3 };

static const double seuils[SEUILS] = { 5000, 10000, 20000 };

/* What is counted over the communes of the territory. */
struct compte {
	const struct constat_ask *k;
	struct constat_fait *faits;
	size_t n;
	size_t lieux, lus;              /* lus: places whose hours we can read */
	double heures;
	double habitants, metres;       /* metres: summed over inhabitants */
	double loin[SEUILS];            /* inhabitants */
};

static bool is_inside(const struct constat_ask *k, const struct commune *c)
{
	if (!k->commune)
		return commune_in(c, k->territoire);
	return c == k->commune || !strcmp(c->parent, k->commune->code);
}

static void count_places(struct compte *x)
{
	const struct repertoire *r = x->k->r;

	for (size_t i = 0; i < r->nlieux; i++) {
		const struct commune *c = repertoire_commune(r, r->lieux[i].code_insee);
		double hours;

		if (c && *c->parent && !x->k->commune)
			c = repertoire_commune(r, c->parent);
		if (!c || !is_inside(x->k, c))
			continue;
		x->lieux++;
		hours = offre_heures(&r->lieux[i], x->k->now);
		if (isnan(hours))
			continue;
		x->lus++;
		x->heures += hours;
	}
}

/* Where a commune has a place nobody in it is far, wherever its centre is. */
static bool measure(struct compte *x, struct err *e)
{
	const struct repertoire *r = x->k->r;
	const uint32_t *counts = lieux_by_commune(x->k->a, r);
	struct acces_lieux all = { .grid = r->grid };

	if (!counts)
		return arena_refuse(x->k->a, e);
	for (size_t i = 0; i < r->ncommunes; i++) {
		const struct commune *c = &r->communes[i];
		struct acces_point p = { c->lat, c->lon };
		double metres;

		if (!(x->k->commune ? c == x->k->commune : is_inside(x->k, c)) || isnan(c->lat))
			continue;
		acces_nearest(&all, &p, 1, &metres, NULL);
		if (isnan(metres) || c->population <= 0)
			continue;
		x->habitants += (double)c->population;
		x->metres += metres * (double)c->population;
		for (int s = 0; s < SEUILS; s++)
			x->loin[s] += !counts[i] && metres > seuils[s] ? (double)c->population : 0;
	}
	return true;
}

static struct constat_fait *add(struct compte *x, const char *code, const char *libelle,
				double valeur, const char *unite, const char *texte)
{
	x->faits[x->n] = (struct constat_fait){ code, tr(x->k->lang, libelle), texte, "", valeur,
						unite, 0 };
	return &x->faits[x->n++];
}

static void say_places(struct compte *x)
{
	struct arena *a = x->k->a;
	const struct lang *l = x->k->lang;
	int64_t people = x->k->commune ? x->k->commune->population : x->k->territoire->population;
	struct constat_fait *f = add(x, "lieux", N_("Lieux connus"), (double)x->lieux, "",
				     chiffre_entier(a, l, (int64_t)x->lieux));

	if (people > 0 && x->lieux)
		f->suite = message(a, l, N_("%1 pour 10 000 habitants"),
			chiffre(a, l, (double)x->lieux * 10000 / (double)people, 1));
	if (!x->lieux)
		return;
	f = add(x, "heures_semaine", N_("Heures d’ouverture par semaine"),
		x->lus ? x->heures : (double)NAN, "h",
		x->lus ? chiffre_unite(a, l, x->heures, 0, "h") : tr(l, N_("pas d’horaires lisibles")));
	if (x->lus)
		f->suite = message(a, l, N_("%1 lieux sur %2 ont des horaires que nous savons lire"),
			chiffre_entier(a, l, (int64_t)x->lus), chiffre_entier(a, l,
			(int64_t)x->lieux));
}

static void say_distance(struct compte *x)
{
	static const char *const codes[SEUILS] = { "part_plus_de_5_km", "part_plus_de_10_km",
						   "part_plus_de_20_km" };
	struct arena *a = x->k->a;
	const struct lang *l = x->k->lang;
	double mean = x->metres / x->habitants;
	char text[I18N_TEXT];
	struct constat_fait *f;

	if (!(x->habitants > 0))
		return;
	f = add(x, "distance_m", x->k->commune ? N_("Lieu le plus proche du centre")
		: N_("Lieu le plus proche, en moyenne par habitant"), mean, "m",
		arena_str(a, distance_text(l, mean, text)));
	f->suite = tr(l, N_("à vol d’oiseau"));
	for (int s = 0; s < SEUILS && !x->k->commune; s++) {
		double share = 100 * x->loin[s] / x->habitants;

		f = add(x, codes[s], N_("Habitants d’une commune sans lieu, loin du plus proche"), share,
			"%", chiffre_unite(a, l, share, share < 1 ? 2 : 1, "%"));
		f->suite = message(a, l, N_("à plus de %1 : %2 habitants"),
			arena_str(a, distance_text(l, seuils[s], text)),
			chiffre(a, l, x->loin[s], 0));
		if (!(x->loin[s] > 0))
			break;
	}
}

/* The network, as it was imported: shares of premises or people that are without. */
static bool say_network(struct compte *x, struct err *e)
{
	static const char *const codes[] = { "no_thd_coverage_rate", "no_ftth_coverage_rate",
					     "no_4g_coverage_rate" };
	const struct constat_ask *k = x->k;
	const struct indicateur *list;
	size_t nlist;

	if (!indicateur_list(k->db, k->a, &list, &nlist, e))
		return false;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		const struct indicateur *d = indicateur_find(list, nlist, codes[i]);
		double v;
		uint8_t status;
		int annee;

		if (!d || !indicateur_derniere_annee(k->db, codes[i], k->niveau, &annee, e))
			return d == NULL;
		if (!annee)
			continue;
		if (!indicateur_align(k->db, codes[i], k->niveau, annee, &k->code, 1, &v,
			&status, NULL,
				      e))
			return false;
		if (status != STATUT_VALEUR)
			continue;
		x->faits[x->n++] = (struct constat_fait){ codes[i], d->libelle,
			chiffre_unite(k->a, k->lang, v, 1, d->unite),
			arena_cat(k->a, arena_printf(k->a, "%s, %d", d->source, annee),
				  *indicateur_reserve(d) ? ". " : "",
				  indicateur_reserve(d), NULL), v, d->unite, annee };
	}
	return true;
}

bool constat_make(const struct constat_ask *ask, struct constat_fait **out, size_t *n,
		  struct err *e)
{
	struct compte x = { .k = ask };

	*out = x.faits = NEW_ARRAY(ask->a, FAITS, struct constat_fait);
	if (!x.faits)
		return arena_refuse(ask->a, e);
	count_places(&x);
	if (!measure(&x, e))
		return false;
	say_places(&x);
	say_distance(&x);
	if (!say_network(&x, e))
		return false;
	*n = x.n;
	return !ask->a->spent || arena_refuse(ask->a, e);
}
