/* The examination of a data folder. */
#pragma once

#include "core/command.h"

extern const struct command doctor_commands[];
