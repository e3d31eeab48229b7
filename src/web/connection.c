/* One connection: requests cut out of its bytes, answers sent, one after the other. */
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "web/loop.h"

enum {
	LINGER_MS = 2000,
	BIG_SLOWER = 4,                 /* a file may take so many times the time of a body */
	SEND_MS = 30000,                /* and a millisecond for each: */
	SEND_BYTES_PER_MS = 4,
	PIPELINED = 64,                 /* requests answered before others have their turn */
};

static void conn_advance(struct conn *c);

struct conn *conn_new(int fd, const struct sockaddr *from, bool over)
{
	struct conn *c = calloc(1, sizeof *c);

	if (c) {
		c->fd = fd;
		c->from = net_of(from);
		c->over = over;
	}
	return c;
}

/* The file was taken, or never will be: somebody else may send one. */
static void conn_small(struct conn *c)
{
	if (!c->big)
		return;
	c->big = false;
	atomic_fetch_sub_explicit(&c->loop->s->big, 1, memory_order_relaxed);
}

void conn_free(struct conn *c)
{
	SSL *tls = c->bev ? bufferevent_openssl_get_ssl(c->bev) : NULL;

	conn_small(c);
	if (tls && c->state != CONN_LINGERING) {
		SSL_set_shutdown(tls, SSL_RECEIVED_SHUTDOWN);
		SSL_shutdown(tls);              /* says goodbye; waits for no answer */
	}
	if (c->at) {
		*c->at = c->next;
		if (c->next)
			c->next->at = c->at;
	}
	if (c->loop)
		atomic_fetch_sub_explicit(&c->loop->s->connections, 1, memory_order_relaxed);
	if (c->bev)
		bufferevent_free(c->bev);       /* closes the descriptor */
	else
		close(c->fd);
	free(c);
}

static size_t unsent(const struct conn *c)
{
	return evbuffer_get_length(bufferevent_get_output(c->bev));
}

/* --- the end ----------------------------------------------------------------------------- */

/* Everything was sent.  A client that still talks gets to read our answer first. */
static void conn_part(struct conn *c, bool more_may_come)
{
	SSL *tls = bufferevent_openssl_get_ssl(c->bev);

	if (!more_may_come) {
		conn_free(c);
		return;
	}
	if (tls)
		SSL_shutdown(tls);
	shutdown(c->fd, SHUT_WR);
	c->state = CONN_LINGERING;
	c->deadline = c->loop->now + LINGER_MS;
	bufferevent_enable(c->bev, EV_READ);
}

static void wait_request(struct conn *c, int64_t ms)
{
	const struct server_options *o = &c->loop->s->o;

	c->started = c->in_body = false;
	c->need = 0;
	c->deadline = c->loop->now + ms;
	if (c->big)
		bufferevent_setwatermark(c->bev, EV_READ, 0,
					 (size_t)(o->head_bytes + o->body_bytes) + 1);
	conn_small(c);
}

/* --- sending ------------------------------------------------------------------------------ */

/* Straight to the socket when nothing waits before it; what it does not take is kept. */
static bool conn_write(struct conn *c, struct iovec *v, int n)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);
	size_t sent = 0;

	if (!c->loop->s->tls && !evbuffer_get_length(out)) {
		ssize_t r = writev(c->fd, v, n);        /* SIGPIPE is ignored */

		if (r < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		sent = r < 0 ? 0 : (size_t)r;
	}
	for (int i = 0; i < n; i++) {
		size_t skip = sent < v[i].iov_len ? sent : v[i].iov_len;

		sent -= skip;
		if (skip < v[i].iov_len && evbuffer_add(out, (char *)v[i].iov_base + skip,
							v[i].iov_len - skip))
			return false;
	}
	return true;
}

static void end_head(struct conn *c, struct exchange *x)
{
	if (!x->no_content) {
		buf_str(&x->head, "Content-Length: ");
		buf_int(&x->head, (int64_t)x->out_size);
		buf_str(&x->head, "\r\n");
	}
	buf_str(&x->head, c->loop->date);
	if (c->close)
		buf_str(&x->head, "Connection: close\r\n");
	buf_str(&x->head, "\r\n");
}

/* The file after the head, a page of it at a time; the descriptor is the buffer's then. */
static bool conn_write_file(struct conn *c, struct exchange *x)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);
	struct evbuffer_file_segment *part;
	bool good;

	/* sendfile is not among the calls that a confined process keeps */
	part = evbuffer_file_segment_new(x->file, (ev_off_t)x->file_from, (ev_off_t)x->out_size,
					 EVBUF_FS_CLOSE_ON_FREE | EVBUF_FS_DISABLE_SENDFILE);
	if (!part)
		return false;
	x->file = 0;
	good = !evbuffer_add_file_segment(out, part, 0, -1);
	evbuffer_file_segment_free(part);
	return good;
}

