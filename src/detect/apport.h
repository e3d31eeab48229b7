/*
 * Instruments from elsewhere, made into our file: an instrument JSON as it is, LimeSurvey
 * (.lss, XML; or its text form, tab separated), or a simple table (CSV or XLSX).  What the
 * other format cannot say is left to the author: the result is a draft to be read again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * Recognises what it is.  `name` is for messages, which begin with "NAME:" or "NAME:LINE:".
 * `langue`: which language of a survey that has several; NULL: its own.  *out: the JSON text
 * of an instrument.  E_INPUT: not one of these, or another version of LimeSurvey than we know.
 */
bool apport_read(struct arena *a, const char *name, const char *p, size_t n, const char *langue,
		 const char **out, struct err *e);
