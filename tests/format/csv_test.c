#include "test.h"

#include <stdio.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "format/csv.h"

/* A file with these bytes in a new folder. */
static const char *file_of(const void *p, size_t n)
{
	static char path[64];
	FILE *f;

	snprintf(path, sizeof path, "%s/x.csv", test_dir());
	f = fopen(path, "wb");
	if (!f || fwrite(p, 1, n, f) != n || fclose(f))
		abort();
	return path;
}

#define FILE_OF(literal) file_of(literal, sizeof(literal) - 1)

static struct csv *given(const char *path)
{
	struct err e = { 0 };
	struct csv *c;

	accepts(csv_open(path, &c, &e), &e);
	return c;
}

/* Opens and reads to the end; true when nothing was refused. */
static bool reads(const char *path, size_t *rows, struct err *e)
{
	CLEANUP(csv_close) struct csv *c = NULL;
	struct csv_row row;

	*rows = 0;
	if (!csv_open(path, &c, e))
		return false;
	while (csv_next(c, &row, e))
		++*rows;
	return e->kind == E_OK;
}

TEST("a table with semicolons and one with commas give the same cells")
{
	const char *texts[] = { "code;nom\n93010;Bondy\n", "code,nom\n93010,Bondy\n",
				"code\tnom\n93010\tBondy\n", "code|nom\r\n93010|Bondy\r\n",
				"sep=;\r\ncode;nom\r\n93010;Bondy", "code;nom\r93010;Bondy\r" };

	for (size_t i = 0; i < 6; i++) {
		CLEANUP(csv_close) struct csv *c = given(file_of(texts[i], strlen(texts[i])));
		struct csv_row row;
		struct err e;

		equals(csv_column(c, "NOM"), 1);
		holds(csv_next(c, &row, &e));
		equals(row.n, 2);
		same(row.cells[0], "93010");
		same(row.cells[1], "Bondy");
		equals(row.line, i == 4 ? 3 : 2);
		holds(!csv_next(c, &row, &e));
		equals(e.kind, E_OK);
	}
}

TEST("the encoding is recognised and the text comes out in UTF-8")
{
	static const struct { const char *p; size_t n; const char *said; } files[] = {
		{ "nom;x\n\xc3\x89pinay;\xc5\x93\n", 16, "CSV, séparateur « ; », UTF-8" },
		{ "\xef\xbb\xbfnom;x\n\xc3\x89pinay;\xc5\x93\n", 19, "CSV, séparateur « ; », UTF-8" },
		{ "nom;x\n\xc9pinay;\x9c\n", 14, "CSV, séparateur « ; », Windows-1252" },
		{ "\xff\xfen\0o\0m\0;\0x\0\n\0\xc9\0p\0i\0n\0a\0y\0;\0\x53\x01\n\0", 32,
		  "CSV, séparateur « ; », UTF-16" },
		{ "\xfe\xff\0n\0o\0m\0;\0x\0\n\0\xc9\0p\0i\0n\0a\0y\0;\x01\x53\0\n", 32,
		  "CSV, séparateur « ; », UTF-16" },
		{ "n\0o\0m\0;\0x\0\n\0\xc9\0p\0i\0n\0a\0y\0;\0\x53\x01\n\0", 30,
		  "CSV, séparateur « ; », UTF-16" },
	};

	for (size_t i = 0; i < 6; i++) {
		CLEANUP(csv_close) struct csv *c = given(file_of(files[i].p, files[i].n));
		struct csv_row row;
		struct err e;

		equals(csv_column(c, "nom"), 0);
		accepts(csv_next(c, &row, &e), &e);
		same(row.cells[0], "Épinay");
		same(row.cells[1], "œ");
		same(csv_described(c), files[i].said);
	}
}

TEST("lines are counted in the file, also across quoted line ends and empty lines")
{
	CLEANUP(csv_close) struct csv *c =
		given(FILE_OF("a,b\r\n\r\n1,\"x\r\ny\"\r\n\n2,\"\"\"q\"\"\"\n,\n3,z"));
	struct csv_row row;
	struct err e;

	holds(csv_next(c, &row, &e));
	equals(row.line, 3);
	same(row.cells[1], "x\r\ny");
	holds(csv_next(c, &row, &e));
	equals(row.line, 6);
	same(row.cells[1], "\"q\"");
	holds(csv_next(c, &row, &e));
	equals(row.line, 8);                    /* line 7 has no text: skipped */
	same(row.cells[1], "z");
	holds(!csv_next(c, &row, &e));
}

