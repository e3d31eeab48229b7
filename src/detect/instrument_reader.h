/*
 * Inside the reader of instruments: where we are in the file, members by type, and the
 * parts of an instrument.  Every function that gives false has filled r->e with
 * "FILE:LINE: path : what", and the path stays where it went wrong.
 */
#pragma once

#include "detect/instrument.h"

enum { READER_PATH = 200 };

typedef const json_t node;              /* read, never changed */

struct reader {
	struct arena *a;
	struct instrument *in;
	const char **textes;            /* filled as in->textes */
	struct expression_item *names;  /* the items as expressions know them, then "profil" */
	const char **score_names;
	node *items;                    /* "items" of the file */
	struct item *list;              /* filled as in->items */
	struct groupe *groupes;         /* filled as in->groupes */
	char path[READER_PATH];
	struct err *e;
};

enum need { MAY, MUST };

/* Goes into a member, or into an element of a list; gives what reader_leave needs. */
size_t reader_enter(struct reader *r, const char *member, int index);
void reader_leave(struct reader *r, size_t before);

bool reader_refuse(struct reader *r, const char *fmt, ...) PRINTF(2, 3);
bool reader_refuse_member(struct reader *r, const char *member, const char *what);

/* Refuses what is no object, and a member that is not among the words of `known`. */
bool reader_knows(struct reader *r, node *o, const char *known);

/* A text; one that people read (translated, looked over); a name of a-z, 0-9 and _. */
bool reader_text(struct reader *r, node *o, const char *member, enum need need,
		 const char **out);
bool reader_words(struct reader *r, node *o, const char *member, enum need need,
		  const char **out);
bool reader_name(struct reader *r, node *o, const char *member, const char **out);

/* A number of min to max; `absent` INFINITY: it must be there. */
bool reader_number(struct reader *r, node *o, const char *member, double absent, double min,
		   double max, double *out);
bool reader_flag(struct reader *r, node *o, const char *member, bool *out);
bool reader_list(struct reader *r, node *o, const char *member, enum need need, size_t most,
		 node **out, int *n);
bool reader_expression(struct reader *r, node *o, const char *member, enum need need,
		       enum expression_type type, const struct expression_scope *scope,
		       const struct expression **out);

/* A word of a closed list, a choice of a national enumeration, items: as indexes. */
bool reader_word(struct reader *r, node *o, const char *member, const char *const *words,
		 int *out);
bool reader_choice(struct reader *r, node *o, const char *member, enum need need,
		   const struct choice *table, int *out);
bool reader_items(struct reader *r, node *o, const char *member, enum need need,
		  const int **out, int *n);
int reader_class(const struct instrument *in, const char *id);          /* -1 */

/* The parts, in the order in which they must be read. */
bool read_items(struct reader *r, node *root);
bool read_pages(struct reader *r, node *root);
bool read_scores(struct reader *r, node *root);
bool read_typology(struct reader *r, node *root);
bool read_directions(struct reader *r, node *root);
bool read_phrases(struct reader *r, node *root);
