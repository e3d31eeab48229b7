/*
 * The open API of the observatory: one territory with all that is measured of it, the methods
 * of index, the scores of one with anybody's weights, and the computation of one score.
 */
#pragma once

#include "web/openapi_schema.h"
#include "web/route.h"

extern const struct route indice_api_routes[];
extern const struct schema indice_schemas[];
