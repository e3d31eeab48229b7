#include "crypto/box.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096, BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static_assert(BOX_OVERHEAD == crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES, "box");
static_assert(BOX_SIGNATURE == crypto_sign_BYTES && BOX_PUBLIC == crypto_sign_PUBLICKEYBYTES
	      && BOX_KEY == crypto_sign_SEEDBYTES, "signature");
static_assert(BOX_TAG == crypto_auth_BYTES && BOX_KEY == crypto_auth_KEYBYTES, "tag");

/* Three keys of one: who learns a tag learns nothing of the boxes. */
static void derive(const unsigned char master[BOX_KEY], struct box *out)
{
	crypto_kdf_derive_from_key(out->seal, BOX_KEY, 1, "tremplin", master);
	crypto_kdf_derive_from_key(out->tag, BOX_KEY, 2, "tremplin", master);
	crypto_kdf_derive_from_key(out->sign, BOX_KEY, 3, "tremplin", master);
}

void box_make(const struct env *env, struct box *out)
{
	unsigned char master[BOX_KEY];

	env_random(env, master, sizeof master);
	derive(master, out);
	sodium_memzero(master, sizeof master);
}

static bool refuse_key(const char *path, const char *why, struct err *e)
{
	fail(e, E_STORE, "La clé %s ne peut pas servir : %s.", path, why);
	return hint(e, "Remettez-la depuis une sauvegarde des clés, ou retirez-la : une autre "
		    "sera faite, et les visites en cours recommenceront.");
}

static bool read_key(int fd, const char *path, unsigned char key[BOX_KEY], struct err *e)
{
	unsigned char more[BOX_KEY + 1];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) || (n = read(fd, more, sizeof more)) < 0)
		return refuse_key(path, strerror(errno), e);
	if (st.st_mode & 077)
		return refuse_key(path, "d’autres comptes peuvent la lire (chmod 600)", e);
	if (n != BOX_KEY)
		return refuse_key(path, "elle n’a pas 32 octets", e);
	memcpy(key, more, BOX_KEY);
	sodium_memzero(more, sizeof more);
	return true;
}

void box_of(const unsigned char key[BOX_KEY], struct box *out)
{
	derive(key, out);
}

static bool sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && !fsync(fd);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* Written whole under another name, then linked: two processes that start agree on one. */
static bool make_key(const char *folder, const char *path, const struct env *env,
		     struct err *e)
{
	unsigned char key[BOX_KEY];
	char draft[PATH_ROOM];
	bool ok;
	int fd;

	if (snprintf(draft, sizeof draft, "%s.%ld", path, (long)getpid()) >= (int)sizeof draft)
		return refuse_key(path, "son chemin est trop long", e);
	fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return refuse_key(path, strerror(errno), e);
	env_random(env, key, sizeof key);
	ok = write(fd, key, sizeof key) == sizeof key && !fsync(fd);
	ok = !close(fd) && ok && (!link(draft, path) || errno == EEXIST) && sync_folder(folder);
	if (!ok)
		refuse_key(path, strerror(errno), e);
	sodium_memzero(key, sizeof key);
	unlink(draft);
	return ok;
}

bool box_load(const char *dir, const char *name, const struct env *env, struct box *out,
	      struct err *e)
{
	unsigned char key[BOX_KEY];
	char folder[PATH_ROOM - 64], path[PATH_ROOM - 32];
	bool ok;
	int fd;

	if (snprintf(folder, sizeof folder, "%s/cles", dir) >= (int)sizeof folder)
		return refuse_key(dir, "son chemin est trop long", e);
	snprintf(path, sizeof path, "%s/%.30s", folder, name);
	if (mkdir(folder, 0700) && errno != EEXIST)
		return refuse_key(path, strerror(errno), e);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		if (!make_key(folder, path, env, e))
			return false;
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0)
		return refuse_key(path, strerror(errno), e);
	ok = read_key(fd, path, key, e);
	close(fd);
	if (ok)
		derive(key, out);
	sodium_memzero(key, sizeof key);
	return ok;
}

size_t box_seal(const struct box *b, const struct env *env, const void *p, size_t n,
		unsigned char *out)
{
	env_random(env, out, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, p, n, out, b->seal);
	return n + BOX_OVERHEAD;
}

bool box_open(const struct box *b, const unsigned char *sealed, size_t n, void *out,
	      size_t *size)
{
	if (n < BOX_OVERHEAD ||
	    crypto_secretbox_open_easy(out, sealed + crypto_secretbox_NONCEBYTES,
				       n - crypto_secretbox_NONCEBYTES, sealed, b->seal))
		return false;
	*size = n - BOX_OVERHEAD;
	return true;
}

void box_tag(const struct box *b, const void *p, size_t n, char out[BOX_TAG_TEXT])
{
	unsigned char tag[BOX_TAG];

	crypto_auth(tag, p, n, b->tag);
	base64_write(tag, sizeof tag, out);
}

void box_sign(const struct box *b, const void *p, size_t n,
	      unsigned char out[BOX_SIGNATURE])
{
	unsigned char public[BOX_PUBLIC], secret[crypto_sign_SECRETKEYBYTES];

	crypto_sign_seed_keypair(public, secret, b->sign);
	crypto_sign_detached(out, NULL, p, n, secret);
	sodium_memzero(secret, sizeof secret);
}

void box_public(const struct box *b, unsigned char out[BOX_PUBLIC])
{
	unsigned char secret[crypto_sign_SECRETKEYBYTES];

	crypto_sign_seed_keypair(out, secret, b->sign);
	sodium_memzero(secret, sizeof secret);
}

bool signature_is(const unsigned char signature[BOX_SIGNATURE], const void *p, size_t n,
		  const unsigned char public[BOX_PUBLIC])
{
	return !crypto_sign_verify_detached(signature, p, n, public);
}

void box_forget(struct box *b)
{
	sodium_memzero(b, sizeof *b);
}

void box_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

bool box_same(const void *a, const void *b, size_t n)
{
	return !sodium_memcmp(a, b, n);
}

void base64_write(const void *p, size_t n, char *out)
{
	sodium_bin2base64(out, sodium_base64_encoded_len(n, BASE64), p, n, BASE64);
}

bool base64_read(const char *s, size_t length, void *out, size_t room, size_t *n)
{
	const char *end;

	/* libsodium takes some bytes above 127 for letters */
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)s[i] > 0x7f)
			return false;
	}
	return !sodium_base642bin(out, room, s, length, NULL, n, &end, BASE64) &&
	       end == s + length;
}
