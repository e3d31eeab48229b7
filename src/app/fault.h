/*
 * What a process of ours does when it was hijacked: built only into the program that
 * tests/confined makes (-DTREMPLIN_FAULT), never into the one that is installed.
 */
#pragma once

#ifdef TREMPLIN_FAULT

#include "web/route.h"

/* GET /faute?quoi=NAME tries one thing inside a handler and says "fait" or the error. */
extern const struct route fault_routes[];

/*
 * TREMPLIN_FAULT_FREE is set: nothing is confined, so that the tests are seen to fail.
 * Asked just before the lock is closed; a thread of 30 ms is started then.
 */
int fault_is_free(void);

/* TREMPLIN_FAULT_LANDLOCK=2: no later version of its interface is used than Debian 12 has. */
int fault_landlock(int version);

/* In a process of its own, once confined: tries everything and writes it in the log. */
void fault_role(const char *role, const char *dir);

#else
#define fault_is_free() 0
#define fault_landlock(version) (version)
#define fault_role(role, dir) ((void)(role), (void)(dir))
#endif
