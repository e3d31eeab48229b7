#include "web/message.h"

#include "base/buf.h"

enum { MESSAGE_MOST = 2000 };

const char *message_fill(struct arena *a, const char *text, const char *const *values, int n)
{
	struct buf b = buf_new(MESSAGE_MOST);
	const char *out;

	for (; *text; text++) {
		int i = text[0] == '%' ? text[1] - '1' : -1;

		if (i >= 0 && i < n) {
			buf_str(&b, values[i]);
			text++;
		} else {
			buf_char(&b, *text);
		}
	}
	out = arena_strn(a, b.p ? b.p : "", b.n);
	buf_free(&b);
	return out;
}
