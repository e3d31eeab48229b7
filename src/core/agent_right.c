/* The rights of tables of routes: who is there, in what role, and proved how lately. */
#include "core/agent.h"
#include "core/core.h"
#include "core/structure.h"

const struct agent *req_agent(const struct req *r)
{
	return r->agent;
}

/* Looked up once a request. */
static const struct agent *who(struct req *r)
{
	const struct entry *entry = r->core ? &r->core->entry : NULL;

	if (!r->agent && entry && entry->agent_of && !entry->agent_of(r))
		r->agent = NULL;
	if (r->agent && r->agent->etat != AGENT_ACTIF)
		r->agent = NULL;
	return r->agent;
}

static bool has(struct req *r, unsigned any_of)
{
	const struct agent *a = who(r);

	return a && agent_roles_here(a) & any_of;
}

static bool is_proved(struct req *r)
{
	return r->agent && env_now(r->env) - r->agent->prouve_ms <= AGENT_PROOF_MS;
}

static bool is_agent(struct req *r)
{
	return who(r) != NULL;
}

static bool receives(struct req *r)
{
	return has(r, ROLES_RECEIVE);
}

static bool is_aidant(struct req *r)
{
	return has(r, ROLE_AIDANT) && r->agent->ici && r->agent->ici->pouvoirs & POUVOIR_MANDATS;
}

static bool is_referent(struct req *r)
{
	return has(r, ROLE_REFERENT | ROLE_ADMIN);
}

static bool coordinates(struct req *r)
{
	return has(r, ROLE_COORDINATEUR | ROLE_ADMIN);
}

static bool is_admin(struct req *r)
{
	return has(r, ROLE_ADMIN);
}

static bool is_agent_proved(struct req *r)
{
	return is_agent(r) && is_proved(r);
}

static bool is_referent_proved(struct req *r)
{
	return is_referent(r) && is_proved(r);
}

static bool is_admin_proved(struct req *r)
{
	return is_admin(r) && is_proved(r);
}

/* --- who may not ----------------------------------------------------------------------- */

/* Nobody is there: the page to log in.  Somebody is: `msg` says whom to ask. */
static bool let_in(struct req *r, struct res *s, const char *msg, const char *whom,
		   struct err *e)
{
	const struct entry *entry = &r->core->entry;

	if (!r->agent && entry->ask_login)
		return entry->ask_login(r, s, e);
	if (!r->agent) {
		fail(e, E_DENIED, "%s", N_("Cette page est réservée aux agents."));
		return hint(e, "%s", N_("Personne ne peut se connecter à ce site pour l’instant."));
	}
	fail(e, E_DENIED, "%s", msg);
	return hint(e, "%s", whom);
}

static bool prove(struct req *r, struct res *s, struct err *e)
{
	if (r->core->entry.ask_proof)
		return r->core->entry.ask_proof(r, s, e);
	return let_in(r, s, N_("Cette action demande de prouver de nouveau qui vous êtes."),
		      N_("Déconnectez-vous, reconnectez-vous, puis recommencez."), e);
}

static bool ask_agent(struct req *r, struct res *s, struct err *e)
{
	return let_in(r, s, N_("Cette page est réservée aux agents."),
		      N_("Demandez un compte au référent de votre structure."), e);
}

static bool ask_receive(struct req *r, struct res *s, struct err *e)
{
	return let_in(r, s, N_("Cette page est réservée à ceux qui reçoivent des personnes."),
		      N_("Votre référent peut vous donner le rôle d’aidant, de médiateur ou d’accueil. "
			 "Si vous travaillez dans plusieurs structures, changez de structure."), e);
}

static bool ask_aidant(struct req *r, struct res *s, struct err *e)
{
	return let_in(r, s, N_("Cette page est réservée aux aidants d’une structure qui peut agir "
			       "avec une autorisation."),
		      N_("Demandez le rôle d’aidant à votre référent. Si vous travaillez dans "
			 "plusieurs structures, changez de structure."), e);
}

static bool ask_referent(struct req *r, struct res *s, struct err *e)
{
	return let_in(r, s, N_("Cette page est réservée aux référents de la structure."),
		      N_("Demandez à un référent de votre structure. Si vous êtes référent d’une "
			 "autre structure, changez de structure."), e);
}

static bool ask_coordinate(struct req *r, struct res *s, struct err *e)
{
	return let_in(r, s, N_("Cette page est réservée aux coordinateurs du territoire."),
		      N_("Demandez à un administrateur : il peut vous donner ce rôle."), e);
}

static bool ask_admin(struct req *r, struct res *s, struct err *e)
{
	return let_in(r, s, N_("Cette page est réservée aux administrateurs du territoire."),
		      N_("Demandez à un administrateur de le faire, ou de vous donner ce rôle."), e);
}

static bool ask_agent_proved(struct req *r, struct res *s, struct err *e)
{
	return is_agent(r) ? prove(r, s, e) : ask_agent(r, s, e);
}

static bool ask_referent_proved(struct req *r, struct res *s, struct err *e)
{
	return is_referent(r) ? prove(r, s, e) : ask_referent(r, s, e);
}

static bool ask_admin_proved(struct req *r, struct res *s, struct err *e)
{
	return is_admin(r) ? prove(r, s, e) : ask_admin(r, s, e);
}

const struct right can_agent = { "agent", is_agent, ask_agent };
const struct right can_receive = { "recoit", receives, ask_receive };
const struct right can_aidant = { "aidant", is_aidant, ask_aidant };
const struct right can_referent = { "referent", is_referent, ask_referent };
const struct right can_coordinate = { "coordination", coordinates, ask_coordinate };
const struct right can_admin = { "admin", is_admin, ask_admin };
const struct right can_agent_proved = { "agent-prouve", is_agent_proved, ask_agent_proved };
const struct right can_referent_proved = { "referent-prouve", is_referent_proved,
					   ask_referent_proved };
const struct right can_admin_proved = { "admin-prouve", is_admin_proved, ask_admin_proved };
