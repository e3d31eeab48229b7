#include "orient/lieu_clean.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DIGITS_MOST = 40, ADDRESS_MOST = 254, URL_MOST = 2000 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct cleaned kept(const char *text)
{
	return (struct cleaned){ text, NOTE_NONE, NULL };
}

static struct cleaned dropped(const char *why)
{
	return (struct cleaned){ "", NOTE_RETIRE, why };
}

/* The text of `out` in place of `text`, with a note only when it is another one. */
static struct cleaned mended(struct arena *a, const char *text, const char *out,
			     const char *why)
{
	if (strcmp(text, out) == 0)
		return kept(text);
	return (struct cleaned){ arena_str(a, out), NOTE_CORRIGE, why };
}

/* --- pivot -------------------------------------------------------------------------- */

/* Letters in capitals and digits of `text`, without spaces, dots and hyphens.  false when
 * it holds anything else or does not fit. */
static bool strip_code(const char *text, char out[DIGITS_MOST])
{
	size_t n = 0;

	for (; *text; text++) {
		if (strchr(" .-", *text))
			continue;
		if (strncmp(text, "\xc2\xa0", 2) == 0) {
			text++;
			continue;
		}
		if ((!is_digit(*text) && !is_letter(*text)) || n == DIGITS_MOST - 1)
			return false;
		out[n++] = *text >= 'a' && *text <= 'z' ? (char)(*text - 32) : *text;
	}
	out[n] = '\0';
	return true;
}

struct cleaned pivot_clean(struct arena *a, const char *text, const char *code_postal)
{
	char code[DIGITS_MOST], padded[16];
	bool read = strip_code(text, code);
	size_t n = read ? strlen(code) : 0;
	bool digits = read && strspn(code, "0123456789") == n;

	if (!*text)
		return kept("");
	if (digits && strspn(code, "0") == n)
		return dropped("ce ne sont que des zéros, ce n'est pas un SIRET");
	if (n == 10 && code[0] == 'W')
		return mended(a, text, code, "numéro RNA écrit sans espace");
	if (digits && n == 14 && siret_is_valid(code))
		return mended(a, text, code, "SIRET écrit sans espace");
	if (digits && n >= 7 && n <= 10 && strncmp(code_postal, "988", 3) == 0)
		return mended(a, text, code, "RIDET écrit sans espace");
	if (digits && n == 13) {
		snprintf(padded, sizeof padded, "0%.13s", code);
		if (siret_is_valid(padded))
			return mended(a, text, padded, "SIRET dont un tableur a ôté le zéro de tête");
	}
	if (digits && n == 14)
		return dropped("SIRET dont la clé de contrôle est fausse");
	if (digits && n == 9)
		return dropped("SIREN seul : il manque les cinq chiffres de l'établissement");
	return dropped("ce n'est ni un SIRET, ni un numéro RNA, ni un RIDET");
}

/* --- telephone ---------------------------------------------------------------------- */

/* Country code of a ten-digit national number, by its four first digits.
 * Source: ARCEP, plan national de numérotation (décision 2018-0881). */
static const struct { const char prefix[5], code[4]; } overseas[] = {
	{ "0590", "590" }, { "0690", "590" }, { "0691", "590" }, { "0594", "594" },
	{ "0694", "594" }, { "0596", "596" }, { "0696", "596" }, { "0697", "596" },
	{ "0262", "262" }, { "0263", "262" }, { "0692", "262" }, { "0693", "262" },
	{ "0269", "262" }, { "0639", "262" }, { "0508", "508" },
};

/* Country codes of the schema's own rule, and how many digits follow. */
static const struct { const char code[4]; size_t digits; } countries[] = {
	{ "33", 9 }, { "262", 9 }, { "590", 9 }, { "594", 9 }, { "596", 9 },
	{ "508", 6 }, { "681", 6 }, { "687", 6 }, { "689", 8 }, { "269", 7 },
};

