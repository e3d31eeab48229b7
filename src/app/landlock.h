/* Landlock by its system calls: the headers of Debian 12 know only its first versions. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "app/sandbox.h"

int landlock_version(void);     /* of the kernel's interface; 0: none */

/* Only these paths; no TCP when the kernel can (version 4) and !network; no signal and no
 * abstract socket of others (version 6).  Needs no_new_privs. */
bool landlock_enter(int version, const struct sandbox_path *paths, bool network,
		    struct err *e);
