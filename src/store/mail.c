#include "store/mail.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/utf8.h"
#include "store/envoi.h"

enum { LINE_MOST = 76, WORD_BYTES = 36 };       /* RFC 2045 6.7, RFC 2047 2 */

/* --- fields ----------------------------------------------------------------------------- */

static bool is_line(const char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	}
	return true;
}

static bool is_plain(const char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s >= 0x7f)
			return false;
	}
	return true;
}

static void put_base64(struct buf *b, const unsigned char *p, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		unsigned long v = (unsigned long)p[i] << 16;

		if (i + 1 < n)
			v |= (unsigned long)p[i + 1] << 8;
		if (i + 2 < n)
			v |= p[i + 2];
		buf_char(b, digits[v >> 18]);
		buf_char(b, digits[v >> 12 & 63]);
		buf_char(b, i + 1 < n ? digits[v >> 6 & 63] : '=');
		buf_char(b, i + 2 < n ? digits[v & 63] : '=');
	}
}

/* Bytes of the longest run of whole characters at s, at most WORD_BYTES. */
static size_t word_at(const char *s, const char *end)
{
	size_t n = 0;

	while (s + n < end) {
		uint32_t c;
		size_t k = utf8_read(s + n, end, &c);

		if (n + k > WORD_BYTES)
			break;
		n += k;
	}
	return n;
}

/* Encoded words, each of whole characters (RFC 2047 5), a line each. */
static void put_encoded(struct buf *b, const char *s)
{
	const char *end = s + strlen(s);

	while (s < end) {
		size_t n = word_at(s, end);

		buf_str(b, "=?UTF-8?B?");
		put_base64(b, (const unsigned char *)s, n);
		buf_str(b, "?=");
		s += n;
		if (s < end)
			buf_str(b, "\r\n ");
	}
}

/* Unstructured text: as it is when it is ASCII, short, and looks like no encoded word. */
static void put_text(struct buf *b, const char *s)
{
	if (is_plain(s) && !strstr(s, "=?") && strlen(s) <= 66)
		buf_str(b, s);
	else
		put_encoded(b, s);
}

/* A name before an address: quoted when it is ASCII (RFC 5322 3.2.4). */
static void put_name(struct buf *b, const char *s)
{
	if (!is_plain(s) || strlen(s) > 60) {
		put_encoded(b, s);
		return;
	}
	buf_char(b, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			buf_char(b, '\\');
		buf_char(b, *s);
	}
	buf_char(b, '"');
}

static void put_field(struct buf *b, const char *name, const char *value)
{
	buf_str(b, name);
	buf_str(b, ": ");
	buf_str(b, value);
	buf_str(b, "\r\n");
}

/* "Sun, 22 Nov 2026 10:00:00 +0000" */
static void put_date(struct buf *b, int64_t ms)
{
	static const char days[][4] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	static const struct zone utc = { "UTC", 0, DST_NONE };
	struct civil c = zone_local(&utc, ms);

	buf_printf(b, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
		   days[date_weekday(date_days(c.year, c.month, c.day))], c.day,
		   months[c.month - 1], c.year, c.hour, c.minute, c.second);
}

static void put_from(struct buf *b, const struct mail *m)
{
	buf_str(b, "From: ");
	if (*m->from_name) {
		put_name(b, m->from_name);
		buf_str(b, "\r\n <");
		buf_str(b, m->from);
		buf_str(b, ">\r\n");
	} else {
		buf_str(b, m->from);
		buf_str(b, "\r\n");
	}
}

static void put_head(struct buf *b, const struct mail *m)
{
	put_date(b, m->date);
	put_from(b, m);
	put_field(b, "To", m->to);
	if (*m->reply_to)
		put_field(b, "Reply-To", m->reply_to);
	buf_str(b, "Subject: ");
	put_text(b, m->subject);
	buf_printf(b, "\r\nMessage-ID: <%s%s>\r\n", m->id, strchr(m->from, '@'));
	put_field(b, "Content-Language", m->lang);
	put_field(b, "Auto-Submitted", "auto-generated");       /* RFC 3834: no answering machine */
	put_field(b, "MIME-Version", "1.0");
}

/* --- parts ------------------------------------------------------------------------------ */

/* A byte that may stand as it is; a space or tab not at the end of a line. */
static bool qp_plain(unsigned char c, char next)
{
	if (c == ' ' || c == '\t')
		return next && next != '\n';
	return c > ' ' && c < 0x7f && c != '=';
}

/* Quoted-printable (RFC 2045 6.7); a lone point or "From " at the head of a line too. */
static void put_quoted(struct buf *b, const char *s)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t column = 0;

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		bool plain = qp_plain(c, s[1]) && !(!column && (c == '.' || c == 'F'));

		if (c == '\n') {
			buf_str(b, "\r\n");
			column = 0;
			continue;
		}
		if (column + (plain ? 1 : 3) > LINE_MOST - 1) {
			buf_str(b, "=\r\n");
			column = 0;
		}
		if (plain) {
			buf_char(b, (char)c);
			column++;
		} else {
			buf_char(b, '=');
			buf_char(b, digits[c >> 4]);
			buf_char(b, digits[c & 15]);
			column += 3;
		}
	}
	buf_str(b, "\r\n");
}

static void put_part(struct buf *b, const char *type, const char *content)
{
	buf_printf(b, "Content-Type: %s; charset=utf-8\r\n", type);
	buf_str(b, "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	put_quoted(b, content);
}

static void put_parts(struct buf *b, const struct mail *m)
{
	if (!m->html) {
		put_part(b, "text/plain", m->text);
		return;
	}
	/* "=_" cannot stand in quoted-printable */
	buf_printf(b, "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n\r\n", m->id);
	buf_printf(b, "--=_%s\r\n", m->id);
	put_part(b, "text/plain", m->text);
	buf_printf(b, "\r\n--=_%s\r\n", m->id);
	put_part(b, "text/html", m->html);
	buf_printf(b, "\r\n--=_%s--\r\n", m->id);
}

static bool is_id(const char *s)
{
	return *s && strlen(s) <= 60
	       && !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")];
}

bool mail_write(const struct mail *m, struct buf *out, struct err *e)
{
	if (!courriel_is_good(m->to) || !courriel_is_good(m->from)
	    || (*m->reply_to && !courriel_is_good(m->reply_to)))
		return fail(e, E_INPUT, "Ce n’est pas une adresse électronique.");
	if (!is_line(m->subject) || !is_line(m->from_name) || !is_id(m->id) || !is_id(m->lang))
		return fail(e, E_INPUT, "Un retour à la ligne se trouve dans l’en-tête de ce "
			    "courriel.");
	put_head(out, m);
	put_parts(out, m);
	return out->full || out->n > MAIL_MOST
		? fail(e, E_LIMIT, "Ce courriel est trop long.") : true;
}

bool mail_sender_read(struct arena *a, const char *text, const char **name,
		      const char **address, struct err *e)
{
	const char *open = strrchr(text, '<'), *close = strrchr(text, '>');
	size_t n = open ? (size_t)(open - text) : 0;

	*name = "";
	*address = arena_str(a, text);
	if (open && close > open && !close[1]) {
		while (n && text[n - 1] == ' ')
			n--;
		*name = arena_strn(a, text, n);
		*address = arena_strn(a, open + 1, (size_t)(close - open - 1));
	}
	if (courriel_is_good(*address) && is_line(*name))
		return true;
	fail(e, E_INPUT, "« %.80s » n’est pas une adresse d’expéditeur.", text);
	return hint(e, "Écrivez « Aide numérique <ne-pas-repondre@exemple.fr> ».");
}
