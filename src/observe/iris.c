#include "observe/iris.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "observe/chiffre.h"
#include "observe/iris.sql.h"
#include "web/message.h"

bool iris_forme(const char *code)
{
	if (strlen(code) != IRIS_CODE || !isdigit((unsigned char)code[0]))
		return false;
	return (isdigit((unsigned char)code[1]) || code[1] == 'A' || code[1] == 'B')
	       && strspn(code + 2, "0123456789") == IRIS_CODE - 2;
}

static struct iris made(const struct iris_get_row *r)
{
	return (struct iris){ r->code, r->nom, r->commune, r->type ? *r->type : '\0',
		r->population_null ? NAN : r->population, r->annee_null ? 0 : (int)r->annee,
		r->latitude_null ? NAN : r->latitude, r->longitude_null ? NAN : r->longitude,
		r->source };
}

bool iris_find(struct db *db, struct arena *a, const char *code, struct iris *out, bool *found,
	       struct err *e)
{
	struct iris_get_row row;

	*found = false;
	if (!iris_forme(code))
		return true;
	if (!iris_get(db, a, code, &row, found, e))
		return false;
	if (*found)
		*out = made(&row);
	return true;
}

bool iris_of(struct db *db, struct arena *a, const char *commune, struct iris **out, size_t *n,
	     struct err *e)
{
	struct iris_rows_of_row *rows;

	if (!iris_rows_of(db, a, commune, &rows, n, e))
		return false;
	*out = NEW_ARRAY(a, *n + 1, struct iris);
	if (!*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < *n; i++) {
		const struct iris_rows_of_row *r = &rows[i];
		struct iris_get_row same = { .code = r->code, .commune = r->commune,
			.nom = r->nom, .type = r->type, .population = r->population,
			.population_null = r->population_null, .annee = r->annee,
			.annee_null = r->annee_null, .latitude = r->latitude,
			.latitude_null = r->latitude_null, .longitude = r->longitude,
			.longitude_null = r->longitude_null, .source = r->source };

		(*out)[i] = made(&same);
	}
	return true;
}

/* Insee, documentation of the IRIS (TYP_IRIS). */
const char *iris_type_mots(const struct lang *l, char type)
{
	switch (type) {
	case 'H':
		return tr(l, N_("Quartier d’habitation"));
	case 'A':
		return tr(l, N_("Quartier d’activité : plus d’emplois que d’habitants"));
	case 'D':
		return tr(l, N_("Grand espace peu habité : parc, port, forêt"));
	case 'Z':
		return tr(l, N_("Commune entière : l’Insee ne la découpe pas"));
	default:
		return "";
	}
}

const char *iris_nom(struct arena *a, const struct lang *l, const struct iris *i)
{
	return strcmp(i->nom, i->code) ? i->nom : message(a, l, N_("IRIS %1"), i->code);
}

const char *iris_habitants(struct arena *a, const struct lang *l, const struct iris *i)
{
	if (isnan(i->population))
		return tr(l, N_("Population non connue à cette échelle"));
	return i->annee
		? message(a, l, N_("%1 habitants en %2"), chiffre(a, l, i->population, 0),
			  arena_printf(a, "%d", i->annee))
		: message(a, l, N_("%1 habitants"), chiffre(a, l, i->population, 0));
}
