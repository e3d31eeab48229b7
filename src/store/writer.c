/*
 * The writer thread: what waits goes in one transaction, a savepoint each, one fsync.
 * A caller sleeps on its own semaphore until its job is on disk or was refused.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "store/generation.sql.h"
#include "store/inside.h"

enum { QUEUE_MOST = 4096, BATCH_MOST = 256, LINGER_NS = 500000 };

static const char *const control_sql[CONTROLS] = {
	[BEGIN] = "BEGIN IMMEDIATE", [COMMIT] = "COMMIT", [ROLLBACK] = "ROLLBACK",
	[SAVE] = "SAVEPOINT job", [KEEP] = "RELEASE job", [UNDO] = "ROLLBACK TO job",
};

struct db *tx_db(struct tx *tx)
{
	return &tx->db;
}

static bool control(struct writer *w, enum control what, struct err *e)
{
	sqlite3_stmt **s = &w->control[what];
	int rc = SQLITE_OK;

	if (!*s)
		rc = sqlite3_prepare_v3(w->tx.db.c, control_sql[what], -1,
					SQLITE_PREPARE_PERSISTENT, s, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_step(*s);
		rc = sqlite3_reset(*s);
	}
	return rc == SQLITE_OK || db_fail(&w->tx.db, rc, control_sql[what], e);
}

static bool in_transaction(const struct writer *w)
{
	return !sqlite3_get_autocommit(w->tx.db.c);
}

static void disconnect(struct writer *w)
{
	for (int i = 0; i < CONTROLS; i++) {
		sqlite3_finalize(w->control[i]);
		w->control[i] = NULL;
	}
	db_close(&w->tx.db);
}

/*
 * A commit whose fsync failed has left its frames at the end of the WAL, whole: whoever
 * reads that file next (after a kill, or when the last connection has closed) would take
 * them for committed.  A change that means nothing takes their place.  Whether it reaches
 * the disk cannot be known, so the connection is replaced before the next batch.
 */
static void unwrite(struct writer *w)
{
	if (in_transaction(w))
		sqlite3_exec(w->tx.db.c, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_exec(w->tx.db.c, "PRAGMA user_version = 1", NULL, NULL, NULL);
	w->doubtful = true;
}

/* A new connection after a failure; the old one is closed last, so that the index of the
 * WAL, which knows where the last true commit ends, is not made again from the file. */
static bool connected(struct store *s, struct err *e)
{
	struct writer *w = &s->w;
	struct db fresh;

	if (!w->doubtful)
		return true;
	if (!db_open(&fresh, s, true, false, e))
		return false;
	disconnect(w);
	w->tx.db = fresh;
	w->doubtful = false;
	return true;
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* --- a batch ---------------------------------------------------------------------------- */

struct batch {
	struct job *jobs[BATCH_MOST];
	size_t n;
};

static bool run_job(struct writer *w, struct job *j)
{
	j->e->kind = E_OK;
	j->good = j->run(&w->tx, j->arg, j->e);
	if (!j->good && j->e->kind == E_OK)
		fail(j->e, E_STORE, "Cela n'a pas pu être enregistré.");
	return j->good;
}

/* One job by itself: when it fails, the transaction is given up by run_batch. */
static bool run_single(struct writer *w, struct job *j, struct err *e)
{
	if (!run_job(w, j))
		*e = *j->e;
	return j->good || in_transaction(w);
}

/* One job among others.  False when the whole transaction is lost with it. */
static bool run_saved(struct writer *w, struct job *j, struct err *e)
{
	if (!control(w, SAVE, e))
		return false;
	if (run_job(w, j))
		return control(w, KEEP, e);
	*e = *j->e;
	return in_transaction(w) && control(w, UNDO, e) && control(w, KEEP, e);
}

static void fail_all(struct batch *b, const struct err *e)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->jobs[i]->good || b->jobs[i]->e->kind == E_OK)
			*b->jobs[i]->e = *e;
		b->jobs[i]->good = false;
	}
}

/* Counts the tables whose rows changed, of those that are followed (migrations say which); a
 * job that was undone counts too: harmless. */
static bool count_touched(struct writer *w, struct err *e)
{
	size_t n = w->tx.db.ntouched;

	for (size_t i = 0; i < n; i++) {
		if (!generation_add(&w->tx, w->tx.db.touched[i], NULL, e))
			return false;
	}
	return true;
}

/* Runs the jobs and commits; on false e says why nothing of the batch was kept. */
static bool run_batch(struct store *s, struct batch *b, struct err *e)
{
	struct writer *w = &s->w;
	size_t good = 0;
	int64_t start;

	if (!connected(s, e) || !control(w, BEGIN, e))
		return false;
	w->tx.db.ntouched = 0;
	for (size_t i = 0; i < b->n; i++) {
		struct job *j = b->jobs[i];

		if (b->n == 1 ? !run_single(w, j, e) : !run_saved(w, j, e))
			return false;
		good += j->good;
	}
	if (good && !count_touched(w, e))
		return false;
	start = now_ns();
	if (!control(w, good ? COMMIT : ROLLBACK, e))
		return false;
	w->commit_ns += (now_ns() - start - w->commit_ns) / 8;
	return true;
}

