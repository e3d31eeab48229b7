#include "detect/voix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "crypto/sha256.h"
#include "detect/voix.sql.h"
#include "web/i18n.h"

#define PREFIX "voix-"

enum { NAME = 80, PATH = 4096, HOUR_MS = 3600 * 1000 };

/* espeak: `espeak-ng --voices` of 1.51; what it does not list, a person says. */
const struct voix_langue voix_langues[] = {
	{ "fr", N_("français"), "français", "fr", false, false },
	{ "fr-x-falc", N_("français simple"), "français simple", "fr", false, false },
	{ "en", N_("anglais"), "English", "en", false, false },
	{ "ar", N_("arabe"), "العربية", "ar", false, false },
	{ "uk", N_("ukrainien"), "українська", "uk", false, false },
	{ "es", N_("espagnol"), "español", "es", false, false },
	{ "pt", N_("portugais"), "português", "pt", false, false },
	{ "tr", N_("turc"), "Türkçe", "tr", false, false },
	{ "ro", N_("roumain"), "română", "ro", false, false },
	{ "fa", N_("dari et persan"), "دری / فارسی", "fa", false, false },
	{ "fr-x-fle", N_("français lent (FLE)"), "français lent", NULL, false, true },
	{ "snk", N_("soninké"), "sooninkanxanne", NULL, false, true },
	{ "bm", N_("bambara"), "bamanankan", NULL, false, true },
	{ "ta", N_("tamoul"), "தமிழ்", NULL, false, true },
	{ "fsl", N_("langue des signes (LSF)"), "LSF", NULL, true, true },
	{ NULL, NULL, NULL, NULL, false, false },
};

const struct voix_langue *voix_langue_find(const char *tag)
{
	for (const struct voix_langue *l = voix_langues; tag && l->tag; l++) {
		if (strcmp(l->tag, tag) == 0)
			return l;
	}
	return NULL;
}

/* --- what is said ------------------------------------------------------------------- */

struct saying {
	struct arena *a;
	const struct instrument *in;
	const char *langue;
	struct voix_dit *dits;
	size_t n;
};

static const char *line(struct saying *s, const char *text, const char *more)
{
	const char *said = more ? instrument_say(s->in, s->langue, more) : NULL;

	return said && *said ? *text ? arena_cat(s->a, text, "\n", said, NULL) : said : text;
}

static void say(struct saying *s, const char *code, const char *title, const char *text, int item)
{
	struct voix_dit *d;

	if (s->n == VOIX_DITS || !text || !*text)
		return;
	d = &s->dits[s->n++];
	*d = (struct voix_dit){ .code = code, .titre = title, .texte = text, .item = item };
	sha256_hex(text, strlen(text), d->empreinte);
}

static void say_item(struct saying *s, int i)
{
	const struct item *it = &s->in->items[i];
	const struct groupe *g = it->groupe;
	const char *text = "";

	if (g && g->premier == i)
		say(s, g->id, g->texte, line(s, line(s, "", g->texte), g->aide), -1);
	text = line(s, line(s, text, it->texte), it->aide);
	/* the answers of a grid are the same for all its lines: said with the first */
	for (int o = 0; o < it->noptions && (!g || g->premier == i); o++)
		text = line(s, text, it->options[o].texte);
	say(s, it->id, it->court, text, i);
}

bool voix_dits(struct arena *a, const struct instrument *in, const struct voix_langue *l,
	       struct voix_dit **out, size_t *n, struct err *e)
{
	struct saying s = { a, in, l->orale ? "fr" : l->tag, NEW_ARRAY(a, VOIX_DITS,
		struct voix_dit), 0 };

	if (!s.dits)
		return arena_refuse(a, e);
	say(&s, "debut", in->titre, line(&s, line(&s, "", in->titre), in->avertissement), -1);
	for (int i = 0; i < in->nitems; i++)
		say_item(&s, i);
	*out = s.dits;
	*n = s.n;
	return !a->spent || arena_refuse(a, e);
}

static const struct voix_dit *dit_of(const struct voix_dit *d, size_t n, const char *code)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(d[i].code, code) == 0)
			return &d[i];
	}
	return NULL;
}

/* --- what is there ------------------------------------------------------------------ */

/* "SHA256.ext": the type that its end says; false when it is no such name. */
static bool read_name(const char *name, enum media_type *type)
{
	if (strlen(name) < 66 || strspn(name, "0123456789abcdef") != 64 || name[64] != '.')
		return false;
	for (int i = 0; i < MEDIA_TYPES; i++) {
		*type = (enum media_type)i;
		if (strcmp(name + 65, media_kinds[i].ext) == 0)
			return true;
	}
	return false;
}

