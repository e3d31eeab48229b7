#include "accompany/federation_client.h"

#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "crypto/sha256.h"

enum { BASIC_MOST = 600 };

/* id and secret that came; NULL when they did not. */
struct said {
	const char *id, *secret;
	bool wrong;                     /* two ways at once, or unreadable */
};

/* Standard base64, with its padding, as base64url without. */
static const char *from_base64(struct arena *a, const char *text)
{
	char url[BASIC_MOST], out[BASIC_MOST];
	size_t n = strcspn(text, "="), size;

	if (n >= sizeof url || text[n + strspn(text + n, "=")])
		return NULL;
	for (size_t i = 0; i < n; i++)
		url[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
	if (!base64_read(url, n, out, sizeof out, &size) || memchr(out, 0, size))
		return NULL;
	return arena_strn(a, out, size);
}

/* RFC 6749, 2.3.1: both were encoded as in a form. */
static const char *decoded(struct arena *a, const char *text, size_t n)
{
	const char *pair = arena_cat(a, "v=", arena_strn(a, text, n), NULL);
	struct form f = { 0 };
	struct err e = { 0 };

	return form_parse(a, pair, strlen(pair), &f, &e) && f.n == 1 && !f.pairs[0].bad ?
		f.pairs[0].value : NULL;
}

static void read_basic(struct req *r, const char *head, struct said *out)
{
	const char *both = strncasecmp(head, "Basic ", 6) ? NULL : from_base64(r->a, head + 6);
	const char *colon = both ? strchr(both, ':') : NULL;

	out->wrong = !colon;
	if (!colon)
		return;
	out->id = decoded(r->a, both, (size_t)(colon - both));
	out->secret = decoded(r->a, colon + 1, strlen(colon + 1));
	out->wrong = !out->id || !out->secret;
}

static struct said read_said(struct req *r, const struct form *f)
{
	const char *head = req_header(r, "authorization"), *id = form_value(f, "client_id");
	const char *secret = form_value(f, "client_secret");
	struct said s = { 0 };

	if (head) {
		read_basic(r, head, &s);
		s.wrong = s.wrong || secret || (id && strcmp(id, s.id) != 0);
		return s;
	}
	return (struct said){ id, secret, !id || !secret };
}

static bool mark_is(const char *kept, const char *mark)
{
	return kept && strlen(kept) == SHA256_HEX - 1 && box_same(kept, mark, SHA256_HEX - 1);
}

static bool secret_is(const struct federation_client *c, const char *secret, const char *now)
{
	char mark[SHA256_HEX];

	federation_mark(secret, mark);
	return mark_is(c->secret, mark)
	       || (c->secret_avant_fin && strcmp(c->secret_avant_fin, now) > 0
		   && mark_is(c->secret_avant, mark));
}

bool federation_client_proves(struct req *r, const struct form *f,
			      struct federation_client *out, bool *known, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct said s = read_said(r, f);
	char now[ISO_TEXT];

	*known = false;
	iso_write(env_now(r->env), now);
	if (s.wrong)
		return true;
	if (!db_acquire(r->core->store, &db, e)
	    || !federation_client_get(db, r->a, s.id, out, known, e))
		return false;
	*known = *known && secret_is(out, s.secret, now);
	return true;
}
