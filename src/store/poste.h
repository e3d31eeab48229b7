/*
 * The sending post: takes messages out of the queue and gives them to the gateway and to the
 * mail server.  One per data folder (DIR/envoi.lock), in the sender process or in a command.
 *
 * Several SMS are under way at once, mails beside them (a thread each while it leaves): each
 * turn writes down what came of those that ended and takes as many new ones, in one
 * transaction, then waits a little for the network.  Killed at any moment, what was under
 * way is given again by the next post, nothing else is (docs/messages.md).
 *
 * A message that fails waits 15 s, 30 s, 60 s... (urgent: 3 s, 6 s...), give or take a
 * fifth; a gateway that fails is left alone for 2 s, 4 s... 2 minutes, then tried with one
 * message.  It ends when the gateway says that it is useless, or when its time has passed.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/db.h"
#include "store/envoi_reglages.h"

struct poste;

/*
 * `s` and `r` outlive it.  What another post had under way when it died is put back.
 * E_CONFLICT when another post lives.
 */
bool poste_open(struct store *s, const struct envoi_reglages *r, struct poste **out,
		struct err *e);
void poste_close(struct poste **p);     /* for CLEANUP; what is under way is given up, and
					 * tried again later; NULL inside is allowed */

/*
 * One turn: at most wait_ms in the network.  *next_ms: in how long the next turn is of use
 * (0: now).  The time is that of the store's env.  False when the store cannot be written:
 * nothing is lost, turn again later.
 */
bool poste_turn(struct poste *p, int wait_ms, int64_t *next_ms, struct err *e);

/* Turns until *stop is true; failures are told in the log. */
void poste_run(struct poste *p, const atomic_bool *stop);

/* From any thread: the post looks into the queue now, not at its next half second. */
void poste_wake(struct poste *p);

size_t poste_under_way(const struct poste *p);

/* Only this message from now on (`tremplin envoi essai`); id lives as long as p. */
void poste_only(struct poste *p, const char *id);

/* True when this minute of the day is one when SMS that nobody asked for may leave. */
bool poste_open_hours(const struct envoi_reglages *r, int64_t now_ms);
