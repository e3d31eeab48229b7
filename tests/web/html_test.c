#include "test.h"

#include <math.h>

#include "web/html.h"

/* What one call writes, on a French page. */
static const char *wrote(struct buf *b)
{
	static char out[4096];

	snprintf(out, sizeof out, "%s", buf_text(b));
	buf_clear(b);
	return out;
}

#define page(h) \
	CLEANUP(buf_free) struct buf out_ = buf_new(1 << 20); \
	struct html page_ = { &out_, lang_find("fr"), "jeton" }, *h = &page_
#define writes(call, expected) do { call; same(wrote(&out_), expected); } while (0)

TEST("text and attributes come out as text whatever people typed")
{
	page(h);

	writes(html_put(h, "<b>\"l'été\" & co</b>"),
	       "&lt;b&gt;&quot;l&#39;été&quot; &amp; co&lt;/b&gt;");
	writes(html_put_attr(h, "\"><script>"), "&quot;&gt;&lt;script&gt;");
	writes(html_put(h, (const char *)NULL), "");
	writes(html_put(h, ""), "");
	writes(html_put(h, "&&"), "&amp;&amp;");
}

TEST("numbers are grouped in text and plain in attributes")
{
	page(h);

	writes(html_put(h, 999), "999");
	writes(html_put(h, 1234567), "1\xe2\x80\xaf" "234\xe2\x80\xaf" "567");
	writes(html_put(h, (size_t)1000), "1\xe2\x80\xaf" "000");
	writes(html_put(h, INT64_MIN), "-9\xe2\x80\xaf" "223\xe2\x80\xaf" "372\xe2\x80\xaf" "036\xe2\x80\xaf" "854\xe2\x80\xaf" "775\xe2\x80\xaf" "808");
	writes(html_put(h, 12.25), "12,3");
	writes(html_put(h, 12.0), "12");
	writes(html_put(h, -0.25), "-0,3");
	writes(html_put(h, NAN), "?");
	writes(html_put_attr(h, 1234567), "1234567");
	page_.lang = lang_find("en");
	writes(html_put(h, 1234567), "1,234,567");
	writes(html_put(h, 1234.5), "1,234.5");
}

/* The C library's %.6f without its final zeros is the reference. */
static const char *reference(double v)
{
	static char out[64];
	size_t n = (size_t)snprintf(out, sizeof out, "%.6f", v);

	while (out[n - 1] == '0')
		n--;
	out[out[n - 1] == '.' ? n - 1 : n] = '\0';
	return strcmp(out, "-0") ? out : "0";
}

TEST("a coordinate in an attribute is what printf would write, without final zeros")
{
	static const double some[] = { 0, 1, -1, 0.5, 48.908612, -61.5331, 2.48, 1e-6, -1e-6,
		0.1, 100.125, 999999999.5, 123456789012.25, 1e15, -0.0 };
	page(h);

	for (size_t i = 0; i < sizeof some / sizeof *some; i++)
		writes(html_put_attr(h, some[i]), reference(some[i]));
	for (int i = -20000; i < 20000; i += 7)
		writes(html_put_attr(h, i / 1024.0), reference(i / 1024.0));
	writes(html_put_attr(h, INFINITY), "0");
	writes(html_put_attr(h, NAN), "0");
}

TEST("an address that is not http, mailto, tel, geo or a path becomes #")
{
	static const char *const good[] = { "/lieux", "?q=1", "#ancre", "lieux/3", "https://a.fr/b",
		"HTTP://a.fr", "mailto:a@b.fr", "tel:+33100000000", "geo:48.9,2.4", "/a:b", "" };
	static const char *const bad[] = { "javascript:alert(1)", "JaVaScRiPt:alert(1)",
		" javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
		"\x01javascript:alert(1)", "data:text/html,x", "vbscript:x", "//autre.fr/x",
		"/\\autre.fr", "\\\\autre.fr", "/\t/autre.fr", "file:///etc/passwd", "blob:x",
		"httpsx:a", ":x", "javascript\x7f:x" };
	page(h);

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		writes(html_url(h, good[i]), good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		writes(html_url(h, bad[i]), "#");
	writes(html_url(h, NULL), "#");
	writes(html_url(h, "/a?b=c&d='e'"), "/a?b=c&amp;d=&#39;e&#39;");
	writes(html_url(h, "/a b\"<c>"), "/a%20b%22%3Cc%3E");
}

TEST("a part of an address cannot leave its place")
{
	page(h);

	writes(html_put_url_part(h, "a/b?c=d&e#f:g h"), "a%2Fb%3Fc%3Dd%26e%23f%3Ag%20h");
	writes(html_put_url_part(h, "Bobigny-93_~.@,"), "Bobigny-93_~.@,");
	writes(html_put_url_part(h, "é"), "%C3%A9");
	writes(html_put_url_part(h, -12), "-12");
	writes(html_tel(h, "+33 (0)1 23-45.67"), "+330123" "4567");
	writes(html_tel(h, "01 02 03 04 05\"><x>+"), "0102030405");
}

TEST("a message keeps its values apart from its words")
{
	const struct msg_arg args[] = { msg_text("<b>"), msg_int(1500) };
	page(h);

	writes(html_msg(h, false, "« %1 » & %2, 50 % de %1, %3", args, 2),
	       "«\xc2\xa0&lt;b&gt;\xc2\xa0» &amp; 1\xe2\x80\xaf" "500, 50\xc2\xa0% de &lt;b&gt;, %3");
	writes(html_msg(h, true, "%2", args, 2), "1500");
	writes(html_msg(h, false, "100 %", NULL, 0), "100\xc2\xa0%");
	writes(html_msg(h, false, "%", args, 2), "%");
	writes(html_msg_n(h, false, 1, "%2 x", "%2 xs", args, 2), "1\xe2\x80\xaf" "500 x");
	writes(html_msg_n(h, false, 2, "un", "plusieurs", NULL, 0), "plusieurs");
}

TEST("French words keep their punctuation on the line, other languages and values are left alone")
{
	const struct msg_arg typed[] = { msg_text("a : b ?") };
	page(h);

	writes(html_msg(h, false, "Erreur : « ici » ; quoi ? 50 % !", NULL, 0),
	       "Erreur\xc2\xa0: «\xc2\xa0" "ici\xc2\xa0»\xc2\xa0; quoi\xc2\xa0? 50\xc2\xa0%\xc2\xa0!");
	writes(html_msg(h, false, "Dit : %1 et : ", typed, 1),
	       "Dit\xc2\xa0: a : b ? et\xc2\xa0: ");
	h->lang = lang_find("en");
	writes(html_msg(h, false, "50 % : ?", NULL, 0), "50 % : ?");
}
