#include "orient/carto.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "core/core.h"
#include "core/repertoire.h"
#include "orient/carto_ecrit.h"
#include "orient/lieu_export_page.h"

enum { PAR_PAGE = 24, TROUVES = 10, Q_MOST = 256 };

/* --- what addresses share --------------------------------------------------------------------- */

static bool no_territory(struct err *e)
{
	fail(e, E_MISSING, N_("Ce territoire n’est pas connu."));
	return hint(e, N_("La liste est à l’adresse /carto/stats."));
}

static const struct territoire *region_of(struct arena *a, const struct repertoire *r,
					  const char *slug)
{
	for (size_t i = 0; i < r->nterritoires; i++) {
		const struct territoire *t = &r->territoires[i];

		if (!strcmp(t->niveau, "region") && !strcmp(carto_slug(a, t->nom), slug))
			return t;
	}
	return NULL;
}

static size_t count(const struct carto_filter *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->r->nlieux; i++)
		n += carto_wants(&f->r->lieux[i], f);
	return n;
}

static void set_version(struct req *r, struct res *s, const struct repertoire *rep)
{
	const struct carto_in *in = r->in;
	/* what is open changes by itself */
	bool now = in && in->ouvert_le_week_end;

	if (!now)
		s->etag = arena_printf(r->a, "\"%s-%s\"", rep->etag, r->query);
}

/* --- figures ------------------------------------------------------------------------ */

static bool carto_stats(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct carto_filter f = carto_read(r->in, held.r, env_now(r->env));
	struct json_out j = { &s->body, false };

	json_open_object(&j, NULL);
	json_open_array(&j, "regions");
	if (!carto_put_counts(&j, r->a, "region", &f, e))
		return false;
	json_close_array(&j);
	json_open_array(&j, "departements");
	if (!carto_put_counts(&j, r->a, "departement", &f, e))
		return false;
	json_close_array(&j);
	json_close_object(&j);
	return true;
}

static bool put_level(struct req *r, struct res *s, const char *niveau, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct carto_filter f = carto_read(r->in, held.r, env_now(r->env));
	struct json_out j = { &s->body, false };

	json_open_array(&j, NULL);
	if (!carto_put_counts(&j, r->a, niveau, &f, e))
		return false;
	json_close_array(&j);
	return true;
}

static bool carto_regions(struct req *r, struct res *s, struct err *e)
{
	return put_level(r, s, "region", e);
}

static bool carto_departements(struct req *r, struct res *s, struct err *e)
{
	return put_level(r, s, "departement", e);
}

static void put_total(struct res *s, const struct carto_filter *f)
{
	struct json_out j = { &s->body, false };

	json_open_object(&j, NULL);
	json_put_int(&j, "total", (int64_t)count(f));
	json_close_object(&j);
}

static bool carto_total(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct carto_filter f = carto_read(r->in, held.r, env_now(r->env));

	(void)e;
	put_total(s, &f);
	return true;
}

static bool carto_region_total(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct carto_filter f = carto_read(r->in, held.r, env_now(r->env));
	const struct territoire *t = region_of(r->a, held.r, r->params[0]);

	if (!t)
		return no_territory(e);
	f.region = t->code;
	put_total(s, &f);
	return true;
}

/* --- lists -------------------------------------------------------------------------- */

static int by_nom(const void *a, const void *b)
{
	const struct lieu *x = *(const struct lieu *const *)a, *y = *(const struct lieu *const *)b;
	int d = strcmp(x->cle, y->cle);

	return d ? d : strcmp(x->id, y->id);
}

static bool put_list(struct req *r, struct res *s, const struct carto_filter *f, struct err *e)
{
	const struct carto_in *in = r->in;
	const struct lieu **all = NEW_ARRAY(r->a, f->r->nlieux + 1, const struct lieu *);
	size_t n = 0, limit = in->limit > 0 ? (size_t)in->limit : PAR_PAGE;
	size_t from = in->page > 1 ? ((size_t)in->page - 1) * limit : 0;
	struct point here = { in->latitude != 0 || in->longitude != 0, in->latitude,
			      in->longitude };
	struct json_out j = { &s->body, false };

	if (!all)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < f->r->nlieux; i++) {
		if (carto_wants(&f->r->lieux[i], f))
			all[n++] = &f->r->lieux[i];
	}
	qsort(all, n, sizeof *all, by_nom);
	json_open_object(&j, NULL);
	json_open_array(&j, "lieux");
	for (size_t i = from; i < n && i < from + limit; i++)
		carto_put_item(&j, r->a, f->r, all[i], env_now(r->env), &here);
	json_close_array(&j);
	json_put_int(&j, "total", (int64_t)n);
	json_close_object(&j);
	return true;
}

