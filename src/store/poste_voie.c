/* The network side of the sending post: one message to one way out. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "store/envoi.h"
#include "store/poste_inside.h"
#include "store/sms.h"

enum { PAUSE_MS = 2000, PAUSE_MOST_MS = 120 * 1000, PATH_ROOM_ = 1200 };

static void ended(struct place *k, enum issue issue, const char *why)
{
	k->issue = issue;
	k->motif = why ? arena_str(&k->a, why) : NULL;
}

/* --- a gateway -------------------------------------------------------------------------- */

static bool ask_gateway(struct poste *p, struct place *k, struct err *e)
{
	const struct envoi_reglages *r = p->r;
	struct passerelle_valeurs v = { .reglages = r->valeurs, .to = k->m.destinataire,
		.text = k->m.texte, .sender = r->expediteur, .id = k->m.id, .jeton = k->m.jeton,
		.retour = r->retour, .now = p->now };
	struct http_ask ask;

	if (!passerelle_ask(r->passerelle, &v, &k->a, &ask, e))
		return false;
	ask.ca_file = r->sms_autorite;
	ask.most = 64 << 10;
	return http_begin(&ask, &k->a, &k->http, e);
}

static struct mail mail_of(const struct poste *p, const struct place *k)
{
	const struct envoi_reglages *r = p->r;

	return (struct mail){ .from = r->de, .from_name = r->de_nom, .reply_to = r->repondre_a,
		.to = k->m.destinataire, .subject = k->m.objet, .text = k->m.texte,
		.html = k->m.html, .lang = k->m.langue, .id = k->m.id, .date = p->now };
}

static bool ask_server(struct poste *p, struct place *k, struct err *e)
{
	const struct envoi_reglages *r = p->r;
	struct mail m = mail_of(p, k);

	return mail_begin(&r->smtp, &m, &k->a, &k->mail, e);
}

/* --- a mail in its thread --------------------------------------------------------------- */

static int go_on(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct place *k = arg;

	(void)a, (void)b, (void)c, (void)d;
	return atomic_load(&k->stop);
}

static void *perform(void *arg)
{
	struct place *k = arg;

	k->rc = curl_easy_perform(mail_handle(k->mail));
	atomic_store(&k->fini, true);
	curl_multi_wakeup(k->multi);
	return NULL;
}

static void start_thread(struct poste *p, struct place *k)
{
	CURL *c = mail_handle(k->mail);

	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, go_on);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, k);
	k->multi = p->multi;
	atomic_store(&k->fini, false);
	atomic_store(&k->stop, false);
	k->a_fil = pthread_create(&k->fil, NULL, perform, k) == 0;
	if (!k->a_fil)
		ended(k, ISSUE_PANNE, "Le système refuse un fil d’exécution.");
}

static void join(struct place *k)
{
	if (k->a_fil)
		pthread_join(k->fil, NULL);
	k->a_fil = false;
}

static void start_network(struct poste *p, struct place *k)
{
	struct err e = { 0 };
	CURL *c;

	if (!(k->canal == ENVOI_SMS ? ask_gateway(p, k, &e) : ask_server(p, k, &e))) {
		/* what cannot even be asked is a setting, or this very message */
		ended(k, e.kind == E_INPUT && k->canal == ENVOI_COURRIEL ? ISSUE_REFUSE
		      : ISSUE_PANNE, e.msg);
		return;
	}
	if (k->mail) {
		start_thread(p, k);
		return;
	}
	c = http_handle(k->http);
	curl_easy_setopt(c, CURLOPT_PRIVATE, k);
	if (curl_multi_add_handle(p->multi, c) != CURLM_OK)
		ended(k, ISSUE_PANNE, "La mémoire manque.");
}

static void end_http(struct poste *p, struct place *k, CURLcode rc)
{
	static const enum issue issues[] = { [PASSERELLE_PREND] = ISSUE_PARTI,
		[PASSERELLE_REFUSE] = ISSUE_REFUSE, [PASSERELLE_PANNE] = ISSUE_PANNE };
	struct http_answer answer;
	struct passerelle_verdict v;
	struct err e = { 0 };

	if (!http_end(k->http, rc, &answer, &e)) {
		ended(k, ISSUE_PANNE, e.msg);
		return;
	}
	passerelle_judge(p->r->passerelle, &answer, &k->a, &v);
	ended(k, issues[v.dit], v.motif);
	k->id_distant = v.id_distant;
}

static void end_mail(struct place *k, CURLcode rc)
{
	static const enum issue issues[] = { [MAIL_TAKEN] = ISSUE_PARTI,
		[MAIL_REFUSED] = ISSUE_REFUSE, [MAIL_LATER] = ISSUE_PLUS_TARD,
		[MAIL_SICK] = ISSUE_PANNE };
	struct mail_answer answer;
	struct err e = { 0 };

	mail_end(k->mail, rc, &answer, &e);
	ended(k, issues[answer.verdict], *e.msg ? e.msg : NULL);
}

