/* What the API of places answers: the OpenAPI document and the page about it derive from
 * these tables. */
#include "orient/api.h"

#include "core/lieu.h"

#define TEXTE(n, what) { .name = n, .kind = S_TEXT, .optional = true, .about = what }

/* The 32 fields of the national schema 1.0.2; lists are joined by '|'. */
static const struct schema_member lieu_members[] = {
	{ .name = "id", .kind = S_TEXT, .about = N_("Identifiant chez nous, stable") },
	TEXTE("pivot", N_("SIRET, RNA ou RIDET")),
	{ .name = "nom", .kind = S_TEXT },
	{ .name = "commune", .kind = S_TEXT },
	TEXTE("code_postal", NULL),
	TEXTE("code_insee", NULL),
	TEXTE("adresse", NULL),
	TEXTE("complement_adresse", NULL),
	{ .name = "latitude", .kind = S_REAL, .optional = true,
	  .about = N_("Degrés, WGS 84 ; absente quand aucune source ne la donne") },
	{ .name = "longitude", .kind = S_REAL, .optional = true },
	TEXTE("typologie", N_("Codes séparés par |")),
	TEXTE("telephone", N_("Forme internationale")),
	TEXTE("courriels", N_("Séparés par |")),
	TEXTE("site_web", N_("Séparés par |")),
	TEXTE("horaires", N_("Horaires au format OpenStreetMap")),
	TEXTE("presentation_resume", NULL),
	TEXTE("presentation_detail", NULL),
	TEXTE("source", N_("Qui le dit")),
	TEXTE("itinerance", NULL),
	TEXTE("structure_parente", NULL),
	{ .name = "date_maj", .kind = S_DATE },
	TEXTE("services", N_("Valeurs nationales séparées par |")),
	TEXTE("publics_specifiquement_adresses", N_("Valeurs nationales séparées par |")),
	TEXTE("prise_en_charge_specifique", N_("Valeurs nationales séparées par |")),
	TEXTE("frais_a_charge", N_("Valeurs nationales séparées par |")),
	TEXTE("dispositif_programmes_nationaux", N_("Valeurs nationales séparées par |")),
	TEXTE("formations_labels", N_("Valeurs nationales séparées par |")),
	TEXTE("autres_formations_labels", N_("Séparés par |")),
	TEXTE("modalites_acces", N_("Valeurs nationales séparées par |")),
	TEXTE("modalites_accompagnement", N_("Valeurs nationales séparées par |")),
	TEXTE("fiche_acces_libre", NULL),
	TEXTE("prise_rdv", NULL),
	TEXTE("equipements", N_("Champ local : ce qu’on trouve sur place, séparé par |")),
	{ .name = "genre", .kind = S_TEXT, .about = N_("Champ local : mediation, social, ou les deux séparés par |") },
	{ 0 },
};

static const struct schema_member passage_members[] = {
	{ .name = "lieu", .kind = S_TEXT, .about = N_("Identifiant du lieu qui se déplace") },
	{ .name = "nom", .kind = S_TEXT },
	{ .name = "arret", .kind = S_TEXT },
	{ .name = "commune", .kind = S_TEXT },
	{ .name = "code_insee", .kind = S_TEXT },
	{ .name = "jour", .kind = S_DATE },
	{ .name = "debut", .kind = S_TEXT, .about = N_("Heure locale, 14:00") },
	{ .name = "fin", .kind = S_TEXT },
	{ .name = "distance_m", .kind = S_REAL, .about = N_("Mètres depuis l’arrêt, à vol d’oiseau") },
	{ 0 },
};

static const struct schema_member passages_members[] = {
	{ .name = "passages", .kind = S_OBJECT, .list = true, .of = "Passage" },
	{ 0 },
};

static const struct schema_member lieux_members[] = {
	{ .name = "lieux", .kind = S_OBJECT, .list = true, .of = "Lieu" },
	{ .name = "suivant", .kind = S_TEXT, .nullable = true,
	  .about = N_("À donner dans « apres » pour la page suivante ; null à la fin") },
	{ 0 },
};

static const struct schema_member commune_members[] = {
	{ .name = "code", .kind = S_TEXT, .about = N_("Code INSEE") },
	{ .name = "nom", .kind = S_TEXT },
	{ .name = "ancien_nom", .kind = S_TEXT, .nullable = true,
	  .about = N_("L’ancien nom qui a été reconnu") },
	{ .name = "departement", .kind = S_TEXT },
	{ .name = "codes_postaux", .kind = S_TEXT, .about = N_("Séparés par |") },
	{ .name = "population", .kind = S_INT, .optional = true },
	{ .name = "latitude", .kind = S_REAL, .nullable = true },
	{ .name = "longitude", .kind = S_REAL, .nullable = true },
	{ .name = "position", .kind = S_TEXT,
	  .about = N_("« source », ou « approchee » quand elle est empruntée aux voisines") },
	{ 0 },
};

