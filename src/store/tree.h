/*
 * Folders of files, copied, hashed and checked against a manifest: lines of `sha256sum`,
 * comments begin with #.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct tree {
	size_t files;
	int64_t bytes;
};

/*
 * Nobody writes in FOLDER who asks for the same (its file "verrou") until the descriptor is
 * closed; `alone`: to write, else to copy.  -1 and true when there is no folder.
 */
bool tree_hold(const char *folder, bool alone, int *fd, struct err *e);
void tree_let_go(int *fd);                      /* for CLEANUP; -1 inside is allowed */

/* Makes a folder (0700); false also when it exists. */
bool tree_make(const char *path, struct err *e);

/* Copies a folder into one that exists, synced; links and devices are refused. */
bool tree_copy(const char *from, const char *to, struct err *e);
bool tree_copy_file(const char *from, const char *to, struct err *e);

/* Removes a folder or a file with all it holds; true when it was not there. */
bool tree_remove(const char *path, struct err *e);

/* Writes PATH/MANIFESTE of all files below PATH, headed by a comment. */
bool tree_manifest(const char *path, const char *title, struct tree *out, struct err *e);

/* E_INPUT unless PATH holds exactly what its MANIFESTE says. */
bool tree_verify(const char *path, struct tree *out, struct err *e);
