/* What the files of logins share: the state, and the pages that one shows for another. */
#pragma once

#include <pthread.h>

#include "admit/entree.h"
#include "admit/hacheur.h"
#include "admit/reprise.h"

enum { ENTREE_TASKS = 256 };

struct tache {                          /* to be done a little later */
	enum { TACHE_NONE, TACHE_LIEN, TACHE_REFUS } kind;
	char name[ENTREE_NAME + 1];     /* as it was typed, in small letters */
	char navigateur[65];
	char address[200];              /* of this site, for the link */
	int count;
};

struct entree {
	struct core *core;
	struct password_queue *queue;
	struct hacheurs *hacheurs;
	struct sessions *sessions;
	struct freins *freins;
	struct box box;                 /* seals what travels in the pages that log in */
	int64_t flushed_ms;
	pthread_mutex_t lock;           /* of the tasks */
	struct tache taches[ENTREE_TASKS];
	size_t ntaches;
};

struct entree *entree_of(const struct req *r);

/* entree_tache.c: does what waits. */
void entree_tend(struct core *core);

/* entree_request.c: core->entry */
bool entree_agent_of(struct req *r);
bool entree_ask_login(struct req *r, struct res *s, struct err *e);
bool entree_ask_proof(struct req *r, struct res *s, struct err *e);

/* After a login or a proof: the page that was wanted, or what had been typed. */
bool entree_go_on(struct req *r, struct res *s, const char *agent, const struct suite *suite,
		  struct err *e);

/* "/agent/connexion?retour=%2Fagent..." */
const char *path_with_suite(struct req *r, const char *path, const struct suite *suite);

/* --- pages (connexion_page.c, garde_page.c) --------------------------------------- */

enum connexion_why { POURQUOI_RIEN, POURQUOI_SESSION, POURQUOI_FERMEE };

bool connexion_show(struct req *r, struct res *s, const struct suite *suite,
		    enum connexion_why why, struct err *e);
bool code_show(struct req *r, struct res *s, const struct suite *suite, struct err *e);
bool peu_de_codes_show(struct req *r, struct res *s, int left, struct err *e);
bool preuve_show(struct req *r, struct res *s, const struct suite *suite, struct err *e);
bool garde_show(struct req *r, struct res *s, const struct suite *suite, struct err *e);
