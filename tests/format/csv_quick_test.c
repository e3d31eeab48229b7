#include "test.h"

#include "base/chance.h"
#include "format/csv.h"

/* Cells of every row, and the line where it begins, joined. */
static void read_rows(const char *text, size_t n, struct buf *out)
{
	CLEANUP(csv_close) struct csv *c = NULL;
	struct csv_row row;
	struct err e = { 0 };

	accepts(csv_open_text("x.csv", text, n, &c, &e), &e);
	while (csv_next(c, &row, &e)) {
		buf_printf(out, "%ld", row.line);
		for (size_t i = 0; i < row.n; i++)
			buf_printf(out, "[%s]", row.cells[i]);
		buf_char(out, '\n');
	}
	equals(e.kind, E_OK);
}

TEST("a line that is cut in place gives the cells that libcsv gives when one of them is quoted")
{
	static const char *const cells[] = {
		"", " ", "a", " a b ", "\xc2\xa0" "x\xc2\xa0", "été", "1,5", "12345678", "123456789abcdef", "\t7",
		"une cellule assez longue pour passer plusieurs mots", "x\xc2\xa0y",
	};
	static const char *const ends[] = { "\n", "\r\n", "\r" };
	struct buf plain = buf_new(4 << 20), quoted = buf_new(4 << 20);
	struct buf one = buf_new(8 << 20), other = buf_new(8 << 20);

	for (int k = 0; k < 3; k++) {
		struct chance c = chance_new((uint64_t)k);

		buf_clear(&plain);
		buf_clear(&quoted);
		buf_printf(&plain, "a;b;c;d;e%s", ends[k]);
		buf_printf(&quoted, "a;b;c;d;e%s", ends[k]);
		for (int row = 0; row < 4000; row++) {          /* several pieces of the file */
			size_t n = chance_below(&c, 5);

			for (size_t i = 0; i < n; i++) {
				const char *cell = cells[chance_below(&c, sizeof cells / sizeof *cells)];

				buf_printf(&plain, "%s%s", i ? ";" : "", cell);
				buf_printf(&quoted, "%s%s", i ? ";" : "", cell);
			}
			buf_printf(&plain, "%sfin%s", n ? ";" : "", ends[k]);
			buf_printf(&quoted, "%s\"fin\"%s", n ? ";" : "", ends[k]);
			if (chance_below(&c, 9) == 0) {         /* a line of nothing */
				buf_str(&plain, ends[k]);
				buf_str(&quoted, ends[k]);
			}
		}
		buf_clear(&one);
		buf_clear(&other);
		read_rows(plain.p, plain.n, &one);
		read_rows(quoted.p, quoted.n, &other);
		same(buf_text(&one), buf_text(&other));
	}
	buf_free(&plain);
	buf_free(&quoted);
	buf_free(&one);
	buf_free(&other);
}
