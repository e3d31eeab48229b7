/* QR codes, by libqrencode, as the path of one SVG element. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

struct qr {
	int size;               /* modules a side, quiet zone of 4 included */
	const char *path;       /* "M4 4h7v1h-7z...": dark modules, for a viewBox of 0 0 size size */
};

/* Error correction M.  E_LIMIT when the text does not fit. */
bool qr_make(struct arena *a, const char *text, struct qr *out, struct err *e);
