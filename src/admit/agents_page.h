/* The pages of structures and agents: handlers, fields, what their templates show. */
#pragma once

#include "admit/equipe_request.h"
#include "core/journal_page.h"
#include "core/trace.h"
#include "format/qr.h"
#include "web/form.h"

/* --- home ------------------------------------------------------------------------------- */

struct accueil_view {
	const struct agent *g;
	unsigned here;                  /* roles where they work now */
	bool alone;                     /* who answers for a structure without other agent */
	const char *attente;            /* the structure is suspended; NULL */
};

/* What was just done, said at the head of the next page. */
struct fait_entree {
	int fait;
};
extern const struct field fait_fields[];
extern const struct choice faits[];

struct switch_entree {
	const char *structure;
};
extern const struct field switch_fields[];

handler accueil_show, switch_show, structure_switch;

/* --- structures ------------------------------------------------------------------------- */

struct structures_entree {
	const char *q;
};
extern const struct field structures_fields[];

struct structure_entree {
	const char *nom;
	int type;
	const char *siret, *rna, *commune, *adresse, *telephone, *courriel;
	uint64_t pouvoirs;
};
extern const struct field structure_fields[];

struct etat_entree {
	int etat;
	int fait;
};
extern const struct field structure_etat_fields[];

struct structures_view {
	const struct structures_entree *in;
	const struct structure *s;
	size_t n;
	const char *const *communes;    /* as people read them, in the order of s */
};

struct structure_view {
	const struct structure *s;
	const char *commune;
	const struct agent *referents;
	size_t nreferents;
	bool admin, referent;           /* who asks is one, there */
	const char *fait;               /* sentence; NULL */
};

handler structures_show, structure_new, structure_create, structure_show, structure_edit,
	structure_update, structure_state, structure_set_state;

/* --- agents ----------------------------------------------------------------------------- */

struct agents_entree {
	const char *structure;
	int fait;
};
extern const struct field agents_fields[];

struct agents_view {
	const struct structure *s;
	const struct agent *g;
	size_t n;
	const bool *managed;            /* in the order of g: who asks may open them */
	const char *const *roles;
	bool no_referent;
	const char *fait;
};

struct agent_place_view {
	const struct agent_place *p;
	const char *roles;
	bool managed;
};

struct agent_factor_view {
	const char *sorte, *nom, *carte, *depuis;
};

struct agent_view {
	const struct agent *g;
	const struct agent_place_view *places;
	const struct agent_factor_view *factors;
	size_t nfactors;
	bool carte;                     /* holds a card */
	const char *invitation;         /* day until which the last one holds; NULL: none */
	const char *fait;
	bool self;
};

struct place_entree {                   /* of an agent, in one structure */
	const char *structure;
	const char *vers;               /* where to move */
	uint64_t roles;
	int carte;                      /* 0 back, 1 not */
};
extern const struct field roles_fields[], deplacer_fields[], depart_fields[];
extern const struct choice carte_retours[];

struct place_view {                     /* a page about an agent in one structure */
	const struct agent *g;
	const struct agent_place *p;
	const struct place_entree *in;
	unsigned may;                   /* roles that may be given */
	bool last;                      /* leaving it ends the account */
	bool carte;
	const struct structure *vers;   /* where they may move */
	size_t nvers;
};

handler agents_show, agent_show, agent_suspend_page, agent_suspend, agent_restore,
	agent_close_sessions, agent_roles_page, agent_roles_set, agent_move_page, agent_move,
	agent_leave_page, agent_leave;

/* --- invitations ------------------------------------------------------------------------ */

struct invitation_entree {
	const char *structure, *prenom, *nom, *courriel;
	uint64_t roles;
};
extern const struct field invitation_fields[];

struct invitation_view {                /* the paper that is handed over */
	const char *prenom, *nom, *identifiant, *structure, *courriel;
	const char *adresse;            /* the link, whole */
	const char *court;              /* where the code is typed: "https://.../agent/bienvenue" */
	const char *code;               /* "K7QM-2XWD-9AB3-77Q2" */
	const char *jusqu;              /* day */
	const char *agent;              /* id */
	struct qr qr;
	bool mail;                      /* it has also left by mail */
};

struct import_entree {
	const char *structure, *texte;
};
extern const struct field import_fields[];

handler invite_page, invite_send, invite_again, access_page, access_give, import_page, import_send;

/* --- the security log ------------------------------------------------------------------ */

struct securite_entree {
	const char *structure, *agent, *mois, *suite;
	int vue;                        /* 0: the structure; 1: my own account; 2: everything */
};
extern const struct field securite_fields[];

struct trace_shown {
	const char *jour, *heure, *action, *qui, *cible, *structure, *objet;
};

struct mois_shown {
	const char *slug, *label;
	bool ici;
};

struct securite_view {
	const struct securite_entree *in;
	const struct structure *s;      /* NULL: own account, or everything */
	const struct trace_shown *t;
	size_t n;
	const struct agent *g;          /* to filter by */
	size_t ng;
	const struct mois_shown *mois;  /* ends with a NULL slug */
	const char *suivant;            /* query of the next page; NULL */
	const char *csv;                /* query of the same as CSV */
	bool moi, admin, referent;
	struct journal_vue journal;     /* what the verification of the journal says */
};

handler securite_show, securite_csv;

/* --- the first one ------------------------------------------------------------------------ */

struct premier_entree {
	const char *prenom, *nom, *courriel, *structure;
	int type;
};
extern const struct field premier_fields[];

handler premier_page, premier_send;
