#include "app/modules.h"

#include "accompany/accompany.h"
#include "accompany/personne_efface.h"
#include "admit/agent_commands.h"
#include "admit/agents.h"
#include "admit/bienvenue.h"
#include "admit/carte.h"
#include "admit/cle_page.h"
#include "admit/compte.h"
#include "admit/connexion.h"
#include "admit/envoi_page.h"
#include "admit/envoi_retour.h"
#include "admit/facteur_page.h"
#include "admit/garde.h"
#include "admit/oidc_page.h"
#include "app/doctor.h"
#include "app/donnees_page.h"
#include "app/entretien.h"
#include "app/identite_command.h"
#include "app/envoi_command.h"
#include "app/fault.h"
#include "app/serve.h"
#include "app/journal_command.h"
#include "app/site_page.h"
#include "app/personne_command.h"
#include "core/journal_efface.h"
#include "core/journal_page.h"
#include "core/territoire.h"
#include "detect/auteur.h"
#include "detect/comptes_page.h"
#include "detect/detect.h"
#include "detect/recueil.h"
#include "detect/instrument_cli.h"
#include "detect/parcours.h"
#include "detect/saisie_page.h"
#include "detect/parole.h"
#include "detect/voix_cli.h"
#include "detect/voix_page.h"
#include "detect/rapport_page.h"
#include "observe/carte_page.h"
#include "observe/comparer_page.h"
#include "observe/grappes_page.h"
#include "observe/methode_page.h"
#include "observe/observatoire_page.h"
#include "observe/observe.h"
#include "observe/offre_page.h"
#include "observe/indicateur_commands.h"
#include "observe/indice_api.h"
#include "observe/iris_page.h"
#include "observe/jeux.h"
#include "observe/relation_page.h"
#include "observe/territoire_page.h"
#include "observe/zones_page.h"
#include "orient/api.h"
#include "orient/carto.h"
#include "orient/coordination_page.h"
#include "orient/lieu_commands.h"
#include "orient/lieu_jeu.h"
#include "orient/lieu_tenue_page.h"
#include "orient/orient.h"
#include "orient/passage_agent.h"
#include "orient/passage_import.h"
#include "orient/passages.h"
#include "orient/orientation.h"
#include "web/openapi.h"
#include "web/right.h"
#include "web/router.h"

const struct route *const module_routes[] = {
#ifdef TREMPLIN_FAULT
	fault_routes,
#endif
	web_routes, openapi_routes, site_routes, orient_routes, carto_routes, tenue_routes,
	coordination_routes, territoire_routes, iris_routes,
	comparer_routes, relation_routes,
	carte_routes, donnees_routes, detect_routes,
	parcours_routes, saisie_routes, rapport_routes, comptes_routes, auteur_routes,
	parole_routes, voix_routes,
	observatoire_routes, methode_routes, offre_routes, grappes_routes,
	zones_routes, passages_routes, passage_agent_routes,
	indice_api_routes,
	agents_routes, connexion_routes, bienvenue_routes, garde_routes, facteur_routes,
	compte_routes, courriel_routes, carte_agent_routes, envoi_routes,
	usager_routes, mandat_routes, espace_routes, federation_routes,
	envoi_retour_routes, oidc_routes, cle_routes, journal_routes, NULL,
};

const struct schema *const module_schemas[] = { orient_schemas, carto_schemas, detect_schemas,
	indice_schemas, NULL };

jeu_liste *const module_jeux[] = { lieu_jeux, observe_jeux, NULL };

const struct effaceur *const module_effaceurs[] = { journal_effaceurs, recueil_effaceurs,
	personne_effaceurs, NULL };

const struct command *const module_commands[] = {
	passage_commands,
	serve_commands, territoire_commands, lieu_commands, orientation_commands,
	detect_commands, instrument_commands, voix_commands, agents_commands, carte_commands,
	indice_commands, indicateur_commands,
	estimation_commands, observatoire_commands, secret_commands, entretien_commands,
	doctor_commands, envoi_commands, passerelle_commands,
	identite_commands, journal_commands,
	journal_temoin_commands, personne_commands, federation_commands, NULL,
};

void modules_list(FILE *out)
{
	for (const struct route *const *t = module_routes; *t; t++) {
		for (const struct route *r = *t; r->path; r++)
			fprintf(out, "%s %s %s\n", r->method == GET ? "GET" : "POST", r->path,
				r->right->name);
	}
}
