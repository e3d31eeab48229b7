#include "core/carte.h"

#include <math.h>
#include <string.h>

#include "core/carte_place.h"
#include "web/message.h"

enum { WIDTH = 360, HEIGHT = 330, NAMES = 9, NEIGHBOURS = 600,
	LONGEST = 110,                  /* of the scale bar */
	POINTS_BYTES = 16 << 10,
	BORDERS_BYTES = 24 << 10 };     /* beyond, borders would weigh more than the list */
static const double MARGIN = 0.13;      /* of the box, on each side: numbers need room */
static const double LEAST = 0.016;      /* degrees: a map is never narrower than a quarter */
static const double NEAR = 0.45;        /* degrees: beyond, communes are too small to draw */
static const double QUARTERS = 0.12;    /* below, a city's arrondissements have names */

struct box {
	double south, west, north, east;
};

static const struct box nowhere = { INFINITY, INFINITY, -INFINITY, -INFINITY };

static struct box join(struct box a, struct box b)
{
	return (struct box){ fmin(a.south, b.south), fmin(a.west, b.west),
			     fmax(a.north, b.north), fmax(a.east, b.east) };
}

static struct box point_box(double lat, double lon)
{
	return isnan(lat) ? nowhere : (struct box){ lat, lon, lat, lon };
}

static double span_of(struct box b)
{
	return fmax(b.north - b.south, (b.east - b.west) * 0.7);
}

static const struct contour *find(const struct contour *all, size_t n, const char *code)
{
	size_t from = 0;

	while (from < n) {
		size_t mid = from + (n - from) / 2;
		int d = strcmp(all[mid].code, code);

		if (!d)
			return &all[mid];
		if (d < 0)
			from = mid + 1;
		else
			n = mid;
	}
	return NULL;
}

static const struct contour *limits_of(const struct repertoire *r, const struct commune *c)
{
	return c ? find(r->limites, r->nlimites, c->code) : NULL;
}

static struct box contour_area(const struct contour *c)
{
	return c ? (struct box){ c->south, c->west, c->north, c->east } : nowhere;
}

/* --- ground ---------------------------------------------------------------------------- */

static bool in_sight(const struct map *m, const struct contour *c)
{
	return c->west < m->east && c->east > m->west && c->south < m->north
	       && c->north > m->south;
}

/* Outlines of all départements in sight; borders inside them when the map is near, or
 * inside `only` when one département is the subject. */
static void draw_ground(struct carte *c, struct arena *a, const struct repertoire *r,
			const struct map *m, const char *only)
{
	CLEANUP(buf_free) struct buf land = buf_new(1 << 20), borders = buf_new(1 << 20);
	bool near = m->north - m->south < NEAR;

	for (size_t i = 0; i < r->ncontours; i++) {
		if (!in_sight(m, &r->contours[i]))
			continue;
		map_draw(&land, m, &r->contours[i], true);
		if (only ? !strcmp(r->contours[i].code, only) : near)
			map_draw(&borders, m, &r->contours[i], false);
	}
	c->terre = arena_strn(a, land.n ? land.p : "", land.n);
	c->limites = borders.n && borders.n < BORDERS_BYTES
		     ? arena_strn(a, borders.p, borders.n) : "";
}

/* A bar of a round number of metres. */
static void scale_bar(struct carte *c, struct arena *a, const struct lang *lang,
		      const struct map *m)
{
	static const double rounds[] = { 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000,
					 100000, 200000, 500000 };
	char text[I18N_TEXT];

	for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
		double units = map_units(m, rounds[i]);

		if (units > LONGEST)
			break;
		c->echelle = (int)lround(units);
		c->echelle_texte = arena_str(a, distance_text(lang, rounds[i], text));
	}
}

/* --- names ----------------------------------------------------------------------------- */

/* "11e" of "Paris 11e Arrondissement". */
static const char *short_name(struct arena *a, const struct commune *c)
{
	const char *from = strrchr(c->nom, ' ');

	if (!*c->parent || !from)
		return c->nom;
	while (from > c->nom && from[-1] != ' ')
		from--;
	return arena_strn(a, from, strcspn(from, " "));
}

