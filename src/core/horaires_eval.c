#include <string.h>

#include "core/horaires_regle.h"

/* --- which days a rule names --------------------------------------------------------- */

/* A day and what rules ask about it, computed once. */
struct jour {
	int64_t days;
	struct civil civil;
	int weekday, week;              /* ISO 8601 week, 0 until asked */
	int ferie;                      /* -1 until asked */
};

static struct jour jour_de(int64_t days)
{
	return (struct jour){ .days = days, .civil = date_civil(days),
			      .weekday = date_weekday(days), .ferie = -1 };
}

/* The week of a day is that of its Thursday. */
static int week_of(struct jour *j)
{
	if (!j->week) {
		int64_t thursday = j->days - j->weekday + 3;

		j->week = (int)(thursday - date_days(date_civil(thursday).year, 1, 1)) / 7 + 1;
	}
	return j->week;
}

static bool is_ferie(struct jour *j, const struct calendrier *c)
{
	if (j->ferie < 0)
		j->ferie = c && calendrier_ferie(c, j->days, NULL);
	return j->ferie;
}

/* The numbers at `part`, or any when it names none. */
static bool in_suites(const struct suite *all, struct part part, int value)
{
	for (size_t i = part.at; i < (size_t)part.at + part.n; i++) {
		const struct suite *s = &all[i];

		if (value >= s->from && value <= s->to && (value - s->from) % s->pas == 0)
			return true;
	}
	return !part.n;
}

static bool in_dates(const struct dates *all, struct part part, const struct civil *c)
{
	int at = c->month * 100 + c->day;

	for (size_t i = part.at; i < (size_t)part.at + part.n; i++) {
		const struct dates *d = &all[i];

		if (d->from_year) {
			int when = c->year * 10000 + at;

			if (when >= d->from_year * 10000 + d->from
			    && when <= d->to_year * 10000 + d->to)
				return true;
		} else if (d->from <= d->to ? at >= d->from && at <= d->to
					    : at >= d->from || at <= d->to) {
			return true;
		}
	}
	return !part.n;
}

static bool in_days(const struct regle *r, struct jour *j, const struct calendrier *c)
{
	unsigned ranks = r->rang[j->weekday];
	int first = (j->civil.day - 1) / 7;
	int last = (date_month_length(j->civil.year, j->civil.month) - j->civil.day) / 7;
	bool named = ranks & (RANG_TOUS | 1u << first | 1u << (5 + last));

	if (!r->feries)
		return named;
	return r->feries_et ? named && is_ferie(j, c) : named || is_ferie(j, c);
}

static bool holds(const struct horaires *h, const struct regle *r, struct jour *j,
		  const struct calendrier *c)
{
	return in_suites(h->suites, r->annees, j->civil.year)
	       && in_dates(h->dates, r->dates, &j->civil)
	       && (!r->semaines.n || in_suites(h->suites, r->semaines, week_of(j)))
	       && (!r->jours || in_days(r, j, c));
}

/* --- drawing a day ------------------------------------------------------------------- */

static void add(struct trame *t, struct segment s)
{
	struct segment *last = t->n ? &t->s[t->n - 1] : NULL;

	if (last && last->etat == s.etat && last->commentaire == s.commentaire
	    && last->veille == s.veille)
		last->to = s.to;
	else if (t->n < SEGMENTS_MAX)
		t->s[t->n++] = s;
}

/* Lays a piece over the day; closed_only leaves what is open or unknown. */
static void paint(struct trame *t, int from, struct segment with, bool closed_only)
{
	struct trame old;
	int at = 0;

	memcpy(old.s, t->s, t->n * sizeof *t->s);
	old.n = t->n;
	t->n = 0;
	for (size_t i = 0; i < old.n; i++) {
		struct segment s = old.s[i];
		int end = s.to;

		if (end > from && at < with.to && !(closed_only && s.etat != OUVERT_NON)) {
			if (at < from) {
				s.to = (uint16_t)from;
				add(t, s);
			}
			add(t, (struct segment){ (uint16_t)(end < with.to ? end : with.to),
						 with.etat, with.veille, with.commentaire });
			s.to = (uint16_t)end;
			if (end > with.to)
				add(t, s);
		} else {
			add(t, s);
		}
		at = end;
	}
}

static void blank(struct trame *t)
{
	t->n = 1;
	t->s[0] = (struct segment){ .to = JOUR };
}

/* What a rule says of a day: its hours of that day, or (veille) of the day before. */
static void draw(const struct horaires *h, const struct regle *r, bool veille, struct trame *t)
{
	struct segment with = { JOUR, r->etat & 3, veille, r->commentaire };

	if (!r->plages.n && !veille)
		paint(t, 0, with, r->secours);
	for (size_t i = 0; i < r->plages.n; i++) {
		const struct heures *p = &h->plages[r->plages.at + i];
		int from = veille ? (p->from > JOUR ? p->from - JOUR : 0) : p->from;
		int to = veille ? p->to - JOUR : p->to < JOUR ? p->to : JOUR;

		with.to = (uint16_t)(to > 0 ? to : 0);
		if (p->inconnu && r->etat == OUVERT_OUI)
			with.etat = OUVERT_INCONNU;
		else
			with.etat = r->etat & 3;
		if (from < to)
			paint(t, from, with, r->secours);
	}
}

