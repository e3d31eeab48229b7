#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "core/horaires.h"
#include "core/horaires_cellule.h"

static const char *const jours_fr[] = { "lundi", "mardi", "mercredi", "jeudi", "vendredi",
					"samedi", "dimanche" };
static const char *const jours_osm[] = { "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su" };

/* --- writing OSM --------------------------------------------------------------------- */

static void write_hours(const struct cellule *c, struct buf *b)
{
	for (int i = 0; i < c->n; i++) {
		int from = c->plages[i].from, to = c->plages[i].to;

		buf_printf(b, "%s%02d:%02d-%02d:%02d", i ? "," : " ", from / 60, from % 60,
			   to / 60, to % 60);
	}
	if (c->rdv)
		buf_str(b, " \"sur rendez-vous\"");
}

static void write_ranks(uint16_t ranks, struct buf *b)
{
	char sep = '[';

	for (int i = 0; i < 6; i++) {
		if (ranks >> i & 1) {
			buf_char(b, sep);
			buf_str(b, i == 5 ? "-1" : (const char[]){ (char)('1' + i), '\0' });
			sep = ',';
		}
	}
	if (ranks)
		buf_char(b, ']');
}

static bool alike(const struct cellule *a, const struct cellule *b)
{
	if (a->n != b->n || a->rdv != b->rdv || a->parite != b->parite || a->rangs || b->rangs)
		return false;
	for (int i = 0; i < a->n; i++) {
		if (a->plages[i].from != b->plages[i].from
		    || a->plages[i].to != b->plages[i].to)
			return false;
	}
	return true;
}

/* Seven days, days that follow and are alike together. */
static void write_week(const struct cellule c[7], struct buf *b)
{
	for (int d = 0, last; d < 7; d = last + 1) {
		last = d;
		if (!c[d].n && !c[d].rdv)
			continue;
		while (last < 6 && alike(&c[d], &c[last + 1]))
			last++;
		if (b->n)
			buf_str(b, "; ");
		if (c[d].parite)
			buf_str(b, c[d].parite == 1 ? "week 1-53/2 " : "week 2-52/2 ");
		buf_str(b, jours_osm[d]);
		write_ranks(c[d].rangs, b);
		if (last > d)
			buf_printf(b, "-%s", jours_osm[last]);
		write_hours(&c[d], b);
	}
}

static const char *week_text(struct arena *a, const struct cellule c[7], struct err *e)
{
	struct buf b CLEANUP(buf_free) = buf_new(8192);
	const char *out;

	write_week(c, &b);
	out = arena_strn(a, b.p ? b.p : "", b.n);
	if (b.full || a->spent) {
		arena_refuse(a, e);
		return NULL;
	}
	return out;
}

static void refuse(struct err *e, const char *what, const char *text)
{
	char shown[81];

	snprintf(shown, sizeof shown, "%s", text);
	utf8_trim_end(shown);
	fail(e, E_INPUT, "Horaires %s non compris : « %s ».", what, shown);
	hint(e, "Écrire par exemple « 9h-12h et 14h-17h », « fermé » ou « sur rendez-vous ».");
}

const char *horaires_from_french(struct arena *a, const char *const jours[7], struct err *e)
{
	struct cellule c[7] = { 0 };

	for (int d = 0; d < 7; d++) {
		struct buf b CLEANUP(buf_free) = buf_new(TEXTE_MAX);
		const char *text;
		char what[32];

		if (!jours[d])
			continue;
		cellule_simplify(jours[d], &b);
		text = buf_text(&b);
		if (b.full || !cellule_read(text, text + b.n, d, &c[d])) {
			snprintf(what, sizeof what, "du %s", jours_fr[d]);
			refuse(e, what, jours[d]);
			return NULL;
		}
	}
	return week_text(a, c, e);
}

/* --- a whole week in one text -------------------------------------------------------- */

/* Where the next weekday is named, also stuck to an hour ("17h30Vendredi"); the end. */
static const char *next_weekday(const char *s, const char *start)
{
	for (; *s; s++) {
		const char *p = s;
		bool stuck = s > start && is_letter(s[-1])
			     && !(s[-1] == 'h' && s - 1 > start && is_digit(s[-2]));

		if (!stuck && (francais_weekday(&p) >= 0 || francais_eat(&p, "week end")))
			break;
	}
	return s;
}

/* "lundi, mardi et jeudi", "lundi au vendredi", "week-end": bits of the week; 0: unclear. */
static unsigned read_days(const char **at)
{
	static const char *const to[] = { "au", "a", NULL };
	unsigned bits = 0;
	const char *p = *at;

	for (;;) {
		const char *q;
		int from, last;

		if (francais_eat(&p, "week end")) {
			bits |= 0x60;
		} else {
			from = last = francais_weekday(&p);
			q = past_spaces(p);
			if (from < 0)
				return 0;
			if (francais_eat_any(&q, to)) {
				q = past_spaces(q);
				last = francais_weekday(&q);
				if (last <= from)
					return 0;
				p = q;
			}
			for (int d = from; d <= last; d++)
				bits |= 1u << d;
		}
		*at = p;
		q = past_spaces(p);
		if (*q == ',' || *q == '/')
			q = past_spaces(q + 1);
		else if (!francais_eat(&q, "et"))
			return bits;
		q = past_spaces(q);
		if (francais_eat(&q, "le") || francais_eat(&q, "les"))
			q = past_spaces(q);
		p = q;
		if (francais_weekday(&q) < 0 && !francais_eat(&q, "week end"))
			return bits;
	}
}

/* Words that may stand before the first day. */
static bool is_opening(const char *s, const char *end)
{
	static const char *const words[] = { "horaires d ouverture", "horaires", "ouvert",
		"ouverture", "permanences", "permanence", "tous les", "du", "le", "les",
		NULL };

	while (s < end) {
		if (strchr(" :.,;-", *s))
			s++;
		else if (!francais_eat_any(&s, words))
			return false;
	}
	return true;
}

/* One group of days and its hours; false when unclear or when a day comes twice. */
static bool read_group(const char **at, const char *start, unsigned *seen, struct cellule c[7])
{
	const char *p = *at, *end;
	unsigned days = read_days(&p);
	struct cellule one = { 0 };

	end = next_weekday(p, start);
	if (!days || days & *seen || !cellule_read(p, end, -1, &one))
		return false;
	if (!one.n && !one.rdv && !one.ferme)
		return false;
	/* A rank, or an appointment before another day, may be said of that day instead. */
	if (one.rangs || one.parite || (one.rdv && one.n && *end))
		return false;
	for (int d = 0; d < 7; d++) {
		if (days >> d & 1)
			c[d] = one;
	}
	*seen |= days;
	*at = end;
	return true;
}

const char *horaires_from_text(struct arena *a, const char *text, struct err *e)
{
	struct buf b CLEANUP(buf_free) = buf_new(TEXTE_MAX);
	struct cellule c[7] = { 0 };
	unsigned seen = 0;
	const char *start, *p;

	cellule_simplify(text, &b);
	start = buf_text(&b);
	p = next_weekday(start, start);
	if (b.full || !*p || !is_opening(start, p)) {
		refuse(e, "en français", text);
		return NULL;
	}
	while (*p) {
		if (!read_group(&p, start, &seen, c)) {
			refuse(e, "en français", text);
			return NULL;
		}
	}
	return week_text(a, c, e);
}
