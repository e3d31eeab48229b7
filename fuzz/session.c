/* floor: 90 edges */
/* Any bytes as a cookie are nobody's; any bytes sealed with our own key are read without harm,
 * and any texts that were kept come back. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "web/session.h"

static void must(bool it)
{
	if (!it)
		abort();
}

static int64_t now(void *at)
{
	(void)at;
	return 1795341600000;
}

static void random_bytes(void *at, void *p, size_t n)
{
	(void)at;
	memset(p, 7, n);
}

static const struct env env = { now, random_bytes, NULL };

/* As if somebody had our key: the plain text of a cookie is any bytes. */
static void open_sealed(const struct box *box, struct arena *a, const uint8_t *p, size_t n)
{
	static unsigned char sealed[8192 + BOX_OVERHEAD];
	static char text[BASE64_ROOM(sizeof sealed)];
	struct session s = { 0 };

	if (n > 8192)
		return;
	base64_write(sealed, box_seal(box, &env, p, n, sealed), text);
	if (session_open(&s, box, &env, a, text, strlen(text)))
		must(s.known && s.n >= 0 && s.n <= SESSION_VALUES && strlen(s.csrf) == 43);
}

static const char *text_from(struct arena *a, const uint8_t **p, const uint8_t *end)
{
	size_t n = *p < end ? *(*p)++ % 64u : 0;

	if (n > (size_t)(end - *p))
		n = (size_t)(end - *p);
	*p += n;
	return arena_strn(a, (const char *)*p - n, n);
}

static void keep(const struct box *box, struct arena *a, const uint8_t *p, size_t n)
{
	struct session s, back = { 0 };
	char cookie[SESSION_COOKIE];
	const uint8_t *end = p + n;

	session_new(&s, box, &env);
	while (p < end) {
		const char *key = text_from(a, &p, end);

		/* as C reads them: to their first NUL */
		session_set(&s, a, arena_str(a, key), arena_str(a, text_from(a, &p, end)));
	}
	session_seal(&s, box, &env, cookie);
	must(session_open(&back, box, &env, a, cookie, strlen(cookie)));
	must(back.n == s.n);
	for (int i = 0; i < s.n; i++)
		must(!strcmp(session_get(&back, s.values[i].key), s.values[i].value));
	cookie[strlen(cookie) / 2] ^= 1;
	must(!session_open(&back, box, &env, a, cookie, strlen(cookie)));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	CLEANUP(arena_free) struct arena a = arena_new(4 << 20);
	struct session s = { 0 };
	struct box box;

	box_make(&env, &box);
	must(!session_open(&s, &box, &env, &a, (const char *)p, n));
	open_sealed(&box, &a, p, n);
	keep(&box, &a, p, n);
	return 0;
}
