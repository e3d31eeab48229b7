/*
 * What a description of a gateway is once read: shared by passerelle.c (reading),
 * passerelle_envoi.c (sending) and passerelle_retour.c (what comes back).
 */
#pragma once

#include "crypto/sceau.h"
#include "format/json.h"
#include "store/passerelle.h"
#include "store/sms.h"

enum { REGLES_MOST = 8, MOTS_MOST = 16, CALCULS_MOST = 8 };

struct paire {                          /* a name and a template */
	const char *nom;
	json_t *valeur;                 /* text, or JSON to be written as a text */
};

struct paires {
	struct paire *p;
	size_t n;
};

struct calcul {                         /* a digest, a tag or base64 of a text of ours */
	const char *nom;
	bool base64_seul;               /* no digest: base64 of the text */
	enum sceau sceau;
	bool base64;                    /* of the digest; else hexadecimal */
	const char *cle, *de;           /* templates */
};

struct par_alphabet {                   /* a value that depends on the alphabet of the text */
	const char *nom;
	json_t *valeur[2];              /* by enum sms_alphabet */
};

/* All that is set must hold. */
struct regle {
	int de, a;                      /* HTTP status */
	const char *pointeur;           /* a value of the JSON answer must be there... */
	const char *mots[MOTS_MOST + 1];        /* ...and one of these, when there are any */
	const char *commence, *contient;        /* the answer as text; NULL */
};

struct regles {
	struct regle r[REGLES_MOST];
	size_t n;
};

enum preuve { PREUVE_AUCUNE, PREUVE_JETON, PREUVE_SECRET, PREUVE_SIGNATURE };

struct retour {
	bool la;                        /* the file has this part */
	enum preuve preuve;
	const char *champ_secret;       /* where the secret comes: name of a pair... */
	const char *entete;             /* ...or of a header (also that of the signature) */
	enum sceau sceau;
	bool base64;
	/* what is signed: ${adresse} ${corps} ${parametres} ${le} */
	const char *signe;
	const char *le_entete;          /* header of the time that is signed; NULL */
	/* where each part stands: a name, or a JSON pointer */
	const char *id_distant, *statut, *de, *texte, *le, *motif;
	const char *remis[MOTS_MOST + 1], *echec[MOTS_MOST + 1];
	const char *attente[MOTS_MOST + 1];
	struct paires parametres;       /* what the gateway fills in in our address */
};

struct passerelle {
	json_t *racine;                 /* owns what `valeur` and `json` point into */
	const char *nom, *titre, *source;
	struct passerelle_reglage *reglages;
	size_t nreglages;
	const char *methode, *adresse;
	struct paires requete, entetes, formulaire;
	json_t *json;
	struct par_alphabet alphabets[4];
	size_t nalphabets;
	struct calcul calculs[CALCULS_MOST];
	size_t ncalculs;
	struct regles succes, definitif;
	const char *id_pointeur;        /* JSON pointer; NULL */
	int id_ligne;                   /* or line of a text, from 1; 0 */
	struct retour accuse, reponse;
};

/* The value at a JSON pointer (RFC 6901); NULL. */
const json_t *json_at(const json_t *j, const char *pointer);

/* Text of a scalar: strings as they are, numbers and booleans in their JSON form; NULL. */
const char *json_text(struct arena *a, const json_t *j);

/* The next ${name} of a template from *at on: what stands before it, then its name.  false
 * at the end: `before` is what is left. */
struct morceau {
	const char *before;
	size_t nbefore;
	const char *name;
	size_t nname;
};
bool gabarit_next(const char **at, struct morceau *out);