/* Remembers whether the disk takes what is written; told once in the log, each way. */
static void judge(struct writer *w, bool good, const struct err *e)
{
	if (!good && e->kind == E_BUSY)
		return;         /* another program wrote all that time: the disk is not at fault */
	if (!good)
		unwrite(w);
	if (!good && !w->sick)
		log_error("store: nothing can be written: %s", e->msg);
	if (good && w->sick)
		log_info("store: writing works again");
	w->sick = !good;
}

static void batch_done(struct store *s, struct batch *b, bool good, const struct err *e)
{
	if (!good)
		fail_all(b, e);
	judge(&s->w, good, e);
	for (size_t i = 0; i < b->n; i++)
		sem_post(&b->jobs[i]->done);
}

/* --- the queue -------------------------------------------------------------------------- */

static void take(struct writer *w, struct batch *b)
{
	b->n = 0;
	while (w->first && b->n < BATCH_MOST) {
		struct job *j = w->first;

		if (j->alone && b->n)
			break;
		w->first = j->next;
		if (!w->first)
			w->last = &w->first;
		w->waiting--;
		b->jobs[b->n++] = j;
		if (j->alone)
			break;
	}
}

/*
 * Those whom the last batch has answered often come back at once.  Waiting for them a part
 * of what a commit costs makes one fsync serve all of them instead of half.  Called locked.
 */
static void linger(struct writer *w)
{
	int64_t wait = w->commit_ns / 2 < LINGER_NS ? w->commit_ns / 2 : LINGER_NS;
	int64_t end = now_ns() + wait;
	struct timespec until = { (time_t)(end / 1000000000), (long)(end % 1000000000) };

	w->wake_at = w->expected;
	while (w->waiting < w->expected && !w->stop &&
	       pthread_cond_timedwait(&w->work, &w->lock, &until) == 0)
		;
}

/* Waits for work; false when there will be none any more. */
static bool next_batch(struct writer *w, struct batch *b)
{
	pthread_mutex_lock(&w->lock);
	linger(w);
	w->wake_at = 1;
	while (!w->first && !w->stop)
		pthread_cond_wait(&w->work, &w->lock);
	take(w, b);
	pthread_mutex_unlock(&w->lock);
	w->expected = b->n;
	return b->n > 0;
}

static void *writer_run(void *arg)
{
	struct store *s = arg;
	struct batch b;

	while (next_batch(&s->w, &b)) {
		struct err e = { 0 };
		bool good = run_batch(s, &b, &e);

		batch_done(s, &b, good, &e);
	}
	return NULL;
}

void writer_prepare(struct store *s)
{
	struct writer *w = &s->w;
	pthread_condattr_t clock;

	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&w->work, &clock);
	pthread_condattr_destroy(&clock);
	w->last = &w->first;
	w->prepared = true;
}

/* The first job starts the thread, so that a process can confine itself after its store is
 * open.  Called locked. */
static bool start(struct store *s, struct err *e)
{
	struct writer *w = &s->w;
	int rc;

	if (w->started)
		return true;
	rc = pthread_create(&w->thread, NULL, writer_run, s);
	w->started = rc == 0;
	if (w->started)
		pthread_setname_np(w->thread, "tremplin-write");
	return w->started || fail(e, E_LIMIT, "Le système refuse un fil d'exécution (%s).",
				  strerror(rc));
}

void writer_rest(struct store *s)
{
	struct writer *w = &s->w;

	if (!w->started)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	w->started = w->stop = false;
}

void writer_stop(struct store *s)
{
	struct writer *w = &s->w;

	writer_rest(s);
	if (w->prepared) {
		pthread_mutex_destroy(&w->lock);
		pthread_cond_destroy(&w->work);
	}
	disconnect(w);
}

static bool enqueue(struct store *s, struct job *j, struct err *e)
{
	struct writer *w = &s->w;
	bool accepted, wake;

	pthread_mutex_lock(&w->lock);
	if (!start(s, e)) {
		pthread_mutex_unlock(&w->lock);
		return false;
	}
	accepted = w->waiting < QUEUE_MOST && !w->stop;
	if (accepted) {
		*w->last = j;
		w->last = &j->next;
		w->waiting++;
	}
	wake = accepted && w->waiting == w->wake_at;
	pthread_mutex_unlock(&w->lock);
	if (wake)                       /* it finds the lock free */
		pthread_cond_signal(&w->work);
	if (accepted)
		return true;
	fail(e, E_BUSY, "Trop d'enregistrements attendent leur tour.");
	return hint(e, "Rien n'a été enregistré : réessayez dans un moment.");
}

static bool write_job(struct store *s, store_job *run, void *arg, bool alone, struct err *e)
{
	struct job j = { .run = run, .arg = arg, .e = e, .alone = alone };

	if (s->w.started && pthread_equal(pthread_self(), s->w.thread))
		return fail(e, E_STORE, "Un enregistrement ne peut pas en attendre un autre.");
	e->kind = E_OK;
	sem_init(&j.done, 0, 0);
	if (enqueue(s, &j, e)) {
		while (sem_wait(&j.done) && errno == EINTR)
			;
	}
	sem_destroy(&j.done);
	return j.good;
}

bool store_write(struct store *s, store_job *job, void *arg, struct err *e)
{
	return write_job(s, job, arg, false, e);
}

bool store_write_alone(struct store *s, store_job *job, void *arg, struct err *e)
{
	return write_job(s, job, arg, true, e);
}
