#include "orient/lieu_ics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format/vtexte.h"
#include "orient/lieu_ecriture.h"
#include "orient/lieu_sorti.sql.h"

enum {
	PLAGES = 32,                    /* openings of a day */
	GROUPES = 64,                   /* different openings of a year */
	PAUSE = 5,                      /* weeks without an opening that end a season */
	JOUR_MIN = 1440,
	RANGS = 10,                     /* first to fifth of the month, last to fifth last */
	STAMP = 24,
	ADIEU_OCTETS = 1 << 18,
};

static const char *const day_names[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };

/* One opening, and the weeks of the year in which each weekday has it. */
struct groupe {
	int from, to;
	enum ouvert ouvert;
	const char *comment;
	uint64_t weeks[7];
};

/* What a run of weeks of one weekday is best told as. */
enum sorte { HEBDO, QUINZAINE, MENSUEL, DATES };

struct run {
	int weekday, first, last;       /* weeks, both with the opening */
	enum sorte sorte;
	int rang;                       /* of MENSUEL: 1..5, or -1..-5 */
	uint64_t weeks;
};

struct annee {
	struct buf *out;
	struct arena *a;
	const struct lieu *l;
	const char *url;
	int64_t monday;                 /* day 0 */
	struct groupe groupes[GROUPES];
	size_t n;
	size_t events;
};

static bool same_text(const char *x, const char *y)
{
	return x == y || (x && y && !strcmp(x, y));
}

static void note(struct annee *y, const struct plage *p, int week, int weekday)
{
	size_t i = 0;

	while (i < y->n && (y->groupes[i].from != p->from || y->groupes[i].to != p->to
			    || y->groupes[i].ouvert != p->ouvert
			    || !same_text(y->groupes[i].comment, p->comment)))
		i++;
	if (i == GROUPES)
		return;
	if (i == y->n)
		y->groupes[y->n++] = (struct groupe){ p->from, p->to, p->ouvert,
			p->comment, { 0 } };
	y->groupes[i].weeks[weekday] |= 1ull << week;
}

/* What a day was once, for the next one that is like it. */
struct jour_lu {
	bool lu;
	int n;
	struct plage p[PLAGES];
};

/* The openings of a day; `known`, where days are alike whatever their date, NULL elsewhere. */
static const struct jour_lu *day_read(struct annee *y, int64_t day, struct jour_lu *known,
				      struct jour_lu *room)
{
	const struct calendrier *c = y->l->calendrier;
	struct jour_lu *j = room;

	if (known)
		j = &known[date_weekday(day) * 8 + calendrier_ferie(c, day - 1, NULL) * 4
			   + calendrier_ferie(c, day, NULL) * 2 + calendrier_ferie(c,
			   	day + 1, NULL)];
	if (!known || !j->lu)
		j->n = horaires_day(y->l->heures, c, day, j->p, PLAGES);
	j->lu = true;
	return j;
}

/* Asks each day; an ordinary week is asked once. */
static void read_year(struct annee *y)
{
	bool weekly = horaires_is_weekly(y->l->heures);
	struct jour_lu *known = horaires_ignore_dates(y->l->heures) && !weekly
				? NEW_ARRAY(y->a, 7 * 8, struct jour_lu) : NULL;
	struct jour_lu room;

	for (int week = 0; week < ICS_SEMAINES && (!weekly || !week); week++) {
		for (int d = 0; d < 7; d++) {
			const struct jour_lu *j = day_read(y, y->monday + week * 7 + d,
				known, &room);

			for (int i = 0; i < j->n; i++)
				note(y, &j->p[i], week, d);
		}
	}
	for (size_t i = 0; weekly && i < y->n; i++) {
		for (int d = 0; d < 7; d++) {
			if (y->groupes[i].weeks[d])
				y->groupes[i].weeks[d] = (1ull << ICS_SEMAINES) - 1;
		}
	}
}

/* --- what the weeks look like -------------------------------------------------------------- */

static int64_t day_of(const struct annee *y, const struct run *r, int week)
{
	return y->monday + week * 7 + r->weekday;
}

static bool in(const struct run *r, int week)
{
	return r->weeks >> week & 1;
}

static int rang_of(int64_t day, bool from_end)
{
	struct civil c = date_civil(day);

	return from_end ? -((date_month_length(c.year, c.month) - c.day) / 7 + 1)
			: (c.day - 1) / 7 + 1;
}

