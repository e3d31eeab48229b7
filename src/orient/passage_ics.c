/* The stops of a place that travels, as a calendar. */
#include <math.h>
#include <string.h>

#include "core/passage.h"
#include "format/vtexte.h"
#include "orient/lieu_ics.h"
#include "orient/lieu_sorti.sql.h"

enum { STOPS = 60, EVENTS = 900, PARTIS = 240 };

static void put(struct buf *out, struct arena *a, const char *name, const char *value)
{
	if (*value)
		vtexte_line(out, arena_cat(a, name, ":", value, NULL));
}

static void put_time(struct buf *out, struct arena *a, const char *name,
		     const struct passage_fois *f, int minute)
{
	struct civil c = date_civil(f->jour + minute / 1440);

	vtexte_line(out, arena_printf(a, "%s;TZID=%s:%04d%02d%02dT%02d%02d00", name,
		f->p->calendrier->zone->name, c.year, c.month, c.day, minute % 1440 / 60,
		minute % 60));
}

static void put_dates(struct buf *out, struct arena *a, const struct passage_fois *f,
		      int64_t changed, int64_t now)
{
	char iso[ISO_TEXT];

	iso_write(now, iso);
	put(out, a, "UID", arena_printf(a, "%s-%lld-%d@tremplin", f->p->id, (long long)f->jour,
					f->from));
	put(out, a, "DTSTAMP", arena_printf(a, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", iso, iso + 5,
					    iso + 8, iso + 11, iso + 14, iso + 17));
	put(out, a, "SEQUENCE", arena_printf(a, "%lld", ics_sequence(changed)));
	put_time(out, a, "DTSTART", f, f->from);
	put_time(out, a, "DTEND", f, f->to);
}

static void put_stop(struct buf *out, struct arena *a, const struct lieu *l,
		     const struct passage_fois *f, int64_t now, const char *url)
{
	const struct passage *p = f->p;

	vtexte_line(out, "BEGIN:VEVENT");
	put_dates(out, a, f, p->maj, now);
	put(out, a, "SUMMARY", vtexte_escape(a, l->nom));
	put(out, a, "LOCATION", vtexte_escape(a, passage_ou(a, p)));
	put(out, a, "DESCRIPTION", vtexte_escape(a, p->precisions));
	if (isfinite(p->lat) && isfinite(p->lon))
		put(out, a, "GEO", arena_printf(a, "%.6f;%.6f", p->lat, p->lon));
	put(out, a, "URL", url);
	vtexte_line(out, "TRANSP:TRANSPARENT");
	vtexte_line(out, "END:VEVENT");
}

/* It was told, and is off. */
static void put_off(struct buf *out, struct arena *a, const struct passage_fois *f,
		    int64_t changed, int64_t now)
{
	vtexte_line(out, "BEGIN:VEVENT");
	put_dates(out, a, f, changed, now);
	put(out, a, "SUMMARY", "Passage annulé");
	vtexte_line(out, "STATUS:CANCELLED");
	vtexte_line(out, "TRANSP:TRANSPARENT");
	vtexte_line(out, "END:VEVENT");
}

static int64_t today_of(const struct passage *p, int64_t now)
{
	struct civil c = zone_local(p->calendrier->zone, now);

	return date_days(c.year, c.month, c.day);
}

/* The days that an exception takes away, of those that come. */
static void put_exceptions(struct buf *out, struct arena *a, const struct passage *p, int64_t now)
{
	struct passage usual = *p;
	int64_t today = today_of(p, now);

	usual.nsauf = 0;
	for (size_t i = 0; i < p->nsauf; i++) {
		struct passage_fois f[PASSAGE_JOUR];
		size_t n = p->sauf[i] >= today
			   ? passage_le(&usual, p->sauf[i], f, PASSAGE_JOUR) : 0;

		for (size_t k = 0; k < n; k++)
			put_off(out, a, &f[k], p->maj, now);
	}
}

void ics_passages(struct buf *out, struct arena *a, const struct lieu *l, int64_t now,
		  const char *url)
{
	size_t room = EVENTS;

	for (size_t i = 0; i < l->npassages && room; i++) {
		struct passage_fois next[STOPS];
		size_t n = passage_prochains(&l->passages[i], now, next, room < STOPS
			? room : STOPS);

		for (size_t k = 0; k < n; k++)
			put_stop(out, a, l, &next[k], now, url);
		put_exceptions(out, a, &l->passages[i], now);
		room -= n;
	}
}

/* Does a stop of today hold then, or has that been told off already? */
static bool is_told(const struct lieu *l, const struct passage_fois *f,
		    const struct passage_fois *told, size_t ntold)
{
	for (size_t i = 0; i < ntold; i++) {
		if (told[i].jour == f->jour && told[i].from == f->from
		    && !strcmp(told[i].p->id, f->p->id))
			return true;
	}
	for (size_t i = 0; l && i < l->npassages; i++) {
		struct passage usual = l->passages[i];
		struct passage_fois now[PASSAGE_JOUR];
		size_t n;

		usual.nsauf = 0;        /* an exception is told by itself */
		n = strcmp(usual.id, f->p->id) ? 0 : passage_le(&usual, f->jour, now, PASSAGE_JOUR);
		for (size_t k = 0; k < n; k++) {
			if (now[k].from == f->from)
				return true;
		}
	}
	return false;
}

static const char *text(const char *s)
{
	return s ? s : "";
}

void ics_passages_partis(struct buf *out, struct arena *a, const struct passages_sortis_row *old,
			 size_t n, const struct lieu *l, int64_t now)
{
	struct passage_fois *told = NEW_ARRAY(a, PARTIS, struct passage_fois);
	size_t ntold = 0;

	for (size_t i = 0; told && i < n; i++) {
		struct passage *p = NEW(a, struct passage);
		struct passage_texte t = { text(old[i].horaires), text(old[i].dates),
			text(old[i].sauf), text(old[i].debut), text(old[i].fin) };
		struct passage_fois f[STOPS];
		size_t k;

		if (!p)
			return;
		*p = (struct passage){ .id = old[i].passage_id, .code_insee = old[i].code_insee };
		if (!passage_ouvrir(a, p, &t))
			return;
		p->nsauf = 0;           /* who missed the exception is told too */
		k = passage_prochains(p, now, f, STOPS);
		for (size_t j = 0; j < k && ntold < PARTIS; j++) {
			if (is_told(l, &f[j], told, ntold))
				continue;
			told[ntold++] = f[j];
			put_off(out, a, &f[j], iso_instant(text(old[i].le)) + 1000, now);
		}
	}
}
