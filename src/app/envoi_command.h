/* tremplin envoi ... : what waits, what left, a trial, gateways. */
#pragma once

#include "core/command.h"

extern const struct command envoi_commands[];
extern const struct command passerelle_commands[];
