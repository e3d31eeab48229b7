#include "test.h"

#include "web/proxy.h"

static struct net_address at(const char *s)
{
	struct net_address a = { 0 };

	holds(net_read(s, strlen(s), &a));
	return a;
}

static struct http1_head head_of(const char *fields)
{
	static const struct http1_limits limits = { 8 << 10, 4 << 10, HTTP1_FIELDS };
	static char raw[4][4096];
	static int turn;
	char *b = raw[turn++ % 4];
	struct http1_head h;

	snprintf(b, sizeof raw[0], "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", fields);
	holds(http1_read(b, strlen(b), &limits, &h) > 0);
	return h;
}

/* "client https host" of a request that came from `from` with these fields. */
static const char *asked(const char *proxies, const char *believed, const char *from,
			 const char *fields)
{
	static char out[200];
	struct http1_head h = head_of(fields);
	struct net_address a = at(from);
	struct proxies p;
	struct forwarded f;
	char client[NET_TEXT];
	struct err e;

	accepts(proxies_read(proxies, believed, &p, &e), &e);
	f = proxies_ask(&p, &a, &h);
	net_text(&f.client, client);
	snprintf(out, sizeof out, "%s %s %.*s", client, f.https ? "https" : "http",
		 (int)f.host.n, f.host.n ? f.host.p : "");
	return out;
}

#define THREE "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n" \
	"X-Forwarded-Host: aide.fr\r\n"

TEST("a proxy of this machine is believed, another machine is not")
{
	same(asked("", "", "127.0.0.1", THREE), "203.0.113.7 https aide.fr");
	same(asked("", "", "127.8.0.1", THREE), "203.0.113.7 https aide.fr");
	same(asked("", "", "::1", THREE), "203.0.113.7 https aide.fr");
	same(asked("", "", "::ffff:127.0.0.1", THREE), "203.0.113.7 https aide.fr");
	same(asked("", "", "198.51.100.9", THREE), "198.51.100.9 http ");
	same(asked("10.1.0.0/16", "", "127.0.0.1", THREE), "127.0.0.1 http ");
	same(asked("10.1.0.0/16, ::1", "", "10.1.255.3", THREE), "203.0.113.7 https aide.fr");
	same(asked("10.1.0.0/16", "", "10.2.0.0", THREE), "10.2.0.0 http ");
	same(asked("2001:db8::/33", "", "2001:db8:7fff::2", THREE), "203.0.113.7 https aide.fr");
	same(asked("2001:db8::/33", "", "2001:db8:8000::2", THREE), "2001:db8:8000::2 http ");
}

TEST("without proxies nothing is believed")
{
	struct http1_head h = head_of(THREE);
	struct net_address from = at("127.0.0.1");
	struct forwarded f = proxies_ask(NULL, &from, &h);

	holds(!f.https && !f.host.p && !memcmp(&f.client, &from, sizeof from));
}

TEST("the client is the nearest that is no proxy of ours, whatever stands further left")
{
	same(asked("", "", "127.0.0.1", "X-Forwarded-For: 1.1.1.1, 203.0.113.7\r\n"),
	     "203.0.113.7 http ");
	same(asked("127.0.0.1 10.0.0.0/8", "", "127.0.0.1",
		   "X-Forwarded-For: 1.1.1.1, 203.0.113.7, 10.0.0.2\r\n"), "203.0.113.7 http ");
	same(asked("127.0.0.1 10.0.0.0/8", "", "127.0.0.1",          /* two lines are one list */
		   "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 203.0.113.7\r\n"
		   "X-Forwarded-For: 10.0.0.2\r\n"), "203.0.113.7 http ");
	same(asked("127.0.0.1 10.0.0.0/8", "", "127.0.0.1", "X-Forwarded-For: 10.0.0.2\r\n"),
	     "10.0.0.2 http ");
	same(asked("", "", "127.0.0.1", "X-Forwarded-For: 203.0.113.7:4711\r\n"), "203.0.113.7 http ");
	same(asked("", "", "127.0.0.1", "X-Forwarded-For: [2001:db8::7]:4711\r\n"),
	     "2001:db8::7 http ");
	same(asked("", "", "127.0.0.1", "X-Forwarded-For: 2001:db8::7\r\n"), "2001:db8::7 http ");
}

