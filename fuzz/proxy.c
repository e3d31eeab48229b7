/* floor: 120 edges */
/* Any bytes as what a proxy says: settings on the first two lines, then the fields. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "web/proxy.h"

static void must(bool it)
{
	if (!it)
		abort();
}

/* The line at p, NUL-terminated in out; returns what follows it. */
static size_t line(const char *p, size_t n, char out[200])
{
	const char *end = memchr(p, '\n', n);
	size_t length = end ? (size_t)(end - p) : n, kept = length < 199 ? length : 199;

	memcpy(out, p, kept);
	out[kept] = '\0';
	return length + (end != NULL);
}

static void check(const struct proxies *p, const struct net_address *from,
		  const struct http1_head *h, const char *b, size_t n)
{
	struct forwarded f = proxies_ask(p, from, h);
	char text[NET_TEXT + 4];
	struct net_address again;

	net_text(&f.client, text);
	must(net_read(text, strlen(text), &again));
	must(!memcmp(&again, &f.client, sizeof again));
	net_text_group(&f.client, text);
	if (f.host.p)
		must(f.host.p >= b && f.host.p + f.host.n <= b + n && http1_host_is_plain(f.host));
	if (!p->n)
		must(!f.https && !f.host.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct http1_limits limits = { 8192, 4096, HTTP1_FIELDS };
	char raw[8192] = "GET / HTTP/1.1\r\nHost: a\r\n", addresses[200], fields[200];
	const char *b = (const char *)data;
	struct net_address from;
	struct http1_head h;
	struct proxies p;
	struct err e;
	size_t at = line(b, n, addresses), head = strlen(raw);

	at += line(b + at, n - at, fields);
	if (n - at > sizeof raw - head - 5)
		return 0;
	memcpy(raw + head, b + at, n - at);
	head += n - at;
	memcpy(raw + head, "\r\n\r\n", 4);
	if (!proxies_read(addresses, fields, &p, &e) || http1_read(raw, head + 4, &limits, &h) <= 0)
		return 0;
	must(net_read("127.0.0.1", 9, &from));
	check(&p, &from, &h, raw, head);
	return 0;
}
