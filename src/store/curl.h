/*
 * What every use of libcurl shares (store/httpc.c, store/mail.c): nobody else sees it.
 */
#pragma once

#include <curl/curl.h>

#include "base/err.h"

/* A handle; libcurl is started by the first one, whichever thread asks.  NULL: no memory. */
CURL *curl_new(void);

/*
 * No signal, no netrc, only these protocols, certificates verified (those of the system when
 * ca_file is NULL), TLS 1.2 at least; the whole exchange in wait_ms, half of it to connect.
 */
void curl_set_usual(CURL *c, const char *protocols, const char *ca_file, long wait_ms);

/* Says in French why `host` could not be asked: E_REMOTE (E_INPUT for an address that is
 * none).  Returns false. */
bool curl_says(CURLcode rc, const char *host, struct err *e);
