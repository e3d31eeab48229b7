/*
 * The catalogues of all languages in one block, as tools/catalogues writes it and web/i18n
 * reads it: the French sentences stand once, not once a language.  Numbers are of the
 * machine that builds; positions count bytes from the start of the block.
 *
 *	struct catalogues, struct catalogue[n], each one's messages, texts
 */
#pragma once

#include <stdint.h>

enum { CATALOGUES_MAGIC = 0x54524d31 };

struct catalogues {
	uint32_t magic, n;
};

struct catalogue {
	uint32_t name;                  /* at: "en.po.mo", the file it was made of */
	uint32_t n, messages;           /* how many; at: in the order of strcmp of their ids */
};

struct catalogue_message {
	uint32_t id;                    /* at: the French sentence (the first of a plural) */
	uint32_t text;                  /* at: its forms, a NUL after each, and one more */
};
