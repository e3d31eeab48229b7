/*
 * What the files of the sending post share: poste.c (turns), poste_file.c (the queue side),
 * poste_voie.c (the network side).
 */
#pragma once

#include <pthread.h>

#include "store/curl.h"
#include "store/envoi.sql.h"
#include "store/poste.h"

enum {
	PLACES = ENVOI_ENSEMBLE_MOST + COURRIELS_ENSEMBLE_MOST,
	PLACE_MEMORY = 1 << 20,         /* of one message under way */
	TURN_MEMORY = 4 << 20,
};

enum issue {
	ISSUE_AUCUNE,           /* under way */
	ISSUE_PARTI,
	ISSUE_REFUSE,           /* this message, for ever */
	ISSUE_PLUS_TARD,        /* this message, for now */
	ISSUE_PANNE,            /* the gateway, or our account with it */
};

struct place {                          /* one message under way */
	bool prise;
	bool jugee;                     /* its issue has counted for its way */
	enum issue issue;
	struct envoi_due_row m;
	int canal;
	struct arena a;
	struct http_exchange *http;     /* one of both, or neither */
	struct mail_exchange *mail;
	/* a mail: libcurl waits for the last word of an SMTP server without giving the hand
	 * back, so that it has a thread while it leaves */
	CURLM *multi;
	pthread_t fil;
	bool a_fil;
	CURLcode rc;
	atomic_bool fini, stop;
	const char *motif, *id_distant;
};

struct voie {                           /* one way out: SMS or mail */
	enum envoi_voie sorte;
	int ensemble;                   /* places it may take */
	int pannes;                     /* failures of the gateway in a row */
	int64_t pause;                  /* nothing before that; ms */
	int64_t regarde;                /* look into the queue then; ms */
	int64_t due;                    /* of the first that waits; ms */
	int64_t dernier;                /* for the pace: when the last one was taken; ms */
};

struct poste {
	struct store *s;
	const struct envoi_reglages *r;
	const struct env *env;
	int lock;
	CURLM *multi;
	struct place places[PLACES];
	struct voie voies[2];           /* by enum envoi_canal */
	struct arena turn;
	const char *seul;               /* id of the only message; NULL */
	int64_t menage;                 /* next housekeeping; ms */
	int64_t seen;                   /* version of the store at the last look */
	atomic_bool woken;
	int64_t balai;                  /* erased texts leave the log of the store then; 0 */
	/* of the job that runs */
	int64_t now;
	struct envoi_due_row *taken[PLACES];
	int taken_canal[PLACES];
	size_t ntaken;
	int64_t due[2];                 /* when the first that waits is due, each way */
};

/* --- poste_file.c: inside a job ---------------------------------------------------------- */

/* What came of the messages that ended, then as many new ones into p->taken. */
bool file_turn(struct tx *tx, void *poste, struct err *e);
/* Forgets what is old, ends what expired, puts back what a dead post had. */
bool file_menage(struct tx *tx, void *poste, struct err *e);
bool file_recover(struct tx *tx, void *poste, struct err *e);

size_t places_taken(const struct poste *p, int canal);
int64_t next_opening(const struct envoi_reglages *r, int64_t now_ms);

/* --- poste_voie.c: the network ------------------------------------------------------------ */

/* Gives the message of a place to its way; its issue may be there at once. */
void place_start(struct poste *p, struct place *k);
/* Reads what curl has finished. */
void places_collect(struct poste *p);
void place_free(struct poste *p, struct place *k);

/* Is the gateway well, after the issue of this place? */
void voie_judge(struct poste *p, const struct place *k);
