/*
 * A right: who may ask for a route.  One constant object each, declared where the right
 * has its meaning; web has the one of everybody.
 */
#pragma once

#include "web/route.h"

struct right {
	const char *name;                               /* in the permission matrix: "public" */
	/* NULL: everybody.  May look up who asks and keep it in r->agent.  A route whose right
	 * looks something up is ROUTE_SLOW. */
	bool (*allows)(struct req *r);
	/*
	 * Called when it does not allow a page (never an API): answers instead of the refusal,
	 * by a page that says how to be allowed (logging in, proving who one is again).  What
	 * was posted is in r->raw_body.  NULL: E_DENIED.  Returns false to refuse after all.
	 */
	handler *ask;
};
