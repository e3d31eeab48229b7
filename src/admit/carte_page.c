/* /agent/agents/{id}/cartes: a referent and the cards of an agent. */
#include "admit/carte.h"

#include <string.h>

#include "admit/carte.htm.h"
#include "admit/carte.sql.h"
#include "admit/compte.h"
#include "admit/connexion_inside.h"
#include "admit/entree_inside.h"
#include "admit/equipe_request.h"
#include "admit/facteur.sql.h"
#include "admit/facteur_inside.h"
#include "base/date.h"
#include "core/trace.h"
#include "web/message.h"

static const struct choice gestes[] = {
	{ "perdu", N_("Perdu, volé ou cassé"), NULL },
	{ "rendu", N_("Carte rendue"), NULL },
	{ "debloquer", N_("Débloquer"), NULL },
	{ 0 },
};

const struct field geste_fields[] = {
	{ AT(geste_in, facteur), .kind = F_TEXT, .required = true, .max = 40,
		.label = N_("Lequel") },
	{ AT(geste_in, geste), .kind = F_CHOICE, .required = true, .choices = gestes,
	  .label = N_("Geste") },
	{ 0 },
};

/* --- the page ---------------------------------------------------------------------------- */

static bool asked_agent(struct req *r, struct agent *out, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(r->core->store, &db, e) && equipe_asked(r, db, out, e);
}

static const char *done_words(struct req *r)
{
	const char *fait = req_typed(r, "fait");

	if (fait && !strcmp(fait, "remise"))
		return tr(r->lang, N_("La carte est remise."));
	if (fait && !strcmp(fait, "geste"))
		return tr(r->lang, N_("C’est fait, et c’est dans le journal de sécurité."));
	return NULL;
}

static bool cartes_show(struct req *r, struct res *s, const struct agent *g, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const char *title = message(r->a, r->lang, N_("Téléphone et carte de %1"), g->prenom);
	struct page page = admit_page(r, s, title);
	struct html h = page_html(r, s);
	struct cartes_view v = { .r = r, .page = &page, .g = g, .fait = done_words(r) };
	struct facteur *list;

	if (!db_acquire(r->core->store, &db, e) || !facteur_list(db, r->a, g->id, &list, &v.n, e))
		return false;
	v.liste = list;
	cartes_page(&h, &v);
	return true;
}

static bool cartes_get(struct req *r, struct res *s, struct err *e)
{
	struct agent g;

	return asked_agent(r, &g, e) && cartes_show(r, s, &g, e);
}

/* --- lost, given back, locked ------------------------------------------------------------- */

struct gesture {
	struct req *r;
	const struct agent *g;
	struct facteur f;
	int geste;
};

static bool note(struct tx *tx, struct req *r, const struct agent *g, enum trace_action action,
		 const char *objet, struct err *e)
{
	const struct agent *by = req_agent(r);
	const struct agent_place *place = equipe_place_managed(by, g);
	struct trace line = { .action = action, .agent = by->id, .session = by->session,
			      .cible = g->id, .structure = place ? place->structure : NULL,
			      .objet = objet };

	return trace_put(tx, r->env, &line, e);
}

static bool unlock(struct tx *tx, const struct gesture *d, struct err *e)
{
	return facteur_clear(tx, d->g->id, NULL, e)
	       && note(tx, d->r, d->g, TRACE_FACTEUR_DEBLOQUE, d->f.nom, e);
}

static bool gesture_job(struct tx *tx, void *arg, struct err *e)
{
	const struct gesture *d = arg;
	const char *card = d->f.carte;
	bool lost = d->geste == GESTE_PERDU;
	enum trace_action what = card && lost ? TRACE_CARTE_PERDUE : TRACE_FACTEUR_RETIRE;

	if (d->geste == GESTE_DEBLOQUER)
		return unlock(tx, d, e);
	return facteur_drop(tx, d->f.id, d->g->id, NULL, e)
	       && (!card || carte_state(tx, card, lost ? "perdue" : "libre", NULL, e))
	       && note(tx, d->r, d->g, what, card ? card : d->f.nom, e)
	       && compte_warn(tx, d->r, d->g->id, N_("Un téléphone, une carte ou une clé a été retiré "
						     "de votre compte."), e);
}

