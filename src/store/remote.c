#include "store/remote.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/jose.h"
#include "store/httpc.h"
#include "store/remote_wire.h"

enum {
	ORIGINS_MOST = 32, ORIGIN_MOST = 300, BODY_MOST = 64 << 10, MAX_AGE = 31536000,
	SECRETS_MOST = 8,
};

struct remote {
	struct rpc *rpc;                /* of the sender; NULL: this process asks by itself */
	char origins[ORIGINS_MOST][ORIGIN_MOST];
	int n;
	char ca_file[1024];             /* "": those of the system */
	struct secret {
		char name[32], text[REMOTE_SECRET_MOST];
		char origins[4 * ORIGIN_MOST];  /* the only ones that it may be sent to */
	} secrets[SECRETS_MOST];
	int nsecrets;
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

bool remote_open_sender(struct rpc *rpc, struct remote **out, struct err *e)
{
	*out = calloc(1, sizeof **out);
	if (!*out)
		return fail(e, E_LIMIT, "Il n’y a plus de mémoire.");
	(*out)->rpc = rpc;
	return true;
}

void remote_close(struct remote **r)
{
	if (*r)
		explicit_bzero((*r)->secrets, sizeof (*r)->secrets);
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

/* --- secrets -------------------------------------------------------------------------------- */

static bool refuse_secret(const char *file, const char *why, struct err *e)
{
	fail(e, E_STORE, "Le secret %.150s ne peut pas servir : %.100s.", file, why);
	return hint(e, "Mettez dans ce fichier le secret que le fournisseur vous a donné, seul sur "
		    "une ligne, puis chmod 600.");
}

static bool read_secret(int fd, const char *file, char out[REMOTE_SECRET_MOST], struct err *e)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) || (n = read(fd, out, REMOTE_SECRET_MOST - 1)) < 0)
		return refuse_secret(file, strerror(errno), e);
	if (st.st_mode & 077)
		return refuse_secret(file, "d’autres comptes peuvent le lire", e);
	out[n] = '\0';
	while (n && (out[n - 1] == '\n' || out[n - 1] == '\r'))
		out[--n] = '\0';
	if (!n || strlen(out) != (size_t)n || n >= REMOTE_SECRET_MOST - 2)
		return refuse_secret(file, n ? "il est trop long ou n’est pas un texte" :
				     "il est vide", e);
	return true;
}

bool remote_load_secret(struct remote *r, const char *name, const char *file,
			const char *origins, struct err *e)
{
	struct secret *s = &r->secrets[r->nsecrets];
	bool ok;
	int fd;

	if (r->nsecrets == SECRETS_MOST || strlen(name) >= sizeof s->name
	    || strlen(origins) >= sizeof s->origins)
		return refuse_secret(file, "il y en a trop", e);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return refuse_secret(file, errno == ENOENT ? "il n’existe pas" : errno == EACCES ?
				     "ce compte ne peut pas le lire" : strerror(errno), e);
	ok = read_secret(fd, file, s->text, e);
	close(fd);
	snprintf(s->name, sizeof s->name, "%s", name);
	snprintf(s->origins, sizeof s->origins, "%s", origins);
	r->nsecrets += ok;
	return ok;
}

static const struct secret *secret_of(const struct remote *r, const char *name, struct err *e)
{
	for (int i = 0; i < r->nsecrets; i++) {
		if (!strcmp(r->secrets[i].name, name))
			return &r->secrets[i];
	}
	fail(e, E_DENIED, "Le secret « %.40s » n’est pas réglé.", name);
	return NULL;
}

/* The secret, for who asks an address of the server that gave it. */
static const char *secret_towards(const struct remote *r, const struct remote_ask *ask,
				  struct err *e)
{
	const struct secret *s = secret_of(r, ask->secret, e);
	char asked[ORIGIN_MOST], own[ORIGIN_MOST];
	size_t n;

	if (!s)
		return NULL;
	if (!origin_of(ask->url, origin_length(ask->url), asked))
		asked[0] = '\0';
	for (const char *p = s->origins; *p; p += n, p += strspn(p, " \t,")) {
		n = strcspn(p, " \t,");
		if (origin_of(p, n - (n && p[n - 1] == '/'), own) && !strcmp(own, asked))
			return s->text;
	}
	fail(e, E_DENIED, "Le secret « %.40s » n’est pas pour ce serveur.", ask->secret);
	return NULL;
}

/* The body, then the secret as a form writes it. */
static bool body_with_secret(const struct remote_ask *ask, const char *secret,
			     struct arena *a, struct http_ask *http, struct err *e)
{
	static const char name[] = "&client_secret=", hex[] = "0123456789ABCDEF";
	size_t n = ask->body.n;
	char *p = arena_alloc(a, n + sizeof name + 3 * strlen(secret));

	if (!p)
		return arena_refuse(a, e);
	http->body = p;
	if (n)
		memcpy(p, ask->body.p, n);
	memcpy(p + n, name, sizeof name - 1);
	p += n + sizeof name - 1;
	for (; *secret; secret++) {
		unsigned char c = (unsigned char)*secret;

		if (isalnum(c) || strchr("-._~", c)) {
			*p++ = (char)c;
		} else {
			*p++ = '%';
			*p++ = hex[c >> 4];
			*p++ = hex[c & 15];
		}
	}
	http->body_size = (size_t)(p - http->body);
	return true;
}

bool remote_verify(struct remote *r, const char *secret, const char *token, struct arena *a,
		   struct bytes *payload, struct err *e)
{
	const struct secret *s;
	const char *p;

	if (!r)
		return fail(e, E_REMOTE, "Ce serveur n’a pas d’accès au réseau.");
	if (r->rpc)
		return remote_ask_verify(r->rpc, secret, token, a, payload, e);
	s = secret_of(r, secret, e);
	if (!s || !jose_verify_secret(a, token, s->text, strlen(s->text), &p, &payload->n, e))
		return false;
	payload->p = p;
	return true;
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
	if (!ask_is_sound(ask, e))
		return false;
	if (r->rpc)
		return remote_ask_fetch(r->rpc, ask, a, out, e);
	if (!is_allowed(r, ask->url, e))
		return false;
	if (ask->secret) {
		const char *secret = secret_towards(r, ask, e);

		if (!secret || !body_with_secret(ask, secret, a, &http, e))
			return false;
	}
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