/* A rule of its own (";") with days and hours puts aside what earlier ones said of the day,
 * past midnight included; "off" only closes over it. */
static bool replaces(const struct regle *r)
{
	return !r->ajoutee && !r->secours && r->etat != OUVERT_NON;
}

void horaires_trame(const struct horaires *h, const struct calendrier *c, int64_t day,
		    struct trame *out)
{
	struct jour today = jour_de(day), yesterday = jour_de(day - 1);

	blank(out);
	for (size_t i = 0; i < h->nregles; i++) {
		const struct regle *r = &h->regles[i];

		if (holds(h, r, &today, c)) {
			if (replaces(r))
				blank(out);
			draw(h, r, false, out);
		}
		if (holds(h, r, &yesterday, c))
			draw(h, r, true, out);
	}
}

/* --- asking -------------------------------------------------------------------------- */

/* The segments of a day: those of the week, or drawn in `work`. */
static const struct segment *segments(const struct horaires *h, const struct calendrier *c,
				      int64_t day, struct trame *work)
{
	if (h->semaine)
		return h->semaine + h->jour[date_weekday(day)];
	horaires_trame(h, c, day, work);
	return work->s;
}

static const char *comment(const struct horaires *h, int commentaire)
{
	return commentaire ? h->commentaires[commentaire - 1] : NULL;
}

enum { HORIZON = 30 };          /* days that a change is looked for */

struct horaires_etat horaires_at(const struct horaires *h, const struct calendrier *c,
				 const struct civil *local)
{
	int64_t day = date_days(local->year, local->month, local->day);
	int minute = local->hour * 60 + local->minute, start = 0;
	struct horaires_etat etat = { 0 };
	struct trame work;
	const struct segment *s = segments(h, c, day, &work);

	for (; s->to <= minute && s->to < JOUR; s++)
		;
	etat.ouvert = (enum ouvert)s->etat;
	etat.comment = comment(h, s->commentaire);
	for (int i = 0; i <= HORIZON; ) {
		if (s->etat != etat.ouvert) {
			etat.change = date_civil(day + i);
			etat.change.hour = start / 60;
			etat.change.minute = start % 60;
			return etat;
		}
		start = s->to % JOUR;
		if (s->to < JOUR)
			s++;
		else if (++i <= HORIZON)
			s = segments(h, c, day + i, &work);
	}
	return etat;
}

enum ouvert horaires_between(const struct horaires *h, const struct calendrier *c,
			     int64_t day, int from, int to)
{
	enum ouvert best = OUVERT_NON;
	struct trame work;
	int at = 0;

	for (const struct segment *s = segments(h, c, day, &work); at < JOUR; at = s++->to) {
		if (s->to <= from || at >= to || s->etat == OUVERT_NON)
			continue;
		if (s->etat == OUVERT_OUI)
			return OUVERT_OUI;
		best = OUVERT_INCONNU;
	}
	return best;
}

/* Adds a piece of opening, or lengthens the one it continues. */
static int add_plage(struct plage *out, int n, int max, struct plage p)
{
	if (n && out[n - 1].to == p.from && out[n - 1].ouvert == p.ouvert
	    && out[n - 1].comment == p.comment) {
		out[n - 1].to = p.to;
		return n;
	}
	if (n < max)
		out[n++] = p;
	return n;
}

/* The pieces of a day that began on it, or (veille) the day before. */
static int collect(const struct horaires *h, const struct segment *s, bool veille,
		   struct plage *out, int n, int max)
{
	for (int at = 0; at < JOUR; at = s++->to) {
		int shift = veille ? JOUR : 0;

		if (s->etat != OUVERT_NON && s->veille == veille)
			n = add_plage(out, n, max, (struct plage){ at + shift, s->to + shift,
					comment(h, s->commentaire), (enum ouvert)s->etat });
	}
	return n;
}

int horaires_day(const struct horaires *h, const struct calendrier *c, int64_t day,
		 struct plage *out, int max)
{
	struct trame work;
	int n = collect(h, segments(h, c, day, &work), false, out, 0, max);

	return collect(h, segments(h, c, day + 1, &work), true, out, n, max);
}

bool horaires_is_weekly(const struct horaires *h)
{
	return h->semaine;
}

bool horaires_ignore_dates(const struct horaires *h)
{
	for (size_t i = 0; !h->semaine && i < h->nregles; i++) {
		const struct regle *r = &h->regles[i];

		if (r->annees.n || r->dates.n || r->semaines.n)
			return false;
		for (int d = 0; d < 7; d++) {
			if (r->rang[d] && r->rang[d] != RANG_TOUS)
				return false;
		}
	}
	return true;
}
