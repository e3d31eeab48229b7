/*
 * The nearest places that fit, as data: one shape for the command line and the API.
 */
#pragma once

#include "core/command.h"
#include "core/lieu.h"
#include "format/json.h"

/* {"lieux":[{"id","nom","distance_m","ouvert",...}]}: `ouvert` is true, false or null (not
 * known) at the moment that was asked, else now. */
void orientation_json(struct json_out *j, const struct lieu_result *found, size_t n);

extern const struct command orientation_commands[];
