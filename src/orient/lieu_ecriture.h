/*
 * One format of the export of places, as lieu_export.c drives it: the head, each place, each
 * place that left, the end.  What is in `b` goes to the file after each call.
 */
#pragma once

#include <stdio.h>

#include "orient/lieu_export.h"

struct xlsx;
struct lieux_sortis_row;
struct zone;

struct ecriture {
	const struct lieu_export_ask *ask;
	struct buf b;
	struct arena a;                 /* emptied after each place */
	FILE *out;
	size_t n;                       /* places and departures written in the list that is open */
	int pass;                       /* of a format that reads the places several times */
	struct xlsx *x;
	const struct lieux_sortis_row *parti;   /* who left, while gone() is told */
	bool departures;                /* the sheet of those that left is open */
	const struct zone *zones[16];   /* that a calendar has told so far */
	size_t nzones;
	struct ics_memoire *souvenirs;  /* years that a calendar has read */
	int64_t today;                  /* days since 1970, in Paris */
};

struct lieu_ecriture {
	int passes;                     /* 0: one */
	bool (*begin)(struct ecriture *w, struct err *e);       /* of each pass */
	/* false without an error: this place is not for this format, and is counted */
	bool (*one)(struct ecriture *w, const struct lieu *l, struct err *e);
	/* NULL: the format has no word for it */
	bool (*gone)(struct ecriture *w, const char *id, const char *day, struct err *e);
	bool (*end)(struct ecriture *w, struct err *e);
};

extern const struct lieu_ecriture ecriture_csv, ecriture_json, ecriture_geojson, ecriture_xlsx,
	ecriture_inclusion, ecriture_structures, ecriture_services, ecriture_structures_csv,
	ecriture_services_csv, ecriture_vcard, ecriture_ics, ecriture_etendu_csv,
	ecriture_etendu_json;

/* {"id","date_maj"} of a place that left, alone or in a list ("," before it when needed). */
void ecriture_gone(struct ecriture *w, const char *id, const char *day);

/* "BASE/lieux/ID" in w->a; "" without an address. */
const char *ecriture_page(struct ecriture *w, const struct lieu *l);

/* The first value of a list joined by '|' that `good` accepts, in w->a; NULL. */
const char *ecriture_first(struct ecriture *w, const char *list, bool (*good)(const char *));
bool ecriture_is_url(const char *s);    /* http(s), of at most 2083 bytes, no space */
bool ecriture_is_email(const char *s);
