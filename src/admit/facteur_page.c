/* /agent/facteurs, /agent/codes-secours */
#include "admit/facteur_page.h"

#include <string.h>

#include "admit/carte.sql.h"
#include "admit/compte.h"
#include "admit/connexion_inside.h"
#include "admit/entree_inside.h"
#include "admit/equipe_request.h"
#include "admit/facteur.htm.h"
#include "admit/facteur.sql.h"
#include "admit/facteur_inside.h"
#include "base/date.h"
#include "core/trace.h"
#include "web/message.h"

const struct field nom_fields[] = {
	{ AT(nom_in, nom), .kind = F_TEXT, .required = true, .max = FACTEUR_NOM,
	  .label = N_("Son nom"), .hint = N_("Pour le reconnaître : « téléphone du service ».") },
	{ 0 },
};

static const struct choice raisons[] = {
	{ "inutile", N_("Je ne m’en sers plus"), NULL },
	{ "perdu", N_("Il est perdu ou volé"), NULL },
	{ 0 },
};

static const struct choice raisons_carte[] = {
	{ "inutile", N_("Je ne m’en sers plus"), NULL },
	{ "perdu", N_("Elle est perdue, volée ou cassée"), NULL },
	{ "rendue", N_("Je la rends à mon référent : une autre personne pourra s’en servir"), NULL },
	{ 0 },
};

const struct field retrait_fields[] = {
	{ AT(retrait_in, raison), .kind = F_CHOICE, .required = true, .choices = raisons,
	  .label = N_("Pourquoi le retirer ?") },
	{ 0 },
};

const struct field retrait_carte_fields[] = {
	{ AT(retrait_in, raison), .kind = F_CHOICE, .required = true, .choices = raisons_carte,
	  .label = N_("Pourquoi la retirer ?") },
	{ 0 },
};

/* --- for whom --------------------------------------------------------------------- */

static bool may_enrol(struct req *r)
{
	struct accueil k;

	return accueil_get(r, &k) || can_agent_proved.allows(r);
}

static bool ask_enrol(struct req *r, struct res *s, struct err *e)
{
	return can_agent_proved.ask(r, s, e);
}

const struct right can_enrol = { "agent-prouve-ou-invite", may_enrol, ask_enrol };

bool enrolling_of(struct req *r, struct enrolling *out, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct agent *g = req_agent(r);

	*out = (struct enrolling){ .r = r, .env = r->env, .a = r->a };
	out->accueil = accueil_get(r, &out->invite);
	out->agent = out->accueil ? out->invite.agent : g->id;
	out->session = out->accueil ? NULL : g->session;
	if (!db_acquire(r->core->store, &db, e)
	    || !agent_get(db, r->a, out->agent, &out->who, e))
		return false;
	if (!out->accueil)
		out->who.ici = g->ici;
	out->structure = out->who.ici ? out->who.ici->structure :
		out->who.nplaces ? out->who.places[0].structure : NULL;
	return true;
}

bool enrolling_trace(struct tx *tx, const struct enrolling *k, enum trace_action action,
		     const char *objet, struct err *e)
{
	struct trace line = { .action = action, .agent = k->agent, .session = k->session,
			      .cible = k->agent, .structure = k->structure, .objet = objet };

	return trace_put(tx, k->env, &line, e);
}

/* --- choosing, and the list ------------------------------------------------------- */

static const struct second_facteur *kinds(struct req *r)
{
	size_t n = 0, k = 0;
	struct second_facteur *out;

	while (second_facteurs[n].sorte)
		n++;
	out = NEW_ARRAY(r->a, n + 1, struct second_facteur);
	for (size_t i = 0; out && i < n; i++) {
		if (!second_facteurs[i].offert || second_facteurs[i].offert(r->core))
			out[k++] = second_facteurs[i];
	}
	return out;
}

static bool ajouter_get(struct req *r, struct res *s, struct err *e)
{
	struct page page = admit_page(r, s, N_("Qu’avez-vous pour prouver que c’est vous ?"));
	struct html h = page_html(r, s);
	struct facteurs_view v = { .r = r, .page = &page, .sortes = kinds(r) };
	struct enrolling k;

	if (!v.sortes)
		return arena_refuse(r->a, e);
	if (!enrolling_of(r, &k, e))
		return false;
	v.accueil = k.accueil;
	v.prenom = k.who.prenom;
	facteur_choisir(&h, &v);
	return true;
}

