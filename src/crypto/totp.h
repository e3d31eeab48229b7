/*
 * One-time codes of a telephone or of a physical card: TOTP (RFC 6238) with SHA-1, as
 * every application and the cards in use do, computed by liboath.  And base32
 * (RFC 4648), in which seeds are shown and imported.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	TOTP_SEED_LEAST = 10, TOTP_SEED_MOST = 64,      /* bytes; ours have 20 (RFC 4226) */
	TOTP_TOLERANCE_MOST = 30,       /* steps on each side */
	TOTP_DRIFT_MOST = 2000,         /* steps: a card of 60 s that is 33 hours off */
};

/* Room for the base32 of n bytes, NUL included. */
#define BASE32_ROOM(n) (((n) + 4) / 5 * 8 + 1)

struct totp_ask {
	const char *code;               /* as typed: spaces are skipped */
	int64_t now;                    /* milliseconds since 1970 */
	int step;                       /* seconds: 30 or 60 */
	int digits;                     /* 6, 7 or 8 */
	int tolerance;                  /* steps accepted on each side of what is expected */
	int drift;                      /* steps this card is known to run ahead (late: < 0) */
	int64_t last;                   /* step of the last accepted code; 0 when none was */
};

struct totp_answer {
	bool ok;
	/* The code is right but was accepted before, or is older than one that was: the
	 * honest user waits for the next one. */
	bool replayed;
	int64_t step;                   /* of the code, when ok: keep it, as the next `last` */
	int drift;                      /* of the card, learnt, when ok: keep it too */
};

/*
 * Holds a code against the steps around the expected one; the time it takes says nothing
 * of the code nor of the seed.  A code of a step <= ask->last is never accepted.
 * E_INPUT when the ask itself is out of its ranges; a wrong code is no error.
 */
bool totp_check(const void *seed, size_t n, const struct totp_ask *ask,
		struct totp_answer *out, struct err *e);

/* The code of one step, NUL-terminated; out has room for digits + 1. */
bool totp_code(const void *seed, size_t n, int64_t step, int digits, char *out,
	       struct err *e);

/* Upper case, without padding.  out has BASE32_ROOM(n) bytes. */
void base32_write(const void *p, size_t n, char *out);

/* Any case; spaces, hyphens and the padding are skipped.  False when it is no base32 or
 * does not fit. */
bool base32_read(const char *s, void *out, size_t room, size_t *n);
