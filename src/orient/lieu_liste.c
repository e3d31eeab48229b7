#include "orient/lieu_liste.h"

#include <stdlib.h>


enum { LISTE_MOST = 1 << 20 };

struct lieu_liste {
	json_t *by_key;                 /* object: key to array */
};

static bool add(struct lieu_liste *l, const char *cle, json_t *object)
{
	json_t *list = json_object_get(l->by_key, cle);

	if (!list) {
		list = json_array();
		if (json_object_set_new(l->by_key, cle, list))
			return false;
	}
	return json_array_append(list, object) == 0;
}

static bool read_all(struct lieu_liste *l, struct json_list *from, const char *cle,
		     struct err *e)
{
	json_t *object;
	size_t n = 0;
	long line;

	while (json_list_next(from, &object, &line, e)) {
		const char *value = json_string_value(json_object_get(object, cle));

		if (!value)
			continue;
		if (n++ == LISTE_MOST || !add(l, value, object))
			return fail(e, E_LIMIT, "cette liste est trop longue.");
	}
	return e->kind == E_OK;
}

bool lieu_liste_open(const char *path, const char *nom, const char *cle,
		     struct lieu_liste **out, struct err *e)
{
	CLEANUP(json_list_close) struct json_list *from = NULL;
	const char *const names[] = { nom, NULL };
	struct lieu_liste *l = calloc(1, sizeof *l);

	*out = l;
	if (!l || !(l->by_key = json_object()))
		return fail(e, E_LIMIT, "il manque de la mémoire pour lire le fichier.");
	if (!json_list_open(path, names, &from, e)) {
		bool absent = e->kind == E_INPUT;       /* structures alone: no service */

		if (absent)
			*e = (struct err){ 0 };
		return absent;
	}
	return read_all(l, from, cle, e);
}

void lieu_liste_close(struct lieu_liste **l)
{
	if (!*l)
		return;
	json_decref((*l)->by_key);
	free(*l);
	*l = NULL;
}

const json_t *lieu_liste_of(const struct lieu_liste *l, const char *cle)
{
	return cle ? json_object_get(l->by_key, cle) : NULL;
}
