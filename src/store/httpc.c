#include "store/httpc.h"

#include <curl/curl.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "store/curl.h"

enum { HEAD_MOST = 64 << 10 };

struct http_line {
	CURL *c;
};

struct http_line *http_line_new(void)
{
	struct http_line *l = calloc(1, sizeof *l);

	if (!l || !(l->c = curl_new())) {
		free(l);
		return NULL;
	}
	return l;
}

bool httpc_prepare(struct err *e)
{
	CLEANUP(http_line_free) struct http_line *one = http_line_new();

	if (one && curl_is_there())
		return true;
	fail(e, E_STORE, "La bibliothèque libcurl n’est pas installée : rien ne peut partir.");
	return hint(e, "apt install libcurl4");
}

void http_line_free(struct http_line **l)
{
	if (!*l)
		return;
	curl_easy_cleanup((*l)->c);
	free(*l);
	*l = NULL;
}

/* --- the question ----------------------------------------------------------------------- */

static bool is_clean(const char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s < ' ' && *s != '\t')
			return false;
	}
	return true;
}

/* The scheme is ours, the address holds no space or control. */
static bool address_is_good(const struct http_ask *k, struct err *e)
{
	bool secure = !strncasecmp(k->url, "https://", 8);

	if (!secure && (k->https_only || strncasecmp(k->url, "http://", 7)))
		return fail(e, E_INPUT, k->https_only
			    ? "Cette adresse ne commence pas par https://."
			    : "Cette adresse ne commence pas par http:// ou https://.");
	for (const char *p = k->url; *p; p++) {
		if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '#')
			return fail(e, E_INPUT, "Cette adresse contient un caractère qui n’y a "
				    "pas sa place.");
	}
	return true;
}

static bool is_token(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++) {
		if (!isalnum((unsigned char)*s) && !strchr("!#$%&'*+-.^_`|~", *s))
			return false;
	}
	return true;
}

static bool add_line(struct curl_slist **list, const char *text, struct err *e)
{
	struct curl_slist *longer = curl_slist_append(*list, text);

	if (!longer)
		return fail(e, E_LIMIT, "La mémoire manque.");
	*list = longer;
	return true;
}

static bool add_field(struct arena *a, struct curl_slist **list, const char *name,
		      const char *value, struct err *e)
{
	if (!is_token(name) || !is_clean(value))
		return fail(e, E_INPUT, "Un champ de la requête contient un retour à la ligne ou "
			    "un nom impossible.");
	/* curl drops a field whose value is empty, unless it ends in a semicolon */
	return add_line(list, arena_cat(a, name, *value ? ": " : ";", value, NULL), e);
}

static bool has_field(const struct http_ask *k, const char *name)
{
	for (size_t i = 0; i < k->nfields; i++) {
		if (!strcasecmp(k->fields[i].name, name))
			return true;
	}
	return false;
}

static bool add_fields(struct arena *a, const struct http_ask *k, struct curl_slist **list,
		       struct err *e)
{
	for (size_t i = 0; i < k->nfields; i++) {
		if (!add_field(a, list, k->fields[i].name, k->fields[i].value, e))
			return false;
	}
	/* no wait for "100 Continue", no type that was not said */
	return (!k->body || add_line(list, "Expect:", e))
	       && (has_field(k, "content-type") || add_line(list, "Content-Type:", e));
}

/* --- the answer ------------------------------------------------------------------------- */

struct reading {
	struct arena *a;
	struct buf body;
	struct http_field *fields;
	size_t nfields, head;
};

static size_t take_body(char *p, size_t size, size_t n, void *arg)
{
	struct reading *r = arg;

	buf_add(&r->body, p, size * n);
	return r->body.full ? 0 : size * n;
}

static const char *lower(struct arena *a, const char *p, size_t n)
{
	char *s = arena_alloc(a, n + 1);

	for (size_t i = 0; s && i < n; i++)
		s[i] = (char)tolower((unsigned char)p[i]);
	return s ? s : "";
}

/* One line of the head; a status line begins a new head (100 Continue, a proxy's). */
static size_t take_field(char *p, size_t size, size_t n, void *arg)
{
	struct reading *r = arg;
	const char *end, *colon;

	n *= size;
	r->head += n;
	if (r->head > HEAD_MOST)
		return 0;
	end = p + n;
	while (end > p && isspace((unsigned char)end[-1]))
		end--;
	if (n > 5 && !strncmp(p, "HTTP/", 5))
		r->nfields = 0;
	colon = memchr(p, ':', (size_t)(end - p));
	if (!colon || r->nfields == HTTPC_HEADERS)
		return n;
	r->fields[r->nfields].name = lower(r->a, p, (size_t)(colon - p));
	for (colon++; colon < end && isspace((unsigned char)*colon); colon++)
		;
	r->fields[r->nfields++].value = arena_strn(r->a, colon, (size_t)(end - colon));
	return n;
}

