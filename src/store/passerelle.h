/*
 * An SMS gateway, described by a file of data (data/passerelles/NAME.json, or one of the
 * territory's own): how a message is given to it over HTTP, what it answers, and how it
 * calls back with receipts and with what people answer.  docs/messages.md has the grammar.
 *
 * A template text holds ${names}: to, to_chiffres, to_00, text, sender, id, retour, le, a
 * setting of the gateway (`reglages`), something worked out (`calculs`), or a value by
 * alphabet (`alphabet`).  A value is escaped by its place: address, form, header, JSON.  A
 * pair whose text is one name that is empty is left out.  An unknown name is an error when
 * the file is read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/httpc.h"

struct passerelle;

struct passerelle_reglage {             /* what the gateway wants to know of the territory */
	const char *nom;                /* the setting is sms_NOM */
	const char *aide, *exemple;     /* may be "" */
	const char *usuel;              /* NULL: it must be set */
	bool secret;
};

/* The files that came with the program, in the order of their names; NULL at the end. */
const char *passerelle_name(size_t i);

/* Reads a description (JSON; `where` is FILE in messages).  Lives in `a`, until
 * passerelle_close.  E_INPUT with FILE:LINE and the member that is wrong. */
bool passerelle_read(struct arena *a, const char *where, const char *p, size_t n,
		     struct passerelle **out, struct err *e);
/* By a name ("kannel") or the path of a file (has a "/" or ends in ".json"). */
bool passerelle_open(struct arena *a, const char *name, struct passerelle **out,
		     struct err *e);
void passerelle_close(struct passerelle **p);   /* for CLEANUP; NULL inside is allowed */

const char *passerelle_title(const struct passerelle *p);
const char *passerelle_source(const struct passerelle *p);      /* where its rules come from */
const struct passerelle_reglage *passerelle_reglages(const struct passerelle *p, size_t *n);

/* --- sending ---------------------------------------------------------------------------- */

struct passerelle_valeurs {
	const char *const *reglages;    /* a value per setting, in their order; none is NULL */
	const char *to;                 /* E.164 */
	const char *text;
	const char *sender;             /* "" when the gateway chooses */
	const char *id, *jeton;         /* of the message */
	const char *retour;             /* our address, "https://aide.exemple.fr"; "": no receipts */
	int64_t now;                    /* ms */
};

/* The question to ask (its texts live in `a`). */
bool passerelle_ask(const struct passerelle *p, const struct passerelle_valeurs *v,
		    struct arena *a, struct http_ask *out, struct err *e);

enum passerelle_dit {
	PASSERELLE_PREND,
	PASSERELLE_REFUSE,      /* this message, for ever: a number that cannot be */
	PASSERELLE_PANNE,       /* anything else: itself, our account, our settings; later */
};

struct passerelle_verdict {
	enum passerelle_dit dit;
	const char *id_distant;         /* name it gave the message; NULL */
	const char *motif;              /* for people: what it answered, in few words, without the
					 * number nor the text */
};

void passerelle_judge(const struct passerelle *p, const struct http_answer *answer,
		      struct arena *a, struct passerelle_verdict *out);

/* --- what comes back -------------------------------------------------------------------- */

struct retour_pair {
	const char *name, *value;
};

struct retour_appel {                   /* one call of the gateway */
	const char *methode;            /* "GET" or "POST" */
	const char *adresse;            /* the whole address it asked for, as it knows it */
	const struct retour_pair *query, *form;
	size_t nquery, nform;
	const char *corps;              /* as it came; "" when there is none */
	size_t taille;
	bool json;                      /* its type is application/json */
	/* a field of its head by name in lower case; NULL when it is not there */
	const char *(*entete)(const struct retour_appel *appel, const char *name);
	void *at;
	const char *secret;             /* setting sms_retour_secret; "" when there is none */
	int64_t now;                    /* ms */
};

enum retour_sort { RETOUR_ATTENTE, RETOUR_REMIS, RETOUR_ECHEC };

struct retour_accuse {
	const char *id, *jeton;         /* ours, in the address that we gave; NULL */
	const char *id_distant;         /* its own name of the message; NULL */
	enum retour_sort sort;
	const char *motif;              /* its own word for what happened */
	bool prouve;                    /* by a secret or a signature; else the token must do */
};

struct retour_reponse {
	const char *de;                 /* as it came */
	const char *texte;
	const char *id_distant;         /* NULL */
};

/*
 * Reads a receipt or an answer, and whether it really comes from the gateway.
 * E_DENIED: not signed, wrongly signed, or its time is more than 5 minutes ahead or 3 days
 * behind; E_INPUT: it lacks what its description says; E_MISSING: this gateway does not
 * call back in this way.  Texts live in `a`.
 */
bool passerelle_accuse(const struct passerelle *p, const struct retour_appel *appel,
		       struct arena *a, struct retour_accuse *out, struct err *e);
bool passerelle_reponse(const struct passerelle *p, const struct retour_appel *appel,
			struct arena *a, struct retour_reponse *out, struct err *e);
