/* What an import kept of a source, field by field, for a coordinator. */
#include "orient/lieu_import.h"

/* How people call the fields, after "ont". */
static const char *const names[LIEU_FIELDS] = {
	[LIEU_ID] = "un identifiant de la source", [LIEU_PIVOT] = "un SIRET ou autre pivot",
	[LIEU_NOM] = "un nom", [LIEU_COMMUNE] = "une commune",
	[LIEU_CODE_POSTAL] = "un code postal", [LIEU_CODE_INSEE] = "un code INSEE",
	[LIEU_ADRESSE] = "une adresse", [LIEU_COMPLEMENT] = "un complément d’adresse",
	[LIEU_LATITUDE] = "une position exacte", [LIEU_TYPOLOGIE] = "un type de structure",
	[LIEU_TELEPHONE] = "un téléphone", [LIEU_COURRIELS] = "un courriel",
	[LIEU_SITE_WEB] = "un site web", [LIEU_HORAIRES] = "des horaires",
	[LIEU_RESUME] = "un résumé", [LIEU_DETAIL] = "une présentation",
	[LIEU_SOURCE] = "le nom de leur fournisseur",
	[LIEU_ITINERANCE] = "l’indication fixe ou itinérant",
	[LIEU_PARENTE] = "une structure parente", [LIEU_DATE_MAJ] = "une date de mise à jour",
	[LIEU_SERVICES] = "des services", [LIEU_PUBLICS] = "des publics particuliers",
	[LIEU_PRISES_EN_CHARGE] = "une prise en charge particulière",
	[LIEU_FRAIS] = "une indication de prix", [LIEU_DISPOSITIFS] = "un dispositif national",
	[LIEU_FORMATIONS] = "une formation ou un label",
	[LIEU_AUTRES_FORMATIONS] = "un autre label", [LIEU_ACCES] = "une façon d’y accéder",
	[LIEU_ACCOMPAGNEMENTS] = "une façon d’accompagner",
	[LIEU_ACCES_LIBRE] = "une fiche Accès libre",
	[LIEU_PRISE_RDV] = "une prise de rendez-vous en ligne",
};

/* Rounded down: a hundred means all of them. */
static size_t percent(size_t n, size_t all)
{
	return all ? 100 * n / all : 0;
}

static void print_field(FILE *out, const struct lieu_import_totals *t, int f, size_t all)
{
	const struct lieu_field_count *c = &t->champs[f];
	size_t lost = c->source > c->garde ? c->source - c->garde : 0;

	fprintf(out, "  %3zu %% ont %s", percent(c->garde, all), names[f]);
	if (c->garde < all && all - c->garde <= all / 10)
		fprintf(out, " (%zu sans)", all - c->garde);
	if (lost)
		fprintf(out, " ; %zu valeur%s de la source laissée%s de côté", lost,
			lost > 1 ? "s" : "", lost > 1 ? "s" : "");
	else if (c->garde > c->source && c->source)
		fprintf(out, " ; %zu trouvé%s ailleurs", c->garde - c->source,
			c->garde - c->source > 1 ? "s" : "");
	else if (c->garde > c->source)
		fprintf(out, " (trouvé ailleurs : la source ne le dit pas)");
	fputc('\n', out);
}

void lieu_bilan_print(FILE *out, const struct lieu_import_totals *t)
{
	size_t all = t->lus - t->refuses;
	const char *before = "  Absent de la source : ";

	if (!all)
		return;
	fprintf(out, "Sur %zu ligne%s qui donnent un lieu :\n", all, all > 1 ? "s" : "");
	for (int f = 0; f < LIEU_FIELDS; f++) {
		if (names[f] && (t->champs[f].garde || t->champs[f].source))
			print_field(out, t, f, all);
	}
	for (int f = 0; f < LIEU_FIELDS; f++) {
		if (!names[f] || t->champs[f].garde || t->champs[f].source)
			continue;
		fprintf(out, "%s%s", before, lieu_field_rules[f].name);
		before = ", ";
	}
	fputs(before[0] == ',' ? ".\n" : "", out);
}
