#include "crypto/sceau.h"

#include "test.h"

static const char *made(enum sceau kind, const char *key, const char *text, bool base64)
{
	static char out[SCEAU_TEXT];

	sceau_make(kind, key, strlen(key), text, strlen(text), base64, out);
	return out;
}

TEST("digests and tags are those of the published examples")
{
	/* FIPS 180-4 examples ("abc") */
	same(made(SCEAU_SHA1, "", "abc", false), "a9993e364706816aba3e25717850c26c9cd0d89d");
	same(made(SCEAU_SHA256, "", "abc", false),
	     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	/* RFC 2202 case 2, RFC 4231 case 2 */
	same(made(SCEAU_HMAC_SHA1, "Jefe", "what do ya want for nothing?", false),
	     "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	same(made(SCEAU_HMAC_SHA256, "Jefe", "what do ya want for nothing?", false),
	     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	same(made(SCEAU_SHA1, "", "abc", true), "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
	same(made(SCEAU_SHA1, "", "", false), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST("a tag of another length, an empty one or one bit less is not the tag")
{
	holds(sceau_is("abcd", "abcd"));
	holds(!sceau_is("abce", "abcd") && !sceau_is("abc", "abcd") && !sceau_is("abcde", "abcd"));
	holds(!sceau_is("", "") && !sceau_is("", "abcd"));
}
