/* What the pages that log in share. */
#pragma once

#include "admit/connexion.h"
#include "admit/connexion_fields.h"
#include "admit/mot_de_passe.h"
#include "store/db.h"

/* page_for, without what is for visitors. */
struct page admit_page(struct req *r, struct res *s, const char *title);
const char *small_letters(struct arena *a, const char *s);
const char *wait_words(struct req *r, int64_t ms);      /* "2 minutes" */
/* Says on that field how long to wait; 429. */
void refuse_wait(struct req *r, struct res *s, const struct field *fields, const char *name,
		 int64_t ms);
/* Is this the browser that asked for the link?  navigateur NULL: any. */
bool browser_is(struct req *r, const char *navigateur);
bool lien_envoye_show(struct req *r, struct res *s, const struct suite *suite, struct err *e);

struct rehash {
	const char *id, *before;
	char hash[PASSWORD_TEXT];
};
bool rehash_job(struct tx *tx, void *arg, struct err *e);

/*
 * Holds a code against the second factors of an agent, with the brakes and the log.  When
 * it is not right, the field says why.  false only with an error.
 */
bool code_check(struct req *r, struct res *s, const char *agent, const char *structure,
		const char *code, struct code_found *found, struct err *e);

/* What this agent can prove who they are with; false with an error. */
bool code_view_fill(struct req *r, const char *agent, struct code_view *v, struct err *e);
/* The structure whose referents read the log of this account; NULL. */
bool structure_of(struct req *r, const char *agent, const char **out, struct err *e);

handler code_get, code_post, suite_post, secours_get, perdu_post, secours_post;