/* Communes whose middle is in sight; of a city that fills the map, its arrondissements. */
static size_t add_candidates(struct arena *a, struct carte_candidat *all, size_t n,
			     const struct repertoire *r, const struct map *m,
			     const char *departement, const struct commune *asked)
{
	bool quarters = m->north - m->south < QUARTERS;

	for (size_t i = repertoire_first_commune(r, departement); i < r->ncommunes && n < NEIGHBOURS
	     && !strcmp(r->communes[i].departement, departement); i++) {
		const struct commune *c = &r->communes[i];

		if (c == asked
		    || (*c->parent ? !quarters : c->approchee || (c->divisee && quarters))
		    || !(c->lat > m->south) || !(c->lat < m->north) || !(c->lon > m->west)
		    || !(c->lon < m->east))
			continue;
		all[n].nom = short_name(a, c);
		all[n].population = c->population;
		map_xy(m, c->lat, c->lon, &all[n].x, &all[n].y);
		n++;
	}
	return n;
}

static void write_names(struct carte *c, struct arena *a, const struct repertoire *r,
			const struct map *m, const char *departement,
			const struct commune *asked)
{
	struct carte_candidat *all = NEW_ARRAY(a, NEIGHBOURS + 1, struct carte_candidat);
	size_t n = 0;

	if (!all)
		return;
	if (asked && !isnan(asked->lat)) {
		all[n].nom = short_name(a, asked);
		all[n].grand = true;
		map_xy(m, asked->lat, asked->lon, &all[n].x, &all[n].y);
		n++;
	}
	for (size_t i = 0; i < r->ncontours; i++) {
		if (in_sight(m, &r->contours[i])
		    && (!c->dessus || !strcmp(r->contours[i].code, departement)))
			n = add_candidates(a, all, n, r, m, r->contours[i].code, asked);
	}
	if (!r->ncontours && departement)
		n = add_candidates(a, all, n, r, m, departement, asked);
	carte_names(a, c, all, n, NAMES);
}

/* --- the map --------------------------------------------------------------------------- */

static struct carte *carte_new(struct arena *a, struct box b, const struct repertoire *r,
			       const struct contour *asked, const char *only, struct map *m)
{
	struct carte *c = isfinite(b.south) ? NEW(a, struct carte) : NULL;
	double high, wide;

	if (!c)
		return NULL;
	high = fmax(b.north - b.south, LEAST) * MARGIN;
	wide = fmax(b.east - b.west, LEAST) * MARGIN;
	*m = map_fit(b.south - high, b.west - wide, b.north + high, b.east + wide, WIDTH,
		     HEIGHT);
	c->width = m->width;
	c->height = m->height;
	draw_ground(c, a, r, m, only);
	c->commune = asked ? map_path(a, m, asked->trace) : "";
	c->dessus = only != NULL;
	c->points = "";
	return c;
}

/* Where a place that was found is: at its stop when it travels. */
static void stand(const struct lieu_result *one, double *lat, double *lon)
{
	*lat = one->arret.p ? one->arret.p->lat : one->lieu->lat;
	*lon = one->arret.p ? one->arret.p->lon : one->lieu->lon;
}

static void place(struct carte *c, struct arena *a, const struct map *m,
		  const struct lieu_result *found, size_t n, int first)
{
	struct carte_lieu *l = NEW_ARRAY(a, n, struct carte_lieu);

	for (size_t i = 0; l && i < n; i++) {
		const struct lieu *lieu = found[i].lieu;
		double lat, lon;

		stand(&found[i], &lat, &lon);
		if (isnan(lat))
			continue;
		map_xy(m, lat, lon, &l[c->n].px, &l[c->n].py);
		l[c->n].numero = first + (int)i;
		l[c->n].nom = lieu->nom;
		l[c->n].lien = arena_printf(a, "#lieu-%d", first + (int)i);
		c->n++;
	}
	if (c->n)
		carte_spread(c, l);
	c->lieux = l;
}

