/* What the templates of accompany show. */
#pragma once

#include "accompany/acte.h"
#include "accompany/consentement.h"
#include "accompany/histoire.h"
#include "accompany/histoire.sql.h"
#include "accompany/mandat.sql.h"
#include "core/agent.h"
#include "core/journal_page.h"
#include "format/qr.h"
#include "web/form.h"
#include "web/page.h"

struct rien_in { int fait; };
extern const struct field fait_in_fields[];     /* what was just done, said on the next page */

/* --- a person, seen by those who help ----------------------------------------------- */

struct usager_in {
	const char *nom, *naissance, *telephone, *numero, *raison;
	int sur, langue, garde;
};
extern const struct field usager_fields[], retrouver_fields[];
extern const struct choice numero_sur[], langues_parlees[];

struct gens_view {
	const struct req *r;
	const struct gens_of_row *g;
	size_t n;
	const char **numeros;
};

struct mandat_vu {                      /* a mandat in a list */
	struct mandat m;
	const char *ouvertes, *toutes;  /* titles of démarches, joined */
	const char *fin, *signe;
};

struct ligne_vue {
	struct histoire_ligne l;
	const char *quoi, *quand, *demarche;
	bool contestable;
};

struct usager_view {
	const struct req *r;
	struct usager u;
	const char *numero;             /* 123 456 789 */
	const struct mandat_vu *m;
	size_t nm;
	const struct ligne_vue *h;
	size_t nh;
	const char *fait;
	bool aidant;
};

struct carte_view {
	const struct usager_view *v;
	struct qr qr;
	const char *adresse;
	const char *codes[USAGER_CODES];
};

struct secret_in { const char *code_secret, *code_secret_2; };
extern const struct field secret_fields[];
struct avec_in { int demarche; const char *texte; int garder; };
extern const struct field avec_fields[];
extern const struct choice garder_ligne[];

/* --- a mandat ----------------------------------------------------------------------- */

struct mandat_in {
	uint64_t demarches;
	int duree, raison, mode, protection, papier, seul;
	const char *protecteur, *proche, *renouvelle;
};
extern const struct field mandat_fields[];
extern const struct choice vu_seul[];

struct mandat_form_view {
	const struct req *r;
	struct usager u;
	struct limites l;
	const struct agent *agents;
	size_t nagents;
	const struct mandat *avant;     /* that is renewed; NULL */
};

struct mandat_view {
	const struct req *r;
	struct mandat m;
	struct usager u;
	struct mandat_vu vu;
	const char *agents;             /* names, joined */
	const struct acte_ligne *actes;
	size_t nactes;
	const char **quand;             /* of each act */
	const struct chevauche *avant;
	size_t navant;
	const char **perd;              /* titles, of each overlap */
	struct consentement_vu question;
	const char *question_fin;
	const char *fin_prevue;         /* last day, when it is signed now */
	const char *fin_iso;            /* the same as an instant */
	const struct agent *aidants;    /* of the structure, for the call */
	size_t naidants;
	const char *fait;
	bool moi;                       /* the person reads it, in their space */
	const struct lang *langue;      /* of the person, beside French */
	const char *texte;              /* attestation, as hashed */
	struct journal_vue journal;     /* up to where it was verified */
	const char *base;               /* "/agent/mandats/ID" or "/mon-espace/mandats/ID" */
	const char *tete;               /* signed head that covers the signature; NULL: not yet */
	const struct mandat_view *francais, *autre;     /* sides of the attestation */
	bool pdf;                       /* this server makes them */
};

struct signer_in { const char *code_secret; int protecteur_signe, papier_signe, second; };
extern const struct field signer_fields[];
struct voix_in { const char *code_secret, *second; };
extern const struct field voix_fields[];
struct arreter_in { int demarche; };
extern const struct field arreter_fields[];
struct raison_in { const char *raison; };
extern const struct field raison_fields[];

struct agir_in {
	const char *acte, *fait, *reference, *suite, *documents, *raison;
	int demarche, resultat;
};
extern const struct field agir_fields[];
struct agir_view {
	const struct req *r;
	struct mandat m;
	struct usager u;
	const char *acte;               /* id that this page will write */
	bool raison;                    /* not named: says why */
	const char *refus, *conseil;    /* why it cannot be, NULL */
};

struct limites_in { uint64_t demarches; int duree, proche; const char *dpo; };
extern const struct field limites_fields[];
struct limites_view { const struct req *r; const struct limites_in *in; const char *fait; };

struct desaccord_vu { struct desaccord_of_structure_row d; const char *quand, *ligne_quand,
	*numero; };
struct desaccords_view {
	const struct req *r;
	const struct desaccord_vu *d;
	size_t n;
	const char *fait;
};
struct reponse_in { const char *reponse; };
extern const struct field reponse_fields[];

/* --- the person's own space --------------------------------------------------------- */

struct entrer_in { const char *numero, *code_secret; };
extern const struct field entrer_fields[];
struct desaccord_in { const char *ligne, *texte; };
extern const struct field desaccord_fields[];
struct masquer_in { const char *ligne; int masquer; };
extern const struct field masquer_fields[];
struct mon_desaccord { struct desaccord_of_usager_row d; const char *quand; };
struct desaccord_view {
	const struct req *r;
	const struct ligne_vue *l;      /* NULL: in general */
	const struct mon_desaccord *d;
	size_t n;
};
struct imprimer_in { uint64_t choix; };
extern const struct field imprimer_fields[];
struct imprimer_view { const struct usager_view *v; bool mandats, histoire; };

/* Fills in what lists show; NULL structure: all of the person. */
bool usager_view_fill(struct req *r, struct db *db, struct usager_view *v, const char *structure,
		      bool tout, struct err *e);
/* v->m was read; v->moi says whose page it is. */
bool mandat_view_fill(struct req *r, struct db *db, struct mandat_view *v, struct err *e);
/* Of a mandat that was filled in and that this person may read: the attestation, as a page or
 * as a tagged PDF (the page where none can be made), and the proof of its leaf {numero}. */
bool attestation_send(struct req *r, struct res *s, struct db *db, struct mandat_view *v,
		      struct page *page, struct err *e);
/* What a PDF looks like: nothing outside of the document is read. */
void attestation_style(struct html *h);
bool attestation_pdf(struct req *r, struct res *s, struct db **db, struct mandat_view *v,
		     struct err *e);
bool preuve_send(struct req *r, struct res *s, struct db *db, const struct mandat_view *v,
		 struct err *e);
/* Known to this agent where they work; E_DENIED with what to do. */
bool usager_known(struct req *r, struct db *db, const char *id, struct usager *out,
		  struct err *e);
/* That agent was ticked in the form that came back. */
bool agent_ticked(const struct req *r, const char *id);
const char *demarches_titres(struct arena *a, const struct lang *l, unsigned bits);
const char *fait_text(const struct req *r);
bool path_after(struct res *s, struct arena *a, const char *head, const char *id, const char *tail);

extern const struct route usager_routes[], mandat_routes[], espace_routes[];
