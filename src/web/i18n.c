#include "web/i18n.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/catalogues.h"
#include "base/embedded.h"
#include "web/langs.h"

#define NBSP "\xc2\xa0"         /* U+00A0 */

/* --- languages ------------------------------------------------------------------------ */

/* Same language when the tag is equal, or more precise: "en-GB" is "en". */
static bool tag_fits(const char *tag, const char *asked, size_t n)
{
	size_t own = strlen(tag);

	return n >= own && !strncasecmp(tag, asked, own)
	       && (n == own || asked[own] == '-' || asked[own] == '_');
}

/* The most precise one that fits. */
static const struct lang *find(const char *asked, size_t n)
{
	const struct lang *best = NULL;

	for (const struct lang *const *l = langs; *l; l++) {
		const char *tag = (*l)->tag;

		if (tag_fits(tag, asked, n) && (!best || strlen(tag) > strlen(best->tag)))
			best = *l;
	}
	return best;
}

const struct lang *lang_find(const char *tag)
{
	return tag ? find(tag, strlen(tag)) : NULL;
}

/* "0.8" in thousandths, RFC 9110 12.4.2; anything else counts for nothing. */
static int quality(const char *s, const char *end)
{
	int q, unit = 100;

	if (s == end || (*s != '0' && *s != '1'))
		return 0;
	q = (*s++ - '0') * 1000;
	if (s < end && *s == '.')
		s++;
	for (; s < end && *s >= '0' && *s <= '9' && unit; s++, unit /= 10)
		q += (*s - '0') * unit;
	return q > 1000 ? 1000 : q;
}

/* The weight of one element of Accept-Language. */
static int weight(const char *s, const char *end)
{
	s = memchr(s, ';', (size_t)(end - s));
	if (!s)
		return 1000;
	s += 1 + strspn(s + 1, " \t");
	return (*s == 'q' || *s == 'Q') && s[1] == '=' ? quality(s + 2, end) : 0;
}

static const struct lang *first_spoken(const char *accept)
{
	const struct lang *best = NULL;
	int best_q = 0;

	while (*accept) {
		const char *end = accept + strcspn(accept, ",");
		const struct lang *l;
		int q;

		accept += strspn(accept, " \t");
		l = find(accept, strcspn(accept, " \t;,"));
		q = l ? weight(accept, end) : 0;
		if (q > best_q) {
			best = l;
			best_q = q;
		}
		accept = *end ? end + 1 : end;
	}
	return best;
}

const struct lang *lang_choose(const char *asked, const char *accept)
{
	const struct lang *l = lang_find(asked);

	if (!l && accept)
		l = first_spoken(accept);
	return l ? l : langs[0];
}

/* A folder, and what is below it. */
static bool path_under(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	return !strncmp(path, folder, n) && (!path[n] || path[n] == '/');
}

const struct lang *lang_of_page(const struct lang *asked, const char *path)
{
	/* po/PUBLIC says the same of the files */
	static const char *const french[] = { "/agent", "/api", "/donnees", "/observatoire",
					      "/territoires", "/coordination", "/carto" };

	/* what a person is asked there, and what follows, is in the person's language */
	if (path_under(path, "/agent/instruments") && !path_under(path, "/agent/instruments/saisie"))
		return asked;
	for (size_t i = 0; asked->partial && i < sizeof french / sizeof *french; i++) {
		if (path_under(path, french[i]))
			return langs[0];
	}
	return asked;
}

/* --- messages ------------------------------------------------------------------------- */

/* The block of all catalogues: base/catalogues.h.  NULL when none was embedded. */
static const char *block(void)
{
	const char *p = embedded_mo[0].p;
	const struct catalogues *head = (const void *)p;

	return p && head->magic == CATALOGUES_MAGIC ? p : NULL;
}

/* The catalogue of a language; NULL: the language of ids. */
static const struct catalogue *catalogue(const char *all, const struct lang *l)
{
	const struct catalogues *head = (const void *)all;
	const struct catalogue *c = (const void *)(head + 1);

	for (uint32_t i = 0; l->mo && i < head->n; i++) {
		if (!strcmp(all + c[i].name, l->mo))
			return &c[i];
	}
	return NULL;
}

