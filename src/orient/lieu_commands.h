/* lieu import, lieu export, lieu publier, lieu proteger. */
#pragma once

#include "core/command.h"

extern const struct command lieu_commands[];
