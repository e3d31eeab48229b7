#include "test.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/box.h"

/* The example of "Cryptography in NaCl" (Bernstein, 2009), section 10: key, nonce, text. */
static const unsigned char nacl_key[32] = {
	0x1b, 0x27, 0x55, 0x64, 0x73, 0xe9, 0x85, 0xd4, 0x62, 0xcd, 0x51, 0x19, 0x7a, 0x9a, 0x46, 0xc7,
	0x60, 0x09, 0x54, 0x9e, 0xac, 0x64, 0x74, 0xf2, 0x06, 0xc4, 0xee, 0x08, 0x44, 0xf6, 0x83, 0x89,
};
static const unsigned char nacl_nonce[24] = {
	0x69, 0x69, 0x6e, 0xe9, 0x55, 0xb6, 0x2b, 0x73, 0xcd, 0x62, 0xbd, 0xa8, 0x75, 0xfc, 0x73, 0xd6,
	0x82, 0x19, 0xe0, 0x03, 0x6b, 0x7a, 0x0b, 0x37,
};
static const unsigned char nacl_text[131] = {
	0xbe, 0x07, 0x5f, 0xc5, 0x3c, 0x81, 0xf2, 0xd5, 0xcf, 0x14, 0x13, 0x16, 0xeb, 0xeb, 0x0c, 0x7b,
	0x52, 0x28, 0xc5, 0x2a, 0x4c, 0x62, 0xcb, 0xd4, 0x4b, 0x66, 0x84, 0x9b, 0x64, 0x24, 0x4f, 0xfc,
	0xe5, 0xec, 0xba, 0xaf, 0x33, 0xbd, 0x75, 0x1a, 0x1a, 0xc7, 0x28, 0xd4, 0x5e, 0x6c, 0x61, 0x29,
	0x6c, 0xdc, 0x3c, 0x01, 0x23, 0x35, 0x61, 0xf4, 0x1d, 0xb6, 0x6c, 0xce, 0x31, 0x4a, 0xdb, 0x31,
	0x0e, 0x3b, 0xe8, 0x25, 0x0c, 0x46, 0xf0, 0x6d, 0xce, 0xea, 0x3a, 0x7f, 0xa1, 0x34, 0x80, 0x57,
	0xe2, 0xf6, 0x55, 0x6a, 0xd6, 0xb1, 0x31, 0x8a, 0x02, 0x4a, 0x83, 0x8f, 0x21, 0xaf, 0x1f, 0xde,
	0x04, 0x89, 0x77, 0xeb, 0x48, 0xf5, 0x9f, 0xfd, 0x49, 0x24, 0xca, 0x1c, 0x60, 0x90, 0x2e, 0x52,
	0xf0, 0xa0, 0x89, 0xbc, 0x76, 0x89, 0x70, 0x40, 0xe0, 0x82, 0xf9, 0x37, 0x76, 0x38, 0x48, 0x64,
	0x5e, 0x07, 0x05,
};
static const unsigned char nacl_begins[16] = {
	0xf3, 0xff, 0xc7, 0x70, 0x3f, 0x94, 0x00, 0xe5, 0x2a, 0x7d, 0xfb, 0x4b, 0x3d, 0x33, 0x05, 0xd9,
};

static void nacl_random(void *at, void *p, size_t n)
{
	(void)at;
	equals(n, sizeof nacl_nonce);
	memcpy(p, nacl_nonce, n);
}

TEST("a box is the one of the NaCl paper")
{
	const struct env env = { .random = nacl_random };
	unsigned char sealed[sizeof nacl_text + BOX_OVERHEAD], open[sizeof nacl_text];
	struct box box = { 0 };
	size_t n;

	memcpy(box.seal, nacl_key, sizeof nacl_key);
	equals(box_seal(&box, &env, nacl_text, sizeof nacl_text, sealed), sizeof sealed);
	assert_memory_equal(sealed, nacl_nonce, 24);
	assert_memory_equal(sealed + 24, nacl_begins, 16);
	holds(box_open(&box, sealed, sizeof sealed, open, &n));
	equals(n, sizeof nacl_text);
	assert_memory_equal(open, nacl_text, n);
}

