#include "tests/store/talker.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

/* The n bytes in t->heard are a whole question. */
static bool whole(const struct talker *t, size_t n)
{
	const char *end = strstr(t->heard, "\r\n\r\n");
	const char *length = strcasestr(t->heard, "\r\nContent-Length:");
	size_t head, body = 0;

	if (!end)
		return false;
	head = (size_t)(end - t->heard) + 4;
	if (length && length < end)
		body = strtoul(length + 17, NULL, 10);
	return n >= head + body;
}

static bool ready(struct talker *t, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (!__atomic_load_n(&t->stop, __ATOMIC_SEQ_CST)) {
		if (poll(&p, 1, 10) > 0)
			return true;
	}
	return false;
}

static bool hear(struct talker *t, int fd)
{
	size_t n = 0;

	while (!n || !whole(t, n)) {
		char part[4096];
		ssize_t k;

		if (!ready(t, fd))
			return false;
		k = read(fd, part, sizeof part);
		if (k <= 0 || n + (size_t)k >= sizeof t->heard)
			return false;
		if (!n)                         /* the one before stays until another comes */
			memset(t->heard, 0, sizeof t->heard);
		memcpy(t->heard + n, part, (size_t)k);
		n += (size_t)k;
	}
	return true;
}

static void serve(struct talker *t, int fd)
{
	while (hear(t, fd)) {
		size_t turn = t->asked < t->nanswers ? t->asked : t->nanswers - 1;
		const char *answer = t->answers[turn];

		t->asked++;
		if (!answer)
			return;
		if (*answer && send(fd, answer, strlen(answer), MSG_NOSIGNAL) < 0)
			return;
		if (strstr(answer, "Connection: close"))
			return;
	}
}

static void *run(void *arg)
{
	struct talker *t = arg;

	while (ready(t, t->fd)) {
		int fd = accept(t->fd, NULL, NULL);

		if (fd < 0)
			continue;
		t->connections++;
		serve(t, fd);
		close(fd);
	}
	return NULL;
}

void talker_begin(struct talker *t)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof at;

	t->stop = false;
	t->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	holds(t->fd >= 0);
	equals(bind(t->fd, (struct sockaddr *)&at, sizeof at), 0);
	equals(listen(t->fd, 8), 0);
	equals(getsockname(t->fd, (struct sockaddr *)&at, &n), 0);
	t->port = ntohs(at.sin_port);
	equals(pthread_create(&t->thread, NULL, run, t), 0);
}

void talker_end(struct talker *t)
{
	__atomic_store_n(&t->stop, true, __ATOMIC_SEQ_CST);
	pthread_join(t->thread, NULL);
	close(t->fd);
}
