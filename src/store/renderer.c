#include "store/renderer.h"

#include <stdlib.h>

#include "store/rpc.h"

struct renderer {
	struct rpc *rpc;
};

bool renderer_open(struct rpc *rpc, struct renderer **out, struct err *e)
{
	*out = calloc(1, sizeof **out);
	if (!*out)
		return fail(e, E_LIMIT, "Il n’y a plus de mémoire.");
	(*out)->rpc = rpc;
	return true;
}

void renderer_close(struct renderer **r)
{
	free(*r);
	*r = NULL;
}

bool renderer_pdf(struct renderer *r, struct bytes html, struct arena *a, struct bytes *pdf,
		  struct err *e)
{
	if (!r) {
		fail(e, E_MISSING, "Ce serveur ne sait pas faire de PDF.");
		return hint(e, "La page peut être imprimée depuis le navigateur.");
	}
	if (html.n > RENDERER_HTML_MOST)
		return fail(e, E_LIMIT, "Ce document est trop long pour un PDF.");
	return rpc_call(r->rpc, RENDERER_PDF, html, RENDERER_WAIT_MS, a, pdf, NULL, e);
}
