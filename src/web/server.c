/* The server: its address, its certificate, its start and its end. */
#include "web/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "web/loop.h"

/* --- open --------------------------------------------------------------------------- */

static bool split_address(const char *listen, char *host, size_t room, const char **port)
{
	const char *colon = strrchr(listen, ':');
	size_t n = colon ? (size_t)(colon - listen) : 0;

	if (!colon || !colon[1] || n >= room)
		return false;
	*port = colon + 1;
	if (n >= 2 && listen[0] == '[' && listen[n - 1] == ']') {
		listen++;
		n -= 2;
	}
	memcpy(host, listen, n);
	host[n] = '\0';
	return n > 0;
}

static bool bind_one(struct server *s, const struct addrinfo *a)
{
	int one = 1;

	s->fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return false;
	setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);  /* inherited */
	if (!bind(s->fd, a->ai_addr, a->ai_addrlen) && !listen(s->fd, SOMAXCONN))
		return true;
	close(s->fd);
	s->fd = -1;
	return false;
}

static bool server_bind(struct server *s, struct err *e)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	struct sockaddr_storage at;
	socklen_t n = sizeof at;
	char host[256];
	const char *port;
	bool bound = false;

	if (!split_address(s->o.listen, host, sizeof host, &port) ||
	    getaddrinfo(host, port, &hints, &found)) {
		fail(e, E_INPUT, "« %s » n’est pas une adresse où écouter.", s->o.listen);
		return hint(e, "Donnez une adresse et un port : --listen 127.0.0.1:8080");
	}
	for (struct addrinfo *a = found; a && !bound; a = a->ai_next)
		bound = bind_one(s, a);
	freeaddrinfo(found);
	if (!bound) {
		fail(e, E_CONFLICT, "Impossible d’écouter sur %s : %s.", s->o.listen, strerror(errno));
		return hint(e, "Un autre programme l’occupe peut-être : choisissez un autre port "
			    "avec --listen.");
	}
	if (!getsockname(s->fd, (struct sockaddr *)&at, &n))
		s->port = ntohs(at.ss_family == AF_INET6 ?
				((struct sockaddr_in6 *)&at)->sin6_port :
				((struct sockaddr_in *)&at)->sin_port);
	return true;
}

static void usual(int *option, int value)
{
	if (*option <= 0)
		*option = value;
}

static void set_options(struct server *s, const struct server_options *o)
{
	s->o = *o;
	usual(&s->o.loops, 2);
	usual(&s->o.threads, 64);
	usual(&s->o.queue, 256);
	usual(&s->o.connections, 10000);
	usual(&s->o.head_bytes, 8 << 10);
	usual(&s->o.body_bytes, 64 << 10);
	usual(&s->o.head_ms, 10000);
	usual(&s->o.body_ms, 30000);
	usual(&s->o.idle_ms, 60000);
	usual(&s->o.stop_ms, 10000);
	usual(&s->o.answer_bytes, 32 << 20);
	s->limits = (struct http1_limits){ (size_t)s->o.head_bytes, (size_t)s->o.head_bytes / 2,
					   HTTP1_FIELDS };
}

/* Opened with the rest: a confined process could not any more. */
static void open_notify(struct server *s)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = path ? strlen(path) : 0;

	if (!n || n >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	s->notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s->notify >= 0 && connect(s->notify, (struct sockaddr *)&to,
				      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n))) {
		log_warning("systemd does not listen: %s", strerror(errno));
		close(s->notify);
		s->notify = -1;
	}
}

static bool wants_tls(const struct server_options *o)
{
	return o->tls_cert || o->tls_key;
}

bool server_open(const struct server_options *o, struct server **out, struct err *e)
{
	struct server *s = calloc(1, sizeof *s);

	if (!s)
		return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
	s->fd = s->notify = -1;
	set_options(s, o);
	open_notify(s);
	s->loops = calloc((size_t)s->o.loops, sizeof *s->loops);
	if (!s->loops || (wants_tls(o) && !tls_open(o->tls_cert, o->tls_key, &s->tls, e))
	    || !server_bind(s, e)) {
		server_close(&s);
		return false;
	}
	for (int i = 0; i < s->o.loops; i++) {
		if (!loop_open(s, &s->loops[i], e)) {
			server_close(&s);
			return false;
		}
	}
	*out = s;
	return true;
}

/* --- run ---------------------------------------------------------------------------- */

/* One datagram to systemd: "READY=1". */
static void notify(const struct server *s, const char *state)
{
	if (s->notify >= 0 && send(s->notify, state, strlen(state), MSG_NOSIGNAL) < 0)
		log_warning("systemd does not listen: %s", strerror(errno));
}

void server_heavy(struct server *s, struct heavy heavy)
{
	s->o.heavy = heavy;
}

void server_stop(struct server *s)
{
	for (int i = 0; i < s->o.loops; i++) {
		pthread_mutex_lock(&s->loops[i].lock);
		s->loops[i].stop_asked = true;
		pthread_mutex_unlock(&s->loops[i].lock);
		loop_wake(&s->loops[i]);
	}
}

