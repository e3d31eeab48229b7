/*
 * What a workbook is made of: a zip archive (libzip) of XML parts (expat), read piece by
 * piece.  The archive comes from anybody: what it says of its sizes is not believed, what
 * is inflated has a ceiling and a ratio, no part may declare a DTD.
 */
#pragma once

#include <expat.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zip.h>

#include "base/err.h"

enum { PART_PIECE = 64 << 10, PART_NAME = 200 };

struct package {
	zip_t *zip;
	const char *name;       /* of the file, for messages; borrowed */
	uint64_t inflated;      /* bytes of all its parts so far */
};

/* E_MISSING, E_INPUT or E_LIMIT with a sentence that begins with the file's name; what is
 * no .xlsx (.xls, .ods, .xlsb, encrypted) is named with what to do. */
bool package_open(const char *path, struct package *k, struct err *e);
/* The same from memory, which must outlive it. */
bool package_open_bytes(const char *name, const char *p, size_t n, struct package *k,
			struct err *e);
void package_close(struct package *k);
bool package_has(const struct package *k, const char *part);
/* Fills `e` with what is wrong with the file; false. */
bool package_refuse(const struct package *k, const char *what, const char *advice,
		    struct err *e);

/* A part that is being read. */
struct part {
	struct package *k;
	zip_file_t *f;
	XML_Parser xml;
	uint64_t packed, size, done;    /* bytes in the archive, said, and inflated so far */
	bool last;                      /* expat has all of it */
	struct err bad;                 /* what a handler refused; E_OK */
};

/* What an XML part is told by: local names, without their prefix. */
struct part_calls {
	void (*start)(void *arg, const char *name, const char **attributes);
	void (*end)(void *arg, const char *name);
	void (*text)(void *arg, const char *s, int n);
};

enum part_state { PART_BAD, PART_END, PART_PAUSED };

/* `calls` and `arg` must outlive it.  E_INPUT when it is not there or is encrypted. */
bool part_open(struct package *k, const char *name, const struct part_calls *calls, void *arg,
	       struct part *p, struct err *e);
/* Goes on until the end, or until a handler pauses. */
enum part_state part_run(struct part *p, struct err *e);
void part_pause(struct part *p);
/* For a handler: stops the reading, which part_run then refuses with that sentence. */
void part_refuse(struct part *p, const char *what, const char *advice);
void part_close(struct part *p);                /* for CLEANUP; twice is allowed */

/* Value of an attribute by its local name; NULL. */
const char *part_attribute(const char **attributes, const char *name);
