/*
 * Instruments said aloud: a recording per question and language, by a person, or by a
 * machine for the time being; in French sign language, a video.  A recording holds for the
 * very words that were said (their SHA-256): when a sentence is corrected its voice is not
 * played any more, and the author's page says so.
 *
 * Bytes are files of the data folder, fichiers/voix-SHA256.ext, named by their content;
 * what they are is read from them (format/media.h), never from what a browser says.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "detect/instrument.h"
#include "format/media.h"
#include "store/db.h"

struct voix_langue {
	const char *tag;                /* "snk" */
	const char *nom;                /* N_(), in French: "soninké" */
	const char *propre;             /* its own name: "Sooninkanxanne" */
	const char *espeak;             /* voice of espeak-ng; NULL: it does not speak it */
	bool signes;                    /* seen, not heard */
	/* no written translation: the French words are said in it */
	bool orale;
};
extern const struct voix_langue voix_langues[];         /* ends with a NULL tag */
const struct voix_langue *voix_langue_find(const char *tag);    /* NULL */

enum { VOIX_MS_MOST = 3 * 60 * 1000, VOIX_DITS = 400 };

/* Something that is said: a question and its answers, the words of a grid, the beginning. */
struct voix_dit {
	const char *code;               /* id of the item or grid; "debut" */
	const char *titre;              /* a few words for it */
	const char *texte;              /* all that is said, a line each, in the language */
	int item;                       /* -1 */
	char empreinte[65];             /* SHA-256 of texte */
};

/* What is said of an instrument in a language (in French when that one is not written). */
bool voix_dits(struct arena *a, const struct instrument *in, const struct voix_langue *l,
	       struct voix_dit **out, size_t *n, struct err *e);

/* A recording that is there. */
struct voix {
	const char *code, *texte, *fichier, *le;
	const struct voix_langue *langue;
	enum media_type type;
	bool humaine;
	bool perimee;                   /* of words that have changed since */
	const char *empreinte;
	int64_t octets, ms;
};

/* All recordings of an instrument, those of other words too; by code, then language. */
bool voix_all(struct db *db, struct arena *a, const struct instrument *in, struct voix **out,
	      size_t *n, struct err *e);

/* The one that holds; NULL. */
const struct voix *voix_of(const struct voix *v, size_t n, const char *code, const char *langue);

/* --- writing ------------------------------------------------------------------------ */

struct voix_nouvelle {
	const struct instrument *in;
	const struct voix_langue *langue;
	const char *code;
	const void *p;
	size_t n;
	bool humaine, accord;
};

/*
 * Reads and keeps one recording, in place of the one that was there; a machine's never
 * takes the place of a person's (E_CONFLICT).  E_INPUT: not a recording, a sound where
 * signs are wanted or the other way, longer than VOIX_MS_MOST, a person's without consent,
 * an unknown code.  `out` (may be NULL): what it is.
 */
bool voix_save(struct store *s, const struct env *env, struct arena *a,
	       const struct voix_nouvelle *v, struct media *out, struct err *e);
/* E_MISSING when it is not there.  Its file goes with it, unless it also says something else. */
bool voix_remove(struct store *s, struct arena *a, const char *instrument, const char *code,
		 const char *langue, const char *empreinte, struct err *e);

/* Files that no recording names any more, an hour old at least; *n of them removed. */
bool voix_sweep(struct store *s, const struct env *env, size_t *n, struct err *e);

/* Opens the file of that name ("SHA256.ext"); -1 when there is none, or the name is not one. */
int voix_open(struct store *s, const char *name, enum media_type *type);
