/*
 * libcurl, loaded by the first who asks another server.
 *
 * It brings thirty libraries (GnuTLS, Kerberos, LDAP, SSH...), which would cost every start
 * 7 ms and stand in the process that serves pages, where nothing may be asked.  These are
 * the functions of it that we call, under their own names.
 */
#define CURL_DISABLE_TYPECHECK
#include <assert.h>
#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/log.h"
#include "store/curl.h"

/* Otherwise a number of 64 bits could not be passed on as a pointer is. */
static_assert(sizeof(void *) == sizeof(curl_off_t) && sizeof(void *) == sizeof(long), "64 bits");

#undef curl_easy_setopt
#undef curl_easy_getinfo

#define CALLS(_) \
	_(curl_global_init) _(curl_easy_init) _(curl_easy_setopt) _(curl_easy_getinfo) \
	_(curl_easy_perform) _(curl_easy_reset) _(curl_easy_cleanup) _(curl_easy_strerror) \
	_(curl_slist_append) _(curl_slist_free_all) _(curl_multi_init) _(curl_multi_cleanup) \
	_(curl_multi_add_handle) _(curl_multi_remove_handle) _(curl_multi_perform) \
	_(curl_multi_poll) _(curl_multi_wakeup) _(curl_multi_info_read)

struct calls {
#define MEMBER(name) __typeof__(&name) name;
	CALLS(MEMBER)
	bool ready;
};

static bool find_all(void *library, struct calls *c)
{
	bool all = true;

#define FIND(function) \
	*(void **)&c->function = dlsym(library, #function); \
	all = all && c->function;
	CALLS(FIND)
	return all;
}

static void load(struct calls *c)
{
	void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);

	c->ready = library && find_all(library, c);
	if (!c->ready)
		log_error("libcurl4 : %s", dlerror());
}

static const struct calls *calls(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct calls c;
	static bool tried;

	pthread_mutex_lock(&lock);
	if (!tried)
		load(&c);
	tried = true;
	pthread_mutex_unlock(&lock);
	return &c;
}

bool curl_is_there(void)
{
	return calls()->ready;
}

CURLcode curl_global_init(long flags)
{
	return calls()->ready ? calls()->curl_global_init(flags) : CURLE_FAILED_INIT;
}

/* The two that make something say no without the library; the others have then nothing to
 * work on and are not called. */
CURL *curl_easy_init(void)
{
	return calls()->ready ? calls()->curl_easy_init() : NULL;
}

CURLM *curl_multi_init(void)
{
	return calls()->ready ? calls()->curl_multi_init() : NULL;
}

CURLcode curl_easy_setopt(CURL *c, CURLoption option, ...)
{
	va_list ap;
	void *value;

	va_start(ap, option);
	value = va_arg(ap, void *);
	va_end(ap);
	return calls()->curl_easy_setopt(c, option, value);
}

CURLcode curl_easy_getinfo(CURL *c, CURLINFO info, ...)
{
	va_list ap;
	void *to;

	va_start(ap, info);
	to = va_arg(ap, void *);
	va_end(ap);
	return calls()->curl_easy_getinfo(c, info, to);
}

CURLcode curl_easy_perform(CURL *c)
{
	return calls()->curl_easy_perform(c);
}

void curl_easy_reset(CURL *c)
{
	calls()->curl_easy_reset(c);
}

void curl_easy_cleanup(CURL *c)
{
	if (c)
		calls()->curl_easy_cleanup(c);
}

const char *curl_easy_strerror(CURLcode code)
{
	return calls()->ready ? calls()->curl_easy_strerror(code) : "libcurl4";
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text)
{
	return calls()->ready ? calls()->curl_slist_append(list, text) : NULL;
}

void curl_slist_free_all(struct curl_slist *list)
{
	if (list)
		calls()->curl_slist_free_all(list);
}

CURLMcode curl_multi_cleanup(CURLM *m)
{
	return m ? calls()->curl_multi_cleanup(m) : CURLM_OK;
}

CURLMcode curl_multi_add_handle(CURLM *m, CURL *c)
{
	return calls()->curl_multi_add_handle(m, c);
}

CURLMcode curl_multi_remove_handle(CURLM *m, CURL *c)
{
	return calls()->curl_multi_remove_handle(m, c);
}

CURLMcode curl_multi_perform(CURLM *m, int *running)
{
	return calls()->curl_multi_perform(m, running);
}

CURLMcode curl_multi_poll(CURLM *m, struct curl_waitfd *extra, unsigned n, int ms, int *ready)
{
	return calls()->curl_multi_poll(m, extra, n, ms, ready);
}

CURLMcode curl_multi_wakeup(CURLM *m)
{
	return calls()->curl_multi_wakeup(m);
}

CURLMsg *curl_multi_info_read(CURLM *m, int *left)
{
	return calls()->curl_multi_info_read(m, left);
}
