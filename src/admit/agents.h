/* Structures and agents: their addresses. */
#pragma once

#include "web/route.h"

extern const struct route agents_routes[];