static bool facteurs_get(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = admit_page(r, s, N_("Téléphone, carte, codes de secours"));
	struct html h = page_html(r, s);
	struct facteurs_view v = { .r = r, .page = &page };
	const char *id = req_agent(r)->id;
	struct facteur *list;

	if (!db_acquire(r->core->store, &db, e) || !facteur_list(db, r->a, id, &list, &v.n, e)
	    || !secours_left(db, r->a, id, &v.codes, e))
		return false;
	v.liste = list;
	facteurs_page(&h, &v);
	return true;
}

/* --- one -------------------------------------------------------------------------- */

static bool find_one(struct req *r, struct facteur *out, size_t *n, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct facteur *list;

	if (!db_acquire(r->core->store, &db, e)
	    || !facteur_list(db, r->a, req_agent(r)->id, &list, n, e))
		return false;
	for (size_t i = 0; i < *n; i++) {
		if (!strcmp(list[i].id, r->params[0])) {
			*out = list[i];
			return true;
		}
	}
	fail(e, E_MISSING, "Ce téléphone ou cette carte n’est pas dans votre compte, ou plus.");
	return hint(e, "Revenez à « Mon compte ».");
}

static bool facteur_show(struct req *r, struct res *s, struct err *e)
{
	struct facteur_view v = { .r = r };
	struct page page;
	struct html h;
	size_t n;

	if (!find_one(r, &v.f, &n, e))
		return false;
	v.carte = !strcmp(v.f.sorte, "carte");
	v.seul = n == 1;
	page = admit_page(r, s, v.f.nom);
	h = page_html(r, s);
	v.page = &page;
	facteur_page(&h, &v);
	return true;
}

struct change {
	struct req *r;
	struct facteur f;
	const struct agent *g;
	const char *nom;
	int raison;
};

static bool rename_job(struct tx *tx, void *arg, struct err *e)
{
	const struct change *c = arg;

	return facteur_rename(tx, c->f.id, c->g->id, c->nom, NULL, e);
}

static bool nom_post(struct req *r, struct res *s, struct err *e)
{
	const struct nom_in *in = r->in;
	struct change c = { .r = r, .g = req_agent(r), .nom = in->nom };
	size_t n;

	if (r->nerrors)
		return facteur_show(r, s, e);
	return find_one(r, &c.f, &n, e) && store_write(r->core->store, rename_job, &c, e)
	       && res_see_other(s, "/agent/facteurs");
}

static bool card_after(struct tx *tx, const struct change *c, struct err *e)
{
	const char *etat = c->raison == RAISON_RENDUE ? "libre" :
			   c->raison == RAISON_PERDU ? "perdue" : "retiree";

	return !c->f.carte || carte_state(tx, c->f.carte, etat, NULL, e);
}

static bool remove_job(struct tx *tx, void *arg, struct err *e)
{
	const struct change *c = arg;
	struct facteur_count_row left;
	struct trace line = {
		.action = c->f.carte && c->raison == RAISON_PERDU ? TRACE_CARTE_PERDUE :
			  TRACE_FACTEUR_RETIRE,
		.agent = c->g->id, .session = c->g->session, .cible = c->g->id,
		.structure = c->g->ici ? c->g->ici->structure : NULL,
		.objet = c->f.carte ? c->f.carte : c->f.nom,
	};

	if (!facteur_drop(tx, c->f.id, c->g->id, NULL, e)
	    || !facteur_count(tx_db(tx), c->r->a, c->g->id, &left, e))
		return false;
	if (!left.n) {
		fail(e, E_CONFLICT, "C’est le seul que vous avez : sans lui, vous ne pourriez plus entrer.");
		return hint(e, "Ajoutez d’abord un autre téléphone ou une autre carte.");
	}
	return card_after(tx, c, e) && trace_put(tx, c->r->env, &line, e)
	       && compte_warn(tx, c->r, c->g->id, N_("Un téléphone, une carte ou une clé a été retiré "
						     "de votre compte."), e);
}

static bool retirer_post(struct req *r, struct res *s, struct err *e)
{
	const struct retrait_in *in = r->in;
	struct change c = { .r = r, .g = req_agent(r), .raison = in->raison };
	size_t n;

	if (r->nerrors)
		return facteur_show(r, s, e);
	return find_one(r, &c.f, &n, e) && store_write(r->core->store, remove_job, &c, e)
	       && res_see_other(s, "/agent/facteurs");
}

