#include "crypto/password.h"
#include "test.h"

TEST("a password opens its own hash and no other")
{
	char hash[PASSWORD_TEXT];
	struct err e = { 0 };

	accepts(password_hash("le chat dort sur le radiateur", hash, &e), &e);
	holds(!strncmp(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31));
	holds(password_is(hash, "le chat dort sur le radiateur"));
	holds(!password_is(hash, "le chat dort sur le radiateu"));
	holds(!password_is_old(hash));
}

TEST("a hash of the argon2 program is understood")
{
	/* printf 'bonjour tout le monde' | argon2 seldetremplin16 -id -t 2 -m 16 -p 1 -e */
	static const char hash[] = "$argon2id$v=19$m=65536,t=2,p=1$c2VsZGV0cmVtcGxpbjE2$"
		"lugOGXtko3hSWKzlgN47A6lYzEzq7F8dWt99SaBjnVk";

	holds(password_is(hash, "bonjour tout le monde"));
	holds(!password_is(hash, "Bonjour tout le monde"));
}

TEST("nobody's password is wrong, after the same work")
{
	holds(!password_is(NULL, "n'importe quoi"));
}

TEST("a hash of less work is told to be old")
{
	holds(password_is_old("$argon2id$v=19$m=32768,t=2,p=1$c2VsZGV0cmVtcGxpbjE2$"
			      "lugOGXtko3hSWKzlgN47A6lYzEzq7F8dWt99SaBjnVk"));
}
