/*
 * catalogues FILE.mo... > block : what msgfmt made of each language, in the one block that
 * base/catalogues.h describes.  A message without translation is left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/catalogues.h"

enum { CEILING = 64 << 20, MO_MAGIC = 0x950412de };

/* Head of a .mo file: GNU gettext manual, "The Format of GNU MO Files". */
struct mo_head {
	uint32_t magic, revision, n, originals, translations;
};

struct mo_text {
	uint32_t length, at;
};

struct mo {
	const char *name;
	struct buf file;
	const struct mo_text *ids, *texts;
	uint32_t n, first;              /* messages start at `first`: behind the head's own entry */
};

struct id {
	const char *text;
	uint32_t at;
};

static void die(const char *name, const char *what)
{
	fprintf(stderr, "catalogues: %s: %s\n", name, what);
	exit(1);
}

static void read_file(struct mo *m)
{
	char piece[1 << 16];
	FILE *f = fopen(m->name, "rb");

	if (!f)
		die(m->name, "cannot be read");
	m->file = buf_new(CEILING);
	for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
		buf_add(&m->file, piece, n);
	if (ferror(f) || m->file.full)
		die(m->name, "cannot be read whole");
	fclose(f);
}

static void open_mo(struct mo *m)
{
	const struct mo_head *head;

	read_file(m);
	head = (const void *)m->file.p;
	if (m->file.n < sizeof *head || head->magic != MO_MAGIC)
		die(m->name, "is not what msgfmt makes on this machine");
	m->ids = (const void *)(m->file.p + head->originals);
	m->texts = (const void *)(m->file.p + head->translations);
	m->n = head->n;
	m->first = m->n && !m->ids[0].length;
}

static const char *id_of(const struct mo *m, uint32_t i)
{
	return m->file.p + m->ids[i].at;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct id *)a)->text, ((const struct id *)b)->text);
}

/* Every French sentence once, written in `pool`; `ids` sorted.  How many. */
static size_t pool_ids(struct mo *mo, int nmo, struct id *ids, struct buf *pool)
{
	size_t n = 0, kept = 0;

	for (int k = 0; k < nmo; k++)
		for (uint32_t i = mo[k].first; i < mo[k].n; i++)
			ids[n++].text = id_of(&mo[k], i);
	qsort(ids, n, sizeof *ids, by_text);
	for (size_t i = 0; i < n; i++) {
		if (kept && !strcmp(ids[kept - 1].text, ids[i].text))
			continue;
		ids[kept] = (struct id){ ids[i].text, (uint32_t)pool->n };
		buf_add(pool, ids[kept].text, strlen(ids[kept].text) + 1);
		kept++;
	}
	return kept;
}

/* The messages of one language behind the others in `table`, their texts in `pool`. */
static struct catalogue pool_texts(const struct mo *m, const struct id *ids, size_t nids,
				   struct buf *table, struct buf *pool)
{
	struct catalogue c = { .messages = (uint32_t)table->n };

	for (uint32_t i = m->first; i < m->n; i++) {
		struct id asked = { .text = id_of(m, i) };
		const struct id *id = bsearch(&asked, ids, nids, sizeof *ids, by_text);
		struct catalogue_message one = { id->at, (uint32_t)pool->n };

		if (!m->texts[i].length)
			continue;
		buf_add(pool, m->file.p + m->texts[i].at, m->texts[i].length);
		buf_add(pool, "\0", 2);
		buf_add(table, (const char *)&one, sizeof one);
		c.n++;
	}
	return c;
}

/* Positions in `pool` become positions in the block. */
static void move(struct buf *table, uint32_t by)
{
	struct catalogue_message *m = (void *)table->p;

	for (size_t i = 0; i < table->n / sizeof *m; i++) {
		m[i].id += by;
		m[i].text += by;
	}
}

static void write_block(struct mo *mo, int nmo, const struct id *ids, size_t nids, struct buf *pool)
{
	struct catalogue *heads = calloc((size_t)nmo + 1, sizeof *heads);
	struct catalogues head = { CATALOGUES_MAGIC, (uint32_t)nmo };
	uint32_t tables = (uint32_t)(sizeof head + (size_t)nmo * sizeof *heads), texts;
	struct buf table = buf_new(CEILING);

	if (!heads)
		die("block", "no memory");
	for (int k = 0; k < nmo; k++) {
		const char *slash = strrchr(mo[k].name, '/');
		const char *name = slash ? slash + 1 : mo[k].name;

		heads[k] = pool_texts(&mo[k], ids, nids, &table, pool);
		heads[k].name = (uint32_t)pool->n;
		buf_add(pool, name, strlen(name) + 1);
	}
	texts = tables + (uint32_t)table.n;
	move(&table, texts);
	for (int k = 0; k < nmo; k++) {
		heads[k].messages += tables;
		heads[k].name += texts;
	}
	fwrite(&head, sizeof head, 1, stdout);
	fwrite(heads, sizeof *heads, (size_t)nmo, stdout);
	if (table.n)
		fwrite(table.p, 1, table.n, stdout);
	fwrite(pool->p, 1, pool->n, stdout);
	if (table.full || pool->full || fflush(stdout))
		die("block", "cannot be written");
	buf_free(&table);
	free(heads);
}

int main(int argc, char **argv)
{
	int nmo = argc - 1;
	struct mo *mo = calloc((size_t)nmo + 1, sizeof *mo);
	struct buf pool = buf_new(CEILING);
	struct id *ids;
	size_t n = 0;

	if (!mo)
		die("block", "no memory");
	for (int k = 0; k < nmo; k++) {
		mo[k].name = argv[k + 1];
		open_mo(&mo[k]);
		n += mo[k].n;
	}
	ids = calloc(n + 1, sizeof *ids);
	if (!ids)
		die("block", "no memory");
	write_block(mo, nmo, ids, pool_ids(mo, nmo, ids, &pool), &pool);
	for (int k = 0; k < nmo; k++)
		buf_free(&mo[k].file);
	buf_free(&pool);
	free(ids);
	free(mo);
	return 0;
}
