#include "core/passage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/calendrier.h"
#include "core/lieu.h"
#include "web/message.h"

enum { DAY_MINUTES = 1440, FOLDED = 160 };

/* --- one time ---------------------------------------------------------------------------- */

static int by_hour(const void *x, const void *y)
{
	const struct passage_fois *a = x, *b = y;

	return a->from != b->from ? (a->from > b->from) - (a->from < b->from)
				  : (a->to > b->to) - (a->to < b->to);
}

static bool is_off(const struct passage *p, int64_t jour)
{
	for (size_t i = 0; i < p->nsauf; i++) {
		if (p->sauf[i] == jour)
			return true;
	}
	return false;
}

static void add(struct passage_fois *out, size_t *n, size_t max, struct passage_fois one)
{
	for (size_t i = 0; i < *n; i++) {
		if (out[i].from == one.from && out[i].to == one.to)
			return;
	}
	if (*n < max)
		out[(*n)++] = one;
}

/* The rule holds that day: in season, and no holiday unless it names them. */
static bool rule_holds(const struct passage *p, int64_t jour)
{
	const char *ferie;

	return p->heures && jour >= p->debut && jour <= p->fin
	       && (strstr(p->horaires, "PH") || !calendrier_ferie(p->calendrier, jour, &ferie));
}

size_t passage_le(const struct passage *p, int64_t jour, struct passage_fois *out, size_t max)
{
	struct plage open[PASSAGE_JOUR];
	size_t n = 0;
	int k;

	if (is_off(p, jour))
		return 0;
	for (size_t i = 0; i < p->njours; i++) {
		if (p->jours[i].jour == jour)
			add(out, &n, max, (struct passage_fois){ p, jour, p->jours[i].from,
								 p->jours[i].to });
	}
	k = rule_holds(p, jour) ? horaires_day(p->heures, p->calendrier, jour, open, PASSAGE_JOUR)
				: 0;
	for (int i = 0; i < k; i++)
		add(out, &n, max, (struct passage_fois){ p, jour, open[i].from, open[i].to });
	if (n)
		qsort(out, n, sizeof *out, by_hour);
	return n;
}

/* Local day and minute of now where the stop is. */
static int64_t today_of(const struct passage *p, int64_t now, int *minute)
{
	struct civil local = zone_local(p->calendrier->zone, now);

	*minute = local.hour * 60 + local.minute;
	return date_days(local.year, local.month, local.day);
}

/* The last day on which it can stop. */
static int64_t last_day(const struct passage *p, int64_t today)
{
	int64_t last = p->njours ? p->jours[p->njours - 1].jour : today - 1;

	if (p->heures)
		last = p->fin > last ? p->fin : last;
	return last < today + PASSAGE_HORIZON ? last : today + PASSAGE_HORIZON;
}

size_t passage_prochains(const struct passage *p, int64_t now, struct passage_fois *out,
			 size_t max)
{
	int minute;
	int64_t today = today_of(p, now, &minute), last = last_day(p, today);
	size_t n = 0;

	for (int64_t day = today; day <= last && n < max; day++) {
		struct passage_fois fois[PASSAGE_JOUR];
		size_t k = passage_le(p, day, fois, PASSAGE_JOUR);

		for (size_t i = 0; i < k && n < max; i++) {
			if (day > today || fois[i].to > minute)
				out[n++] = fois[i];
		}
	}
	return n;
}

static bool before(const struct passage_fois *a, const struct passage_fois *b)
{
	return a->jour != b->jour ? a->jour < b->jour : a->from < b->from;
}

size_t lieu_prochains(const struct lieu *l, int64_t now, struct passage_fois *out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < l->npassages; i++) {
		struct passage_fois fois[PASSAGE_JOUR];
		size_t most = max < PASSAGE_JOUR ? max : PASSAGE_JOUR;
		size_t k = passage_prochains(&l->passages[i], now, fois, most);

		for (size_t j = 0; j < k; j++) {
			size_t at = n;

			while (at && before(&fois[j], &out[at - 1]))
				at--;
			if (at == max)
				continue;
			n += n < max;
			memmove(&out[at + 1], &out[at], (n - at - 1) * sizeof *out);
			out[at] = fois[j];
		}
	}
	return n;
}

