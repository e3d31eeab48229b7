/*
 * Inside the reader of methods: where we are in the file, and members by type.  Every
 * function that gives false has filled r->e with "FILE:LINE: path : what".
 */
#pragma once

#include "format/json.h"
#include "observe/methode.h"

enum { METHODE_PATH = 300 };

struct methode_reader {
	struct arena *a;
	struct methode *m;
	const char *text;               /* the file itself: for lines */
	size_t size;
	char path[METHODE_PATH];
	struct err *e;
};

typedef const json_t node;              /* read, never changed */

/* Goes into a member, or into an element of a list; gives what methode_leave needs. */
size_t methode_enter(struct methode_reader *r, const char *member, int index);
void methode_leave(struct methode_reader *r, size_t before);

bool methode_refuse(struct methode_reader *r, const char *fmt, ...) PRINTF(2, 3);
bool methode_refuse_member(struct methode_reader *r, const char *member, const char *fmt, ...)
	PRINTF(3, 4);

/* Refuses what is no object, and a member that is not among the words of `known`. */
bool methode_knows(struct methode_reader *r, node *o, const char *known);

/* A text; `absent` when it is not there, NULL: it must be. */
bool methode_text(struct methode_reader *r, node *o, const char *member, const char *absent,
		  const char **out);
/* A text of `letters`, at most 60 of them, that begins with a letter. */
bool methode_name(struct methode_reader *r, node *o, const char *member, const char *letters,
		  const char **out);
/* One of the words (NULL at the end), as its index; `absent` -1: it must be there. */
bool methode_word(struct methode_reader *r, node *o, const char *member,
		  const char *const *words, int absent, int *out);
/* A number of min to max; `absent` INFINITY: it must be there. */
bool methode_number(struct methode_reader *r, node *o, const char *member, double absent,
		    double min, double max, double *out);
bool methode_flag(struct methode_reader *r, node *o, const char *member, bool absent,
		  bool *out);
/* Numbers, `least` to `most` of them; none (n 0) when the member is absent. */
bool methode_numbers(struct methode_reader *r, node *o, const char *member, int least, int most,
		     double *out, int *n);

/* The parts (methode_arbre.c). */
bool methode_norme(struct methode_reader *r, node *o, struct norme *out);
bool methode_arbre(struct methode_reader *r, node *list, int groupe, const struct norme *norme);
