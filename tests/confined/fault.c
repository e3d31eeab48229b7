#include "app/fault.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "core/core.h"
#include "store/db.h"
#include "store/remote.h"
#include "store/renderer.h"
#include "store/signer.h"
#include "web/route.h"

/* What is tried, on whom.  Every try returns 0, or the error that stopped it. */
struct target {
	const char *dir;                /* the data folder */
	pid_t pid;                      /* of another process of ours */
	int port;                       /* of a server that listens on 127.0.0.1 and ::1 */
	const char *unix_path;          /* and here */
	const char *outside;            /* a folder where this account may write */
	struct signer *signer;          /* NULL: none */
};

static int result(long r)
{
	return r < 0 ? errno : 0;
}

/* --- files ---------------------------------------------------------------------------------- */

static int opens(const char *dir, const char *name, int flags)
{
	char path[600];
	int fd, why;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	fd = open(path, flags | O_CLOEXEC, 0600);
	why = result(fd);
	if (fd >= 0)
		close(fd);
	return why;
}

static int names_in(const char *dir, const char *name)
{
	char path[600];
	DIR *d;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	d = opendir(path);
	if (!d)
		return errno;
	closedir(d);
	return 0;
}

static int read_key(const struct target *t)
{
	return opens(t->dir, "cles/victime", O_RDONLY);
}

static int list_keys(const struct target *t)
{
	return names_in(t->dir, "cles");
}

static int write_key(const struct target *t)
{
	return opens(t->dir, "cles/victime", O_WRONLY);
}

static int make_key(const struct target *t)
{
	return opens(t->dir, "cles/intrus", O_WRONLY | O_CREAT);
}

static int truncate_key(const struct target *t)
{
	char path[600];

	snprintf(path, sizeof path, "%s/cles/victime", t->dir);
	return result(truncate(path, 0));
}

static int chmod_key(const struct target *t)
{
	char path[600];

	snprintf(path, sizeof path, "%s/cles/victime", t->dir);
	return result(chmod(path, 0600));
}

static int link_key(const struct target *t)
{
	char from[600], to[600];

	snprintf(from, sizeof from, "%s/cles/victime", t->dir);
	snprintf(to, sizeof to, "%s/tmp/lien-%d", t->dir, (int)gettid());
	unlink(to);
	return result(link(from, to));
}

static int move_keys(const struct target *t)
{
	char from[600], to[600];
	int why;

	snprintf(from, sizeof from, "%s/cles", t->dir);
	snprintf(to, sizeof to, "%s/tmp/cles", t->dir);
	why = result(rename(from, to));
	if (!why)
		rename(to, from);
	return why;
}

static int remove_key(const struct target *t)
{
	char path[600];

	snprintf(path, sizeof path, "%s/cles/perdue", t->dir);
	return result(unlink(path));
}

static int read_key_of_signer(const struct target *t)
{
	char root[64];

	snprintf(root, sizeof root, "/proc/%d/root", (int)t->pid);
	return opens(root, "etc/hostname", O_RDONLY);
}

static int read_settings(const struct target *t)
{
	return opens(t->dir, "config", O_RDONLY);
}

static int read_base(const struct target *t)
{
	return opens(t->dir, "tremplin.db", O_RDONLY);
}

static int remove_base(const struct target *t)
{
	char path[600], away[600];
	int why;

	snprintf(path, sizeof path, "%s/tremplin.db", t->dir);
	snprintf(away, sizeof away, "%s/ailleurs.db", t->dir);
	why = result(rename(path, away));
	if (!why)
		rename(away, path);
	return why;
}

static int chmod_base(const struct target *t)
{
	char path[600];

	snprintf(path, sizeof path, "%s/tremplin.db", t->dir);
	return result(chmod(path, 0600));
}

static int make_beside(const struct target *t)
{
	return opens(t->dir, "intrus", O_WRONLY | O_CREAT);
}

static int list_backups(const struct target *t)
{
	return names_in(t->dir, "sauvegardes");
}

static int write_outside(const struct target *t)
{
	return opens(t->outside, "intrus", O_WRONLY | O_CREAT);
}

static int read_system(const struct target *t)
{
	(void)t;
	return opens("/etc", "passwd", O_RDONLY);
}

