/* /agent/envois: messages that wait and that left, texts with their cost, a trial. */
#pragma once

#include "core/envoi_texte.h"
#include "store/envoi.sql.h"
#include "store/sms.h"
#include "web/form.h"

extern const struct route envoi_routes[];

struct envois_entree {
	int etat, canal;
	const char *suite;              /* id after which the page begins */
};
extern const struct field envois_fields[];

struct essai_entree {
	const char *a;
};
extern const struct field essai_fields[];

extern const struct choice envoi_etat_choix[], envoi_canal_choix[];

struct envoi_shown {                    /* one message, as people read it */
	const char *id, *jour, *heure, *genre, *destinataire, *motif;
	int etat, canal;
	int64_t essais, segments;
};

struct voie_shown {                     /* a way out, and what it did */
	const char *nom;                /* "SMS", "Courriel" */
	const char *par;                /* "Kannel (smsbox)", "smtp.exemple.fr"; NULL: not set */
	int64_t attente, partis, remis, echecs, segments;
};

struct envois_view {
	const struct envois_entree *in;
	struct voie_shown voies[2];
	const struct envoi_shown *m;
	size_t n;
	const char *suivant;            /* query of the next page; NULL */
	bool admin;
};

struct etat_shown {
	const char *jour, *heure, *motif;
	int etat;
};

struct envoi_view {
	struct envoi_shown m;
	const struct etat_shown *h;
	size_t n;
	bool waits;                     /* something may still happen: reload */
	bool admin, tried;
};

struct texte_shown {
	const char *nom, *slug;
	const char *objet, *courriel, *sms;     /* NULL: not by that way */
	struct sms_cost cost;
	const char *cause;              /* the character that makes it dear; NULL */
};

struct textes_view {
	const struct texte_shown *t;
	size_t n;
	const struct lang *lang;        /* of the texts */
};

struct essai_view {
	bool sms, courriel;             /* what can leave */
};