const char *http_field(const struct http_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->nfields; i++) {
		if (!strcmp(answer->fields[i].name, name))
			return answer->fields[i].value;
	}
	return NULL;
}

/* --- both ------------------------------------------------------------------------------- */

void host_of(const char *url, char out[HOST_SHOWN])
{
	const char *p = strstr(url, "//"), *at;
	size_t n;

	p = p ? p + 2 : url;
	n = strcspn(p, "/?");
	at = memrchr(p, '@', n);
	if (at) {
		n -= (size_t)(at + 1 - p);
		p = at + 1;
	}
	if (n >= HOST_SHOWN)
		n = HOST_SHOWN - 1;
	memcpy(out, p, n);
	out[n] = '\0';
}

struct http_exchange {
	CURL *c;
	bool own;                       /* else the handle is that of a line */
	struct curl_slist *list;
	struct reading r;
	char host[HOST_SHOWN];
};

static void set_method(CURL *c, const struct http_ask *k)
{
	if (k->body) {
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)k->body_size);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, k->body);
	} else if (!strcmp(k->method, "HEAD")) {
		curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
	} else if (!strcmp(k->method, "POST") || !strcmp(k->method, "PUT")) {
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, 0L);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, "");
	}
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, k->method);
}

static void set_options(struct http_exchange *x, const struct http_ask *k)
{
	long wait = k->timeout_ms ? k->timeout_ms : HTTPC_TIMEOUT_MS;
	CURL *c = x->c;

	curl_set_usual(c, k->https_only ? "https" : "http,https", k->ca_file, wait);
	curl_easy_setopt(c, CURLOPT_URL, k->url);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "Tremplin/" TREMPLIN_VERSION);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, x->list);
	curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	set_method(c, k);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &x->r);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_field);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, &x->r);
}

void http_free(struct http_exchange **at)
{
	struct http_exchange *x = *at;

	*at = NULL;
	if (!x)
		return;
	if (x->own)
		curl_easy_cleanup(x->c);
	else if (x->c)
		curl_easy_reset(x->c);  /* nothing of ours stays; the connection does */
	curl_slist_free_all(x->list);
	buf_free(&x->r.body);
}

bool http_begin(const struct http_ask *k, struct arena *a, struct http_exchange **out,
		struct err *e)
{
	struct http_exchange *x = NEW(a, struct http_exchange);

	*out = x;
	if (!x)
		return arena_refuse(a, e);
	x->r = (struct reading){ .a = a, .body = buf_new(k->most ? k->most : HTTPC_MOST),
		.fields = NEW_ARRAY(a, HTTPC_HEADERS, struct http_field) };
	if (!address_is_good(k, e))
		return false;
	if (!is_token(k->method))
		return fail(e, E_INPUT, "Cette méthode HTTP n’existe pas.");
	if (!add_fields(a, k, &x->list, e))
		return false;
	x->own = !k->line;
	x->c = k->line ? k->line->c : curl_new();
	if (!x->c || !x->r.fields)
		return fail(e, E_LIMIT, "La mémoire manque.");
	host_of(k->url, x->host);
	set_options(x, k);
	return true;
}

CURL *http_handle(struct http_exchange *x)
{
	return x->c;
}

bool http_end(struct http_exchange *x, CURLcode rc, struct http_answer *out, struct err *e)
{
	struct reading *r = &x->r;
	long status = 0;

	if (r->body.full || r->head > HEAD_MOST)
		return fail(e, E_LIMIT, "La réponse de %s est trop longue.", x->host);
	if (rc != CURLE_OK)
		return curl_says(rc, x->host, e);
	curl_easy_getinfo(x->c, CURLINFO_RESPONSE_CODE, &status);
	*out = (struct http_answer){
		.status = (int)status,
		.body = arena_strn(r->a, r->body.n ? r->body.p : "", r->body.n),
		.size = r->body.n, .fields = r->fields, .nfields = r->nfields,
	};
	out->type = http_field(out, "content-type");
	if (!out->type)
		out->type = "";
	return r->a->spent ? arena_refuse(r->a, e) : true;
}

bool httpc_do(const struct http_ask *k, struct arena *a, struct http_answer *out,
	      struct err *e)
{
	CLEANUP(http_free) struct http_exchange *x = NULL;

	return http_begin(k, a, &x, e) && http_end(x, curl_easy_perform(x->c), out, e);
}
