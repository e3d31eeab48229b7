/*
 * UTF-8, checked once where bytes come in, and the folding that searches use: no accent,
 * no case, hyphens and apostrophes as spaces, ligatures opened.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when the n bytes are valid UTF-8 (RFC 3629: no overlong form, no surrogate). */
bool utf8_valid(const char *s, size_t n);

/*
 * Reads one character of valid UTF-8 at s and returns how many bytes it takes (1 to 4);
 * the replacement character and 1 for a byte that starts none.  `end` bounds the reading.
 */
size_t utf8_read(const char *s, const char *end, uint32_t *c);

/* Writes c at p (room for 4 bytes); returns how many bytes. */
size_t utf8_write(char *p, uint32_t c);

/* How many characters the valid text has. */
size_t utf8_length(const char *s);

/* Cuts a last character that a bounded copy left incomplete. */
void utf8_trim_end(char *s);

/*
 * Folds s for comparison into out (room bytes, NUL-terminated, cut on a character when it
 * does not fit): lower case, accents of Latin letters dropped, oe and ae opened, anything
 * that is neither a letter nor a digit becomes one space, no space at either end.
 * "L'Haÿ-les-Roses" gives "l hay les roses".  Returns the length.
 */
size_t utf8_fold(const char *s, char *out, size_t room);
