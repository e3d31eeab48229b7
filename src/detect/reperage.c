#include "detect/reperage.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "detect/reperage.sql.h"

/* --- the instrument ----------------------------------------------------------------- */

static const struct instrument *shipped;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void read_shipped(void)
{
	static struct arena memory;
	struct err e = { 0 };

	memory = arena_new(2 << 20);
	if (!instrument_open(&memory, "reperage", &shipped, &e)) {
		fprintf(stderr, "%s\n", e.msg);
		abort();                /* the tests read it: a build that ships cannot come here */
	}
}

const struct instrument *reperage_instrument(void)
{
	pthread_once(&once, read_shipped);
	return shipped;
}

/* --- the conversation --------------------------------------------------------------- */

static const char *key_of(struct arena *a, const struct item *it)
{
	return arena_printf(a, "point.r.%s", it->id);
}

void point_read(const struct session *s, struct point_fait *p)
{
	const char *last;

	*p = (struct point_fait){ .in = reperage_instrument() };
	for (int i = 0; i < p->in->nitems; i++) {
		char key[64];
		const char *words;

		snprintf(key, sizeof key, "point.r.%s", p->in->items[i].id);
		words = session_get(s, key);
		if (words && reponse_read(&p->in->items[i], words, &p->reponses[i]))
			p->commence = true;
	}
	last = session_get(s, POINT_PAGE);
	p->page = last ? point_page(p->in, last) : -1;
	p->commune = session_get(s, POINT_COMMUNE);
	p->saisie = session_get(s, POINT_SAISIE);
	p->moment = session_get(s, POINT_MOMENT);
	p->papier = session_get(s, POINT_MODE) != NULL;
	p->commence = p->commence || last;
}

void point_answer(struct session *s, struct arena *a, const struct instrument *in, int item,
		  const struct reponse *r)
{
	const char *words = reponse_write(a, &in->items[item], r);

	session_set(s, a, key_of(a, &in->items[item]), *words ? words : NULL);
}

void point_set(struct session *s, struct arena *a, const char *what, const char *value)
{
	session_set(s, a, what, value && *value ? value : NULL);
}

void point_forget(struct session *s, struct arena *a)
{
	static const char *const keys[] = { POINT_COMMUNE, POINT_SAISIE, POINT_MOMENT,
					    POINT_MODE, POINT_PAGE, POINT_COMPTE };
	const struct instrument *in = reperage_instrument();

	for (int i = 0; i < in->nitems; i++)
		session_set(s, a, key_of(a, &in->items[i]), NULL);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		session_set(s, a, keys[i], NULL);
}

int point_page(const struct instrument *in, const char *id)
{
	for (int i = 0; i < in->npages; i++) {
		if (strcmp(in->pages[i].id, id) == 0)
			return i;
	}
	return -1;
}

int point_next(const struct point_fait *p, int page)
{
	do
		page++;
	while (page < p->in->npages && !page_asked(p->in, page, p->reponses));
	return page;
}

int point_before(const struct point_fait *p, int page)
{
	do
		page--;
	while (page >= 0 && !page_asked(p->in, page, p->reponses));
	return page;
}

bool point_is_urgent(const struct point_fait *p)
{
	struct diagnostic d;

	instrument_score(p->in, p->reponses, &d);
	return d.urgent;
}

static bool page_answered(const struct point_fait *p, int page)
{
	const struct instrument_page *g = &p->in->pages[page];

	for (int i = 0; i < g->nitems; i++) {
		if (p->reponses[g->items[i]].etat != SANS_REPONSE)
			return true;
	}
	return false;
}

int point_waiting(const struct point_fait *p)
{
	int page = point_next(p, -1);

	while (page < p->in->npages && page_answered(p, page))
		page = point_next(p, page);
	return page;
}

/* --- what is counted ---------------------------------------------------------------- */

struct compte point_compte(struct arena *a, const struct point_fait *p, int64_t now)
{
	struct civil local = zone_local(&zone_paris, now);
	struct diagnostic d;

	instrument_score(p->in, p->reponses, &d);
	return (struct compte){
		.instrument = p->in->id,
		.version = p->in->version,
		.commune = p->commune ? p->commune : "",
		.mois = arena_printf(a, "%04d-%02d", local.year, local.month),
		.profil = arena_str(a, diagnostic_profil(&d)),
		.mode = p->papier ? "papier" : "ecran",
	};
}

