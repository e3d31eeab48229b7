/*
 * The thread that looks after the journal of a running server: it signs a head each minute
 * when something was added, and verifies all of it at the start and once a day.
 */
#pragma once

#include "core/core.h"
#include "core/journal_tete.h"

struct journal_veille;

bool journal_veille_start(struct core *core, struct journal_veille **out, struct err *e);
void journal_veille_stop(struct journal_veille **v);            /* waits for it; for CLEANUP */

/* Somebody waits for a proof: a head is signed within a second or two. */
void journal_veille_ask(struct core *core);

struct journal_constat {
	bool verifie;                   /* it was verified since this server started */
	bool sain;                      /* and nothing had changed */
	int64_t jusque;                 /* how many acts, of which the last head says the root */
	int64_t le_ms;                  /* when */
};
/* What the last verification found.  From any thread. */
struct journal_constat journal_veille_said(struct core *core);

/* How the tree is called at its first head, after the address of the site; "" when none. */
const char *journal_site_name(const struct site *site, struct arena *a);
