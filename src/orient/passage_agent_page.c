#include "orient/passage_agent.h"

#include <math.h>
#include <string.h>

#include "core/agent.h"
#include "core/core.h"
#include "core/lieu.h"
#include "core/vignette.h"
#include "orient/passage.sql.h"
#include "orient/passage_agent.htm.h"
#include "web/message.h"

static const char *text(const char *s)
{
	return s ? s : "";
}

/* --- all of them -------------------------------------------------------------------------- */

static struct passage_agent_ligne line_of(struct req *r, const struct passages_all_row *row)
{
	struct arena *a = r->a;
	struct passage p = { .id = row->id, .arret = row->arret, .commune = row->commune,
		.code_insee = row->code_insee, .adresse = text(row->adresse) };
	struct passage_texte t = { text(row->horaires), text(row->dates), text(row->sauf),
				   text(row->debut), text(row->fin) };
	const char *tel = text(row->telephone);
	struct passage_fois next;

	return (struct passage_agent_ligne){
		.lieu = row->lieu_nom, .lien = arena_cat(a, "/lieux/", row->lieu_id, NULL),
		.modifier = arena_cat(a, "/agent/passages/", row->id, NULL),
		.ou = passage_ou(a, &p),
		.prochain = passage_ouvrir(a, &p, &t) && passage_prochains(&p,
		env_now(r->env), &next, 1)
			    ? passage_quand(a, r->lang, &next) : "",
		.rythme = text(row->horaires),
		.telephone = telephone_text(a, arena_strn(a, tel, strcspn(tel, "|"))),
		.non_public = row->non_public, .publie = !strcmp(row->publication, "publie"),
	};
}

static bool passages_list(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = page_for(r, N_("Les arrêts des lieux qui se déplacent"));
	struct passages_agent_view v = { .page = &page };
	struct passage_agent_ligne *l;
	struct passages_all_row *rows;
	struct html h;

	if (!db_acquire(r->core->store, &db, e) || !passages_all(db, r->a, &rows, &v.n, e))
		return false;
	l = NEW_ARRAY(r->a, v.n + 1, struct passage_agent_ligne);
	for (size_t i = 0; l && i < v.n; i++)
		l[i] = line_of(r, &rows[i]);
	if (r->a->spent)
		return arena_refuse(r->a, e);
	v.lignes = l;
	v.ecrit = agent_may(req_agent(r), ROLES_TERRITORY, NULL);
	h = page_html(r, s);
	passages_agent(&h, &v);
	return true;
}

/* --- one ----------------------------------------------------------------------------------- */

static bool show_form(struct req *r, struct res *s, const char *id, const struct passage_saisie *in)
{
	struct page page = page_for(r, id ? N_("Modifier un arrêt") : N_("Ajouter un arrêt"));
	struct html h = page_html(r, s);

	if (r->nerrors)
		s->status = 400;
	passage_formulaire(&h, &page, r, id, in);
	return true;
}

static bool passage_nouveau(struct req *r, struct res *s, struct err *e)
{
	struct passage_saisie in;

	(void)e;
	fields_clear(passage_fields, &in, sizeof in);
	return show_form(r, s, NULL, &in);
}

/* '|' of the store as lines. */
static const char *as_lines(struct arena *a, const char *list)
{
	char *out = arena_alloc(a, strlen(text(list)) + 1);

	for (size_t i = 0; out && i <= strlen(text(list)); i++)
		out[i] = text(list)[i] == '|' ? '\n' : text(list)[i];
	return out ? out : "";
}

