/* "personne export", "personne efface": what is kept of somebody, given back or erased. */
#pragma once

#include "core/command.h"

extern const struct command personne_commands[];
