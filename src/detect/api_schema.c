/* What /api/v1/reperage answers; the OpenAPI document derives from these tables. */
#include "detect/detect.h"

#include "core/lieu.h"

static const struct schema_member instrument_members[] = {
	{ .name = "id", .kind = S_TEXT },
	{ .name = "version", .kind = S_TEXT },
	{ .name = "titre", .kind = S_TEXT },
	{ .name = "items", .kind = S_ANY, .list = true,
	  .about = N_("Les questions, leurs options et leurs conditions : docs/instruments.md") },
	{ 0 },
};

static const struct schema_member besoin_members[] = {
	{ .name = "service", .kind = S_SLUG, .choices = lieu_services },
	{ .name = "valeur", .kind = S_VALUE, .choices = lieu_services },
	{ .name = "prise_en_charge", .kind = S_VALUE, .choices = lieu_prises_en_charge,
	  .optional = true },
	{ .name = "delai", .kind = S_TEXT, .about = N_("aujourdhui, semaine ou plus_tard") },
	{ .name = "dire", .kind = S_TEXT, .about = N_("Ce qu’on dit à la personne") },
	{ .name = "pourquoi", .kind = S_TEXT },
	{ 0 },
};

static const struct schema_member phrases_members[] = {
	{ .name = "titre", .kind = S_TEXT, .list = true },
	{ .name = "savez", .kind = S_TEXT, .list = true },
	{ .name = "bloque", .kind = S_TEXT, .list = true },
	{ .name = "peut", .kind = S_TEXT, .list = true },
	{ 0 },
};

static const struct schema_member diagnostic_members[] = {
	{ .name = "instrument", .kind = S_TEXT },
	{ .name = "version", .kind = S_TEXT },
	{ .name = "scores", .kind = S_ANY, .about = N_("Un nombre par score ; null quand trop peu est répondu") },
	{ .name = "profil", .kind = S_TEXT, .about = N_("Pour les professionnels ; « indetermine » quand trop peu est répondu") },
	{ .name = "profil_dit", .kind = S_TEXT },
	{ .name = "raisons", .kind = S_TEXT, .list = true },
	{ .name = "second", .kind = S_TEXT, .nullable = true, .about = N_("L’autre lecture possible") },
	{ .name = "second_raisons", .kind = S_TEXT, .list = true, .optional = true },
	{ .name = "marge", .kind = S_REAL, .nullable = true },
	{ .name = "part_repondue", .kind = S_REAL, .about = N_("De 0 à 1") },
	{ .name = "urgent", .kind = S_BOOL },
	{ .name = "besoins", .kind = S_OBJECT, .list = true, .of = "besoin", .about = N_("Trois au plus") },
	{ .name = "phrases", .kind = S_OBJECT, .of = "phrases" },
	{ .name = "avertissement", .kind = S_TEXT },
	{ 0 },
};

const struct schema detect_schemas[] = {
	{ "instrument", N_("Un questionnaire, tel que son fichier"), instrument_members },
	{ "diagnostic", N_("Ce qui suit des réponses"), diagnostic_members },
	{ "besoin", N_("Une proposition, et son pourquoi"), besoin_members },
	{ "phrases", N_("Ce qu’on dit à la personne"), phrases_members },
	{ 0 },
};
