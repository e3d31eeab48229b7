/*
 * observer: indicators, indices, estimates, maps, open data.  The module's tables, that
 * app/ gathers.
 */
#pragma once

#include "core/command.h"

extern const struct command indice_commands[], estimation_commands[],
	observatoire_commands[], secret_commands[];
