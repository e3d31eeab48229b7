#include "web/session.h"

#include <string.h>

enum { VERSION = 1, HEAD = 1 + SESSION_ID + 8, PLAIN = HEAD + SESSION_BYTES };

const char *session_get(const struct session *s, const char *key)
{
	for (int i = 0; i < s->n; i++) {
		if (!strcmp(s->values[i].key, key))
			return s->values[i].value;
	}
	return NULL;
}

static size_t bytes_of(const struct session *s)
{
	size_t n = 0;

	for (int i = 0; i < s->n; i++)
		n += strlen(s->values[i].key) + strlen(s->values[i].value) + 2;
	return n;
}

static void session_drop(struct session *s, const char *key)
{
	for (int i = 0; i < s->n; i++) {
		if (!strcmp(s->values[i].key, key)) {
			s->n--;
			memmove(&s->values[i], &s->values[i + 1],
				(size_t)(s->n - i) * sizeof s->values[0]);
			s->changed = true;
			return;
		}
	}
}

void session_set(struct session *s, struct arena *a, const char *key, const char *value)
{
	const char *before = session_get(s, key);

	if (before && value && !strcmp(before, value))
		return;
	session_drop(s, key);
	if (!value || s->n == SESSION_VALUES ||
	    bytes_of(s) + strlen(key) + strlen(value) + 2 > SESSION_BYTES)
		return;
	s->values[s->n++] = (struct session_value){ arena_str(a, key), arena_str(a, value) };
	s->changed = true;
	s->ended = false;
}

void session_end(struct session *s)
{
	s->n = 0;
	s->changed = s->ended = true;
}

void session_renew(struct session *s)
{
	if (!s->next)
		return;
	memcpy(s->csrf, s->next->csrf, sizeof s->csrf);
	memcpy(s->id, s->next->id, sizeof s->id);
	s->known = s->ended = false;
	s->changed = true;
}

void session_new(struct session *s, const struct box *box, const struct env *env)
{
	memset(s, 0, sizeof *s);
	env_random(env, s->id, sizeof s->id);
	box_tag(box, s->id, sizeof s->id, s->csrf);
}

bool session_token_is(const struct session *s, const char *token)
{
	return token && strlen(token) == BOX_TAG_TEXT - 1 &&
	       box_same(token, s->csrf, BOX_TAG_TEXT - 1);
}

static void put64(unsigned char *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (unsigned char)(v >> (56 - 8 * i));
}

static int64_t get64(const unsigned char *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

/* One text up to its NUL; NULL when it has none. */
static const char *take_text(const char **p, const char *end, struct arena *a)
{
	const char *nul = *p < end ? memchr(*p, '\0', (size_t)(end - *p)) : NULL;
	const char *s;

	if (!nul)
		return NULL;
	s = arena_strn(a, *p, (size_t)(nul - *p));
	*p = nul + 1;
	return s;
}

static bool read_values(struct session *s, struct arena *a, const char *p, const char *end)
{
	while (p < end) {
		const char *key = take_text(&p, end, a);
		const char *value = key ? take_text(&p, end, a) : NULL;

		if (!value || s->n == SESSION_VALUES)
			return false;
		s->values[s->n++] = (struct session_value){ key, value };
	}
	return true;
}

/* After ten minutes: what belongs to admit/ and the language stay, if any of the former. */
static bool keep_long(struct session *s)
{
	int n = 0, long_ones = 0;

	for (int i = 0; i < s->n; i++) {
		bool lasts = s->values[i].key[0] == '.';

		long_ones += lasts;
		if (lasts || !strcmp(s->values[i].key, "langue"))
			s->values[n++] = s->values[i];
	}
	s->changed = n < s->n;
	s->n = n;
	return long_ones > 0;
}

bool session_open(struct session *s, const struct box *box, const struct env *env,
		  struct arena *a, const char *cookie, size_t n)
{
	unsigned char sealed[PLAIN + BOX_OVERHEAD], plain[PLAIN];
	struct session found = { 0 };
	int64_t now = env_now(env);
	size_t size;

	if (!n || !base64_read(cookie, n, sealed, sizeof sealed, &size) ||
	    !box_open(box, sealed, size, plain, &size) || size < HEAD || plain[0] != VERSION)
		return false;
	found.sealed_at = get64(plain + 1 + SESSION_ID);
	if (found.sealed_at < now - SESSION_LONG_MS || found.sealed_at > now + SESSION_IDLE_MS) {
		s->expired = true;
		return false;
	}
	memcpy(found.id, plain + 1, SESSION_ID);
	if (!read_values(&found, a, (char *)plain + HEAD, (char *)plain + size))
		return false;
	if (found.sealed_at < now - SESSION_IDLE_MS && !keep_long(&found)) {
		s->expired = true;
		return false;
	}
	found.known = true;
	found.next = s->next;
	box_tag(box, found.id, sizeof found.id, found.csrf);
	*s = found;
	return true;
}

void session_seal(const struct session *s, const struct box *box, const struct env *env,
		  char out[SESSION_COOKIE])
{
	unsigned char plain[PLAIN], sealed[PLAIN + BOX_OVERHEAD];
	unsigned char *p = plain + HEAD;

	plain[0] = VERSION;
	memcpy(plain + 1, s->id, SESSION_ID);
	put64(plain + 1 + SESSION_ID, (uint64_t)env_now(env));
	for (int i = 0; i < s->n; i++) {
		size_t k = strlen(s->values[i].key) + 1, v = strlen(s->values[i].value) + 1;

		memcpy(p, s->values[i].key, k);
		memcpy(p + k, s->values[i].value, v);
		p += k + v;
	}
	base64_write(sealed, box_seal(box, env, plain, (size_t)(p - plain), sealed), out);
}
