/*
 * A commune without coordinates borrows those of what is nearest to it in the facts: its
 * own contour, the contours of the communes it was made of, a table of positions that
 * travels with the program (municipal arrondissements, overseas), its postal code, its
 * EPCI, its département; an arrondissement at last those of its commune.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"
#include "core/territoire.sql.h"
#include "core/territoire_stage.h"

struct spot {
	const char *niveau, *code, *departement, *epci, *parent, *postaux;
	double lat, lon;                /* NaN when nothing is known */
	bool approchee;                 /* borrowed before */
	bool placed;                    /* by its source: may lend */
	bool changed;
};

/* Someone's position under a key: a postal code, an EPCI, a département, an old code. */
struct loan {
	const char *key;
	double lat, lon, weight;
};

struct places {
	struct arena a;
	struct spot *spots;
	size_t n, room;
	struct loan *loans;
	size_t nloans, loans_room;
	struct territoire_ancien *anciens;
	size_t nanciens, anciens_room;
	size_t missing;
};

static void places_free(struct places *p)
{
	free(p->spots);
	free(p->loans);
	free(p->anciens);
	arena_free(&p->a);
}

static bool grow(void *array, size_t n, size_t *room, size_t size, struct err *e)
{
	char **p = array, *grown;

	if (n < *room)
		return true;
	*room = *room ? *room * 2 : 4096;
	grown = reallocarray(*p, *room, size);
	if (!grown)
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	*p = grown;
	return true;
}

static bool take_spot(const struct territoire_positions_row *r, void *arg, struct err *e)
{
	struct places *p = arg;
	bool borrowed = r->position && !strcmp(r->position, "approchee");

	if (!grow(&p->spots, p->n, &p->room, sizeof *p->spots, e))
		return false;
	p->spots[p->n++] = (struct spot){
		arena_str(&p->a, r->niveau), arena_str(&p->a, r->code),
		arena_str(&p->a, r->departement ? r->departement : ""),
		arena_str(&p->a, r->epci ? r->epci : ""),
		arena_str(&p->a, r->commune ? r->commune : ""),
		arena_str(&p->a, r->codes_postaux ? r->codes_postaux : ""),
		r->latitude_null ? NAN : r->latitude, r->longitude_null ? NAN : r->longitude,
		borrowed, !r->latitude_null && !borrowed, false,
	};
	p->missing += r->latitude_null || borrowed;
	return !p->a.spent ? true : arena_refuse(&p->a, e);
}

static bool take_old(const struct territoire_anciens_row *r, void *arg, struct err *e)
{
	struct places *p = arg;

	if (!grow(&p->anciens, p->nanciens, &p->anciens_room, sizeof *p->anciens, e))
		return false;
	p->anciens[p->nanciens++] = (struct territoire_ancien){
		.code = arena_str(&p->a, r->code), .ancien_code = arena_str(&p->a, r->ancien_code),
	};
	return true;
}

/* --- loans ----------------------------------------------------------------------------- */

static bool lend(struct places *p, const char *key, double lat, double lon, struct err *e)
{
	if (!*key || isnan(lat))
		return true;
	if (!grow(&p->loans, p->nloans, &p->loans_room, sizeof *p->loans, e))
		return false;
	p->loans[p->nloans++] = (struct loan){ key, lat, lon, 1 };
	return true;
}

static int by_key(const void *x, const void *y)
{
	return strcmp(((const struct loan *)x)->key, ((const struct loan *)y)->key);
}

/* Sorts and makes one loan of those with the same key: their mean. */
static void settle(struct places *p)
{
	size_t k = 0;

	if (p->nloans)
		qsort(p->loans, p->nloans, sizeof *p->loans, by_key);
	for (size_t i = 0; i < p->nloans; i++) {
		struct loan *to = k ? &p->loans[k - 1] : NULL, *from = &p->loans[i];

		if (to && !strcmp(to->key, from->key)) {
			to->lat += from->lat;
			to->lon += from->lon;
			to->weight++;
		} else {
			p->loans[k++] = *from;
		}
	}
	p->nloans = k;
	for (size_t i = 0; i < k; i++) {
		p->loans[i].lat /= p->loans[i].weight;
		p->loans[i].lon /= p->loans[i].weight;
		p->loans[i].weight = 1;
	}
}

static const struct loan *loan_of(const struct places *p, const char *key)
{
	struct loan k = { .key = key };

	return p->nloans && *key
	       ? bsearch(&k, p->loans, p->nloans, sizeof k, by_key) : NULL;
}

/* Five digits: about ten metres, more than a borrowed position deserves. */
static void borrow(struct spot *s, const struct loan *l)
{
	double lat, lon;

	if (!l)
		return;
	lat = round(l->lat * 1e5) / 1e5;
	lon = round(l->lon * 1e5) / 1e5;
	s->changed = lat != s->lat || lon != s->lon || !s->approchee;
	s->lat = lat;
	s->lon = lon;
	s->approchee = true;
}

/* --- who lends what -------------------------------------------------------------------- */

/* Its own contour gives a position as good as a source's. */
static bool from_contours(struct places *p, const struct territoire_stage *s, struct err *e)
{
	p->nloans = 0;
	for (size_t i = 0; i < s->ntraces; i++) {
		const struct territoire_trace *t = &s->traces[i];

		if (!strcmp(t->niveau, "commune") && !lend(p, t->code, t->lat, t->lon, e))
			return false;
	}
	settle(p);
	for (size_t i = 0; i < p->n; i++) {
		struct spot *x = &p->spots[i];
		const struct loan *l = x->placed ? NULL : loan_of(p, x->code);

		if (!l)
			continue;
		borrow(x, l);
		x->approchee = false;
		x->placed = x->changed = true;
	}
	return true;
}