/* Words of each language are hashed once. */
struct words {
	const struct voix_langue *langue;
	struct voix_dit *dits;
	size_t n;
};

static bool is_stale(struct arena *a, const struct instrument *in, struct words *w,
		     const struct voix *v, bool *stale, struct err *e)
{
	const struct voix_dit *d;

	if (w->langue != v->langue && !voix_dits(a, in, v->langue, &w->dits, &w->n, e))
		return false;
	w->langue = v->langue;
	d = dit_of(w->dits, w->n, v->code);
	*stale = !d || strcmp(d->empreinte, v->empreinte) != 0;
	return true;
}

bool voix_all(struct db *db, struct arena *a, const struct instrument *in, struct voix **out,
	      size_t *n, struct err *e)
{
	struct voix_rows_row *rows;
	struct words *known;
	size_t all, nlangues = 0;

	*n = 0;
	*out = NULL;
	if (!voix_rows(db, a, in->id, &rows, &all, e))
		return false;
	if (!all)
		return true;
	while (voix_langues[nlangues].tag)
		nlangues++;
	known = NEW_ARRAY(a, nlangues, struct words);
	*out = NEW_ARRAY(a, all, struct voix);
	if (!known || !*out)
		return arena_refuse(a, e);
	for (size_t i = 0; i < all; i++) {
		const struct voix_rows_row *r = &rows[i];
		struct voix *v = &(*out)[*n];

		*v = (struct voix){ .code = r->code, .texte = r->texte, .fichier = r->fichier,
			.le = r->le, .langue = voix_langue_find(r->langue),
			.humaine = strcmp(r->genre, "humaine") == 0, .empreinte = r->empreinte,
			.octets = r->octets, .ms = r->duree_ms };
		if (!v->langue || !read_name(r->fichier, &v->type))
			continue;       /* of a language that this version does not know */
		if (!is_stale(a, in, &known[v->langue - voix_langues], v, &v->perimee, e))
			return false;
		(*n)++;
	}
	return true;
}

const struct voix *voix_of(const struct voix *v, size_t n, const char *code, const char *langue)
{
	for (size_t i = 0; i < n; i++) {
		if (!v[i].perimee && strcmp(v[i].code, code) == 0
		    && strcmp(v[i].langue->tag, langue) == 0)
			return &v[i];
	}
	return NULL;
}

/* --- files -------------------------------------------------------------------------- */

static void path_of(struct store *s, const char *name, char out[PATH])
{
	snprintf(out, PATH, "%s/fichiers/" PREFIX "%s", store_dir(s), name);
}

static bool write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return fsync(fd) == 0;
}

/* Under a name of its own, then its name in one step: a reader sees all of it, or nothing. */
static bool write_file(struct store *s, const char *name, const void *p, size_t n, struct err *e)
{
	char path[PATH], part[PATH + 8];
	bool good;
	int fd;

	if (!store_folder(s, "fichiers", e))
		return false;
	path_of(s, name, path);
	snprintf(part, sizeof part, "%s.part", path);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	good = fd >= 0 && write_all(fd, p, n);
	if (fd >= 0)
		good = close(fd) == 0 && good;
	if (good && rename(part, path) == 0)
		return true;
	fail(e, E_STORE, "L’enregistrement ne peut pas être écrit (%s).", strerror(errno));
	unlink(part);
	return hint(e, "Vérifiez la place qui reste sur le disque.");
}

