/* `lieu match`, `lieu absence`: declared in lieu_commands.c. */
#pragma once

#include "core/command.h"

bool rapprochement_command(struct call *c, struct err *e);
bool absence_command(struct call *c, struct err *e);
