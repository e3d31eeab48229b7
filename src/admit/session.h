/*
 * Sessions of agents: opened, found at each page, closed; by themselves after 15 minutes
 * without a page, or 12 hours.
 *
 * The browser has a token of 32 random bytes inside its sealed cookie (key AGENT_TOKEN);
 * the store has its SHA-256.  What was found stays in memory until something in the store
 * changes, whoever changed it: a session closed from afar is closed at its next page.
 */
#pragma once

#include "core/agent.h"
#include "core/core.h"

#define AGENT_TOKEN ".agent"

enum {
	AGENT_TOKEN_TEXT = 44,
	AGENT_LONGEST_MS = 12 * 60 * 60 * 1000,
	/* under its cover screen a session shows nothing and wants a proof: it waits longer */
	AGENT_COVERED_MS = 60 * 60 * 1000,
};

enum session_state {
	AGENT_SESSION_NONE,     /* no token, or one that no session has */
	AGENT_SESSION_OPEN,
	AGENT_SESSION_COVERED,  /* the cover screen is on */
	AGENT_SESSION_OVER,     /* closed, or too old; `agent` and `id` still say whose it was */
};

struct agent_session {
	enum session_state state;
	const char *id;
	const char *preuves;            /* "mot_de_passe+application" */
	int64_t vu_ms, prouve_ms, expire_ms;
	struct agent agent;             /* .session, .prouve_ms, .ici are those of the session */
};

struct sessions;

bool sessions_new(struct store *s, const struct env *env, struct sessions **out, struct err *e);
void sessions_free(struct sessions **s);

/* What a token is.  Counts as a page seen when `seen`.  token NULL: none. */
bool agent_session_find(struct sessions *m, struct arena *a, const char *token, bool seen,
			struct agent_session *out, struct err *e);

struct agent_session_ask {
	const char *agent;
	const char *structure;          /* may be NULL */
	const char *preuves;            /* slugs joined by + */
	const char *appareil;           /* appareil_words */
};

struct agent_session_made {
	char id[UUID_TEXT];
	char token[AGENT_TOKEN_TEXT];   /* for the cookie alone */
};

/* Opens one, with its line in the log.  The token was drawn by agent_token_draw. */
bool agent_session_open(struct tx *tx, const struct env *env,
			const struct agent_session_ask *ask, struct agent_session_made *made,
			struct err *e);

/* A new token for a session: whoever had the old one has nothing. */
bool agent_session_renew(struct tx *tx, const struct env *env, const char *id, bool proved,
			 char token[AGENT_TOKEN_TEXT], struct err *e);

bool agent_session_cover(struct tx *tx, const char *id, bool on, struct err *e);

/* par: a word of agent_session.fermee_par */
bool agent_session_close(struct tx *tx, const struct env *env, const char *id,
			 const char *par, struct err *e);
/* All of an agent but one (NULL: all). */
bool agent_session_close_others(struct tx *tx, const struct env *env, const char *agent,
				const char *but, const char *par, struct err *e);

struct agent_session_line {
	const char *id, *appareil, *cree_le, *vu_le;
	bool ecran;
};

/* Those that are open, the last seen first. */
bool agent_session_list(struct sessions *m, struct db *db, struct arena *a, const char *agent,
			struct agent_session_line **out, size_t *n, struct err *e);

/* Writes when sessions were last seen, to the minute; closes those that are over. */
bool sessions_flush(struct sessions *m, struct err *e);
