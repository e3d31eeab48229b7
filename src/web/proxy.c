#include "web/proxy.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "web/route.h"

enum { WORD_MOST = 64, HOPS_MOST = 32 };

static const uint8_t v4_prefix[12] = { [10] = 0xff, [11] = 0xff };

/* --- addresses -------------------------------------------------------------------------- */

static bool is_v4(const struct net_address *a)
{
	return !memcmp(a->ip, v4_prefix, sizeof v4_prefix);
}

struct net_address net_of(const struct sockaddr *from)
{
	struct net_address a = { 0 };

	if (from->sa_family == AF_INET6) {
		memcpy(a.ip, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
	} else if (from->sa_family == AF_INET) {
		memcpy(a.ip, v4_prefix, sizeof v4_prefix);
		memcpy(a.ip + 12, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
	}
	return a;
}

bool net_read(const char *s, size_t n, struct net_address *out)
{
	char text[NET_TEXT];

	if (n >= sizeof text)
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	if (inet_pton(AF_INET6, text, out->ip) == 1)
		return true;
	memcpy(out->ip, v4_prefix, sizeof v4_prefix);
	return inet_pton(AF_INET, text, out->ip + 12) == 1;
}

void net_text(const struct net_address *a, char out[NET_TEXT])
{
	static const struct net_address none;

	if (!memcmp(a, &none, sizeof none))
		*out = '\0';
	else if (is_v4(a))
		inet_ntop(AF_INET, a->ip + 12, out, NET_TEXT);
	else
		inet_ntop(AF_INET6, a->ip, out, NET_TEXT);
}

void net_text_group(const struct net_address *a, char out[NET_TEXT + 4])
{
	struct net_address group = *a;

	if (is_v4(a)) {
		net_text(a, out);
		return;
	}
	memset(group.ip + 8, 0, 8);
	net_text(&group, out);
	if (*out)
		memcpy(out + strlen(out), "/64", 4);
}

static bool is_within(const struct net_address *a, const struct net_address *net, int bits)
{
	int whole = bits / 8, rest = bits % 8;

	return !memcmp(a->ip, net->ip, (size_t)whole)
	       && (!rest || !((a->ip[whole] ^ net->ip[whole]) >> (8 - rest)));
}

/* --- the settings ----------------------------------------------------------------------- */

static bool is_believed(const struct proxies *p, const struct net_address *a)
{
	for (int i = 0; i < p->n; i++) {
		if (is_within(a, &p->at[i], p->bits[i]))
			return true;
	}
	return false;
}

/* "10.0.0.0/8": what follows the slash counts from the start of what is written. */
static bool read_net(const char *s, size_t n, struct net_address *net, int *bits)
{
	const char *slash = memchr(s, '/', n);
	size_t length = slash ? (size_t)(slash - s) : n;
	int most;

	if (!net_read(s, length, net))
		return false;
	most = is_v4(net) && memchr(s, '.', length) && !memchr(s, ':', length) ? 32 : 128;
	*bits = most;
	if (slash) {
		size_t digits = n - length - 1;

		*bits = 0;
		if (!digits || digits > 3)
			return false;
		for (size_t i = 1; i <= digits; i++) {
			if (!isdigit((unsigned char)slash[i]))
				return false;
			*bits = *bits * 10 + (slash[i] - '0');
		}
	}
	if (*bits > most)
		return false;
	*bits += 128 - most;
	return true;
}

static bool next_word(const char **p, const char **word, size_t *n)
{
	*p += strspn(*p, " \t,");
	*word = *p;
	*n = strcspn(*p, " \t,");
	*p += *n;
	return *n > 0;
}

static bool read_addresses(const char *list, struct proxies *out, struct err *e)
{
	const char *word;
	size_t n;

	while (next_word(&list, &word, &n)) {
		if (out->n == PROXIES_MOST)
			return fail(e, E_INPUT, "Il y a plus de %d adresses de mandataires.",
				    PROXIES_MOST);
		if (!read_net(word, n, &out->at[out->n], &out->bits[out->n])) {
			fail(e, E_INPUT, "« %.*s » n’est pas l’adresse d’un mandataire.",
			     (int)(n < WORD_MOST ? n : WORD_MOST), word);
			return hint(e, "Écrivez des adresses ou des réseaux : 127.0.0.1 10.0.0.0/8");
		}
		out->n++;
	}
	return true;
}

static bool read_fields(const char *list, struct proxies *out, struct err *e)
{
	static const struct {
		const char *name;
		enum proxy_field field;
	} all[] = {
		{ "X-Forwarded-For", PROXY_FOR }, { "X-Forwarded-Proto", PROXY_PROTO },
		{ "X-Forwarded-Host", PROXY_HOST }, { "Forwarded", PROXY_FORWARDED },
	};
	const char *word;
	size_t n;

	while (next_word(&list, &word, &n)) {
		size_t i = 0;

		while (i < 4 && (strlen(all[i].name) != n || strncasecmp(all[i].name, word, n)))
			i++;
		if (i == 4) {
			fail(e, E_INPUT, "« %.*s » n’est pas un champ de mandataire.",
			     (int)(n < WORD_MOST ? n : WORD_MOST), word);
			return hint(e, "Champs : X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host ; "
				    "ou Forwarded, seul.");
		}
		out->fields |= all[i].field;
	}
	if (out->fields & PROXY_FORWARDED && out->fields != PROXY_FORWARDED) {
		fail(e, E_INPUT, "Forwarded et X-Forwarded-… ne peuvent pas être crus à la fois.");
		return hint(e, "Gardez ceux que votre mandataire écrit lui-même.");
	}
	return true;
}

bool proxies_read(const char *addresses, const char *fields, struct proxies *out,
		  struct err *e)
{
	*out = (struct proxies){ 0 };
	if (!read_addresses(addresses, out, e) || !read_fields(fields, out, e))
		return false;
	if (!out->n && !read_addresses("127.0.0.0/8 ::1", out, e))
		return false;
	if (!out->fields)
		out->fields = PROXY_FOR | PROXY_PROTO | PROXY_HOST;
	return true;
}

/* --- lists of a head, from their end ------------------------------------------------------ */

/* Goes back through all fields of a name, item after item.  `at` starts as NULL. */
struct items {
	const struct http1_head *h;
	const char *name;
	int field;
	struct slice left;              /* of the field at hand */
};

static struct slice trimmed(struct slice s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

static bool next_item(struct items *i, struct slice *out)
{
	size_t at;

	while (!i->left.p) {
		if (--i->field < 0)
			return false;
		if (slice_is_nocase(i->h->fields[i->field].name, i->name))
			i->left = i->h->fields[i->field].value;
	}
	at = i->left.n;
	while (at && i->left.p[at - 1] != ',')
		at--;
	*out = trimmed((struct slice){ i->left.p + at, i->left.n - at });
	i->left = at ? (struct slice){ i->left.p, at - 1 } : (struct slice){ 0 };
	return true;
}

static struct items items_of(const struct http1_head *h, const char *name)
{
	return (struct items){ .h = h, .name = name, .field = h->nfields };
}

/* The part of "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]:4711" that is an address. */
static struct slice without_port(struct slice s)
{
	const char *colon = s.n ? memchr(s.p, ':', s.n) : NULL;
	const char *end = s.n && *s.p == '[' ? memchr(s.p, ']', s.n) : NULL;

	if (end)
		return (struct slice){ s.p + 1, (size_t)(end - s.p - 1) };
	if (colon && memchr(s.p, '.', (size_t)(colon - s.p)))
		s.n = (size_t)(colon - s.p);
	return s;
}

/* Nobody asks from "::", which stands for no address. */
static bool read_node(struct slice s, struct net_address *out)
{
	static const struct net_address none;
	struct slice address = without_port(s);

	return address.n && net_read(address.p, address.n, out) && memcmp(out, &none, sizeof none);
}

/* --- X-Forwarded-... ------------------------------------------------------------------------ */

static void ask_x(const struct proxies *p, const struct http1_head *h, struct forwarded *f)
{
	struct items proto = items_of(h, "x-forwarded-proto");
	struct items host = items_of(h, "x-forwarded-host");
	struct items hops = items_of(h, "x-forwarded-for");
	struct net_address a;
	struct slice s;

	if (p->fields & PROXY_PROTO && next_item(&proto, &s))
		f->https = slice_is_nocase(s, "https");
	if (p->fields & PROXY_HOST && next_item(&host, &s) && http1_host_is_plain(s))
		f->host = s;
	for (int i = 0; i < HOPS_MOST && p->fields & PROXY_FOR && next_item(&hops, &s); i++) {
		if (!read_node(s, &a))
			return;
		f->client = a;
		if (!is_believed(p, &a))
			return;
	}
}

/* --- Forwarded -------------------------------------------------------------------------------- */

/* The value of a parameter of one element: for=192.0.2.1;proto=https;host="a.fr:8080". */
static struct slice parameter(struct slice element, const char *name)
{
	size_t n = strlen(name);

	while (element.n) {
		const char *semi = memchr(element.p, ';', element.n);
		struct slice pair = { element.p, semi ? (size_t)(semi - element.p) : element.n };

		element.p += pair.n + (semi != NULL);
		element.n -= pair.n + (semi != NULL);
		pair = trimmed(pair);
		if (pair.n <= n || pair.p[n] != '=' || strncasecmp(pair.p, name, n))
			continue;
		pair.p += n + 1;
		pair.n -= n + 1;
		if (pair.n >= 2 && pair.p[0] == '"' && pair.p[pair.n - 1] == '"')
			pair = (struct slice){ pair.p + 1, pair.n - 2 };
		return pair;
	}
	return (struct slice){ 0 };
}

/* Each element was added by who is named in the one on its right; the first that a proxy
 * of ours did not add is not looked at. */
static void ask_forwarded(const struct proxies *p, const struct http1_head *h,
			  struct forwarded *f)
{
	struct items hops = items_of(h, "forwarded");
	struct net_address a;
	struct slice s, host;

	for (int i = 0; i < HOPS_MOST && next_item(&hops, &s); i++) {
		host = parameter(s, "host");
		f->https = slice_is_nocase(parameter(s, "proto"), "https");
		f->host = http1_host_is_plain(host) ? host : (struct slice){ 0 };
		if (!read_node(parameter(s, "for"), &a))
			return;
		f->client = a;
		if (!is_believed(p, &a))
			return;
	}
}

struct forwarded proxies_ask(const struct proxies *p, const struct net_address *from,
			     const struct http1_head *h)
{
	struct forwarded f = { .client = *from };

	if (!p || !is_believed(p, from))
		return f;
	if (p->fields & PROXY_FORWARDED)
		ask_forwarded(p, h, &f);
	else
		ask_x(p, h, &f);
	return f;
}

/* --- for handlers --------------------------------------------------------------------------- */

const char *req_client(const struct req *r)
{
	char text[NET_TEXT];

	net_text(&r->client, text);
	return arena_str(r->a, text);
}

const char *req_client_group(const struct req *r)
{
	char text[NET_TEXT + 4];

	net_text_group(&r->client, text);
	return arena_str(r->a, text);
}
