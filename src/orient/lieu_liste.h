/* The objects of a list of JSON, by one of their members: the services of each structure. */
#pragma once

#include <stdbool.h>

#include "format/json.h"

struct lieu_liste;

/* A file without that list, or whose list is empty, gives none to anybody. */
bool lieu_liste_open(const char *path, const char *nom, const char *cle,
		     struct lieu_liste **out, struct err *e);
void lieu_liste_close(struct lieu_liste **l);   /* for CLEANUP */

/* Those of one key, an array that lives with the list; NULL when there are none. */
const json_t *lieu_liste_of(const struct lieu_liste *l, const char *cle);
