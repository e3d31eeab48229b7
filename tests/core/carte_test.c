#include "test.h"

#include <stdlib.h>

#include "core/carte.h"
#include "core/carte.htm.h"
#include "core/carte_place.h"
#include "core/territoire.h"
#include "store/db.h"

static void store_shut(struct store **s)
{
	store_close(*s);
}

static const struct repertoire *demo(void)
{
	static struct repertoire *r;
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(db_release) struct db *db = NULL;
	struct err e = { 0 };

	if (r)
		return r;
	accepts(store_open(test_dir(), STORE_CREATE, &env_test, &s, &e), &e);
	accepts(territoire_demo(s, &e), &e);
	accepts(db_acquire(s, &db, &e), &e);
	accepts(repertoire_read(db, &r, &e), &e);
	return r;
}

/* n places around Bondy: the k-th a little further east; the first two in one building. */
static void some_places(struct lieu *l, struct lieu_result *found, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		l[i] = (struct lieu){ .nom = "Médiathèque", .lat = 48.9023,
				      .lon = 2.4839 + 0.004 * (double)(i ? i - 1 : 0) };
		found[i] = (struct lieu_result){ .lieu = &l[i] };
	}
}

TEST("numbers on the map never cover each other, nor the point of departure")
{
	struct arena a = arena_new(8 << 20);
	struct lieu l[10];
	struct lieu_result found[10];
	const struct commune *bondy = repertoire_commune(demo(), "93010");
	const struct carte *c;

	some_places(l, found, 10);
	c = carte_of_lieux(&a, demo(), langs[0], bondy, 48.9023, 2.4839, found, 10, 1);
	holds(c);
	equals(c->n, 10);
	for (size_t i = 0; i < c->n; i++) {
		const struct carte_lieu *p = &c->lieux[i];

		equals(p->numero, i + 1);
		holds(p->x >= CARTE_RAYON && p->x <= c->width - CARTE_RAYON);
		holds(p->y >= CARTE_RAYON && p->y <= c->height - CARTE_RAYON);
		holds(hypot(p->x - c->ici_x, p->y - c->ici_y) >= CARTE_RAYON + 6);
		for (size_t k = 0; k < i; k++)
			holds(hypot(p->x - c->lieux[k].x, p->y - c->lieux[k].y) >= 2 * CARTE_RAYON);
	}
	holds(c->lieux[0].ecarte);              /* it had to leave its place: a line says where */
	arena_free(&a);
}

TEST("the map shows the neighbourhood of the places, not the whole département")
{
	struct arena a = arena_new(8 << 20);
	struct lieu l[3];
	struct lieu_result found[3];
	const struct commune *bondy = repertoire_commune(demo(), "93010");
	const struct carte *c;
	int spread = 0;

	some_places(l, found, 3);
	c = carte_of_lieux(&a, demo(), langs[0], bondy, 48.9023, 2.4839, found, 3, 1);
	holds(*c->terre && *c->limites && *c->commune);
	for (size_t i = 0; i < c->n; i++) {
		for (size_t k = 0; k < i; k++)
			spread = abs(c->lieux[i].px - c->lieux[k].px) > spread
				 ? abs(c->lieux[i].px - c->lieux[k].px) : spread;
	}
	holds(spread > 12);                     /* 290 m: 4 units on a map of the département */
	holds(c->nnoms >= 1);
	same(c->noms[0].nom, "Bondy");
	holds(c->echelle >= 20 && c->echelle <= 110);
	arena_free(&a);
}

TEST("without contours and without a commune the places are still drawn, with a scale")
{
	static const struct repertoire nothing;
	struct arena a = arena_new(8 << 20);
	struct lieu l[3];
	struct lieu_result found[3];
	const struct carte *c;

	some_places(l, found, 3);
	c = carte_of_lieux(&a, &nothing, langs[0], NULL, NAN, NAN, found, 3, 11);
	holds(c);
	equals(c->n, 3);
	equals(c->lieux[0].numero, 11);
	same(c->terre, "");
	holds(c->echelle > 0);
	l[0].lat = l[1].lat = l[2].lat = NAN;
	holds(!carte_of_lieux(&a, &nothing, langs[0], NULL, NAN, NAN, found, 3, 1));
	arena_free(&a);
}

TEST("the map of a département has its outline, its communes and a dot for each place")
{
	struct arena a = arena_new(8 << 20);
	const struct carte *c = carte_of_territoire(&a, demo(), langs[0], "93", NULL, "x");

	holds(c && *c->commune && *c->limites && c->dessus);
	holds(c->nnoms >= 5);
	same(c->points, "");
	holds(!carte_of_territoire(&a, demo(), langs[0], "99", NULL, "x"));
	arena_free(&a);
}

TEST("the page of a map says its title, links each number and escapes names")
{
	struct arena a = arena_new(8 << 20);
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct html h = { &b, langs[0], NULL };
	struct lieu l[2];
	struct lieu_result found[2];
	const char *text;

	some_places(l, found, 2);
	l[0].nom = "Relais <b>\"d'Est\"";
	carte_part(&h, carte_of_lieux(&a, demo(), langs[0], repertoire_commune(demo(), "93010"),
				      48.9023, 2.4839, found, 2, 1));
	text = buf_text(&b);
	holds(strstr(text, "role=\"group\" aria-labelledby=\"carte-titre\""));
	holds(strstr(text, "href=\"#lieu-1\""));
	holds(!strstr(text, "<b>"));
	holds(b.n < 12000);
	arena_free(&a);
}
