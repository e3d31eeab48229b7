/*
 * Where a value stands in the text of a JSON document, so that an error about it can say
 * FILE:LINE.  The document must have been accepted by json_read before.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Line, from 1, where the value at `path` begins ("items[3].options[1].si"; "" is the
 * document itself).  When the path leads nowhere, the line of its last part that exists.
 */
long json_line(const char *text, size_t n, const char *path);

/* Names the file in what json_read has refused: "JSON:2: ..." becomes "FILE:2: ...".
 * Returns false. */
bool json_refused_in(struct err *e, const char *file);
