#include "tests/store/world.h"

#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct counted_row {
	int64_t n;
};
static const struct query_column counted_columns[] = { { Q_INT, false, 0, 0 } };
static const struct query counted = {
	"counted", "SELECT count(*) FROM reglage", NULL, 0, counted_columns, 1,
	sizeof(struct counted_row), true, NULL,
};

/* --- group commit ----------------------------------------------------------------------- */

struct client {
	struct store *s;
	int from, refused;
	pthread_t thread;
};

static bool add_then_maybe_refuse(struct tx *tx, void *arg, struct err *e)
{
	const struct setting *k = arg;

	if (!add_setting_job(tx, arg, e))
		return false;
	return strcmp(k->value, "no") || fail(e, E_CONFLICT, "refused after having written");
}

/* Fifty rows, one in five of them refused after it was written. */
static void *write_fifty(void *arg)
{
	struct client *c = arg;

	for (int i = 0; i < 50; i++) {
		char key[20];
		struct setting k = { key, i % 5 ? "x" : "no" };
		struct err e;

		snprintf(key, sizeof key, "%d", c->from + i);
		c->refused += !store_write(c->s, add_then_maybe_refuse, &k, &e);
	}
	return NULL;
}

TEST("a job that fails leaves nothing, and those that waited with it are all kept")
{
	const char *dir = test_dir();
	struct store *s = open_store(dir, STORE_CREATE);
	struct client c[16];

	for (int i = 0; i < 16; i++) {
		c[i] = (struct client){ .s = s, .from = i * 1000 };
		pthread_create(&c[i].thread, NULL, write_fifty, &c[i]);
	}
	for (int i = 0; i < 16; i++) {
		pthread_join(c[i].thread, NULL);
		equals(c[i].refused, 10);
	}
	equals(count_settings(s), 16 * 40);
	store_close(s);
	s = open_store(dir, STORE_COMMAND);
	equals(count_settings(s), 16 * 40);
	store_close(s);
}

TEST("a refused job says why in the words of the one who asked")
{
	struct store *s = open_store(test_dir(), STORE_CREATE);
	struct setting k = { "a", "no" };
	struct err e;

	accepts(add_setting(s, "b", "1", &e), &e);
	refuses(E_CONFLICT, add_setting(s, "b", "2", &e), &e);
	refuses(E_CONFLICT, store_write(s, add_then_maybe_refuse, &k, &e), &e);
	same(e.msg, "refused after having written");
	refuses(E_INPUT, add_setting(s, "c", NULL, &e), &e);    /* NOT NULL */
	equals(count_settings(s), 1);
	store_close(s);
}

/* --- who sees what ---------------------------------------------------------------------- */

struct slow {
	struct store *s;
	sem_t written, go;
	int64_t seen_inside;
	bool nested;
	bool good;
};

static bool slow_job(struct tx *tx, void *arg, struct err *e)
{
	struct slow *w = arg;
	struct setting k = { "slow", "1" };
	struct arena a = arena_new(1 << 16);
	struct counted_row row;
	bool good = add_setting_job(tx, &k, e) &&
		query_one(tx_db(tx), &a, &counted, NULL, &row, NULL, e);

	w->seen_inside = row.n;
	w->nested = store_write(w->s, add_setting_job, &k, e);
	arena_free(&a);
	sem_post(&w->written);
	sem_wait(&w->go);
	return good;
}

static void *run_slow(void *arg)
{
	struct slow *w = arg;
	struct err e;

	w->good = store_write_alone(w->s, slow_job, w, &e);
	return NULL;
}

TEST("a job sees what it has written, the others see it once it is committed")
{
	struct slow w = { .s = open_store(test_dir(), STORE_CREATE) };
	pthread_t t;

	sem_init(&w.written, 0, 0);
	sem_init(&w.go, 0, 0);
	pthread_create(&t, NULL, run_slow, &w);
	sem_wait(&w.written);
	equals(w.seen_inside, 1);
	equals(count_settings(w.s), 0);
	holds(!w.nested);               /* a job cannot wait for another */
	sem_post(&w.go);
	pthread_join(t, NULL);
	holds(w.good);
	equals(count_settings(w.s), 1);
	store_close(w.s);
}

/* --- what moved ------------------------------------------------------------------------- */

static int64_t version_of(struct store *s)
{
	int64_t v = -1;
	struct err e;

	accepts(store_version(s, &v, &e), &e);
	return v;
}

/* A process that waits to be told, then writes one row; forked while there is one thread. */
struct other {
	pid_t pid;
	int go[2];
};

static struct other other_process(const char *dir)
{
	struct other o;
	char c;

	equals(pipe(o.go), 0);
	o.pid = fork_that_dies_with_us();
	if (!o.pid) {
		struct store *s;
		struct err e;

		_exit(read(o.go[0], &c, 1) != 1 ||
		      !store_open(dir, STORE_COMMAND, &env_test, &s, &e) ||
		      !add_setting(s, "b", "x", &e));
	}
	return o;
}

static void let_it_write(struct other *o)
{
	int status = 0;

	equals(write(o->go[1], "x", 1), 1);
	equals(waitpid(o->pid, &status, 0), o->pid);
	equals(status, 0);
	close(o->go[0]);
	close(o->go[1]);
}

TEST("the version moves when this process or another has written, and stays otherwise")
{
	const char *dir = test_dir();
	struct other o = other_process(dir);
	struct store *s = open_store(dir, STORE_SERVE);
	int64_t v = version_of(s);
	struct err e;

	equals(version_of(s), v);
	count_settings(s);
	equals(version_of(s), v);
	accepts(add_setting(s, "a", "1", &e), &e);
	holds(version_of(s) != v);
	v = version_of(s);
	let_it_write(&o);
	holds(version_of(s) != v);
	equals(count_settings(s), 2);
	store_close(s);
}