static void collect_mails(struct poste *p)
{
	for (int i = 0; i < PLACES; i++) {
		struct place *k = &p->places[i];

		if (k->prise && k->a_fil && atomic_load(&k->fini)) {
			join(k);
			end_mail(k, k->rc);
		}
	}
}

void places_collect(struct poste *p)
{
	int running, left;
	CURLMsg *m;

	collect_mails(p);
	curl_multi_perform(p->multi, &running);
	while ((m = curl_multi_info_read(p->multi, &left))) {
		struct place *k = NULL;
		CURL *c = m->easy_handle;
		CURLcode rc = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(c, CURLINFO_PRIVATE, &k);
		curl_multi_remove_handle(p->multi, c);
		end_http(p, k, rc);
	}
}

/* --- a folder --------------------------------------------------------------------------- */

/* As smstools reads it; the same file tells a person who tries Tremplin what was sent. */
static void put_sms(struct buf *b, const struct place *k)
{
	buf_printf(b, "To: %s\nAlphabet: UTF-8\nX-Tremplin: %s\n\n", k->m.destinataire + 1,
		   k->m.id);
	buf_str(b, k->m.texte);
	buf_char(b, '\n');
}

static bool put_content(struct poste *p, const struct place *k, struct buf *b, struct err *e)
{
	struct mail m = mail_of(p, k);

	if (k->canal == ENVOI_COURRIEL)
		return mail_write(&m, b, e);
	put_sms(b, k);
	return true;
}

static bool write_whole(int fd, const struct buf *b)
{
	size_t done = 0;

	while (done < b->n) {
		ssize_t n = write(fd, b->p + done, b->n - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return fsync(fd) == 0;
}

/* Under a hidden name first: who watches the folder never sees half a message. */
static bool put_file(const char *dir, const struct place *k, const struct buf *b,
		     struct err *e)
{
	char hidden[PATH_ROOM_], path[PATH_ROOM_];
	bool ok;
	int fd;

	snprintf(hidden, sizeof hidden, "%.1000s/.%s", dir, k->m.id);
	snprintf(path, sizeof path, "%.1000s/%s%s", dir, k->m.id,
		 k->canal == ENVOI_SMS ? ".sms" : ".eml");
	if (mkdir(dir, 0700) && errno != EEXIST)
		return fail(e, E_STORE, "Le dossier d’envoi ne peut pas être créé.");
	fd = open(hidden, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ok = fd >= 0 && write_whole(fd, b);
	if (fd >= 0)
		close(fd);
	if (ok && rename(hidden, path) == 0)
		return true;
	unlink(hidden);
	return fail(e, E_STORE, "Le dossier d’envoi ne peut pas être écrit.");
}

static void to_folder(struct poste *p, struct place *k)
{
	const char *dir = p->r->dossier ? p->r->dossier
		: arena_cat(&k->a, store_dir(p->s), "/messages", NULL);
	struct buf b = buf_new(MAIL_MOST);
	struct err e = { 0 };

	if (put_content(p, k, &b, &e) && put_file(dir, k, &b, &e))
		ended(k, ISSUE_PARTI, NULL);
	else
		ended(k, e.kind == E_INPUT ? ISSUE_REFUSE : ISSUE_PANNE, e.msg);
	buf_free(&b);
}

/* --- all -------------------------------------------------------------------------------- */

void place_start(struct poste *p, struct place *k)
{
	k->issue = ISSUE_AUCUNE;
	k->motif = k->id_distant = NULL;
	switch (p->voies[k->canal].sorte) {
	case VOIE_SERVEUR:
		start_network(p, k);
		return;
	case VOIE_DOSSIER:
		to_folder(p, k);
		return;
	default:                        /* the kind and the cost, never the text nor to whom */
		log_info("envoi d’essai, rien n’est parti : %s par %s, %ld SMS", k->m.genre,
			 k->m.canal, (long)k->m.segments);
		ended(k, ISSUE_PARTI, NULL);
	}
}

void place_free(struct poste *p, struct place *k)
{
	if (k->http && k->issue == ISSUE_AUCUNE)
		curl_multi_remove_handle(p->multi, http_handle(k->http));
	atomic_store(&k->stop, true);
	join(k);
	http_free(&k->http);
	mail_free(&k->mail);
	arena_reset(&k->a);
	k->prise = k->jugee = false;
	k->issue = ISSUE_AUCUNE;
}

void voie_judge(struct poste *p, const struct place *k)
{
	static const char *const names[] = { "passerelle SMS", "serveur de courriel" };
	struct voie *v = &p->voies[k->canal];
	int64_t pause = PAUSE_MS;

	if (k->issue != ISSUE_PANNE) {
		if (v->pannes)
			log_info("envoi : %s : de nouveau là", names[k->canal]);
		v->pannes = 0;
		v->pause = 0;
		return;
	}
	if (p->now < v->pause)          /* those that were under way together count as one */
		return;
	if (!v->pannes++)
		log_warning("envoi : %s : %s Les messages attendent.", names[k->canal],
			    k->motif ? k->motif : "en panne.");
	for (int i = 1; i < v->pannes && pause < PAUSE_MOST_MS; i++)
		pause *= 2;
	v->pause = p->now + (pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS);
}