static void on_signal(evutil_socket_t sig, short what, void *arg)
{
	(void)sig, (void)what;
	notify(arg, "STOPPING=1");
	log_info("stopping: what runs is finished first");
	server_stop(arg);
}

/* The certificate was renewed; a bad one is told, and the old one stays. */
static void on_renewal(evutil_socket_t sig, short what, void *arg)
{
	struct buf cert = buf_new(TLS_FILE_MOST), key = buf_new(TLS_FILE_MOST);
	struct server *s = arg;
	struct err e = { 0 };

	(void)sig, (void)what;
	if (s->o.tls_again(s->o.tls_at, &cert, &key, &e) && tls_renew(s->tls, &cert, &key, &e))
		log_info("certificate renewed");
	else
		log_error("%s %s", e.msg, e.hint);
	buf_free(&cert);
	if (key.p)
		explicit_bzero(key.p, key.n);
	buf_free(&key);
}

/* As many descriptors as connections need, when the system lets us. */
static void raise_descriptors(const struct server *s)
{
	rlim_t need = (rlim_t)s->o.connections + OVER_MOST + 256;
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) || r.rlim_cur >= need)
		return;
	r.rlim_cur = need < r.rlim_max ? need : r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	if (r.rlim_cur < need)
		log_warning("only %llu descriptors: fewer connections than %d at once",
			    (unsigned long long)r.rlim_cur, s->o.connections);
}

static bool start_events(struct server *s)
{
	static const int signals[] = { SIGTERM, SIGINT };
	struct event_base *base = s->loops[0].base;

	s->listening = event_new(base, s->fd, EV_READ | EV_PERSIST, on_connection, s);
	s->resume = event_new(base, -1, 0, on_resume, s);
	if (!s->listening || !s->resume)
		return false;
	event_add(s->listening, NULL);
	for (int i = 0; i < 2 && !s->o.keep_signals; i++) {
		s->signals[i] = evsignal_new(base, signals[i], on_signal, s);
		if (!s->signals[i])
			return false;
		event_add(s->signals[i], NULL);
	}
	if (s->tls && s->o.tls_again && !s->o.keep_signals) {
		s->signals[2] = evsignal_new(base, SIGHUP, on_renewal, s);
		if (!s->signals[2])
			return false;
		event_add(s->signals[2], NULL);
	}
	signal(SIGPIPE, SIG_IGN);
	return true;
}

/* Starts the other loops.  Signals are for the first one alone. */
static int start_threads(struct server *s)
{
	sigset_t all, before;
	int n = 1;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	while (n < s->o.loops && !pthread_create(&s->loops[n].thread, NULL, loop_run,
						 &s->loops[n]))
		n++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return n;
}

bool server_run(struct server *s, const struct dispatcher *d, struct err *e)
{
	int started;

	s->d = d;
	raise_descriptors(s);
	if (!pool_new(s->o.threads, s->o.queue, &s->pool, e))
		return false;
	started = start_events(s) ? start_threads(s) : 0;
	if (started == s->o.loops)
		notify(s, "READY=1");
	else
		server_stop(s);
	if (started)
		loop_run(&s->loops[0]);
	for (int i = 1; i < started; i++)
		pthread_join(s->loops[i].thread, NULL);
	if (started < s->o.loops)
		return fail(e, E_LIMIT, "Le système refuse de démarrer un fil de plus.");
	if (!pool_stop(&s->pool, 1000))
		return fail(e, E_BUSY, "Une demande n’était pas finie après %d s.", s->o.stop_ms / 1000);
	return true;
}

/* --- close -------------------------------------------------------------------------- */

void server_close(struct server **at)
{
	struct server *s = *at;

	*at = NULL;
	if (!s)
		return;
	for (int i = 0; i < 3; i++) {
		if (s->signals[i])
			event_free(s->signals[i]);
	}
	if (s->listening)
		event_free(s->listening);
	if (s->resume)
		event_free(s->resume);
	for (int i = 0; s->loops && i < s->o.loops; i++) {
		if (s->loops[i].s)
			loop_close(s, &s->loops[i]);
	}
	for (int i = 0; s->loops && i < s->o.loops; i++) {
		if (s->loops[i].base)
			event_base_free(s->loops[i].base);
	}
	if (s->fd >= 0)
		close(s->fd);
	if (s->notify >= 0)
		close(s->notify);
	tls_close(&s->tls);
	free(s->loops);
	free(s);
}

int server_port(const struct server *s)
{
	return s->port;
}

bool server_https(const struct server *s)
{
	return s->tls;
}

void server_metrics(struct server *s, struct buf *out)
{
	const struct metrics *all[64];
	struct metrics_now now = {
		.connections = atomic_load_explicit(&s->connections, memory_order_relaxed),
		.connections_most = s->o.connections,
		.waiting = (int64_t)pool_waiting(s->pool),
		.running = (int64_t)pool_running(s->pool),
	};
	int n = s->o.loops < 64 ? s->o.loops : 64;

	for (int i = 0; i < n; i++)
		all[i] = &s->loops[i].metrics;
	metrics_write(out, all, n, &now);
}
