/* What the files of the federation's pages share. */
#pragma once

#include "accompany/federation.h"
#include "web/route.h"

/* Of the addresses that the configuration tells. */
#define FEDERATION_AUTORISER "/federation/autoriser"
#define FEDERATION_JETON "/federation/jeton"
#define FEDERATION_IDENTITE "/federation/identite"
#define FEDERATION_CLES "/federation/cles"
#define FEDERATION_SORTIE "/federation/sortie"

enum { IDENTITE_MOTS = 8 };

/* What a person may let go with a connection: typed for it, then forgotten. */
struct identite_in {
	const char *given_name, *family_name, *preferred_username, *birthdate, *birthplace,
		*birthcountry, *email, *phone_number;
	int gender;
};

/* One request of the browser's side. */
struct venue {
	struct req *r;
	const char *texte;              /* the demand as it came, a query */
	struct demande d;
	struct federation_client client;
	const char *origin;             /* of the address of return */
	/* what is wrong and goes back to the site; error NULL: nothing */
	struct demande_refus refus;
};

/*
 * Reads the demand.  False: it may not go back to whoever sent it (the site is unknown, its
 * address of return is not one of its own), and `e` says so to the person in front.
 */
bool venue_read(struct req *r, const char *texte, struct venue *v, struct err *e);

/* Sends the browser back to the site: with a code, or an error. */
bool venue_send_code(struct venue *v, struct res *s, const char *code);
bool venue_send_error(struct venue *v, struct res *s, const char *error, const char *why);

/* E_MISSING unless some site may ask. */
bool federation_open(struct req *r, struct err *e);

/* The line that the log keeps: what was unknown, what was refused; never who. */
void venue_log(const struct venue *v);

bool jeton_post(struct req *r, struct res *s, struct err *e);
bool identite_get(struct req *r, struct res *s, struct err *e);
bool cles_get(struct req *r, struct res *s, struct err *e);
bool configuration_get(struct req *r, struct res *s, struct err *e);
bool sortie_get(struct req *r, struct res *s, struct err *e);

struct personne_vue {                   /* somebody that the agent may act for, now */
	const char *mandat, *nom, *numero, *fin;
	unsigned demarches;
};
struct accord_in {
	const char *demande, *mandat, *etape, *refus;
	int demarche;
	struct identite_in i;
};
extern const struct field accord_fields[];
struct accord_view {
	const struct req *r;
	const struct venue *v;
	const struct personne_vue *p;   /* all, or the one that was picked */
	size_t n;
	unsigned demarches;             /* that the site takes, and that person allows */
	bool identite[9];               /* which fields of identite_in it asks for */
	bool demande_identite;
	const char *naissance;          /* known already; NULL */
};