/* A quote makes a line go through libcsv, none lets it be cut where it stands. */
TEST("rows are read the same with and without quotes, over many pieces of the file")
{
	enum { ROWS = 30000 };
	static const char *const ends[] = { "\n", "\r\n", "\r" };

	for (size_t k = 0; k < 3; k++) {
		struct buf b = buf_new(8 << 20);
		struct csv_row row;
		struct csv *c;
		struct err e;
		char want[32];

		buf_printf(&b, "a,b,c%s", ends[k]);
		for (int i = 0; i < ROWS; i++) {
			bool quoted = i % 97 == 0;

			buf_printf(&b, quoted ? "%d,\"v%d\", é%s" : "%d,v%d, é%s", i, i, ends[k]);
		}
		holds(!b.full);
		accepts(csv_open_text("t.csv", b.p, b.n, &c, &e), &e);
		for (int i = 0; i < ROWS; i++) {
			accepts(csv_next(c, &row, &e), &e);
			equals(row.line, i + 2);
			equals(row.n, 3);
			snprintf(want, sizeof want, "v%d", i);
			same(row.cells[1], want);
			same(row.cells[2], "é");
		}
		holds(!csv_next(c, &row, &e));
		csv_close(&c);
		buf_free(&b);
	}
}

TEST("a short row is filled up to the header, spaces around a cell are dropped")
{
	CLEANUP(csv_close) struct csv *c = given(FILE_OF("a;b;c\n x \xc2\xa0;\"  y \"\n"));
	struct csv_row row;
	struct err e;

	holds(csv_next(c, &row, &e));
	equals(row.n, 2);
	same(row.cells[0], "x");
	same(row.cells[1], "y");
	same(row.cells[2], "");
}

TEST("commas inside a quoted header do not make it a comma table")
{
	CLEANUP(csv_close) struct csv *c = given(FILE_OF("\"a,b,c,d\";e\n1;2\n"));

	equals(csv_header(c)->n, 2);
}

TEST("a file that is no table is refused with what it is")
{
	static const struct { const char *p; size_t n; const char *word; } files[] = {
		{ "", 0, "vide" }, { " \n\n", 3, "vide" },
		{ "PK\3\4\0\0\0\0", 8, "classeur" }, { "%PDF-1.4\n", 9, "PDF" },
		{ "[{\"a\":1}]", 9, "JSON" }, { "<!doctype html>", 15, "page web" },
		{ "a;b\n1;\0\n", 8, "octet nul" }, { "\1\2\3\4;\5\n", 7, "binaire" },
		{ "a;b\n\xc3\xa9\xc3\xa9;\xff\n", 11, "UTF-8" },
		{ "\xff\xfe" "a\0;\0\n", 7, "coupé" }, { "\xff\xfe" "a\0\x00\xd8" "b\0", 8, "UTF-16" },
		{ "a;b\n1;\"deux\n3;4\n", 16, "guillemet" },
	};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct err e = { 0 };
		size_t rows;

		refuses(E_INPUT, reads(file_of(files[i].p, files[i].n), &rows, &e), &e);
		if (!strstr(e.msg, files[i].word))
			fail_msg("no « %s » in: %s", files[i].word, e.msg);
	}
}

TEST("an absent file and a folder are refused in words")
{
	struct err e = { 0 };
	struct csv *c;

	refuses(E_MISSING, csv_open("/nowhere/x.csv", &c, &e), &e);
	holds(strstr(e.msg, "n'existe pas"));
	refuses(E_INPUT, csv_open("/tmp", &c, &e), &e);
	holds(strstr(e.msg, "dossier"));
}

TEST("the line of a broken byte is given")
{
	struct err e = { 0 };
	size_t rows;

	refuses(E_INPUT, reads(FILE_OF("a;b\n\xc3\xa9;\xc3\xa8\n1;2\n3;\xe9\n"), &rows, &e), &e);
	holds(strstr(e.msg, "x.csv:4: "));
	refuses(E_INPUT, reads(FILE_OF("a;b\n1;2\n3;\0\n"), &rows, &e), &e);
	holds(strstr(e.msg, "x.csv:3: "));
}

