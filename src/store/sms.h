/*
 * What an SMS costs: its alphabet and its parts, exactly.
 *
 * 3GPP TS 23.038 (GSM 7 bit default alphabet with its extension table; é è à ù are in it,
 * ê î ô û ç are not; without it UCS-2, here UTF-16), TS 23.040 (one part of 160 units or
 * 140 bytes; several of 153 or 67, since 6 bytes of each hold its place).  A sign of two
 * units is never cut between two parts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum sms_alphabet { SMS_GSM7, SMS_UCS2 };

struct sms_cost {
	enum sms_alphabet alphabet;
	size_t units;           /* septets, or 16-bit units */
	size_t segments;        /* parts that are billed; 1 for an empty text */
	size_t left;            /* units that the last part could still take */
	uint32_t cause;         /* first character that is not GSM 7 bit; 0: none */
};

/* Units that c takes in GSM 7 bit: 1, 2 (extension table), 0 when it is not in it. */
int sms_gsm7(uint32_t c);

/* Cost of a valid UTF-8 text. */
struct sms_cost sms_cost(const char *text);

/*
 * The same text in signs that every telephone has, where nothing is lost: curly quotes,
 * long dashes, three dots, unbreakable spaces, « », oe.  Letters keep their accents.
 */
const char *sms_plain(struct arena *a, const char *text);