static bool passage_edit(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct passage_get_row row;
	struct passage_saisie in;
	bool found;

	if (!db_acquire(r->core->store, &db, e)
	    || !passage_get(db, r->a, r->params[0], &row, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, N_("Cet arrêt n’est plus là."));
	in = (struct passage_saisie){ .lieu = row.lieu_id, .arret = row.arret,
		.commune = row.code_insee, .adresse = row.adresse, .quand = row.horaires,
		.dates = as_lines(r->a, row.dates), .sauf = as_lines(r->a, row.sauf),
		.debut = row.debut, .fin = row.fin, .precisions = row.precisions,
		.non_public = row.non_public };
	if (!row.latitude_null && !row.longitude_null)
		in.position = (struct point){ true, row.latitude, row.longitude };
	return show_form(r, s, row.id, &in);
}

struct writing {
	struct req *r;
	struct passage_propre p;
};

static bool write_job(struct tx *tx, void *arg, struct err *e)
{
	struct writing *w = arg;

	return passage_enregistrer(tx, w->r->env, w->r->a, &w->p, req_agent(w->r)->id, e);
}

static bool save(struct req *r, struct res *s, const char *id, struct err *e)
{
	const struct passage_saisie *in = r->in;
	struct writing w = { .r = r, .p = { .id = id } };
	const char *champ = NULL;

	if (!r->nerrors) {
		CLEANUP(core_let_go) struct holding held = core_hold(r->core);
		CLEANUP(db_release) struct db *db = NULL;

		if (!db_acquire(r->core->store, &db, e))
			return false;
		if (!passage_verifier(db, held.r, r->a, in, &w.p, &champ, e)) {
			if (e->kind != E_INPUT)
				return false;
			req_refuse(r, passage_fields, champ, *e->hint
				? arena_cat(r->a, tr(r->lang, e->msg), " ", tr(r->lang,
					e->hint), NULL)
				: tr(r->lang, arena_str(r->a, e->msg)));
		} else if (w.p.doute) {
			req_refuse(r, passage_fields, "position", tr(r->lang, w.p.doute));
		}
	}
	if (r->nerrors)
		return show_form(r, s, id, in);
	return store_write(r->core->store, write_job, &w, e) && res_see_other(s, "/agent/passages");
}

static bool passage_create(struct req *r, struct res *s, struct err *e)
{
	return save(r, s, NULL, e);
}

static bool passage_update(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct passage_get_row row;
	bool found;

	if (!db_acquire(r->core->store, &db, e)
	    || !passage_get(db, r->a, r->params[0], &row, &found, e))
		return false;
	db_release(&db);
	if (!found)
		return fail(e, E_MISSING, N_("Cet arrêt n’est plus là."));
	return save(r, s, row.id, e);
}

static bool remove_job(struct tx *tx, void *arg, struct err *e)
{
	const struct req *r = arg;

	return passage_remove(tx, r->params[0], NULL, e);
}

static bool passage_retirer(struct req *r, struct res *s, struct err *e)
{
	return store_write(r->core->store, remove_job, r, e) && res_see_other(s, "/agent/passages");
}

/* --- local fields --------------------------------------------------------------------------- */

const struct field lieu_local_fields[] = {
	{ AT(lieu_local_in, equipement), .kind = F_CHOICES, .choices = lieu_equipements,
	  .label = N_("Ce qu’on trouve sur place") },
	{ AT(lieu_local_in, genre), .kind = F_CHOICES, .choices = lieu_genres,
	  .label = N_("Genre de lieu"),
	  .hint = N_("Rien de coché : d’après son type et ses services.") },
	{ 0 },
};

static bool place_of(struct req *r, struct local_lieu_row *row, struct lieu_local_in *in,
		     struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct local_get_row *said;
	bool found;
	size_t n;

	if (!db_acquire(r->core->store, &db, e)
	    || !local_lieu(db, r->a, r->params[0], row, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, N_("Ce lieu n’est pas, ou n’est plus, dans notre liste."));
	if (!local_get(db, r->a, row->id, &said, &n, e))
		return false;
	if (in && n)
		*in = (struct lieu_local_in){ choices_read(lieu_equipements,
			said[0].equipements, NULL),
					      choices_read(lieu_genres, said[0].genre, NULL) };
	return true;
}

static bool local_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Sur place : champs locaux"));
	struct lieu_local_in in = { 0 };
	struct local_lieu_row row;
	struct html h;

	if (!place_of(r, &row, &in, e))
		return false;
	h = page_html(r, s);
	lieu_local_formulaire(&h, &page, r, row.id, row.nom, &in);
	return true;
}

static bool local_job(struct tx *tx, void *arg, struct err *e)
{
	struct req *r = arg;
	const struct lieu_local_in *in = r->in;
	char now[ISO_TEXT];

	iso_write(env_now(r->env), now);
	return local_put(tx, r->params[0], "agent",
			 choices_write(r->a, lieu_equipements, (uint32_t)in->equipement),
			 choices_write(r->a, lieu_genres, (uint32_t)in->genre),
			 req_agent(r)->id, now,
			 NULL, e);
}

static bool local_save(struct req *r, struct res *s, struct err *e)
{
	struct local_lieu_row row;

	return place_of(r, &row, NULL, e) && store_write(r->core->store, local_job, r, e)
	       && res_see_other(s, !strcmp(row.publication, "publie")
				? arena_cat(r->a, "/lieux/", row.id, NULL) : "/agent");
}

#define AGENT(method, path, page, right, fields, size, words) \
	{ method, path, page, right, fields, size, words, ROUTE_SLOW | ROUTE_PRIVATE, NULL }

const struct route passage_agent_routes[] = {
	AGENT(GET, "/agent/passages", passages_list, &can_agent, NULL, 0,
	      N_("Les arrêts des lieux qui se déplacent")),
	AGENT(GET, "/agent/passages/nouveau", passage_nouveau, &can_coordinate, NULL, 0,
	      N_("Ajouter un arrêt")),
	AGENT(POST, "/agent/passages/nouveau", passage_create, &can_coordinate, passage_fields,
	      sizeof(struct passage_saisie), N_("Enregistrer un arrêt")),
	AGENT(GET, "/agent/passages/{id}", passage_edit, &can_coordinate, NULL, 0,
	      N_("Modifier un arrêt")),
	AGENT(POST, "/agent/passages/{id}", passage_update, &can_coordinate, passage_fields,
	      sizeof(struct passage_saisie), N_("Enregistrer le changement d’un arrêt")),
	AGENT(POST, "/agent/passages/{id}/retirer", passage_retirer, &can_coordinate, NULL, 0,
	      N_("Retirer un arrêt")),
	AGENT(GET, "/agent/equipements/{lieu}", local_show, &can_coordinate, NULL, 0,
	      N_("Les champs locaux d’un lieu")),
	AGENT(POST, "/agent/equipements/{lieu}", local_save, &can_coordinate, lieu_local_fields,
	      sizeof(struct lieu_local_in), N_("Enregistrer les champs locaux d’un lieu")),
	{ 0 },
};
