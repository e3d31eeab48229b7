#include "orient/orient.h"

#include "orient/api.h"
#include "orient/integrer.h"
#include "orient/lieu_abonnement.h"
#include "orient/lieu_export_page.h"
#include "orient/lieux_page.h"
#include "orient/recherche.h"

const struct route orient_routes[] = {
	{ GET, "/lieux", lieux_page, CAN_PUBLIC, recherche_fields, sizeof(struct recherche),
	  N_("Trouver un lieu près d’une commune"), 0, NULL },
	{ GET, "/lieux/{id}", lieu_page, CAN_PUBLIC, NULL, 0, N_("Un lieu"), ROUTE_SLOW,
	  NULL },
	{ GET, "/lieux/{id}/contact", lieu_vcard_page, CAN_PUBLIC, NULL, 0,
	  N_("Le contact d’un lieu, pour un téléphone"), ROUTE_SLOW, NULL },
	{ GET, "/lieux/{id}/horaires", lieu_ics_page, CAN_PUBLIC, NULL, 0,
	  N_("Les horaires d’un lieu, pour un agenda"), ROUTE_SLOW, NULL },
	{ GET, "/integrer", integrer_page, CAN_PUBLIC, integrer_fields, sizeof(struct integrer_in),
	  N_("Mettre les lieux sur votre site"), 0, NULL },
	{ GET, "/integrer/liste", integrer_liste, CAN_PUBLIC, integrer_fields,
	  sizeof(struct integrer_in), N_("La liste des lieux, pour le site d’un autre"),
	  ROUTE_FRAMED, NULL },
	{ GET, "/donnees/lieux/{fichier}", lieu_export_page, CAN_PUBLIC, exports_fields,
	  sizeof(struct exports_in), N_("Tous les lieux publiés, dans chaque standard"),
	  ROUTE_SLOW | ROUTE_OPEN, NULL },
	{ GET, "/lieux/{id}/passages", lieu_passages_page, CAN_PUBLIC, NULL, 0,
	  N_("Les prochains passages d’un lieu, pour un agenda"), ROUTE_SLOW, NULL },
	{ GET, "/api/v1/lieux", api_lieux, CAN_PUBLIC, lieux_api_fields,
	  sizeof(struct lieux_api_in), N_("Tous les lieux, page par page"), ROUTE_JSON,
	  "Lieux" },
	{ GET, "/api/v1/lieux/{id}", api_lieu, CAN_PUBLIC, NULL, 0, N_("Un lieu"), ROUTE_JSON,
	  "Lieu" },
	{ GET, "/api/v1/communes", api_communes, CAN_PUBLIC, communes_api_fields,
	  sizeof(struct communes_api_in), N_("Les communes qu’un texte peut désigner"),
	  ROUTE_JSON, "Communes" },
	{ GET, "/api/v1/orientation", api_orientation, CAN_PUBLIC, recherche_fields,
	  sizeof(struct recherche), N_("Les lieux les plus proches qui conviennent"),
	  ROUTE_JSON, "Orientation" },
	{ 0 },
};
