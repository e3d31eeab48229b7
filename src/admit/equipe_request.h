/* A verb of equipe.h, done by who asks a page. */
#pragma once

#include "admit/equipe.h"
#include "core/core.h"
#include "web/page.h"

typedef bool equipe_verb(struct equipe *q, void *arg, struct err *e);

/* Returns when it is on disk. */
bool equipe_do(struct req *r, equipe_verb *verb, void *arg, struct err *e);

/* The agent of the address (params[0]); E_DENIED when who asks does not answer for them. */
bool equipe_asked(struct req *r, struct db *db, struct agent *out, struct err *e);

/* The structure `id`, or where who asks works now when it is NULL; E_DENIED when they are
 * neither its referent nor an admin. */
bool equipe_structure(struct req *r, struct db *db, const char *id, struct structure *out,
		      struct err *e);

/* Mail is set up: invitations leave by it; else all are handed over on paper. */
bool mail_leaves(const struct req *r);

bool req_is_admin(const struct req *r);

/* "Changer les rôles · Amina Benali": a title that says of whom. */
const char *title_of(struct req *r, const char *title, const char *whom);

/* "Aidant, Médiateur", in the language of the page. */
const char *roles_text(struct req *r, unsigned roles);
/* "22 novembre 2026" from what the store keeps, in Paris. */
const char *day_text(struct req *r, const char *iso);
const char *commune_text(struct req *r, const char *code);      /* "Bondy (93140)"; NULL */