TEST("a million columns are refused before they are kept")
{
	size_t n = 1000000 * 2, rows;
	char *p = malloc(n);
	struct err e = { 0 };

	for (size_t i = 0; i < n; i += 2)
		memcpy(p + i, "a;", 2);
	refuses(E_INPUT, reads(file_of(p, n), &rows, &e), &e);
	holds(strstr(e.msg, "colonnes"));
	free(p);
}

TEST("a cell without end is refused at one megabyte")
{
	size_t n = 3 << 20, rows;
	char *p = malloc(n);
	struct err e = { 0 };

	memset(p, 'x', n);
	memcpy(p, "a;b\n1;\"", 7);
	refuses(E_INPUT, reads(file_of(p, n), &rows, &e), &e);
	holds(strstr(e.msg, "x.csv:2: ") && strstr(e.msg, "trop longue"));
	free(p);
}

TEST("rows beyond one piece of the file are read whole and counted")
{
	char *p = NULL;
	size_t n = 0, at = 0;
	FILE *f = open_memstream(&p, &n);
	CLEANUP(csv_close) struct csv *c = NULL;
	struct csv_row row;
	struct err e;

	fputs("code;nom\r\n", f);
	for (int i = 0; i < 40000; i++)
		fprintf(f, "%d;Épinay-sur-Orge %d\r\n", i, i);
	fclose(f);
	c = given(file_of(p, n));
	while (csv_next(c, &row, &e)) {
		char nom[40];

		snprintf(nom, sizeof nom, "Épinay-sur-Orge %zu", at++);
		same(row.cells[1], nom);
		equals(row.line, at + 1);
	}
	equals(e.kind, E_OK);
	equals(at, 40000);
	near_to(csv_progress(c), 1, 0.001);
	free(p);
}

TEST("two gigabytes of nothing are refused at once")
{
	char path[64];
	struct err e = { 0 };
	struct rusage before, after;
	size_t rows;
	int fd;

	snprintf(path, sizeof path, "%s/big.csv", test_dir());
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	holds(write(fd, "code;nom\n", 9) == 9);
	equals(ftruncate(fd, 2ll << 30), 0);
	close(fd);
	getrusage(RUSAGE_SELF, &before);
	refuses(E_INPUT, reads(path, &rows, &e), &e);
	getrusage(RUSAGE_SELF, &after);
	holds(strstr(e.msg, "octet nul"));
	holds(after.ru_maxrss - before.ru_maxrss < 8 << 10);    /* KB */
}

TEST("a written cell reads back the same, and is no formula for a spreadsheet")
{
	static const struct { const char *in, *out; } cells[] = {
		{ "Bondy", "Bondy" }, { "a;b,\"c\"\nd", "\"a;b,\"\"c\"\"\nd\"" }, { NULL, "" },
		{ "=1+1", "\"'=1+1\"" }, { "@x", "\"'@x\"" }, { "-1.5", "-1.5" },
		{ "+33 1 23", "+33 1 23" }, { "-x", "\"'-x\"" }, { "+33|+44", "\"'+33|+44\"" },
	};
	CLEANUP(buf_free) struct buf b = buf_new(1 << 16);

	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		buf_clear(&b);
		csv_write_cell(&b, cells[i].in, true);
		same(buf_text(&b), cells[i].out);
	}
	buf_clear(&b);
	csv_write_cell(&b, "a", true);
	csv_write_cell(&b, "b", false);
	same(buf_text(&b), "a,b");
}

TEST("the communes of France are read as the file lists them")
{
	needs_data(path, "communes_france.csv");
	struct err e = { 0 };
	size_t rows;

	accepts(reads(path, &rows, &e), &e);
	equals(rows, 34969);                    /* wc -l less the header; SOURCES.md */
}

TEST("columns that nobody asks are not cut, and a row that only they fill is still a row")
{
	CLEANUP(csv_close) struct csv *c = given(FILE_OF("a,b,c,d\n1,2,3,4\n,,,5\n6,\"7\",8,9\n"));
	struct csv_row row;
	struct err e;

	csv_until(c, 1);
	accepts(csv_next(c, &row, &e), &e);
	same(row.cells[0], "1");
	same(row.cells[1], "2");
	accepts(csv_next(c, &row, &e), &e);
	equals(row.line, 3);
	same(row.cells[1], "");
	accepts(csv_next(c, &row, &e), &e);
	same(row.cells[1], "7");
	holds(!csv_next(c, &row, &e) && e.kind == E_OK);
}