static bool carto_lieux(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct carto_filter f = carto_read(r->in, held.r, env_now(r->env));

	return put_list(r, s, &f, e);
}

static bool carto_lieux_departement(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct carto_filter f = carto_read(r->in, held.r, env_now(r->env));

	if (!repertoire_territoire(held.r, "departement", r->params[0]))
		return no_territory(e);
	f.departement = r->params[0];
	return put_list(r, s, &f, e);
}

static bool carto_lieux_region(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct carto_filter f = carto_read(r->in, held.r, env_now(r->env));
	const struct territoire *t = region_of(r->a, held.r, r->params[0]);

	if (!t)
		return no_territory(e);
	f.region = t->code;
	return put_list(r, s, &f, e);
}

/* The tenth of a degree that holds the point, as the widget cuts the map. */
static bool carto_chunk(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct carto_in *in = r->in;
	struct carto_filter f = carto_read(in, held.r, env_now(r->env));
	double south = floor(in->latitude * 10) / 10, west = floor(in->longitude * 10) / 10;
	struct json_out j = { &s->body, false };

	(void)e;
	json_open_array(&j, NULL);
	for (size_t i = 0; i < held.r->nlieux; i++) {
		const struct lieu *l = &held.r->lieux[i];

		if (!l->position_commune && l->lat > south && l->lat <= south + 0.1
		    && l->lon > west && l->lon <= west + 0.1 && carto_wants(l, &f))
			carto_put_point(&j, l);
	}
	json_close_array(&j);
	set_version(r, s, held.r);
	return true;
}

/* --- one place, and names ----------------------------------------------------------- */

static bool carto_lieu(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct lieu *l = repertoire_lieu(held.r, r->params[0]);
	struct json_out j = { &s->body, false };

	if (!l || lieu_is_social(l))
		return fail(e, E_MISSING, N_("Ce lieu n’est pas, ou n’est plus, dans notre liste."));
	carto_put_details(&j, r->a, held.r, l);
	return true;
}

static bool carto_search(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct carto_in *in = r->in;
	struct json_out j = { &s->body, false };
	char cle[Q_MOST];
	int n = 0;

	(void)e;
	utf8_fold(in->q, cle, sizeof cle);
	json_open_array(&j, NULL);
	for (size_t i = 0; *cle && i < held.r->nlieux && n < TROUVES; i++) {
		if (!lieu_is_social(&held.r->lieux[i]) && strstr(held.r->lieux[i].cle, cle)) {
			carto_put_found(&j, r->a, &held.r->lieux[i]);
			n++;
		}
	}
	json_close_array(&j);
	return true;
}

static bool carto_mediateurs(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct carto_in *in = r->in;
	uint32_t who = 1u << choice_find(lieu_dispositifs, "conseillers-numeriques")
		       | 1u << choice_find(lieu_dispositifs, "aidants-connect");
	struct json_out j = { &s->body, false };
	char cle[Q_MOST];
	int n = 0;

	(void)e;
	utf8_fold(in->q, cle, sizeof cle);
	json_open_array(&j, NULL);
	for (size_t i = 0; *cle && i < held.r->nlieux && n < TROUVES; i++) {
		const struct lieu *l = &held.r->lieux[i];

		if (l->dispositifs & who && !lieu_is_social(l) && strstr(l->cle, cle)) {
			carto_put_mediateur(&j, r->a, l);
			n++;
		}
	}
	json_close_array(&j);
	return true;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool carto_sources(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const char **all = NEW_ARRAY(r->a, held.r->nlieux + 1, const char *);
	struct json_out j = { &s->body, false };

	if (!all)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < held.r->nlieux; i++) {
		const struct lieu *l = &held.r->lieux[i];

		all[i] = *l->source ? l->source : l->source_titre;
	}
	qsort(all, held.r->nlieux, sizeof *all, by_text);
	json_open_object(&j, NULL);
	json_open_array(&j, "sources");
	for (size_t i = 0; i < held.r->nlieux; i++) {
		if (*all[i] && (!i || strcmp(all[i], all[i - 1])))
			json_put_text(&j, NULL, all[i]);
	}
	json_close_array(&j);
	json_close_object(&j);
	return true;
}

