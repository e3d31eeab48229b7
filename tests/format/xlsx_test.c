#include "test.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "format/xlsx.h"

/* What Debian's openpyxl reads in a workbook: a line a cell, "sheet row column type value". */
static size_t read_by_openpyxl(const struct buf *book, char *out, size_t room)
{
	static const char script[] =
		"import sys, io, openpyxl\n"
		"w = openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read()))\n"
		"for s in w:\n"
		"  for row in s.iter_rows():\n"
		"    for c in row:\n"
		"      if c.value is not None:\n"
		"        print(s.title, c.row, c.column, c.data_type, c.font.b, c.value, sep='|')\n";
	int in[2], back[2], status;
	size_t n = 0;
	ssize_t k;
	pid_t pid;

	holds(!pipe(in) && !pipe(back));
	pid = fork();
	if (!pid) {
		dup2(in[0], 0);
		dup2(back[1], 1);
		close(in[1]);
		close(back[0]);
		execlp("/usr/bin/python3", "python3", "-c", script, NULL);
		_exit(127);
	}
	close(in[0]);
	close(back[1]);
	for (size_t at = 0; at < book->n; at += (size_t)k) {
		k = write(in[1], book->p + at, book->n - at);
		holds(k > 0);
	}
	close(in[1]);
	while ((k = read(back[0], out + n, room - 1 - n)) > 0)
		n += (size_t)k;
	out[n] = '\0';
	close(back[0]);
	waitpid(pid, &status, 0);
	holds(WIFEXITED(status) && !WEXITSTATUS(status));
	return n;
}

TEST("a workbook says in an office what was put in it, and texts are never formulas")
{
	CLEANUP(xlsx_free) struct xlsx *x = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	char out[4096];
	struct err e = { 0 };

	if (access("/usr/lib/python3/dist-packages/openpyxl", F_OK)) {
		print_message("needs python3-openpyxl\n");
		skip();
	}
	accepts(xlsx_new(test_dir(), &x, &e), &e);
	accepts(xlsx_sheet(x, "Lieux [93] : a/b", &e), &e);
	xlsx_title(x, "nom");
	xlsx_title(x, "valeur");
	accepts(xlsx_row(x, &e), &e);
	xlsx_text(x, "Médiathèque <\"&>");
	xlsx_number(x, 12.5);
	accepts(xlsx_row(x, &e), &e);
	xlsx_text(x, "=1+1");
	xlsx_text(x, NULL);
	xlsx_number(x, NAN);
	xlsx_text(x, "01001");
	accepts(xlsx_row(x, &e), &e);
	accepts(xlsx_sheet(x, "Lieux [93] : a/b", &e), &e);
	xlsx_number(x, -3);
	accepts(xlsx_row(x, &e), &e);
	accepts(xlsx_end(&x, &b, &e), &e);
	read_by_openpyxl(&b, out, sizeof out);
	same(out, "Lieux  93    a b|1|1|s|True|nom\n"
	     "Lieux  93    a b|1|2|s|True|valeur\n"
	     "Lieux  93    a b|2|1|s|False|Médiathèque <\"&>\n"
	     "Lieux  93    a b|2|2|n|False|12.5\n"
	     "Lieux  93    a b|3|1|s|False|=1+1\n"
	     "Lieux  93    a b|3|4|s|False|01001\n"
	     "Lieux  93    a b 2|1|1|n|False|-3\n");
}

TEST("a workbook that cannot be written says where")
{
	struct xlsx *x = NULL;
	struct err e = { 0 };

	refuses(E_STORE, xlsx_new("/nulle/part", &x, &e), &e);
	holds(strstr(e.hint, "/nulle/part"));
}