static bool find_factor(struct req *r, const struct agent *g, const char *id, struct facteur *out,
			struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct facteur *list;
	size_t n;

	if (!db_acquire(r->core->store, &db, e) || !facteur_list(db, r->a, g->id, &list, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(list[i].id, id)) {
			*out = list[i];
			return true;
		}
	}
	return fail(e, E_MISSING, "Ce téléphone ou cette carte n’est plus dans ce compte.");
}

static const char *back(struct req *r, const struct agent *g, const char *fait)
{
	return arena_cat(r->a, "/agent/agents/", g->id, "/cartes?fait=", fait, NULL);
}

static bool geste_post(struct req *r, struct res *s, struct err *e)
{
	const struct geste_in *in = r->in;
	struct gesture d = { .r = r, .geste = in->geste };
	struct agent g;

	if (!asked_agent(r, &g, e))
		return false;
	d.g = &g;
	if (r->nerrors)
		return cartes_show(r, s, &g, e);
	if (!find_factor(r, &g, in->facteur, &d.f, e)
	    || !store_write(r->core->store, gesture_job, &d, e))
		return false;
	if (d.geste == GESTE_DEBLOQUER)
		frein_forget(entree_freins(r), FREIN_CODE, g.id);
	return res_see_other(s, back(r, &g, "geste"));
}

/* --- handing one over ------------------------------------------------------------------------ */

struct handing {
	struct req *r;
	const struct agent *g;
	char id[UUID_TEXT];
	const char *serie, *nom;
	struct totp_answer found;
};

static bool hand_job(struct tx *tx, void *arg, struct err *e)
{
	const struct handing *d = arg;
	char now[ISO_TEXT];
	int64_t taken;

	iso_write(env_now(d->r->env), now);
	if (!carte_take(tx, d->serie, &taken, e))
		return false;
	if (!taken)
		return fail(e, E_CONFLICT, "Cette carte vient d’être remise à quelqu’un d’autre.");
	return facteur_add_card(tx, d->id, d->g->id, d->nom, d->serie, d->found.drift,
		d->found.step,
				now, NULL, e)
	       && note(tx, d->r, d->g, TRACE_CARTE_REMISE, d->serie, e)
	       && compte_warn(tx, d->r, d->g->id, N_("Un téléphone, une carte ou une clé a été ajouté à "
						     "votre compte."), e);
}

static bool remettre_post(struct req *r, struct res *s, struct err *e)
{
	const struct carte_in *in = r->in;
	struct handing d = { .r = r };
	struct agent g;

	if (!asked_agent(r, &g, e))
		return false;
	if (g.etat != AGENT_ACTIF) {
		fail(e, E_CONFLICT, "Ce compte n’est pas ouvert : la carte se choisit pendant "
		     "l’invitation.");
		return hint(e, "Remettez la carte en main propre : la personne l’enregistrera elle-même.");
	}
	if (!r->nerrors
	    && !carte_check(r, s, &g, in->serie, in->code_secret, &d.found, &d.serie, e))
		return false;
	if (r->nerrors)
		return cartes_show(r, s, &g, e);
	uuid_new(r->env, d.id);
	d.g = &g;
	d.nom = message(r->a, r->lang, N_("Carte %1"), d.serie);
	return store_write(r->core->store, hand_job, &d, e)
	       && res_see_other(s, back(r, &g, "remise"));
}

#define IN(fields, type) fields, sizeof(struct type)
enum { HERE = ROUTE_SLOW | ROUTE_PRIVATE };

const struct route carte_agent_routes[] = {
	{ GET, "/agent/agents/{id}/cartes", cartes_get, &can_referent_proved, NULL, 0,
	  N_("Téléphone et carte d’un agent"), HERE, NULL },
	{ POST, "/agent/agents/{id}/cartes", geste_post, &can_referent_proved,
	  IN(geste_fields, geste_in), N_("Carte perdue, rendue, ou à débloquer"), HERE, NULL },
	{ POST, "/agent/agents/{id}/cartes/remettre", remettre_post, &can_referent_proved,
	  IN(carte_fields, carte_in), N_("Remettre une carte"), HERE, NULL },
	{ 0 },
};
