/*
 * launch deny|allow NAMES PROGRAM ARGUMENTS: starts a program where system calls are refused
 * from outside: those of the list (an older kernel), or all others (a unit of systemd).
 */
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* What execve itself needs, before the program's own list matters. */
static const char *const always[] = { "execve", "exit_group", NULL };

static void add(scmp_filter_ctx f, unsigned action, const char *name)
{
	int nr = seccomp_syscall_resolve_name(name);

	if (nr != __NR_SCMP_ERROR)
		seccomp_rule_add(f, action, nr, 0);
}

/* prctl can also set a filter: an older kernel does not know that word. */
static void refuse_filters(scmp_filter_ctx f)
{
	seccomp_rule_add(f, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
			 (struct scmp_arg_cmp){ 0, SCMP_CMP_EQ, PR_SET_SECCOMP, 0 });
	seccomp_rule_add(f, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
			 (struct scmp_arg_cmp){ 0, SCMP_CMP_EQ, PR_GET_SECCOMP, 0 });
}

int main(int argc, char **argv)
{
	bool deny = argc > 3 && strcmp(argv[1], "deny") == 0;
	scmp_filter_ctx f = seccomp_init(deny ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
	unsigned action = deny ? SCMP_ACT_ERRNO(ENOSYS) : SCMP_ACT_ALLOW;

	if (argc < 4 || !f)
		return 2;
	for (char *name = strtok(argv[2], ","); name; name = strtok(NULL, ",")) {
		add(f, action, name);
		if (deny && strcmp(name, "seccomp") == 0)
			refuse_filters(f);
	}
	for (int i = 0; !deny && always[i]; i++)
		add(f, action, always[i]);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || seccomp_load(f)) {
		perror("launch");
		return 2;
	}
	seccomp_release(f);
	execv(argv[3], argv + 3);
	perror(argv[3]);
	return 2;
}
