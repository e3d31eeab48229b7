/* floor: 160 edges */
/* Any bytes as the head of a request: what is taken can be written again and means the same. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "web/http1.h"

static const struct http1_limits limits = { 8192, 4096, HTTP1_FIELDS };

static void must(bool it)
{
	if (!it)
		abort();
}

static bool same(struct slice a, struct slice b)
{
	return a.n == b.n && !memcmp(a.p, b.p, a.n);
}

static size_t put(char *out, size_t n, struct slice s)
{
	memcpy(out + n, s.p, s.n);
	return n + s.n;
}

static size_t put_text(char *out, size_t n, const char *s)
{
	return put(out, n, (struct slice){ s, strlen(s) });
}

static size_t write_again(const struct http1_head *h, char *out)
{
	size_t n = put(out, 0, h->method);

	n = put_text(out, n, " ");
	n = put(out, n, h->target);
	n = put_text(out, n, h->minor ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
	for (int i = 0; i < h->nfields; i++) {
		n = put(out, n, h->fields[i].name);
		n = put_text(out, n, ": ");
		n = put(out, n, h->fields[i].value);
		n = put_text(out, n, "\r\n");
	}
	return put_text(out, n, "\r\n");
}

static void check_again(const struct http1_head *h)
{
	/* one space more for each field than what was read */
	static char out[8192 + 4 * HTTP1_FIELDS];
	static const struct http1_limits wide = { sizeof out, 4096, HTTP1_FIELDS };
	struct http1_head again;
	size_t n = write_again(h, out);

	must(http1_read(out, n, &wide, &again) == (int)n);
	must(same(h->method, again.method) && same(h->target, again.target));
	must(h->minor == again.minor && h->length == again.length && h->close == again.close);
	must(h->nfields == again.nfields && h->expects == again.expects);
	for (int i = 0; i < h->nfields; i++)
		must(same(h->fields[i].name, again.fields[i].name) &&
		     same(h->fields[i].value, again.fields[i].value));
}

/* What no head may hold, seen by a reader that knows nothing else. */
static void check_lines(const char *b, size_t n)
{
	int hosts = 0, lengths = 0;

	must(!memcmp(b + n - 4, "\r\n\r\n", 4));
	for (size_t i = 0; i < n; i++) {
		must(b[i] != '\0');
		must((b[i] == '\n') == (i && b[i - 1] == '\r'));
		if (b[i] == '\n' && i + 15 < n) {
			hosts += !strncasecmp(b + i + 1, "host:", 5);
			lengths += !strncasecmp(b + i + 1, "content-length:", 15);
			must(i + 18 >= n || strncasecmp(b + i + 1, "transfer-encoding:", 18));
			must(b[i + 1] != ' ' && b[i + 1] != '\t');
		}
	}
	must(hosts <= 1 && lengths <= 1);
}

static void check_path(struct slice target)
{
	char path[4097];

	if (!http1_path(target, path, sizeof path))
		return;
	must(path[0] == '/' && utf8_valid(path, strlen(path)));
	must(!strstr(path, "/../") && !strstr(path, "/./") && !strchr(path, '\\'));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const char *b = (const char *)p;
	struct http1_head h;
	int whole = http1_read(b, n, &limits, &h), r = 0;

	if (whole > 0) {
		must((size_t)whole <= n);
		check_lines(b, (size_t)whole);
		check_again(&h);
		check_path(h.target);
		http1_query(h.target);
		http1_list_has(h.known[HTTP1_ACCEPT_ENCODING], "gzip");
	}
	/* in two parts, then whole: the same answer, never an earlier one that differs */
	for (size_t half = n / 2; half <= n && !r; half += n - half ? n - half : 1)
		r = http1_read(b, half, &limits, &h);
	must(r == whole);
	return 0;
}
