/* One mail to one server, by libcurl; where it stopped is read from the commands it sends. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "store/curl.h"
#include "store/mail.h"

enum { SMTP_TIMEOUT_MS = 30000 };

struct mail_exchange {
	CURL *c;
	struct curl_slist *to;
	struct buf bytes;
	size_t sent;
	char host[HOST_SHOWN];
	const char *stage;
};

static size_t give(char *p, size_t size, size_t n, void *arg)
{
	struct mail_exchange *x = arg;
	size_t left = x->bytes.n - x->sent;

	n *= size;
	if (n > left)
		n = left;
	if (n)
		memcpy(p, x->bytes.p + x->sent, n);
	x->sent += n;
	return n;
}

/* The last command that left.  Nothing of what passes is kept: it has the password. */
static int watch(CURL *c, curl_infotype type, char *p, size_t n, void *arg)
{
	static const struct { const char *word, *stage; } stages[] = {
		{ "MAIL ", "expéditeur" }, { "RCPT ", "destinataire" }, { "DATA", "contenu" },
		{ "QUIT", NULL },
	};
	struct mail_exchange *x = arg;

	(void)c;
	for (size_t i = 0; type == CURLINFO_HEADER_OUT && i < 4; i++) {
		if (stages[i].stage && n >= strlen(stages[i].word)
		    && !strncasecmp(p, stages[i].word, strlen(stages[i].word)))
			x->stage = stages[i].stage;
	}
	return 0;
}

static bool is_local(const char *url)
{
	char host[HOST_SHOWN];

	host_of(url, host);
	if (*host != '[')
		host[strcspn(host, ":")] = '\0';
	return !strcmp(host, "localhost") || !strncmp(host, "127.", 4)
	       || !strncmp(host, "[::1]", 5);
}

static bool server_is_good(const struct smtp *s, struct err *e)
{
	bool tls = !strncmp(s->url, "smtps://", 8);

	if (!tls && strncmp(s->url, "smtp://", 7)) {
		fail(e, E_INPUT, "L’adresse du serveur de courriel ne commence pas par smtps:// ou "
		     "smtp://.");
		return hint(e, "Par exemple smtps://smtp.exemple.fr:465.");
	}
	if (!tls && s->clear && s->password && !is_local(s->url)) {
		fail(e, E_INPUT, "Un mot de passe ne part pas en clair sur le réseau.");
		return hint(e, "Retirez « smtp_tls = non », ou le mot de passe.");
	}
	return true;
}

static void set_options(struct mail_exchange *x, const struct smtp *s, const struct mail *m,
			const char *url)
{
	long wait = s->timeout_ms ? s->timeout_ms : SMTP_TIMEOUT_MS;
	CURL *c = x->c;

	curl_set_usual(c, "smtp,smtps", s->ca_file, wait);
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_USE_SSL, s->clear ? (long)CURLUSESSL_NONE
			 : (long)CURLUSESSL_ALL);
	curl_easy_setopt(c, CURLOPT_MAIL_FROM, m->from);
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT, x->to);
	if (s->user && s->password) {
		curl_easy_setopt(c, CURLOPT_USERNAME, s->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, s->password);
	}
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)x->bytes.n);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(c, CURLOPT_READDATA, x);
	curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, watch);
	curl_easy_setopt(c, CURLOPT_DEBUGDATA, x);
	curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
}

void mail_free(struct mail_exchange **at)
{
	struct mail_exchange *x = *at;

	*at = NULL;
	if (!x)
		return;
	curl_easy_cleanup(x->c);
	curl_slist_free_all(x->to);
	buf_free(&x->bytes);
}

bool mail_begin(const struct smtp *s, const struct mail *m, struct arena *a,
		struct mail_exchange **out, struct err *e)
{
	struct mail_exchange *x = NEW(a, struct mail_exchange);
	const char *url;

	*out = x;
	if (!x)
		return arena_refuse(a, e);
	x->bytes = buf_new(MAIL_MOST);
	if (!server_is_good(s, e) || !mail_write(m, &x->bytes, e))
		return false;
	x->c = curl_new();
	x->to = curl_slist_append(NULL, m->to);
	/* the path of the address is our name at EHLO */
	url = s->helo ? arena_cat(a, s->url, "/", s->helo, NULL) : s->url;
	if (!x->c || !x->to || a->spent)
		return fail(e, E_LIMIT, "La mémoire manque.");
	host_of(s->url, x->host);
	set_options(x, s, m, url);
	return true;
}

CURL *mail_handle(struct mail_exchange *x)
{
	return x->c;
}

/*
 * A 5xx about the recipient or the content is for ever, a 4xx there for this mail alone;
 * anywhere else, or without a code, it is the server or our settings: nothing is lost, all
 * mails wait.
 */
static enum mail_verdict judge(const struct mail_exchange *x, CURLcode rc, int code)
{
	bool of_this_mail = x->stage && strcmp(x->stage, "expéditeur");

	if (rc == CURLE_OK)
		return MAIL_TAKEN;
	if (!of_this_mail || code == 421 || (code >= 530 && code <= 538)
	    || rc == CURLE_OPERATION_TIMEDOUT)
		return MAIL_SICK;
	return code >= 500 && code <= 599 ? MAIL_REFUSED
		: code >= 400 && code < 500 ? MAIL_LATER : MAIL_SICK;
}

void mail_end(struct mail_exchange *x, CURLcode rc, struct mail_answer *out, struct err *e)
{
	long code = 0;

	curl_easy_getinfo(x->c, CURLINFO_RESPONSE_CODE, &code);
	out->code = (int)code;
	out->stage = x->stage ? x->stage : "connexion";
	out->verdict = judge(x, rc, out->code);
	if (out->verdict == MAIL_TAKEN)
		return;
	if (out->verdict == MAIL_SICK && (!x->stage || code < 400)) {
		curl_says(rc, x->host, e);
		return;
	}
	fail(e, E_REMOTE, "%s a répondu %d (%s).", x->host, out->code, out->stage);
}

bool mail_send(const struct smtp *s, const struct mail *m, struct mail_answer *out,
	       struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(64 << 10);
	CLEANUP(mail_free) struct mail_exchange *x = NULL;

	*out = (struct mail_answer){ .verdict = MAIL_SICK, .stage = "connexion" };
	if (!mail_begin(s, m, &a, &x, e))
		return false;
	mail_end(x, curl_easy_perform(x->c), out, e);
	return true;
}
