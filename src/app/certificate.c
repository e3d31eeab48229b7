#include "app/certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/keeper.h"
#include "base/log.h"
#include "store/wire.h"

enum { FILE_MOST = 64 << 10, ANSWER_MOST = 2 * FILE_MOST + 1024, WAIT_MS = 2000 };

static bool lost(struct err *e)
{
	return fail(e, E_REMOTE, "Le certificat ne peut pas être relu : le gardien ne répond pas.");
}

bool certificate_ask(int control, struct buf *cert, struct buf *key, struct err *e)
{
	struct pollfd p = { .fd = control, .events = POLLIN };
	CLEANUP(buf_free) struct buf b = buf_new(ANSWER_MOST);
	struct bytes one, two;
	const char *refused;
	struct wire w;
	ssize_t n;

	if (!buf_room(&b, ANSWER_MOST) || !control_say(control, CONTROL_CERTIFICATE)
	    || poll(&p, 1, WAIT_MS) <= 0)
		return lost(e);
	n = recv(control, b.p, ANSWER_MOST, MSG_DONTWAIT);
	if (n <= 0)
		return lost(e);
	w = wire_of((struct bytes){ b.p, (size_t)n });
	refused = wire_get_text(&w);
	one = wire_get_bytes(&w);
	two = wire_get_bytes(&w);
	if (wire_done(&w) && refused)
		return fail(e, E_INPUT, "%.300s", refused);
	if (!wire_done(&w) || !one.p || !two.p)
		return lost(e);
	buf_add(cert, one.p, one.n);
	buf_add(key, two.p, two.n);
	explicit_bzero(b.p, (size_t)n);
	return true;
}

/* One read of a small file; false when it cannot be read, or is empty. */
static bool read_file(const char *path, struct buf *out)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
	ssize_t n = fd < 0 || !buf_room(out, FILE_MOST) ? -1 : read(fd, out->p, FILE_MOST);

	if (fd >= 0)
		close(fd);
	out->n = n > 0 ? (size_t)n : 0;
	return n > 0;
}

static void forget(struct buf *b)
{
	if (b->p)
		explicit_bzero(b->p, b->n);
	buf_free(b);
}

void certificate_answer(int control, const char *cert_file, const char *key_file)
{
	CLEANUP(forget) struct buf cert = buf_new(FILE_MOST), key = buf_new(FILE_MOST);
	CLEANUP(forget) struct buf b = buf_new(ANSWER_MOST);
	bool good;

	good = read_file(cert_file, &cert) && read_file(key_file, &key);
	wire_put_text(&b, good ? NULL :
		      "Le certificat ou sa clé ne peut pas être relu : l’ancien reste.");
	wire_put_bytes(&b, (struct bytes){ good ? cert.p : NULL, cert.n });
	wire_put_bytes(&b, (struct bytes){ good ? key.p : NULL, key.n });
	if (send(control, b.p, b.n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		log_error("le certificat : %s", strerror(errno));
}