/* --- near a point ------------------------------------------------------------------------ */

static int by_time(const void *x, const void *y)
{
	const struct passage_pres *a = x, *b = y;

	if (a->fois.jour != b->fois.jour)
		return a->fois.jour < b->fois.jour ? -1 : 1;
	if (a->fois.from != b->fois.from)
		return a->fois.from < b->fois.from ? -1 : 1;
	if (a->metres < b->metres || a->metres > b->metres)
		return a->metres < b->metres ? -1 : 1;
	return strcmp(a->fois.p->id, b->fois.p->id);
}

static bool fits(const struct passage_question *q, const struct passage_fois *f)
{
	int minute;
	int64_t today = today_of(f->p, q->now, &minute);

	if (f->jour < today || (f->jour == today && f->to <= minute))
		return false;
	return f->from < q->to && f->to > q->from;
}

struct gathered {
	struct arena *a;
	struct passage_pres *rows;
	size_t n, room;
};

static bool gather(struct gathered *g, const struct passage_fois *f, double metres)
{
	if (g->n == g->room) {
		size_t room = g->room ? g->room * 2 : 64;
		struct passage_pres *more = NEW_ARRAY(g->a, room, struct passage_pres);

		if (!more)
			return false;
		if (g->n)
			memcpy(more, g->rows, g->n * sizeof *more);
		g->rows = more;
		g->room = room;
	}
	g->rows[g->n++] = (struct passage_pres){ *f, metres };
	return true;
}

static bool gather_stop(struct gathered *g, const struct passage_question *q,
			const struct passage *p, double metres)
{
	for (int64_t day = q->du; day <= q->au; day++) {
		struct passage_fois fois[PASSAGE_JOUR];
		size_t k = passage_le(p, day, fois, PASSAGE_JOUR);

		for (size_t i = 0; i < k; i++) {
			if (fits(q, &fois[i]) && !gather(g, &fois[i], metres))
				return false;
		}
	}
	return true;
}

bool passages_pres(struct arena *a, const struct repertoire *r, const struct passage_question *q,
		   size_t max, struct passage_pres **out, size_t *n, struct err *e)
{
	struct gathered g = { .a = a };

	*out = NULL;
	*n = 0;
	for (size_t i = 0; i < r->npassages; i++) {
		const struct passage *p = &r->passages[i];
		double metres;

		if (p->non_public || !p->lieu || isnan(p->lat)
		    || (q->filtre && !lieu_has(p->lieu, q->filtre)))
			continue;
		metres = distance_metres(q->lat, q->lon, p->lat, p->lon);
		if (metres <= q->metres && !gather_stop(&g, q, p, metres))
			return arena_refuse(a, e);
	}
	if (g.n)
		qsort(g.rows, g.n, sizeof *g.rows, by_time);
	*out = g.rows;
	*n = g.n < max ? g.n : max;
	return true;
}

/* --- words ------------------------------------------------------------------------------- */

int passage_heure(int minutes)
{
	return minutes > DAY_MINUTES ? minutes - DAY_MINUTES : minutes;
}

const char *passage_quand(struct arena *a, const struct lang *l, const struct passage_fois *f)
{
	struct civil c = date_civil(f->jour);
	char day[I18N_TEXT], from[I18N_TEXT], to[I18N_TEXT];

	return message(a, l, N_("%1, de %2 à %3"), date_day(l, &c, day),
		       time_short(l, f->from, from), time_short(l, passage_heure(f->to), to));
}

const char *passage_ou(struct arena *a, const struct passage *p)
{
	return arena_cat(a, p->arret, *p->adresse ? ", " : "", p->adresse, ", ", p->commune, NULL);
}
