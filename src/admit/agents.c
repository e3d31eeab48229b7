#include "admit/agents.h"

#include "admit/agents_page.h"

enum { HERE = ROUTE_SLOW | ROUTE_PRIVATE };

#define IN(fields, type) fields, sizeof(struct type)
#define NOTHING NULL, 0

const struct route agents_routes[] = {
	{ GET, "/agent", accueil_show, &can_agent, NOTHING,
	  N_("Accueil des agents"), HERE, NULL },
	{ GET, "/agent/structure", switch_show, &can_agent, NOTHING,
	  N_("Travailler pour une autre structure"), HERE, NULL },
	{ POST, "/agent/structure", structure_switch, &can_agent, IN(switch_fields, switch_entree),
	  N_("Travailler pour une autre structure"), HERE, NULL },

	{ GET, "/agent/structures", structures_show, &can_admin,
	  IN(structures_fields, structures_entree), N_("Structures du territoire"), HERE, NULL },
	{ GET, "/agent/structures/nouvelle", structure_new, &can_admin_proved, NOTHING,
	  N_("Ajouter une structure"), HERE, NULL },
	{ POST, "/agent/structures/nouvelle", structure_create, &can_admin_proved,
	  IN(structure_fields, structure_entree), N_("Ajouter une structure"), HERE, NULL },
	{ GET, "/agent/structures/{id}", structure_show, &can_agent, IN(fait_fields, fait_entree),
	  N_("Une structure"), HERE, NULL },
	{ GET, "/agent/structures/{id}/modifier", structure_edit, &can_referent, NOTHING,
	  N_("Modifier une structure"), HERE, NULL },
	{ POST, "/agent/structures/{id}/modifier", structure_update, &can_referent_proved,
	  IN(structure_fields, structure_entree), N_("Modifier une structure"), HERE, NULL },
	{ GET, "/agent/structures/{id}/etat", structure_state, &can_admin_proved, NOTHING,
	  N_("Suspendre ou fermer une structure"), HERE, NULL },
	{ POST, "/agent/structures/{id}/etat", structure_set_state, &can_admin_proved,
	  IN(structure_etat_fields, etat_entree), N_("Suspendre ou fermer une structure"), HERE,
	  NULL },

	{ GET, "/agent/agents", agents_show, &can_referent, IN(agents_fields, agents_entree),
	  N_("Agents d’une structure"), HERE, NULL },
	{ GET, "/agent/agents/inviter", invite_page, &can_referent_proved,
	  IN(invitation_fields, invitation_entree), N_("Inviter un agent"), HERE, NULL },
	{ POST, "/agent/agents/inviter", invite_send, &can_referent_proved,
	  IN(invitation_fields, invitation_entree), N_("Inviter un agent"), HERE, NULL },
	{ GET, "/agent/agents/importer", import_page, &can_referent_proved,
	  IN(import_fields, import_entree), N_("Inviter une liste d’agents"), HERE, NULL },
	{ POST, "/agent/agents/importer", import_send, &can_referent_proved,
	  IN(import_fields, import_entree), N_("Inviter une liste d’agents"), HERE, NULL },
	{ GET, "/agent/agents/{id}", agent_show, &can_referent, IN(fait_fields, fait_entree),
	  N_("Un agent"), HERE, NULL },
	{ POST, "/agent/agents/{id}/invitation", invite_again, &can_referent_proved, NOTHING,
	  N_("Refaire une invitation"), HERE, NULL },
	{ GET, "/agent/agents/{id}/acces", access_page, &can_referent_proved, NOTHING,
	  N_("Redonner un accès"), HERE, NULL },
	{ POST, "/agent/agents/{id}/acces", access_give, &can_referent_proved, NOTHING,
	  N_("Redonner un accès"), HERE, NULL },
	/* stopping a stolen account must not wait for a code */
	{ GET, "/agent/agents/{id}/suspendre", agent_suspend_page, &can_referent, NOTHING,
	  N_("Suspendre un compte"), HERE, NULL },
	{ POST, "/agent/agents/{id}/suspendre", agent_suspend, &can_referent, NOTHING,
	  N_("Suspendre un compte"), HERE, NULL },
	{ POST, "/agent/agents/{id}/sessions", agent_close_sessions, &can_referent, NOTHING,
	  N_("Fermer les sessions d’un agent"), HERE, NULL },
	{ POST, "/agent/agents/{id}/retablir", agent_restore, &can_referent_proved, NOTHING,
	  N_("Rétablir un compte"), HERE, NULL },
	{ GET, "/agent/agents/{id}/roles", agent_roles_page, &can_referent_proved,
	  IN(roles_fields, place_entree), N_("Rôles d’un agent"), HERE, NULL },
	{ POST, "/agent/agents/{id}/roles", agent_roles_set, &can_referent_proved,
	  IN(roles_fields, place_entree), N_("Rôles d’un agent"), HERE, NULL },
	{ GET, "/agent/agents/{id}/deplacer", agent_move_page, &can_referent_proved,
	  IN(deplacer_fields, place_entree), N_("Changer un agent de structure"), HERE, NULL },
	{ POST, "/agent/agents/{id}/deplacer", agent_move, &can_referent_proved,
	  IN(deplacer_fields, place_entree), N_("Changer un agent de structure"), HERE, NULL },
	{ GET, "/agent/agents/{id}/depart", agent_leave_page, &can_referent_proved,
	  IN(depart_fields, place_entree), N_("Départ d’un agent"), HERE, NULL },
	{ POST, "/agent/agents/{id}/depart", agent_leave, &can_referent_proved,
	  IN(depart_fields, place_entree), N_("Départ d’un agent"), HERE, NULL },

	{ GET, "/agent/securite", securite_show, &can_agent, IN(securite_fields, securite_entree),
	  N_("Journal de sécurité"), HERE, NULL },
	{ GET, "/agent/securite.csv", securite_csv, &can_agent, IN(securite_fields, securite_entree),
	  N_("Journal de sécurité, en tableau"), HERE, NULL },

	/* the code in the address is the right */
	{ GET, "/agent/premier/{jeton}", premier_page, CAN_PUBLIC, NOTHING,
	  N_("Premier administrateur"), HERE, NULL },
	{ POST, "/agent/premier/{jeton}", premier_send, CAN_PUBLIC,
	  IN(premier_fields, premier_entree), N_("Premier administrateur"), HERE, NULL },
	{ 0 },
};
