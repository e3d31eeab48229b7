#include "app/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "app/fault.h"

/* What came after version 2 (Linux 5.19), as include/uapi/linux/landlock.h has it. */
enum { MAY_TRUNCATE = 1 << 14, MAY_IOCTL = 1 << 15 };   /* versions 3 and 5 */
enum { NET_BIND = 1, NET_CONNECT = 2 };                 /* version 4 */
enum { SCOPE_ABSTRACT_SOCKET = 1, SCOPE_SIGNAL = 2 };   /* version 6 */

struct ruleset {
	uint64_t files, net, scope;
};

enum {
	FILE_READ = LANDLOCK_ACCESS_FS_READ_FILE,
	FILE_WRITE = LANDLOCK_ACCESS_FS_WRITE_FILE | MAY_TRUNCATE,
	FILE_RUN = LANDLOCK_ACCESS_FS_EXECUTE,
	FILES = FILE_READ | FILE_WRITE | FILE_RUN,
	FOLDER_READ = LANDLOCK_ACCESS_FS_READ_DIR,
	FOLDER_MAKE = LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE
		| LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR
		| LANDLOCK_ACCESS_FS_REFER,
	ALL_OF_VERSION_1 = (1 << 13) - 1,
};

int landlock_version(void)
{
	long v = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return fault_landlock(v > 0 ? (int)v : 0);
}

static uint64_t known(int version)
{
	uint64_t all = ALL_OF_VERSION_1;

	if (version >= 2)
		all |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		all |= MAY_TRUNCATE;
	if (version >= 5)
		all |= MAY_IOCTL;
	return all;
}

static uint64_t rights(unsigned may, bool folder)
{
	uint64_t all = 0;

	if (may & SANDBOX_READ)
		all |= FILE_READ | FOLDER_READ;
	if (may & SANDBOX_WRITE)
		all |= FILE_WRITE;
	if (may & SANDBOX_MAKE)
		all |= FOLDER_MAKE | FILE_WRITE;
	if (may & SANDBOX_RUN)
		all |= FILE_RUN;
	return folder ? all : all & FILES;
}

static bool allow(int rules, uint64_t all, const struct sandbox_path *p, struct err *e)
{
	struct landlock_path_beneath_attr rule;
	int fd = open(p->path, O_PATH | O_CLOEXEC);
	struct stat st;
	bool ok;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES
		       || fail(e, E_STORE, "Landlock : %.200s : %s.", p->path, strerror(errno));
	ok = !fstat(fd, &st);
	rule = (struct landlock_path_beneath_attr){ rights(p->may, S_ISDIR(st.st_mode)) & all, fd };
	ok = ok && !syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	if (!ok)
		fail(e, E_STORE, "Landlock : %.200s : %s.", p->path, strerror(errno));
	close(fd);
	return ok;
}

bool landlock_enter(int version, const struct sandbox_path *paths, bool network,
		    struct err *e)
{
	struct ruleset want = {
		.files = known(version),
		.net = version >= 4 && !network ? NET_BIND | NET_CONNECT : 0,
		.scope = version >= 6 ? SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL : 0,
	};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &want, sizeof want, 0);
	bool ok = true;

	if (rules < 0)
		return fail(e, E_STORE, "Landlock : %s.", strerror(errno));
	for (; ok && paths->path; paths++)
		ok = allow(rules, want.files, paths, e);
	if (ok && syscall(SYS_landlock_restrict_self, rules, 0))
		ok = fail(e, E_STORE, "Landlock : %s.", strerror(errno));
	close(rules);
	return ok;
}