/* All plural forms of a message, a NUL after each and one more; NULL when it is not there. */
static const char *message(const struct lang *l, const char *msgid)
{
	const char *all = block();
	const struct catalogue *c = all ? catalogue(all, l) : NULL;
	const struct catalogue_message *m;

	if (!c || !*msgid)
		return NULL;
	m = (const void *)(all + c->messages);
	for (uint32_t low = 0, high = c->n; low < high;) {
		uint32_t mid = low + (high - low) / 2;
		int order = strcmp(msgid, all + m[mid].id);

		if (!order)
			return all + m[mid].text;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

const char *tr(const struct lang *l, const char *msgid)
{
	const char *found = message(l, msgid);

	return found ? found : msgid;
}

const char *tr_n(const struct lang *l, int64_t n, const char *one, const char *many)
{
	const char *found = message(l, one);

	if (!found)
		return langs[0]->plural(n) ? many : one;
	for (int form = l->plural(n); form > 0; form--) {
		const char *next = found + strlen(found) + 1;

		if (!*next)
			break;
		found = next;
	}
	return found;
}

/* --- dates and numbers ---------------------------------------------------------------- */

static const char *day_text(const struct lang *l, int day, char out[16])
{
	if (day == 1 && l->words->first)
		return l->words->first;
	snprintf(out, 16, "%d", day);
	return out;
}

static const char *month_name(const struct lang *l, int month)
{
	return month >= 1 && month <= 12 ? l->words->months[month - 1] : "?";
}

const char *weekday_name(const struct lang *l, int weekday)
{
	return weekday >= 0 && weekday <= 6 ? l->words->days[weekday] : "?";
}

/* Writes v in at least `width` digits (0 to 9999); returns the end. */
static char *put_int(char *p, int v, int width)
{
	char digits[12];
	int n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) || n < width);
	while (n)
		*p++ = digits[--n];
	*p = '\0';
	return p;
}

/* Writes a pattern of lang_words. */
static const char *date_put(const struct lang *l, const char *pattern, const struct civil *c,
			    char out[I18N_TEXT])
{
	char number[16], *p = out;

	for (const char *s = pattern; *s; s++) {
		const char *piece = number;

		if (*s != '%') {
			*p++ = *s;
			continue;
		}
		switch (*++s) {
		case 'w':
			piece = weekday_name(l, date_weekday(date_days(c->year, c->month, c->day)));
			break;
		case 'd':
			piece = day_text(l, c->day, number);
			break;
		case 'm':
			piece = month_name(l, c->month);
			break;
		default:
			put_int(number, c->year, 1);
		}
		p = stpcpy(p, piece);
	}
	*p = '\0';
	return out;
}

const char *date_long(const struct lang *l, const struct civil *c, char out[I18N_TEXT])
{
	return date_put(l, l->words->date, c, out);
}

const char *date_day(const struct lang *l, const struct civil *c, char out[I18N_TEXT])
{
	return date_put(l, l->words->day, c, out);
}

const char *time_short(const struct lang *l, int minutes, char out[I18N_TEXT])
{
	int hours, rest;

	if (minutes < 0 || minutes > 1440)
		minutes = (minutes % 1440 + 1440) % 1440;
	hours = minutes / 60;
	rest = minutes % 60;
	if (!rest && l->words->full_hour)
		stpcpy(put_int(out, hours, 1), l->words->full_hour);
	else
		put_int(stpcpy(put_int(out, hours, 1), l->words->hour), rest, 2);
	return out;
}

const char *number_text(const struct lang *l, int64_t v, char out[I18N_TEXT])
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	size_t group = strlen(l->words->group);
	char text[I18N_TEXT], *end = text + sizeof text, *p = end;

	*--p = '\0';
	for (int digits = 0; u || !digits; u /= 10, digits++) {
		if (digits && digits % 3 == 0) {
			p -= group;
			memcpy(p, l->words->group, group);
		}
		*--p = (char)('0' + u % 10);
	}
	if (v < 0)
		*--p = '-';
	return memcpy(out, p, (size_t)(end - p));
}

const char *real_text(const struct lang *l, double v, char out[I18N_TEXT])
{
	char *p = out;
	int64_t tenths;
	size_t n;

	if (!isfinite(v) || fabs(v) > 1e15)
		return memcpy(out, "?", 2);
	tenths = llround(v * 10);
	if (tenths < 0)
		*p++ = '-';
	tenths = llabs(tenths);
	n = strlen(number_text(l, tenths / 10, p));
	if (tenths % 10) {
		p += n;
		n = strlen(l->words->decimal);
		memcpy(p, l->words->decimal, n);
		p[n] = (char)('0' + tenths % 10);
		p[n + 1] = '\0';
	}
	return out;
}

const char *distance_text(const struct lang *l, double metres, char out[I18N_TEXT])
{
	char number[I18N_TEXT];
	double tens = round(metres / 10) * 10;
	double km = metres < 9950 ? round(metres / 100) / 10 : round(metres / 1000);

	if (!(metres >= 0))
		return memcpy(out, "?", 2);
	if (tens < 1000)
		stpcpy(put_int(out, (int)tens, 1), NBSP "m");
	else
		snprintf(out, I18N_TEXT, "%.60s" NBSP "km", real_text(l, km, number));
	return out;
}
