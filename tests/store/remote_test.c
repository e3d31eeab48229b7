#include "store/remote.h"

#include <pthread.h>
#include <unistd.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/rpc.h"
#include "tests/store/talker.h"
#include "test.h"

static char *origin(const struct talker *t)
{
	static char out[64];

	snprintf(out, sizeof out, "http://127.0.0.1:%d", t->port);
	return out;
}

static struct remote *opened(const char *origins)
{
	struct remote *r;
	struct err e = { 0 };

	accepts(remote_open_local(origins, NULL, &r, &e), &e);
	return r;
}

TEST("an allowed origin is asked, and its answer comes with how long it may be kept")
{
	static struct talker t;
	CLEANUP(remote_close) struct remote *r = NULL;
	struct arena a = arena_new(4 << 20);
	struct remote_ask ask = { .accept = "application/json" };
	struct remote_answer got;
	struct err e = { 0 };

	t.answers[0] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		       "Cache-Control: public, max-age=600\r\nContent-Length: 2\r\n\r\n{}";
	t.answers[1] = "HTTP/1.1 401 No\r\nCache-Control: no-store\r\nContent-Length: 0\r\n\r\n";
	t.nanswers = 2;
	talker_begin(&t);
	r = opened(origin(&t));
	ask.url = arena_printf(&a, "%s/.well-known/openid-configuration", origin(&t));
	accepts(remote_fetch(r, &ask, &a, &got, &e), &e);
	equals(got.status, 200);
	same(got.type, "application/json");
	same(got.body.p, "{}");
	equals(got.max_age, 600);
	holds(strstr(t.heard, "\r\nAccept: application/json\r\n"));
	ask.method = "POST";
	ask.authorization = "Basic YTpi";
	ask.body = (struct bytes){ "code=1", 6 };
	accepts(remote_fetch(r, &ask, &a, &got, &e), &e);
	equals(got.status, 401);
	equals(got.max_age, 0);
	holds(strstr(t.heard, "\r\nAuthorization: Basic YTpi\r\n"));
	holds(strstr(t.heard, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
	holds(strstr(t.heard, "\r\n\r\ncode=1"));
	talker_end(&t);
	arena_free(&a);
}

TEST("what is not of an allowed origin is not asked, however it is written")
{
	static const char *const urls[] = {
		"https://b.fr/", "http://a.fr/", "https://a.fr:8443/", "https://a.fr.b.fr/",
		"https://a.fr@b.fr/", "https://a.fr:443@b.fr/", "https://a.fr\\@b.fr/",
		"https://a.fr%2fb.fr/", "https://a.fr#@b.fr/", "https://a.fr\tb.fr/", "https://b.fr/?https://a.fr/",
		"https:///a.fr/", "https://", "ftp://a.fr/", "file:///etc/passwd", "//a.fr/", "a.fr", "",
		"https:a.fr/", " https://a.fr/", "https://a.fr.:443/", "gopher://a.fr/", "https://a.fr /",
	};
	CLEANUP(remote_close) struct remote *r = opened("https://a.fr https://c.fr:8443/");
	struct arena a = arena_new(4 << 20);
	struct remote_answer got;
	struct err e = { 0 };

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct remote_ask ask = { .url = urls[i] };

		refuses(E_DENIED, remote_fetch(r, &ask, &a, &got, &e), &e);
	}
	arena_free(&a);
}

TEST("the usual port and capitals are the same origin")
{
	static struct talker t;
	CLEANUP(remote_close) struct remote *r = opened("HTTPS://Localhost:443, http://LOCALHOST:1");
	struct arena a = arena_new(4 << 20);
	struct remote_answer got;
	struct err e = { 0 };

	(void)t;
	refuses(E_REMOTE, remote_fetch(r, &(struct remote_ask){ .url = "http://localhost:1/x" }, &a, &got,
				       &e), &e);
	refuses(E_DENIED, remote_fetch(r, &(struct remote_ask){ .url = "http://localhost:2/x" }, &a, &got,
				       &e), &e);
	arena_free(&a);
}

TEST("an origin that is none is named, and http is for this machine alone")
{
	static const char *const bad[] = { "a.fr", "https://a.fr/x", "http://a.fr", "https://u:p@a.fr",
					   "http://127.0.0.1.b.fr", "http://localhost.fr", "https://",
					   "ftp://a.fr" };
	struct remote *r;
	struct err e = { 0 };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses(E_INPUT, remote_open_local(bad[i], NULL, &r, &e), &e);
	holds(strstr(e.msg, "ftp://a.fr"));
}

TEST("other methods and what is too long are refused, and without a way out nothing leaves")
{
	static char long_url[3000];
	CLEANUP(remote_close) struct remote *r = opened("https://a.fr");
	struct arena a = arena_new(4 << 20);
	struct remote_ask ask = { .url = "https://a.fr/", .method = "DELETE" };
	struct remote_answer got;
	struct err e = { 0 };

	refuses(E_INPUT, remote_fetch(r, &ask, &a, &got, &e), &e);
	memset(long_url, 'a', sizeof long_url - 1);
	memcpy(long_url, "https://a.fr/", 13);
	ask = (struct remote_ask){ .url = long_url };
	refuses(E_LIMIT, remote_fetch(r, &ask, &a, &got, &e), &e);
	ask.url = "https://a.fr/";
	refuses(E_REMOTE, remote_fetch(NULL, &ask, &a, &got, &e), &e);
	arena_free(&a);
}

TEST("a provider that answers slowly or too much is left")
{
	static struct talker t, big;
	static char much[400 << 10];
	CLEANUP(remote_close) struct remote *r = NULL;
	struct arena a = arena_new(4 << 20);
	struct remote_answer got;
	struct remote_ask ask = { .timeout_ms = 200 };
	struct err e = { 0 };

	t.answers[0] = "";
	t.nanswers = big.nanswers = 1;
	talker_begin(&t);
	r = opened(origin(&t));
	ask.url = origin(&t);
	refuses(E_REMOTE, remote_fetch(r, &ask, &a, &got, &e), &e);
	talker_end(&t);
	remote_close(&r);
	memset(much, 'x', sizeof much - 1);
	memcpy(much, "HTTP/1.1 200 OK\r\n\r\n", 19);
	big.answers[0] = much;
	talker_begin(&big);
	r = opened(origin(&big));
	ask = (struct remote_ask){ .url = origin(&big) };
	refuses(E_LIMIT, remote_fetch(r, &ask, &a, &got, &e), &e);
	talker_end(&big);
	arena_free(&a);
}

static const char *file_with(const char *text, mode_t mode)
{
	static char path[256];
	int fd;

	snprintf(path, sizeof path, "%s/secret", test_dir());
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	holds(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	holds(!fchmod(fd, mode));
	close(fd);
	return path;
}

TEST("a secret goes into the body of who asks for it by its name, and nowhere else")
{
	static struct talker t;
	CLEANUP(remote_close) struct remote *r = NULL;
	struct arena a = arena_new(4 << 20);
	struct remote_ask ask = { .method = "POST", .body = { "code=1", 6 }, .secret = "proconnect" };
	struct remote_answer got;
	struct err e = { 0 };

	t.answers[0] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	t.nanswers = 1;
	talker_begin(&t);
	r = opened(origin(&t));
	ask.url = origin(&t);
	refuses(E_DENIED, remote_fetch(r, &ask, &a, &got, &e), &e);
	equals(t.asked, 0);
	accepts(remote_load_secret(r, "proconnect", file_with("a&b=é +/~\r\n", 0600),
				   arena_cat(&a, "https://ailleurs.exemple.fr ", origin(&t), "/", NULL), &e), &e);
	accepts(remote_fetch(r, &ask, &a, &got, &e), &e);
	holds(strstr(t.heard, "\r\n\r\ncode=1&client_secret=a%26b%3D%C3%A9%20%2B%2F~"));
	/* one that was given for another server does not leave */
	accepts(remote_load_secret(r, "autre", file_with("x\n", 0600), "https://ailleurs.exemple.fr", &e), &e);
	ask.secret = "autre";
	refuses(E_DENIED, remote_fetch(r, &ask, &a, &got, &e), &e);
	equals(t.asked, 1);
	ask.secret = NULL;
	accepts(remote_fetch(r, &ask, &a, &got, &e), &e);
	holds(!strstr(t.heard, "client_secret"));
	talker_end(&t);
	arena_free(&a);
}

TEST("a secret that others can read, is empty or is no text is not taken")
{
	CLEANUP(remote_close) struct remote *r = opened("");
	char longest[REMOTE_SECRET_MOST + 8];
	struct err e = { 0 };

	refuses(E_STORE, remote_load_secret(r, "p", "/nulle/part", "", &e), &e);
	refuses(E_STORE, remote_load_secret(r, "p", file_with("secret\n", 0640), "", &e), &e);
	refuses(E_STORE, remote_load_secret(r, "p", file_with("\n", 0600), "", &e), &e);
	memset(longest, 'x', sizeof longest);
	longest[sizeof longest - 1] = '\0';
	refuses(E_STORE, remote_load_secret(r, "p", file_with(longest, 0600), "", &e), &e);
	accepts(remote_load_secret(r, "p", file_with("secret\n", 0600), "", &e), &e);
}

TEST("an HS256 token is verified with a secret that the asker never sees")
{
	CLEANUP(remote_close) struct remote *r = opened("");
	struct arena a = arena_new(1 << 20);
	/* made with Python's hmac */
	static const char token[] = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UifQ.LGSGF9vP3qBzVHbsVPOs7zQYm9j-ZIpuATtKmIn8OFo";
	struct bytes said;
	struct err e = { 0 };

	refuses(E_DENIED, remote_verify(r, "p", token, &a, &said, &e), &e);
	accepts(remote_load_secret(r, "p", file_with("un secret de trente-deux octets !\n", 0600), "", &e),
		&e);
	accepts(remote_verify(r, "p", token, &a, &said, &e), &e);
	same(said.p, "{\"iss\":\"joe\"}");
	accepts(remote_load_secret(r, "autre", file_with("un autre, de trente-deux octets !\n", 0600),
				   "", &e), &e);
	refuses(E_DENIED, remote_verify(r, "autre", token, &a, &said, &e), &e);
	arena_free(&a);
}

/* --- through another process: here, another thread ------------------------------------------- */

struct through {
	int fds[2];
	struct rpc_service service;
	pthread_t thread;
	struct rpc *rpc;
	struct remote *here, *there;
};

static bool answer_one(void *at, unsigned op, struct bytes ask, struct arena *a,
		       struct bytes *out, struct err *e)
{
	return remote_answer(at, op, ask, a, out, e);
}

static void *answer_all(void *arg)
{
	struct through *w = arg;

	rpc_serve(w->fds[1], &w->service);
	return NULL;
}

static void through_begin(struct through *w, const char *origins)
{
	struct err e = { 0 };

	*w = (struct through){ .there = opened(origins) };
	w->service = (struct rpc_service){ answer_one, w->there, REMOTE_ASK_MOST, REMOTE_MEMORY, 2 };
	accepts(rpc_pair(w->fds, &e), &e);
	pthread_create(&w->thread, NULL, answer_all, w);
	accepts(rpc_open(w->fds[0], REMOTE_ANSWER_MOST, 8, &w->rpc, &e), &e);
	accepts(remote_open_sender(w->rpc, &w->here, &e), &e);
}

static void through_end(struct through *w)
{
	remote_close(&w->here);
	rpc_close(&w->rpc);
	pthread_join(w->thread, NULL);
	close(w->fds[1]);
	remote_close(&w->there);
}

TEST("through the sender the question leaves whole and the answer comes whole")
{
	static struct talker t;
	static char much[REMOTE_BODY_MOST + 200];
	struct arena a = arena_new(8 << 20);
	struct remote_ask ask = { .method = "POST", .type = "text/plain", .accept = "a/b",
				  .authorization = "Bearer x", .body = { "un\0deux", 7 } };
	struct remote_answer got;
	struct through w;
	struct err e = { 0 };
	int n = snprintf(much, sizeof much, "HTTP/1.1 200 OK\r\nContent-Type: x/y\r\nCache-Control: "
			 "max-age=7\r\nContent-Length: %d\r\n\r\n", REMOTE_BODY_MOST);

	memset(much + n, 'z', REMOTE_BODY_MOST);
	t.answers[0] = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n";
	t.answers[1] = much;
	t.nanswers = 2;
	talker_begin(&t);
	through_begin(&w, origin(&t));
	ask.url = origin(&t);
	accepts(remote_fetch(w.here, &ask, &a, &got, &e), &e);
	equals(got.status, 302);
	same(got.type, "");
	equals(got.body.n, 0);
	equals(got.max_age, -1);
	holds(strstr(t.heard, "\r\nAuthorization: Bearer x\r\n") && strstr(t.heard, "\r\nAccept: a/b\r\n"));
	holds(!memcmp(strstr(t.heard, "\r\n\r\n") + 4, "un\0deux", 7));
	accepts(remote_fetch(w.here, &ask, &a, &got, &e), &e);
	equals(got.body.n, REMOTE_BODY_MOST);
	equals(((const char *)got.body.p)[REMOTE_BODY_MOST - 1], 'z');
	same(got.type, "x/y");
	equals(got.max_age, 7);
	talker_end(&t);
	through_end(&w);
	arena_free(&a);
}

TEST("the sender refuses by itself what the asker was made to ask")
{
	struct arena a = arena_new(1 << 20);
	struct remote_answer got;
	struct bytes payload;
	struct through w;
	struct err e = { 0 };

	through_begin(&w, "https://a.fr");
	refuses(E_DENIED, remote_fetch(w.here, &(struct remote_ask){ .url = "https://b.fr/" }, &a, &got,
				       &e), &e);
	refuses(E_INPUT, remote_fetch(w.here, &(struct remote_ask){ .url = "https://a.fr/",
				      .timeout_ms = 3600000 }, &a, &got, &e), &e);
	refuses(E_DENIED, remote_verify(w.here, "proconnect", "a.b.c", &a, &payload, &e), &e);
	refuses(E_INPUT, remote_answer(w.there, 1, (struct bytes){ "x", 1 }, &a, &payload, &e), &e);
	refuses(E_INPUT, remote_answer(w.there, 9, (struct bytes){ "", 0 }, &a, &payload, &e), &e);
	through_end(&w);
	arena_free(&a);
}
