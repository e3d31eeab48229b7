/*
 * The team of a structure: who comes, what they may do, who leaves.  Rules and writing; no
 * page.  Every verb runs inside a job and reads again, there, who acts and on whom: of two
 * referents who suspend each other at once, one has done it, the other is told so.
 *
 * Who may do what:
 *	an admin	everything, everywhere; but not end their own account, nor leave the
 *			territory without an active admin
 *	a referent	in a structure that is active: gives and takes back aidant, mediateur
 *			and accueil; suspends, lets leave, restores any agent there who has no
 *			role on the whole territory (a fellow referent too: a stolen account is
 *			stopped by whoever notices; an admin can undo)
 *	the command line (`par` NULL) as an admin: recovery
 */
#pragma once

#include "admit/lien.h"
#include "core/agent.h"
#include "core/structure.h"
#include "web/i18n.h"

struct equipe {                         /* one verb that is being done */
	struct tx *tx;
	const struct env *env;
	struct arena *a;
	const struct lang *lang;        /* of the sentences with names in them */
	const char *par, *session;      /* who acts: ids; NULL: the command line */
};

/* Roles that `by` (NULL: the command line) may give or take back there. */
unsigned equipe_roles_to_give(const struct agent *by, const char *structure);

/* `by` may act on the account of `g`: suspend it, restore it, invite it again. */
bool equipe_manages(const struct agent *by, const struct agent *g);

/* The structures where `by` may do so, of those of `g`; the first one, or NULL. */
const struct agent_place *equipe_place_managed(const struct agent *by, const struct agent *g);

struct invitation {
	const char *prenom, *nom;       /* not empty, one line */
	const char *courriel;           /* NULL: the invitation is handed over on paper */
	const char *structure;
	unsigned roles;
};

struct invited {
	const char *agent;              /* id */
	const char *identifiant;
	bool known;                     /* had an account: more roles, no new invitation */
};

/*
 * A new agent with a link (s was drawn by the caller), or, when that mail address is one of
 * an agent of another structure, roles here for the same account.
 * E_CONFLICT: already here (also invited twice), another name for that address, a suspended
 * account, a structure that is suspended or closed.  E_DENIED: roles that are not theirs to
 * give.  E_INPUT: no role, an address that is none.
 */
bool equipe_invite(struct equipe *q, const struct invitation *i, const struct lien_secret *s,
		   struct invited *out, struct err *e);

/* Another link for who has not come yet; the one before ends. */
bool equipe_invite_again(struct equipe *q, const char *agent, const struct lien_secret *s,
			 struct err *e);

/*
 * A way back in for who lost everything: another password and other factors, chosen through
 * the link (kind LIEN_SECOURS; what served before ends when it is used).  Sessions close now.
 * E_CONFLICT for one's own account, or one that is not active.
 */
bool equipe_give_access(struct equipe *q, const char *agent, const struct lien_secret *s,
			struct err *e);

bool equipe_suspend(struct equipe *q, const char *agent, struct err *e);
bool equipe_restore(struct equipe *q, const char *agent, struct err *e);
bool equipe_close_sessions(struct equipe *q, const char *agent, struct err *e);

/* The roles in one structure become these; those that `par` may not give stay. */
bool equipe_set_roles(struct equipe *q, const char *agent, const char *structure,
		      unsigned roles, struct err *e);

/* From a structure to another, with the same roles; `par` answers for both. */
bool equipe_move(struct equipe *q, const char *agent, const char *from, const char *to,
		 struct err *e);

/*
 * Leaves that structure.  When it was the last one the account ends: sessions closed,
 * password, factors, addresses and links erased, the card free again (or lost); the name
 * stays, for the log.
 */
bool equipe_leave(struct equipe *q, const char *agent, const char *structure,
		  bool card_is_back, struct err *e);

/* Works there from now on; E_DENIED when it is not one of theirs, or not active. */
bool equipe_switch(struct equipe *q, const char *structure, struct err *e);

/* --- the first one --------------------------------------------------------------------- */

/* Is there an administrator, invited or active? */
bool equipe_has_admin(struct db *db, struct arena *a, bool *has, struct err *e);

struct premier {
	const char *prenom, *nom, *courriel;    /* courriel may be NULL */
	const char *structure;                  /* its name */
	int type;                               /* index in structure_types */
};

/* The structure that runs the territory, and its administrator, invited by s.  E_CONFLICT
 * when there is one already. */
bool equipe_first(struct equipe *q, const struct premier *p, const struct lien_secret *s,
		  struct invited *out, struct err *e);

/* --- structures ------------------------------------------------------------------------- */

/* Writes it, with its line in the log.  An admin may change all; a referent of it, only its
 * address, telephone and mail (the rest is kept). */
bool equipe_save_structure(struct equipe *q, struct structure *s, struct err *e);

/* Active, suspended, closed; for admins.  The sessions of those who have no other structure
 * are closed. */
bool equipe_set_state(struct equipe *q, const char *structure, enum structure_etat etat,
		      struct err *e);
