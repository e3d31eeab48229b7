#include "store/httpc.h"

#include "tests/store/talker.h"
#include "test.h"

struct asking {
	struct talker t;
	struct arena a;
	struct http_ask ask;
	struct http_answer answer;
	struct err e;
};

static void begin(struct asking *w, const char *answer)
{
	w->t.answers[0] = answer;
	w->t.nanswers = 1;
	talker_begin(&w->t);
	w->a = arena_new(8 << 20);
	w->ask = (struct http_ask){ .method = "GET", .timeout_ms = 2000,
		.url = arena_printf(&w->a, "http://127.0.0.1:%d/a?b=c%%20d", w->t.port) };
}

static bool ask(struct asking *w)
{
	w->e = (struct err){ 0 };
	return httpc_do(&w->ask, &w->a, &w->answer, &w->e);
}

static void end(struct asking *w)
{
	talker_end(&w->t);
	arena_free(&w->a);
}

TEST("a question goes out as it was written, and the answer comes whole")
{
	static struct asking w;
	const struct http_field fields[] = { { "X-Cle", "é; a=b" }, { "Content-Type", "text/plain" } };

	begin(&w, "HTTP/1.1 201 Created\r\nContent-Type: text/x; charset=utf-8\r\nX-Id:  7 \r\n"
	      "Content-Length: 4\r\n\r\nabcd");
	w.ask.method = "POST";
	w.ask.fields = fields;
	w.ask.nfields = 2;
	w.ask.body = "un\0deux";
	w.ask.body_size = 7;
	accepts(ask(&w), &w.e);
	equals(w.answer.status, 201);
	same(w.answer.body, "abcd");
	equals(w.answer.size, 4);
	same(w.answer.type, "text/x; charset=utf-8");
	same(http_field(&w.answer, "x-id"), "7");
	holds(!http_field(&w.answer, "x-autre"));
	holds(!strncmp(w.t.heard, "POST /a?b=c%20d HTTP/1.1\r\n", 26));
	holds(strstr(w.t.heard, "\r\nX-Cle: é; a=b\r\n"));
	holds(strstr(w.t.heard, "\r\nContent-Type: text/plain\r\n"));
	holds(strstr(w.t.heard, "\r\nContent-Length: 7\r\n"));
	holds(!strstr(w.t.heard, "Expect:"));
	holds(!memcmp(strstr(w.t.heard, "\r\n\r\n") + 4, "un\0deux", 7));
	end(&w);
}

TEST("a redirection is an answer and is not followed")
{
	static struct asking w;

	begin(&w, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
	accepts(ask(&w), &w.e);
	equals(w.answer.status, 302);
	same(w.answer.body, "");
	equals(w.t.asked, 1);
	end(&w);
}

TEST("only http and https are asked, and only https when that is said")
{
	static const char *const bad[] = { "file:///etc/passwd", "ftp://127.0.0.1/", "http//a",
		"gopher://127.0.0.1/", "", "127.0.0.1", "http://a\r\nb/", "http://a/ b", "http://a/#x" };
	static struct asking w;

	begin(&w, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		w.ask.url = bad[i];
		refuses(E_INPUT, ask(&w), &w.e);
	}
	w.ask.url = "http://127.0.0.1:1/";
	w.ask.https_only = true;
	refuses(E_INPUT, ask(&w), &w.e);
	equals(w.t.asked, 0);
	end(&w);
}

TEST("a field with a line break does not leave")
{
	static const struct http_field bad[] = { { "X", "a\r\nY: b" }, { "X: a", "b" }, { "", "b" },
		{ "X\r\nY", "b" }, { "X", "\n" } };
	static struct asking w;

	begin(&w, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	w.ask.nfields = 1;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		w.ask.fields = &bad[i];
		refuses(E_INPUT, ask(&w), &w.e);
	}
	equals(w.t.asked, 0);
	end(&w);
}

TEST("an answer longer than its ceiling is refused, by length or by what comes")
{
	static char answer[6000];
	static struct asking w;

	snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n%05000d", 1);
	begin(&w, answer);
	w.ask.most = 4000;
	refuses(E_LIMIT, ask(&w), &w.e);
	w.ask.most = 5000;
	accepts(ask(&w), &w.e);
	equals(w.answer.size, 5000);
	end(&w);
}

TEST("a server that keeps silent, hangs up or speaks nonsense is said by its host alone")
{
	static const char *const answers[] = { "", NULL, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n"
		"Connection: close\r\n\r\nabc" };

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		static struct asking w;

		memset(&w, 0, sizeof w);
		begin(&w, answers[i]);
		w.ask.timeout_ms = 300;
		w.ask.url = arena_printf(&w.a, "http://moi:secret@127.0.0.1:%d/?password=secret",
					 w.t.port);
		refuses(E_REMOTE, ask(&w), &w.e);
		holds(strstr(w.e.msg, "127.0.0.1"));
		holds(!strstr(w.e.msg, "secret") && !strstr(w.e.hint, "secret"));
		end(&w);
	}
}

TEST("a port where nobody listens is unreachable")
{
	static struct asking w;

	begin(&w, "");
	talker_end(&w.t);
	refuses(E_REMOTE, ask(&w), &w.e);
	arena_free(&w.a);
}

TEST("a line keeps its connection from one question to the next")
{
	CLEANUP(http_line_free) struct http_line *line = http_line_new();
	static struct asking w;

	begin(&w, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
	w.ask.line = line;
	for (int i = 0; i < 3; i++) {
		w.ask.method = i == 1 ? "POST" : "GET";
		w.ask.body = i == 1 ? "x" : NULL;
		w.ask.body_size = i == 1;
		accepts(ask(&w), &w.e);
		same(w.answer.body, "ok");
	}
	holds(!strstr(w.t.heard, "Content-Length"));    /* nothing of the POST is left */
	equals(w.t.asked, 3);
	equals(w.t.connections, 1);
	http_line_free(&line);
	end(&w);
}