/* Sends the answer of x.  false when the connection is gone. */
static bool conn_send(struct conn *c, struct exchange *x)
{
	bool head_only = x->no_content || slice_is(x->asked.method, "HEAD");
	struct iovec v[2];
	size_t all;

	end_head(c, x);
	v[0] = (struct iovec){ x->head.p, x->head.n };
	v[1] = (struct iovec){ (void *)(uintptr_t)x->out, x->out_size };
	all = v[0].iov_len + (head_only ? 0 : v[1].iov_len);
	metrics_note(&c->loop->metrics, x->status, x->began ? now_us() - x->began : 0, all);
	if (x->head.full || !conn_write(c, v, head_only || !x->out_size || x->file ? 1 : 2)
	    || (x->file && !head_only && x->out_size && !conn_write_file(c, x))) {
		conn_free(c);
		return false;
	}
	return true;
}

/* After an answer: the next request, or the end.  false when c is gone. */
static bool conn_go_on(struct conn *c)
{
	size_t left = unsent(c);

	if (left) {
		c->state = CONN_SENDING;
		c->deadline = c->loop->now + SEND_MS + (int64_t)left / SEND_BYTES_PER_MS;
		bufferevent_disable(c->bev, EV_READ);
		return true;
	}
	if (c->close) {
		conn_part(c, c->started || evbuffer_get_length(bufferevent_get_input(c->bev)));
		return false;
	}
	c->state = CONN_READING;
	wait_request(c, c->loop->s->o.idle_ms);
	return true;
}

/* An answer to what is no request, or comes too late; then the end. */
static void conn_refuse(struct conn *c, struct exchange *x, int status)
{
	struct server *s = c->loop->s;

	s->d->refuse(s->d->at, x, status);
	c->close = true;
	c->started = true;              /* the rest of it may still be on its way */
	if (conn_send(c, x))
		conn_go_on(c);
}

/* x has its answer: sends it and forgets the request.  false: stop reading. */
static bool conn_finish(struct conn *c, struct exchange *x)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	struct loop *l = c->loop;
	size_t size = x->size;
	bool ok;

	c->close |= x->close;
	c->started = false;
	ok = conn_send(c, x);
	loop_give_back(l, x);
	if (!ok)
		return false;
	evbuffer_drain(in, size);
	return conn_go_on(c) && c->state == CONN_READING;
}

/* --- reading ------------------------------------------------------------------------------- */

static void run_on_pool(void *arg)
{
	struct exchange *x = arg;
	struct loop *l = x->conn->loop;

	l->s->d->answer(l->s->d->at, x);
	loop_post(l, x);
}

static void refuse_heavy(void *arg)
{
	struct exchange *x = arg;
	struct loop *l = x->conn->loop;

	l->s->d->refuse(l->s->d->at, x, 503);
	loop_post(l, x);
}

static bool conn_push(struct server *s, struct exchange *x)
{
	struct heavy_job job = { x->client, x->account, run_on_pool, refuse_heavy, x };

	if (x->heavy && s->o.heavy.push)
		return s->o.heavy.push(s->o.heavy.at, &job);
	return pool_push(s->pool, run_on_pool, x);
}

/* A whole request is at the head of the input.  false: stop reading. */
static bool conn_answer(struct conn *c, struct exchange *x)
{
	struct server *s = c->loop->s;

	x->began = now_us();
	x->tls = s->tls;
	x->from = c->from;
	x->heavy = false;
	x->conn = c;
	c->close |= x->asked.close || c->loop->stopping;
	if (s->d->waits(s->d->at, x)) {
		c->state = CONN_RUNNING;
		bufferevent_disable(c->bev, EV_READ);
		if (conn_push(s, x))
			return false;
		c->state = CONN_READING;
		bufferevent_enable(c->bev, EV_READ);
		c->close = true;
		s->d->refuse(s->d->at, x, 503);
	} else {
		s->d->answer(s->d->at, x);
	}
	return conn_finish(c, x);
}

void conn_answered(struct conn *c, struct exchange *x)
{
	c->close |= c->loop->stopping;
	c->state = CONN_READING;
	if (!conn_finish(c, x))
		return;
	bufferevent_enable(c->bev, EV_READ);
	conn_advance(c);
}

/* More bytes are needed: how long they may take. */
static void conn_wait(struct conn *c, const struct exchange *x, int head)
{
	if (!c->started) {
		c->started = true;
		c->deadline = c->loop->now + c->loop->s->o.head_ms;
	}
	if (!head || c->in_body)
		return;
	c->in_body = true;
	c->need = (size_t)head + x->asked.length;
	c->deadline = c->loop->now + (int64_t)c->loop->s->o.body_ms * (c->big ? BIG_SLOWER : 1);
	if (x->asked.expects && x->asked.minor) {
		static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

		bufferevent_write(c->bev, go_on, sizeof go_on - 1);
	}
}

