/*
 * Agents of a structure from a table: prenom, nom, courriel, role.  What can be taken is
 * invited in one transaction; what cannot is told line by line, and taken the next time.
 */
#pragma once

#include "admit/equipe.h"

enum { IMPORT_MOST = 500 };

struct import_line {
	long line;                      /* in the file, from 1 */
	struct invitation i;
	struct lien_secret s;           /* drawn for who may need it */
	struct invited out;             /* when refus is NULL, after import_write */
	const char *refus;              /* a sentence; NULL: taken */
};

struct import {
	struct import_line *lines;
	size_t n;
	size_t invited, known, refused; /* after import_write */
};

/*
 * Reads the table; `name` stands before messages.  Lines that cannot be invited have their
 * `refus`: a name or a role that is missing, a role that is none, an address that is none,
 * somebody that an earlier line named.  Several roles of one agent are joined by | or +.
 * E_INPUT when it is no table, lacks a column, has no line or more than IMPORT_MOST.
 */
bool import_read(struct arena *a, const struct lang *lang, const char *name, const char *text,
		 size_t n, const char *structure, struct import *out, struct err *e);

/* A link for each line that is left.  Outside of the job. */
bool import_draw(struct signer *s, const struct env *env, struct import *m, struct err *e);

/* Invites; in a job.  A refusal of one line does not stop the others. */
bool import_write(struct equipe *q, struct import *m, struct err *e);