/* --- the network ------------------------------------------------------------------------------ */

static int connects(int family, const void *to, socklen_t n)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), why = result(fd);

	if (fd < 0)
		return why;
	why = result(connect(fd, to, n));
	close(fd);
	return why;
}

static int connect_v4(const struct target *t)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)t->port) };

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return connects(AF_INET, &a, sizeof a);
}

static int connect_v6(const struct target *t)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)t->port),
				  .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	return connects(AF_INET6, &a, sizeof a);
}

static int connect_unix(const struct target *t)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	snprintf(a.sun_path, sizeof a.sun_path, "%s", t->unix_path);
	return connects(AF_UNIX, &a, sizeof a);
}

static int send_udp(const struct target *t)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)t->port) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), why = result(fd);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		return why;
	why = result(sendto(fd, "x", 1, 0, (struct sockaddr *)&a, sizeof a));
	close(fd);
	return why;
}

static int listen_on(const struct target *t)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), why = result(fd);

	(void)t;
	if (fd < 0)
		return why;
	why = result(bind(fd, (struct sockaddr *)&a, sizeof a));
	if (!why)
		why = result(listen(fd, 1));
	close(fd);
	return why;
}

/* The calls themselves, on descriptors that a hijacker may have found. */
static int connect_found(const struct target *t)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)t->port) };
	int why = result(connect(STDERR_FILENO, (struct sockaddr *)&a, sizeof a));

	return why == ENOTSOCK || why == EISCONN ? 0 : why;
}

static int send_found(const struct target *t)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)t->port) };
	int why = result(sendto(STDERR_FILENO, "", 0, 0, (struct sockaddr *)&a, sizeof a));

	return why == ENOTSOCK || why == EISCONN ? 0 : why;
}

static int use_io_uring(const struct target *t)
{
	char params[120] = { 0 };
	long fd = syscall(SYS_io_uring_setup, 1, params);

	(void)t;
	if (fd >= 0)
		close((int)fd);
	return result(fd);
}

/* --- other programs ----------------------------------------------------------------------------- */

/* Refused, it is not permitted; else the program is missing, and that was permitted. */
static int execute(const struct target *t)
{
	char *const argv[] = { (char[]){ "x" }, NULL };

	(void)t;
	execve("/nonexistent/x", argv, argv + 1);
	return errno == ENOENT ? 0 : errno;
}

static int execute_at(const struct target *t)
{
	char *const argv[] = { (char[]){ "x" }, NULL };

	(void)t;
	syscall(SYS_execveat, AT_FDCWD, "/nonexistent/x", argv, argv + 1, 0);
	return errno == ENOENT ? 0 : errno;
}

static int fork_one(const struct target *t)
{
	long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	(void)t;
	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
	return result(pid);
}

static int spawn(const struct target *t)
{
	char *const argv[] = { (char[]){ "/bin/true" }, NULL };
	pid_t pid;
	int why = posix_spawn(&pid, argv[0], NULL, NULL, argv, argv + 1), status = 0;

	(void)t;
	if (!why)
		waitpid(pid, &status, 0);
	return why ? why : WEXITSTATUS(status);
}

static int map_code(const struct target *t)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)t;
	if (p == MAP_FAILED)
		return errno;
	munmap(p, 4096);
	return 0;
}

static int turn_to_code(const struct target *t)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int why;

	(void)t;
	if (p == MAP_FAILED)
		return errno;
	why = result(mprotect(p, 4096, PROT_READ | PROT_EXEC));
	munmap(p, 4096);
	return why;
}

static int hide_program(const struct target *t)
{
	long fd = syscall(SYS_memfd_create, "x", MFD_CLOEXEC);

	(void)t;
	if (fd >= 0)
		close((int)fd);
	return result(fd);
}

/* --- other processes ------------------------------------------------------------------------------ */

static int trace(const struct target *t)
{
	long r = ptrace(PTRACE_SEIZE, t->pid, NULL, NULL);
	int why = result(r);

	if (!r)
		ptrace(PTRACE_DETACH, t->pid, NULL, NULL);
	return why;
}

