/*
 * The command line: finds the command, reads its options from its table, runs it, turns
 * its error into one line on standard error and an exit code (0 done, 1 refused or
 * failed, 2 wrong usage).
 */
#pragma once

#include <stdio.h>

#include "core/command.h"

int cli_run(const struct command *const *tables, const struct env *env, int argc,
	    const char **argv);

/* Every command with its summary; used by --help, the man page and the completion. */
void cli_list(const struct command *const *tables, FILE *out);
void cli_help(const struct command *c, FILE *out);

/* The roff of tremplin(1) and the bash completion, made from the same tables. */
void cli_man(const struct command *const *tables, FILE *out);
void cli_completion(const struct command *const *tables, FILE *out);
