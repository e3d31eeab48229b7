/*
 * Repérer: the diagnostic engine and the page "Faire le point".  The module's tables, as
 * app/ takes them.
 */
#pragma once

#include "core/command.h"
#include "web/openapi_schema.h"
#include "web/route.h"

extern const struct route detect_routes[];
extern const struct command detect_commands[];
extern const struct schema detect_schemas[];            /* ends with a NULL name */
