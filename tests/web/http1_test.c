#include "test.h"

#include "web/http1.h"

static const struct http1_limits limits = { 8192, 4096, HTTP1_FIELDS };

#define H "Host: a\r\n"

/* What is sent, and minus the status that refuses it; 1 when it is taken. */
struct probe {
	const char *what;
	int status;
	const char *bytes;
	size_t n;
};
#define P(what, status, bytes) { what, status, bytes, sizeof(bytes) - 1 }

/* The 22 requests that eight servers were tried on, those too long to write excepted. */
static const struct probe probes[] = {
	P("a plain request", 1, "GET / HTTP/1.1\r\n" H "\r\n"),
	P("no Host", -400, "GET / HTTP/1.1\r\n\r\n"),
	P("two Host", -400, "GET / HTTP/1.1\r\n" H "Host: b\r\n\r\n"),
	P("two lengths", -400, "POST / HTTP/1.1\r\n" H "Content-Length: 3\r\nContent-Length: 30\r\n\r\n"),
	P("the same length twice", -400, "POST / HTTP/1.1\r\n" H "Content-Length: 3\r\nContent-Length: 3\r\n\r\n"),
	P("length and chunked", -501, "POST / HTTP/1.1\r\n" H "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
	P("xchunked", -501, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n"),
	P("gzip, chunked", -501, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n"),
	P("chunked", -501, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n"),
	P("length +3", -400, "POST / HTTP/1.1\r\n" H "Content-Length: +3\r\n\r\n"),
	P("length 0x3", -400, "POST / HTTP/1.1\r\n" H "Content-Length: 0x3\r\n\r\n"),
	P("length 3, 3", -400, "POST / HTTP/1.1\r\n" H "Content-Length: 3, 3\r\n\r\n"),
	P("an empty length", -400, "POST / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n"),
	P("a length past everything", -413, "POST / HTTP/1.1\r\n" H "Content-Length: 99999999999999999999\r\n\r\n"),
	P("a space before the colon", -400, "GET / HTTP/1.1\r\n" H "X-A : b\r\n\r\n"),
	P("a folded line", -400, "GET / HTTP/1.1\r\n" H "X-A: b\r\n c\r\n\r\n"),
	P("a bare LF", -400, "GET / HTTP/1.1\nHost: a\n\n"),
	P("a bare LF at the end of a field", -400, "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
	P("a bare CR in a value", -400, "GET / HTTP/1.1\r\n" H "X-A: b\rc\r\n\r\n"),
	P("a NUL in a value", -400, "GET / HTTP/1.1\r\n" H "X-A: b\0c\r\n\r\n"),
	P("a NUL in the path", -400, "GET /\0x HTTP/1.1\r\n" H "\r\n"),
	P("an empty field name", -400, "GET / HTTP/1.1\r\n" H ": x\r\n\r\n"),
	P("HTTP/9.9", -505, "GET / HTTP/9.9\r\n" H "\r\n"),
	P("HTTP/1.2", -505, "GET / HTTP/1.2\r\n" H "\r\n"),
	P("HTTP/1.10", -400, "GET / HTTP/1.10\r\n" H "\r\n"),
	P("http/1.1", -400, "GET / http/1.1\r\n" H "\r\n"),
	P("no version", -400, "GET /\r\n"),
	P("two spaces", -400, "GET  / HTTP/1.1\r\n" H "\r\n"),
	P("a space in the target", -400, "GET /a b HTTP/1.1\r\n" H "\r\n"),
	P("a fragment", -400, "GET /#a HTTP/1.1\r\n" H "\r\n"),
	P("bytes above ASCII in the target", -400, "GET /\xc3\xa9 HTTP/1.1\r\n" H "\r\n"),
	P("an empty line first", -400, "\r\nGET / HTTP/1.1\r\n" H "\r\n"),
	P("a TLS greeting", -400, "\x16\x03\x01\x02"),
	P("a method too long", -501, "ABCDEFGHIJKLMNOPQR / HTTP/1.1\r\n" H "\r\n"),
	P("a body that nothing expects", -400, "GET / HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc"),
	P("an empty length 0 is fine", 1, "GET / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n"),
	P("somebody else's authority", -400, "GET http://b/ HTTP/1.1\r\n" H "\r\n"),
	P("an authority that only begins alike", -400, "GET http://a.b/ HTTP/1.1\r\n" H "\r\n"),
	P("a user in Host", -400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
	P("a path in Host", -400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
	P("an empty Host", -400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
	P("a port without digits", -400, "GET / HTTP/1.1\r\nHost: a:\r\n\r\n"),
	P("an IPv6 Host", 1, "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"),
	P("* with GET", -400, "GET * HTTP/1.1\r\n" H "\r\n"),
	P("* with OPTIONS", 1, "OPTIONS * HTTP/1.1\r\n" H "\r\n"),
	P("CONNECT", -400, "CONNECT a:443 HTTP/1.1\r\n" H "\r\n"),
	P("HTTP/1.0 without Host", 1, "GET / HTTP/1.0\r\n\r\n"),
	P("an expectation we do not know", -417, "POST / HTTP/1.1\r\n" H "Expect: tea\r\n\r\n"),
	P("two cookies fields", -400, "GET / HTTP/1.1\r\n" H "Cookie: a=b\r\nCookie: c=d\r\n\r\n"),
};

static int read_text(const char *s, struct http1_head *h)
{
	return http1_read(s, strlen(s), &limits, h);
}

TEST("each ambiguous request is refused with its status")
{
	struct http1_head h;

	for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
		int r = http1_read(probes[i].bytes, probes[i].n, &limits, &h);

		if (r > 0)
			r = 1;
		if (r != probes[i].status)
			fail_msg("%s: %d, not %d", probes[i].what, r, probes[i].status);
	}
}

TEST("a head that comes byte by byte is read as when it comes at once")
{
	for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
		struct http1_head h;
		int whole = http1_read(probes[i].bytes, probes[i].n, &limits, &h), r = 0;

		for (size_t n = 0; n <= probes[i].n && !r; n++)
			r = http1_read(probes[i].bytes, n, &limits, &h);
		if (r != whole)
			fail_msg("%s: %d byte by byte, %d at once", probes[i].what, r, whole);
	}
}

TEST("a bare LF is refused as soon as it is there")
{
	struct http1_head h;

	equals(read_text("GET / HTTP/1.1", &h), 0);
	equals(read_text("GET / HTTP/1.1\r", &h), 0);
	equals(read_text("GET / HTTP/1.1\n", &h), -400);
	equals(read_text("GET / HTTP/1.1\r\nHost: a\n", &h), -400);
}

TEST("a head past its limits is refused before it ends")
{
	static char big[20000];
	struct http1_head h;
	struct http1_limits few = { 8192, 4096, 2 };
	int n = snprintf(big, sizeof big, "GET / HTTP/1.1\r\n" H "X: ");

	memset(big + n, 'a', sizeof big - (size_t)n);
	equals(http1_read(big, 8191, &limits, &h), 0);
	equals(http1_read(big, 8192, &limits, &h), -431);
	n = snprintf(big, sizeof big, "GET /");
	memset(big + n, '/', sizeof big - (size_t)n);
	equals(http1_read(big, 4100, &limits, &h), 0);
	equals(http1_read(big, 4101, &limits, &h), -414);
	equals(http1_read("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nC: d\r\n\r\n", 41, &few, &h), -431);
}

TEST("the fields of a request are found, without regard to the case of their names")
{
	struct http1_head h;
	const char *s = "POST /lieux?commune=93010 HTTP/1.1\r\nHOST: aide.exemple.fr:8080\r\n"
		"content-length:  12 \r\nCookie: a=b; c=d\r\nX-Other: \t z \t\r\n"
		"Expect: 100-continue\r\nConnection: keep-alive, Close\r\n\r\nabcdefghijkl";

	equals(read_text(s, &h), (int)strlen(s) - 12);
	holds(slice_is(h.method, "POST"));
	holds(slice_is(h.target, "/lieux?commune=93010"));
	holds(slice_is(http1_query(h.target), "commune=93010"));
	holds(slice_is(h.known[HTTP1_HOST], "aide.exemple.fr:8080"));
	holds(slice_is(h.known[HTTP1_COOKIE], "a=b; c=d"));
	equals(h.length, 12);
	equals(h.nfields, 6);
	holds(slice_is(h.fields[3].value, "z"));
	holds(h.close && h.expects);
	equals(h.known[HTTP1_TYPE].p == NULL, 1);
}

TEST("an absolute target is the path of the same host")
{
	struct http1_head h;

	holds(read_text("GET http://A:80/x?y HTTP/1.1\r\nHost: a:80\r\n\r\n", &h) > 0);
	holds(slice_is(h.target, "/x?y"));
}

TEST("HTTP/1.0 closes by itself")
{
	struct http1_head h;

	holds(read_text("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", &h) > 0);
	holds(h.close);
}

TEST("a path is decoded, unless it could mean another place")
{
	static const struct { const char *target, *path; } all[] = {
		{ "/lieux", "/lieux" }, { "/lieux/%C3%A9t%c3%a9?q=%2F", "/lieux/été" },
		{ "/a%20b", "/a b" }, { "/a+b", "/a+b" }, { "/...", "/..." }, { "/.a", "/.a" },
		{ "/%25", "/%" }, { "//", "//" },
		{ "/%00", NULL }, { "/a%2Fb", NULL }, { "/a%2fb", NULL }, { "/a%5Cb", NULL },
		{ "/a\\b", NULL }, { "/..", NULL }, { "/a/../b", NULL }, { "/a/./b", NULL },
		{ "/a/%2e%2e/b", NULL }, { "/a/%2e", NULL }, { "/%", NULL }, { "/%4", NULL },
		{ "/%zz", NULL }, { "/%0a", NULL }, { "/%7f", NULL }, { "/%ff", NULL },
		{ "/%c0%af", NULL }, { "x", NULL }, { "", NULL }, { "*", NULL },
	};
	char path[64];

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct slice t = { all[i].target, strlen(all[i].target) };
		bool ok = http1_path(t, path, sizeof path);

		if (ok != (all[i].path != NULL))
			fail_msg("%s: %s", all[i].target, ok ? path : "refused");
		if (ok)
			same(path, all[i].path);
	}
	holds(!http1_path((struct slice){ "/12345678", 9 }, path, 9));
	holds(http1_path((struct slice){ "/12345678", 9 }, path, 10));
}

TEST("a list has its tokens, but for those of quality zero")
{
	static const struct { const char *list; bool has; } all[] = {
		{ "gzip", true }, { "GZIP", true }, { "br, gzip", true }, { "br,gzip;q=0.5", true },
		{ " gzip ; q=1", true }, { "gzip;q=0", false }, { "gzip;q=0.000", false },
		{ "gzip; Q=0", false }, { "xgzip", false }, { "gzipx", false }, { "", false }, { ",,", false },
		{ "gzip;q=0.001", true }, { "identity", false },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (http1_list_has((struct slice){ all[i].list, strlen(all[i].list) }, "gzip") != all[i].has)
			fail_msg("%s", all[i].list);
	}
	holds(!http1_list_has((struct slice){ NULL, 0 }, "gzip"));
}
