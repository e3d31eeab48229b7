/*
 * What logging in needs while a server runs: where passwords are checked, the sessions in
 * memory, the brakes, and what is done a little later so that its time tells nothing.
 *
 * How somebody comes in, whatever they have (tables of facteur.h):
 *
 *	first factor	password, link by mail, an outside provider	entree_first
 *	second factor	code of a telephone or a card, recovery code, key	entree_finish
 *	proof		one of them again, for what is grave		entree_proved
 *
 * Between the two, the browser's sealed cookie says who gave the first, for ten minutes.
 */
#pragma once

#include "admit/frein.h"
#include "admit/password_queue.h"
#include "admit/session.h"
#include "core/core.h"

struct entree;

/*
 * Starts what is needed and fills core->entry.  The store and the signer are open; the
 * process is confined already: threads start here.
 */
bool entree_open(struct core *core, struct entree **out, struct err *e);
/* Before the store closes; NULL inside is allowed. */
void entree_close(struct entree **out);

/* For server_options.heavy. */
struct heavy entree_heavy(struct entree *n);

struct hacheurs *entree_hacheurs(const struct req *r);
struct sessions *entree_sessions(const struct req *r);
struct freins *entree_freins(const struct req *r);

/* The session of the browser that asks, whatever its state. */
bool entree_session(struct req *r, struct agent_session *out, struct err *e);

/* --- where to go after ------------------------------------------------------------ */

struct suite {
	const char *retour;             /* a path of ours; NULL: the agent's home */
	const char *reprise;            /* what was typed, sealed (reprise.h); NULL: nothing */
};

/* What the forms of these pages carry: fields "retour" and "reprise" of this request. */
struct suite suite_of(struct req *r);
/* A path of this site, and nothing else. */
bool retour_is_ours(const char *path);

/* --- the two steps ---------------------------------------------------------------- */

enum { ENTREE_FIRST_MS = 10 * 60 * 1000, ENTREE_PREUVES = 80 };

struct attente {                        /* who gave a first factor */
	const char *agent, *preuve;     /* id; "mot_de_passe", "lien", "proconnect" */
};

/* The first factor is right: remembers it, and answers with the page of the second. */
bool entree_first(struct req *r, struct res *s, const char *agent, const char *preuve,
		  const struct suite *suite, struct err *e);
/* The same without an answer: who gave it has shown a second factor there too, and
 * entree_finish follows. */
void entree_first_known(struct req *r, const char *agent, const char *preuve);
/* Who gave it less than ten minutes ago in this browser; false: nobody. */
bool entree_pending(struct req *r, struct attente *out);

struct finish {
	const char *agent;
	const char *preuve;             /* of the second factor: "application", "carte", "cle" */
	/* Run in the transaction that opens the session: what makes the factor serve once.
	 * false refuses the whole.  May be NULL. */
	store_job *also;
	void *arg;
};

/*
 * The second is right: opens the session, with its line in the log and a new cookie, and
 * goes on, with what had been typed when it was by the same agent.  E_DENIED, with what to
 * do, for an account that is suspended, gone, or not opened yet.
 */
bool entree_finish(struct req *r, struct res *s, const struct finish *f,
		   const struct suite *suite, struct err *e);

/* The agent of this session proved again who they are: the same, without a new session;
 * lifts the cover screen. */
bool entree_proved(struct req *r, struct res *s, const struct finish *f,
		   const struct suite *suite, struct err *e);

/* --- a little later --------------------------------------------------------------- */

enum { ENTREE_NAME = 255 };

/* Asks for a link by mail for whom that name is, if anybody.  false: too many wait. */
bool entree_mail_link(struct req *r, const char *name, const char *navigateur);

/* One more wrong password or code for that name, for the security log. */
void entree_note_refused(struct req *r, const char *name);