/* --- folders ---------------------------------------------------------------------------- */

TEST("a second server is refused and the first one is named")
{
	const char *dir = test_dir();
	struct store *s = open_store(dir, STORE_SERVE), *other;
	char number[40];
	struct err e;

	refuses(E_CONFLICT, store_open(dir, STORE_SERVE, &env_test, &other, &e), &e);
	snprintf(number, sizeof number, "(processus %d)", (int)getpid());
	holds(strstr(e.msg, number));
	accepts(store_open(dir, STORE_COMMAND, &env_test, &other, &e), &e);
	store_close(other);
	store_close(s);
	store_close(open_store(dir, STORE_SERVE));
}

TEST("a folder that is not one, is empty or is damaged is refused with what to do")
{
	const char *dir = test_dir();
	char path[200], noise[4096];
	struct store *s;
	struct err e;
	FILE *f;

	refuses(E_MISSING, store_open(dir, STORE_COMMAND, &env_test, &s, &e), &e);
	refuses(E_MISSING, store_open(dir, STORE_MIGRATE, &env_test, &s, &e), &e);
	refuses(E_STORE, store_open("/dev/null/x", STORE_SERVE, &env_test, &s, &e), &e);
	holds(e.hint[0]);
	store_close(open_store(dir, STORE_CREATE));
	snprintf(path, sizeof path, "%s/tremplin.db", dir);
	f = fopen(path, "r+");
	memset(noise, 'x', sizeof noise);
	fwrite(noise, 1, sizeof noise, f);
	fclose(f);
	refuses(E_STORE, store_open(dir, STORE_SERVE, &env_test, &s, &e), &e);
	holds(strstr(e.hint, "tremplin restore"));
}

TEST("a new data folder is its owner's alone")
{
	char dir[200];
	struct stat st;

	snprintf(dir, sizeof dir, "%s/neuf", test_dir());
	store_close(open_store(dir, STORE_CREATE));
	equals(stat(dir, &st), 0);
	equals(st.st_mode & 0777, 0700);
}

/* --- a disk that is full ---------------------------------------------------------------- */

static void fill(const char *path, size_t n)
{
	FILE *f = fopen(path, "w");

	for (size_t i = 0; f && i < n; i++)
		fputc('x', f);
	if (f)
		fclose(f);
}

static int64_t write_until_refused(struct store *s, const char *prefix, struct err *e)
{
	static char value[2000];
	char key[40];
	int64_t n = 0;

	memset(value, 'v', sizeof value - 1);
	for (;; n++) {
		snprintf(key, sizeof key, "%s%ld", prefix, (long)n);
		if (n == 100000 || !add_setting(s, key, value, e))
			return n;
	}
}

TEST("on a full disk nothing acknowledged is lost, and writing resumes when there is room")
{
	const char *dir = test_dir();
	char ballast[200];
	struct store *s;
	struct err e;
	int64_t kept;

	if (mount("tmpfs", dir, "tmpfs", 0, "size=2m")) {
		print_message("needs the right to mount a small disk\n");
		skip();
	}
	snprintf(ballast, sizeof ballast, "%s/ballast", dir);
	fill(ballast, 300000);
	s = open_store(dir, STORE_SERVE);
	kept = write_until_refused(s, "a", &e);
	holds(kept > 10 && kept < 2000);
	equals(e.kind, E_STORE);
	holds(strstr(e.msg, "disque est plein"));
	holds(strstr(e.hint, dir));
	equals(write_until_refused(s, "b", &e), 0);
	equals(count_settings(s), kept);
	unlink(ballast);
	kept += write_until_refused(s, "c", &e);
	equals(count_settings(s), kept);
	store_close(s);
	s = open_store(dir, STORE_COMMAND);
	equals(count_settings(s), kept);
	store_close(s);
	umount(dir);
}

static const struct query follow_settings = {
	"follow_settings", "INSERT INTO generation (nom, numero) VALUES ('reglage', 0)", NULL, 0, NULL,
	0, 0, false, NULL,
};

static bool follow_job(struct tx *tx, void *arg, struct err *e)
{
	(void)arg;
	return query_exec(tx, &follow_settings, NULL, NULL, e);
}

TEST("a table that changes counts one more, by whatever job; one that does not stays")
{
	static const char *const settings[] = { "reglage", NULL }, *const others[] = { "lieu", NULL };
	struct store *s = open_store(test_dir(), STORE_CREATE);
	CLEANUP(db_release) struct db *db = NULL;
	int64_t before, after, other, again;
	struct err e = { 0 };

	accepts(db_acquire(s, &db, &e), &e);
	accepts(store_write(s, follow_job, NULL, &e), &e);
	accepts(store_generation(db, settings, &before, &e), &e);
	accepts(store_generation(db, others, &other, &e), &e);
	accepts(add_setting(s, "a", "1", &e), &e);
	accepts(store_generation(db, settings, &after, &e), &e);
	holds(after > before);
	refuses(E_CONFLICT, add_setting(s, "a", "2", &e), &e);
	accepts(put_setting(s, "b", "1", &e), &e);
	accepts(store_generation(db, settings, &again, &e), &e);
	holds(again > after);
	accepts(store_generation(db, others, &after, &e), &e);
	equals(after, other);
	db_release(&db);
	store_close(s);
}
