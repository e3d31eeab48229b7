/* One event loop: its exchanges, its mailbox, its clock; and the connections that come. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "web/loop.h"

enum { TICK_MS = 200, ACCEPT_ONCE = 64, SPARE_MOST = 16, BODY_KEEP = 256 << 10,
	HEAD_ROOM = 16 << 10 };

static int64_t clock_us(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t now_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

int64_t now_ms(void)
{
	return clock_us(CLOCK_MONOTONIC_COARSE) / 1000;
}

/* --- exchanges -------------------------------------------------------------------------- */

struct exchange *loop_exchange(struct loop *l)
{
	struct exchange *x = l->spare;

	if (x) {
		l->spare = x->next;
		l->nspare--;
		return x;
	}
	x = calloc(1, sizeof *x);
	if (x) {
		x->a = arena_new(EXCHANGE_ARENA);
		x->head = buf_new(HEAD_ROOM);
		x->body = buf_new((size_t)l->s->o.answer_bytes);
	}
	return x;
}

void exchange_free(struct server *s, struct exchange *x)
{
	if (s->d->forget)
		s->d->forget(s->d->at, x);
	arena_free(&x->a);
	buf_free(&x->head);
	buf_free(&x->body);
	free(x);
}

void loop_give_back(struct loop *l, struct exchange *x)
{
	if (l->nspare == SPARE_MOST) {
		if (x->file)
			close(x->file);
		exchange_free(l->s, x);
		return;
	}
	arena_reset(&x->a);
	buf_clear(&x->head);
	if (x->body.cap > BODY_KEEP)
		buf_free(&x->body);
	buf_clear(&x->body);
	x->out = NULL;
	x->out_size = x->size = 0;
	if (x->file)
		close(x->file);
	x->file = 0;
	x->file_from = x->file_most = 0;
	x->no_content = x->close = false;
	x->began = 0;
	x->next = l->spare;
	l->spare = x;
	l->nspare++;
}

/* --- the mailbox of a loop ----------------------------------------------------------------- */

void loop_wake(struct loop *l)
{
	uint64_t one = 1;

	if (write(l->wake_fd, &one, sizeof one) < 0)
		return;                 /* already awake */
}

void loop_post(struct loop *l, struct exchange *x)
{
	bool first;

	pthread_mutex_lock(&l->lock);
	first = !l->answered;
	x->next = l->answered;
	l->answered = x;
	pthread_mutex_unlock(&l->lock);
	if (first)
		loop_wake(l);
}

static void loop_send(struct loop *l, struct conn *c)
{
	pthread_mutex_lock(&l->lock);
	c->next = l->arrived;
	l->arrived = c;
	pthread_mutex_unlock(&l->lock);
	loop_wake(l);
}

static void stop_now(struct loop *l)
{
	l->stopping = true;
	l->stop_at = l->now + l->s->o.stop_ms;
	if (l == l->s->loops && l->s->listening) {
		event_free(l->s->listening);
		l->s->listening = NULL;
		close(l->s->fd);        /* who connects now is told so by the system */
		l->s->fd = -1;
	}
}

static void on_mail(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	struct exchange *x, *next;
	struct conn *c, *more;
	uint64_t n;
	bool stop;

	(void)what;
	if (read(fd, &n, sizeof n) < 0)
		return;
	pthread_mutex_lock(&l->lock);
	x = l->answered;
	c = l->arrived;
	stop = l->stop_asked;
	l->answered = NULL;
	l->arrived = NULL;
	pthread_mutex_unlock(&l->lock);
	l->now = now_ms();
	if (stop && !l->stopping)
		stop_now(l);
	for (; x; x = next) {
		next = x->next;
		conn_answered(x->conn, x);
	}
	for (; c; c = more) {
		more = c->next;
		conn_adopt(l, c);
	}
}

