/* tremplin serve and tremplin demo. */
#pragma once

#include "core/command.h"

extern const struct command serve_commands[];
