/* The exports of places over HTTP: /donnees/lieux/FICHIER?depuis=2026-11-01. */
#pragma once

#include "orient/lieu_export.h"
#include "web/route.h"

struct exports_in {
	const char *depuis;
};
extern const struct field exports_fields[];

bool lieu_export_page(struct req *r, struct res *s, struct err *e);
/* One place's hours, as a calendar. */

/* Writes what is asked to a file of DIR/tmp that has no name, and makes it the answer. */
bool lieu_export_answer(struct req *r, struct res *s, struct lieu_export_ask *ask, struct err *e);
