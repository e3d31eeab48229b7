#include "crypto/note.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "crypto/sha256.h"

static const char DASH[] = "\xe2\x80\x94 ";
enum { DASH_SIZE = sizeof DASH - 1, BASE64 = sodium_base64_VARIANT_ORIGINAL };

/* --- base64 with its padding ------------------------------------------------------------ */

static void put_base64(const void *p, size_t n, struct buf *b)
{
	char out[160];

	sodium_bin2base64(out, sizeof out, p, n, BASE64);
	buf_str(b, out);
}

bool note_base64_read(const char *p, size_t n, void *out, size_t room, size_t *size)
{
	const char *end;

	/* libsodium takes some bytes above 127 for letters */
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)p[i] > 0x7f)
			return false;
	}
	return !sodium_base642bin(out, room, p, n, NULL, size, &end, BASE64) && end == p + n;
}

void note_hash_write(const struct merkle_hash *h, struct buf *b)
{
	put_base64(h->b, sizeof h->b, b);
}

bool note_hash_read(const char *p, size_t n, struct merkle_hash *out)
{
	size_t size;

	return note_base64_read(p, n, out->b, sizeof out->b, &size) && size == sizeof out->b;
}

/* --- keys ------------------------------------------------------------------------------- */

/* Not empty, no plus, no control character, no space of any script (White_Space). */
static bool is_name(const char *p, size_t n)
{
	static const char *const spaces[] = {
		"\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9",
		"\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", NULL };

	if (!n || n >= NOTE_NAME || !utf8_valid(p, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c <= ' ' || c == '+' || c == 0x7f)
			return false;
		for (int k = 0; c >= 0x80 && spaces[k]; k++) {
			if (n - i >= strlen(spaces[k]) && !memcmp(p + i, spaces[k],
				strlen(spaces[k])))
				return false;
		}
		/* U+2000 to U+200A */
		if (c == 0xe2 && n - i >= 3 && p[i + 1] == '\x80'
			&& (unsigned char)p[i + 2] <= 0x8a)
			return false;
	}
	return true;
}

static uint32_t id_of(const struct note_key *k)
{
	unsigned char in[NOTE_NAME + 2 + BOX_PUBLIC], hash[SHA256_BYTES];
	size_t n = strlen(k->name);

	memcpy(in, k->name, n);
	in[n++] = '\n';
	in[n++] = (unsigned char)k->kind;
	memcpy(in + n, k->public, BOX_PUBLIC);
	sha256(in, n + BOX_PUBLIC, hash);
	return (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
}

static bool make(int kind, const char *name, size_t n, const unsigned char *public,
		 struct note_key *out, struct err *e)
{
	if (!is_name(name, n))
		return fail(e, E_INPUT, "Le nom d’une clé est un mot sans espace ni « + », comme "
			    "aide.exemple.fr/journal.");
	memset(out, 0, sizeof *out);
	memcpy(out->name, name, n);
	out->kind = kind;
	memcpy(out->public, public, BOX_PUBLIC);
	out->id = id_of(out);
	return true;
}

bool note_key_make(int kind, const char *name, const unsigned char public[BOX_PUBLIC],
		   struct note_key *out, struct err *e)
{
	return make(kind, name, strlen(name), public, out, e);
}

static bool bad_key(struct err *e)
{
	fail(e, E_INPUT, "Ce n’est pas la clé d’un journal ou d’un témoin.");
	return hint(e, "Elle a trois parties : NOM+8 chiffres hexadécimaux+base64 ; « tremplin journal "
		    "racine » l’écrit.");
}

bool note_key_read(const char *p, size_t n, struct note_key *out, struct err *e)
{
	const char *plus = memchr(p, '+', n);
	unsigned char key[1 + BOX_PUBLIC];
	char id[9];
	size_t name, size;

	if (!plus)
		return bad_key(e);
	name = (size_t)(plus - p);
	if (n - name < 11 || plus[9] != '+'
	    || !note_base64_read(plus + 10, n - name - 10, key, sizeof key, &size)
	    	|| size != sizeof key
	    || (key[0] != NOTE_LOG && key[0] != NOTE_WITNESS)
	    || !make(key[0], p, name, key + 1, out, e))
		return bad_key(e);
	snprintf(id, sizeof id, "%08x", (unsigned)out->id);
	return !memcmp(id, plus + 1, 8) || bad_key(e);
}

void note_key_write(const struct note_key *k, char out[NOTE_KEY_TEXT])
{
	unsigned char key[1 + BOX_PUBLIC] = { (unsigned char)k->kind };
	char text[64];

	memcpy(key + 1, k->public, BOX_PUBLIC);
	sodium_bin2base64(text, sizeof text, key, sizeof key, BASE64);
	snprintf(out, NOTE_KEY_TEXT, "%s+%08x+%s", k->name, (unsigned)k->id, text);
}

/* --- notes ------------------------------------------------------------------------------ */

static bool bad_note(struct err *e)
{
	return fail(e, E_INPUT, "Ce n’est pas une note signée.");
}

/* One line of signature, of any kind. */
static bool read_signature(const char *p, size_t n, struct note_signature *out)
{
	const char *space;
	unsigned char raw[NOTE_MOST];
	size_t size;

	if (n <= DASH_SIZE || memcmp(p, DASH, DASH_SIZE))
		return false;
	out->line = p;
	out->nline = n;
	out->name = p + DASH_SIZE;
	space = memchr(out->name, ' ', n - DASH_SIZE);
	if (!space)
		return false;
	out->nname = (size_t)(space - out->name);
	if (!is_name(out->name, out->nname)
	    || !note_base64_read(space + 1, (size_t)(p + n - space - 1), raw, sizeof raw,
	    	&size) || size < 5)
		return false;
	out->id = (uint32_t)raw[0] << 24 | (uint32_t)raw[1] << 16 | (uint32_t)raw[2] << 8 | raw[3];
	out->nbytes = size - 4;
	if (out->nbytes <= sizeof out->bytes)
		memcpy(out->bytes, raw + 4, out->nbytes);
	return true;
}

/* The text ends at the last empty line. */
static size_t text_end(const char *p, size_t n)
{
	for (size_t i = n; i-- > 1;) {
		if (p[i] == '\n' && p[i - 1] == '\n')
			return i;
	}
	return 0;
}

bool note_read(const char *p, size_t n, struct note *out, struct err *e)
{
	const char *end = p + n;

	*out = (struct note){ .text = p };
	if (n < 2 || n > NOTE_MOST || p[n - 1] != '\n' || !utf8_valid(p, n))
		return bad_note(e);
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)p[i] < ' ' && p[i] != '\n')
			return bad_note(e);
	}
	out->ntext = text_end(p, n);
	if (!out->ntext || out->ntext + 1 == n)
		return bad_note(e);
	for (p += out->ntext + 1; p < end;) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));

		if (!stop || out->n == NOTE_SIGNATURES
		    || !read_signature(p, (size_t)(stop - p), &out->signatures[out->n++]))
			return bad_note(e);
		p = stop + 1;
	}
	return true;
}