static void set_date(struct loop *l)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
					      "Aug", "Sep", "Oct", "Nov", "Dec" };
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const struct zone utc = { "UTC", 0, DST_NONE };
	time_t now = time(NULL);
	struct civil c;

	if (now == l->date_at)
		return;
	l->date_at = now;
	c = zone_local(&utc, (int64_t)now * 1000);
	snprintf(l->date, sizeof l->date, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n",
		 days[date_weekday(date_days(c.year, c.month, c.day))], c.day,
		 months[c.month - 1], c.year, c.hour, c.minute, c.second);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	struct conn *c, *next;

	(void)fd, (void)what;
	l->now = now_ms();
	set_date(l);
	for (c = l->conns; c; c = next) {
		next = c->next;
		conn_look(c);
	}
	if (l->stopping && (!l->conns || l->now >= l->stop_at))
		event_base_loopbreak(l->base);
}

/* --- connections come ------------------------------------------------------------------------ */

void on_resume(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd, (void)what;
	if (s->listening)
		event_add(s->listening, NULL);
}

/* No descriptor left: waits a second instead of turning round. */
static void pause_accept(struct server *s)
{
	static const struct timeval second = { 1, 0 };

	log_warning("no more descriptors: new connections wait");
	event_del(s->listening);
	event_add(s->resume, &second);
}

void on_connection(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)what;
	for (int i = 0; i < ACCEPT_ONCE; i++) {
		struct sockaddr_storage from = { 0 };
		socklen_t size = sizeof from;
		int n = accept4(fd, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
		int count = atomic_load_explicit(&s->connections, memory_order_relaxed);
		struct loop *l = &s->loops[s->turn++ % (unsigned)s->o.loops];
		struct conn *c;

		if (n < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
				pause_accept(s);
			return;
		}
		c = count < s->o.connections + OVER_MOST ?
			conn_new(n, (struct sockaddr *)&from, count >= s->o.connections) : NULL;
		if (!c) {
			close(n);
			continue;
		}
		atomic_fetch_add_explicit(&s->connections, 1, memory_order_relaxed);
		metrics_accepted(&s->loops[0].metrics);
		if (l == s->loops)
			conn_adopt(l, c);
		else
			loop_send(l, c);
	}
}

/* --- from its start to its end -------------------------------------------------------- */

bool loop_open(struct server *s, struct loop *l, struct err *e)
{
	struct event_config *how = event_config_new();

	l->s = s;
	pthread_mutex_init(&l->lock, NULL);
	l->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (how)
		event_config_set_flag(how, EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_NO_CACHE_TIME |
				      EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
	l->base = how ? event_base_new_with_config(how) : NULL;
	event_config_free(how);
	if (!l->base || l->wake_fd < 0)
		return fail(e, E_LIMIT, "Il n’y a plus assez de mémoire pour démarrer.");
	l->wake = event_new(l->base, l->wake_fd, EV_READ | EV_PERSIST, on_mail, l);
	l->tick = event_new(l->base, -1, EV_PERSIST, on_tick, l);
	return (l->wake && l->tick) || fail(e, E_LIMIT, "Il n’y a plus assez de mémoire.");
}

void *loop_run(void *arg)
{
	static const struct timeval tick = { 0, TICK_MS * 1000 };
	struct loop *l = arg;

	l->now = now_ms();
	set_date(l);
	event_add(l->wake, NULL);
	event_add(l->tick, &tick);
	event_base_dispatch(l->base);
	return NULL;
}

void loop_close(struct server *s, struct loop *l)
{
	struct exchange *x;
	struct conn *c;

	while ((x = l->answered)) {
		l->answered = x->next;
		exchange_free(s, x);
	}
	while (l->conns)
		conn_free(l->conns);
	while ((c = l->arrived)) {
		l->arrived = c->next;
		conn_free(c);
	}
	while ((x = l->spare)) {
		l->spare = x->next;
		exchange_free(s, x);
	}
	if (l->wake)
		event_free(l->wake);
	if (l->tick)
		event_free(l->tick);
	if (l->wake_fd > 0)
		close(l->wake_fd);
	pthread_mutex_destroy(&l->lock);
}
