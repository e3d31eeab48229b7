/* What the pages that add a factor share. */
#pragma once

#include "admit/facteur_page.h"
#include "core/trace.h"

struct enrolling {                      /* who adds a factor: logged in, or invited */
	struct req *r;
	const struct env *env;
	struct arena *a;
	bool accueil;
	struct accueil invite;
	const char *agent, *session, *structure;        /* ids; session, structure may be NULL */
	struct agent who;
};

bool enrolling_of(struct req *r, struct enrolling *out, struct err *e);
bool enrolling_trace(struct tx *tx, const struct enrolling *k, enum trace_action action,
		     const char *objet, struct err *e);

/*
 * Runs `add` in one transaction with what surrounds it: the invitation that ends, the mail
 * that warns.  Then the next page: recovery codes after an invitation (and a session is
 * open), else the list of factors.
 */
bool enrol(struct req *r, struct res *s, struct enrolling *k, const char *preuve, store_job *add,
	   void *arg, struct err *e);

/*
 * Is this card free for that agent, and the code its own?  What is wrong is said on
 * carte_fields; else out->ok, and *exact is its serial.  Tries count against g.
 */
bool carte_check(struct req *r, struct res *s, const struct agent *g, const char *serie,
		 const char *code, struct totp_answer *out, const char **exact, struct err *e);

handler application_get, application_post, carte_get, carte_post;