static int read_memory(const struct target *t)
{
	char path[64];
	int fd, why;

	snprintf(path, sizeof path, "/proc/%d/mem", (int)t->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	why = result(fd);
	if (fd >= 0)
		close(fd);
	return why;
}

static int read_memory_by_call(const struct target *t)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { (void *)0x1000, 1 };
	int why = result(process_vm_readv(t->pid, &here, 1, &there, 1, 0));

	return why == EFAULT ? 0 : why;         /* that address is nothing, but may be asked */
}

static int send_signal(const struct target *t)
{
	return result(kill(t->pid, 0));
}

static int take_descriptor(const struct target *t)
{
	long fd = syscall(SYS_pidfd_open, t->pid, 0);

	if (fd >= 0)
		close((int)fd);
	return result(fd);
}

/* --- the system ---------------------------------------------------------------------------------- */

static int type_in_terminal(const struct target *t)
{
	int why = result(ioctl(STDIN_FILENO, TIOCSTI, "x"));

	(void)t;
	return why == ENOTTY || why == EIO || why == EBADF ? 0 : why;  /* no terminal: permitted */
}

static int show_memory(const struct target *t)
{
	(void)t;
	return result(prctl(PR_SET_DUMPABLE, 1));
}

static int new_namespace(const struct target *t)
{
	(void)t;
	return result(unshare(CLONE_FS));
}

static int follow_memory(const struct target *t)
{
	long fd = syscall(SYS_userfaultfd, O_CLOEXEC | 1);

	(void)t;
	if (fd >= 0)
		close((int)fd);
	return result(fd);
}

static int ask_any_key(const struct target *t)
{
	char tag[BOX_TAG_TEXT];
	struct err e = { 0 };

	if (!t->signer)
		return EPERM;
	return signer_tag(t->signer, "session", (struct bytes){ "x", 1 }, tag, &e) ? 0 :
		e.kind == E_DENIED ? EACCES : EIO;
}

static const struct try {
	const char *name;
	int (*attempt)(const struct target *t);
} tries[] = {
	{ "read-key", read_key }, { "list-keys", list_keys }, { "write-key", write_key },
	{ "make-key", make_key }, { "truncate-key", truncate_key }, { "chmod-key", chmod_key },
	{ "link-key", link_key }, { "move-keys", move_keys }, { "remove-key", remove_key },
	{ "root-of-signer", read_key_of_signer }, { "read-settings", read_settings },
	{ "read-base", read_base }, { "remove-base", remove_base }, { "chmod-base", chmod_base },
	{ "make-beside", make_beside }, { "list-backups", list_backups },
	{ "write-outside", write_outside }, { "read-system", read_system },
	{ "connect-v4", connect_v4 }, { "connect-v6", connect_v6 }, { "connect-unix", connect_unix },
	{ "send-udp", send_udp }, { "listen", listen_on }, { "connect-found", connect_found },
	{ "send-found", send_found }, { "io-uring", use_io_uring },
	{ "execute", execute }, { "execute-at", execute_at }, { "fork", fork_one }, { "spawn", spawn },
	{ "map-code", map_code }, { "turn-to-code", turn_to_code }, { "memfd", hide_program },
	{ "trace", trace }, { "read-memory", read_memory },
	{ "read-memory-by-call", read_memory_by_call }, { "signal", send_signal },
	{ "pidfd", take_descriptor }, { "terminal", type_in_terminal }, { "dumpable", show_memory },
	{ "unshare", new_namespace }, { "userfaultfd", follow_memory }, { "ask-any-key", ask_any_key },
};

enum { TRIES = sizeof tries / sizeof *tries };

/* --- asked for ------------------------------------------------------------------------------------ */

struct asked {
	const char *quoi;
	int64_t pid, port;
};

static const struct field asked_fields[] = {
	{ AT(asked, quoi), .kind = F_TEXT, .label = "quoi" },
	{ AT(asked, pid), .kind = F_INT, .max = 1e9, .label = "pid" },
	{ AT(asked, port), .kind = F_INT, .max = 65535, .label = "port" },
	{ 0 },
};

static const char *of_environment(const char *name)
{
	const char *s = getenv(name);

	return s ? s : "";
}

static void *end_soon(void *nothing)
{
	nanosleep(&(struct timespec){ 0, 30 * 1000 * 1000 }, NULL);
	return nothing;
}

