#include "core/jwks.h"

#include <string.h>

#include "format/json.h"

/* RFC 7517: meant for signatures, for that algorithm, when it says what it is meant for. */
static bool key_is_meant(const json_t *k, enum jose_alg alg)
{
	const char *use = json_text_of(k, "use"), *said = json_text_of(k, "alg");
	const json_t *ops = json_object_get(k, "key_ops");

	return (!use || !strcmp(use, "sig")) && (!said || !strcmp(said, jose_alg_name(alg)))
	       && (!ops || json_list_has(ops, "verify"));
}

static const char *member(struct arena *a, const json_t *k, const char *name)
{
	const char *text = json_text_of(k, name);

	return text ? arena_str(a, text) : NULL;
}

static bool key_take(struct arena *a, const json_t *k, enum jose_alg alg, struct jose_key *out)
{
	const json_t *kid = json_object_get(k, "kid");

	if (!json_is_object(k) || !key_is_meant(k, alg) || (kid && !json_is_string(kid)))
		return false;
	*out = (struct jose_key){
		.kid = member(a, k, "kid"), .kty = member(a, k, "kty"), .n = member(a, k, "n"),
		.e = member(a, k, "e"), .crv = member(a, k, "crv"), .x = member(a, k, "x"),
		.y = member(a, k, "y"),
	};
	return jose_key_serves(out, alg);
}

bool jwks_read(struct arena *a, const char *text, size_t n, enum jose_alg alg,
	       struct jose_key **out, size_t *nkeys, struct err *e)
{
	CLEANUP(json_done) json_t *o = NULL;
	const json_t *list, *k;
	size_t i;

	*nkeys = 0;
	*out = NEW_ARRAY(a, JOSE_KEYS_MOST, struct jose_key);
	if (!*out)
		return arena_refuse(a, e);
	if (!json_read(text, n, &o, e))
		return false;
	if (!json_is_object(o))
		return fail(e, E_INPUT, "Ce n’est pas un objet JSON.");
	list = json_object_get(o, "keys");
	json_array_foreach(list, i, k) {
		if (*nkeys < JOSE_KEYS_MOST && key_take(a, k, alg, &(*out)[*nkeys]))
			++*nkeys;
	}
	return !a->spent || arena_refuse(a, e);
}
