/* GET and POST /api/v1/reperage : the instrument, and what follows answers. */
#include "detect/reperage_page.h"

#include <string.h>

bool reperage_api_get(struct req *r, struct res *s, struct err *e)
{
	const struct instrument *in = reperage_instrument();

	(void)r, (void)e;
	s->type = "application/json; charset=utf-8";
	s->etag = arena_printf(r->a, "\"%s-%s\"", in->id, in->version);
	buf_add(&s->body, in->text, in->size);
	return true;
}

/* Counted only when it is asked, where it is asked. */
static bool api_count(struct req *r, const json_t *root, const struct diagnostic *d,
		      const struct instrument *in, struct err *e)
{
	const json_t *code = json_object_get(root, "commune");
	struct civil local = zone_local(&zone_paris, env_now(r->env));
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);

	if (!json_is_true(json_object_get(root, "compter")))
		return true;
	if (code && !json_is_string(code))
		return fail(e, E_INPUT, "« commune » est un code INSEE, en texte.");
	if (code && !repertoire_commune(held.r, json_string_value(code)))
		return fail(e, E_INPUT, "Aucune commune n’a le code INSEE « %.20s ».",
			    json_string_value(code));
	return compte_keep(r->core->store, NULL, &(struct compte){
		in->id, in->version, code ? json_string_value(code) : "",
		arena_printf(r->a, "%04d-%02d", local.year, local.month),
		diagnostic_profil(d), "api" }, e);
}

bool reperage_api_post(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(json_done) json_t *root = NULL;
	const struct instrument *in = reperage_instrument();
	struct json_out j = { &s->body, false };
	struct reponse *answers;
	struct diagnostic d;

	if (!json_read(r->raw_body ? r->raw_body : "", r->raw_size, &root, e))
		return false;
	if (!json_object_get(root, "reponses")) {
		fail(e, E_INPUT, "Il manque « reponses », un objet { \"question\": \"option\" }.");
		return hint(e, "GET /api/v1/reperage donne les questions et leurs options.");
	}
	if (!reponses_read(r->a, in, root, &answers, e))
		return false;
	instrument_score(in, answers, &d);
	if (!api_count(r, root, &d, in, e))
		return false;
	s->type = "application/json; charset=utf-8";
	diagnostic_json(&j, NULL, &d, r->lang->tag);
	return true;
}
