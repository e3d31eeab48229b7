/*
 * Static files that travel in the binary, under assets/: compressed once, named by their
 * content, so that a browser keeps them for ever.
 */
#pragma once

#include <stddef.h>

#include "web/http1.h"

struct asset {
	const char *name;               /* "tremplin.css" */
	const char *url;                /* "/assets/tremplin.css?v=5f3a90c1d2e4b687" */
	const char *type;               /* "text/css; charset=utf-8" */
	const char *p;
	size_t n;
	const char *gz;                 /* NULL when it is not smaller compressed */
	size_t gz_n;
};

/* The address of a file, for templates; "/assets/" when there is none of that name. */
const char *asset_url(const char *name);

/* The file of a path, "/assets/tremplin.css", "/favicon.svg" or "/robots.txt"; NULL. */
const struct asset *asset_find(const char *path);

/* True when the query is the one of the current content: it may be kept for ever. */
bool asset_is_current(const struct asset *a, struct slice query);
