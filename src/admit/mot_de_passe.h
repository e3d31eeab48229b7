/*
 * Which passwords can be taken: twelve characters or more, none of the most common ones
 * (data/mots_de_passe_frequents.txt) nor what people make of them, nothing of oneself.
 * No rule about capitals, digits or signs, no expiry: both make passwords worse (ANSSI,
 * « Recommandations relatives à l'authentification multifacteur et aux mots de passe »,
 * 2021, R21 to R24; NIST SP 800-63B 5.1.1.2).
 */
#pragma once

enum { MOT_DE_PASSE_LEAST = 12, MOT_DE_PASSE_MOST = 128 };

/*
 * NULL when it can be taken, else why not and what to do (a message to translate).
 * `about` ends with NULL: names, identifiant and mail of who chooses it.
 */
const char *mot_de_passe_refus(const char *password, const char *const *about);
