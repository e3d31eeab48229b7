/* Tremplin: one program, one data folder. */
#include <string.h>

#include "app/cli.h"
#include "app/modules.h"

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--routes")) {
		modules_list(stdout);
		return 0;
	}
	return cli_run(module_commands, &env_system, argc, (const char **)argv);
}
