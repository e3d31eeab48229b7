/* The commands "lieu map" (a mapping proposed for an unknown file) and "lieu mappings" (those
 * that there are). */
#pragma once

#include "core/command.h"

bool lieu_run_map(struct call *c, struct err *e);
bool lieu_run_mappings(struct call *c, struct err *e);
