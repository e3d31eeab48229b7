#include "detect/voie.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embedded.h"

enum { ROWS = 100, CELLS = 6 };

/* Read once from the embedded file and never written again. */
static struct {
	struct voie rows[ROWS];
	size_t n;
} all;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Cuts one line at its semicolons; true when it has the six cells of a row. */
static bool read_row(char *line, struct voie *out)
{
	char *cells[CELLS] = { line };
	int n = 1;

	for (char *p = line; *p; p++) {
		if (*p != ';')
			continue;
		*p = '\0';
		if (n == CELLS)
			return false;
		cells[n++] = p + 1;
	}
	*out = (struct voie){ cells[0], cells[1], cells[2], cells[3], cells[4], cells[5] };
	return n == CELLS;
}

static void read_all(void)
{
	const struct embedded_file *f = embedded_find(embedded_files, "data/demarches.csv");
	char *text = f ? strndup(f->p, (size_t)(f->end - f->p)) : NULL;
	bool header = true;

	/* the copy lives for ever: the rows point into it */
	for (char *line = text, *end; line && *line && all.n < ROWS; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		if (*line == '#' || !*line)
			continue;
		if (!header && read_row(line, &all.rows[all.n]))
			all.n++;
		header = false;
	}
}

const struct voie *voies_all(size_t *n)
{
	pthread_once(&once, read_all);
	*n = all.n;
	return all.rows;
}

size_t voies_of(const char *demarche, const struct voie **out, size_t max)
{
	size_t rows, n = 0;
	const struct voie *v = voies_all(&rows);

	for (size_t i = 0; demarche && i < rows && n < max; i++) {
		if (strcmp(v[i].demarche, demarche) == 0)
			out[n++] = &v[i];
	}
	for (size_t i = 0; i < rows && n < max; i++) {
		if (strcmp(v[i].demarche, "*") == 0)
			out[n++] = &v[i];
	}
	return n;
}

const char *voie_texte(const struct voie *v, const char *langue)
{
	return strcmp(langue, "en") == 0 ? v->texte_en : v->texte;
}