/* Every week of the run that has this rank has the opening, and no other. */
static bool is_rang(const struct annee *y, const struct run *r, int rang)
{
	for (int w = r->first; w <= r->last; w++) {
		if (in(r, w) != (rang_of(day_of(y, r, w), rang < 0) == rang))
			return false;
	}
	return true;
}

static void look(const struct annee *y, struct run *r)
{
	int there = 0, span = r->last - r->first + 1;
	bool fortnight = true;

	for (int w = r->first; w <= r->last; w++) {
		there += in(r, w);
		fortnight &= in(r, w) == !((w - r->first) % 2);
	}
	r->sorte = there * 2 > span ? HEBDO : fortnight && there > 2 ? QUINZAINE : DATES;
	if (r->sorte != DATES || there < 3)
		return;
	for (int k = 1; k <= RANGS / 2; k++) {
		int rang = is_rang(y, r, k) ? k : is_rang(y, r, -k) ? -k : 0;

		if (rang) {
			r->sorte = MENSUEL;
			r->rang = rang;
			return;
		}
	}
}

/* The next run of a weekday from week *at on; false at the end of the year. */
static bool next_run(const struct annee *y, const struct groupe *g, int weekday, int *at,
		     struct run *out)
{
	uint64_t weeks = g->weeks[weekday];
	int w = *at;

	while (w < ICS_SEMAINES && !(weeks >> w & 1))
		w++;
	if (w == ICS_SEMAINES)
		return false;
	*out = (struct run){ .weekday = weekday, .first = w, .last = w, .weeks = weeks };
	for (; w < ICS_SEMAINES && w - out->last <= PAUSE; w++) {
		if (weeks >> w & 1)
			out->last = w;
	}
	*at = out->last + 1;
	look(y, out);
	return true;
}

/* --- writing -------------------------------------------------------------------------------- */

static void put(struct annee *y, const char *name, const char *value)
{
	if (*value)
		vtexte_line(y->out, arena_cat(y->a, name, ":", value, NULL));
}

static struct civil local_of(int64_t day, int minute)
{
	struct civil c = date_civil(day + minute / JOUR_MIN);

	c.hour = minute % JOUR_MIN / 60;
	c.minute = minute % 60;
	return c;
}

static const char *stamp(struct annee *y, int64_t day, int minute)
{
	struct civil c = local_of(day, minute);

	return arena_printf(y->a, "%04d%02d%02dT%02d%02d00", c.year, c.month, c.day, c.hour,
			    c.minute);
}

/* The same instant in UTC, as UNTIL wants it. */
static const char *until(struct annee *y, int64_t day, int minute)
{
	struct civil local = local_of(day, minute);
	char iso[ISO_TEXT];

	iso_write(zone_instant(y->l->calendrier->zone, &local), iso);
	return arena_printf(y->a, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", iso, iso + 5, iso + 8, iso + 11,
			    iso + 14, iso + 17);
}

static void put_time(struct annee *y, const char *name, int64_t day, int minute)
{
	vtexte_line(y->out, arena_cat(y->a, name, ";TZID=", y->l->calendrier->zone->name, ":",
				      stamp(y, day, minute), NULL));
}

static void put_where(struct annee *y)
{
	const struct lieu *l = y->l;
	const char *where = arena_cat(y->a, l->nom, *l->adresse ? ", " : "", l->adresse, ", ",
				      l->code_postal, *l->code_postal ? " " : "", l->commune, NULL);

	put(y, "LOCATION", vtexte_escape(y->a, where));
	if (!l->position_commune && isfinite(l->lat) && isfinite(l->lon))
		put(y, "GEO", arena_printf(y->a, "%.6f;%.6f", l->lat, l->lon));
	put(y, "URL", y->url);
}

static void put_head(struct annee *y, const struct groupe *g, int64_t first)
{
	const struct lieu *l = y->l;
	const char *said = g->comment ? g->comment : "";
	const char *maj = l->maj_le;

	vtexte_line(y->out, "BEGIN:VEVENT");
	put(y, "UID", arena_printf(y->a, "%s-%zu@tremplin", l->id, y->events++));
	put(y, "DTSTAMP", strlen(maj) < 19 ? "20000101T000000Z"
	    : arena_printf(y->a, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", maj, maj + 5, maj + 8, maj + 11,
			   maj + 14, maj + 17));
	put(y, "SEQUENCE", arena_printf(y->a, "%lld", ics_sequence(iso_instant(maj))));
	put_time(y, "DTSTART", first, g->from);
	put_time(y, "DTEND", first, g->to);
	put(y, "SUMMARY", vtexte_escape(y->a, arena_cat(y->a, g->ouvert == OUVERT_OUI ? "Ouvert : "
				: "À confirmer : ", l->nom, NULL)));
	put(y, "DESCRIPTION", vtexte_escape(y->a, said));
	put_where(y);
	vtexte_line(y->out, g->ouvert == OUVERT_OUI ? "STATUS:CONFIRMED" : "STATUS:TENTATIVE");
	vtexte_line(y->out, "TRANSP:TRANSPARENT");
}