/* Where six or eight digits are a whole number, by postal code. */
static const struct { const char postal[4], code[4]; size_t digits; } short_plans[] = {
	{ "988", "687", 6 }, { "986", "681", 6 }, { "975", "508", 6 }, { "987", "689", 8 },
};

static bool international(const char *d, char out[DIGITS_MOST])
{
	for (size_t i = 0; i < sizeof countries / sizeof *countries; i++) {
		size_t n = strlen(countries[i].code);
		const char *rest = d + n;

		if (strncmp(d, countries[i].code, n))
			continue;
		if (*rest == '0' && strlen(rest) == countries[i].digits + 1)
			rest++;                         /* +33 (0)1 ... */
		if (strlen(rest) != countries[i].digits || *rest == '0')
			continue;
		snprintf(out, DIGITS_MOST, "+%s%s", countries[i].code, rest);
		return true;
	}
	return false;
}

static bool national(const char *d, const char *code_postal, char out[DIGITS_MOST])
{
	size_t n = strlen(d);

	if (n == 10 && d[0] == '0' && d[1] != '0') {
		const char *code = "33";

		for (size_t i = 0; i < sizeof overseas / sizeof *overseas; i++) {
			if (strncmp(d, overseas[i].prefix, 4) == 0)
				code = overseas[i].code;
		}
		snprintf(out, DIGITS_MOST, "+%s%s", code,
			 d + (strcmp(code, "508") ? 1 : 4));
		return true;
	}
	for (size_t i = 0; i < sizeof short_plans / sizeof *short_plans; i++) {
		if (n == short_plans[i].digits
		    && strncmp(code_postal, short_plans[i].postal, 3) == 0) {
			snprintf(out, DIGITS_MOST, "+%s%.8s", short_plans[i].code, d);
			return true;
		}
	}
	if (n == 9 && d[0] != '0')
		snprintf(out, DIGITS_MOST, "+33%.9s", d);
	else if ((n == 4 && (d[0] == '3' || d[0] == '1')) || (n == 3 && d[0] == '1'))
		snprintf(out, DIGITS_MOST, "%.4s", d);
	else
		return false;
	return true;
}

/* Reads one number that begins at s and ends before `end`. */
static bool telephone_read(const char *s, const char *end, const char *code_postal,
			   char out[DIGITS_MOST])
{
	char d[DIGITS_MOST];
	size_t n = 0;
	bool plus = false, letters = false;

	for (; s < end; s++) {
		if (is_digit(*s)) {
			if (n == DIGITS_MOST - 1)
				return false;
			d[n++] = *s;
		} else if (*s == '+' && !n) {
			plus = true;
		} else if (is_letter(*s) && n) {
			letters = true;                 /* "01 23 45 67 89 poste 12" */
			break;
		}
	}
	d[n] = '\0';
	if (letters && n < 9)
		return false;
	if (plus)
		return international(d, out);
	if (strncmp(d, "00", 2) == 0)
		return international(d + 2, out);
	return national(d, code_postal, out) || (n > 10 && international(d, out));
}

/* A number ends at what separates two of them. */
static const char *telephone_end(const char *s)
{
	for (; *s && !strchr("/;,|\n", *s); s++) {
		if (strncmp(s, " ou ", 4) == 0 || strncmp(s, " et ", 4) == 0)
			break;
	}
	return s;
}

struct cleaned telephone_clean(struct arena *a, const char *text, const char *code_postal)
{
	const char *s = text;
	char out[DIGITS_MOST];

	if (!*text)
		return kept("");
	for (;;) {
		const char *end = telephone_end(s);

		if (telephone_read(s, end, code_postal, out)) {
			bool alone = s == text && end[strspn(end, " /;,|\n")] == '\0';

			return mended(a, text, out, alone ? "forme internationale"
				      : "un seul numéro par lieu : le premier, en forme "
					"internationale");
		}
		if (!*end)
			return dropped("ce n'est pas un numéro de téléphone complet");
		s = end + (*end == ' ' ? 4 : 1);
	}
}

/* --- electronic mail and addresses of the web --------------------------------------- */

