/*
 * The 32 fields of the national schema 1.0.2 as texts, in the schema's order: what imports
 * fill and exports write.  A list is joined by '|', a field that is absent is "".
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "core/lieu.h"

enum lieu_field {
	LIEU_ID, LIEU_PIVOT, LIEU_NOM, LIEU_COMMUNE, LIEU_CODE_POSTAL, LIEU_CODE_INSEE,
	LIEU_ADRESSE, LIEU_COMPLEMENT, LIEU_LATITUDE, LIEU_LONGITUDE, LIEU_TYPOLOGIE,
	LIEU_TELEPHONE, LIEU_COURRIELS, LIEU_SITE_WEB, LIEU_HORAIRES, LIEU_RESUME,
	LIEU_DETAIL, LIEU_SOURCE, LIEU_ITINERANCE, LIEU_PARENTE, LIEU_DATE_MAJ,
	LIEU_SERVICES, LIEU_PUBLICS, LIEU_PRISES_EN_CHARGE, LIEU_FRAIS, LIEU_DISPOSITIFS,
	LIEU_FORMATIONS, LIEU_AUTRES_FORMATIONS, LIEU_ACCES, LIEU_ACCOMPAGNEMENTS,
	LIEU_ACCES_LIBRE, LIEU_PRISE_RDV, LIEU_FIELDS
};

enum lieu_field_kind {
	LIEU_LINE,      /* one line of text */
	LIEU_TEXT,      /* several lines */
	LIEU_NUMBER,    /* degrees, a point for the decimals */
	LIEU_DATE,      /* YYYY-MM-DD */
	LIEU_LIST,      /* free values joined by '|' */
	LIEU_CHOICES,   /* values of an enumeration joined by '|' */
};

struct lieu_field_rule {
	const char *name;               /* as the schema writes it */
	enum lieu_field_kind kind;
	const struct choice *choices;   /* of LIEU_CHOICES */
};

extern const struct lieu_field_rule lieu_field_rules[LIEU_FIELDS];

/* The values of a place, by field; those that must be made (lists, numbers) live in `a`.
 * The position of a place that only borrowed that of its commune is absent: no source
 * gave it. */
void lieu_values(struct arena *a, const struct lieu *l, const char *v[LIEU_FIELDS]);
