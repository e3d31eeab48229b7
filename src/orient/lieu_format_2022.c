/*
 * The schema of 2022 (0.x): 15 services, lists with ';', publics_accueillis,
 * conditions_acces, labels_nationaux, accessibilite.
 */
#include <string.h>

#include "orient/lieu_format.h"

static const char *const columns[] = {
	"publics_accueillis", "conditions_acces", "conditions_access", "labels_nationaux",
	"labels_autres", "accessibilite", "courriel", NULL,
};

/* A sentence that only the values of 2022 begin with. */
static bool has_old_values(const char *list)
{
	return strstr(list, "Prendre en main un") || strstr(list, "Utiliser le num")
	       || strstr(list, "Approfondir ma culture") || strstr(list, "marches administratives avec")
	       || strstr(list, "Devenir autonome") || strstr(list, "der à ");
}

static bool fits(const struct lieu_row *row)
{
	if (!lieu_row_has(row, "nom"))
		return false;
	for (int i = 0; columns[i]; i++) {
		if (strcmp(columns[i], "courriel") && lieu_row_has(row, columns[i]))
			return true;
	}
	return has_old_values(lieu_row_get(row, "services"));
}

/* A list of addresses: ';' between them then, '|' now. */
static const char *with_bars(struct arena *a, const char *list)
{
	char *out;

	if (!strchr(list, ';'))
		return list;
	out = arena_alloc(a, strlen(list) + 1);
	for (size_t i = 0; out && list[i]; i++)
		out[i] = list[i] == ';' && (list[i + 1] == 'h' || strchr(list, '@')) ? '|'
			 : list[i];
	return out ? out : list;
}

static void migrate(struct lieu_mapping *m, const struct lieu_row *row, const char *column,
		    const char *field, struct lieu_draft *d)
{
	const char *list = lieu_row_get(row, column);

	if (*list)
		migrate_list(m, field, list, d);
}

/* "Everybody" was written by ticking every public: such a list does not say that a place
 * receives women only. */
static void drop_women_of_all(struct lieu_mapping *m, const char *list, struct lieu_draft *d)
{
	const char *out = "";

	if (!strstr(list, "Adultes") || !strstr(list, "Uniquement femmes"))
		return;
	for (const char *s = d->v[LIEU_PUBLICS]; *s;) {
		size_t n = strcspn(s, "|");

		if (strncmp(s, "Femmes", n))
			out = arena_printf(m->a, "%s%s%.*s", out, *out ? "|" : "", (int)n, s);
		s += n + (s[n] == '|');
	}
	d->v[LIEU_PUBLICS] = out;
	lieu_note(m->notes, m->line, "publics_accueillis", list, NOTE_RETIRE,
		  "« Uniquement femmes » avec « Adultes » : le lieu reçoit tout le monde");
}

static void map(struct lieu_mapping *m, const struct lieu_row *row, struct lieu_draft *d)
{
	lieu_format_102.map(m, row, d);
	d->v[LIEU_SERVICES] = d->v[LIEU_ACCOMPAGNEMENTS] = d->v[LIEU_TYPOLOGIE] = "";
	migrate(m, row, "services", "services", d);
	migrate(m, row, "modalites_accompagnement", "modalites_accompagnement", d);
	migrate(m, row, "typologie", "typologie", d);
	migrate(m, row, "publics_accueillis", "publics_accueillis", d);
	drop_women_of_all(m, lieu_row_get(row, "publics_accueillis"), d);
	migrate(m, row, "conditions_acces", "conditions_acces", d);
	migrate(m, row, "conditions_access", "conditions_acces", d);
	migrate(m, row, "labels_nationaux", "labels_nationaux", d);
	for (const char *s = lieu_row_get(row, "labels_autres"); *s;) {
		size_t n = strcspn(s, ";|");

		if (n)
			draft_add(m->a, d, LIEU_AUTRES_FORMATIONS, arena_strn(m->a, s, n));
		s += n + (s[n] != '\0');
	}
	if (lieu_row_has(row, "courriel"))
		d->v[LIEU_COURRIELS] = lieu_row_get(row, "courriel");
	if (lieu_row_has(row, "accessibilite"))
		d->v[LIEU_ACCES_LIBRE] = lieu_row_get(row, "accessibilite");
	d->v[LIEU_COURRIELS] = with_bars(m->a, d->v[LIEU_COURRIELS]);
	d->v[LIEU_SITE_WEB] = with_bars(m->a, d->v[LIEU_SITE_WEB]);
}

const struct lieu_format lieu_format_2022 = {
	"schema-2022", "schéma national 0.x, de 2022", fits, map, columns, NULL, false,
};
