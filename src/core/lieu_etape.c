#include "core/lieu_etape.h"

#include "base/date.h"

enum { DAY = 1440, NOON = 720, WEEK = 7 };

bool lieu_stays(const struct lieu *l)
{
	uint32_t fixed = 1u << choice_find(lieu_itinerances, "Fixe");
	uint32_t travels = 1u << choice_find(lieu_itinerances, "Itinérant");

	return !l->npassages || l->itinerance & fixed
	       || (!(l->itinerance & travels) && l->heures);
}

double etape_chord2(const struct lieu_etape *e, double x, double y, double z)
{
	double dx = e->x - x, dy = e->y - y, dz = e->z - z;

	return dx * dx + dy * dy + dz * dz;
}

static bool sooner(const struct passage_fois *a, const struct passage_fois *b)
{
	return a->jour != b->jour ? a->jour < b->jour : a->from < b->from;
}

static bool same_time(const struct passage_fois *a, const struct passage_fois *b)
{
	return a->jour == b->jour && a->from == b->from;
}

static struct civil local_of(const struct passage *p, int64_t now, int64_t *day, int *minute)
{
	struct civil local = zone_local(p->calendrier->zone, now);

	*day = date_days(local.year, local.month, local.day);
	*minute = local.hour * 60 + local.minute;
	return local;
}

/* A time of that day that is there at some minute of [from, to) and has not ended. */
static bool holds_on(const struct passage *p, int64_t day, int from, int to, int64_t now,
		     struct passage_fois *out)
{
	struct passage_fois f[PASSAGE_JOUR];
	size_t n = passage_le(p, day, f, PASSAGE_JOUR);
	int64_t today;
	int minute;

	local_of(p, now, &today, &minute);
	for (size_t i = 0; i < n; i++) {
		if (f[i].from < to && f[i].to > from
		    && (day > today || (day == today && f[i].to > minute))) {
			*out = f[i];
			return true;
		}
	}
	return false;
}

/* The time of a stop that answers the moment asked. */
static bool answers(const struct passage *p, const struct etape_ask *ask,
		    struct passage_fois *out)
{
	const struct moment *m = ask->moment;
	int64_t today;
	int minute, from = m->afternoon ? NOON : 0;
	struct civil local = local_of(p, ask->now, &today, &minute);

	if (m->kind == MOMENT_HALF_DAY) {
		int ahead = (m->weekday - date_weekday(today) + WEEK) % WEEK;

		return holds_on(p, today + ahead, from, from + NOON, ask->now, out)
		       || (!ahead && holds_on(p, today + WEEK, from, from + NOON, ask->now, out));
	}
	if (m->kind == MOMENT_AT)
		local = m->at;
	minute = local.hour * 60 + local.minute;
	return holds_on(p, date_days(local.year, local.month, local.day), minute, minute + 1,
			ask->now, out);
}

static enum ouvert on_now(const struct passage_fois *f, int64_t now)
{
	int64_t today;
	int minute;

	local_of(f->p, now, &today, &minute);
	return f->jour == today && f->from <= minute && minute < f->to ? OUVERT_OUI : OUVERT_NON;
}

bool etape_choose(const struct lieu *l, const struct lieu_etape *e, size_t n,
		  const struct etape_ask *ask, struct etape_found *out)
{
	bool any = ask->moment->kind == MOMENT_NONE, found = false;
	const struct lieu_etape *home = NULL;

	for (size_t i = 0; i < n; i++) {
		double chord2 = etape_chord2(&e[i], ask->x, ask->y, ask->z);
		struct passage_fois f;

		if (!e[i].arret) {
			home = &e[i];
			continue;
		}
		if (!(any ? passage_prochains(e[i].arret, ask->now, &f, 1) > 0
			  : answers(e[i].arret, ask, &f)))
			continue;
		if (!found || (any ? sooner(&f, &out->arret)
				     || (same_time(&f, &out->arret) && chord2 < out->chord2)
				   : chord2 < out->chord2))
			*out = (struct etape_found){ chord2, f,
				any ? on_now(&f, ask->now) : OUVERT_OUI };
		found = true;
	}
	if (home && (any ? !found || lieu_stays(l) : lieu_stays(l) && ask->home == OUVERT_OUI)) {
		double chord2 = etape_chord2(home, ask->x, ask->y, ask->z);

		if (!found || chord2 < out->chord2)
			*out = (struct etape_found){ .chord2 = chord2, .ouvert = ask->home };
		found = true;
	}
	return found;
}