static bool carto_exporter(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	struct carto_filter f = carto_read(r->in, held.r, env_now(r->env));
	struct lieu_export_ask ask = { .format = EXPORT_CSV, .r = held.r, .wanted = carto_wants,
				       .wanted_arg = &f };
	char now[ISO_TEXT];

	iso_write(env_now(r->env), now);
	s->filename = arena_printf(r->a, "lieux-inclusion-numerique-%.10s.csv", now);
	return lieu_export_answer(r, s, &ask, e);
}

#define JSON (ROUTE_JSON | ROUTE_OPEN)
#define IN(fields) fields, sizeof(struct carto_in)

const struct route carto_routes[] = {
	{ GET, "/carto/stats", carto_stats, CAN_PUBLIC, IN(carto_filters),
	  N_("Carte nationale : nombre de lieux par région et par département"), JSON,
	  "CartoStats" },
	{ GET, "/carto/stats/regions", carto_regions, CAN_PUBLIC, IN(carto_filters),
	  N_("Carte nationale : nombre de lieux par région"), JSON | ROUTE_LIST, "CartoRegion" },
	{ GET, "/carto/stats/departements", carto_departements, CAN_PUBLIC, IN(carto_filters),
	  N_("Carte nationale : nombre de lieux par département"), JSON | ROUTE_LIST,
	  "CartoDepartement" },
	{ GET, "/carto/stats/total", carto_total, CAN_PUBLIC, IN(carto_filters),
	  N_("Carte nationale : nombre de lieux"), JSON, "CartoTotal" },
	{ GET, "/carto/stats/regions/{slug}", carto_region_total, CAN_PUBLIC, IN(carto_filters),
	  N_("Carte nationale : nombre de lieux d’une région"), JSON, "CartoTotal" },
	{ GET, "/carto/lieux", carto_lieux, CAN_PUBLIC, IN(carto_lists),
	  N_("Carte nationale : les lieux, page par page"), JSON, "CartoLieux" },
	{ GET, "/carto/lieux/chunk", carto_chunk, CAN_PUBLIC, IN(carto_chunks),
	  N_("Carte nationale : les lieux d’un carré de la carte"), JSON | ROUTE_LIST,
	  "CartoPoint" },
	{ GET, "/carto/lieux/search", carto_search, CAN_PUBLIC, IN(carto_searches),
	  N_("Carte nationale : dix lieux dont le nom contient un texte"), JSON | ROUTE_LIST,
	  "CartoTrouve" },
	{ GET, "/carto/lieux/exporter", carto_exporter, CAN_PUBLIC, IN(carto_filters),
	  N_("Carte nationale : les lieux en CSV, schéma national"), ROUTE_SLOW | ROUTE_OPEN, NULL },
	{ GET, "/carto/lieux/{id}", carto_lieu, CAN_PUBLIC, NULL, 0,
	  N_("Carte nationale : un lieu"), JSON, "CartoLieu" },
	{ GET, "/carto/lieux/departement/{code}", carto_lieux_departement, CAN_PUBLIC,
	  IN(carto_lists), N_("Carte nationale : les lieux d’un département"), JSON,
	  "CartoLieux" },
	{ GET, "/carto/lieux/region/{slug}", carto_lieux_region, CAN_PUBLIC, IN(carto_lists),
	  N_("Carte nationale : les lieux d’une région"), JSON, "CartoLieux" },
	{ GET, "/carto/mediateurs/search", carto_mediateurs, CAN_PUBLIC, IN(carto_searches),
	  N_("Carte nationale : des professionnels, par fonction et structure, sans nom"),
	  JSON | ROUTE_LIST, "CartoMediateur" },
	{ GET, "/carto/sources", carto_sources, CAN_PUBLIC, NULL, 0,
	  N_("Carte nationale : d’où viennent les lieux"), JSON, "CartoSources" },
	{ 0 },
};