static const struct schema_member communes_members[] = {
	{ .name = "communes", .kind = S_OBJECT, .list = true, .of = "Commune" },
	{ .name = "sure", .kind = S_BOOL, .about = N_("La première est la bonne sans doute possible") },
	{ 0 },
};

static const struct schema_member arret_members[] = {
	{ .name = "arret", .kind = S_TEXT },
	{ .name = "commune", .kind = S_TEXT },
	{ .name = "code_insee", .kind = S_TEXT },
	{ .name = "jour", .kind = S_DATE },
	{ .name = "debut", .kind = S_TEXT, .about = N_("Heure locale, 14:00") },
	{ .name = "fin", .kind = S_TEXT },
	{ .name = "latitude", .kind = S_REAL },
	{ .name = "longitude", .kind = S_REAL },
	{ 0 },
};

static const struct schema_member proche_members[] = {
	{ .name = "id", .kind = S_TEXT },
	{ .name = "nom", .kind = S_TEXT },
	{ .name = "distance_m", .kind = S_REAL, .about = N_("Mètres, à vol d’oiseau") },
	{ .name = "arret", .kind = S_OBJECT, .of = "Arret", .optional = true,
	  .about = N_("D’un lieu qui se déplace : l’arrêt d’où la distance est comptée") },
	{ .name = "ouvert", .kind = S_BOOL, .nullable = true,
	  .about = N_("Au moment demandé, sinon maintenant ; null quand les horaires ne le disent pas") },
	{ .name = "adresse", .kind = S_TEXT, .nullable = true },
	{ .name = "code_postal", .kind = S_TEXT, .nullable = true },
	{ .name = "commune", .kind = S_TEXT },
	{ .name = "code_insee", .kind = S_TEXT, .nullable = true },
	{ .name = "telephone", .kind = S_TEXT, .nullable = true },
	{ .name = "horaires", .kind = S_TEXT, .nullable = true,
	  .about = N_("Horaires au format OpenStreetMap") },
	{ .name = "horaires_texte", .kind = S_TEXT, .nullable = true,
	  .about = N_("Horaires comme le lieu les écrit, quand nous ne savons pas les lire") },
	{ .name = "services", .kind = S_VALUE, .list = true, .choices = lieu_services },
	{ .name = "modalites_acces", .kind = S_VALUE, .list = true, .choices = lieu_acces },
	{ .name = "frais_a_charge", .kind = S_VALUE, .list = true, .choices = lieu_frais },
	{ .name = "dispositif_programmes_nationaux", .kind = S_VALUE, .list = true,
	  .choices = lieu_dispositifs },
	{ .name = "latitude", .kind = S_REAL, .nullable = true },
	{ .name = "longitude", .kind = S_REAL, .nullable = true },
	{ .name = "position", .kind = S_TEXT,
	  .about = N_("« source », ou « commune » quand c’est celle de la commune") },
	{ .name = "date_maj", .kind = S_DATE },
	{ .name = "source", .kind = S_TEXT, .nullable = true },
	{ 0 },
};

static const struct schema_member orientation_members[] = {
	{ .name = "lieux", .kind = S_OBJECT, .list = true, .of = "LieuProche",
	  .about = N_("Le plus proche d’abord") },
	{ 0 },
};

const struct schema orient_schemas[] = {
	{ "Lieu", N_("Un lieu, au schéma national 1.0.2, et ses champs locaux"), lieu_members },
	{ "Passage", N_("Un passage d’un lieu qui se déplace"), passage_members },
	{ "Passages", N_("Les passages à venir, par date"), passages_members },
	{ "Lieux", N_("Une page de lieux"), lieux_members },
	{ "Commune", N_("Une commune ou un arrondissement"), commune_members },
	{ "Communes", N_("Les communes qu’un texte peut désigner, la meilleure d’abord"),
	  communes_members },
	{ "Arret", N_("Un arrêt d’un lieu qui se déplace, et quand"), arret_members },
	{ "LieuProche", N_("Un lieu, à quelle distance, et s’il est ouvert"), proche_members },
	{ "Orientation", N_("Les lieux les plus proches qui conviennent"), orientation_members },
	{ 0 },
};
