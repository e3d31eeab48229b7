/* What a coordinator keeps of the list of places: views of coordination.htm. */
#pragma once

#include "orient/lieu_tenue.h"
#include "web/page.h"

extern const struct route coordination_routes[];

struct coordination_ligne {
	const char *lien, *nom, *commune, *telephone, *telephone_lien, *dit, *depuis;
	const char *id;
};

struct coordination_view {
	const struct page *page;
	int64_t publies, anciens, signalements, doublons, absents;
	const struct coordination_ligne *signales, *vieux;
	size_t nsignales, nvieux;
};

struct source_ligne {                   /* one source of a place */
	const char *titre, *id_source, *cible, *depuis, *absent;
	bool lui_meme;
};

struct champ_ligne {                    /* one field: what is shown and who says it */
	const char *champ, *valeur, *titre, *depuis;
	const char *autres;             /* "x (liste A, 2022), y (liste B, 2021)" ; "" */
};

struct changement_ligne {
	const char *id, *champ, *avant, *apres, *le, *par;
	bool annule, annulable;
};

struct signalement_ligne {
	const char *id, *sorte, *texte, *jour;
	int64_t nombre;
};

struct tenir_view {
	const struct page *page;
	const char *id, *nom, *adresse, *telephone, *telephone_lien, *courriel;
	const char *etat;               /* not public: why; "" */
	const char *absent;             /* "" */
	const char *confirme;           /* "vérifié il y a 3 mois" */
	const char *code, *fait;        /* just given; just done; NULL */
	const char *adresse_corriger;   /* where the code is typed */
	bool publie, mobile;
	const struct source_ligne *sources;
	const struct champ_ligne *champs;
	const struct changement_ligne *changements;
	const struct signalement_ligne *signalements;
	size_t nsources, nchamps, nchangements, nsignalements;
};

struct tenir_entree {
	int faire;
	const char *cible;
};
extern const struct field tenir_fields[];

struct doublon_ligne {                  /* one line of two fiches side by side */
	const char *champ, *a, *b;
	bool pareil;
};

struct doublon_decide {                 /* a word that can be taken back */
	const char *source_a, *id_a, *source_b, *id_b;
	const char *nom_a, *nom_b, *titre_a, *titre_b, *jour, *agent;
	bool meme;
};

struct doublons_view {
	const struct page *page;
	int64_t reste;
	const char *source_a, *id_a, *source_b, *id_b;  /* NULL: nothing waits */
	const char *titre_a, *titre_b, *lien_a, *lien_b;
	const char *const *raisons;             /* sentences, the one that counts most first */
	size_t nraisons;
	const char *score;
	const struct doublon_ligne *lignes;
	size_t n;
	const struct doublon_decide *decides;
	size_t ndecides;
	bool protege;
};

struct doublon_entree {
	const char *source_a, *id_a, *source_b, *id_b;
	int mot;
};
extern const struct field doublon_fields[];