const char *compte_write(struct arena *a, const struct compte *c)
{
	return arena_printf(a, "%s|%s|%s|%s|%s|%s", c->instrument, c->version, c->commune,
			    c->mois, c->profil, c->mode);
}

bool compte_read(struct arena *a, const char *text, struct compte *out)
{
	const char *cells[6];

	if (!text)
		return false;
	for (int i = 0; i < 6; i++) {
		size_t n = strcspn(text, "|");

		cells[i] = arena_strn(a, text, n);
		text += n;
		if (i < 5 && *text++ != '|')
			return false;
	}
	*out = (struct compte){ cells[0], cells[1], cells[2], cells[3], cells[4], cells[5] };
	return true;
}

struct keeping {
	const struct compte *before, *now;
};

static bool keep_job(struct tx *tx, void *arg, struct err *e)
{
	const struct keeping *k = arg;
	const struct compte *b = k->before, *n = k->now;

	if (b && (!reperage_compte_drop(tx, b->instrument, b->version, b->commune, b->mois,
					b->profil, b->mode, NULL, e)
		  || !reperage_compte_less(tx, b->instrument, b->version, b->commune, b->mois,
					   b->profil, b->mode, NULL, e)))
		return false;
	return reperage_compte_add(tx, n->instrument, n->version, n->commune, n->mois,
				   n->profil, n->mode, NULL, e);
}

bool compte_keep(struct store *s, const struct compte *before, const struct compte *now,
		 struct err *e)
{
	struct keeping k = { before, now };

	return store_write(s, keep_job, &k, e);
}

/* --- the places --------------------------------------------------------------------- */

enum { CANDIDATES = 24 };
#define NEAR_METRES 30000.0

/* Open now, or again before midnight there. */
static bool opens_today(const struct lieu *l, int64_t now)
{
	struct horaires_etat state;
	struct civil local;

	if (!l->heures)
		return false;
	local = zone_local(l->calendrier->zone, now);
	state = horaires_at(l->heures, l->calendrier, &local);
	return state.ouvert == OUVERT_OUI
		|| (state.ouvert == OUVERT_NON && state.change.year == local.year
		    && state.change.month == local.month && state.change.day == local.day);
}

/* The three to show: nearest first, or those of today before the others. */
static void take(struct point_lieux *out, const struct lieu_result *c, size_t n, bool today,
		 int64_t now)
{
	out->n = 0;
	for (int turn = today ? 0 : 1; turn < 2; turn++) {
		for (size_t i = 0; i < n && out->n < POINT_LIEUX; i++) {
			if (!today || opens_today(c[i].lieu, now) == (turn == 0))
				out->found[out->n++] = c[i];
		}
	}
}

/* From the first need to any of them to none; leaves in `f` what gave the places. */
static size_t search_needs(const struct repertoire *r, const struct diagnostic *d,
			   int64_t now, struct lieu_filter *f, struct lieu_result *c)
{
	uint32_t first = d->nbesoins ? 1u << d->besoins[0].regle->service : 0, any = 0;
	size_t n;

	for (int i = 0; i < d->nbesoins; i++)
		any |= 1u << d->besoins[i].regle->service;
	for (f->services = first;; f->services = f->services == any ? 0 : any) {
		n = lieu_search(r, f, now, 0, c, CANDIDATES, NULL);
		if (n >= POINT_LIEUX || !f->services)
			return n;
	}
}

void point_lieux(const struct repertoire *r, const struct diagnostic *d, double lat,
		 double lon, const struct moment *when, int64_t now, struct point_lieux *out)
{
	struct lieu_result c[CANDIDATES];
	struct lieu_filter *f = &out->asked;
	size_t n;

	*out = (struct point_lieux){ .asked = { .lat = lat, .lon = lon, .ouvert_le = *when,
						.max_metres = NEAR_METRES } };
	n = search_needs(r, d, now, f, c);
	if (!n && f->ouvert_le.kind != MOMENT_NONE) {
		out->moment_perdu = true;
		f->ouvert_le.kind = MOMENT_NONE;
		n = search_needs(r, d, now, f, c);
	}
	if (!n) {
		f->max_metres = 0;
		n = search_needs(r, d, now, f, c);
	}
	out->besoin_perdu = n && d->nbesoins && !f->services;
	take(out, c, n, d->urgent && f->ouvert_le.kind == MOMENT_NONE, now);
}
