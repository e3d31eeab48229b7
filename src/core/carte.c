#include "core/carte.h"

#include <math.h>
#include <string.h>

#include "web/message.h"

enum { WIDTH = 400, HEIGHT = 360, LONGEST = 130 };
#define MARGIN 0.12                     /* of the box, on each side */
#define LEAST_DEGREES 0.02              /* a map is never narrower than a neighbourhood */

struct box {
	double south, west, north, east;
};

static void include(struct box *b, double lat, double lon)
{
	b->south = fmin(b->south, lat);
	b->north = fmax(b->north, lat);
	b->west = fmin(b->west, lon);
	b->east = fmax(b->east, lon);
}

/* The box of all that must be seen, with air around it. */
static struct box box_of(double lat, double lon, const struct lieu_result *found, size_t n)
{
	struct box b = { INFINITY, INFINITY, -INFINITY, -INFINITY };
	double high, wide;

	if (!isnan(lat))
		include(&b, lat, lon);
	for (size_t i = 0; i < n; i++) {
		if (!isnan(found[i].lieu->lat))
			include(&b, found[i].lieu->lat, found[i].lieu->lon);
	}
	high = fmax(b.north - b.south, LEAST_DEGREES);
	wide = fmax(b.east - b.west, LEAST_DEGREES);
	b.south -= high * MARGIN;
	b.north += high * MARGIN;
	b.west -= wide * MARGIN;
	b.east += wide * MARGIN;
	return b;
}

static const struct contour *outline_of(const struct repertoire *r, const char *departement)
{
	for (size_t i = 0; departement && i < r->ncontours; i++) {
		if (!strcmp(r->contours[i].code, departement))
			return &r->contours[i];
	}
	return NULL;
}

static void place(struct carte *c, struct arena *a, const struct map *m,
		  const struct lieu_result *found, size_t n, int first)
{
	struct carte_lieu *l = NEW_ARRAY(a, n, struct carte_lieu);

	for (size_t i = 0; l && i < n; i++) {
		const struct lieu *lieu = found[i].lieu;

		if (isnan(lieu->lat))
			continue;
		map_xy(m, lieu->lat, lieu->lon, &l[c->n].x, &l[c->n].y);
		l[c->n].numero = first + (int)i;
		l[c->n].nom = lieu->nom;
		l[c->n].lien = arena_printf(a, "#lieu-%d", first + (int)i);
		c->n++;
	}
	c->lieux = l;
}

/* A bar of a round number of kilometres. */
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
		c->echelle = (int)units;
		c->echelle_texte = arena_str(a, distance_text(lang, rounds[i], text));
	}
}

const struct carte *carte_of_lieux(struct arena *a, const struct repertoire *r,
				   const struct lang *lang, const struct commune *commune,
				   double lat, double lon, const struct lieu_result *found,
				   size_t n, int first)
{
	struct carte *c = NEW(a, struct carte);
	struct box b = box_of(lat, lon, found, n);
	const struct contour *outline;
	struct map m;

	if (!c || !isfinite(b.south))
		return NULL;
	m = map_fit(b.south, b.west, b.north, b.east, WIDTH, HEIGHT);
	c->width = m.width;
	c->height = m.height;
	outline = outline_of(r, commune ? commune->departement : NULL);
	c->terre = outline ? map_path(a, &m, outline->trace) : "";
	c->commune = "";
	place(c, a, &m, found, n, first);
	c->ici = !isnan(lat);
	if (c->ici)
		map_xy(&m, lat, lon, &c->ici_x, &c->ici_y);
	scale_bar(c, a, lang, &m);
	c->titre = commune ? message(a, lang, N_("Les lieux autour de %1, numérotés comme dans la liste"), commune->nom)
			   : tr(lang, N_("Les lieux, numérotés comme dans la liste"));
	c->legende = c->ici ? tr(lang, N_("Point rouge : d’où partent les distances. La liste dit la même chose que la carte."))
			    : tr(lang, N_("La liste dit la même chose que la carte."));
	return c;
}
