/*
 * The list of the France services (ANCT, data.gouv.fr): hours in French text by day, no
 * SIRET.  What a labelled one offers is what its référentiel guarantees, no more
 * (data/migration_2022.csv, "labellisation").
 */
#include <string.h>

#include "orient/lieu_format.h"

static const char *const columns[] = {
	"id_fs", "lib_fs", "adresse", "complement_adresse", "insee_com", "code_postal", "lib_com",
	"latitude", "longitude", "mail", "telephone", "h_lundi", "h_mardi", "h_mercredi", "h_jeudi",
	"h_vendredi", "h_samedi", "h_dimanche", "commentaire", "itinerance", "labellisation",
	"date_maj", "site_web", NULL,
};

static bool fits(const struct lieu_row *row)
{
	return lieu_row_has(row, "id_fs") && lieu_row_has(row, "lib_fs");
}

/* A remark of which only "[téléphone]" is left says nothing. */
static const char *remark(const char *s)
{
	static const char *const empty[] = { "[téléphone]", "[courriel]" };

	for (size_t i = 0; i < 2; i++) {
		if (strcmp(s, empty[i]) == 0)
			return "";
	}
	return s;
}

static void map(struct lieu_mapping *m, const struct lieu_row *row, struct lieu_draft *d)
{
	static const struct { enum lieu_field f; const char *column; } same[] = {
		{ LIEU_ID, "id_fs" }, { LIEU_NOM, "lib_fs" }, { LIEU_ADRESSE, "adresse" },
		{ LIEU_COMPLEMENT, "complement_adresse" }, { LIEU_CODE_INSEE, "insee_com" },
		{ LIEU_CODE_POSTAL, "code_postal" }, { LIEU_COMMUNE, "lib_com" },
		{ LIEU_LATITUDE, "latitude" }, { LIEU_LONGITUDE, "longitude" },
		{ LIEU_COURRIELS, "mail" }, { LIEU_TELEPHONE, "telephone" },
		{ LIEU_DATE_MAJ, "date_maj" }, { LIEU_SITE_WEB, "site_web" },
	};
	static const char *const jours[7] = { "h_lundi", "h_mardi", "h_mercredi", "h_jeudi",
		"h_vendredi", "h_samedi", "h_dimanche" };

	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		d->v[same[i].f] = lieu_row_get(row, same[i].column);
	d->par_jour = true;
	for (int i = 0; i < 7; i++)
		d->jours[i] = lieu_row_get(row, jours[i]);
	d->v[LIEU_DETAIL] = remark(lieu_row_get(row, "commentaire"));
	migrate_list(m, "labellisation", lieu_row_get(row, "labellisation"), d);
	migrate_list(m, "itinerance", lieu_row_get(row, "itinerance"), d);
}

const struct lieu_format lieu_format_france_services = {
	"france-services", "liste des France services", fits, map, columns, "france_services", true,
};