/* Each week of the run that has not the opening. */
static void put_missing(struct annee *y, const struct groupe *g, const struct run *r)
{
	for (int w = r->first; w <= r->last; w++) {
		if (!in(r, w))
			put_time(y, "EXDATE", day_of(y, r, w), g->from);
	}
}

static void put_weekly(struct annee *y, const struct groupe *g, const struct run *runs, size_t n)
{
	int64_t first = day_of(y, &runs[0], runs[0].first), last = first;
	const char *days = "";

	for (size_t i = 0; i < n; i++) {
		int64_t from = day_of(y, &runs[i], runs[i].first);
		int64_t to = day_of(y, &runs[i], runs[i].last);

		first = from < first ? from : first;
		last = to > last ? to : last;
		days = arena_cat(y->a, days, *days ? "," : "", day_names[runs[i].weekday], NULL);
	}
	put_head(y, g, first);
	vtexte_line(y->out, arena_cat(y->a, "RRULE:FREQ=WEEKLY;UNTIL=", until(y, last, g->from),
				      ";BYDAY=", days, NULL));
	for (size_t i = 0; i < n; i++)
		put_missing(y, g, &runs[i]);
	vtexte_line(y->out, "END:VEVENT");
}

static void put_alone(struct annee *y, const struct groupe *g, const struct run *r)
{
	int64_t first = day_of(y, r, r->first), last = day_of(y, r, r->last);

	put_head(y, g, first);
	if (r->sorte == QUINZAINE)
		vtexte_line(y->out, arena_cat(y->a, "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=",
			until(y, last, g->from), ";BYDAY=", day_names[r->weekday], NULL));
	else if (r->sorte == MENSUEL)
		vtexte_line(y->out, arena_printf(y->a, "RRULE:FREQ=MONTHLY;UNTIL=%s;BYDAY=%d%s",
			until(y, last, g->from), r->rang, day_names[r->weekday]));
	for (int w = r->first + 1; r->sorte == DATES && w <= r->last; w++) {
		if (in(r, w))
			put_time(y, "RDATE", day_of(y, r, w), g->from);
	}
	vtexte_line(y->out, "END:VEVENT");
}

/* Seasons that begin and end in the same seven days are one event. */
static bool together(const struct annee *y, const struct run *x, const struct run *z)
{
	int64_t from = day_of(y, x, x->first) - day_of(y, z, z->first);
	int64_t to = day_of(y, x, x->last) - day_of(y, z, z->last);

	return from > -7 && from < 7 && to > -7 && to < 7;
}

static bool fits(const struct annee *y, const struct run *r, const struct run *same, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (r->weekday == same[i].weekday || !together(y, r, &same[i]))
			return false;
	}
	return n < 7;
}

static void put_groupe(struct annee *y, const struct groupe *g)
{
	struct run runs[7 * (ICS_SEMAINES / PAUSE + 1)], same[7];
	size_t n = 0;

	for (int d = 0; d < 7; d++) {
		for (int at = 0; next_run(y, g, d, &at, &runs[n]);) {
			if (runs[n].sorte == HEBDO)
				n++;
			else
				put_alone(y, g, &runs[n]);
		}
	}
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		for (size_t j = i; j < n; j++) {
			if (runs[j].weeks && fits(y, &runs[j], same, k)) {
				same[k++] = runs[j];
				runs[j].weeks = 0;      /* told */
			}
		}
		if (k)
			put_weekly(y, g, same, k);
	}
}

/* --- years read once -------------------------------------------------------------------------- */

enum { SOUVENIRS_OCTETS = 4 << 20 };

struct ics_memoire {
	struct arena a;
	struct souvenir {
		const char *horaires;   /* NULL: free */
		const struct calendrier *c;
		const struct groupe *groupes;
		size_t n;
	} slots[ICS_SOUVENIRS];
};

