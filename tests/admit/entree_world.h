/*
 * The team of equipe_world.h, with the pages that log in, two test pages (one for any
 * agent, one that wants a recent proof), and browsers that keep their cookie.
 */
#pragma once

#include "tests/admit/equipe_world.h"

#include <stdlib.h>

#include "admit/agents.h"
#include "admit/bienvenue.h"
#include "admit/carte.h"
#include "admit/compte.h"
#include "admit/connexion.h"
#include "admit/entree.h"
#include "admit/facteur_page.h"
#include "admit/garde.h"
#include "core/agent.h"
#include "crypto/totp.h"
#include "web/page.h"
#include "web/router.h"
#include "web/session.h"

struct entree_world {
	struct team t;
	struct core core;
	struct entree *entree;
	struct router *router;
	struct box box;
	struct err err;
	struct arena a;
};

struct browser {
	struct entree_world *w;
	char cookie[SESSION_COOKIE + 40];       /* "tremplin=..." */
	const char *head, *body;
	int status;
};

void entree_world_open(struct entree_world *w);
void entree_world_close(struct entree_world *w);

#define WORLD(w) CLEANUP(entree_world_close) struct entree_world w; entree_world_open(&w)

void browser_get(struct browser *b, const char *path);
/* `fields` urlencoded; the token of the last page is added. */
void browser_post(struct browser *b, const char *path, const char *fields);
void browser_post_raw(struct browser *b, const char *path, const char *body, const char *more);
const char *browser_location(struct browser *b);        /* "" when there is none */
const char *browser_token(struct browser *b);
/* Value of a hidden field of the last page; NULL. */
const char *browser_hidden(struct browser *b, const char *name);

/* A session of that agent, as if he had just logged in. */
void browser_enters(struct browser *b, const char *agent);
/* The token that is in its cookie; "" when there is none. */
const char *browser_agent_token(struct browser *b);

/* An application whose seed is twenty bytes of `sign`. */
void given_phone(struct entree_world *w, const char *agent, char sign);
const char *phone_code(struct entree_world *w, char sign);      /* now */
void given_password(struct entree_world *w, const char *agent, const char *password);

void suspend_account(struct entree_world *w, const char *agent);

/* Messages that wait for an address, and the path of the link in the last one. */
int mails_for(struct entree_world *w, const char *address);
const char *link_mailed(struct entree_world *w, const char *address);
const char *code_mailed(struct entree_world *w, const char *address);   /* the six digits of the last one */

#define on_page(b, text) do { if (!strstr((b)->body, text)) \
	fail_msg("%d: « %s » is not in: %s", (b)->status, text, (b)->body); } while (0)
#define not_on_page(b, text) do { if (strstr((b)->body, text)) \
	fail_msg("« %s » is in: %s", text, (b)->body); } while (0)
