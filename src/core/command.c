#include "core/command.h"

#include <string.h>
#include <unistd.h>

const char *call_option(const struct call *c, const char *name)
{
	const struct command_option *o = c->command->options;

	for (size_t i = 0; o && o[i].name; i++) {
		if (!strcmp(o[i].name, name))
			return c->values[i];
	}
	return NULL;
}

void progress(const char *what, size_t done, size_t all)
{
	enum { WIDTH = 30 };
	size_t full = all ? done * WIDTH / all : 0;
	char bar[WIDTH + 1];

	if (!isatty(STDERR_FILENO))
		return;
	if (full > WIDTH)
		full = WIDTH;
	memset(bar, '#', full);
	memset(bar + full, '.', WIDTH - full);
	bar[WIDTH] = '\0';
	fprintf(stderr, "\r%s [%s] %3zu %%", what, bar, all ? done * 100 / all : 0);
	fflush(stderr);
}

void progress_end(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}
