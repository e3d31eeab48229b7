/*
 * The site's own pages: home, help, declarations, the change of language, and the two ways
 * to leave nothing behind on a shared machine.
 */
#pragma once

#include "web/route.h"

extern const struct route site_routes[];

struct site_link {                      /* a line of the site plan */
	const char *path, *label;
};
