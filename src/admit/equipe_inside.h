/* What the files of equipe share; nobody else includes it. */
#pragma once

#include "admit/equipe.h"
#include "core/trace.h"

/* Both as they are now, inside the job.  `by` is zeroed for the command line; E_DENIED when
 * who acts was suspended or has left meanwhile. */
bool equipe_who(struct equipe *q, struct agent *by, struct err *e);
bool equipe_both(struct equipe *q, const char *agent, struct agent *by, struct agent *g,
		 struct err *e);

/* NULL for the command line: what equipe_roles_to_give and equipe_manages take. */
static inline const struct agent *equipe_by(const struct agent *by)
{
	return by->id ? by : NULL;
}

/* Fails with a message of the catalogue and its values, in the language of q. */
bool equipe_refuse(struct equipe *q, enum err_kind kind, const char *msgid, const char *value,
		   struct err *e);

const char *agent_name(struct arena *a, const struct agent *g);         /* "Amina Benali" */

/* A line of the log about that account in one structure, or in each of its structures. */
bool equipe_note(struct equipe *q, enum trace_action action, const char *cible,
		 const char *structure, const char *objet, struct err *e);
bool equipe_note_all(struct equipe *q, enum trace_action action, const struct agent *g,
		     const char *objet, struct err *e);

/* Gives each role of the mask, with its line. */
bool equipe_give(struct equipe *q, const char *agent, const char *structure, unsigned roles,
		 struct err *e);

/* Ends what is open: sessions and links. */
bool equipe_shut_out(struct equipe *q, const char *agent, const char *why, struct err *e);

/* The structure, which must be active: no role is given elsewhere. */
bool equipe_active_structure(struct equipe *q, const char *id, struct structure *s,
			     struct err *e);
