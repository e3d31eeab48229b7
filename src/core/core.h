/*
 * What a running Tremplin knows, shared by all threads: the store, what is kept in memory,
 * the site's own settings.  Made by app/, read by the modules.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/env.h"
#include "base/err.h"

struct store;
struct repertoire;
struct repertoire_slot;
struct orient_fragments;        /* of orient/: opaque here */
struct lieu_freins;             /* of orient/: opaque here */
struct releves;                 /* of observe/: opaque here */
struct fonds;                   /* of observe/: opaque here */
struct signer;
struct remote;
struct oidc;
struct oidc_reglages;
struct renderer;
struct journal_veille;
struct effaceur;
struct envoi_reglages;

struct site {
	const char *nom;                /* "Tremplin" or the territory's own name */
	const char *territoire;         /* "Seine-Saint-Denis"; "" when not set */
	const char *departement;        /* code of the département it serves; "" when not set */
	/* public address, "https://aide.exemple.fr", no final slash; "" when not set */
	const char *adresse;
	/* of a person who helps, international form; "" when not set */
	const char *telephone;
	const char *telephone_heures;   /* when somebody answers, in words; "" when not set */
	const char *editeur;            /* who publishes: legal notice; "" when not set */
	/* mail or address for rights and accessibility; "" when not set */
	const char *contact;
	const char *hebergeur;          /* who hosts; "" when not set */
	const char *accessibilite;      /* "non", "partielle" or "totale" */
	/* proxies that are believed, and in which fields: web/proxy.h; "" the usual */
	const char *mandataires, *champs_mandataire;
	/* sites that may frame our list: origins with a space between two; "*" all, "aucun" */
	const char *cadres;
	bool demo;                      /* fictitious places: said on every page */
	/* outside providers of identity, admit/oidc_reglages.h: opaque here */
	const struct oidc_reglages *oidc;
};

struct req;
struct res;
struct core;
struct entree;

/*
 * Who asks, and the pages that let in: what admit/ does for the rights of core/agent.h,
 * which may not look up there.  All NULL: nobody can log in.
 */
struct entry {
	/* Looks the agent of the session up and puts it in r->agent; false: nobody is there,
	 * or their cover screen is on. */
	bool (*agent_of)(struct req *r);
	/* Answer with the page to log in, or to prove again who one is, then come back with
	 * what was sent (right.ask). */
	bool (*ask_login)(struct req *r, struct res *s, struct err *e);
	bool (*ask_proof)(struct req *r, struct res *s, struct err *e);
	/* Several times a second, from a thread of its own: what need not be done at once. */
	void (*tend)(struct core *core);
	struct entree *entree;          /* of admit/: opaque here */
};

struct core {
	const struct env *env;
	struct store *store;
	struct signer *signer;          /* store/signer.h: what only the keys can do */
	struct remote *remote;          /* store/remote.h: fetches; NULL without a sender */
	struct renderer *renderer;      /* store/renderer.h: PDF; NULL when it cannot be made */
	struct site site;
	/* store/envoi_reglages.h, without the secrets of gateways; NULL in some tests */
	const struct envoi_reglages *envoi;
	struct repertoire_slot *slot;   /* use repertoire_hold */
	const struct orient_fragments *orient;  /* NULL: pages are made whole each time */
	struct lieu_freins *freins;     /* against floods of reports; NULL: none is held back */
	struct releves *releves;        /* indices in memory; NULL: none are shown */
	struct fonds *fonds;            /* drawings of maps; NULL: made each time */
	struct entry entry;
	/* core/journal_veille.h: opaque here; NULL: not looked after */
	/* core/effacement.h: tables of what modules keep of a person, NULL at the end */
	const struct effaceur *const *effaceurs;
	struct journal_veille *journal;
	struct oidc *oidc;              /* admit/oidc.h: opaque here; NULL: no outside provider */
};

/* How this site is reached from outside, without a final slash: the setting, or what the
 * client itself used.  Lives as long as the request. */
const char *core_address(struct req *r);

/* The repertoire, held for the length of a scope:
 *	CLEANUP(core_let_go) struct holding held = core_hold(core);
 */
struct holding {
	struct repertoire_slot *slot;
	const struct repertoire *r;
};
struct holding core_hold(struct core *c);
void core_let_go(struct holding *h);
