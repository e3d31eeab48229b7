/*
 * What a gateway's call changes: a receipt moves its message, an answer is kept for the
 * module that waits for it; STOP is obeyed at once.  Each call counts once.
 */
#pragma once

#include "store/db.h"
#include "store/passerelle.h"

/*
 * A job's part.  E_MISSING: no message of ours has this name; E_DENIED: the token is not
 * its own; E_CONFLICT: this was said already, or too late to change anything.  Nothing is
 * written then.
 */
bool retour_accuse(struct tx *tx, const struct retour_accuse *k, const char *jour,
		   struct err *e);

/*
 * The number is read with `departement` (may be NULL).  E_INPUT when it is none; E_CONFLICT
 * when this answer came before: by the name that the gateway gave it, or, without one, the
 * same text from the same number in the same call (`empreinte`).
 */
bool retour_reponse(struct tx *tx, const struct retour_reponse *k, const char *departement,
		    const char *empreinte, struct err *e);
