/* One's own account: password, mail, language, sessions; what warns of a change. */
#pragma once

#include "admit/connexion.h"
#include "admit/session.h"

extern const struct route compte_routes[], courriel_routes[];

struct motdepasse_in { const char *mot_de_passe; };
/* Step one has only the address; step two gives it back with what was sent to it. */
struct courriel_in {
	const char *courriel, *code_secret;
	const char *sceau;              /* ties address, code, agent and hour together */
	const char *fin;                /* until when the code is good, ISO */
};
struct langue_in { int langue; };
extern const struct field motdepasse_fields[], courriel_fields[], langue_fields[];

struct compte_view {
	const struct req *r;
	struct page *page;
	const struct agent *g;
	bool mot_de_passe;
	const char *mot_de_passe_le;    /* "22 novembre 2026"; NULL */
	size_t facteurs, sessions;
	int codes;
	const char *fait;               /* what was just done, a sentence; NULL */
	struct langue_in langue;        /* the one of now */
};

struct courriel_view {
	const struct req *r;
	struct page *page;
	struct courriel_in a_prouver;   /* step two; .courriel NULL: step one */
};

struct session_view {
	const char *id, *appareil, *depuis, *vue;
	bool ici, garde;
};

struct sessions_view {
	const struct req *r;
	struct page *page;
	const struct session_view *liste;
	size_t n;
};

/*
 * Warns by mail, in the same transaction, that something of the account changed: `what` is
 * a message (N_).
 */
bool compte_warn(struct tx *tx, struct req *r, const char *agent, const char *what,
		 struct err *e);
