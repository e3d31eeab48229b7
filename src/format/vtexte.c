#include "format/vtexte.h"

#include <string.h>

#include "base/utf8.h"

enum { FOLD_BYTES = 75 };

const char *vtexte_escape(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, 2 * strlen(s) + 1), *p = out;

	if (!out)
		return "";
	for (; *s; s++) {
		if (*s == '\r')
			continue;
		if (strchr("\\,;\n", *s))
			*p++ = '\\';
		*p++ = *s == '\n' ? 'n' : *s;
	}
	return out;
}

void vtexte_line(struct buf *out, const char *line)
{
	const char *end = line + strlen(line);
	size_t column = 0;

	if ((size_t)(end - line) <= FOLD_BYTES) {
		buf_add(out, line, (size_t)(end - line));
		buf_add(out, "\r\n", 2);
		return;
	}
	while (line < end) {
		uint32_t c;
		size_t n = utf8_read(line, end, &c);

		if (column + n > FOLD_BYTES) {
			buf_str(out, "\r\n ");
			column = 1;
		}
		buf_add(out, line, n);
		column += n;
		line += n;
	}
	buf_str(out, "\r\n");
}