TEST("a list that cannot be read stops where it cannot")
{
	static const char *const bad[] = { "unknown", "", ",", "1.2.3", "1.2.3.4.5", "[::1", "_hidden",
					   "203.0.113.7 1.1.1.1", "999.1.1.1", "::", "[::0]" };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char field[100];

		snprintf(field, sizeof field, "X-Forwarded-For: 1.1.1.1, %s\r\n", bad[i]);
		same(asked("", "", "127.0.0.1", field), "127.0.0.1 http ");
	}
	same(asked("127.0.0.1 10.0.0.1", "", "127.0.0.1",
		   "X-Forwarded-For: 1.1.1.1, unknown, 10.0.0.1\r\n"), "10.0.0.1 http ");
}

TEST("only the fields that are named are believed")
{
	same(asked("", "X-Forwarded-For", "127.0.0.1", THREE), "203.0.113.7 http ");
	same(asked("", "x-forwarded-proto", "127.0.0.1", THREE), "127.0.0.1 https ");
	same(asked("", "Forwarded", "127.0.0.1", THREE), "127.0.0.1 http ");
	same(asked("", "", "127.0.0.1", "Forwarded: for=1.1.1.1;proto=https\r\n"), "127.0.0.1 http ");
	same(asked("", "", "127.0.0.1", "X-Forwarded-Host: a.fr/../x\r\n"), "127.0.0.1 http ");
}

/* The examples are those of RFC 7239, section 4. */
TEST("the Forwarded field is read as RFC 7239 writes it")
{
	same(asked("", "Forwarded", "127.0.0.1",
		   "Forwarded: for=192.0.2.60;proto=http;by=203.0.113.43\r\n"), "192.0.2.60 http ");
	same(asked("", "Forwarded", "127.0.0.1", "Forwarded: For=\"[2001:db8:cafe::17]:4711\"\r\n"),
	     "2001:db8:cafe::17 http ");
	same(asked("", "Forwarded", "127.0.0.1", "Forwarded: for=192.0.2.43, for=198.51.100.17\r\n"),
	     "198.51.100.17 http ");
	same(asked("", "Forwarded", "127.0.0.1", "Forwarded: for=\"_gazonk\";proto=https\r\n"),
	     "127.0.0.1 https ");
	same(asked("127.0.0.1 198.51.100.17", "Forwarded", "127.0.0.1",
		   "Forwarded: for=192.0.2.43;host=evil.fr, for=192.0.2.44; host=\"aide.fr:8443\" ;"
		   "Proto=HTTPS\r\nForwarded: for=198.51.100.17;proto=http\r\n"),
	     "192.0.2.44 https aide.fr:8443");
}

TEST("a setting of proxies that is wrong is named")
{
	static const char *const addresses[] = { "localhost", "10.0.0.0/33", "10.0.0.0/", "::/129",
						 "10.0.0.0/-1", "10.0.0.0/8x", "1.2.3.4:80" };
	struct proxies p;
	struct err e;

	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
		refuses(E_INPUT, proxies_read(addresses[i], "", &p, &e), &e);
	refuses(E_INPUT, proxies_read("", "X-Real-IP", &p, &e), &e);
	holds(strstr(e.msg, "X-Real-IP"));
	refuses(E_INPUT, proxies_read("", "Forwarded X-Forwarded-For", &p, &e), &e);
	accepts(proxies_read("0.0.0.0/0 ::/0", "", &p, &e), &e);
	equals(p.bits[0], 96);
}

TEST("tries are counted by address in IPv4, by network of 64 bits in IPv6")
{
	struct net_address four = at("192.0.2.1"), six = at("2001:db8:1:2:3:4:5:6"), none = { 0 };
	char text[NET_TEXT + 4];

	net_text_group(&four, text);
	same(text, "192.0.2.1");
	net_text_group(&six, text);
	same(text, "2001:db8:1:2::/64");
	net_text_group(&none, text);
	same(text, "");
}
