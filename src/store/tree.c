#include "store/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/sha256.h"
#include "store/inside.h"

enum { DEPTH_MOST = 12, CHUNK = 64 << 10, LINE_ROOM = PATH_ROOM + SHA256_HEX + 8 };

static const char manifest_name[] = "MANIFESTE";

static bool cannot(const char *path, const char *what, struct err *e)
{
	int no = errno;

	fail(e, E_STORE, "%.200s ne peut pas être %s (%s).", path, what, strerror(no));
	return hint(e, no == ENOSPC ? "Libérez de la place sur ce disque." :
		    "Vérifiez les droits et l'état du disque.");
}

bool tree_hold(const char *folder, bool alone, int *fd, struct err *e)
{
	char path[PATH_ROOM + 16];

	*fd = -1;
	if (snprintf(path, sizeof path, "%s/verrou", folder) >= PATH_ROOM)
		return fail(e, E_INPUT, "Le chemin %.200s est trop long.", folder);
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return true;
	if (*fd >= 0 && !flock(*fd, alone ? LOCK_EX : LOCK_SH))
		return true;
	fail(e, E_STORE, "%.200s ne peut pas être ouvert (%s).", path, strerror(errno));
	tree_let_go(fd);
	return false;
}

void tree_let_go(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

bool tree_make(const char *path, struct err *e)
{
	if (mkdir(path, 0700) == 0)
		return true;
	if (errno != EEXIST)
		return cannot(path, "créé", e);
	fail(e, E_CONFLICT, "%.200s existe déjà.", path);
	return hint(e, "Donnez un autre nom.");
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *f)
{
	(void)st, (void)flag, (void)f;
	return remove(path);
}

bool tree_remove(const char *path, struct err *e)
{
	if (nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
		return true;
	return cannot(path, "supprimé", e);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void close_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

static void close_dir(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* --- walking ---------------------------------------------------------------------------- */

typedef bool visit_fn(const char *path, bool folder, void *arg, struct err *e);

static bool walk(const char *path, int depth, visit_fn *visit, void *arg, struct err *e);

static bool walk_entry(const char *path, int depth, visit_fn *visit, void *arg, struct err *e)
{
	struct stat st;

	if (lstat(path, &st))
		return cannot(path, "lu", e);
	if (S_ISREG(st.st_mode))
		return visit(path, false, arg, e);
	if (S_ISDIR(st.st_mode) && depth < DEPTH_MOST)
		return visit(path, true, arg, e) && walk(path, depth + 1, visit, arg, e);
	fail(e, E_INPUT, "%.200s n'est ni un fichier ni un dossier simple.", path);
	return hint(e, "Retirez-le : une sauvegarde ne contient pas de lien.");
}

/* Folders before what they hold; the manifest itself is not visited. */
static bool walk(const char *path, int depth, visit_fn *visit, void *arg, struct err *e)
{
	CLEANUP(close_dir) DIR *d = opendir(path);
	char below[PATH_ROOM * 2];
	struct dirent *f;

	if (!d)
		return cannot(path, "lu", e);
	while ((f = readdir(d))) {
		if (strcmp(f->d_name, ".") == 0 || strcmp(f->d_name, "..") == 0 ||
		    (depth == 0 && strcmp(f->d_name, manifest_name) == 0))
			continue;
		if (snprintf(below, sizeof below, "%s/%s", path, f->d_name) >= PATH_ROOM ||
		    strpbrk(f->d_name, "\n\r\\"))
			return fail(e, E_INPUT, "Un nom de fichier est trop long ou étrange dans "
				    "%.200s.", path);
		if (!walk_entry(below, depth, visit, arg, e))
			return false;
	}
	return true;
}

/* --- copying ---------------------------------------------------------------------------- */

static bool pour(int in, int out, const char *from, const char *to, struct err *e)
{
	char chunk[CHUNK];

	for (;;) {
		ssize_t n = read(in, chunk, sizeof chunk);

		if (n == 0)
			return fsync(out) == 0 || cannot(to, "écrit", e);
		if (n < 0)
			return cannot(from, "lu", e);
		for (ssize_t done = 0; done < n;) {
			ssize_t k = write(out, chunk + done, (size_t)(n - done));

			if (k < 0)
				return cannot(to, "écrit", e);
			done += k;
		}
	}
}

bool tree_copy_file(const char *from, const char *to, struct err *e)
{
	CLEANUP(close_fd) int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	CLEANUP(close_fd) int out = -1;

	if (in < 0)
		return cannot(from, "lu", e);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return out < 0 ? cannot(to, "créé", e) : pour(in, out, from, to, e);
}

struct copy {
	const char *to;
	size_t skip;            /* length of the source folder's name */
};

static bool copy_entry(const char *path, bool folder, void *arg, struct err *e)
{
	const struct copy *c = arg;
	char to[PATH_ROOM * 2];

	if (snprintf(to, sizeof to, "%s%s", c->to, path + c->skip) >= PATH_ROOM)
		return fail(e, E_INPUT, "Un chemin est trop long sous %.200s.", c->to);
	if (folder)
		return tree_make(to, e) && disk_sync_parent(to, e);
	return tree_copy_file(path, to, e);
}

bool tree_copy(const char *from, const char *to, struct err *e)
{
	struct copy c = { to, strlen(from) };

	return walk(from, 0, copy_entry, &c, e) && disk_sync(to, e);
}

/* --- manifest --------------------------------------------------------------------------- */

static bool hash_file(const char *path, char hash[SHA256_HEX], int64_t *bytes, struct err *e)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct sha256 *h = fd < 0 ? NULL : sha256_new();
	char chunk[CHUNK];
	ssize_t n = -1;

	if (!h)
		return cannot(path, "lu", e);
	while ((n = read(fd, chunk, sizeof chunk)) > 0) {
		sha256_add(h, chunk, (size_t)n);
		*bytes += n;
	}
	sha256_end_hex(h, hash);
	return n == 0 || cannot(path, "lu", e);
}

struct listing {
	FILE *f;
	size_t skip;
	struct tree *tree;
};

static bool list_entry(const char *path, bool folder, void *arg, struct err *e)
{
	struct listing *l = arg;
	char hash[SHA256_HEX];

	if (folder)
		return true;
	if (!hash_file(path, hash, &l->tree->bytes, e))
		return false;
	l->tree->files++;
	return fprintf(l->f, "%s  %s\n", hash, path + l->skip) > 0 || cannot(path, "noté", e);
}

bool tree_manifest(const char *path, const char *title, struct tree *out, struct err *e)
{
	char name[PATH_ROOM * 2];
	CLEANUP(close_file) FILE *f = NULL;
	struct listing l = { .skip = strlen(path) + 1, .tree = out };

	*out = (struct tree){ 0 };
	snprintf(name, sizeof name, "%s/%s", path, manifest_name);
	l.f = f = fopen(name, "wxe");
	if (!f)
		return cannot(name, "créé", e);
	fprintf(f, "# %s\n", title);
	if (!walk(path, 0, list_entry, &l, e))
		return false;
	if (fflush(f) || fsync(fileno(f)))
		return cannot(name, "écrit", e);
	return disk_sync(path, e);
}

static bool count_entry(const char *path, bool folder, void *arg, struct err *e)
{
	(void)path, (void)e;
	*(size_t *)arg += !folder;
	return true;
}

static bool differs(const char *path, const char *name, struct err *e)
{
	fail(e, E_INPUT, "La sauvegarde %.140s n'est pas intacte : %.120s.", path, name);
	return hint(e, "N'utilisez pas celle-ci : prenez-en une autre.");
}

/* One line "HASH  name": the name stays below the folder, the file has that hash. */
static bool verify_line(const char *path, char *line, struct tree *t, struct err *e)
{
	char file[PATH_ROOM * 2], hash[SHA256_HEX];
	char *name = line + SHA256_HEX + 1;

	if (strlen(line) <= SHA256_HEX + 1 || memcmp(line + SHA256_HEX - 1, "  ", 2) ||
	    *name == '/' || strstr(name, "..") ||
	    snprintf(file, sizeof file, "%s/%s", path, name) >= PATH_ROOM)
		return differs(path, "une ligne de son manifeste ne se lit pas", e);
	if (!hash_file(file, hash, &t->bytes, e) || memcmp(hash, line, SHA256_HEX - 1))
		return differs(path, name, e);
	t->files++;
	return true;
}

bool tree_verify(const char *path, struct tree *out, struct err *e)
{
	char name[PATH_ROOM * 2], line[LINE_ROOM];
	CLEANUP(close_file) FILE *f = NULL;
	size_t there = 0;

	*out = (struct tree){ 0 };
	snprintf(name, sizeof name, "%s/%s", path, manifest_name);
	f = fopen(name, "re");
	if (!f) {
		fail(e, E_INPUT, "%.200s n'est pas une sauvegarde : il n'y a pas de MANIFESTE.", path);
		return hint(e, "Donnez le dossier tremplin-DATE que « tremplin backup » a fait.");
	}
	while (fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line != '#' && !verify_line(path, line, out, e))
			return false;
	}
	if (!walk(path, 0, count_entry, &there, e))
		return false;
	return there == out->files || differs(path, "un fichier n'est pas dans son manifeste", e);
}