/* A body longer than the usual: does its address take files, and is there room?  A status. */
static int conn_big(struct conn *c, struct exchange *x, int head)
{
	struct server *s = c->loop->s;

	if (c->big)
		return 0;
	if (!s->d->most || x->asked.length > s->d->most(s->d->at, x))
		return 413;
	if (atomic_fetch_add_explicit(&s->big, 1, memory_order_relaxed) >= BIG_MOST) {
		atomic_fetch_sub_explicit(&s->big, 1, memory_order_relaxed);
		return 503;
	}
	c->big = true;
	bufferevent_setwatermark(c->bev, EV_READ, 0, (size_t)head + x->asked.length + 1);
	return 0;
}

/* Reads one request from the input.  false when there is none to go on with. */
static bool conn_request(struct conn *c)
{
	struct loop *l = c->loop;
	struct evbuffer *in = bufferevent_get_input(c->bev);
	size_t n = evbuffer_get_length(in);
	struct exchange *x = n && n >= c->need ? loop_exchange(l) : NULL;
	const char *b = x ? (const char *)evbuffer_pullup(in, -1) : NULL;
	int head, status;

	if (n && n < c->need)
		return false;                   /* a body is on its way */
	if (!b) {
		if (x)
			loop_give_back(l, x);
		if (n || l->stopping)
			conn_free(c);           /* no memory, or nothing to wait for */
		return false;
	}
	head = http1_read(b, n, &l->s->limits, &x->asked);
	status = head < 0 ? -head :
		 head && c->over ? 503 :
		 head && x->asked.length > (size_t)l->s->o.body_bytes ? conn_big(c, x, head) : 0;
	if (!status && head && n - (size_t)head >= x->asked.length) {
		x->content = b + head;
		x->size = (size_t)head + x->asked.length;
		return conn_answer(c, x);
	}
	if (status)
		conn_refuse(c, x, status);
	else
		conn_wait(c, x, head);
	loop_give_back(l, x);
	return false;
}

static void conn_advance(struct conn *c)
{
	for (int i = 0; i < PIPELINED; i++) {
		if (!conn_request(c))
			return;
	}
	bufferevent_trigger(c->bev, EV_READ, BEV_OPT_DEFER_CALLBACKS | BEV_TRIG_IGNORE_WATERMARKS);
}

/* --- what happens on the socket -------------------------------------------------------------- */

static void on_read(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;

	if (c->state == CONN_LINGERING)
		evbuffer_drain(bufferevent_get_input(bev), SIZE_MAX);
	else if (c->state == CONN_READING)
		conn_advance(c);
}

static void on_sent(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;

	(void)bev;
	if (c->state != CONN_SENDING || !conn_go_on(c) || c->state != CONN_READING)
		return;
	bufferevent_enable(c->bev, EV_READ);
	conn_advance(c);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	struct conn *c = arg;

	(void)bev;
	if (what & BEV_EVENT_CONNECTED || c->state == CONN_RUNNING)
		return;                         /* TLS is ready; or its answer will find out */
	if (c->state == CONN_SENDING && what & BEV_EVENT_EOF && what & BEV_EVENT_READING)
		c->close = true;                /* it may still read what it asked for */
	else
		conn_free(c);
}

void conn_adopt(struct loop *l, struct conn *c)
{
	SSL *tls = l->s->tls ? tls_connection(l->s->tls) : NULL;

	if (tls)
		c->bev = bufferevent_openssl_socket_new(l->base, c->fd, tls,
				BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	else if (!l->s->tls)
		c->bev = bufferevent_socket_new(l->base, c->fd, BEV_OPT_CLOSE_ON_FREE);
	c->loop = l;
	c->at = &l->conns;
	c->next = l->conns;
	if (c->next)
		c->next->at = &c->next;
	l->conns = c;
	if (!c->bev) {
		SSL_free(tls);
		conn_free(c);
		return;
	}
	if (tls)
		bufferevent_openssl_set_allow_dirty_shutdown(c->bev, 1);
	wait_request(c, l->s->o.head_ms);
	bufferevent_setcb(c->bev, on_read, on_sent, on_event, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0,
				 (size_t)(l->s->o.head_bytes + l->s->o.body_bytes) + 1);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

void conn_look(struct conn *c)
{
	struct loop *l = c->loop;
	struct exchange *x;

	if (c->state == CONN_RUNNING)
		return;
	if (l->stopping && c->state == CONN_READING && !c->started) {
		conn_free(c);
		return;
	}
	if (l->now < c->deadline)
		return;
	if (c->state != CONN_READING || !c->started || !(x = loop_exchange(l))) {
		conn_free(c);
		return;
	}
	conn_refuse(c, x, 408);
	loop_give_back(l, x);
}
