/*
 * The settings of messages: by which way each kind leaves, when, how many, for how long they
 * are remembered.  Read from the pairs of DIR/config (app/config.h); a secret is never
 * there, but in a file that the setting names ("fichier:cles/smtp", under the data folder,
 * or "fichier:/etc/tremplin/smtp") or in the environment, and is never printed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "store/envoi.h"
#include "store/mail.h"
#include "store/passerelle.h"

struct reglage_brut {                   /* one line of the settings */
	const char *cle, *valeur;
	bool secret_permis;             /* it comes from the environment */
};

enum envoi_voie {
	VOIE_AUCUNE,            /* not set: messages wait, then expire */
	VOIE_SERVEUR,           /* a gateway over HTTP, or an SMTP server */
	VOIE_DOSSIER,           /* a file each in a folder (smstools, or to read them) */
	VOIE_JOURNAL,           /* a line in the log: trials */
};

enum {
	ENVOI_ENSEMBLE_MOST = 16,       /* SMS given at once to the gateway */
	COURRIELS_ENSEMBLE_MOST = 2,
};

struct envoi_reglages {
	/* of the territory; set by the caller before reading */
	const char *dir;                /* the data folder: where relative paths begin */
	const char *departement, *adresse;
	const struct zone *zone;

	enum envoi_voie sms, courriel;
	const char *dossier;            /* of VOIE_DOSSIER */

	struct passerelle *passerelle;  /* NULL without VOIE_SERVEUR */
	const char *const *valeurs;     /* of its settings, in their order */
	const char *expediteur;         /* "" : the gateway chooses */
	const char *sms_autorite;       /* CA file; NULL */
	const char *pays;               /* country codes that SMS may go to, "33 590 ..." */
	int sms_ensemble, sms_par_seconde;      /* 0 a second: no limit */
	const char *retour;             /* address where the gateway calls us; "" */
	const char *retour_secret;      /* "" */

	struct smtp smtp;
	const char *de, *de_nom, *repondre_a;

	int debut, fin;                 /* minutes of the local day when messages may leave */
	bool dimanche;
	int par_jour, par_personne;     /* per channel; 0: no limit */
	int oubli_jours;                /* recipients are forgotten after so many days */
};

/* Which secrets are read: the process that sends needs those of the gateways, the one that
 * serves pages only what proves a call. */
enum { REGLAGES_PARTIR = 1, REGLAGES_RECEVOIR = 2 };

/* True when a name is one of ours: sms_*, smtp*, courriel_*, envoi_*. */
bool envoi_reglage_is(const char *cle);

/*
 * Reads the pairs into `out`, whose first part is set; texts live in `a`, until
 * envoi_reglages_close.  E_INPUT that names the setting: unknown, not a number, a secret
 * written in the file, a gateway that lacks a setting.
 */
bool envoi_reglages_read(struct arena *a, const struct reglage_brut *p, size_t n,
			 unsigned parts, struct envoi_reglages *out, struct err *e);
void envoi_reglages_close(struct envoi_reglages *r);

/* True when messages of that kind can leave. */
bool envoi_peut(const struct envoi_reglages *r, enum envoi_canal canal);
