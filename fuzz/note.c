/* floor: 180 edges */
/*
 * Any bytes are a signed note, a key, a head, a proof of an act, a request to a witness, the
 * file of a witness or the path of a tile, or are refused in words.  What is read and written
 * again is the same; a proof that checks holds a record.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/journal_preuve.h"
#include "core/journal_temoin.h"
#include "core/journal_verif.h"

/* The key of the corpus: that of the documentation of golang.org/x/mod/sumdb/note. */
static const char vkey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

static void refused(const struct err *e)
{
	if (!e->msg[0])
		abort();
}

static void note_of(const char *p, size_t n, const struct note_key *k)
{
	CLEANUP(buf_free) struct buf b = buf_new(NOTE_MOST);
	struct err e = { 0 };
	struct note_head h;
	struct note note;

	if (!note_read(p, n, &note, &e)) {
		refused(&e);
		return;
	}
	if (note.ntext > n || note.n == 0 || note.n > NOTE_SIGNATURES)
		abort();
	note_verify(&note, k, NULL);
	if (!note_head_read(&note, &h, &e)) {
		refused(&e);
		return;
	}
	note_head_write(&h, &b);
	if (b.n > note.ntext || memcmp(b.p, note.text, b.n))
		abort();
}

static void key_of(const char *p, size_t n)
{
	char again[NOTE_KEY_TEXT];
	struct err e = { 0 };
	struct note_key k;

	if (!note_key_read(p, n, &k, &e)) {
		refused(&e);
		return;
	}
	note_key_write(&k, again);
	if (strlen(again) != n || memcmp(again, p, n))
		abort();
}

static void temoin_of(const char *p, size_t n, struct arena *a)
{
	CLEANUP(buf_free) struct buf b = buf_new(2 * TEMOIN_FILE);
	struct err e = { 0 };
	struct temoin_file t;

	if (!temoin_read(p, n, a, &t, &e)) {
		refused(&e);
		return;
	}
	if (!temoin_write(&t, &b, &e) || b.n != n || memcmp(b.p, p, n))
		abort();
}

static bool range(void *at, int64_t from, int64_t to)
{
	(void)at;
	if (from > to || from < 0)
		abort();
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	CLEANUP(arena_free) struct arena a = arena_new(1 << 20);
	const char *p = (const char *)bytes + 1;
	struct journal_growth *g = arena_alloc(&a, sizeof *g);
	struct journal_proof *proof = arena_alloc(&a, sizeof *proof);
	char again[TUILE_PATH];
	struct note_key k;
	struct err e = { 0 };
	uint64_t index;
	unsigned width;
	int level;

	if (!n || !note_key_read(vkey, strlen(vkey), &k, &e))
		return 0;
	n--;
	switch (bytes[0]) {
	case 'n':
		note_of(p, n, &k);
		break;
	case 'k':
		key_of(p, n);
		break;
	case 'p':
		if (!journal_proof_check(p, n, &k, &a, proof, &e))
			refused(&e);
		else if (!proof->record || proof->index >= proof->head.size)
			abort();
		break;
	case 'g':
		if (!journal_growth_read(p, n, g, &e))
			refused(&e);
		break;
	case 't':
		temoin_of(p, n, &a);
		break;
	case 'c':
		p = arena_strn(&a, p, n);
		if (tuile_path_read(p, &level, &index, &width)) {
			tuile_path(level, index, width, again);
			if (strcmp(again, p) || !width || width > TUILE)
				abort();
		}
		break;
	default:
		if (!journal_ranges_read(arena_strn(&a, p, n), range, NULL, &e))
			refused(&e);
	}
	return 0;
}
