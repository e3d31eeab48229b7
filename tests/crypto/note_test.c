#include "tests/test.h"

#include "crypto/note.h"

static bool reads(const char *s, struct note *out)
{
	struct err e = { 0 };

	return note_read(s, strlen(s), out, &e);
}

/* The example of C2SP tlog-cosignature: who signs, and when the witness says that it did. */
static const char example[] =
	"example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
	"— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzG"
	"ku9nTo+zyWE+xeMcTOAYQ8=\n"
	"— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1"
	"nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

TEST("the specification's example of a cosigned head is read, with the time of its witness")
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 10);
	static const char message[] = "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
		"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
	struct note note;
	struct note_head head;
	struct err e = { 0 };
	uint64_t time = 0;

	holds(reads(example, &note));
	accepts(note_head_read(&note, &head, &e), &e);
	same(head.origin, "example.com/behind-the-sofa");
	equals(head.size, 20852163);
	equals(note.n, 2);
	equals(note.signatures[0].id, 0x033de0ae);
	equals(note.signatures[0].nbytes, 64);
	equals(note.signatures[1].id, 0x8d66cf3f);
	equals(note.signatures[1].nbytes, 72);
	for (int i = 0; i < 8; i++)
		time = time << 8 | note.signatures[1].bytes[i];
	equals(time, 1679315147);
	note_witness_text((int64_t)time, note.text, note.ntext, &b);
	same(buf_text(&b), message);
}

/* The key of the specification of signed notes (its example is signed with it). */
TEST("a key is written NAME, eight digits and base64, and only so")
{
	static const char go[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
	static const char *const wrong[] = {
		"", "+", "a+b", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
		"PeterNeumann+c74f20a3+BRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", NULL };
	char again[NOTE_KEY_TEXT];
	struct note_key k;
	struct err e = { 0 };

	/* from the documentation of golang.org/x/mod/sumdb/note */
	accepts(note_key_read(go, strlen(go), &k, &e), &e);
	equals(k.id, 0xc74f20a3);
	note_key_write(&k, again);
	same(again, go);
	for (int i = 0; wrong[i]; i++)
		refuses(E_INPUT, note_key_read(wrong[i], strlen(wrong[i]), &k, &e), &e);
}

/* Signed with that key, in the same documentation. */
TEST("the note that Go's documentation signs is verified, and no other text with it")
{
	static const char vkey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
	char text[] = "If you think cryptography is the answer to your problem,\n"
		"then you don't know what your problem is.\n\n"
		"— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
	struct note_key k;
	struct note note;
	struct err e = { 0 };

	accepts(note_key_read(vkey, strlen(vkey), &k, &e), &e);
	holds(reads(text, &note));
	equals(note_verify(&note, &k, NULL), NOTE_SIGNED);
	text[3] = 'Y';
	holds(reads(text, &note));
	equals(note_verify(&note, &k, NULL), NOTE_FORGED);
	text[3] = 'y';
	k.id ^= 1;
	equals(note_verify(&note, &k, NULL), NOTE_UNSIGNED);
}

TEST("base64 is of its own letters: libsodium takes some other bytes for them")
{
	unsigned char out[64];
	char text[] = "kV4BWxKz4YdwFOu5JkkF20k9IAjecCwNjPvtd9x/VMk=";
	char url[] = "kV4BWxKz4YdwFOu5JkkF20k9IAjecCwNjPvtd9x_VMk";
	size_t n;

	holds(note_base64_read(text, strlen(text), out, sizeof out, &n));
	equals(n, 32);
	for (int c = 1; c < 256; c++) {
		bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		text[9] = url[9] = (char)c;
		equals(note_base64_read(text, 44, out, sizeof out, &n), letter || c == '+' || c == '/');
		equals(base64_read(url, 43, out, sizeof out, &n), letter || c == '-' || c == '_');
	}
}

TEST("what is no signed note, or no head, is refused")
{
	static const char *const notes[] = {
		"", "\n", "a\n", "a\n\n", "a\n\n— b\n", "a\n\n- b AAAAAAA=\n", "a\n\n— b AAAAAAA=", "a\n\n— b AAAA\n",
		"a\n\n— b+c AAAAAAA=\n", "a\n\n—  AAAAAAA=\n", "a\r\n\n— b AAAAAAA=\n", "a\n\n— b AAAAAAA=\nrien\n",
		"a\xff\n\n— b AAAAAAA=\n", "\n— b AAAAAAA=\n", "a\n\n— b AAAAAAB=\n", "a\n\n— b\xc2\xa0""c AAAAAAA=\n",
		"a\n— b AAAAAAA=\n", NULL };
	static const char *const heads[] = { "a\n", "a\n1\n", "\n1\nR\n", "a\n01\nR\n", "a\n-1\nR\n", "a\n1 \nR\n",
		"a\n9999999999999999999\nR\n", "a\n1\nQQ==\n", "a\n1\nR", NULL };
	struct note note;
	struct note_head head;
	struct err e = { 0 };

	for (int i = 0; notes[i]; i++) {
		if (reads(notes[i], &note))
			fail_msg("note %d is read", i);
	}
	for (int i = 0; heads[i]; i++) {
		CLEANUP(buf_free) struct buf b = buf_new(1 << 10);

		for (const char *p = heads[i]; *p; p++) {
			if (*p == 'R')
				buf_str(&b, "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
			else
				buf_char(&b, *p);
		}
		buf_str(&b, "\n— b AAAAAAA=\n");
		if (note_read(b.p, b.n, &note, &e) && note_head_read(&note, &head, &e))
			fail_msg("head %d is read", i);
	}
}