/* From the contours of the communes it was made of, by their old codes. */
static bool from_old_contours(struct places *p, const struct territoire_stage *s,
			      struct err *e)
{
	size_t known;

	p->nloans = 0;
	for (size_t i = 0; i < s->ntraces; i++) {
		if (!strcmp(s->traces[i].niveau, "commune")
		    && !lend(p, s->traces[i].code, s->traces[i].lat, s->traces[i].lon, e))
			return false;
	}
	settle(p);
	known = p->nloans;
	for (size_t i = 0; known && i < p->nanciens; i++) {
		struct loan k = { .key = p->anciens[i].ancien_code };
		const struct loan *l = bsearch(&k, p->loans, known, sizeof k, by_key);

		if (l && !lend(p, p->anciens[i].code, l->lat, l->lon, e))
			return false;
	}
	p->nloans -= known;
	if (p->nloans)
		memmove(p->loans, p->loans + known, p->nloans * sizeof *p->loans);
	settle(p);
	return true;
}

/* data/positions/communes.csv: code, nom, latitude, longitude, source. */
static bool from_table(struct places *p, struct err *e)
{
	const struct embedded_file *f = embedded_find(embedded_files,
						      "data/positions/communes.csv");
	CLEANUP(csv_close) struct csv *c = NULL;
	struct csv_row row;

	p->nloans = 0;
	if (!f)
		return true;
	if (!csv_open_text(f->name, f->p, (size_t)(f->end - f->p), &c, e))
		return false;
	while (csv_next(c, &row, e)) {
		if (!lend(p, arena_str(&p->a, row.cells[0]), strtod(row.cells[2], NULL),
			  strtod(row.cells[3], NULL), e))
			return false;
	}
	settle(p);
	return e->kind == E_OK;
}

static bool from_postaux(struct places *p, struct err *e)
{
	p->nloans = 0;
	for (size_t i = 0; i < p->n; i++) {
		const struct spot *x = &p->spots[i];

		for (const char *c = x->postaux; x->placed && *c; c += 5 + (c[5] == '|')) {
			if (!lend(p, arena_strn(&p->a, c, 5), x->lat, x->lon, e))
				return false;
			if (strlen(c) < 6)
				break;
		}
	}
	settle(p);
	return true;
}

static const char *key_code(const struct spot *s) { return s->code; }
static const char *key_epci(const struct spot *s) { return s->epci; }
static const char *key_departement(const struct spot *s) { return s->departement; }
static const char *key_parent(const struct spot *s) { return s->parent; }

static bool from_neighbours(struct places *p, const char *(*key)(const struct spot *),
			    struct err *e)
{
	p->nloans = 0;
	for (size_t i = 0; i < p->n; i++) {
		if (p->spots[i].placed
		    && !lend(p, key(&p->spots[i]), p->spots[i].lat, p->spots[i].lon, e))
			return false;
	}
	settle(p);
	return true;
}

/* Whoever has nothing yet takes the loan under its key. */
static void give(struct places *p, const char *(*key)(const struct spot *))
{
	for (size_t i = 0; i < p->n; i++) {
		if (isnan(p->spots[i].lat))
			borrow(&p->spots[i], loan_of(p, key(&p->spots[i])));
	}
}

static void give_postaux(struct places *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct spot *x = &p->spots[i];
		char first[6];

		if (!isnan(x->lat) || strlen(x->postaux) < 5)
			continue;
		memcpy(first, x->postaux, 5);
		first[5] = '\0';
		borrow(x, loan_of(p, first));
	}
}

/* Better evidence than what was borrowed before: the contours of this import. */
static void give_again(struct places *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->spots[i].approchee)
			borrow(&p->spots[i], loan_of(p, p->spots[i].code));
	}
}

static bool find_all(struct places *p, const struct territoire_stage *s, struct err *e)
{
	if (!from_contours(p, s, e) || !from_old_contours(p, s, e))
		return false;
	give(p, key_code);
	give_again(p);
	if (!from_table(p, e))
		return false;
	give(p, key_code);
	if (!from_postaux(p, e))
		return false;
	give_postaux(p);
	if (!from_neighbours(p, key_epci, e))
		return false;
	give(p, key_epci);
	if (!from_neighbours(p, key_code, e))
		return false;
	give(p, key_parent);
	if (!from_neighbours(p, key_departement, e))
		return false;
	give(p, key_departement);
	return true;
}

bool territoire_borrow_positions(struct tx *tx, const struct territoire_stage *s,
				 const char *now, size_t *approchees, struct err *e)
{
	CLEANUP(places_free) struct places p = { .a = arena_new(256 << 20) };

	*approchees = 0;
	if (!territoire_positions(tx_db(tx), take_spot, &p, e)
	    || !territoire_anciens(tx_db(tx), take_old, &p, e))
		return false;
	if (!p.missing)
		return true;
	if (!find_all(&p, s, e))
		return false;
	for (size_t i = 0; i < p.n; i++) {
		const struct spot *x = &p.spots[i];

		*approchees += x->approchee;
		if (x->changed && !territoire_place(tx, x->niveau, x->code, x->lat, x->lon,
						    x->approchee ? "approchee" : "source", now,
						    NULL, e))
			return false;
	}
	return !p.a.spent ? true : arena_refuse(&p.a, e);
}
