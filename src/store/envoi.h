/*
 * Messages that leave for certain: a durable queue of SMS and mails.
 *
 * Any job puts a message in its own transaction: it leaves if and only if that transaction
 * was kept.  The sending post (store/poste.h) takes them out, in the sender process.
 *
 * At least once: a message is given to the gateway, then written down as left.  Killed
 * between the two, the post gives it again; at most as many repeat as were under way
 * (docs/messages.md).  The text is erased when it has left or ended, since it may hold a
 * code or a link; number and address are forgotten after the delay that is set.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "store/db.h"

enum envoi_canal { ENVOI_SMS, ENVOI_COURRIEL };

enum envoi_etat {
	ENVOI_ATTENTE,          /* waits for its time, its turn, or another try */
	ENVOI_EN_COURS,         /* given to the gateway, which has not answered yet */
	ENVOI_PARTI,            /* the gateway took it */
	ENVOI_REMIS,            /* and says that it arrived */
	ENVOI_NON_REMIS,        /* or that it did not */
	ENVOI_REFUSE,           /* the gateway will not have it: trying again is useless */
	ENVOI_PERIME,           /* its time passed before it could leave */
	ENVOI_ANNULE,           /* taken back, or the number said STOP */
	ENVOI_ETATS
};

extern const char *const envoi_canaux[];        /* "sms", "courriel" */
extern const char *const envoi_etats[];         /* "attente", "en_cours"... */

enum {
	ENVOI_TEXTE_MOST = 1000,        /* characters of an SMS */
	ENVOI_OBJET_MOST = 200,
	ENVOI_COURRIEL_MOST = 20000,    /* characters of a mail's text, and of its HTML */
	ENVOI_DUREE_MS = 48 * 3600 * 1000,      /* a message expires after that, unless it says */
};

struct envoi {
	enum envoi_canal canal;
	const char *genre;              /* slug of its kind (core/envoi_texte.h) */
	const char *destinataire;       /* as telephone_read gives it, or a mail address */
	/* two messages of one key are one: "rappel:<rdv>:veille"; NULL: none.  Never a name. */
	const char *cle;
	const char *structure;          /* id; NULL: the territory */
	const char *langue;             /* "fr"; NULL: French */
	const char *objet;              /* of a mail: one line, nothing personal */
	const char *texte;
	const char *html;               /* of a mail, beside its text; may be NULL */
	bool urgent;                    /* asked just now by who receives it: no quiet hours */
	int64_t pas_avant;              /* ms; 0: now */
	int64_t expire;                 /* ms; 0: ENVOI_DUREE_MS after pas_avant */
};

/*
 * Puts a message in the queue, with the transaction.  `id` is its id, or, when its key was
 * there already, that of the one before (nothing is added then).
 * E_INPUT: a number or an address that is none, a line break where none may stand, a text
 * that is empty or too long.
 */
bool envoi_put(struct tx *tx, const struct envoi *m, char id[UUID_TEXT], struct err *e);

/* A trial writes messages in DIR/messages, a file each: those whose recipient was forgotten or
 * erased since are removed.  What others put there is left alone.  Not inside a job. */
bool envoi_depot_forget(struct store *s, struct err *e);

/* Takes back what waits under this key; what has left has left. */
bool envoi_cancel(struct tx *tx, const char *cle, struct err *e);

/* A mail address: one line, one @, a dot in the domain, at most 254 bytes; ASCII. */
bool courriel_is_good(const char *s);
