#include "web/metrics.h"

#include <inttypes.h>

/* Upper ends of the buckets, in microseconds, and as they are written in seconds. */
static const struct {
	int64_t us;
	const char *le;
} buckets[METRICS_BUCKETS] = {
	{ 100, "0.0001" }, { 250, "0.00025" }, { 500, "0.0005" }, { 1000, "0.001" },
	{ 2500, "0.0025" }, { 5000, "0.005" }, { 10000, "0.01" }, { 25000, "0.025" },
	{ 100000, "0.1" }, { 250000, "0.25" }, { 1000000, "1" }, { 5000000, "5" },
};

static void add(_Atomic uint64_t *c, uint64_t n)
{
	/* one writer: no need to lock the bus */
	atomic_store_explicit(c, atomic_load_explicit(c, memory_order_relaxed) + n,
			      memory_order_relaxed);
}

void metrics_note(struct metrics *m, int status, int64_t us, size_t bytes)
{
	int b = 0;

	while (b < METRICS_BUCKETS && us > buckets[b].us)
		b++;
	add(&m->buckets[b], 1);
	add(&m->classes[status >= 100 && status < 600 ? status / 100 : 0], 1);
	add(&m->microseconds, (uint64_t)us);
	add(&m->bytes, bytes);
}

void metrics_accepted(struct metrics *m)
{
	add(&m->accepted, 1);
}

static void about(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP tremplin_%s %s\n# TYPE tremplin_%s %s\n", name, help, name, type);
}

static void gauge(struct buf *out, const char *name, const char *help, int64_t v)
{
	about(out, name, "gauge", help);
	buf_printf(out, "tremplin_%s %" PRId64 "\n", name, v);
}

static void counter(struct buf *out, const char *name, const char *help, uint64_t v)
{
	about(out, name, "counter", help);
	buf_printf(out, "tremplin_%s %" PRIu64 "\n", name, v);
}

static uint64_t sum(const struct metrics *const *all, int n, size_t at)
{
	uint64_t v = 0;

	for (int i = 0; i < n; i++)
		v += atomic_load_explicit((const _Atomic uint64_t *)
			(const void *)((const char *)all[i] + at), memory_order_relaxed);
	return v;
}

#define SUM(field) sum(all, n, offsetof(struct metrics, field))

static void write_durations(struct buf *out, const struct metrics *const *all, int n)
{
	uint64_t v = 0;

	about(out, "http_request_duration_seconds", "histogram",
	      "From the last byte of a request to its answer.");
	for (size_t b = 0; b < METRICS_BUCKETS; b++) {
		v += sum(all, n, offsetof(struct metrics, buckets) + b * sizeof(uint64_t));
		buf_printf(out, "tremplin_http_request_duration_seconds_bucket{le=\"%s\"} %"
			   PRIu64 "\n", buckets[b].le, v);
	}
	v += SUM(buckets[METRICS_BUCKETS]);
	buf_printf(out, "tremplin_http_request_duration_seconds_bucket{le=\"+Inf\"} %" PRIu64
		   "\ntremplin_http_request_duration_seconds_sum %.6f\n"
		   "tremplin_http_request_duration_seconds_count %" PRIu64 "\n",
		   v, (double)SUM(microseconds) / 1e6, v);
}

void metrics_write(struct buf *out, const struct metrics *const *all, int n,
		   const struct metrics_now *now)
{
	about(out, "http_requests_total", "counter", "Answers, by class of status.");
	for (size_t c = 1; c < 6; c++)
		buf_printf(out, "tremplin_http_requests_total{status=\"%zuxx\"} %" PRIu64 "\n", c,
			   sum(all, n, offsetof(struct metrics, classes) + c * sizeof(uint64_t)));
	write_durations(out, all, n);
	counter(out, "http_sent_bytes_total", "Bytes of the answers, before TLS.", SUM(bytes));
	counter(out, "connections_total", "Connections since the start.", SUM(accepted));
	gauge(out, "connections", "Connections that are open.", now->connections);
	gauge(out, "connections_most", "Connections that may be open.", now->connections_most);
	gauge(out, "pool_waiting", "Requests that wait for a thread.", now->waiting);
	gauge(out, "pool_running", "Requests that a thread answers.", now->running);
}
