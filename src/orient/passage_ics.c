/* The stops of a place that travels, as a calendar. */
#include <math.h>
#include <string.h>

#include "core/passage.h"
#include "format/vtexte.h"
#include "orient/lieu_ics.h"

enum { STOPS = 60 };

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

void ics_passages(struct buf *out, struct arena *a, const struct lieu *l, int64_t now,
		  const char *url)
{
	struct passage_fois next[STOPS];
	size_t n = lieu_prochains(l, now, next, STOPS);
	char stamp[ISO_TEXT];

	iso_write(now, stamp);
	for (size_t i = 0; i < n; i++) {
		const struct passage *p = next[i].p;

		vtexte_line(out, "BEGIN:VEVENT");
		put(out, a, "UID", arena_printf(a, "%s-%lld-%d@tremplin", p->id,
						(long long)next[i].jour, next[i].from));
		put(out, a, "DTSTAMP", arena_printf(a, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", stamp, stamp + 5,
			stamp + 8, stamp + 11, stamp + 14, stamp + 17));
		put_time(out, a, "DTSTART", &next[i], next[i].from);
		put_time(out, a, "DTEND", &next[i], next[i].to);
		put(out, a, "SUMMARY", vtexte_escape(a, l->nom));
		put(out, a, "LOCATION", vtexte_escape(a, passage_ou(a, p)));
		put(out, a, "DESCRIPTION", vtexte_escape(a, p->precisions));
		if (isfinite(p->lat) && isfinite(p->lon))
			put(out, a, "GEO", arena_printf(a, "%.6f;%.6f", p->lat, p->lon));
		put(out, a, "URL", url);
		vtexte_line(out, "TRANSP:TRANSPARENT");
		vtexte_line(out, "END:VEVENT");
	}
}
