/*
 * Drawings of maps, kept: those of a département's communes are the same whatever is shown
 * over them.  A few dozen, the longest unasked leaves first; drawn again when territories or
 * contours change.
 */
#pragma once

#include "core/choroplethe.h"

struct fonds;
struct fonds *fonds_new(void);
void fonds_free(struct fonds *f);

/* Fills the outlines of one map, in `a`; n of them. */
typedef bool fond_contours(void *arg, struct arena *a, struct bytes *out, struct err *e);

/*
 * The drawing known under `cle` ("93/commune") for this version of the repertoire, made by
 * `contours` when there is none.  Held until fond_drop.
 *	CLEANUP(fond_drop) const struct choroplethe_fond *fond = NULL;
 */
bool fond_hold(struct fonds *f, const char *cle, int64_t version, size_t n, int width,
	       fond_contours *contours, void *arg, const struct choroplethe_fond **out,
	       struct err *e);
void fond_drop(const struct choroplethe_fond **fond);
