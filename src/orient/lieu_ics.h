/*
 * The opening hours of places as a calendar (RFC 5545) that telephones and offices
 * subscribe to: a year of openings from this week on, as few recurring events as say it.
 *
 * What is open is asked day by day of core/horaires.h, so the calendar says neither more nor
 * less than the page: a public holiday is an EXDATE, a season an event of its own, the
 * second Tuesday a monthly rule.  What no rule says is listed (RDATE).
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/lieu.h"

struct passages_sortis_row;

enum { ICS_SEMAINES = 53 };

void ics_begin(struct buf *out, const char *titre);
void ics_zone(struct buf *out, const struct zone *z);   /* once for each zone, before its events */
/*
 * Years that were read once: many places have the same hours.  Bounded (ICS_SOUVENIRS), so
 * that an export's memory does not grow with it; hours with a comment are not kept.
 */
enum { ICS_SOUVENIRS = 2048 };
struct ics_memoire;
struct ics_memoire *ics_memoire_new(void);      /* NULL without memory: nothing is kept */
void ics_memoire_free(struct ics_memoire *m);

/* The events of a place; nothing without readable hours.  today: days since 1970, the same
 * for all that share `m` (may be NULL); url: the place's page, "" for none. */
void ics_lieu(struct buf *out, struct arena *a, const struct lieu *l, int64_t today,
	      const char *url, struct ics_memoire *m);
/* The next stops of a place that travels, an event each; those that an exception takes away are
 * cancelled. */
void ics_passages(struct buf *out, struct arena *a, const struct lieu *l, int64_t now,
		  const char *url);
/*
 * SEQUENCE of what was last changed then (ms): seconds since 2020, so that whoever changes
 * something raises it (RFC 5545, 3.8.7.4).
 */
long long ics_sequence(int64_t changed);

/*
 * What is off, in a calendar that may have told it: STATUS:CANCELLED under the same UID, with a
 * greater SEQUENCE, and nothing else of the place.  `le`: when it left (ISO).
 */
void ics_lieu_parti(struct buf *out, struct arena *a, const char *id, const char *horaires,
		    const struct calendrier *c, const char *le, int64_t today);
void ics_passages_partis(struct buf *out, struct arena *a, const struct passages_sortis_row *old,
			 size_t n, const struct lieu *l, int64_t now);
void ics_end(struct buf *out);
