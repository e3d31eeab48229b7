/* Which system calls each process keeps (libseccomp); the rest does not exist for it. */
#include "app/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "app/fault.h"
#include "app/landlock.h"

#if defined(__SANITIZE_ADDRESS__)
#define BUILT_FOR_SANITIZERS true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BUILT_FOR_SANITIZERS true
#endif
#endif
#ifndef BUILT_FOR_SANITIZERS
#define BUILT_FOR_SANITIZERS false
#endif

/* Memory, threads, time, and what is already open. */
static const char *const everyone[] = {
	"brk", "clock_getres", "clock_gettime", "clock_nanosleep", "close", "close_range", "dup",
	"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2", "exit", "exit_group",
	"fcntl", "fdatasync", "fstat", "fsync", "ftruncate", "futex", "getcpu", "getegid",
	"geteuid", "getgid", "getpid", "getppid", "getrandom", "getrusage", "gettid", "gettimeofday",
	"getuid", "lseek", "madvise", "membarrier", "mremap", "munmap", "nanosleep", "newfstatat",
	"open", "openat", "pipe2", "poll", "ppoll", "pread64", "pselect6", "pwrite64", "read", "readv",
	"recvfrom", "restart_syscall", "rseq", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
	"rt_sigtimedwait", "sched_getaffinity", "sched_yield", "select", "set_robust_list", "shutdown",
	"sigaltstack", "stat", "statx", "time", "timerfd_create", "timerfd_settime", "uname", "write",
	"writev", NULL,
};

/* Files, within what Landlock leaves: no mode, owner, date or attribute, which it does not
 * guard. */
static const char *const files[] = {
	"access", "faccessat", "faccessat2", "fadvise64", "fallocate", "flock", "fstatfs", "getcwd",
	"getdents64", "link", "linkat", "lstat", "mkdir", "mkdirat", "preadv", "pwritev", "readlink",
	"readlinkat", "rename", "renameat", "renameat2", "rmdir", "statfs", "sysinfo", "unlink",
	"unlinkat", NULL,
};

static const char *const accepts[] = {
	"accept", "accept4", "getpeername", "getsockname", "getsockopt", "wait4", "waitid", NULL,
};

static const char *const network[] = {
	"bind", "connect", "getpeername", "getsockname", "getsockopt", "recvmmsg", "recvmsg",
	"sendmmsg", "sendmsg", "sendto", "setsockopt", "socketpair", NULL,
};

/* For other programs everything but this: what reaches another machine, another process or
 * the system itself. */
static const char *const never_of_programs[] = {
	"accept", "accept4", "acct", "add_key", "bind", "bpf", "clock_settime", "connect",
	"delete_module", "finit_module", "init_module", "io_uring_enter", "io_uring_register",
	"io_uring_setup", "kcmp", "kexec_file_load", "kexec_load", "keyctl", "listen", "mount",
	"move_mount", "name_to_handle_at", "open_by_handle_at", "open_tree", "perf_event_open",
	"personality", "pidfd_getfd", "pidfd_open", "pivot_root", "process_madvise",
	"process_vm_readv", "process_vm_writev", "ptrace", "quotactl", "reboot", "request_key",
	"setdomainname", "sethostname", "setns", "settimeofday", "socket", "swapoff", "swapon",
	"syslog", "umount2", "unshare", "userfaultfd", NULL,
};

/* Refused by name, with "not permitted"; what nobody has heard of does "not exist", so that
 * a library takes its older way. */
static const char *const refused[] = {
	"execve", "execveat", "fork", "io_uring_setup", "kill", "listen", "mount", "open_by_handle_at",
	"pidfd_getfd", "pidfd_open", "pidfd_send_signal", "process_vm_readv", "process_vm_writev",
	"ptrace", "setns", "symlink", "symlinkat", "tkill", "unshare", "vfork", NULL,
};

static const char *const refused_sockets[] = {
	"bind", "connect", "recvmsg", "sendmmsg", "sendmsg", "socket", "socketpair", NULL,
};

/* Modes, owners, dates and attributes of any file: Landlock does not look at them, nor, before
 * its version 3, at truncate. */
static const char *const refused_modes[] = {
	"chmod", "chown", "fchmod", "fchmodat", "fchmodat2", "fchown", "fchownat", "fremovexattr",
	"fsetxattr", "futimesat", "lchown", "lremovexattr", "lsetxattr", "removexattr", "setxattr",
	"truncate", "utime", "utimensat", "utimes", NULL,
};

/* --- the filter ------------------------------------------------------------------------------ */

/* Names that this architecture does not have are passed over. */
static bool add(scmp_filter_ctx f, uint32_t action, const char *const *names)
{
	for (; *names; names++) {
		int nr = seccomp_syscall_resolve_name(*names), rc;

		if (nr == __NR_SCMP_ERROR)
			continue;
		rc = seccomp_rule_add(f, action, nr, 0);
		if (rc && rc != -EACCES && rc != -EEXIST && rc != -EDOM)
			return false;
	}
	return true;
}

static struct scmp_arg_cmp is(unsigned argument, scmp_datum_t value)
{
	return (struct scmp_arg_cmp){ argument, SCMP_CMP_EQ, value, 0 };
}

static struct scmp_arg_cmp masked(unsigned argument, scmp_datum_t mask, scmp_datum_t value)
{
	return (struct scmp_arg_cmp){ argument, SCMP_CMP_MASKED_EQ, mask, value };
}

static bool allow_if(scmp_filter_ctx f, int nr, struct scmp_arg_cmp when)
{
	return !seccomp_rule_add_array(f, SCMP_ACT_ALLOW, nr, 1, &when);
}

