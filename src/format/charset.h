/*
 * A file of text in whatever encoding an office saved it, read piece by piece as UTF-8.
 * UTF-8 and UTF-16 with their mark, UTF-16 without one, UTF-8 and Windows-1252 by what
 * the first bytes beyond ASCII are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum charset { CHARSET_ASCII, CHARSET_UTF8, CHARSET_UTF16LE, CHARSET_UTF16BE, CHARSET_1252 };

enum { CHARSET_PIECE = 64 << 10 };

struct charset_file {
	int fd;                         /* -1: the text is in memory */
	const char *p, *end;            /* of the memory that is left */
	const char *name;               /* what messages show; borrowed */
	enum charset charset;           /* ASCII until a byte says otherwise */
	uint64_t size, done;            /* bytes; size 0 when it is not known (a pipe) */
	bool begun, marked;             /* marked: it had a byte order mark */
	unsigned char held[4];          /* bytes of a character that the last piece cut */
	size_t nheld;
};

/* E_MISSING when the file is absent, E_INPUT when it cannot be read or is empty. */
bool charset_open(const char *path, struct charset_file *f, struct err *e);
/* The same from memory, which must outlive it; `name` is what messages show. */
void charset_open_text(const char *name, const char *p, size_t n, struct charset_file *f);
void charset_close(struct charset_file *f);

/*
 * Puts the next piece of the file, as UTF-8, in place of what `out` held; nothing at the
 * end.  A byte NUL, or one that the encoding has not, is E_INPUT; *lines is then how many
 * line ends stand before it in this piece.
 */
bool charset_read(struct charset_file *f, struct buf *out, long *lines, struct err *e);

const char *charset_name(enum charset c);       /* "UTF-8", "Windows-1252" */
