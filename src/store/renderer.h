/*
 * PDF of a page, made by another process with another program (weasyprint), which has no
 * network and sees no data.  Where that program is not installed the print page stays.
 */
#pragma once

#include "store/db.h"

struct renderer;
struct rpc;

enum {
	RENDERER_HTML_MOST = 4 << 20, RENDERER_PDF_MOST = 16 << 20, RENDERER_WAIT_MS = 60000,
	RENDERER_PDF = 1,               /* the operation */
};

/* Keeps a pointer to rpc, which the caller owns. */
bool renderer_open(struct rpc *rpc, struct renderer **out, struct err *e);
void renderer_close(struct renderer **r);       /* for CLEANUP; NULL inside is allowed */

/*
 * A tagged PDF (PDF/UA-1) of a whole HTML document, whose style and images stand in it: no
 * address is followed.  r NULL: E_MISSING.  E_INPUT when the program refuses the page,
 * E_LIMIT, E_REMOTE.  Takes a second or more: from the pool only.
 */
bool renderer_pdf(struct renderer *r, struct bytes html, struct arena *a, struct bytes *pdf,
		  struct err *e);
