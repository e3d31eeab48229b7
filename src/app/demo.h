/*
 * A data folder with fictitious places in the real Seine-Saint-Denis: in a temporary
 * folder that goes when the program ends, or in one that is kept.
 */
#pragma once

#include "base/env.h"
#include "base/err.h"
#include "core/core.h"

enum { DEMO_PATH = 4096 };

struct demo {
	char dir[DEMO_PATH];
	bool temporary;
	struct store *store;
};

/* Where: DIR, or a new folder.  Makes no file in it. */
bool demo_choose(struct demo *d, const char *dir, struct err *e);
/* Opens its store and fills it. */
bool demo_open(struct demo *d, const struct env *env, struct err *e);
/* Removes a temporary folder; nothing of it may be open. */
void demo_erase(void *demo);

/* What the demonstration says of itself where the settings say nothing. */
void demo_site(struct site *s);