struct ics_memoire *ics_memoire_new(void)
{
	struct ics_memoire *m = calloc(1, sizeof *m);

	if (m)
		m->a = arena_new(SOUVENIRS_OCTETS);
	return m;
}

void ics_memoire_free(struct ics_memoire *m)
{
	if (m)
		arena_free(&m->a);
	free(m);
}

static struct souvenir *slot_of(struct ics_memoire *m, const struct lieu *l)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (const char *s = l->horaires; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	return &m->slots[(h ^ h >> 32) % ICS_SOUVENIRS];
}

static void keep(struct ics_memoire *m, struct souvenir *s, const struct annee *y)
{
	struct groupe *g = NULL;

	for (size_t i = 0; i < y->n; i++) {
		if (y->groupes[i].comment)
			return;
	}
	if (!m->a.spent)
		g = NEW_ARRAY(&m->a, y->n + 1, struct groupe);
	if (!g)
		return;
	memcpy(g, y->groupes, y->n * sizeof *g);
	s->horaires = arena_str(&m->a, y->l->horaires);
	s->c = y->l->calendrier;
	s->groupes = g;
	s->n = y->n;
}

static void recall_year(struct annee *y, struct ics_memoire *m)
{
	struct souvenir *s = m && *y->l->horaires ? slot_of(m, y->l) : NULL;

	if (s && s->horaires && s->c == y->l->calendrier && !strcmp(s->horaires, y->l->horaires)) {
		memcpy(y->groupes, s->groupes, s->n * sizeof *s->groupes);
		y->n = s->n;
		return;
	}
	read_year(y);
	if (s && !s->horaires)
		keep(m, s, y);
}

void ics_lieu(struct buf *out, struct arena *a, const struct lieu *l, int64_t today,
	      const char *url, struct ics_memoire *m)
{
	struct annee *y = l->heures ? NEW(a, struct annee) : NULL;

	if (!y)
		return;
	y->out = out;
	y->a = a;
	y->l = l;
	y->url = url;
	y->monday = today - date_weekday(today);
	recall_year(y, m);
	for (size_t i = 0; i < y->n; i++)
		put_groupe(y, &y->groupes[i]);
}

/* --- what is off ------------------------------------------------------------------------------ */

long long ics_sequence(int64_t changed)
{
	static const int64_t from = 1577836800; /* 2020-01-01T00:00:00Z */

	return changed / 1000 > from ? changed / 1000 - from : 0;
}

/* How many events its hours made. */
static size_t events_of(struct arena *a, const char *id, const char *horaires,
			const struct calendrier *c, int64_t today)
{
	CLEANUP(buf_free) struct buf told = buf_new(ADIEU_OCTETS);
	struct err ignored;
	struct lieu l = { .id = id, .nom = "", .adresse = "", .code_postal = "", .commune = "",
			  .maj_le = "", .horaires = horaires, .position_commune = true,
			  .calendrier = c,
			  .heures = *horaires ? horaires_read(a, horaires, &ignored) : NULL };
	size_t n = 0;

	ics_lieu(&told, a, &l, today, "", NULL);
	for (size_t i = 0; i + 12 <= told.n; i++)
		n += !memcmp(told.p + i, "BEGIN:VEVENT", 12);
	return n;
}

void ics_lieu_parti(struct buf *out, struct arena *a, const char *id, const char *horaires,
		    const struct calendrier *c, const char *le, int64_t today)
{
	size_t n = events_of(a, id, horaires, c, today);
	struct civil day = date_civil(today);
	int64_t left = iso_instant(le);
	char iso[ISO_TEXT];

	iso_write(left, iso);
	for (size_t i = 0; i < (n ? n : 1); i++) {
		vtexte_line(out, "BEGIN:VEVENT");
		vtexte_line(out, arena_printf(a, "UID:%s-%zu@tremplin", id, i));
		vtexte_line(out, arena_printf(a, "DTSTAMP:%.4s%.2s%.2sT%.2s%.2s%.2sZ", iso, iso + 5,
			iso + 8, iso + 11, iso + 14, iso + 17));
		vtexte_line(out, arena_printf(a, "SEQUENCE:%lld", ics_sequence(left) + 1));
		vtexte_line(out, arena_printf(a, "DTSTART;VALUE=DATE:%04d%02d%02d", day.year,
			day.month, day.day));
		vtexte_line(out, "SUMMARY:Ce lieu n’est plus dans l’annuaire");
		vtexte_line(out, "STATUS:CANCELLED");
		vtexte_line(out, "TRANSP:TRANSPARENT");
		vtexte_line(out, "END:VEVENT");
	}
}

