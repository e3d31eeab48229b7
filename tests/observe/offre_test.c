#include "test.h"

#include <stdlib.h>

#include "core/lieu.h"
#include "observe/grappes.h"
#include "observe/offre.h"

/* Four communes on a line, 8 km apart to the north, a place in the first; a town in two
 * arrondissements far away, with nothing. */
struct monde {
	struct arena a;
	struct err e;
	struct repertoire r;
	struct commune communes[7];
	struct lieu lieux[2];
	struct territoire territoires[3];
	const struct decoupage *d;
	double concernes[7];
};

static const double NORD = 8000 / 6371008.8 * 180 / 3.14159265358979323846;

static void commune(struct monde *w, size_t i, const char *code, int64_t people, double lat,
		    const char *dep, const char *epci, const char *parent)
{
	w->communes[i] = (struct commune){ .code = code, .nom = code, .cle = code,
		.departement = dep, .region = "84", .epci = epci, .ept = "", .parent = parent,
		.postaux = "", .population = people, .lat = lat, .lon = 2 };
}

static struct monde *monde_new(void)
{
	struct monde *w = calloc(1, sizeof *w);
	const char *hours = "Mo-Fr 09:00-12:00; Sa[1] 10:00-12:00";

	w->a = arena_new(16 << 20);
	commune(w, 0, "01001", 1000, 46, "01", "200000001", "");
	commune(w, 1, "01002", 3000, 46 + NORD, "01", "200000001", "");
	commune(w, 2, "01003", 500, 46 + 2 * NORD, "01", "200000002", "");
	commune(w, 3, "01004", 0, NAN, "01", "200000002", "");
	commune(w, 4, "69123", 900, 45, "69", "200000003", "");
	commune(w, 5, "69381", 300, 44, "69", "", "69123");
	commune(w, 6, "69382", 600, 43.5, "69", "", "69123");
	w->communes[4].divisee = true;
	w->lieux[0] = (struct lieu){ .id = "a", .nom = "a", .cle = "a", .code_insee = "01001",
		.lat = 46, .lon = 2, .calendrier = calendrier_de("01"),
		.heures = horaires_read(&w->a, hours, &w->e), .services = 1,
		.dispositifs = 1u << choice_find(lieu_dispositifs, "Conseillers numériques") };
	w->lieux[1] = (struct lieu){ .id = "b", .nom = "b", .cle = "b", .code_insee = "99999",
		.lat = NAN, .lon = NAN, .calendrier = calendrier_de("01") };
	w->territoires[0] = (struct territoire){ .niveau = "departement", .code = "01", .nom = "Ain", .population = -1 };
	w->territoires[1] = (struct territoire){ .niveau = "departement", .code = "69", .nom = "Rhône", .population = -1 };
	w->territoires[2] = (struct territoire){ .niveau = "region", .code = "84", .nom = "Région", .population = -1 };
	w->r = (struct repertoire){ .communes = w->communes, .ncommunes = 7, .lieux = w->lieux,
		.nlieux = 2, .territoires = w->territoires, .nterritoires = 3,
		.grid = lieu_grid_make(&w->a, w->lieux, 2) };
	accepts(decoupage_of(&w->r, &w->a, &w->d, &w->e), &w->e);
	for (int i = 0; i < 7; i++)
		w->concernes[i] = (double)w->communes[i].population / 5;
	return w;
}

static void monde_free(struct monde *w)
{
	arena_free(&w->a);
	free(w);
}

static const struct offre_ligne *line(const struct offre *o, const char *code)
{
	for (size_t i = 0; i < o->n; i++) {
		if (!strcmp(o->lignes[i].code, code))
			return &o->lignes[i];
	}
	fail_msg("no row %s", code);
	return NULL;
}

static struct offre compute(struct monde *w, const struct offre_choix *c, const double *need)
{
	struct offre o;

	accepts(offre_compute(&w->a, &w->r, w->d, c, need, NULL, &o, &w->e), &w->e);
	return o;
}

TEST("hours of a week: three hours on five days, two on the first Saturday of the month")
{
	struct monde *w = monde_new();

	/* from Monday 23 November 2026: four weeks with one first Saturday (5 December) */
	near_to(offre_heures(&w->lieux[0], env_now(&env_test)), 15.5, 1e-9);
	holds(isnan(offre_heures(&w->lieux[1], env_now(&env_test))));
	monde_free(w);
}

TEST("the example of the documentation: who is near, who is not, and how many")
{
	struct monde *w = monde_new();
	struct offre_choix c = offre_usuel(env_now(&env_test));
	const struct offre_ligne *l;
	struct offre o;

	c.bassin = (struct acces_bassin){ 16000, ACCES_LINEAIRE };
	c.departement = "01";
	o = compute(w, &c, w->concernes);
	equals(o.n, 4);
	l = line(&o, "01001");
	equals(l->lieux, 1);
	equals(l->conseillers_lieux, 1);
	near_to(l->heures, 15.5, 1e-9);
	near_to(offre_pour_mille((double)l->lieux, l->concernes), 5, 1e-9);     /* 1 for 200 */
	/* one place for 200 + 600 / 2 people: 2 per 1,000, half of it 8 km away */
	near_to(l->acces, 2, 1e-6);
	near_to(line(&o, "01002")->acces, 1, 1e-6);
	near_to(line(&o, "01002")->distance, 8000, .1);
	holds(!line(&o, "01002")->blanche);
	l = line(&o, "01003");
	holds(l->blanche);
	near_to(l->a_l_ecart, 100, 1e-9);
	near_to(l->acces, 0, 1e-6);
	same(o.lignes[0].code, "01003");        /* most people in white zones first */
	holds(isnan(line(&o, "01004")->distance));
	holds(isnan(offre_pour_mille(0, line(&o, "01004")->population)));
	equals(o.sans_commune, 1);
	equals(o.sans_position, 1);
	monde_free(w);
}

