/* tremplin diagnostic voix: stop-gap voices by espeak-ng, and a folder of recordings. */
#include "detect/voix_cli.h"

#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "detect/catalogue.h"
#include "detect/voix.h"

enum { MEMORY = 256 << 20, FILE_MOST = 16 << 20 };

struct work {
	struct call *c;
	struct store *s;
	struct arena a;
	const struct instrument *in;
	struct voix *voix;
	size_t nvoix;
	int faites, gardees, refusees;
};

static bool open_work(struct work *w, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return store_open(call_option(w->c, "--data"), STORE_COMMAND, w->c->env, &w->s, e)
		&& db_acquire(w->s, &db, e) && catalogue_current(db, &w->a, w->c->args[0],
			&w->in, e)
		&& voix_all(db, &w->a, w->in, &w->voix, &w->nvoix, e);
}

/* A regular file, whole; NULL when it cannot be read or is too long. */
static const char *read_file(struct arena *a, const char *path, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *p = NULL;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size <= FILE_MOST)
		p = arena_alloc(a, (size_t)st.st_size + 1);
	if (p && read(fd, p, (size_t)st.st_size) != st.st_size)
		p = NULL;
	if (fd >= 0)
		close(fd);
	*n = p ? (size_t)st.st_size : 0;
	return p;
}

/* --- espeak-ng ---------------------------------------------------------------------- */

static bool run(char *const argv[])
{
	extern char **environ;
	int status;
	pid_t pid;

	return posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) == 0
		&& waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#define WORD(s) ((char *)(uintptr_t)(s))

/* Opus when opusenc is there, five times smaller; else the WAV as it came. */
static const char *speak(struct work *w, const struct voix_langue *l, const char *text, size_t *n)
{
	const char *folder = arena_cat(&w->a, call_option(w->c, "--data"), "/tmp", NULL);
	const char *wav = arena_printf(&w->a, "%s/voix-%d.wav", folder, (int)getpid());
	const char *ogg = arena_printf(&w->a, "%s/voix-%d.ogg", folder, (int)getpid());
	char *const say[] = { WORD("espeak-ng"), WORD("-v"), WORD(l->espeak), WORD("-s"), WORD("140"),
			      WORD("-w"), WORD(wav), WORD("--"), WORD(text), NULL };
	char *const pack[] = { WORD("opusenc"), WORD("--quiet"), WORD("--bitrate"), WORD("24"),
			       WORD(wav), WORD(ogg), NULL };
	const char *p = NULL;

	*n = 0;
	if (run(say))
		p = run(pack) ? read_file(&w->a, ogg, n) : read_file(&w->a, wav, n);
	unlink(wav);
	unlink(ogg);
	return p;
}

static bool speak_one(struct work *w, const struct voix_langue *l, const struct voix_dit *d,
		      struct err *e)
{
	const struct voix *there = voix_of(w->voix, w->nvoix, d->code, l->tag);
	struct voix_nouvelle v = { .in = w->in, .langue = l, .code = d->code };

	if (there) {
		w->gardees++;
		return true;
	}
	v.p = speak(w, l, d->texte, &v.n);
	if (!v.p) {
		fail(e, E_MISSING, "espeak-ng ne répond pas.");
		return hint(e, "Installez le paquet Debian espeak-ng (et opus-tools, pour des fichiers légers).");
	}
	if (!voix_save(w->s, w->c->env, &w->a, &v, NULL, e))
		return false;
	w->faites++;
	return true;
}

static bool speak_all(struct work *w, const struct voix_langue *l, struct err *e)
{
	struct voix_dit *d;
	size_t n;

	if (!l->espeak) {
		fail(e, E_INPUT, "espeak-ng ne parle pas %s.", l->nom);
		return hint(e, "Faites-la dire par une personne : docs/voix.md.");
	}
	if (!store_folder(w->s, "tmp", e) || !voix_dits(&w->a, w->in, l, &d, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!speak_one(w, l, &d[i], e))
			return false;
		progress("voix", i + 1, n);
	}
	progress_end();
	fprintf(w->c->out, "%s, %s : %d voix de synthèse faites, %d déjà là.\n", w->in->id, l->nom,
		w->faites, w->gardees);
	return true;
}

/* --- a folder of recordings --------------------------------------------------------- */