/* --- the calendar ---------------------------------------------------------------------------- */

void ics_begin(struct buf *out, const char *titre)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 16);

	vtexte_line(out, "BEGIN:VCALENDAR");
	vtexte_line(out, "VERSION:2.0");
	vtexte_line(out, "PRODID:-//Tremplin//FR");
	vtexte_line(out, "CALSCALE:GREGORIAN");
	vtexte_line(out, "METHOD:PUBLISH");
	vtexte_line(out, arena_cat(&a, "X-WR-CALNAME:", vtexte_escape(&a, titre), NULL));
	vtexte_line(out, "REFRESH-INTERVAL;VALUE=DURATION:P1D");
	vtexte_line(out, "X-PUBLISHED-TTL:P1D");
}

static void put_observance(struct buf *out, const char *kind, const char *start, int from, int to,
			   const char *rule)
{
	buf_printf(out, "BEGIN:%s\r\nDTSTART:%s\r\nTZOFFSETFROM:%c%02d%02d\r\n"
		   "TZOFFSETTO:%c%02d%02d\r\n", kind, start, from < 0 ? '-' : '+',
		   (from < 0 ? -from : from) / 60, (from < 0 ? -from : from) % 60,
		   to < 0 ? '-' : '+', (to < 0 ? -to : to) / 60, (to < 0 ? -to : to) % 60);
	if (rule)
		buf_printf(out, "RRULE:FREQ=YEARLY;%s\r\n", rule);
	buf_printf(out, "END:%s\r\n", kind);
}

void ics_zone(struct buf *out, const struct zone *z)
{
	int m = z->minutes;

	buf_printf(out, "BEGIN:VTIMEZONE\r\nTZID:%s\r\n", z->name);
	if (z->dst == DST_NONE)
		put_observance(out, "STANDARD", "19700101T000000", m, m, NULL);
	if (z->dst == DST_EUROPE) {     /* at 01:00 UTC (directive 2000/84/CE) */
		put_observance(out, "DAYLIGHT", "19960331T020000", m, m + 60,
			       "BYMONTH=3;BYDAY=-1SU");
		put_observance(out, "STANDARD", "19961027T030000", m + 60, m,
			       "BYMONTH=10;BYDAY=-1SU");
	}
	if (z->dst == DST_AMERICA) {
		put_observance(out, "DAYLIGHT", "20070311T020000", m, m + 60,
			       "BYMONTH=3;BYDAY=2SU");
		put_observance(out, "STANDARD", "20071104T020000", m + 60, m,
			       "BYMONTH=11;BYDAY=1SU");
	}
	buf_str(out, "END:VTIMEZONE\r\n");
}

void ics_end(struct buf *out)
{
	vtexte_line(out, "END:VCALENDAR");
}

/* --- the export ------------------------------------------------------------------------------ */

static bool begin(struct ecriture *w, struct err *e)
{
	(void)e;
	w->souvenirs = ics_memoire_new();
	ics_begin(&w->b, "Horaires des lieux");
	return true;
}

static bool one(struct ecriture *w, const struct lieu *l, struct err *e)
{
	const struct zone *zone = l->calendrier->zone;
	size_t i = 0;

	(void)e;
	if (!l->heures)
		return false;
	while (i < w->nzones && w->zones[i] != zone)
		i++;
	if (i == w->nzones && i < sizeof w->zones / sizeof *w->zones) {
		w->zones[w->nzones++] = zone;
		ics_zone(&w->b, zone);
	}
	ics_lieu(&w->b, &w->a, l, w->today, ecriture_page(w, l), w->souvenirs);
	return true;
}

static bool end(struct ecriture *w, struct err *e)
{
	(void)e;
	ics_end(&w->b);
	return true;
}

/* Of a calendar since a date: its events are off. */
static bool gone(struct ecriture *w, const char *id, const char *day, struct err *e)
{
	const struct lieux_sortis_row *row = w->parti;

	(void)day;
	(void)e;
	ics_lieu_parti(&w->b, &w->a, id, row->horaires ? row->horaires : "",
		       calendrier_de(row->code_insee), row->le, w->today);
	return true;
}

const struct lieu_ecriture ecriture_ics = { 0, begin, one, gone, end };
