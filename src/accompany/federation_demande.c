#include "accompany/federation_demande.h"

#include <stdlib.h>
#include <string.h>

#include "format/json.h"
#include "web/form.h"

enum { VERIFIER_HASH = 43 };            /* base64url of a SHA-256 */

const char *const federation_portees[] = {
	"openid", "profile", "email", "phone", "address", "birth", "given_name", "family_name",
	"gender", "birthdate", "birthplace", "birthcountry", "preferred_username",
	"identite_pivot", NULL,
};

/* Taken, and of no effect here. */
static const char *const of_no_effect[] = {
	"display", "ui_locales", "claims_locales", "id_token_hint", "login_hint", NULL,
};

bool federation_address_is(const char *lines, const char *address)
{
	size_t size = address ? strlen(address) : 0;

	if (!size || strpbrk(address, "\r\n"))
		return false;
	while (*lines) {
		size_t n = strcspn(lines, "\n");

		if (n == size && !memcmp(lines, address, n))
			return true;
		lines += n + (lines[n] == '\n');
	}
	return false;
}

/* Calls for each word between single spaces. */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	while (list && *list) {
		size_t k = strcspn(list, " ");

		if (k == n && !memcmp(list, word, n))
			return true;
		list += k + (list[k] == ' ');
	}
	return false;
}

unsigned portee_read(const char *scope)
{
	unsigned bits = 0;

	for (int i = 0; federation_portees[i]; i++)
		bits |= has_word(scope, federation_portees[i]) ? 1u << i : 0;
	return bits;
}

/* --- reading ---------------------------------------------------------------------------- */

static const char **place_of(struct demande *d, const char *name)
{
	const struct { const char *name; const char **at; } all[] = {
		{ "client_id", &d->client_id }, { "redirect_uri", &d->redirect_uri },
		{ "state", &d->state }, { "nonce", &d->nonce }, { "scope", &d->scope },
		{ "code_challenge", &d->defi }, { "code_challenge_method", &d->method },
		{ "response_type", &d->response_type }, { "response_mode", &d->response_mode },
		{ "prompt", &d->prompt }, { "acr_values", &d->acr_values },
		{ "claims", &d->claims }, { "request", &d->request },
		{ "request_uri", &d->request_uri }, { "registration", &d->registration },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (!strcmp(name, all[i].name))
			return all[i].at;
	}
	return NULL;
}

static bool is_of_no_effect(const char *name)
{
	for (int i = 0; of_no_effect[i]; i++) {
		if (!strcmp(name, of_no_effect[i]))
			return true;
	}
	return false;
}

static int64_t age_read(const char *text)
{
	return *text && strlen(text) < 10 && !text[strspn(text, "0123456789")]
	       ? strtoll(text, NULL, 10) : -2;
}

static bool came_before(const struct form *f, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (!strcmp(f->pairs[k].name, f->pairs[i].name))
			return true;
	}
	return false;
}

void demande_read(struct arena *a, const char *text, size_t n, struct demande *out)
{
	struct form f = { 0 };
	struct err e = { 0 };

	*out = (struct demande){ .max_age = -1, .broken = n > DEMANDE_MOST };
	if (n > 4 * DEMANDE_MOST || !form_parse(a, text, n, &f, &e)) {
		out->broken = true;
		return;
	}
	for (size_t i = 0; i < f.n; i++) {
		const struct form_pair *p = &f.pairs[i];
		const char **at = place_of(out, p->name);

		if (came_before(&f, i))
			out->twice = p->name;
		if (p->bad)
			out->broken = true;
		if (at)         /* "without a value" is "omitted" (RFC 6749, 3.1) */
			*at = *p->value && !*at ? p->value : *at;
		else if (!strcmp(p->name, "max_age"))
			out->max_age = age_read(p->value);
		else if (!is_of_no_effect(p->name) && out->nunknown < DEMANDE_NAMES)
			out->unknown[out->nunknown++] = p->name;
	}
}

/* --- what is right ------------------------------------------------------------------ */

static struct demande_refus refus(const char *error, const char *why)
{
	return (struct demande_refus){ error, why };
}

static bool is_plain(const char *text)
{
	size_t n = 0;

	for (; text[n]; n++) {
		if (text[n] < 0x20 || text[n] > 0x7e)
			return false;
	}
	return n <= DEMANDE_VALUE;
}

