/*
 * The ten families of démarches that a mandat may allow: codes and titles of Aidants Connect
 * (betagouv/Aidants_Connect, aidants_connect/settings.py, DEMARCHES), letter for letter.
 */
#pragma once

#include <stdint.h>

#include "web/route.h"

enum { DEMARCHES = 10, DEMARCHE_ARGENT = 6, DEMARCHE_JUSTICE = 7 };

extern const struct choice demarches[];         /* slug, title; a bit each */
extern const char *const demarche_exemples[];   /* N_(): what it holds */

/* What must be said before acting for money and justice; NULL for the others. N_(). */
const char *demarche_alerte(int demarche);

int demarche_named(const char *slug);           /* -1 */