/* "quoi.snk.ogg": the code, the language; false when the name is not made so. */
static bool name_parts(struct arena *a, const char *name, const char **code,
		       const struct voix_langue **l)
{
	const char *end = strrchr(name, '.'), *dot = end;

	while (dot && dot > name && *--dot != '.')
		;
	if (!dot || dot == name || *dot != '.')
		return false;
	*code = arena_strn(a, name, (size_t)(dot - name));
	*l = voix_langue_find(arena_strn(a, dot + 1, (size_t)(end - dot) - 1));
	return *l != NULL;
}

static void take_one(struct work *w, const char *folder, const char *name)
{
	struct voix_nouvelle v = { .in = w->in, .humaine = true,
		.accord = call_option(w->c, "--accord") != NULL };
	struct err e = { 0 };

	if (!name_parts(&w->a, name, &v.code, &v.langue))
		fail(&e, E_INPUT, "ce nom n’est pas CODE.LANGUE.EXTENSION.");
	else if (!(v.p = read_file(&w->a, arena_cat(&w->a, folder, "/", name, NULL), &v.n)))
		fail(&e, E_INPUT, "ce fichier ne se lit pas, ou dépasse 16 Mo.");
	else if (voix_save(w->s, w->c->env, &w->a, &v, NULL, &e))
		w->faites++;
	if (e.kind == E_OK) {
		fprintf(w->c->out, "pris     %s\n", name);
		return;
	}
	w->refusees++;
	fprintf(w->c->out, "laissé   %s : %s\n", name, e.msg);
}

static bool take_folder(struct work *w, const char *folder, struct err *e)
{
	struct dirent **names;
	int n = scandir(folder, &names, NULL, alphasort);

	if (n < 0)
		return fail(e, E_MISSING, "%.200s : ce dossier ne s’ouvre pas.", folder);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			take_one(w, folder, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	fprintf(w->c->out, "%d enregistrements pris, %d laissés.\n", w->faites, w->refusees);
	return true;
}

/* --- what there is ------------------------------------------------------------------ */

static bool list_all(struct work *w, struct err *e)
{
	for (const struct voix_langue *l = voix_langues; l->tag; l++) {
		int said = 0, made = 0;
		struct voix_dit *d;
		size_t n;

		if (!voix_dits(&w->a, w->in, l, &d, &n, e))
			return false;
		for (size_t i = 0; i < n; i++) {
			const struct voix *v = voix_of(w->voix, w->nvoix, d[i].code, l->tag);

			said += v && v->humaine;
			made += v && !v->humaine;
		}
		fprintf(w->c->out, "%-10s %3d par une personne, %3d de synthèse, %3d manquent%s\n", l->tag, said,
			made, (int)n - said - made, l->espeak ? "" : " (espeak-ng ne la parle pas)");
	}
	return true;
}

static bool work(struct work *w, struct err *e)
{
	const char *folder = call_option(w->c, "--dossier"), *tag = call_option(w->c, "--langue");
	const struct voix_langue *l = voix_langue_find(tag);

	if (!open_work(w, e))
		return false;
	if (tag && !l) {
		fail(e, E_INPUT, "Langue inconnue : %.40s.", tag);
		return hint(e, "« tremplin diagnostic voix » sans --langue dit lesquelles il y a.");
	}
	if (folder)
		return take_folder(w, folder, e);
	if (!call_option(w->c, "--espeak"))
		return list_all(w, e);
	if (!l)
		return fail(e, E_INPUT, "--espeak demande une langue : --langue ar.");
	return speak_all(w, l, e);
}

static bool voix(struct call *c, struct err *e)
{
	struct work w = { .c = c, .a = arena_new(MEMORY) };
	bool good = work(&w, e);

	store_close(w.s);
	arena_free(&w.a);
	return good;
}

static const struct command_option voix_options[] = {
	{ "--data", "DIR", "dossier des données", true },
	{ "--langue", "CODE", "la langue à faire dire par --espeak", false },
	{ "--espeak", NULL, "fait dire ce qui manque par espeak-ng : provisoire, marqué comme tel", false },
	{ "--dossier", "DIR", "prend des enregistrements nommés CODE.LANGUE.EXTENSION", false },
	{ "--accord", NULL, "les personnes enregistrées sont d’accord pour que ce soit publié", false },
	{ 0 },
};

const struct command voix_commands[] = {
	{ .words = "diagnostic voix", .args = "NAME", .min_args = 1, .max_args = 1,
	  .summary = "les voix d’un instrument : ce qui manque, une synthèse, un dossier d’enregistrements",
	  .example = "tremplin diagnostic voix reperage --data DIR --langue ar --espeak",
	  .options = voix_options, .run = voix },
	{ 0 },
};
