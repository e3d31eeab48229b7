#include "admit/reprise.h"

#include <string.h>

#include "web/session.h"

enum { VERSION = 1, HEAD = 1 + 8 + 1 };

/* Texts one after the other, a NUL after each. */
static void put_text(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s) + 1);
}

static void put_head(struct buf *b, int64_t now, bool secrets)
{
	buf_char(b, VERSION);
	for (int i = 56; i >= 0; i -= 8)
		buf_char(b, (char)(now >> i & 255));
	buf_char(b, (char)secrets);
}

static bool is_from_us(struct req *r, const struct form *f)
{
	const char *site = req_header(r, "sec-fetch-site");

	if (site && strcmp(site, "same-origin") && strcmp(site, "none"))
		return false;
	return r->session->known && session_token_is(r->session, form_value(f, "csrf"));
}

static bool has_secrets(const struct form *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (form_is_secret(f->pairs[i].name) && strcmp(f->pairs[i].name, "csrf"))
			return true;
	}
	return false;
}

const char *reprise_seal(struct req *r, const struct box *box, const char *agent)
{
	struct form f;
	struct err e = { 0 };

	if (r->method != POST || !r->raw_size || !form_parse(r->a, r->raw_body, r->raw_size, &f, &e)
	    || !is_from_us(r, &f))
		return NULL;
	return reprise_seal_form(r, box, agent, r->path, &f);
}

const char *reprise_seal_form(struct req *r, const struct box *box, const char *agent,
			      const char *path, const struct form *f)
{
	CLEANUP(buf_free) struct buf b = buf_new(REPRISE_MOST);
	unsigned char *sealed;
	char *text;

	put_head(&b, env_now(r->env), has_secrets(f));
	put_text(&b, agent);
	put_text(&b, path);
	for (size_t i = 0; i < f->n; i++) {
		if (form_is_secret(f->pairs[i].name))
			continue;
		put_text(&b, f->pairs[i].name);
		put_text(&b, f->pairs[i].value);
	}
	sealed = NEW_ARRAY(r->a, b.n + BOX_OVERHEAD, unsigned char);
	text = NEW_ARRAY(r->a, REPRISE_TEXT, char);
	if (b.full || !sealed || !text)
		return NULL;
	base64_write(sealed, box_seal(box, r->env, b.p, b.n, sealed), text);
	return text;
}

static const char *take_text(const char **p, const char *end)
{
	const char *s = *p, *nul = s < end ? memchr(s, '\0', (size_t)(end - s)) : NULL;

	if (!nul)
		return NULL;
	*p = nul + 1;
	return s;
}

static bool read_pairs(struct req *r, const char *p, const char *end, struct form *f)
{
	*f = (struct form){ .pairs = NEW_ARRAY(r->a, FORM_PAIRS, struct form_pair) };
	while (f->pairs && p < end) {
		const char *name = take_text(&p, end), *value = name ? take_text(&p, end) : NULL;

		if (!value || f->n == FORM_PAIRS)
			return false;
		f->pairs[f->n++] = (struct form_pair){ .name = name, .value = value };
	}
	return f->pairs != NULL;
}

bool reprise_open(struct req *r, const struct box *box, const char *text, struct reprise *out)
{
	size_t n = text ? strlen(text) : 0, size;
	unsigned char *sealed = n && n < REPRISE_TEXT ? NEW_ARRAY(r->a, n, unsigned char) : NULL;
	char *plain = sealed ? NEW_ARRAY(r->a, n, char) : NULL;
	const char *p, *end;
	uint64_t at = 0;

	if (!plain || !base64_read(text, n, sealed, n, &size)
	    || !box_open(box, sealed, size, plain, &size) || size < HEAD || plain[0] != VERSION)
		return false;
	for (int i = 1; i <= 8; i++)
		at = at << 8 | (unsigned char)plain[i];
	out->secrets = plain[9];
	p = plain + HEAD;
	end = plain + size;
	out->agent = take_text(&p, end);
	out->path = out->agent ? take_text(&p, end) : NULL;
	return out->path && env_now(r->env) - (int64_t)at <= REPRISE_MS
	       && read_pairs(r, p, end, &out->form);
}
