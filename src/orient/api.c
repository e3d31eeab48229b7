#include "orient/api.h"

#include <string.h>

#include "core/core.h"
#include "format/json.h"
#include "orient/lieu_export.h"
#include "orient/orientation.h"
#include "orient/recherche.h"
#include "web/query.h"

enum { LIEUX_USUAL = 50, LIEUX_MOST = 500, COMMUNES_USUAL = 10 };

const struct field lieux_api_fields[] = {
	{ AT(lieux_api_in, apres), .kind = F_TEXT, .max = 36, .label = N_("Page suivante : id du dernier lieu reçu") },
	{ AT(lieux_api_in, limite), .kind = F_INT, .max = LIEUX_MOST, .label = N_("Nombre de lieux par page") },
	{ AT(lieux_api_in, departement), .kind = F_TEXT, .max = 3, .label = N_("Code du département") },
	{ AT(lieux_api_in, service), .kind = F_CHOICES, .choices = lieu_services,
	  .label = N_("Besoin") },
	{ AT(lieux_api_in, depuis), .kind = F_TEXT, .max = 20, .label = N_("Modifiés depuis cette date (AAAA-MM-JJ)") },
	{ 0 },
};

const struct field communes_api_fields[] = {
	{ AT(communes_api_in, q), .kind = F_TEXT, .max = 80, .required = true,
	  .label = N_("Nom, code postal ou code INSEE") },
	{ AT(communes_api_in, limite), .kind = F_INT, .max = COMMUNE_MATCHES,
	  .label = N_("Nombre de communes") },
	{ 0 },
};

/* The first place after that id. */
static size_t start_after(const struct repertoire *r, const char *id)
{
	size_t i = id ? repertoire_first_lieu(r, id) : 0;

	return i + (id && i < r->nlieux && !strcmp(r->lieux[i].id, id));
}

static bool wanted(const struct lieux_api_in *in, const struct lieu *l)
{
	if (in->service && !(l->services & in->service))
		return false;
	if (in->depuis && strcmp(l->maj_le, in->depuis) < 0)
		return false;
	return !in->departement
	       || !strncmp(l->code_insee, in->departement, strlen(in->departement));
}

static const char *next_link(struct req *r, const struct lieux_api_in *in, const char *last)
{
	struct lieux_api_in next = *in;

	next.apres = last;
	return arena_printf(r->a, "</api/v1/lieux?%s>; rel=\"next\"",
			    query_write(r->a, lieux_api_fields, &next));
}

bool api_lieux(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct lieux_api_in *in = r->in;
	int64_t left = in->limite ? in->limite : LIEUX_USUAL;
	struct json_out j = { &s->body, false };
	const char *last = NULL;
	struct civil since;
	size_t i;

	if (in->depuis && !iso_read(in->depuis, &since))
		return fail(e, E_INPUT, N_("« depuis » attend une date comme 2026-11-22."));
	json_open_object(&j, NULL);
	json_open_array(&j, "lieux");
	for (i = start_after(held.r, in->apres); i < held.r->nlieux && left; i++) {
		if (!wanted(in, &held.r->lieux[i]))
			continue;
		last = held.r->lieux[i].id;
		lieu_export_json(&j, NULL, &held.r->lieux[i]);
		left--;
	}
	json_close_array(&j);
	json_put_text(&j, "suivant", i < held.r->nlieux && last ? last : NULL);
	json_close_object(&j);
	if (i < held.r->nlieux && last)
		s->link = next_link(r, in, last);
	s->etag = arena_printf(r->a, "\"%s-%s\"", held.r->etag, last ? last + 24 : "0");
	return true;
}

bool api_lieu(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct lieu *l = repertoire_lieu(held.r, r->params[0]);
	struct json_out j = { &s->body, false };

	if (!l)
		return fail(e, E_MISSING, N_("Ce lieu n’est pas, ou n’est plus, dans notre liste."));
	lieu_export_json(&j, NULL, l);
	return true;
}

static void put_commune(struct json_out *j, const struct commune_match *m)
{
	const struct commune *c = m->commune;

	json_open_object(j, NULL);
	json_put_text(j, "code", c->code);
	json_put_text(j, "nom", c->nom);
	json_put_text(j, "ancien_nom", m->ancien);
	json_put_text(j, "departement", c->departement);
	json_put_text(j, "codes_postaux", c->postaux);
	if (c->population >= 0)
		json_put_int(j, "population", c->population);
	json_put_real(j, "latitude", c->lat);
	json_put_real(j, "longitude", c->lon);
	json_put_text(j, "position", c->approchee ? "approchee" : "source");
	json_close_object(j);
}

bool api_communes(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct communes_api_in *in = r->in;
	struct commune_match m[COMMUNE_MATCHES];
	struct json_out j = { &s->body, false };
	size_t n = commune_find(held.r, in->q, m,
				in->limite ? (size_t)in->limite : COMMUNES_USUAL);

	(void)e;
	json_open_object(&j, NULL);
	json_open_array(&j, "communes");
	for (size_t i = 0; i < n; i++)
		put_commune(&j, &m[i]);
	json_close_array(&j);
	json_put_bool(&j, "sure", n && commune_is_sure(m, n, in->q));
	json_close_object(&j);
	return true;
}

bool api_orientation(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct recherche *q = r->in;
	struct lieu_result found[RECHERCHE_LIMITE];
	struct json_out j = { &s->body, false };
	struct lieu_filter f;
	struct ici ici;
	size_t n;

	ici_find(held.r, q, true, &ici);
	if (!ici_found(&ici, e))
		return false;
	f = recherche_filter(q, &ici);
	n = lieu_search(held.r, &f, env_now(r->env), (size_t)q->debut, found,
			q->limite ? (size_t)q->limite : RECHERCHE_PAR_PAGE, NULL);
	orientation_json(&j, found, n);
	return true;
}
