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

bool demo_open(struct demo *d, const char *dir, const struct env *env, struct err *e);
void demo_close(struct demo *d);

/* What the demonstration says of itself where the settings say nothing. */
void demo_site(struct site *s);