/* The thread is as one that was joined and is still counted: it must not keep the lock open. */
int fault_is_free(void)
{
	pthread_t ending;

	if (!pthread_create(&ending, NULL, end_soon, NULL))
		pthread_detach(ending);
	return getenv("TREMPLIN_FAULT_FREE") != NULL;
}

int fault_landlock(int version)
{
	const char *most = getenv("TREMPLIN_FAULT_LANDLOCK");
	int n = most ? (int)strtol(most, NULL, 10) : version;

	return n < version ? n : version;
}

static struct target target_of(const char *dir)
{
	return (struct target){ .dir = dir, .unix_path = of_environment("FAULT_UNIX"),
				.outside = of_environment("FAULT_OUTSIDE"),
				.port = (int)strtol(of_environment("FAULT_PORT"), NULL, 10) };
}

static bool fault_page(struct req *r, struct res *s, struct err *e)
{
	const struct asked *in = r->in;
	struct target t = target_of(store_dir(r->core->store));

	t.pid = (pid_t)in->pid;
	t.signer = r->core->signer;
	s->type = "text/plain; charset=utf-8";
	for (size_t i = 0; i < TRIES; i++) {
		if (in->quoi && strcmp(in->quoi, tries[i].name) == 0) {
			int why = tries[i].attempt(&t);

			buf_printf(&s->body, "%s\n", why ? strerrorname_np(why) : "fait");
			return true;
		}
		if (!in->quoi)
			buf_printf(&s->body, "%s\n", tries[i].name);
	}
	return !in->quoi || fail(e, E_MISSING, "rien de ce nom");
}

/* A PDF whose page wants what it must not get. */
static bool pdf_page(struct req *r, struct res *s, struct err *e)
{
	const struct asked *in = r->in;
	struct bytes pdf;
	const char *html = arena_printf(r->a,
		"<!DOCTYPE html><html lang=fr><head><title>Essai</title></head><body><h1>Bonjour é</h1>"
		"<p>%s</p><img alt=a src='http://127.0.0.1:%d/image.png'>"
		"<img alt=b src='file://%s/config'><a href='file://%s/config' rel=attachment>x</a>"
		"</body></html>", in->quoi ? in->quoi : "", (int)in->port,
		store_dir(r->core->store), store_dir(r->core->store));

	if (!renderer_pdf(r->core->renderer, (struct bytes){ html, strlen(html) }, r->a, &pdf, e))
		return false;
	s->type = "application/pdf";
	buf_add(&s->body, pdf.p, pdf.n);
	return true;
}

/* Asks another server through the sender: http://QUOI:PORT/ */
static bool question_page(struct req *r, struct res *s, struct err *e)
{
	const struct asked *in = r->in;
	struct remote_ask ask = { .url = arena_printf(r->a, "http://%s:%d/", in->quoi, (int)in->port),
				  .timeout_ms = 3000 };
	struct remote_answer got;

	if (!remote_fetch(r->core->remote, &ask, r->a, &got, e))
		return false;
	s->type = "text/plain; charset=utf-8";
	buf_printf(&s->body, "%d\n", got.status);
	return true;
}

void fault_role(const char *role, const char *dir)
{
	struct target t = target_of(dir);

	t.pid = getppid();
	for (size_t i = 0; i < TRIES; i++) {
		int why = tries[i].attempt(&t);

		log_info("faute %s %s %s", role, tries[i].name, why ? strerrorname_np(why) : "fait");
	}
}

const struct route fault_routes[] = {
	{ GET, "/faute", fault_page, CAN_PUBLIC, asked_fields, sizeof(struct asked), "Faute",
	  ROUTE_SLOW, NULL },
	{ GET, "/faute-pdf", pdf_page, CAN_PUBLIC, asked_fields, sizeof(struct asked), "PDF",
	  ROUTE_SLOW, NULL },
	{ GET, "/faute-question", question_page, CAN_PUBLIC, asked_fields, sizeof(struct asked),
	  "Question", ROUTE_SLOW, NULL },
	{ GET, "/faute-boucle", fault_page, CAN_PUBLIC, asked_fields, sizeof(struct asked),
	  "Faute, sur une boucle", 0, NULL },
	{ 0 },
};
