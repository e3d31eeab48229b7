#include "crypto/totp.h"

#include <ctype.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <string.h>

enum { DIGITS_MOST = 8 };

bool totp_code(const void *seed, size_t n, int64_t step, int digits, char *out,
	       struct err *e)
{
	if (n < TOTP_SEED_LEAST || n > TOTP_SEED_MOST || digits < 6 || digits > DIGITS_MOST
	    || step < 0)
		return fail(e, E_INPUT, "Cette graine de code n’a pas une taille permise.");
	if (oath_hotp_generate(seed, n, (uint64_t)step, (unsigned)digits, false,
			       OATH_HOTP_DYNAMIC_TRUNCATION, out) != OATH_OK)
		return fail(e, E_STORE, "Le code ne peut pas être calculé.");
	return true;
}

/* The digits that were typed, without spaces; false when they are not so many digits. */
static bool read_code(const char *typed, int digits, char out[DIGITS_MOST + 1])
{
	int n = 0;

	for (; *typed; typed++) {
		if (*typed == ' ')
			continue;
		if (!isdigit((unsigned char)*typed) || n == digits)
			return false;
		out[n++] = *typed;
	}
	out[n] = '\0';
	return n == digits;
}

static bool ask_is_sound(const struct totp_ask *ask, struct err *e)
{
	if (ask->code && (ask->step == 30 || ask->step == 60) && ask->digits >= 6
	    && ask->digits <= DIGITS_MOST && ask->tolerance >= 0
	    && ask->tolerance <= TOTP_TOLERANCE_MOST && ask->drift >= -TOTP_DRIFT_MOST
	    && ask->drift <= TOTP_DRIFT_MOST && ask->now >= 0 && ask->last >= 0)
		return true;
	return fail(e, E_INPUT, "Ce contrôle de code est mal demandé.");
}

static int within(int64_t drift)
{
	return drift > TOTP_DRIFT_MOST ? TOTP_DRIFT_MOST :
		drift < -TOTP_DRIFT_MOST ? -TOTP_DRIFT_MOST : (int)drift;
}

/* Keeps, without a branch on what is secret, the step that is right and nearest. */
static int64_t choose(int64_t found, int64_t step, int64_t right)
{
	int64_t mask = -(right & (found < 0));

	return (step & mask) | (found & ~mask);
}

bool totp_check(const void *seed, size_t n, const struct totp_ask *ask,
		struct totp_answer *out, struct err *e)
{
	char typed[DIGITS_MOST + 1] = "", made[DIGITS_MOST + 1] = "";
	int64_t now, found = -1, old = 0;

	*out = (struct totp_answer){ 0 };
	if (!ask_is_sound(ask, e))
		return false;
	now = ask->now / 1000 / ask->step;
	if (!read_code(ask->code, ask->digits, typed))
		return true;
	for (int i = 0; i <= 2 * ask->tolerance; i++) {         /* 0, +1, -1, +2, -2... */
		int64_t step = now + ask->drift + (i % 2 ? (i + 1) / 2 : -i / 2);
		int64_t right;

		if (step < 0)
			continue;
		if (!totp_code(seed, n, step, ask->digits, made, e))
			return false;
		right = !sodium_memcmp(made, typed, (size_t)ask->digits);
		old |= right & (step <= ask->last);
		found = choose(found, step, right & (step > ask->last));
	}
	sodium_memzero(made, sizeof made);
	if (found >= 0)
		*out = (struct totp_answer){ .ok = true, .step = found,
					     .drift = within(found - now) };
	else
		out->replayed = old;
	return true;
}

/* --- base32 ----------------------------------------------------------------------------- */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void base32_write(const void *p, size_t n, char *out)
{
	const unsigned char *c = p;
	unsigned bits = 0, kept = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | c[i];
		for (kept += 8; kept >= 5; kept -= 5)
			*out++ = alphabet[bits >> (kept - 5) & 31];
		bits &= 31;
	}
	if (kept)
		*out++ = alphabet[bits << (5 - kept) & 31];
	*out = '\0';
}

bool base32_read(const char *s, void *out, size_t room, size_t *n)
{
	unsigned char *to = out;
	unsigned bits = 0, kept = 0;
	const char *at;

	for (*n = 0; *s; s++) {
		if (*s == ' ' || *s == '-')
			continue;
		if (*s == '=')
			break;
		at = strchr(alphabet, toupper((unsigned char)*s));
		if (!at || *n == room)
			return false;
		bits = bits << 5 | (unsigned)(at - alphabet);
		kept += 5;
		if (kept >= 8) {
			kept -= 8;
			to[(*n)++] = (unsigned char)(bits >> kept);
		}
		bits &= (1u << kept) - 1;
	}
	return s[strspn(s, "=")] == '\0' && kept < 5 && !bits;
}
