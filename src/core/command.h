/*
 * A command of the program: words, options and help declared once, run by app/main.c.
 * Standard output carries what was asked for, standard error carries words.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/env.h"
#include "base/err.h"

struct command_option {
	const char *name;               /* "--data" */
	const char *value;              /* "DIR"; NULL for a flag */
	const char *help;
	bool required;
};

struct call {                           /* one command as it was typed, checked */
	const struct command *command;
	const struct env *env;
	/* by option; "" for a flag that is there, NULL when absent */
	const char *values[24];
	const char **args;              /* what is neither an option nor the command's words */
	int nargs;
	bool json;
	FILE *out;
};

struct command {
	const char *words;              /* "lieu import" */
	const char *args;               /* "FILE..." or NULL */
	int min_args, max_args;         /* max -1: any number */
	const char *summary;            /* one line */
	const char *example;            /* a line that works */
	/* ends with a NULL name; --help and --json are everybody's */
	const struct command_option *options;
	bool (*run)(struct call *c, struct err *e);
};

/* Value of an option; NULL when it was not given. */
const char *call_option(const struct call *c, const char *name);

/* Progress on standard error, only when it is a terminal. */
void progress(const char *what, size_t done, size_t all);
void progress_end(void);