/* --- recovery codes --------------------------------------------------------------- */

static bool codes_get(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct page page = admit_page(r, s, N_("Codes de secours"));
	struct html h = page_html(r, s);
	struct codes_view v = { .r = r, .page = &page, .accueil = *r->query != '\0' };

	if (!db_acquire(r->core->store, &db, e)
	    || !secours_left(db, r->a, req_agent(r)->id, &v.reste, e))
		return false;
	codes_page(&h, &v);
	return true;
}

struct drawing {
	struct req *r;
	struct code_secours list[CODES_SECOURS];
	const struct agent *g;
};

static bool draw_job(struct tx *tx, void *arg, struct err *e)
{
	const struct drawing *d = arg;
	struct trace line = { .action = TRACE_CODES_SECOURS, .agent = d->g->id,
			      .session = d->g->session, .cible = d->g->id,
			      .structure = d->g->ici ? d->g->ici->structure : NULL };

	return secours_put(tx, d->r->env, d->g->id, d->list, e)
	       && trace_put(tx, d->r->env, &line, e);
}

static bool codes_post(struct req *r, struct res *s, struct err *e)
{
	struct drawing *d = NEW(r->a, struct drawing);
	struct codes_view v = { .r = r };
	struct page page;
	struct html h;
	char iso[ISO_TEXT];

	if (!d)
		return arena_refuse(r->a, e);
	d->r = r;
	d->g = req_agent(r);
	if (!secours_draw(r->core->signer, r->env, d->g->id, d->list, e)
	    || !store_write(r->core->store, draw_job, d, e))
		return false;
	iso_write(env_now(r->env), iso);
	page = admit_page(r, s, N_("Votre feuille de codes"));
	h = page_html(r, s);
	v.page = &page;
	v.liste = d->list;
	v.nom = arena_cat(r->a, d->g->prenom, " ", d->g->nom, NULL);
	v.identifiant = d->g->identifiant;
	v.date = day_text(r, iso);
	codes_feuille(&h, &v);
	return true;
}

#define IN(fields, type) fields, sizeof(struct type)
enum { HERE = ROUTE_SLOW | ROUTE_PRIVATE };

const struct route facteur_routes[] = {
	{ GET, "/agent/facteurs", facteurs_get, &can_agent, NULL, 0,
	  N_("Téléphone, carte, codes de secours"), HERE, NULL },
	{ GET, "/agent/facteurs/ajouter", ajouter_get, &can_enrol, NULL, 0,
	  N_("Ajouter un téléphone, une carte…"), HERE, NULL },
	{ GET, "/agent/facteurs/application", application_get, &can_enrol, NULL, 0,
	  N_("Une application sur un téléphone"), HERE, NULL },
	{ POST, "/agent/facteurs/application", application_post, &can_enrol,
	  IN(application_fields, application_in), N_("Ajouter une application"), HERE, NULL },
	{ GET, "/agent/facteurs/carte", carte_get, &can_enrol, NULL, 0, N_("Une carte à codes"), HERE,
	  NULL },
	{ POST, "/agent/facteurs/carte", carte_post, &can_enrol, IN(carte_fields, carte_in),
	  N_("Ajouter une carte"), HERE, NULL },
	{ GET, "/agent/facteurs/{id}", facteur_show, &can_agent, NULL, 0,
	  N_("Un téléphone ou une carte"), HERE, NULL },
	{ POST, "/agent/facteurs/{id}/nom", nom_post, &can_agent, IN(nom_fields, nom_in),
	  N_("Renommer un téléphone ou une carte"), HERE, NULL },
	{ POST, "/agent/facteurs/{id}/retirer", retirer_post, &can_agent_proved,
	  IN(retrait_carte_fields, retrait_in), N_("Retirer un téléphone ou une carte"), HERE, NULL },
	{ GET, "/agent/codes-secours", codes_get, &can_agent_proved, NULL, 0, N_("Codes de secours"),
	  HERE, NULL },
	{ POST, "/agent/codes-secours", codes_post, &can_agent_proved, NULL, 0,
	  N_("Faire une feuille de codes de secours"), HERE, NULL },
	{ 0 },
};
