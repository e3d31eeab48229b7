/* A table that a module wrote as CSV, given as a file of the format that was asked. */
#pragma once

#include "base/buf.h"
#include "web/route.h"

/*
 * Answers with `csv` itself, or the same as a workbook (numbers are numbers; codes, the first
 * columns named code or niveau, stay text).  `nom`: of the file, without its end.  E_MISSING
 * for another format than "csv" and "xlsx".
 */
bool tableau_repondre(struct req *r, struct res *s, const struct buf *csv, const char *format,
		      const char *nom, struct err *e);
