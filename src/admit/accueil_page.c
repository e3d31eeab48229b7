/* GET /agent: what one can do here; POST /agent/structure: where one works. */
#include "admit/agents_page.h"

#include "admit/agents.htm.h"

const struct choice faits[] = {
	{ "suspendu", N_("Le compte est suspendu. Ses sessions sont fermées, ses liens ne servent "
			 "plus."), NULL },
	{ "retabli", N_("Le compte est rétabli."), NULL },
	{ "sessions", N_("Toutes ses sessions sont fermées : il faudra se reconnecter."), NULL },
	{ "roles", N_("Les rôles sont changés. Ils valent dès la prochaine page."), NULL },
	{ "deplace", N_("La structure d’attache est changée."), NULL },
	{ "parti", N_("Le départ est enregistré. Le journal de sécurité garde ce qui s’est passé."), NULL },
	{ "ajoute", N_("Cette personne avait déjà un compte : elle garde ses moyens de connexion, et "
		       "verra cette structure à sa prochaine page."), NULL },
	{ "cree", N_("La structure est créée. Invitez maintenant son référent."), NULL },
	{ "modifie", N_("Les changements sont enregistrés."), NULL },
	{ "etat", N_("L’état de la structure est changé."), NULL },
	{ "ici", N_("Vous travaillez maintenant pour cette structure."), NULL },
	{ NULL, NULL, NULL },
};

const struct field fait_fields[] = {
	{ AT(fait_entree, fait), .kind = F_CHOICE, .choices = faits, .label = N_("Ce qui est fait") },
	{ 0 },
};

const struct field switch_fields[] = {
	{ AT(switch_entree, structure), .kind = F_TEXT, .max = 40, .required = true,
	  .label = N_("Structure") },
	{ 0 },
};

bool accueil_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct agent *g = req_agent(r);
	struct page page = page_for(r, N_("Mon accueil"));
	struct html h = page_html(r, s);
	struct accueil_view v = {
		.g = g, .here = agent_roles_here(g),
	};
	struct agent *others;
	size_t n = 0;

	for (size_t i = 0; i < g->nplaces && !v.attente; i++)
		v.attente = g->places[i].active ? NULL : g->places[i].nom;
	if (g->ici && v.here & (ROLE_REFERENT | ROLE_ADMIN)) {
		if (!db_acquire(r->core->store, &db, e)
		    || !agent_list(db, r->a, g->ici->structure, &others, &n, e))
			return false;
		v.alone = n < 2;
	}
	accueil_page(&h, &page, &v);
	return true;
}

bool switch_show(struct req *r, struct res *s, struct err *e)
{
	struct page page = page_for(r, N_("Changer de structure"));
	struct html h = page_html(r, s);

	(void)e;
	switch_page(&h, &page, req_agent(r));
	return true;
}

static bool work_there(struct equipe *q, void *arg, struct err *e)
{
	const struct switch_entree *in = arg;

	return equipe_switch(q, in->structure, e);
}

bool structure_switch(struct req *r, struct res *s, struct err *e)
{
	struct switch_entree in = *(const struct switch_entree *)r->in;

	if (!in.structure)
		return fail(e, E_INPUT, "%s", N_("Choisissez une structure."));
	return equipe_do(r, work_there, &in, e) && res_see_other(s, "/agent");
}