static int64_t time_of(const unsigned char *p)
{
	uint64_t t = 0;

	for (int i = 0; i < 8; i++)
		t = t << 8 | p[i];
	return t > INT64_MAX ? -1 : (int64_t)t;
}

static bool is_right(const struct note *note, const struct note_signature *s,
		     const struct note_key *k, int64_t *time)
{
	CLEANUP(buf_free) struct buf b = buf_new(NOTE_MOST + 64);

	if (k->kind == NOTE_LOG)
		return s->nbytes == BOX_SIGNATURE
		       && signature_is(s->bytes, note->text, note->ntext, k->public);
	if (s->nbytes != 8 + BOX_SIGNATURE || time_of(s->bytes) < 0)
		return false;
	*time = time_of(s->bytes);
	note_witness_text(*time, note->text, note->ntext, &b);
	return !b.full && signature_is(s->bytes + 8, b.p, b.n, k->public);
}

enum note_verdict note_verify(const struct note *note, const struct note_key *k,
			      int64_t *time)
{
	enum note_verdict said = NOTE_UNSIGNED;
	int64_t at = 0;

	for (size_t i = 0; i < note->n; i++) {
		const struct note_signature *s = &note->signatures[i];

		if (s->id != k->id || s->nname != strlen(k->name)
		    || memcmp(s->name, k->name, s->nname))
			continue;
		if (!is_right(note, s, k, &at))
			return NOTE_FORGED;
		said = NOTE_SIGNED;
		if (time)
			*time = at;
	}
	return said;
}

void note_witness_text(int64_t time, const char *text, size_t n, struct buf *b)
{
	buf_str(b, "cosignature/v1\ntime ");
	buf_int(b, time);
	buf_char(b, '\n');
	buf_add(b, text, n);
}

void note_signature_write(const struct note_key *k, int64_t time,
			  const unsigned char signature[BOX_SIGNATURE], struct buf *b)
{
	unsigned char raw[4 + 8 + BOX_SIGNATURE];
	size_t n = 0;

	for (int i = 24; i >= 0; i -= 8)
		raw[n++] = (unsigned char)(k->id >> i);
	for (int i = 56; k->kind == NOTE_WITNESS && i >= 0; i -= 8)
		raw[n++] = (unsigned char)(time >> i);
	memcpy(raw + n, signature, BOX_SIGNATURE);
	buf_str(b, DASH);
	buf_str(b, k->name);
	buf_char(b, ' ');
	put_base64(raw, n + BOX_SIGNATURE, b);
	buf_char(b, '\n');
}

/* --- heads ------------------------------------------------------------------------------ */

static bool bad_head(struct err *e)
{
	return fail(e, E_INPUT, "Cette note signée n’est pas la tête d’un journal.");
}

/* A whole number as a head writes it: no sign, no zero in front, below 2^63. */
static bool read_size(const char *p, size_t n, uint64_t *out)
{
	*out = 0;
	if (!n || n > 18 || (n > 1 && *p == '0'))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(p[i] - '0');
	}
	return true;
}

bool note_head_read(const struct note *note, struct note_head *out, struct err *e)
{
	const char *line[3], *p = note->text, *end = note->text + note->ntext;
	size_t n[3];

	memset(out, 0, sizeof *out);
	for (int i = 0; i < 3; i++) {
		const char *stop = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;

		if (!stop || stop == p)
			return bad_head(e);
		line[i] = p;
		n[i] = (size_t)(stop - p);
		p = stop + 1;
	}
	/* extension lines are never empty */
	if (p < end && (*p == '\n' || memmem(p, (size_t)(end - p), "\n\n", 2)))
		return bad_head(e);
	if (n[0] >= sizeof out->origin || !read_size(line[1], n[1], &out->size)
	    || !note_hash_read(line[2], n[2], &out->root))
		return bad_head(e);
	memcpy(out->origin, line[0], n[0]);
	return true;
}

void note_head_write(const struct note_head *h, struct buf *b)
{
	buf_str(b, h->origin);
	buf_char(b, '\n');
	buf_int(b, (int64_t)h->size);
	buf_char(b, '\n');
	note_hash_write(&h->root, b);
	buf_char(b, '\n');
}