int voix_open(struct store *s, const char *name, enum media_type *type)
{
	char path[PATH];

	if (!read_name(name, type))
		return -1;
	path_of(s, name, path);
	return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

/* --- writing ------------------------------------------------------------------------ */

struct put {
	const struct voix_nouvelle *v;
	struct arena *a;
	const struct voix_dit *dit;
	struct media m;
	char name[NAME], now[ISO_TEXT];
	const char *before;             /* file that was there; NULL */
};

static bool put_job(struct tx *tx, void *arg, struct err *e)
{
	struct put *p = arg;
	const struct voix_nouvelle *v = p->v;
	struct voix_row_row row;
	bool found;

	if (!voix_row(tx_db(tx), p->a, v->in->id, v->code, v->langue->tag, p->dit->empreinte, &row,
		      &found, e))
		return false;
	if (found && !v->humaine && strcmp(row.genre, "humaine") == 0)
		return fail(e, E_CONFLICT, "Une personne a déjà enregistré cette question.");
	p->before = found ? row.fichier : NULL;
	return voix_put(tx, v->in->id, v->code, v->langue->tag, p->dit->empreinte, p->dit->texte,
			v->humaine ? "humaine" : "synthese", p->name, (int64_t)v->n, p->m.ms,
			v->humaine && v->accord, p->now, NULL, e);
}

static bool unlink_free(struct store *s, struct arena *a, const char *name, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct voix_held_row held;
	char path[PATH];

	if (!db_acquire(s, &db, e) || !voix_held(db, a, name, &held, e))
		return false;
	path_of(s, name, path);
	if (!held.fois)
		unlink(path);           /* what cannot be removed now, voix_sweep will */
	return true;
}

static bool check(const struct voix_nouvelle *v, struct media *m, struct err *e)
{
	bool video;

	if (!media_read(v->p, v->n, m, e))
		return false;
	video = media_kinds[m->type].video;
	if (v->langue->signes && !video) {
		fail(e, E_INPUT, "Ce fichier n’a pas d’image.");
		return hint(e, "La langue des signes se voit : envoyez une vidéo MP4 ou WebM.");
	}
	if (!v->langue->signes && video) {
		fail(e, E_INPUT, "Ce fichier est une vidéo : ici on attend une voix seule.");
		return hint(e, "Envoyez le son en WebM, Ogg, MP3, WAV ou M4A.");
	}
	if (m->ms > VOIX_MS_MOST) {
		fail(e, E_INPUT, "Cet enregistrement dure plus de trois minutes.");
		return hint(e, "Dites la question et ses réponses, sans plus.");
	}
	if (v->humaine && !v->accord) {
		fail(e, E_INPUT, "Il manque l’accord de la personne qui parle.");
		return hint(e, "Demandez-le-lui, puis cochez la case.");
	}
	return true;
}

bool voix_save(struct store *s, const struct env *env, struct arena *a,
	       const struct voix_nouvelle *v, struct media *out, struct err *e)
{
	struct put p = { .v = v, .a = a };
	struct voix_dit *dits;
	char hex[SHA256_HEX];
	size_t n;

	if (!check(v, &p.m, e) || !voix_dits(a, v->in, v->langue, &dits, &n, e))
		return false;
	p.dit = dit_of(dits, n, v->code);
	if (!p.dit)
		return fail(e, E_INPUT, "« %.60s » n’est pas une question de ce questionnaire.", v->code);
	sha256_hex(v->p, v->n, hex);
	snprintf(p.name, sizeof p.name, "%s.%s", hex, media_kinds[p.m.type].ext);
	iso_write(env_now(env), p.now);
	if (out)
		*out = p.m;
	if (!write_file(s, p.name, v->p, v->n, e) || !store_write(s, put_job, &p, e))
		return false;
	return !p.before || strcmp(p.before, p.name) == 0 || unlink_free(s, a, p.before, e);
}

struct gone {
	struct arena *a;
	const char *instrument, *code, *langue, *empreinte, *file;
};

static bool gone_job(struct tx *tx, void *arg, struct err *e)
{
	struct gone *g = arg;
	struct voix_row_row row;
	bool found;

	if (!voix_row(tx_db(tx), g->a, g->instrument, g->code, g->langue, g->empreinte,
		&row, &found, e))
		return false;
	if (!found)
		return fail(e, E_MISSING, "Cet enregistrement n’est plus là.");
	g->file = row.fichier;
	return voix_drop(tx, g->instrument, g->code, g->langue, g->empreinte, NULL, e);
}

bool voix_remove(struct store *s, struct arena *a, const char *instrument, const char *code,
		 const char *langue, const char *empreinte, struct err *e)
{
	struct gone g = { a, instrument, code, langue, empreinte, NULL };

	return store_write(s, gone_job, &g, e) && unlink_free(s, a, g.file, e);
}

/* A file that is being put is named by no row yet: young ones stay. */
static bool sweep_one(struct store *s, struct arena *a, const struct env *env, const char *file,
		      size_t *n, struct err *e)
{
	char path[PATH];
	struct stat st;

	path_of(s, file + sizeof PREFIX - 1, path);
	if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode)
	    || env_now(env) - (int64_t)st.st_mtime * 1000 < HOUR_MS)
		return true;
	if (!unlink_free(s, a, file + sizeof PREFIX - 1, e))
		return false;
	*n += lstat(path, &st) != 0;
	return true;
}

bool voix_sweep(struct store *s, const struct env *env, size_t *n, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(16 << 20);
	char path[PATH];
	struct dirent *d;
	bool good = true;
	DIR *dir;

	*n = 0;
	snprintf(path, sizeof path, "%s/fichiers", store_dir(s));
	dir = opendir(path);
	while (dir && good && (d = readdir(dir))) {
		if (strncmp(d->d_name, PREFIX, sizeof PREFIX - 1) == 0)
			good = sweep_one(s, &a, env, d->d_name, n, e);
	}
	if (dir)
		closedir(dir);
	return good;
}