TEST("minutes: a place 8 km away is 12 at 40 km/h, 15.6 when roads are a third longer")
{
	near_to(acces_minutes(8000, 40, 1), 12, 1e-9);
	near_to(acces_minutes(8000, 40, 1.3), 15.6, 1e-9);
}

TEST("a département: sums, means by people, and people of each arrondissement where they are")
{
	struct monde *w = monde_new();
	struct offre_choix c = offre_usuel(env_now(&env_test));
	const struct offre_ligne *l;
	struct offre o;

	c.niveau = NIVEAU_DEPARTEMENT;
	o = compute(w, &c, NULL);
	holds(!o.par_concernes);
	l = line(&o, "01");
	near_to(l->population, 4500, 0);
	near_to(l->distance, (3000 * 8000 + 500 * 16000) / 4500.0, .1);
	near_to(l->a_l_ecart, 500, 1e-9);
	l = line(&o, "69");
	near_to(l->population, 900, 0);         /* not twice */
	near_to(l->a_l_ecart, 900, 1e-9);
	/* a third of the people at 44 degrees, two thirds at 43.5: 222 km and 278 km */
	near_to(l->distance, (distance_metres(46, 2, 44, 2) + 2 * distance_metres(46, 2, 43.5, 2)) / 3, 1);
	same(o.lignes[0].code, "69");
	monde_free(w);
}

TEST("people concerned that are not known are not counted as none")
{
	struct monde *w = monde_new();
	struct offre_choix c = offre_usuel(env_now(&env_test));
	struct offre o;

	w->concernes[2] = NAN;
	o = compute(w, &c, w->concernes);
	holds(isnan(line(&o, "01003")->concernes));
	holds(isnan(line(&o, "01003")->a_l_ecart));
	same(o.lignes[o.n - 1].code, "01003");  /* after those that are known */
	c.niveau = NIVEAU_DEPARTEMENT;
	o = compute(w, &c, w->concernes);
	holds(isnan(line(&o, "01")->concernes));        /* a ninth of its people is missing */
	equals(line(&o, "01")->sans_estimation, 1);
	near_to(line(&o, "69")->concernes, 180, 1e-9);
	monde_free(w);
}

TEST("a commune whose centre is far from its own place is no white zone")
{
	struct monde *w = monde_new();
	struct offre_choix c = offre_usuel(env_now(&env_test));
	struct offre o;

	w->lieux[0].code_insee = "01003";       /* at 16 km from that commune's centre */
	o = compute(w, &c, w->concernes);
	holds(!line(&o, "01003")->blanche);
	near_to(line(&o, "01003")->a_l_ecart, 0, 0);
	near_to(line(&o, "01003")->distance, 16000, .5);
	monde_free(w);
}

TEST("without any place every commune is a white zone, and nothing divides by zero")
{
	struct monde *w = monde_new();
	struct offre_choix c = offre_usuel(env_now(&env_test));
	struct offre o;

	w->r.nlieux = 0;
	w->r.grid = lieu_grid_make(&w->a, w->lieux, 0);
	o = compute(w, &c, w->concernes);
	holds(line(&o, "01001")->blanche);
	near_to(line(&o, "01001")->a_l_ecart, 200, 1e-9);
	holds(isnan(line(&o, "01001")->distance));
	near_to(line(&o, "01001")->acces, 0, 0);
	monde_free(w);
}

TEST("a place counts for the need that was asked only if it helps with it")
{
	struct monde *w = monde_new();
	struct offre_choix c = offre_usuel(env_now(&env_test));
	struct offre o;

	c.services = 2;
	o = compute(w, &c, w->concernes);
	equals(line(&o, "01001")->lieux, 0);
	holds(line(&o, "01001")->blanche);
	monde_free(w);
}

TEST("clusters leave out communes without value, and say that outlines are missing")
{
	static const double values[] = { 1, 2, NAN, 4, 5, 6, 7 };
	struct monde *w = monde_new();
	const struct commune *list[7];
	struct grappes_choix c = { 2, 99, 1 };
	struct grappes g;

	for (int i = 0; i < 7; i++)
		list[i] = &w->communes[i];
	accepts(grappes_compute(&w->a, &w->r, list, values, 7, &c, &g, &w->e), &w->e);
	equals(g.n, 6);
	equals(g.sans_valeur, 1);
	equals(g.voisins.isoles, 1);            /* the one without position */
	equals(g.nombres[GRAPPE_ISOLE], 1);
	holds(g.global.i > 0);
	c.proches = 0;
	refuses(E_INPUT, grappes_compute(&w->a, &w->r, list, values, 7, &c, &g, &w->e), &w->e);
	holds(strstr(w->e.hint, "--voisins"));
	monde_free(w);
}
