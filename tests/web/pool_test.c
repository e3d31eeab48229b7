#include "test.h"

#include <pthread.h>
#include <stdatomic.h>

#include "web/metrics.h"
#include "web/pool.h"

/* Jobs that wait at a gate until the test opens it. */
struct gate {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	bool open;
	int inside, done;
};

static void pass(void *arg)
{
	struct gate *g = arg;

	pthread_mutex_lock(&g->lock);
	g->inside++;
	pthread_cond_broadcast(&g->moved);
	while (!g->open)
		pthread_cond_wait(&g->moved, &g->lock);
	g->done++;
	pthread_mutex_unlock(&g->lock);
}

static void wait_inside(struct gate *g, int n)
{
	pthread_mutex_lock(&g->lock);
	while (g->inside < n)
		pthread_cond_wait(&g->moved, &g->lock);
	pthread_mutex_unlock(&g->lock);
}

static void open_gate(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	g->open = true;
	pthread_cond_broadcast(&g->moved);
	pthread_mutex_unlock(&g->lock);
}

#define GATE(g) struct gate g = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0, 0 }

TEST("a pool starts as many threads as there is work, then queues, then refuses")
{
	GATE(g);
	struct pool *p;
	struct err e;

	accepts(pool_new(3, 2, &p, &e), &e);
	for (int i = 0; i < 3; i++) {
		holds(pool_push(p, pass, &g));
		wait_inside(&g, i + 1);         /* each has a thread of its own */
	}
	holds(pool_push(p, pass, &g) && pool_push(p, pass, &g));
	equals(pool_running(p), 3);
	equals(pool_waiting(p), 2);
	holds(!pool_push(p, pass, &g));
	open_gate(&g);
	holds(pool_stop(&p, 5000));
	equals(g.done, 5);
	holds(!p);
}

TEST("a pool that stops finishes what it took, and says when something still runs")
{
	GATE(g);
	struct pool *p;
	struct err e;

	accepts(pool_new(1, 4, &p, &e), &e);
	holds(pool_push(p, pass, &g));
	wait_inside(&g, 1);
	holds(!pool_stop(&p, 1));
	holds(p && !pool_push(p, pass, &g));
	open_gate(&g);
	holds(pool_stop(&p, 5000));
	equals(g.done, 1);
}

TEST("the counters of several loops are one sum, as Prometheus reads it")
{
	CLEANUP(buf_free) struct buf b = buf_new(1 << 16);
	static struct metrics one, two;
	const struct metrics *const all[] = { &one, &two };
	const struct metrics_now now = { 3, 100, 2, 1 };
	const char *s;

	metrics_note(&one, 200, 90, 1000);
	metrics_note(&two, 200, 400, 2000);
	metrics_note(&two, 404, 20000000, 10);
	metrics_accepted(&one);
	metrics_write(&b, all, 2, &now);
	s = buf_text(&b);
	holds(strstr(s, "tremplin_http_requests_total{status=\"2xx\"} 2\n"));
	holds(strstr(s, "tremplin_http_requests_total{status=\"4xx\"} 1\n"));
	holds(strstr(s, "_bucket{le=\"0.0001\"} 1\n") && strstr(s, "_bucket{le=\"0.00025\"} 1\n"));
	holds(strstr(s, "_bucket{le=\"0.0005\"} 2\n") && strstr(s, "_bucket{le=\"5\"} 2\n"));
	holds(strstr(s, "_bucket{le=\"+Inf\"} 3\n") && strstr(s, "_seconds_count 3\n"));
	holds(strstr(s, "_seconds_sum 20.000490\n"));
	holds(strstr(s, "tremplin_http_sent_bytes_total 3010\n"));
	holds(strstr(s, "tremplin_connections 3\n") && strstr(s, "tremplin_pool_waiting 2\n"));
}
