#pragma once

#include "core/command.h"

extern const struct command indicateur_commands[];
