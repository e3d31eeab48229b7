/* tremplin identite check: is a provider of identity set as it should be? */
#pragma once

#include "core/command.h"

extern const struct command identite_commands[];