static bool host_is_valid(const char *s, size_t n)
{
	bool dot = false;

	if (n < 4 || s[0] == '.' || s[0] == '-' || s[n - 1] == '.' || s[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '.') {
			if (s[i - 1] == '.')
				return false;
			dot = true;
		} else if (!is_letter(s[i]) && !is_digit(s[i]) && s[i] != '-'
			   && (unsigned char)s[i] < 0x80) {
			return false;
		}
	}
	return dot && !is_digit(s[n - 1]);
}

static bool courriel_is_valid(const char *s)
{
	const char *at = strchr(s, '@');
	size_t n = strlen(s);

	if (!at || at == s || n > ADDRESS_MOST || strchr(at + 1, '@'))
		return false;
	for (const char *p = s; p < at; p++) {
		if (!is_letter(*p) && !is_digit(*p) && !strchr(".!#$%&'*+=?^_`{}~-", *p))
			return false;
	}
	return *s != '.' && at[-1] != '.' && host_is_valid(at + 1, strlen(at + 1));
}

/* The next piece of a list at *s, without what surrounds it; "" at the end. */
static const char *next_piece(struct arena *a, const char **s, const char *separators)
{
	const char *p;
	size_t n;

	*s += strspn(*s, separators);
	n = strcspn(*s, separators);
	p = *s;
	*s += n;
	return arena_strn(a, p, n);
}

static const char *join(struct arena *a, const char *list, const char *piece)
{
	return *list ? arena_printf(a, "%s|%s", list, piece) : piece;
}

struct cleaned courriels_clean(struct arena *a, const char *text)
{
	const char *list = "", *s = text, *piece;
	bool person = false, broken = false;

	while (*(piece = next_piece(a, &s, "|;, \n\r\t<>"))) {
		if (strncmp(piece, "mailto:", 7) == 0)
			piece += 7;
		if (!courriel_is_valid(piece))
			broken = true;
		else if (courriel_is_personal(piece))
			person = true;
		else
			list = join(a, list, piece);
	}
	if (person)
		return (struct cleaned){ list, NOTE_NON_PUBLIE,
			"l'adresse porte le nom d'une personne : gardée dans les données "
			"d'origine, non publiée" };
	if (broken && !*list)
		return dropped("ce n'est pas une adresse de courriel");
	return mended(a, text, list, broken ? "ce qui n'est pas une adresse est retiré"
		      : "adresses séparées par « | »");
}

/* What people type for the head of an address, and what they meant. */
static const struct { const char *typed, *meant; } heads[] = {
	{ "https://https://", "https://" }, { "http://https://", "https://" },
	{ "http://http://", "http://" }, { "https://http://", "http://" },
	{ "https//", "https://" }, { "http//", "http://" },
	{ "https:/", "https://" }, { "http:/", "http://" },
	{ "https;//", "https://" }, { "http;//", "http://" },
	{ "https:", "https://" }, { "http:", "http://" },
	{ "//", "https://" }, { "", "https://" },
};

static const char *url_mend(struct arena *a, const char *s)
{
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		size_t n = strlen(heads[i].typed);

		if (strncasecmp(s, heads[i].typed, n))
			continue;
		if (i < 4)
			return arena_printf(a, "%s%s", heads[i].meant, s + n);
		if (strncasecmp(s, "https://", 8) == 0 || strncasecmp(s, "http://", 7) == 0)
			return s;
		return arena_printf(a, "%s%s", heads[i].meant, s + n + strspn(s + n, "/"));
	}
	return s;
}

static bool url_is_valid(const char *s)
{
	const char *host = strstr(s, "://");
	size_t n;

	if (!host || strlen(s) > URL_MOST)
		return false;
	host += 3;
	n = strcspn(host, "/?#");
	if (memchr(host, '@', n))
		return false;                   /* a name and a password, or a trap */
	for (const char *p = s; *p; p++) {
		if ((unsigned char)*p <= ' ' || strchr("\"<>\\^`{}", *p))
			return false;
	}
	n = strcspn(host, ":/?#");
	return host_is_valid(host, n);
}

