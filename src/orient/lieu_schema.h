/* The national schema 1.0.2 as a Table Schema (frictionless 1), with the constraints of the
 * standard (LaMednum/standard-mediation-num, schema.json v1.0.2). */
#pragma once

#include "base/buf.h"

void lieu_schema(struct buf *out, const char *adresse);
