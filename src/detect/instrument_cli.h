/* Commands about instruments and what was answered; `score` and `check` are in detect.h. */
#pragma once

#include "core/command.h"

extern const struct command instrument_commands[];
