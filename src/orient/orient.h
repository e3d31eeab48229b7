/* The tables of the module that finds places. */
#pragma once

#include "core/command.h"
#include "web/route.h"

extern const struct route orient_routes[];
