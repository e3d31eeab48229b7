/* Every module's tables: the one list that knows them all. */
#pragma once

#include "core/command.h"
#include "core/jeu.h"
#include "web/openapi_schema.h"
#include "web/route.h"

extern const struct route *const module_routes[];       /* ends with NULL */
extern const struct schema *const module_schemas[];     /* ends with NULL */
extern const struct command *const module_commands[];
/* core/effacement.h */   /* ends with NULL */
extern const struct effaceur *const module_effaceurs[];

extern jeu_liste *const module_jeux[];                  /* datasets; ends with NULL */

/* "GET /lieux public": every address, its method and its right, a line each. */
void modules_list(FILE *out);