/* Calls that are harmless or not by what they are given. */
static bool add_conditions(scmp_filter_ctx f)
{
	static const unsigned ioctls[] = { TCGETS, FIONREAD, FIONBIO, TIOCGWINSZ };
	scmp_datum_t self = (scmp_datum_t)getpid();
	bool ok = true;

	for (size_t i = 0; i < sizeof ioctls / sizeof *ioctls; i++)
		ok = ok && allow_if(f, SCMP_SYS(ioctl), is(1, ioctls[i]));
	return ok
	       /* memory that can be written is not executed, nor the reverse */
	       && allow_if(f, SCMP_SYS(mmap), masked(2, PROT_EXEC, 0))
	       && allow_if(f, SCMP_SYS(mprotect), masked(2, PROT_EXEC, 0))
	       /* threads, no process; clone3 "does not exist", its flags cannot be seen */
	       && allow_if(f, SCMP_SYS(clone),
			   masked(0, CLONE_THREAD, CLONE_THREAD))
	       && allow_if(f, SCMP_SYS(tgkill), is(0, self))
	       && allow_if(f, SCMP_SYS(prctl), is(0, PR_SET_NAME))
	       && allow_if(f, SCMP_SYS(prctl), is(0, 0x53564d41))  /* PR_SET_VMA */
	       && allow_if(f, SCMP_SYS(prlimit64), is(0, 0))
	       && allow_if(f, SCMP_SYS(prlimit64), is(0, self));
}

/* On a connected socket only: no address is given. */
static bool add_send(scmp_filter_ctx f)
{
	return allow_if(f, SCMP_SYS(sendto), is(4, 0));
}

static bool add_sockets(scmp_filter_ctx f)
{
	static const unsigned families[] = { 1, 2, 10, 16 };    /* unix, IPv4, IPv6, netlink */
	bool ok = add(f, SCMP_ACT_ALLOW, network);

	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		ok = ok && allow_if(f, SCMP_SYS(socket), is(0, families[i]));
	return ok;
}

static bool fill(scmp_filter_ctx f, enum sandbox_role role)
{
	const uint32_t no = SCMP_ACT_ERRNO(EPERM);

	if (!add(f, no, refused_modes))
		return false;
	if (role == SANDBOX_RENDERER)
		return add(f, no, never_of_programs);
	return add(f, SCMP_ACT_ALLOW, everyone) && add(f, SCMP_ACT_ALLOW, files)
	       && add_conditions(f)
	       && (role == SANDBOX_SENDER ? add_sockets(f) :
		   add_send(f) && add(f, no, refused_sockets))
	       && (role != SANDBOX_SERVE || add(f, SCMP_ACT_ALLOW, accepts))
	       && add(f, no, refused);
}

static bool filter(enum sandbox_role role, bool *active, struct err *e)
{
	scmp_filter_ctx f = seccomp_init(role == SANDBOX_RENDERER ? SCMP_ACT_ALLOW :
					 SCMP_ACT_ERRNO(ENOSYS));
	/* a tree of comparisons, not a list */
	bool ok = f && !seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2) && fill(f, role);
	int rc = ok ? seccomp_load(f) : -EINVAL;

	seccomp_release(f);
	*active = rc == 0;
	/* a kernel without filters, or a container that forbids them: told, not fatal */
	return ok || fail(e, E_STORE, "Le filtre d’appels système ne peut pas être fait.");
}

/* --- both ------------------------------------------------------------------------------------ */

struct confinement sandbox_offer(void)
{
	struct confinement c = { .asked = !BUILT_FOR_SANITIZERS, .landlock = landlock_version() };

	c.seccomp = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
	return c;
}

/* 1 also where /proc is not there to say. */
static int threads(void)
{
	DIR *d = opendir("/proc/self/task");
	struct dirent *entry;
	int n = 0;

	while (d && (entry = readdir(d)))
		n += entry->d_name[0] != '.';
	if (d)
		closedir(d);
	return n ? n : 1;
}

/*
 * Threads that run already would stay free.  One that was joined is counted until the kernel
 * has put it away, a little after pthread_join returned: such a one is waited for.
 */
static bool is_alone(void)
{
	static const struct timespec a_while = { 0, 1000 * 1000 };

	for (int tries = 0; threads() > 1; tries++) {
		if (tries == 2000)
			return false;
		nanosleep(&a_while, NULL);
	}
	return true;
}

bool sandbox_enter(enum sandbox_role role, const struct sandbox_path *paths,
		   struct confinement *got, struct err *e)
{
	*got = sandbox_offer();
	if (!got->asked || fault_is_free()) {
		*got = (struct confinement){ 0 };
		return true;
	}
	if (!is_alone())
		return fail(e, E_STORE, "Un fil d’exécution tourne déjà : trop tard pour se confiner.");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fail(e, E_STORE, "Ce noyau ne permet pas de renoncer à des droits.");
	if (got->landlock && !landlock_enter(got->landlock, paths, role == SANDBOX_SENDER, e))
		return false;
	return filter(role, &got->seccomp, e);
}

const char *confinement_words(const struct confinement *c)
{
	if (!c->asked)
		return "aucun (bâti pour les essais)";
	if (c->landlock && c->seccomp)
		return "Landlock et seccomp";
	return c->landlock ? "Landlock, sans seccomp" : c->seccomp ? "seccomp, sans Landlock" : "aucun";
}

void sandbox_hide(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	if (!BUILT_FOR_SANITIZERS)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
