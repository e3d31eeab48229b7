#include "app/keeper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/certificate.h"
#include "app/sandbox.h"
#include "base/log.h"
#include "store/rpc.h"

enum {
	SHORT_LIFE_MS = 10000,          /* one that dies sooner waits before the next */
	WAIT_LEAST_MS = 100, WAIT_MOST_MS = 30000,
	END_MS = 6000,                  /* to finish, before they are killed */
};

struct kept {
	pid_t pid;                      /* 0: none runs */
	int64_t born, next;             /* when it began; when another may begin */
	int wait_ms;
};

struct keeper {
	const struct processes_ask *ask;
	int control, children;          /* main's end; a signalfd that tells of deaths */
	const int *fds;
	struct kept kept[ROLES];
	sigset_t before;
	bool opened;                    /* main has opened the store */
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- the start of one ------------------------------------------------------------------------ */

static _Noreturn void become(struct keeper *k, int r, pid_t parent)
{
	struct role_place place = { k->ask->dir, k->ask->env, k->fds[r] };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);                       /* it died before we asked to know */
	prctl(PR_SET_NAME, roles[r].name);
	sigprocmask(SIG_SETMASK, &k->before, NULL);
	close(k->control);
	close(k->children);
	for (int i = 0; i < ROLES; i++) {
		if (i != r && k->fds[i] >= 0)
			close(k->fds[i]);
	}
	roles[r].run(&place);
	_exit(0);
}

static void start(struct keeper *k, int r)
{
	struct kept *c = &k->kept[r];
	pid_t parent = getpid(), pid = fork();

	if (!pid)
		become(k, r, parent);
	c->born = now_ms();
	if (pid > 0) {
		c->pid = pid;
		return;
	}
	log_error("%s : %s", roles[r].title, strerror(errno));
	c->next = c->born + WAIT_MOST_MS;
}

/* One that is wanted, does not run, and may. */
static bool is_missing(const struct keeper *k, int r)
{
	return k->fds[r] >= 0 && !k->kept[r].pid && (k->opened || !roles[r].after_store);
}

static void start_due(struct keeper *k)
{
	for (int r = 0; r < ROLES; r++) {
		if (is_missing(k, r) && k->kept[r].next <= now_ms())
			start(k, r);
	}
}

/* --- its death ------------------------------------------------------------------------------- */

/* At once after a long life; twice as long after each short one. */
static int next_wait_ms(const struct kept *c, int64_t now)
{
	if (now - c->born >= SHORT_LIFE_MS)
		return 0;
	if (!c->wait_ms)
		return WAIT_LEAST_MS;
	return c->wait_ms * 2 < WAIT_MOST_MS ? c->wait_ms * 2 : WAIT_MOST_MS;
}

static void note_death(struct keeper *k, int r, int status)
{
	struct kept *c = &k->kept[r];
	int64_t now = now_ms();

	if (WIFSIGNALED(status))
		log_warning("%s : arrêté par le signal %d, il est relancé", roles[r].title,
			    WTERMSIG(status));
	else
		log_warning("%s : terminé (%d), il est relancé", roles[r].title, WEXITSTATUS(status));
	c->wait_ms = next_wait_ms(c, now);
	c->pid = 0;
	c->next = now + c->wait_ms;
	rpc_gone(k->fds[r]);
}

/* Whoever has died; quietly when all must end. */
static void reap(struct keeper *k, bool ending)
{
	struct signalfd_siginfo told;
	int status;
	pid_t pid;

	while (read(k->children, &told, sizeof told) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int r = 0; r < ROLES; r++) {
			if (k->kept[r].pid != pid)
				continue;
			if (ending)
				k->kept[r].pid = 0;
			else
				note_death(k, r, status);
		}
	}
}

/* --- all of them ----------------------------------------------------------------------------- */

static int next_wait(const struct keeper *k)
{
	int64_t wait = -1;

	for (int r = 0; r < ROLES; r++) {
		int64_t left = k->kept[r].next - now_ms();

		if (!is_missing(k, r))
			continue;
		if (left < 0)
			left = 0;
		if (wait < 0 || left < wait)
			wait = left;
	}
	return (int)wait;
}

bool control_say(int control, enum control what)
{
	char c = (char)what;

	return send(control, &c, 1, MSG_NOSIGNAL) == 1;
}

/* What main says; false when it is gone: its end of `control` is then closed. */
static bool hear(struct keeper *k)
{
	char what;

	if (recv(k->control, &what, 1, MSG_DONTWAIT) <= 0)
		return false;
	if (what == CONTROL_OPENED)
		k->opened = true;
	else if (what == CONTROL_CERTIFICATE)
		certificate_answer(k->control, k->ask->tls_cert, k->ask->tls_key);
	return true;
}

static void keep(struct keeper *k)
{
	struct pollfd p[2] = { { .fd = k->control, .events = POLLIN },
			       { .fd = k->children, .events = POLLIN } };

	for (;;) {
		start_due(k);
		if (poll(p, 2, next_wait(k)) < 0 && errno != EINTR)
			return;
		if (p[0].revents && !hear(k))
			return;
		reap(k, false);
	}
}

static bool some_run(const struct keeper *k)
{
	for (int r = 0; r < ROLES; r++) {
		if (k->kept[r].pid)
			return true;
	}
	return false;
}

/* They have seen that nobody asks any more; those that do not end are killed. */
static void end_all(struct keeper *k)
{
	struct pollfd p = { .fd = k->children, .events = POLLIN };
	int64_t until = now_ms() + END_MS;

	reap(k, true);
	while (some_run(k) && now_ms() < until) {
		poll(&p, 1, (int)(until - now_ms()));
		reap(k, true);
	}
	for (int r = 0; r < ROLES; r++) {
		if (!k->kept[r].pid)
			continue;
		kill(k->kept[r].pid, SIGKILL);
		waitpid(k->kept[r].pid, NULL, 0);
	}
}

/* A stop is said to the whole group; the others end when main has finished. */
static void leave_stops_to_main(void)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };

	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
		signal(stops[i], SIG_IGN);
}

void keeper_run(const struct processes_ask *ask, int control, const int fds[ROLES])
{
	struct keeper k = { .ask = ask, .control = control, .fds = fds };
	sigset_t deaths;

	prctl(PR_SET_NAME, "tremplin-keeper");
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	sandbox_hide();
	leave_stops_to_main();
	sigemptyset(&deaths);
	sigaddset(&deaths, SIGCHLD);
	sigprocmask(SIG_BLOCK, &deaths, &k.before);
	k.children = signalfd(-1, &deaths, SFD_CLOEXEC | SFD_NONBLOCK);
	if (k.children < 0)
		_exit(1);
	keep(&k);
	end_all(&k);
	if (ask->at_end)
		ask->at_end(ask->at);
	_exit(0);
}
