/*
 * A module declares its addresses and fields once, as tables; the router, the right each
 * address needs, validation, the HTML form, the JSON reading, the OpenAPI document and the
 * permission matrix all derive from them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "web/i18n.h"
#include "web/proxy.h"

struct core;            /* core/core.h: what a running Tremplin knows; opaque here */
struct agent;           /* core/agent.h: who is logged in; opaque here */
struct session;         /* web/session.h */
struct page_site;       /* web/page.h */
struct form;            /* web/form.h */

enum method { GET = 1, POST };

/* Who may ask.  There is no zero: a route that forgets its right does not compile. */
struct right;           /* one constant object per right */
extern const struct right can_public;   /* anybody, without an account */
#define CAN_PUBLIC (&can_public)

enum field_kind {
	F_TEXT,         /* const char *, NULL when absent; trimmed; max characters */
	F_INT,          /* int64_t; min..max */
	F_REAL,         /* double */
	F_BOOL,         /* bool: "oui", "1", "on", "true" / "non", "0", "" */
	F_CHOICE,       /* int: index in `choices`, -1 when absent */
	F_CHOICES,      /* uint64_t: a bit per choice; the field may be repeated */
	F_MOMENT,       /* struct moment: "2026-11-24T10:00", "maintenant", "mardi-matin" */
	F_POINT,        /* struct point: "48.9,2.48" */
};

struct choice {
	const char *slug;               /* in addresses and forms: "demarches" */
	const char *label;              /* N_(): what people read */
	const char *value;              /* national value, exact; NULL when there is none */
};

struct field {
	const char *name;               /* in the query, the form and the JSON */
	size_t at;                      /* offset in the route's input struct */
	enum field_kind kind;
	bool required;
	double min, max;                /* of a number; max: characters of a text (0: 200) */
	const struct choice *choices;   /* ends with a NULL slug */
	const char *label;              /* N_() */
	const char *hint;               /* N_(), may be NULL */
	/* N_(): what to say when a required one is absent; NULL: a common sentence */
	const char *missing;
};

#define AT(s, m) .name = #m, .at = offsetof(struct s, m)

struct moment {
	enum { MOMENT_NONE, MOMENT_NOW, MOMENT_AT, MOMENT_HALF_DAY } kind;
	struct civil at;                /* MOMENT_AT: local time of the place */
	int weekday;                    /* MOMENT_HALF_DAY: 0 Monday */
	bool afternoon;
};

struct point {
	bool given;
	double lat, lon;                /* WGS 84 degrees, -90..90, -180..180 */
};

struct req;
struct res;
typedef bool handler(struct req *r, struct res *s, struct err *e);

enum route_flag {
	ROUTE_SLOW = 1,         /* waits for disk: runs on the pool, never on an event loop */
	/* an API: errors are problem+json, bad fields answer 400 by themselves */
	ROUTE_JSON = 2,
	ROUTE_PRIVATE = 4,      /* shows what was answered: no-store, needs a session */
	ROUTE_NO_CSRF = 8,      /* a POST of the API: JSON only, no cookie is read */
	/* a call of another program (GET or POST): no cookie is read, nothing is decoded; the
	 * page reads r->query and r->raw_body itself, and proves who calls */
	ROUTE_CALL = 64,
	/* a POST that only erases: taken even when its page waited too long */
	ROUTE_FORGETS = 16,
	/* checks or makes a password: runs where web/heavy.h says, waits for its turn */
	ROUTE_HEAVY = 32,
	/* public data that pages of other sites may read (CORS): no cookie is read nor set */
	ROUTE_OPEN = 128,
	/* a page that other sites may show in a frame: no cookie is read nor set */
	ROUTE_FRAMED = 256,
	/* its answer is an array of its schema */
	ROUTE_LIST = 512,
	/* a form that sends a file (multipart/form-data): r->file, at most SENT_FILE_MOST bytes */
	ROUTE_FILE = 1024,
};

struct route {
	enum method method;
	const char *path;               /* "/lieux/{id}": one segment per brace, at most five */
	handler *page;
	const struct right *right;      /* required */
	const struct field *in;         /* NULL: no input; unknown fields are ignored */
	size_t in_size;                 /* of the input struct */
	const char *summary;            /* for the OpenAPI document and the site plan; N_() */
	unsigned flags;
	const char *schema;             /* name of the answer's schema in the OpenAPI document */
};

