#include "core/agent.h"

#include <string.h>

#include "core/agent.sql.h"
#include "core/structure.h"

const struct choice agent_roles[] = {
	{ "aidant", N_("Aidant"), NULL },
	{ "mediateur", N_("Médiateur"), NULL },
	{ "accueil", N_("Accueil"), NULL },
	{ "referent", N_("Référent"), NULL },
	{ "coordinateur", N_("Coordinateur"), NULL },
	{ "admin", N_("Administrateur"), NULL },
	{ NULL, NULL, NULL },
};

const char *const agent_role_hints[] = {
	N_("Agit pour une personne, avec son autorisation."),
	N_("Reçoit, forme, fait le point avec les personnes."),
	N_("Reçoit sans signer : écrivain numérique, bénévole, service civique."),
	N_("Répond des agents de la structure. Il peut ne recevoir personne."),
	N_("Voit les lieux et les nombres de tout le territoire, jamais un nom."),
	N_("Règle tout le territoire : structures, agents, réglages."),
};

const struct choice agent_etats[] = {
	{ "invite", N_("Invité"), NULL },
	{ "actif", N_("Actif"), NULL },
	{ "suspendu", N_("Suspendu"), NULL },
	{ "parti", N_("Parti"), NULL },
	{ NULL, NULL, NULL },
};

/* --- what an agent may do ---------------------------------------------------------------- */

const struct agent_place *agent_place(const struct agent *a, const char *structure)
{
	for (size_t i = 0; structure && i < a->nplaces; i++) {
		if (!strcmp(a->places[i].structure, structure))
			return &a->places[i];
	}
	return NULL;
}

unsigned agent_roles_in(const struct agent *a, const char *structure)
{
	const struct agent_place *here = agent_place(a, structure);
	unsigned roles = here && here->active ? here->roles : 0;

	if (a->etat != AGENT_ACTIF)
		return 0;
	for (size_t i = 0; i < a->nplaces; i++)
		roles |= a->places[i].roles & ROLES_TERRITORY;
	return roles;
}

bool agent_may(const struct agent *a, unsigned any_of, const char *structure)
{
	return (agent_roles_in(a, structure) & any_of) != 0;
}

unsigned agent_roles_here(const struct agent *a)
{
	return agent_roles_in(a, a->ici ? a->ici->structure : NULL);
}

/* --- reading -------------------------------------------------------------------------- */

static unsigned role_bit(const char *slug)
{
	for (int i = 0; agent_roles[i].slug; i++) {
		if (!strcmp(agent_roles[i].slug, slug))
			return 1u << i;
	}
	return 0;
}

static enum agent_etat etat_of(const char *slug)
{
	int i = 0;

	while (agent_etats[i].slug && strcmp(agent_etats[i].slug, slug))
		i++;
	return agent_etats[i].slug ? (enum agent_etat)i : AGENT_PARTI;
}

/* Rows of the three queries, which have the same columns. */
struct agent_line {
	const char *id, *prenom, *nom, *courriel, *identifiant, *langue, *etat, *ici;
	const char *role, *structure, *structure_nom, *pouvoirs, *structure_etat;
};

#define LINE_OF(r) ((struct agent_line){ (r).id, (r).prenom, (r).nom, (r).courriel, \
	(r).identifiant, (r).langue, (r).etat, (r).ici, (r).role, (r).structure, \
	(r).structure_nom, (r).pouvoirs, (r).structure_etat })

/* One more role: of the place that is being read, or of a new one. */
static void add_role(struct agent *g, struct agent_place *places, const struct agent_line *l)
{
	struct agent_place *p;

	if (!l->structure)
		return;
	if (!g->nplaces || strcmp(places[g->nplaces - 1].structure, l->structure)) {
		bool active = !strcmp(l->structure_etat, structure_etats[STRUCTURE_ACTIVE].slug);

		places[g->nplaces++] = (struct agent_place){
			.structure = l->structure, .nom = l->structure_nom, .active = active,
			.pouvoirs = active ? pouvoirs_read(l->pouvoirs) : 0,
		};
	}
	p = &places[g->nplaces - 1];
	p->roles |= role_bit(l->role);
}

static void choose_here(struct agent *g, const char *last)
{
	const struct agent_place *p = agent_place(g, last);

	for (size_t i = 0; (!p || !p->active) && i < g->nplaces; i++) {
		if (g->places[i].active)
			p = &g->places[i];
	}
	g->ici = p && p->active ? p : NULL;
}

struct agent_reading {
	struct agent *agents;
	struct agent_place *places;     /* of all, one after the other */
	size_t n, nplaces;
	const char *last;               /* structure of the last session of the last agent */
};

static void finish(struct agent_reading *r)
{
	if (!r->n)
		return;
	choose_here(&r->agents[r->n - 1], r->last);
	r->nplaces += r->agents[r->n - 1].nplaces;
}

static void take_line(struct agent_reading *r, const struct agent_line *l)
{
	struct agent *g = r->n ? &r->agents[r->n - 1] : NULL;

	if (!g || strcmp(g->id, l->id)) {
		finish(r);
		g = &r->agents[r->n++];
		*g = (struct agent){
			.id = l->id, .prenom = l->prenom, .nom = l->nom, .courriel = l->courriel,
			.identifiant = l->identifiant, .langue = l->langue,
			.etat = etat_of(l->etat), .places = r->places + r->nplaces,
		};
		r->last = l->ici;
	}
	add_role(g, r->places + r->nplaces, l);
}

static bool reading_begin(struct arena *a, size_t rows, struct agent_reading *r,
			  struct err *e)
{
	*r = (struct agent_reading){
		.agents = NEW_ARRAY(a, rows, struct agent),
		.places = NEW_ARRAY(a, rows, struct agent_place),
	};
	return r->agents && r->places ? true : arena_refuse(a, e);
}

bool agent_get(struct db *db, struct arena *a, const char *id, struct agent *out,
	       struct err *e)
{
	struct agent_rows_row *rows;
	struct agent_reading r;
	size_t n;

	if (!agent_rows(db, a, id, &rows, &n, e) || !reading_begin(a, n, &r, e))
		return false;
	for (size_t i = 0; i < n; i++)
		take_line(&r, &LINE_OF(rows[i]));
	finish(&r);
	if (!r.n) {
		fail(e, E_MISSING, "%s", N_("Ce compte n’existe pas."));
		return hint(e, "%s", N_("Cherchez la personne dans la liste des agents."));
	}
	*out = r.agents[0];
	return true;
}

static bool list_all(struct db *db, struct arena *a, struct agent_reading *r, struct err *e)
{
	struct agent_rows_all_row *rows;
	size_t n;

	if (!agent_rows_all(db, a, &rows, &n, e) || !reading_begin(a, n, r, e))
		return false;
	for (size_t i = 0; i < n; i++)
		take_line(r, &LINE_OF(rows[i]));
	return true;
}

static bool list_of(struct db *db, struct arena *a, const char *structure,
		    struct agent_reading *r, struct err *e)
{
	struct agent_rows_of_row *rows;
	size_t n;

	if (!agent_rows_of(db, a, structure, &rows, &n, e) || !reading_begin(a, n, r, e))
		return false;
	for (size_t i = 0; i < n; i++)
		take_line(r, &LINE_OF(rows[i]));
	return true;
}

bool agent_list(struct db *db, struct arena *a, const char *structure, struct agent **out,
		size_t *n, struct err *e)
{
	struct agent_reading r;

	if (!(structure ? list_of(db, a, structure, &r, e) : list_all(db, a, &r, e)))
		return false;
	finish(&r);
	*out = r.agents;
	*n = r.n;
	return true;
}
