#include "store/wire.h"

#include <string.h>

static const uint32_t absent = UINT32_MAX;

void wire_put_int(struct buf *b, int64_t v)
{
	buf_add(b, (const char *)&v, sizeof v);
}

void wire_put_bytes(struct buf *b, struct bytes v)
{
	uint32_t n = v.p ? (uint32_t)v.n : absent;

	buf_add(b, (const char *)&n, sizeof n);
	if (!v.p)
		return;
	buf_add(b, v.p, v.n);
	buf_char(b, '\0');
}

void wire_put_text(struct buf *b, const char *s)
{
	wire_put_bytes(b, (struct bytes){ s, s ? strlen(s) : 0 });
}

struct wire wire_of(struct bytes message)
{
	return (struct wire){ message.p, message.n, false };
}

static bool take(struct wire *w, void *out, size_t n)
{
	if (w->bad || w->n < n) {
		w->bad = true;
		return false;
	}
	memcpy(out, w->p, n);
	w->p += n;
	w->n -= n;
	return true;
}

int64_t wire_get_int(struct wire *w)
{
	int64_t v = 0;

	return take(w, &v, sizeof v) ? v : 0;
}

int wire_get_small(struct wire *w, int least, int most)
{
	int64_t v = wire_get_int(w);

	if (!w->bad && v >= least && v <= most)
		return (int)v;
	w->bad = true;
	return least;
}

struct bytes wire_get_bytes(struct wire *w)
{
	struct bytes none = { NULL, 0 }, out;
	uint32_t n = 0;

	if (!take(w, &n, sizeof n) || n == absent)
		return none;
	if (w->n <= n || w->p[n]) {
		w->bad = true;
		return none;
	}
	out = (struct bytes){ w->p, n };
	w->p += n + 1;
	w->n -= n + 1;
	return out;
}

const char *wire_get_text(struct wire *w)
{
	struct bytes b = wire_get_bytes(w);

	if (b.p && memchr(b.p, '\0', b.n)) {
		w->bad = true;
		return NULL;
	}
	return b.p;
}

bool wire_done(const struct wire *w)
{
	return !w->bad && !w->n;
}
