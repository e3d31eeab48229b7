#include "crypto/password.h"
#include "test.h"

TEST("a password opens its own hash and no other")
{
	char hash[PASSWORD_TEXT];
	struct err e = { 0 };

	accepts(password_hash(NULL, "le chat dort sur le radiateur", hash, &e), &e);
	holds(!strncmp(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31));
	holds(password_is(NULL, hash, "le chat dort sur le radiateur"));
	holds(!password_is(NULL, hash, "le chat dort sur le radiateu"));
	holds(!password_is_old(hash));
}

TEST("a hash of the argon2 program is understood")
{
	/* printf 'bonjour tout le monde' | argon2 seldetremplin16 -id -t 2 -m 16 -p 1 -e */
	static const char hash[] = "$argon2id$v=19$m=65536,t=2,p=1$c2VsZGV0cmVtcGxpbjE2$"
		"lugOGXtko3hSWKzlgN47A6lYzEzq7F8dWt99SaBjnVk";

	holds(password_is(NULL, hash, "bonjour tout le monde"));
	holds(!password_is(NULL, hash, "Bonjour tout le monde"));
}

TEST("a hash of libsodium is understood")
{
	/* crypto_pwhash_str, OPSLIMIT_INTERACTIVE, MEMLIMIT_INTERACTIVE (libsodium 1.0.18) */
	static const char hash[] = "$argon2id$v=19$m=65536,t=2,p=1$p8gQYGlZxGNXCpzBeRuuDg"
		"$Rc218wKLn8SzhC9pErcpNLJV3MxNeH/aTXWxFOeCDCM";

	holds(password_is(NULL, hash, "cactus tambour neige"));
	holds(!password_is_old(hash));
}

TEST("the memory of passwords serves again, and is given back")
{
	struct password_memory m = { NULL };
	char hash[PASSWORD_TEXT];
	struct err e = { 0 };

	for (int i = 0; i < 2; i++) {           /* the second time in the same memory */
		accepts(password_hash(&m, "cactus tambour neige", hash, &e), &e);
		holds(m.p);
		holds(password_is(&m, hash, "cactus tambour neige"));
		holds(!password_is(&m, hash, "cactus tambour"));
	}
	password_memory_drop(&m);
	holds(!m.p);
}

TEST("a hash that is cut, altered or of absurd parameters opens nothing")
{
	static const char *const bad[] = {
		"", "$argon2id$", "$argon2id$v=19$m=65536,t=2,p=1$c2VsZGV0cmVtcGxpbjE2$",
		"$argon2i$v=19$m=65536,t=2,p=1$c2VsZGV0cmVtcGxpbjE2$lugOGXtko3hSWKzlgN47A6lYzEzq7F8dWt99SaBjnVk",
		"$argon2id$v=19$m=4294967295,t=2,p=1$c2VsZGV0cmVtcGxpbjE2$lugOGXtko3hSWKzlgN47A6lYzEzq7F8dWt99SaBjnVk",
		"$argon2id$v=19$m=65536,t=-2,p=1$c2VsZGV0cmVtcGxpbjE2$lugOGXtko3hSWKzlgN47A6lYzEzq7F8dWt99SaBjnVk",
		"$argon2id$v=19$m=65536,t=2,p=1$c2Vs$lugOGXtko3hSWKzlgN47A6lYzEzq7F8dWt99SaBjnVk",
		"motdepasse", NULL,
	};

	for (int i = 0; bad[i]; i++) {
		holds(password_is_old(bad[i]));
		if (i < 2)
			holds(!password_is(NULL, bad[i], "bonjour tout le monde"));
	}
}

TEST("nobody's password is wrong, after the same work")
{
	holds(!password_is(NULL, NULL, "n'importe quoi"));
}

TEST("a hash of less work is told to be old")
{
	holds(password_is_old("$argon2id$v=19$m=32768,t=2,p=1$c2VsZGV0cmVtcGxpbjE2$"
			      "lugOGXtko3hSWKzlgN47A6lYzEzq7F8dWt99SaBjnVk"));
}
