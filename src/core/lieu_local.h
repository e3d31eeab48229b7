/*
 * What a territory says of its places beside the 32 fields of the national schema: what
 * people come for and the nine services do not tell apart, and what kind of place it is.
 * Kept out of the strict exports, in the extended ones (docs/lieux-territoire.md).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "web/route.h"

/* Wi-Fi, a free computer, printing...; values of lieu_local.equipements. */
extern const struct choice lieu_equipements[];
enum equipement { EQUIPEMENT_WIFI, EQUIPEMENT_ORDINATEUR, EQUIPEMENT_IMPRESSION,
	EQUIPEMENT_NUMERISATION, EQUIPEMENT_RECHARGE, EQUIPEMENT_INTERPRETE, EQUIPEMENT_LSF,
	EQUIPEMENT_ATTENTE, EQUIPEMENTS };

/* The local fields as imports and exports name them: "local-equipements" in a mapping,
 * "local_equipements" in a file. */
enum lieu_local { LOCAL_EQUIPEMENTS, LOCAL_GENRE, LOCAUX };
extern const char *const lieu_local_noms[LOCAUX], *const lieu_local_colonnes[LOCAUX];
const struct choice *lieu_local_choix(enum lieu_local which);

/* Digital mediation; first social reception (CCAS, social services of the département,
 * PIMMS, missions locales, écrivains publics). */
extern const struct choice lieu_genres[];
enum genre { GENRE_MEDIATION, GENRE_SOCIAL };

/*
 * The kinds of a place, a bit each, at least one: what `genre` says ("mediation|social");
 * else from its type: CCAS, CIAS, missions locales... are social reception, and places of
 * mediation too as soon as they say a service or a programme of it.
 */
uint32_t lieu_genre(const char *genre, const char *typologie, bool mediation);
