/* Any instrument on paper: one tick a line, the codes that are typed back. */
#pragma once

#include "detect/instrument.h"
#include "web/page.h"
#include "web/route.h"

struct papier_instrument_view {
	const struct page *page;
	struct arena *a;
	const struct instrument *in;
	const char *retour;
};

handler papier_instrument_show;
