#include "app/render.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/keeper.h"
#include "app/sandbox.h"
#include "base/buf.h"
#include "base/log.h"
#include "store/renderer.h"
#include "store/rpc.h"

static const char program[] = "/usr/bin/weasyprint";

enum {
	SECONDS = 50, MEMORY_MOST = 1536 << 20, FILE_MOST = 64 << 20, THREADS = 2, PIECE = 64 << 10,
	PATH_ROOM = 4200,
};

/* Where the program may put what it needs while it runs. */
struct render {
	char tmp[PATH_ROOM];            /* "TMPDIR=DIR/tmp/rendu" */
};

bool render_is_possible(void)
{
	return !access(program, X_OK);
}

/* --- one run of the program ------------------------------------------------------------------- */

struct run {
	pid_t pid;
	int in, out;                    /* -1: closed */
	int64_t until;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void limit_program(void)
{
	struct rlimit time = { SECONDS, SECONDS }, memory = { MEMORY_MOST, MEMORY_MOST };
	struct rlimit file = { FILE_MOST, FILE_MOST }, none = { 0, 0 };

	setrlimit(RLIMIT_CPU, &time);
	setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_FSIZE, &file);
}

/* In the new process: only calls that may follow a fork of a process with threads.  What the
 * program complains of is not kept: it would quote the page. */
static _Noreturn void become_program(const struct render *w, int in, int out)
{
	static const char *const argv[] = {
		"weasyprint", "--quiet", "--encoding", "utf-8", "--pdf-variant", "pdf/ua-1", "-", "-",
		NULL,
	};
	const char *const envp[] = {
		"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent", "PYTHONDONTWRITEBYTECODE=1",
		w->tmp, NULL,
	};
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	limit_program();
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0
	    || dup2(nowhere, STDERR_FILENO) < 0)
		_exit(126);
	execve(program, (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)envp);
	_exit(127);
}

static bool start(const struct render *w, struct run *r, struct err *e)
{
	int to[2] = { -1, -1 }, from[2] = { -1, -1 };

	if (!pipe2(to, O_CLOEXEC) && !pipe2(from, O_CLOEXEC) && (r->pid = fork()) >= 0) {
		if (!r->pid)
			become_program(w, to[0], from[1]);
		close(to[0]);
		close(from[1]);
		r->in = to[1];
		r->out = from[0];
		fcntl(r->in, F_SETFL, O_NONBLOCK);
		fcntl(r->out, F_SETFL, O_NONBLOCK);
		r->until = now_ms() + SECONDS * 1000;
		return true;
	}
	for (int i = 0; i < 2; i++) {
		close_end(&to[i]);
		close_end(&from[i]);
	}
	return fail(e, E_LIMIT, "Le système refuse un processus de plus.");
}

static void write_some(struct run *r, struct bytes *left)
{
	ssize_t n = left->n ? write(r->in, left->p, left->n) : 0;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		*left = (struct bytes){ (const char *)left->p + n, left->n - (size_t)n };
	if (n < 0 || !left->n)
		close_end(&r->in);
}

static void read_some(struct run *r, struct buf *pdf)
{
	char piece[PIECE];
	ssize_t n = read(r->out, piece, sizeof piece);

	if (n > 0)
		buf_add(pdf, piece, (size_t)n);
	else if (!n || (errno != EAGAIN && errno != EINTR))
		close_end(&r->out);
}

/* Gives the page and takes the PDF, until the program closes its end or it is too late. */
static void converse(struct run *r, struct bytes html, struct buf *pdf)
{
	while (r->out >= 0 && !pdf->full) {
		struct pollfd p[2] = { { .fd = r->out, .events = POLLIN },
				       { .fd = r->in, .events = POLLOUT } };
		int64_t left = r->until - now_ms();

		if (left <= 0 || (poll(p, 2, (int)left) < 0 && errno != EINTR))
			return;
		if (p[1].revents)
			write_some(r, &html);
		if (p[0].revents)
			read_some(r, pdf);
	}
}

static bool end(struct run *r, const struct buf *pdf, struct err *e)
{
	bool late = r->out >= 0;
	int status = 0;

	close_end(&r->in);
	close_end(&r->out);
	if (late)
		kill(r->pid, SIGKILL);
	while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pdf->full)
		return fail(e, E_LIMIT, "Ce document fait un PDF trop gros.");
	if (late)
		return fail(e, E_REMOTE, "Ce document met trop de temps à devenir un PDF.");
	if (!WIFEXITED(status) || WEXITSTATUS(status) || pdf->n < 5 || memcmp(pdf->p, "%PDF-", 5))
		return fail(e, E_INPUT, "Ce document ne peut pas devenir un PDF.");
	return true;
}

static bool answer(void *at, unsigned op, struct bytes html, struct arena *a,
		   struct bytes *out, struct err *e)
{
	CLEANUP(buf_free) struct buf pdf = buf_new(RENDERER_PDF_MOST);
	struct run r = { .in = -1, .out = -1 };

	if (op != RENDERER_PDF)
		return fail(e, E_INPUT, "Cette demande ne peut pas être lue.");
	if (!start(at, &r, e))
		return false;
	converse(&r, html, &pdf);
	if (!end(&r, &pdf, e))
		return false;
	*out = (struct bytes){ arena_strn(a, pdf.p, pdf.n), pdf.n };
	return a->spent ? arena_refuse(a, e) : true;
}

/* DIR/tmp/rendu, emptied of what a program that was killed has left. */
static bool prepare_tmp(const char *dir, struct render *w)
{
	const char *path = w->tmp + strlen("TMPDIR=");
	struct dirent *f;
	DIR *d;

	snprintf(w->tmp, sizeof w->tmp, "TMPDIR=%s/tmp", dir);
	mkdir(path, 0700);
	snprintf(w->tmp, sizeof w->tmp, "TMPDIR=%s/tmp/rendu", dir);
	mkdir(path, 0700);
	d = opendir(path);
	while (d && (f = readdir(d)))
		unlinkat(dirfd(d), f->d_name, 0);
	if (d)
		closedir(d);
	return d;
}

void render_run(const struct role_place *place)
{
	struct render w;
	const struct sandbox_path paths[] = {
		{ w.tmp + strlen("TMPDIR="), SANDBOX_READ | SANDBOX_WRITE | SANDBOX_MAKE },
		{ "/usr", SANDBOX_READ | SANDBOX_RUN }, { "/bin", SANDBOX_READ | SANDBOX_RUN },
		{ "/lib", SANDBOX_READ | SANDBOX_RUN }, { "/lib64", SANDBOX_READ | SANDBOX_RUN },
		{ "/etc/fonts", SANDBOX_READ }, { "/etc/ld.so.cache", SANDBOX_READ },
		{ "/etc/mime.types", SANDBOX_READ }, { "/etc/python3.11", SANDBOX_READ },
		{ "/var/cache/fontconfig", SANDBOX_READ }, { "/dev/urandom", SANDBOX_READ },
		{ "/dev/null", SANDBOX_READ | SANDBOX_WRITE }, { NULL, 0 },
	};
	const struct rpc_service service = {
		.answer = answer, .at = &w, .ask_most = RENDERER_HTML_MOST,
		.memory = RENDERER_PDF_MOST + (1 << 20), .threads = THREADS,
	};

	signal(SIGPIPE, SIG_IGN);
	if (!prepare_tmp(place->dir, &w))
		log_warning("%s : %s", w.tmp, strerror(errno));
	role_confine(ROLE_RENDERER, place->dir, paths);
	rpc_serve(place->fd, &service);
}