/* Every place in sight, as lines of no length: round caps make dots of them. */
static void draw_points(struct carte *c, struct arena *a, const struct repertoire *r,
			const struct map *m)
{
	CLEANUP(buf_free) struct buf b = buf_new(POINTS_BYTES);

	for (size_t i = 0; i < r->nlieux; i++) {
		const struct lieu *l = &r->lieux[i];
		int x, y;

		if (!(l->lat > m->south) || !(l->lat < m->north) || !(l->lon > m->west)
		    || !(l->lon < m->east))
			continue;
		map_xy(m, l->lat, l->lon, &x, &y);
		buf_printf(&b, "M%d %dh0", x, y);
	}
	c->points = b.n && !b.full ? arena_strn(a, b.p, b.n) : "";
}

/* All places, the point of departure, and the commune when it does not drown them. */
static struct box box_of(const struct repertoire *r, const struct commune *commune,
			 double lat, double lon, const struct lieu_result *found, size_t n)
{
	struct box b = point_box(lat, lon), with;

	for (size_t i = 0; i < n; i++) {
		stand(&found[i], &lat, &lon);
		b = join(b, point_box(lat, lon));
	}
	with = join(b, contour_area(limits_of(r, commune)));
	if (isfinite(b.south) && span_of(with) > fmax(1.8 * span_of(b), 0.07))
		return b;
	return with;
}

const struct carte *carte_of_lieux(struct arena *a, const struct repertoire *r,
				   const struct lang *lang, const struct commune *commune,
				   double lat, double lon, const struct lieu_result *found,
				   size_t n, int first)
{
	struct map m;
	struct carte *c = carte_new(a, box_of(r, commune, lat, lon, found, n), r,
				    limits_of(r, commune), NULL, &m);

	if (!c)
		return NULL;
	c->ici = !isnan(lat);
	if (c->ici)
		map_xy(&m, lat, lon, &c->ici_x, &c->ici_y);
	place(c, a, &m, found, n, first);
	scale_bar(c, a, lang, &m);
	write_names(c, a, r, &m, commune ? commune->departement : NULL, commune);
	c->titre = commune ? message(a, lang, N_("Les lieux autour de %1, numérotés comme dans la liste"), commune->nom)
			   : tr(lang, N_("Les lieux, numérotés comme dans la liste"));
	c->legende = c->ici ? tr(lang, N_("Point rouge : d’où partent les distances. La liste dit la même chose que la carte."))
			    : tr(lang, N_("La liste dit la même chose que la carte."));
	return c;
}

const struct carte *carte_of_territoire(struct arena *a, const struct repertoire *r,
					const struct lang *lang, const char *departement,
					const struct commune *commune, const char *titre)
{
	const struct contour *own = commune ? limits_of(r, commune)
					    : find(r->contours, r->ncontours, departement);
	struct box b = own ? contour_area(own) : nowhere;
	struct carte *c;
	struct map m;

	if (commune)                            /* some of its neighbours around it */
		b = join(b, point_box(commune->lat, commune->lon));
	for (size_t i = repertoire_first_commune(r, departement);
	     !own && !commune && i < r->ncommunes
	     && !strcmp(r->communes[i].departement, departement); i++)
		b = join(b, point_box(r->communes[i].lat, r->communes[i].lon));
	if (commune && isfinite(b.south)) {
		double air = fmax(span_of(b) * 0.6, 0.02);

		b.south -= air;
		b.north += air;
		b.west -= air * 1.4;
		b.east += air * 1.4;
	}
	c = carte_new(a, b, r, own, commune ? NULL : departement, &m);
	if (!c)
		return NULL;
	draw_points(c, a, r, &m);
	scale_bar(c, a, lang, &m);
	write_names(c, a, r, &m, departement, commune);
	c->titre = titre;
	c->legende = "";
	return c;
}
