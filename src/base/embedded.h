/*
 * Files that travel inside the binary: migrations, data, assets, catalogues.
 * The tables are made by tools/embed.
 */
#pragma once

#include <stddef.h>

struct embedded_file {
	const char *name;               /* path in the source tree: "migrations/0001_core.sql" */
	const char *p, *end;            /* a NUL follows `end` */
};

/* Sorted by name, ends with a NULL name; `mo` is one file: base/catalogues.h. */
extern const struct embedded_file embedded_migrations[], embedded_files[], embedded_mo[];

/* The file of that name; NULL. */
const struct embedded_file *embedded_find(const struct embedded_file *table,
					  const char *name);