TEST("a box with one changed bit does not open")
{
	unsigned char sealed[5 + BOX_OVERHEAD], open[5];
	struct box box;
	size_t n;

	box_make(&env_test, &box);
	box_seal(&box, &env_test, "bondy", 5, sealed);
	for (size_t i = 0; i < sizeof sealed * 8; i++) {
		sealed[i / 8] ^= (unsigned char)(1 << i % 8);
		holds(!box_open(&box, sealed, sizeof sealed, open, &n));
		sealed[i / 8] ^= (unsigned char)(1 << i % 8);
	}
	holds(box_open(&box, sealed, sizeof sealed, open, &n));
	for (size_t k = 0; k < sizeof sealed; k++)
		holds(!box_open(&box, sealed, k, open, &n));
}

TEST("a tag is what another library computes")
{
	unsigned char theirs[64];
	unsigned size = sizeof theirs;
	char ours[BOX_TAG_TEXT], text[BOX_TAG_TEXT];
	struct box box;

	box_make(&env_test, &box);
	box_tag(&box, "une session", 11, ours);
	HMAC(EVP_sha512(), box.tag, sizeof box.tag, (const unsigned char *)"une session", 11, theirs,
	     &size);
	base64_write(theirs, BOX_TAG, text);
	same(ours, text);
	holds(box_same(ours, text, sizeof text));
	text[3] ^= 1;
	holds(!box_same(ours, text, sizeof text));
}

TEST("base64url reads only what it writes")
{
	unsigned char back[8];
	char text[16];
	size_t n;

	/* RFC 4648, section 10, without padding; and the two signs that differ */
	base64_write("foobar", 6, text);
	same(text, "Zm9vYmFy");
	base64_write("\xfb\xff", 2, text);
	same(text, "-_8");
	holds(base64_read("-_8", 3, back, sizeof back, &n));
	equals(n, 2);
	holds(!base64_read("+/8", 3, back, sizeof back, &n));
	holds(!base64_read("Zg==", 4, back, sizeof back, &n));
	holds(!base64_read("Zm9v YmFy", 9, back, sizeof back, &n));
	holds(!base64_read("Zm9vYmFyZm9v", 12, back, sizeof back, &n));
}

TEST("the key of a folder is made once, for its owner alone")
{
	const char *dir = test_dir();
	struct box first, again;
	struct stat st;
	struct err e;
	char path[200];

	accepts(box_load(dir, "session", &env_test, &first, &e), &e);
	accepts(box_load(dir, "session", &env_test, &again, &e), &e);
	assert_memory_equal(&first, &again, sizeof first);
	holds(memcmp(first.seal, first.tag, BOX_KEY));
	snprintf(path, sizeof path, "%s/cles", dir);
	equals(stat(path, &st), 0);
	equals(st.st_mode & 0777, 0700);
	snprintf(path, sizeof path, "%s/cles/session", dir);
	equals(stat(path, &st), 0);
	equals(st.st_mode & 0777, 0600);
	equals(st.st_size, 32);
	accepts(box_load(dir, "autre", &env_test, &again, &e), &e);
	holds(memcmp(&first, &again, sizeof first));
}

TEST("a key that others may read, or is cut short, is refused with what to do")
{
	const char *dir = test_dir();
	struct box box;
	struct err e;
	char path[200];

	accepts(box_load(dir, "session", &env_test, &box, &e), &e);
	snprintf(path, sizeof path, "%s/cles/session", dir);
	equals(chmod(path, 0644), 0);
	refuses(E_STORE, box_load(dir, "session", &env_test, &box, &e), &e);
	holds(strstr(e.msg, "chmod 600") && e.hint[0]);
	equals(chmod(path, 0600), 0);
	equals(truncate(path, 31), 0);
	refuses(E_STORE, box_load(dir, "session", &env_test, &box, &e), &e);
}

TEST("a signature is that of RFC 8032, section 7.1, test 2")
{
	static const unsigned char public[32] = {
		0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc,
		0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c,
	};
	struct box box = { .sign = {
		0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e, 0x0f,
		0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab, 0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb,
	} };
	static const unsigned char begins[8] = { 0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8 };
	unsigned char made[BOX_PUBLIC], signature[BOX_SIGNATURE];

	box_public(&box, made);
	assert_memory_equal(made, public, sizeof made);
	box_sign(&box, "\x72", 1, signature);
	assert_memory_equal(signature, begins, sizeof begins);
	holds(signature_is(signature, "\x72", 1, public));
	box_forget(&box);
	equals(box.sign[0], 0);
}
