/* What the cover screen and the change of agent share. */
#pragma once

#include "admit/garde.h"

struct place_in { int64_t place; };
extern const struct field place_fields[];

bool garde_cover(struct req *r, const char *session, struct err *e);
/* Are sessions suspended on this browser? */
bool poste_has_any(struct req *r);

handler changer_get, changer_post, revenir_post, prenom_post;
