#include "store/jetons.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "crypto/box.h"

enum { FILE_MOST = 64 << 10, PATH_ROOM = 4096 };

static bool refuse(struct err *e, const char *why)
{
	fail(e, E_STORE, "Les clés de la fédération (cles/federation) ne peuvent pas servir : %s.",
	     why);
	return hint(e, "Remettez-les depuis une sauvegarde des clés, ou faites-en d’autres : "
		    "« tremplin client rotate --cles ».");
}

static bool path_of(const char *dir, const char *name, char out[PATH_ROOM], struct err *e)
{
	int n = snprintf(out, PATH_ROOM, "%s/cles%s%s", dir, *name ? "/" : "", name);

	return n < PATH_ROOM || refuse(e, "son chemin est trop long");
}

/* The whole file in `a`; NULL when there is none. */
static bool read_whole(const char *dir, struct arena *a, char **text, struct err *e)
{
	char path[PATH_ROOM];
	struct stat st;
	ssize_t n = -1;
	int fd;

	*text = NULL;
	if (!path_of(dir, "federation", path, e))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? true : refuse(e, strerror(errno));
	if (!fstat(fd, &st) && st.st_size <= FILE_MOST
	    && (*text = arena_alloc(a, (size_t)st.st_size + 1)))
		n = read(fd, *text, (size_t)st.st_size);
	close(fd);
	if (n < 0)
		return refuse(e, "elles ne se lisent pas");
	(*text)[n] = '\0';
	return !(st.st_mode & 077) || refuse(e, "d’autres comptes peuvent les lire (chmod 600)");
}

static bool read_line(char *line, struct jeton_cle *out)
{
	char *part[5];

	for (int i = 0; i < 5; i++) {
		part[i] = line;
		line = i < 4 && line ? strchr(line, ' ') : NULL;
		if (i < 4 && !line)
			return false;
		if (line)
			*line++ = '\0';
	}
	*out = (struct jeton_cle){ part[0], jose_alg_named(part[1]), strtoll(part[2], NULL, 10),
				   strtoll(part[3], NULL, 10), part[4] };
	return out->alg == JOSE_RS256 || out->alg == JOSE_ES256;
}

bool jetons_read(const char *dir, struct arena *a, struct jeton_cle **out, size_t *n,
		 struct err *e)
{
	char *text, *end;

	*n = 0;
	*out = NEW_ARRAY(a, JETONS_MOST, struct jeton_cle);
	if (!*out)
		return arena_refuse(a, e);
	if (!read_whole(dir, a, &text, e))
		return false;
	for (; text && (end = strchr(text, '\n')) && *n < JETONS_MOST; text = end + 1) {
		*end = '\0';
		if (!read_line(text, &(*out)[(*n)++]))
			return refuse(e, "une ligne est abîmée");
	}
	return true;
}

/* --- making ------------------------------------------------------------------------------- */

/* Written whole under another name, then put in place: who reads sees all or nothing. */
static bool write_whole(const char *dir, const struct buf *b, struct err *e)
{
	char folder[PATH_ROOM], path[PATH_ROOM], draft[PATH_ROOM];
	bool ok;
	int fd;

	if (!path_of(dir, "", folder, e) || !path_of(dir, "federation", path, e)
	    || !path_of(dir, "federation.neuf", draft, e))
		return false;
	if (mkdir(folder, 0700) && errno != EEXIST)
		return refuse(e, strerror(errno));
	unlink(draft);
	fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return refuse(e, strerror(errno));
	ok = write(fd, b->p, b->n) == (ssize_t)b->n && !fsync(fd);
	ok = !close(fd) && ok && !rename(draft, path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ok = fd >= 0 && !fsync(fd) && ok;
	if (fd >= 0)
		close(fd);
	return ok || refuse(e, strerror(errno));
}

static void put_key(struct buf *b, const struct jeton_cle *k)
{
	buf_printf(b, "%s %s %" PRId64 " %" PRId64 " %s\n", k->kid, jose_alg_name(k->alg),
		   k->depuis, k->jusque, k->jwk);
}

static void put_old(struct buf *b, const struct jeton_cle *old, size_t n, int64_t now,
		    int64_t from, bool at_once)
{
	for (size_t i = 0; i < n; i++) {
		struct jeton_cle k = old[i];

		if (!k.jusque)
			k.jusque = from + JETONS_AFTER_MS;
		if (!at_once && k.jusque > now)
			put_key(b, &k);
	}
}

static bool put_new(struct buf *b, const struct env *env, struct arena *a, enum jose_alg alg,
		    int64_t from, struct err *e)
{
	unsigned char some[9];
	char name[BASE64_ROOM(sizeof some)];
	struct jeton_cle k = { .alg = alg, .depuis = from };

	env_random(env, some, sizeof some);
	base64_write(some, sizeof some, name);
	k.kid = arena_str(a, name);
	if (!jose_make(a, alg, k.kid, &k.jwk, e))
		return false;
	put_key(b, &k);
	return true;
}

bool jetons_rotate(const char *dir, const struct env *env, struct arena *a, bool at_once,
		   struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new(FILE_MOST);
	int64_t now = env_now(env), from;
	struct jeton_cle *old;
	size_t n;

	if (!jetons_read(dir, a, &old, &n, e)) {
		if (!at_once)
			return false;
		n = 0;
	}
	if (n + 2 > JETONS_MOST && !at_once)
		return refuse(e, "elles ont changé trop souvent aujourd’hui");
	from = n && !at_once ? now + JETONS_BEFORE_MS : now;
	put_old(&b, old, n, now, from, at_once);
	if (!put_new(&b, env, a, JOSE_RS256, from, e) || !put_new(&b, env, a, JOSE_ES256, from, e))
		return false;
	if (b.full)
		return refuse(e, "elles sont trop nombreuses");
	if (!write_whole(dir, &b, e))
		return false;
	box_wipe(b.p, b.n);
	return true;
}

/* --- serving ------------------------------------------------------------------------ */

static bool is_published(const struct jeton_cle *k, int64_t now)
{
	return !k->jusque || k->jusque > now;
}

bool jetons_sign(const char *dir, const struct env *env, struct arena *a, enum jose_alg alg,
		 struct bytes payload, const char **token, struct err *e)
{
	const struct jeton_cle *best = NULL;
	int64_t now = env_now(env);
	struct jeton_cle *k;
	size_t n;

	if (!jetons_read(dir, a, &k, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (k[i].alg == alg && k[i].depuis <= now && is_published(&k[i], now)
		    && (!best || k[i].depuis >= best->depuis))
			best = &k[i];
	}
	if (!best)
		return fail(e, E_MISSING, "Aucune clé ne signe encore pour la fédération.");
	return jose_sign(a, alg, best->kid, best->jwk, payload.p, payload.n, token, e);
}

bool jetons_published(const char *dir, const struct env *env, struct arena *a,
		      const char **out, struct err *e)
{
	const char *list = "", *one;
	struct jeton_cle *k;
	size_t n;

	if (!jetons_read(dir, a, &k, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!is_published(&k[i], env_now(env)))
			continue;
		if (!jose_public(a, k[i].alg, k[i].jwk, &one, e))
			return false;
		list = arena_cat(a, list, *list ? "," : "", one, NULL);
	}
	*out = arena_cat(a, "{\"keys\":[", list, "]}", NULL);
	return !a->spent || arena_refuse(a, e);
}
