#include "test.h"

#include "crypto/sha256.h"

TEST("SHA-256 gives the values that FIPS 180-4 publishes")
{
	char out[SHA256_HEX];

	sha256_hex("abc", 3, out);
	same(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256_hex("", 0, out);
	same(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, out);
	same(out, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST("SHA-256 piece by piece equals SHA-256 at once")
{
	struct sha256 *h = sha256_new();
	char whole[SHA256_HEX], pieces[SHA256_HEX], text[1000];

	memset(text, 'a', sizeof text);
	for (int i = 0; i < 1000; i++)
		sha256_add(h, text, sizeof text);
	sha256_end_hex(h, pieces);
	same(pieces, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	h = sha256_new();
	sha256_add(h, "ab", 2);
	sha256_add(h, "c", 1);
	sha256_end_hex(h, pieces);
	sha256_hex("abc", 3, whole);
	same(pieces, whole);
}
