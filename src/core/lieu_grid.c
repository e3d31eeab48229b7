#include "core/lieu_grid.h"

#include <math.h>
#include <stdlib.h>

#include "core/lieu.h"
#include "core/lieu_local.h"
#include "core/passage.h"

uint32_t lieu_grid_cell(double lat, double lon)
{
	double row = floor((lat + 90) * GRID_CELLS_A_DEGREE);
	double column = floor((lon + 180) * GRID_CELLS_A_DEGREE);

	return (uint32_t)row * GRID_ROW + (uint32_t)column;
}

void lieu_grid_point(double lat, double lon, double *x, double *y, double *z)
{
	double phi = lat * M_PI / 180, lambda = lon * M_PI / 180;

	*x = cos(phi) * cos(lambda);
	*y = cos(phi) * sin(lambda);
	*z = sin(phi);
}

double chord_metres(double chord2)
{
	double half = sqrt(chord2) / 2;

	return 2 * EARTH_METRES * asin(half < 1 ? half : 1);
}

double metres_chord(double metres)
{
	double half = sin(fmin(metres / EARTH_METRES / 2, M_PI / 2));

	return 4 * half * half;
}

double lieu_grid_edge(double lat, double lon, int ring)
{
	double rad = M_PI / 180, cell = 1.0 / GRID_CELLS_A_DEGREE;
	uint32_t own = lieu_grid_cell(lat, lon);
	int row = (int)(own / GRID_ROW), column = (int)(own % GRID_ROW);
	double south = lat - ((row - ring) * cell - 90);
	double north = ((row + ring + 1) * cell - 90) - lat;
	double west = lon - ((column - ring) * cell - 180);
	double east = ((column + ring + 1) * cell - 180) - lon;
	double side = fmin(west, east);
	double across = side < 90 ? asin(cos(lat * rad) * sin(side * rad)) : M_PI / 2;

	return metres_chord(fmin(fmin(south, north) * rad, across) * EARTH_METRES);
}

uint64_t lieu_trait(enum trait which, uint32_t bits)
{
	/* where each list begins: the sizes of the tables, with room to grow */
	static const unsigned char at[TRAITS] = { 0, 12, 20, 30, 36, 44, 50, 10 };

	return (uint64_t)bits << at[which];
}

uint64_t lieu_traits(const struct lieu *l)
{
	return lieu_trait(TRAIT_SERVICES, l->services) | lieu_trait(TRAIT_PUBLICS, l->publics)
	       | lieu_trait(TRAIT_PRISES, l->prises_en_charge)
	       | lieu_trait(TRAIT_FRAIS, l->frais) | lieu_trait(TRAIT_ACCES, l->acces)
	       | lieu_trait(TRAIT_ACCOMPAGNEMENTS, l->accompagnements)
	       | lieu_trait(TRAIT_DISPOSITIFS, l->dispositifs) | lieu_trait(TRAIT_GENRE,
	       	l->genre ? l->genre : 1u << GENRE_MEDIATION);
}

static int by_cell(const void *a, const void *b)
{
	const struct lieu_point *x = a, *y = b;

	if (x->cell != y->cell)
		return x->cell < y->cell ? -1 : 1;
	return (x->lieu > y->lieu) - (x->lieu < y->lieu);
}

static bool is_point(double lat, double lon)
{
	return fabs(lat) <= 90 && fabs(lon) <= 180;     /* NaN is none */
}

static void add_etape(struct lieu_grid *g, struct lieu_etape *e, double lat, double lon,
		      uint32_t lieu, const struct passage *arret)
{
	if (!is_point(lat, lon))
		return;
	e[g->netapes] = (struct lieu_etape){ .lieu = lieu, .arret = arret };
	lieu_grid_point(lat, lon, &e[g->netapes].x, &e[g->netapes].y, &e[g->netapes].z);
	g->netapes++;
}

/* Every point of the places that travel. */
static bool make_etapes(struct arena *a, struct lieu_grid *g, const struct lieu *lieux, size_t n)
{
	struct lieu_etape *e;
	size_t room = 0;

	for (size_t i = 0; i < n; i++)
		room += lieux[i].npassages ? lieux[i].npassages + 1 : 0;
	if (!room)
		return true;
	e = NEW_ARRAY(a, room, struct lieu_etape);
	if (!e)
		return false;
	g->etapes = e;
	for (size_t i = 0; i < n; i++) {
		const struct lieu *l = &lieux[i];

		if (!l->npassages)
			continue;
		add_etape(g, e, l->lat, l->lon, (uint32_t)i, NULL);
		for (size_t k = 0; k < l->npassages; k++)
			add_etape(g, e, l->passages[k].lat, l->passages[k].lon, (uint32_t)i,
				  &l->passages[k]);
		g->any |= lieu_traits(l);
	}
	return true;
}

const struct lieu_grid *lieu_grid_make(struct arena *a, const struct lieu *lieux, size_t n)
{
	struct lieu_grid *g = NEW(a, struct lieu_grid);
	struct lieu_point *p = NEW_ARRAY(a, n, struct lieu_point);

	if (!g || !p || !make_etapes(a, g, lieux, n))
		return NULL;
	g->points = p;
	for (size_t i = 0; i < n; i++) {
		const struct lieu *l = &lieux[i];

		if (!is_point(l->lat, l->lon))
			continue;
		p[g->n].lieu = (uint32_t)i;
		p[g->n].traits = lieu_traits(l);
		g->any |= p[g->n].traits;
		p[g->n].cell = lieu_grid_cell(l->lat, l->lon);
		lieu_grid_point(l->lat, l->lon, &p[g->n].x, &p[g->n].y, &p[g->n].z);
		g->n++;
	}
	if (g->n)
		qsort(p, g->n, sizeof *p, by_cell);
	for (size_t row = 0, i = 0; row <= GRID_ROWS; row++) {
		while (i < g->n && p[i].cell / GRID_ROW < row)
			i++;
		g->rows[row] = (uint32_t)i;
	}
	return g;
}

size_t lieu_grid_first(const struct lieu_grid *g, uint32_t cell)
{
	size_t lo = g->rows[cell / GRID_ROW], hi = g->rows[cell / GRID_ROW + 1];

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (g->points[mid].cell < cell)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}
