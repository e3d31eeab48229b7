#include "crypto/password.h"

#include <argon2.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { KIB = PASSWORD_MEMORY / 1024, PASSES = 2, LANES = 1, SALT = 16, HASH = 32,
	LEAST_KIB = 8, BASE64 = sodium_base64_VARIANT_ORIGINAL_NO_PADDING };

static const char head[] = "$argon2id$v=19$m=";

struct phc {                            /* a hash in its text form, read */
	uint32_t kib, passes, lanes;
	unsigned char salt[64], hash[64];
	size_t salt_n, hash_n;
};

/* --- memory ------------------------------------------------------------------------------ */

void password_memory_drop(struct password_memory *m)
{
	if (m->p)
		munmap(m->p, PASSWORD_MEMORY);
	m->p = NULL;
}

static bool map(struct password_memory *m)
{
	if (m->p)
		return true;
	m->p = mmap(NULL, PASSWORD_MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
	if (m->p == MAP_FAILED)
		m->p = NULL;
	return m->p != NULL;
}

/* libargon2 asks for its memory by two functions without argument of ours. */
static _Thread_local struct password_memory *lent;

static int lend(uint8_t **out, size_t n)
{
	if (n > PASSWORD_MEMORY)
		return ARGON2_MEMORY_ALLOCATION_ERROR;
	*out = lent->p;
	return ARGON2_OK;
}

static void keep(uint8_t *p, size_t n)
{
	(void)p;
	(void)n;
}

/* Argon2id of a password into out; in m, or in memory of this call alone. */
static bool compute(struct password_memory *m, const struct phc *h, const char *password,
		    unsigned char *out)
{
	struct password_memory own = { NULL };
	argon2_context c = {
		.out = out, .outlen = (uint32_t)h->hash_n,
		.pwd = (uint8_t *)(uintptr_t)password, .pwdlen = (uint32_t)strlen(password),
		.salt = (uint8_t *)(uintptr_t)h->salt, .saltlen = (uint32_t)h->salt_n,
		.t_cost = h->passes, .m_cost = h->kib, .lanes = h->lanes, .threads = 1,
		.version = ARGON2_VERSION_13, .allocate_cbk = lend, .free_cbk = keep,
	};
	bool ok;

	lent = m ? m : &own;
	ok = map(lent) && argon2_ctx(&c, Argon2_id) == ARGON2_OK;
	password_memory_drop(&own);
	return ok;
}

/* --- text form ----------------------------------------------------------------------------- */

static bool read_number(const char **s, char end, uint32_t most, uint32_t *out)
{
	char *stop;
	unsigned long v = strtoul(*s, &stop, 10);

	if (stop == *s || *stop != end || **s < '0' || **s > '9' || v < 1 || v > most)
		return false;
	*out = (uint32_t)v;
	*s = stop + 1;
	return true;
}

static bool skip(const char **s, const char *words)
{
	size_t n = strlen(words);

	if (strncmp(*s, words, n) != 0)
		return false;
	*s += n;
	return true;
}

static bool read_bytes(const char *s, size_t length, unsigned char out[64], size_t *n)
{
	const char *end;

	return !sodium_base642bin(out, 64, s, length, NULL, n, &end, BASE64) && end == s + length;
}

static bool phc_read(const char *s, struct phc *h)
{
	const char *dollar;

	memset(h, 0, sizeof *h);
	if (!skip(&s, head) || !read_number(&s, ',', KIB, &h->kib) || !skip(&s, "t=")
	    || !read_number(&s, ',', 100, &h->passes) || !skip(&s, "p=")
	    || !read_number(&s, '$', 8, &h->lanes))
		return false;
	dollar = strchr(s, '$');
	return dollar && h->kib >= LEAST_KIB * h->lanes
	       && read_bytes(s, (size_t)(dollar - s), h->salt, &h->salt_n)
	       && read_bytes(dollar + 1, strlen(dollar + 1), h->hash, &h->hash_n)
	       && h->salt_n >= 8 && h->hash_n >= 16;
}

static void phc_write(const struct phc *h, char out[PASSWORD_TEXT])
{
	char salt[24], hash[48];        /* of SALT and HASH bytes */

	sodium_bin2base64(salt, sizeof salt, h->salt, h->salt_n, BASE64);
	sodium_bin2base64(hash, sizeof hash, h->hash, h->hash_n, BASE64);
	snprintf(out, PASSWORD_TEXT, "%s%u,t=%u,p=%u$%s$%s", head, h->kib, h->passes, h->lanes, salt,
		 hash);
}

/* --- verbs ----------------------------------------------------------------------------------- */

bool password_hash(struct password_memory *m, const char *password, char out[PASSWORD_TEXT],
		   struct err *e)
{
	struct phc h = { .kib = KIB, .passes = PASSES, .lanes = LANES, .salt_n = SALT,
			 .hash_n = HASH };

	memset(out, 0, PASSWORD_TEXT);
	randombytes_buf(h.salt, SALT);
	if (compute(m, &h, password, h.hash)) {
		phc_write(&h, out);
		return true;
	}
	fail(e, E_BUSY, "Il n’y a pas assez de mémoire pour vérifier un mot de passe.");
	return hint(e, "Réessayez dans un instant.");
}

bool password_is(struct password_memory *m, const char *hash, const char *password)
{
	struct phc nobody = { .kib = KIB, .passes = PASSES, .lanes = LANES, .salt_n = SALT,
			      .hash_n = HASH };
	struct phc h;
	unsigned char found[64] = { 0 };
	bool known = hash && phc_read(hash, &h);

	if (!known)
		h = nobody;
	return strlen(password) <= PASSWORD_BYTES && compute(m, &h, password, found) && known
	       && !sodium_memcmp(found, h.hash, h.hash_n);
}

bool password_is_old(const char *hash)
{
	struct phc h;

	return !phc_read(hash, &h) || h.kib < KIB || h.passes < PASSES || h.hash_n < HASH;
}
