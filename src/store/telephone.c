#include "store/telephone.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS_MOST = 15, PREFIXES = 12 };

/* One plan: what follows the country code, and which of it are mobiles. */
struct plan {
	const char *code;
	const char *departement;        /* where its short numbers are dialled; NULL */
	int digits;
	const char *mobiles[PREFIXES], *fixes[PREFIXES];        /* after the country code */
};

/*
 * Sources: ARCEP, décision 2018-0881 modifiée (tranches 0Z ABPQ); for 508, 681, 687, 689
 * the plans that ITU publishes (Operational Bulletin, national numbering plans).
 */
static const struct plan plans[] = {
	{ "33", NULL, 9, { "6", "7" }, { "1", "2", "3", "4", "5", "9" } },
	{ "590", NULL, 9, { "690", "691", "7090" }, { "590", "976" } },
	{ "594", NULL, 9, { "694", "70930", "70931", "70932", "70933" }, { "594", "976" } },
	{ "596", NULL, 9, { "696", "697", "7091" }, { "596", "976" } },
	{ "262", NULL, 9, { "692", "693", "639", "7092", "70935", "70936", "70937" },
	  { "262", "263", "269", "976" } },
	{ "508", "975", 6, { "40", "42", "43", "44", "5", "7" }, { "4" } },
	{ "681", "986", 6, { "72", "8", "4" }, { "7" } },
	{ "687", "988", 6, { "5", "7", "9", "80", "81", "82", "83", "84", "85", "86", "87",
	  "89" }, { "2", "3", "4", "88" } },
	{ "689", "987", 8, { "87", "88", "89" }, { "40", "44", "49" } },
};
enum { PLANS = sizeof plans / sizeof *plans, OVERSEAS = 5 };

/* Countries that exist only to charge (ITU E.164: shared cost, premium, trials, satellites). */
static const char *const charging[] = { "808", "878", "870", "881", "882", "883", "888", "979",
	"1900", "1976" };

static bool begins(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

static bool begins_any(const char *s, const char *const *with, size_t n)
{
	for (size_t i = 0; i < n && with[i]; i++) {
		if (begins(s, with[i]))
			return true;
	}
	return false;
}

/* --- digits ----------------------------------------------------------------------------- */

/* Bytes of a sign that means nothing in a number; 0 when s is at something else. */
static size_t filler(const char *s)
{
	static const char *const wide[] = { "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x90",
		"\xe2\x80\x91", "\xe2\x80\x93", "\xe2\x80\x8e" };

	if (strchr(" .-/\t", *s))
		return 1;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
		if (begins(s, wide[i]))
			return strlen(wide[i]);
	}
	return 0;
}

static bool refuse(struct err *e, const char *why)
{
	fail(e, E_INPUT, "%s", why);
	return hint(e, "Écrivez par exemple 06 12 34 56 78, ou +32 470 12 34 56 pour un pays "
		    "étranger.");
}

/* The digits of `text`, and whether it is written with its country. */
static bool digits_of(const char *text, char out[DIGITS_MOST + 3], bool *international,
		      struct err *e)
{
	size_t n = 0;
	bool plus = false;

	for (const char *s = text; *s;) {
		size_t k = filler(s);

		if (k) {
			s += k;
		} else if (*s == '+' && !n && !plus) {
			plus = true;
			s++;
		} else if (begins(s, "(0)") && (plus || (n > 1 && begins(out, "00")))) {
			s += 3;
		} else if (*s == '(' || *s == ')') {
			s++;
		} else if (*s >= '0' && *s <= '9' && n < DIGITS_MOST + 2) {
			out[n++] = *s++;
			out[n] = '\0';
		} else {
			return refuse(e, *s >= '0' && *s <= '9'
				      ? "Ce numéro de téléphone est trop long."
				      : "Ce n’est pas un numéro de téléphone.");
		}
	}
	out[n] = '\0';
	*international = plus || (n > 1 && begins(out, "00"));
	if (!plus && *international)
		memmove(out, out + 2, n - 1);
	return *out || refuse(e, "Ce n’est pas un numéro de téléphone.");
}

/* --- plans ------------------------------------------------------------------------------ */

static bool too_dear(struct err *e)
{
	fail(e, E_INPUT, "Ce numéro est surtaxé ou spécial : aucun message ne peut y être envoyé.");
	return hint(e, "Donnez un numéro de mobile.");
}

/* Not of the mainland: 071 and 072 are nobody's, the others are those of overseas. */
static bool is_unassigned(const char *d)
{
	return begins_any(d, (const char *const[]){ "71", "72", "639", "690", "691", "692",
			  "693", "694", "696", "697", "709" }, 11);
}

/* `rest` follows the country code of p. */
static bool in_plan(const struct plan *p, const char *rest, struct telephone *out,
		    struct err *e)
{
	if ((int)strlen(rest) != p->digits)
		return refuse(e, "Ce numéro de téléphone n’a pas le bon nombre de chiffres.");
	if (p->digits == 9 && *rest == '8')
		return too_dear(e);
	out->kind = begins_any(rest, p->mobiles, PREFIXES) ? TELEPHONE_MOBILE : TELEPHONE_FIXE;
	if (out->kind == TELEPHONE_FIXE && !begins_any(rest, p->fixes, PREFIXES))
		return refuse(e, "Ce numéro de téléphone n’existe pas.");
	if (p == plans && is_unassigned(rest))
		return refuse(e, "Ce numéro de téléphone n’existe pas sous cet indicatif.");
	snprintf(out->e164, sizeof out->e164, "+%s%s", p->code, rest);
	return true;
}

