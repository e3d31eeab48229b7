/*
 * What every use of libcurl shares (store/httpc.c, store/smtp.c, store/poste.c): nobody else
 * sees it.
 */
#pragma once

#include <curl/curl.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/httpc.h"
#include "store/mail.h"

/* The library is installed; it is loaded by then (store/curl_late.c). */
bool curl_is_there(void);

/* A handle; libcurl is started by the first one, whichever thread asks.  NULL: no memory. */
CURL *curl_new(void);
CURLM *curl_multi_new(void);            /* the same, of many at once */

/*
 * No signal, no netrc, only these protocols, certificates verified (those of the system when
 * ca_file is NULL), TLS 1.2 at least; the whole exchange in wait_ms, half of it to connect.
 */
void curl_set_usual(CURL *c, const char *protocols, const char *ca_file, long wait_ms);

/* Says in French why `host` could not be asked: E_REMOTE (E_INPUT for an address that is
 * none).  Returns false. */
bool curl_says(CURLcode rc, const char *host, struct err *e);

enum { HOST_SHOWN = 120 };
/* Who was asked, without path, user or password. */
void host_of(const char *url, char out[HOST_SHOWN]);

/*
 * One exchange under way, so that several go at once in one curl_multi: begin, give the
 * handle to curl, end with what curl says.  All of it lives in `a`, but for what free gives
 * back; the handle must have left its multi before.
 */
struct http_exchange;
bool http_begin(const struct http_ask *k, struct arena *a, struct http_exchange **out,
		struct err *e);
CURL *http_handle(struct http_exchange *x);
bool http_end(struct http_exchange *x, CURLcode rc, struct http_answer *out, struct err *e);
void http_free(struct http_exchange **x);       /* for CLEANUP; NULL inside is allowed */

struct mail_exchange;
bool mail_begin(const struct smtp *s, const struct mail *m, struct arena *a,
		struct mail_exchange **out, struct err *e);
CURL *mail_handle(struct mail_exchange *x);
void mail_end(struct mail_exchange *x, CURLcode rc, struct mail_answer *out, struct err *e);
void mail_free(struct mail_exchange **x);       /* for CLEANUP; NULL inside is allowed */
