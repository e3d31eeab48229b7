#include "observe/endroit.h"

#include <string.h>

#include "core/ressort.h"
#include "observe/iris.h"

static bool take_commune(struct arena *a, const struct commune *c, struct endroit *out)
{
	*out = (struct endroit){ NIVEAU_COMMUNE, *c->parent ? "arrondissement" : "commune",
		c->code, c->nom, c->code, arena_cat(a, "/territoires/", c->code, NULL), c, NULL };
	return true;
}

static bool take_territoire(struct arena *a, const struct territoire *t, struct endroit *out)
{
	const char *lien = territoire_lien(a, t);
	int niveau = niveau_find(!strcmp(t->niveau, "ept") ? "epci" : t->niveau);

	*out = (struct endroit){ (enum niveau)niveau, t->niveau, t->code, t->nom,
		strrchr(lien, '/') + 1, lien, NULL, t };
	return niveau >= 0;
}

static bool take_iris(struct arena *a, const struct repertoire *r, const char *code,
		      struct endroit *out)
{
	if (!iris_forme(code))
		return false;
	*out = (struct endroit){ NIVEAU_IRIS, "iris", code, "", code,
		arena_cat(a, "/territoires/", code, NULL),
		commune_of_code(r, arena_strn(a, code, IRIS_COMMUNE)), NULL };
	return true;
}

bool endroit_find(struct arena *a, const struct repertoire *r, const char *adresse,
		  struct endroit *out)
{
	const struct commune *c = commune_of_code(r, adresse);
	const struct territoire *t = c ? NULL : territoire_of_code(r, adresse);

	if (c)
		return take_commune(a, c, out);
	if (t)
		return take_territoire(a, t, out);
	if (!strcmp(adresse, "france")) {
		*out = (struct endroit){ NIVEAU_PAYS, "france", "FR", "France", "france", "", NULL,
					 NULL };
		return true;
	}
	return take_iris(a, r, adresse, out);
}

bool endroit_existe(struct db *db, struct arena *a, struct endroit *ou, bool *there,
		    struct err *e)
{
	struct iris one;

	*there = ou->niveau != NIVEAU_IRIS;
	if (*there)
		return true;
	if (!iris_find(db, a, ou->code, &one, there, e))
		return false;
	if (*there)
		ou->nom = one.nom;
	return true;
}
