#include "crypto/password.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { PASSES = 2 };

static_assert(PASSWORD_TEXT >= crypto_pwhash_argon2id_STRBYTES, "text form");

/* Of a password that was thrown away; costs what a true one costs. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$VHJlbXBsaW5QZXJzb25uZQ$"
	"uMkx8+5/mdJpKtA54SXpeQbgHT9jmCJ/fReAhtZnwI0";

bool password_hash(const char *password, char out[PASSWORD_TEXT], struct err *e)
{
	memset(out, 0, PASSWORD_TEXT);
	if (!crypto_pwhash_argon2id_str(out, password, strlen(password), PASSES, PASSWORD_MEMORY))
		return true;
	fail(e, E_BUSY, "Il n’y a pas assez de mémoire pour vérifier un mot de passe.");
	return hint(e, "Réessayez dans un instant.");
}

bool password_is(const char *hash, const char *password)
{
	const char *against = hash ? hash : nobody;
	size_t n = strlen(password);
	bool right = n <= PASSWORD_BYTES
		&& !crypto_pwhash_argon2id_str_verify(against, password, n);

	return right && hash;
}

bool password_is_old(const char *hash)
{
	return crypto_pwhash_argon2id_str_needs_rehash(hash, PASSES, PASSWORD_MEMORY) != 0;
}
