#include "detect/detect.h"

#include "detect/reperage_page.h"

const struct route detect_routes[] = {
	{ GET, "/reperage", reperage_debut_page, CAN_PUBLIC, NULL, 0,
	  N_("Faire le point ensemble"), 0, NULL },
	{ POST, "/reperage", reperage_recommencer, CAN_PUBLIC, NULL, 0,
	  N_("Recommencer un point"), 0, NULL },
	{ GET, "/reperage/question/{page}", reperage_question_page, CAN_PUBLIC, NULL, 0,
	  N_("Une question"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ POST, "/reperage/question/{page}", reperage_question_envoi, CAN_PUBLIC, NULL, 0,
	  N_("Répondre à une question"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/reperage/resultat", reperage_resultat_page, CAN_PUBLIC, NULL, 0,
	  N_("Ce qu’on peut faire, et où aller"), ROUTE_PRIVATE, NULL },
	{ POST, "/reperage/lieu", reperage_lieu_envoi, CAN_PUBLIC, ou_fields,
	  sizeof(struct ou_entree), N_("Dire une commune"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/reperage/papier", reperage_papier_page, CAN_PUBLIC, NULL, 0,
	  N_("Questionnaire à imprimer"), 0, NULL },
	{ GET, "/reperage/saisie", reperage_saisie_page, CAN_PUBLIC, NULL, 0,
	  N_("Saisir un questionnaire rempli"), ROUTE_PRIVATE, NULL },
	{ POST, "/reperage/saisie", reperage_saisie_envoi, CAN_PUBLIC, NULL, 0,
	  N_("Envoyer un questionnaire saisi"), ROUTE_SLOW | ROUTE_PRIVATE, NULL },
	{ GET, "/fiche", fiche_page_get, CAN_PUBLIC, fiche_fields, sizeof(struct fiche_entree),
	  N_("La fiche à emporter"), 0, NULL },
	{ GET, "/api/v1/reperage", reperage_api_get, CAN_PUBLIC, NULL, 0,
	  N_("Les questions de « faire le point »"), ROUTE_JSON, "instrument" },
	{ POST, "/api/v1/reperage", reperage_api_post, CAN_PUBLIC, NULL, 0,
	  N_("Ce qui suit des réponses"), ROUTE_JSON | ROUTE_NO_CSRF | ROUTE_SLOW, "diagnostic" },
	{ 0 },
};