static unsigned values_read(const json_t *wish)
{
	const json_t *values = json_object_get(wish, "values"), *v;
	const json_t *one = json_object_get(wish, "value");
	unsigned bits = 0;
	size_t i;
	int k;

	if (json_is_string(one) && (k = demarche_named(json_string_value(one))) >= 0)
		bits |= 1u << k;
	json_array_foreach(values, i, v) {
		k = json_is_string(v) ? demarche_named(json_string_value(v)) : -1;
		bits |= k >= 0 ? 1u << k : 0;
	}
	return bits;
}

/* The démarches that the site takes; false when it is not readable, or none is ours. */
static bool claims_read(const char *claims, unsigned *taken)
{
	static const char *const where[] = { "id_token", "userinfo" };
	CLEANUP(json_done) json_t *o = NULL;
	struct err e = { 0 };
	unsigned bits = 0;
	bool asked = false;

	if (!json_read(claims, strlen(claims), &o, &e) || !json_is_object(o))
		return false;
	for (int i = 0; i < 2; i++) {
		const json_t *w = json_object_get(json_object_get(o, where[i]), "rep_scope");

		if (json_object_get(w, "values") || json_object_get(w, "value")) {
			asked = true;
			bits |= values_read(w);
		}
	}
	if (asked)
		*taken = bits;
	return !asked || bits;
}

static struct demande_refus check_prompt(struct demande *d)
{
	d->prompt_none = has_word(d->prompt, "none");
	d->prompt_login = has_word(d->prompt, "login");
	if (d->prompt_none && strcmp(d->prompt, "none") != 0)
		return refus("invalid_request", "prompt none goes with no other");
	if (d->max_age < -1)
		return refus("invalid_request", "max_age is not a number of seconds");
	return refus(NULL, NULL);
}

static struct demande_refus check_pkce(const struct demande *d,
				       const struct federation_client *client)
{
	if (!d->defi && !d->method && !client->pkce)
		return refus(NULL, NULL);
	if (!d->defi)
		return refus("invalid_request", "code_challenge is missing");
	if (!d->method || strcmp(d->method, "S256") != 0)
		return refus("invalid_request", "code_challenge_method must be S256");
	if (strlen(d->defi) != VERIFIER_HASH
	    || d->defi[strspn(d->defi, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")])
		return refus("invalid_request", "code_challenge is not a SHA-256 in base64url");
	return refus(NULL, NULL);
}

static struct demande_refus check_form(const struct demande *d,
				       const struct federation_client *client)
{
	if (d->broken)
		return refus("invalid_request", "not readable, or too long");
	if (d->twice)
		return refus("invalid_request", "a parameter comes twice");
	if (d->request)
		return refus("request_not_supported", "request is not supported");
	if (d->request_uri)
		return refus("request_uri_not_supported", "request_uri is not supported");
	if (d->registration)
		return refus("registration_not_supported", "registration is not supported");
	if (client->strict && d->nunknown)
		return refus("invalid_request", "a parameter is unknown");
	if (!d->response_type)
		return refus("invalid_request", "response_type is missing");
	if (strcmp(d->response_type, "code") != 0)
		return refus("unsupported_response_type", "response_type must be code");
	if (d->response_mode && strcmp(d->response_mode, "query") != 0)
		return refus("invalid_request", "response_mode must be query");
	return refus(NULL, NULL);
}

struct demande_refus demande_check(struct demande *d, const struct federation_client *client)
{
	struct demande_refus r = check_form(d, client);

	d->demarches = (1u << DEMARCHES) - 1;
	if (r.error)
		return r;
	if (!d->state || !is_plain(d->state))
		return refus("invalid_request", "state is missing, or too long");
	if (!d->nonce || !is_plain(d->nonce))
		return refus("invalid_request", "nonce is missing, or too long");
	d->portees = d->scope ? portee_read(d->scope) : 0;
	if (!(d->portees & PORTEE_OPENID))
		return refus("invalid_scope", "scope must have openid");
	if (d->acr_values && !has_word(d->acr_values, "eidas1"))
		return refus("unmet_authentication_requirements", "acr_values: only eidas1");
	if (d->claims && !claims_read(d->claims, &d->demarches))
		return refus("invalid_request", "claims: no rep_scope that is known");
	r = check_pkce(d, client);
	return r.error ? r : check_prompt(d);
}
