/* Accompagner: doing with, acting for; and the space of the person. */
#pragma once

#include "core/command.h"
#include "core/core.h"
#include "web/route.h"

extern const struct route usager_routes[], mandat_routes[], espace_routes[],
	federation_routes[];
extern const struct command federation_commands[];

/* What need not be done at once: answers by SMS, ends, reminders.  From a thread of its own,
 * several times a second. */
void accompany_tend(struct core *core);