static bool read_international(const char *d, struct telephone *out, struct err *e)
{
	size_t n = strlen(d);

	for (const struct plan *p = plans; p < plans + PLANS; p++) {
		const char *rest = d + strlen(p->code);

		if (!begins(d, p->code))
			continue;
		if (*rest == '0' && (int)strlen(rest) == p->digits + 1)
			rest++;                 /* +33 06 12... */
		return in_plan(p, rest, out, e);
	}
	/* North America and Russia: always eleven */
	if (*d == '0' || n < 8 || n > DIGITS_MOST || ((*d == '1' || *d == '7') && n != 11))
		return refuse(e, "Ce numéro international n’a pas la bonne longueur.");
	if (begins_any(d, charging, sizeof charging / sizeof *charging))
		return too_dear(e);
	out->kind = TELEPHONE_ETRANGER;
	snprintf(out->e164, sizeof out->e164, "+%s", d);
	return true;
}

/* Nine digits of the French plan, without the first zero: mainland or overseas? */
static bool read_french(const char *d, struct telephone *out, struct err *e)
{
	for (const struct plan *p = plans + 1; p < plans + OVERSEAS; p++) {
		if (!begins(d, "976") && (begins_any(d, p->mobiles, PREFIXES) ||
					  begins_any(d, p->fixes, PREFIXES)))
			return in_plan(p, d, out, e);
	}
	if (begins(d, "508"))                   /* 0508 41 23 45 */
		return in_plan(&plans[OVERSEAS], d + 3, out, e);
	return in_plan(plans, d, out, e);
}

static bool read_national(const char *d, const char *departement, struct telephone *out,
			  struct err *e)
{
	size_t n = strlen(d);

	for (const struct plan *p = plans + OVERSEAS; p < plans + PLANS; p++) {
		if (departement && begins(departement, p->departement) &&
		    (int)n == p->digits && *d != '0')
			return in_plan(p, d, out, e);
	}
	if (n == 10 && *d == '0')
		return read_french(d + 1, out, e);
	if (n == 9 && *d != '0')
		return read_french(d, out, e);
	if (n >= 11 && *d != '0' && (begins(d, "33") || begins_any(d, (const char *const[]){
			"590", "594", "596", "262" }, 4)))
		return read_international(d, out, e);
	if (n <= 6) {
		fail(e, E_INPUT, "Ce numéro court ne reçoit pas de message.");
		return hint(e, "Donnez un numéro de mobile, avec ses dix chiffres.");
	}
	return refuse(e, "Ce numéro de téléphone n’a pas le bon nombre de chiffres.");
}

bool telephone_read(const char *text, const char *departement, struct telephone *out,
		    struct err *e)
{
	char d[DIGITS_MOST + 3] = "";
	bool international = false;

	*out = (struct telephone){ .kind = TELEPHONE_FIXE };
	if (!digits_of(text, d, &international, e))
		return false;
	return international ? read_international(d, out, e)
			     : read_national(d, departement, out, e);
}

/* --- showing ---------------------------------------------------------------------------- */

static const struct plan *plan_of(const char *e164)
{
	for (const struct plan *p = plans; *e164 == '+' && p < plans + PLANS; p++) {
		if (begins(e164 + 1, p->code) &&
		    (int)strlen(e164 + 1) == (int)strlen(p->code) + p->digits)
			return p;
	}
	return NULL;
}

const char *telephone_shown(const char *e164, char out[32])
{
	const struct plan *p = plan_of(e164);
	size_t n = 0;
	const char *d;

	if (!p) {
		snprintf(out, 32, "%.31s", e164);
		return out;
	}
	d = e164 + 1 + strlen(p->code);
	n = (size_t)snprintf(out, 32, "+%s ", p->code);
	if (p->digits % 2)
		out[n++] = *d++;
	while (*d) {
		if (out[n - 1] != ' ')
			out[n++] = ' ';
		out[n++] = *d++;
		out[n++] = *d++;
	}
	out[n] = '\0';
	return out;
}

const char *telephone_masked(const char *e164, char out[48])
{
	char shown[32];
	const struct plan *p = plan_of(e164);
	size_t seen = 0, n = 0, digits = 0, clear = p ? strlen(p->code) + 1 : 3;

	for (const char *s = telephone_shown(e164, shown); *s; s++)
		digits += *s >= '0' && *s <= '9';
	for (const char *s = shown; *s; s++) {
		bool digit = *s >= '0' && *s <= '9';

		seen += digit;
		if (digit && seen > clear && seen + 2 <= digits)
			n += (size_t)snprintf(out + n, 48 - n, "%s", "•");
		else
			out[n++] = *s;
	}
	out[n] = '\0';
	return out;
}