struct cleaned urls_clean(struct arena *a, const char *text, bool many)
{
	const char *list = "", *s = text, *piece;
	bool broken = false, more = false;

	while (*(piece = next_piece(a, &s, "| \n\r\t"))) {
		piece = url_mend(a, piece);
		if (!url_is_valid(piece))
			broken = true;
		else if (!many && *list)
			more = true;
		else
			list = join(a, list, piece);
	}
	if (broken && !*list)
		return dropped("ce n'est pas une adresse de site");
	return mended(a, text, list, more ? "une seule adresse dans ce champ : la première"
		      : broken ? "ce qui n'est pas une adresse de site est retiré"
		      : "adresse complète, avec https://");
}

/* --- dates, codes, numbers ---------------------------------------------------------- */

static bool date_read(const char *s, struct civil *c)
{
	int d, m, y, end = 0;

	if (iso_read(s, c))
		return true;
	/* 2022-11-22T10:00:00.000Z, +02:00 and other tails: the day is what counts */
	if (strlen(s) > 10 && (s[10] == 'T' || s[10] == ' ')) {
		char day[11];

		snprintf(day, sizeof day, "%.10s", s);
		return iso_read(day, c);
	}
	if (sscanf(s, "%2d/%2d/%4d%n", &d, &m, &y, &end) == 3 && (!s[end] || s[end] == ' ')
	    && y >= 1900 && date_is_real(y, m, d)) {
		*c = (struct civil){ .year = y, .month = m, .day = d };
		return true;
	}
	return false;
}

struct cleaned date_clean(struct arena *a, const char *text, const struct civil *today)
{
	struct civil c;
	char out[40];

	if (!*text)
		return kept("");
	if (!date_read(text, &c))
		return dropped("ce n'est pas une date");
	if (date_days(c.year, c.month, c.day)
	    > date_days(today->year, today->month, today->day)) {
		c = *today;
		snprintf(out, sizeof out, "%04d-%02d-%02d", c.year, c.month, c.day);
		return mended(a, text, out, "cette date est à venir : celle de l'import");
	}
	snprintf(out, sizeof out, "%04d-%02d-%02d", c.year, c.month, c.day);
	return mended(a, text, out, "date écrite année-mois-jour");
}

static bool pad_zero(const char *code, size_t n, char out[DIGITS_MOST])
{
	snprintf(out, DIGITS_MOST, "%s%s", strlen(code) == n - 1 ? "0" : "", code);
	return strlen(out) == n;
}

struct cleaned code_postal_clean(struct arena *a, const char *text)
{
	char code[DIGITS_MOST], out[DIGITS_MOST];

	if (!*text)
		return kept("");
	if (strncmp(text, "F-", 2) == 0)
		text += 2;
	if (!strip_code(text, code) || strspn(code, "0123456789") != strlen(code)
	    || !pad_zero(code, 5, out) || strcmp(out, "00000") == 0)
		return dropped("un code postal a cinq chiffres");
	return mended(a, text, out, "code postal en cinq chiffres");
}

struct cleaned code_insee_clean(struct arena *a, const char *text)
{
	char code[DIGITS_MOST], out[DIGITS_MOST];

	if (!*text)
		return kept("");
	if (!strip_code(text, code) || !pad_zero(code, 5, out) || !is_digit(out[0])
	    || !(is_digit(out[1]) || (out[0] == '2' && (out[1] == 'A' || out[1] == 'B')))
	    || strspn(out + 2, "0123456789") != 3 || strcmp(out, "00000") == 0)
		return dropped("ce n'est pas un code INSEE de commune");
	return mended(a, text, out, "code INSEE en cinq signes");
}

bool degrees_read(const char *text, double *out)
{
	char number[DIGITS_MOST], *comma, *end;

	if (strlen(text) >= sizeof number || !*text
	    || text[strspn(text, "+-0123456789.,eE")])
		return false;
	snprintf(number, sizeof number, "%s", text);
	comma = strchr(number, ',');
	if (comma)
		*comma = '.';
	*out = strtod(number, &end);
	return !*end && isfinite(*out);
}
