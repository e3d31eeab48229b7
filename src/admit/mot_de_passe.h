/*
 * Which passwords can be taken: twelve characters or more, none of the most common ones
 * (data/mots_de_passe_frequents.txt) nor what people make of them, nothing of oneself.
 * No rule about capitals, digits or signs, no expiry: both make passwords worse (ANSSI,
 * « Recommandations relatives à l'authentification multifacteur et aux mots de passe »,
 * 2021, R21 to R24; NIST SP 800-63B 5.1.1.2).
 */
#pragma once

#include "admit/hacheur.h"
#include "base/err.h"
#include "store/signer.h"

enum { MOT_DE_PASSE_LEAST = 12, MOT_DE_PASSE_MOST = 128 };

/*
 * NULL when it can be taken, else why not and what to do (a message to translate).
 * `about` ends with NULL: names, identifiant and mail of who chooses it.
 */
const char *mot_de_passe_refus(const char *password, const char *const *about);

/*
 * The hash to store, and whether a password is the one of a hash (NULL: nobody's, after the
 * same work).  The signer's key "poivre" is mixed in: a stolen store alone lets nobody
 * guess.  Both take a tenth of a second and 64 MiB: routes that call them are ROUTE_HEAVY.
 */
bool mot_de_passe_hash(struct hacheurs *h, struct signer *s, const char *password,
		       char out[PASSWORD_TEXT], struct err *e);
bool mot_de_passe_is(struct hacheurs *h, struct signer *s, const char *hash,
		     const char *password, bool *right, struct err *e);
