/* The two halves of a conversation send in the same way. */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include "store/rpc_inside.h"

int64_t rpc_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits until the socket takes more; false when it is too late or the other side is gone. */
static bool wait_room(int fd, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int64_t left = until - rpc_now();

	if (left <= 0 || (poll(&p, 1, (int)left) < 0 && errno != EINTR))
		return false;
	return !(p.revents & (POLLERR | POLLHUP | POLLNVAL));
}

bool rpc_send(int fd, struct packet_head head, struct bytes text, int64_t until)
{
	unsigned char packet[PACKET];

	head.total = (uint32_t)text.n;
	do {
		size_t n = packet_write(&head, text.p, packet);

		while (send(fd, packet, n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
			if (errno != EAGAIN && errno != EINTR)
				return false;
			if (!wait_room(fd, until))
				return false;
		}
	} while (head.at < head.total);
	return true;
}

bool rpc_pair(int fds[2], struct err *e)
{
	if (!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
		return true;
	return fail(e, E_STORE, "Le système refuse une paire de sockets.");
}

void rpc_gone(int fd)
{
	rpc_send(fd, (struct packet_head){ .op = RPC_GONE }, (struct bytes){ 0 }, rpc_now() + 100);
}
