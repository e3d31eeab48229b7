#include "store/remote.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "store/httpc.h"

enum { ORIGINS_MOST = 32, ORIGIN_MOST = 300, BODY_MOST = 64 << 10, MAX_AGE = 31536000 };

struct remote {
	char origins[ORIGINS_MOST][ORIGIN_MOST];
	int n;
	char ca_file[1024];             /* "": those of the system */
};

/* --- origins -------------------------------------------------------------------------------- */

/* The length of "https://host:port" at the start of an address; 0 when it has none. */
static size_t origin_length(const char *url)
{
	size_t scheme = !strncasecmp(url, "https://", 8) ? 8 : !strncasecmp(url, "http://", 7) ? 7 : 0;
	size_t n = scheme;

	while (url[n] && (isalnum((unsigned char)url[n]) || strchr(".-_:[]", url[n])))
		n++;
	/* what follows must end it: a user name, or a sign that another reader skips, does not */
	return scheme && n > scheme && (!url[n] || url[n] == '/' || url[n] == '?') ? n : 0;
}

/* Lower case, without the port that goes without saying. */
static bool origin_of(const char *url, size_t length, char out[ORIGIN_MOST])
{
	size_t n = length, usual;
	const char *port;

	if (!n || n >= ORIGIN_MOST)
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (char)tolower((unsigned char)url[i]);
	out[n] = '\0';
	port = url[4] == 's' || url[4] == 'S' ? ":443" : ":80";
	usual = strlen(port);
	if (n > usual && !strcmp(out + n - usual, port))
		out[n - usual] = '\0';
	return true;
}

static bool is_here(const char *origin)
{
	static const char *const here[] = { "http://127.0.0.1", "http://[::1]", "http://localhost" };

	for (int i = 0; i < 3; i++) {
		size_t n = strlen(here[i]);

		if (!strncmp(origin, here[i], n) && (!origin[n] || origin[n] == ':'))
			return true;
	}
	return false;
}

static bool add_origin(struct remote *r, const char *word, size_t n, struct err *e)
{
	char text[ORIGIN_MOST];
	size_t length;

	if (r->n == ORIGINS_MOST)
		return fail(e, E_INPUT, "Il y a plus de %d origines.", ORIGINS_MOST);
	if (n < sizeof text) {
		memcpy(text, word, n);
		text[n] = '\0';
		length = origin_length(text);
		if (length && (length == n || (length + 1 == n && text[length] == '/'))
		    && origin_of(text, length, r->origins[r->n])
		    && (!strncmp(r->origins[r->n], "https:", 6) || is_here(r->origins[r->n]))) {
			r->n++;
			return true;
		}
	}
	fail(e, E_INPUT, "« %.*s » n’est pas une origine que l’on peut interroger.",
	     (int)(n < 80 ? n : 80), word);
	return hint(e, "Écrivez https://, un nom, et un port s’il le faut ; sans chemin.");
}

static bool add_origins(struct remote *r, const char *list, struct err *e)
{
	for (;;) {
		size_t n;

		list += strspn(list, " \t,");
		n = strcspn(list, " \t,");
		if (!n)
			return true;
		if (!add_origin(r, list, n, e))
			return false;
		list += n;
	}
}

bool remote_open_local(const char *origins, const char *ca_file, struct remote **out,
		       struct err *e)
{
	struct remote *r = calloc(1, sizeof *r);

	*out = r;
	if (!r)
		return fail(e, E_LIMIT, "Il n’y a plus de mémoire.");
	if (ca_file && strlen(ca_file) < sizeof r->ca_file)
		memcpy(r->ca_file, ca_file, strlen(ca_file));
	if (add_origins(r, origins, e))
		return true;
	remote_close(out);
	return false;
}

void remote_close(struct remote **r)
{
	free(*r);
	*r = NULL;
}

static bool is_allowed(const struct remote *r, const char *url, struct err *e)
{
	char origin[ORIGIN_MOST] = "";

	if (origin_of(url, origin_length(url), origin)) {
		for (int i = 0; i < r->n; i++) {
			if (!strcmp(r->origins[i], origin))
				return true;
		}
	}
	fail(e, E_DENIED, "Ce serveur n’est pas de ceux que l’on peut interroger : %.120s", origin);
	return hint(e, "Ajoutez son origine aux réglages, si c’est bien lui.");
}

/* --- one question --------------------------------------------------------------------------- */

/* max-age of a Cache-Control; no-store and no-cache are 0. */
static int64_t max_age_of(const char *control)
{
	const char *at;
	int64_t n = 0;

	if (!control)
		return -1;
	if (strcasestr(control, "no-store") || strcasestr(control, "no-cache"))
		return 0;
	at = strcasestr(control, "max-age=");
	if (!at)
		return -1;
	for (at += 8; isdigit((unsigned char)*at) && n < MAX_AGE; at++)
		n = n * 10 + (*at - '0');
	return n < MAX_AGE ? n : MAX_AGE;
}

static bool ask_is_sound(const struct remote_ask *ask, struct err *e)
{
	if (ask->method && strcmp(ask->method, "GET") && strcmp(ask->method, "POST"))
		return fail(e, E_INPUT, "Cette méthode n’est pas permise.");
	if (strlen(ask->url) >= REMOTE_URL_MOST || ask->body.n > BODY_MOST)
		return fail(e, E_LIMIT, "Cette demande est trop longue.");
	return true;
}

bool remote_fetch(struct remote *r, const struct remote_ask *ask, struct arena *a,
		  struct remote_answer *out, struct err *e)
{
	bool post = ask->method && !strcmp(ask->method, "POST");
	struct http_field fields[3];
	struct http_answer got;
	struct http_ask http = {
		.method = post ? "POST" : "GET", .url = ask->url, .fields = fields,
		.body = post ? (ask->body.p ? ask->body.p : "") : NULL, .body_size = ask->body.n,
		.timeout_ms = ask->timeout_ms ? ask->timeout_ms : REMOTE_TIMEOUT_MS,
		.most = REMOTE_BODY_MOST,
	};

	*out = (struct remote_answer){ .type = "" };
	if (!r)
		return fail(e, E_REMOTE, "Ce serveur n’a pas d’accès au réseau.");
	if (!ask_is_sound(ask, e) || !is_allowed(r, ask->url, e))
		return false;
	http.ca_file = *r->ca_file ? r->ca_file : NULL;
	if (post)
		fields[http.nfields++] = (struct http_field){ "Content-Type", ask->type ?
			ask->type : "application/x-www-form-urlencoded" };
	if (ask->accept)
		fields[http.nfields++] = (struct http_field){ "Accept", ask->accept };
	if (ask->authorization)
		fields[http.nfields++] = (struct http_field){ "Authorization", ask->authorization };
	if (!httpc_do(&http, a, &got, e))
		return false;
	*out = (struct remote_answer){ got.status, got.type, { got.body, got.size },
				       max_age_of(http_field(&got, "cache-control")) };
	return true;
}