struct field_error {
	const struct field *field;
	/* translated, same words in the summary and beside the field */
	const char *msg;
};

enum { ROUTE_PARAMS = 5, FIELD_ERRORS = 12, SENT_FILE_MOST = 4 << 20 };

/* The file of a form, as it came: its name and type are what the browser says, not facts. */
struct sent_file {
	const char *p;                  /* NULL: none was chosen */
	size_t n;
};

/* One request, while it is answered.  Everything lives in `a`. */
struct req {
	const struct env *env;
	struct arena *a;
	struct core *core;
	const struct page_site *site;   /* what every page says of the site; NULL in some tests */
	const struct route *route;
	enum method method;
	bool head;                      /* asked by HEAD: the body is dropped */
	const char *path;               /* decoded, "/lieux/0198..." */
	const char *query;              /* raw, "" when there is none */
	const char *params[ROUTE_PARAMS];
	const struct lang *lang;        /* what the answer is written in */
	const struct lang *demandee;    /* what was asked for; lang_of_page may say another */
	const char *host;               /* as the client named us; only for links shown to it */
	bool https;
	struct net_address client;      /* who asks: req_client, req_client_group */
	bool json;                      /* the route is an API */
	const void *in;                 /* the route's input struct, filled from its fields */
	const struct form *form;        /* the pairs that came; NULL when the route reads none */
	struct field_error errors[FIELD_ERRORS];
	int nerrors;
	struct session *session;        /* never NULL; may be new */
	const struct agent *agent;      /* use req_agent; NULL: nobody, or not looked for */
	const struct http1_head *asked; /* use req_header */
	const char *if_none_match;      /* NULL when absent */
	const char *raw_body;           /* as received, not NUL-free; for the API and the form */
	size_t raw_size;
	struct sent_file file;          /* of a ROUTE_FILE; borrowed */
};

enum cache { CACHE_NO_STORE, CACHE_REVALIDATE, CACHE_FOREVER };

/* The answer.  A handler writes the body and sets what is not the usual. */
struct res {
	/* 200 unless set; 400 when a field was refused, 303 with location */
	int status;
	const char *type;               /* "text/html; charset=utf-8" unless set */
	const char *location;           /* with 301, 302, 303 */
	const char *filename;           /* proposes a download under this name */
	const char *etag;               /* quoted; the server answers 304 by itself */
	const char *link;               /* RFC 8288 Link value */
	const char *authenticate;       /* with 401: WWW-Authenticate */
	/* origin ("https://site.fr") where the answer to a form of this page may lead; NULL:
	 * nowhere but here */
	const char *form_to;
	int64_t modified;               /* milliseconds: Last-Modified; 0: not said */
	/* instead of the body: an open file, from its first byte to its last, closed by the
	 * server; sent as it is read, never in memory.  0: none */
	int file;
	/* CACHE_REVALIDATE unless set; private routes never store */
	enum cache cache;
	bool ranges;                    /* of a file: a part of it may be asked (RFC 9110, 14) */
	bool microphone;                /* this page may ask for the microphone */
	bool clear_site_data;           /* "J'ai fini, tout effacer" */
	struct buf body;
};

/*
 * Who asks, for limits and for lines of security: "192.0.2.1", "2001:db8::1"; and what one
 * household or office shares, to count tries by: "2001:db8:1:2::/64" in IPv6.  Behind a
 * proxy, as a proxy that is believed says it.  Lives as long as the request; never in a log.
 */
const char *req_client(const struct req *r);
const char *req_client_group(const struct req *r);

/* The value of a field of the request's head, by its name in small letters; NULL. */
const char *req_header(const struct req *r, const char *name);

/* Adds an error to a field, as the validation itself would (a commune that is unknown). */
void req_refuse(struct req *r, const struct field *fields, const char *name,
		const char *msg);
const char *req_error(const struct req *r, const char *name);   /* NULL when there is none */

/* The first value that came under that name, trimmed, even a refused one; NULL. */
const char *req_typed(const struct req *r, const char *name);

/* Answers with a redirection to a path of ours (303). */
bool res_see_other(struct res *s, const char *path);
