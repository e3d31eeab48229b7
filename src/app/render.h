/* The process that makes PDF with another program. */
#pragma once

#include <stdbool.h>

struct role_place;

bool render_is_possible(void);          /* the program is installed */
void render_run(const struct role_place *place);
