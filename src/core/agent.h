/*
 * An agent: anyone who works in a structure and logs in; and who asks, during a request.
 *
 * admit/ opens sessions; every module asks here who is there and what they may do:
 *
 *	const struct agent *a = req_agent(r);            never NULL behind a right of agents
 *	if (agent_may(a, ROLE_REFERENT, structure_id)) ...
 *
 * and puts one of the rights below in its table of routes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"
#include "web/right.h"
#include "web/route.h"

enum role {
	ROLE_AIDANT = 1 << 0,           /* may act for a person, under a mandat */
	ROLE_MEDIATEUR = 1 << 1,        /* receives, trains, fills instruments */
	ROLE_ACCUEIL = 1 << 2,          /* receives, signs nothing */
	ROLE_REFERENT = 1 << 3,         /* answers for the agents of the structure */
	ROLE_COORDINATEUR = 1 << 4,     /* whole territory: places, counts; never names of people */
	ROLE_ADMIN = 1 << 5,            /* whole territory: structures, agents, settings */
};
enum {
	ROLES_RECEIVE = ROLE_AIDANT | ROLE_MEDIATEUR | ROLE_ACCUEIL,
	ROLES_TERRITORY = ROLE_COORDINATEUR | ROLE_ADMIN,
	ROLES_ALL = (1 << 6) - 1,
};

extern const struct choice agent_roles[];       /* in the order of the bits */
extern const char *const agent_role_hints[];    /* what each may do, a sentence (a message) */

/* Slug of a state in the store, and what people read. */
extern const struct choice agent_etats[];

enum agent_etat { AGENT_INVITE, AGENT_ACTIF, AGENT_SUSPENDU, AGENT_PARTI };

struct agent_place {                    /* one structure of an agent */
	const char *structure, *nom;    /* id and name */
	unsigned roles;                 /* those of the whole territory too, when given here */
	bool active;                    /* false: suspended or closed, no role holds there but
					   those of the whole territory */
	unsigned pouvoirs;              /* of the structure; 0 when it is not active */
};

struct agent {
	const char *id, *prenom, *nom;
	const char *courriel;           /* NULL when there is none */
	const char *identifiant;
	const char *langue;             /* "fr" */
	enum agent_etat etat;
	const struct agent_place *places;
	size_t nplaces;
	/* The structure worked in now: that of the session (admit/ sets it), else that of the last
	 * one, else the first active; NULL when there is none. */
	const struct agent_place *ici;
	/* of the session; NULL and 0 for an agent that is only read from the store */
	const char *session;            /* its id, for the security log */
	int64_t prouve_ms;              /* last proof of identity */
};

/* Who asks; NULL when nobody is logged in, the cover screen is on, or the route is not one
 * of agents (public pages do not look). */
const struct agent *req_agent(const struct req *r);

struct page_agent;
/* The bar of who asks, for page_site.bar (web/page.h). */
const struct page_agent *agent_bar(struct req *r);

/* The structure of that id among those of the agent; NULL. */
const struct agent_place *agent_place(const struct agent *a, const char *structure);

/* Roles in that structure, with those that hold on the whole territory.  None when the agent
 * is not active; only those of the territory when the structure is not.  structure may be
 * NULL: those of the territory. */
unsigned agent_roles_in(const struct agent *a, const char *structure);
bool agent_may(const struct agent *a, unsigned any_of, const char *structure);

/* Roles where the agent works now, with those of the whole territory. */
unsigned agent_roles_here(const struct agent *a);

bool agent_get(struct db *db, struct arena *a, const char *id, struct agent *out,
	       struct err *e);                                          /* E_MISSING */
/* Agents with a role in a structure, by name; structure NULL: everybody. */
bool agent_list(struct db *db, struct arena *a, const char *structure, struct agent **out,
		size_t *n, struct err *e);

/*
 * Rights for tables of routes.  Who is not logged in goes to the login page and comes back
 * with what was typed; who is, without the role, is told whom to ask (403).  A route that
 * concerns one structure or one person asks agent_may itself, and its test says so in the
 * matrix (own or other structure).
 */
extern const struct right can_agent;            /* any agent */
extern const struct right can_receive;          /* ROLES_RECEIVE where they work now */
extern const struct right can_aidant;           /* ROLE_AIDANT, where POUVOIR_MANDATS is */
extern const struct right can_referent;         /* ROLE_REFERENT here, or ROLE_ADMIN */
extern const struct right can_coordinate;       /* ROLE_COORDINATEUR or ROLE_ADMIN */
extern const struct right can_admin;            /* ROLE_ADMIN */
/* As can_referent and can_admin, and the last proof of identity is younger than
 * AGENT_PROOF_MS; else the page of re-authentication, and back with what was typed. */
extern const struct right can_referent_proved;
extern const struct right can_admin_proved;
extern const struct right can_agent_proved;

enum { AGENT_PROOF_MS = 10 * 60 * 1000, AGENT_IDLE_MS = 15 * 60 * 1000 };
