/*
 * Signed notes and what transparency logs write in them, as C2SP says:
 *	signed-note, tlog-checkpoint, tlog-cosignature (Ed25519, 0x04)   https://c2sp.org
 * Read as if from an enemy (fuzz/note.c).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "crypto/box.h"
#include "crypto/merkle.h"

enum {
	NOTE_NAME = 200, NOTE_SIGNATURES = 32, NOTE_MOST = 16 << 10,
	NOTE_LOG = 1,                   /* the log itself signs the text */
	NOTE_WITNESS = 4,               /* a witness signs the time and the text */
	NOTE_KEY_TEXT = NOTE_NAME + 80,
};

struct note_key {
	char name[NOTE_NAME];
	uint32_t id;                    /* from the name, the kind and the key */
	int kind;                       /* NOTE_LOG, NOTE_WITNESS */
	unsigned char public[BOX_PUBLIC];
};

/* E_INPUT when the name is empty, long, or holds a space, a + or a control character. */
bool note_key_make(int kind, const char *name, const unsigned char public[BOX_PUBLIC],
		   struct note_key *out, struct err *e);
/* "NAME+0123abcd+BASE64" of n bytes. */
bool note_key_read(const char *p, size_t n, struct note_key *out, struct err *e);
void note_key_write(const struct note_key *k, char out[NOTE_KEY_TEXT]);

struct note_signature {
	const char *line;               /* whole, without its line end */
	size_t nline;
	const char *name;
	size_t nname;
	uint32_t id;
	unsigned char bytes[8 + BOX_SIGNATURE];         /* when nbytes fits; else of another kind */
	size_t nbytes;
};

struct note {
	const char *text;               /* borrowed; with its last line end */
	size_t ntext;
	struct note_signature signatures[NOTE_SIGNATURES];
	size_t n;
};

/* E_INPUT when these bytes are no signed note.  Nothing is verified yet. */
bool note_read(const char *p, size_t n, struct note *out, struct err *e);

enum note_verdict {
	NOTE_UNSIGNED,                  /* this key has not signed */
	NOTE_SIGNED,
	NOTE_FORGED,                    /* a signature says it is of this key, and is not */
};
/* `time` (may be NULL): of a witness's signature, seconds since 1970. */
enum note_verdict note_verify(const struct note *note, const struct note_key *k,
			      int64_t *time);

struct note_head {
	char origin[NOTE_NAME];
	uint64_t size;
	struct merkle_hash root;
};

/* The three lines of a checkpoint; lines after them are left alone.  E_INPUT. */
bool note_head_read(const struct note *note, struct note_head *out, struct err *e);
/* The three lines: what is signed. */
void note_head_write(const struct note_head *h, struct buf *b);

/* What a witness signs: "cosignature/v1", the time, the text. */
void note_witness_text(int64_t time, const char *text, size_t n, struct buf *b);
/* A line of signature and its line end; `time` is for a witness. */
void note_signature_write(const struct note_key *k, int64_t time,
			  const unsigned char signature[BOX_SIGNATURE], struct buf *b);

/* Base64 with its padding (RFC 4648 4), strictly. */
bool note_base64_read(const char *p, size_t n, void *out, size_t room, size_t *size);
void note_hash_write(const struct merkle_hash *h, struct buf *b);      /* base64 */
bool note_hash_read(const char *p, size_t n, struct merkle_hash *out);
