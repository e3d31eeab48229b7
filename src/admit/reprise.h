/*
 * What was typed in a form whose session had ended, kept sealed in the page that logs in,
 * and given back to the same agent alone.  Nothing is kept on the server; passwords and
 * codes are never kept at all.
 */
#pragma once

#include "crypto/box.h"
#include "web/form.h"
#include "web/route.h"

enum {
	REPRISE_MOST = 40 << 10,        /* bytes of names and values */
	REPRISE_TEXT = BASE64_ROOM(REPRISE_MOST + 1024 + BOX_OVERHEAD),
	REPRISE_MS = 12 * 60 * 60 * 1000,
};

struct reprise {
	const char *agent;              /* id of who typed it */
	const char *path;               /* where it was being sent */
	struct form form;
	bool secrets;                   /* it also had a password or a code: to be typed again */
};

/*
 * Seals the body of r, a form of ours, for this agent.  NULL when there is nothing to keep:
 * not a POST, not from a page of this session (its token is looked at), too much.
 */
const char *reprise_seal(struct req *r, const struct box *box, const char *agent);

/* The same of a form that was on its way to `path`. */
const char *reprise_seal_form(struct req *r, const struct box *box, const char *agent,
			      const char *path, const struct form *f);

/* Opens it; false when it is not ours, altered, or too old. */
bool reprise_open(struct req *r, const struct box *box, const char *sealed,
		  struct reprise *out);
