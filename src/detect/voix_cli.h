#pragma once

#include "core/command.h"

/* tremplin diagnostic voix */
extern const struct command voix_commands[];
