/* Commands that look after a data folder: backup, restore, migrate. */
#pragma once

#include "core/command.h"

extern const struct command entretien_commands[];       /* ends with NULL words */
