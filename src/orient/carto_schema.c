/* The shapes of /carto for the OpenAPI document: those of the types of the national map's web
 * component (docs/carto.md). */
#include "orient/carto.h"

#define TEXTE(n) { .name = n, .kind = S_TEXT }
#define PEUT(n) { .name = n, .kind = S_TEXT, .optional = true }
#define DEGRES(n) { .name = n, .kind = S_REAL, .optional = true }
#define LISTE(n) { .name = n, .kind = S_TEXT, .list = true }

static const struct schema_member total[] = { { .name = "total", .kind = S_INT }, { 0 } };

static const struct schema_member localisation[] = {
	{ .name = "latitude", .kind = S_REAL }, { .name = "longitude", .kind = S_REAL }, { 0 },
};

static const struct schema_member departement[] = {
	TEXTE("code"), TEXTE("nom"), TEXTE("slug"), { .name = "zoom", .kind = S_INT },
	{ .name = "localisation", .kind = S_OBJECT, .of = "CartoLocalisation" },
	{ .name = "nombreLieux", .kind = S_INT }, { 0 },
};

static const struct schema_member region[] = {
	TEXTE("code"), TEXTE("nom"), TEXTE("slug"), LISTE("departements"),
	{ .name = "zoom", .kind = S_INT },
	{ .name = "localisation", .kind = S_OBJECT, .of = "CartoLocalisation" },
	{ .name = "nombreLieux", .kind = S_INT }, { 0 },
};

static const struct schema_member stats[] = {
	{ .name = "regions", .kind = S_OBJECT, .list = true, .of = "CartoRegion" },
	{ .name = "departements", .kind = S_OBJECT, .list = true, .of = "CartoDepartement" }, { 0 },
};

static const struct schema_member adresse[] = {
	TEXTE("numero_voie"), TEXTE("repetition"), TEXTE("nom_voie"), TEXTE("commune"),
	TEXTE("code_postal"), TEXTE("code_insee"), { 0 },
};

static const struct schema_member item[] = {
	TEXTE("id"), TEXTE("nom"),
	{ .name = "adresse", .kind = S_OBJECT, .of = "CartoAdresse" },
	TEXTE("region"), TEXTE("departement"), DEGRES("latitude"), DEGRES("longitude"),
	PEUT("distance"), PEUT("telephone"), PEUT("horaires"),
	{ .name = "isOpen", .kind = S_BOOL, .optional = true },
	{ .name = "isByAppointment", .kind = S_BOOL },
	{ .name = "isFranceServices", .kind = S_BOOL }, { .name = "isConum", .kind = S_BOOL }, { 0 },
};

static const struct schema_member lieux[] = {
	{ .name = "lieux", .kind = S_OBJECT, .list = true, .of = "CartoItem" },
	{ .name = "total", .kind = S_INT }, { 0 },
};

static const struct schema_member point[] = {
	TEXTE("id"), TEXTE("nom"), { .name = "latitude", .kind = S_REAL },
	{ .name = "longitude", .kind = S_REAL }, { 0 },
};

static const struct schema_member trouve[] = {
	TEXTE("id"), TEXTE("nom"), DEGRES("latitude"), DEGRES("longitude"),
	{ .name = "adresse", .kind = S_OBJECT, .of = "CartoAdresse" },
	TEXTE("code_postal"), TEXTE("code_insee"), TEXTE("commune"), { 0 },
};

static const struct schema_member services[] = {
	LISTE("competences"), LISTE("cultureNumerique"), LISTE("materielInformatique"), { 0 },
};

static const struct schema_member lieu[] = {
	TEXTE("id"), TEXTE("nom"), TEXTE("adresse"), TEXTE("region"), TEXTE("departement"),
	DEGRES("latitude"), DEGRES("longitude"), PEUT("osmOpeningHours"),
	{ .name = "isFranceServices", .kind = S_BOOL }, { .name = "isConum", .kind = S_BOOL },
	PEUT("telephone"), PEUT("courriel"), PEUT("siteInternet"), PEUT("accessibilite"),
	PEUT("priseRDV"), PEUT("description"), LISTE("labels"),
	{ .name = "services", .kind = S_OBJECT, .of = "CartoServices" },
	TEXTE("source"), TEXTE("dateMiseAJour"), LISTE("typesAccompagnement"),
	LISTE("publicsSpecifiques"), LISTE("prisesEnChargeSpecifiques"), LISTE("fraisACharge"),
	LISTE("modalitesAcces"),
	{ .name = "mediateurs", .kind = S_ANY, .list = true,
	  .about = N_("Toujours vide : les noms des professionnels ne sont pas publiés") }, { 0 },
};

static const struct schema_member lieu_de_mediateur[] = {
	TEXTE("id"), TEXTE("nom"), TEXTE("commune"), TEXTE("code_postal"), TEXTE("code_insee"),
	TEXTE("adresse"), { 0 },
};

static const struct schema_member mediateur[] = {
	{ .name = "prenom", .kind = S_TEXT, .about = N_("La fonction, jamais un prénom") },
	{ .name = "nom", .kind = S_TEXT, .about = N_("La structure, jamais un nom de personne") },
	{ .name = "lieux", .kind = S_OBJECT, .list = true, .of = "CartoLieuDeMediateur" }, { 0 },
};

static const struct schema_member sources[] = { LISTE("sources"), { 0 } };

const struct schema carto_schemas[] = {
	{ "CartoTotal", NULL, total }, { "CartoLocalisation", NULL, localisation },
	{ "CartoDepartement", NULL, departement }, { "CartoRegion", NULL, region },
	{ "CartoStats", NULL, stats }, { "CartoAdresse", NULL, adresse },
	{ "CartoItem", NULL, item }, { "CartoLieux", NULL, lieux }, { "CartoPoint", NULL, point },
	{ "CartoTrouve", NULL, trouve }, { "CartoServices", NULL, services },
	{ "CartoLieu", NULL, lieu }, { "CartoLieuDeMediateur", NULL, lieu_de_mediateur },
	{ "CartoMediateur", NULL, mediateur }, { "CartoSources", NULL, sources }, { 0 },
};
