/* GET and POST /agent/connexion, /agent/connexion/lien: the first factor. */
#include <ctype.h>
#include <string.h>

#include "admit/connexion.h"
#include "admit/connexion.htm.h"
#include "admit/connexion.sql.h"
#include "admit/connexion_fields.h"
#include "admit/connexion_inside.h"
#include "admit/courriel.h"
#include "admit/entree_inside.h"
#include "admit/mot_de_passe.h"
#include "base/log.h"
#include "crypto/sha256.h"
#include "store/envoi.h"
#include "web/message.h"
#include "web/session.h"

/* --- what the pages share --------------------------------------------------------- */

struct page admit_page(struct req *r, struct res *s, const char *title)
{
	struct page page = page_for(r, title);

	page.effacer = page.quitter = false;
	page.no_index = true;
	s->cache = CACHE_NO_STORE;
	return page;
}

const char *wait_words(struct req *r, int64_t ms)
{
	int64_t seconds = (ms + 999) / 1000, minutes = (seconds + 59) / 60;
	char number[I18N_TEXT];

	if (seconds < 60)
		return message_fill(r->a, tr_n(r->lang, seconds, N_("%1 seconde"), N_("%1 secondes")),
			(const char *const[]){ number_text(r->lang, seconds, number) }, 1);
	return message_fill(r->a, tr_n(r->lang, minutes, N_("%1 minute"), N_("%1 minutes")),
		(const char *const[]){ number_text(r->lang, minutes, number) }, 1);
}

/* --- the page --------------------------------------------------------------------- */

bool connexion_show(struct req *r, struct res *s, const struct suite *suite,
		    enum connexion_why why, struct err *e)
{
	struct page page = admit_page(r, s, N_("Se connecter"));
	struct html h = page_html(r, s);
	struct connexion_view v = { .r = r, .page = &page, .suite = *suite,
				    .fermee = why == POURQUOI_SESSION,
				    .garde = suite->reprise != NULL };

	(void)e;
	connexion_page(&h, &v);
	return true;
}

static bool connexion_get(struct req *r, struct res *s, struct err *e)
{
	struct suite suite = suite_of(r);
	struct agent_session now;

	if (!entree_session(r, &now, e))
		return false;
	if (now.state == AGENT_SESSION_OPEN)
		return entree_go_on(r, s, now.agent.id, &suite, e);
	return connexion_show(r, s, &suite, now.state == AGENT_SESSION_OVER ? POURQUOI_SESSION :
			      POURQUOI_RIEN, e);
}

static bool aide_get(struct req *r, struct res *s, struct err *e)
{
	struct page page = admit_page(r, s, N_("Je n’arrive pas à me connecter"));
	struct html h = page_html(r, s);

	(void)e;
	connexion_aide(&h, &page);
	return true;
}

/* --- a password ------------------------------------------------------------------- */

const char *small_letters(struct arena *a, const char *s)
{
	char *copy = NEW_ARRAY(a, strlen(s) + 1, char);

	for (size_t i = 0; copy && s[i]; i++)
		copy[i] = (char)tolower((unsigned char)s[i]);
	return copy ? copy : "";
}

/* Who tries, as the brakes know them. */
struct trying {
	const char *name, *pair, *address;
};

static struct trying trying_of(struct req *r, const char *name)
{
	const char *address = req_client_group(r);

	return (struct trying){ name, arena_cat(r->a, name, " ", address, NULL), address };
}

static int64_t longest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t must_wait(struct freins *f, const struct trying *t)
{
	return longest(frein_wait(f, FREIN_PAIRE, t->pair),
		       longest(frein_wait(f, FREIN_COMPTE, t->name),
			       frein_wait(f, FREIN_ADRESSE, t->address)));
}

static int64_t was_wrong(struct freins *f, const struct trying *t)
{
	return longest(frein_fail(f, FREIN_PAIRE, t->pair),
		       longest(frein_fail(f, FREIN_COMPTE, t->name),
			       frein_fail(f, FREIN_ADRESSE, t->address)));
}

void refuse_wait(struct req *r, struct res *s, const struct field *fields, const char *name,
		 int64_t ms)
{
	req_refuse(r, fields, name, message(r->a, r->lang,
		N_("Trop d’essais. Attendez %1 avant le prochain ; rien ne sera regardé d’ici là."),
		wait_words(r, ms)));
	s->status = 429;
}

bool rehash_job(struct tx *tx, void *arg, struct err *e)
{
	const struct rehash *again = arg;

	return connexion_rehash(tx, again->id, again->before, again->hash, NULL, e);
}

/* The hash was made with less than today's parameters. */
static void hash_again(struct req *r, const struct connexion_agent_row *who, const char *password)
{
	struct rehash again = { .id = who->id, .before = who->mot_de_passe };
	struct err e = { 0 };

	if (!mot_de_passe_hash(entree_hacheurs(r), r->core->signer, password, again.hash, &e)
	    || !store_write(r->core->store, rehash_job, &again, &e))
		log_error("%s", e.msg);
}

static bool look_up(struct req *r, const char *name, struct connexion_agent_row *who,
		    bool *found, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(r->core->store, &db, e)
	       && connexion_agent(db, r->a, name, who, found, e);
}

/* The same work, and the same answer, whoever it is. */
static bool try_password(struct req *r, const char *name, const char *password,
			 struct connexion_agent_row *who, bool *right, struct err *e)
{
	const char *hash;
	bool found;

	if (!look_up(r, name, who, &found, e))
		return false;
	hash = found ? who->mot_de_passe : NULL;
	if (!mot_de_passe_is(entree_hacheurs(r), r->core->signer, hash, password, right, e))
		return false;
	if (*right && password_is_old(who->mot_de_passe))
		hash_again(r, who, password);
	return true;
}

static bool connexion_post(struct req *r, struct res *s, struct err *e)
{
	const struct connexion_in *in = r->in;
	struct suite suite = suite_of(r);
	struct freins *f = entree_freins(r);
	struct connexion_agent_row who;
	struct trying t;
	bool right = false;
	int64_t wait;

	if (r->nerrors)
		return connexion_show(r, s, &suite, POURQUOI_RIEN, e);
	t = trying_of(r, small_letters(r->a, in->identifiant));
	wait = must_wait(f, &t);
	if (!wait && !try_password(r, t.name, in->mot_de_passe, &who, &right, e))
		return false;
	if (right) {
		frein_forget(f, FREIN_PAIRE, t.pair);
		return entree_first(r, s, who.id, "mot_de_passe", &suite, e);
	}
	if (!wait) {
		wait = was_wrong(f, &t);
		entree_note_refused(r, t.name);
		if (!wait)
			req_refuse(r, connexion_fields, "mot_de_passe",
				   N_("L’identifiant ou le mot de passe n’est pas le bon."));
	}
	if (wait)
		refuse_wait(r, s, connexion_fields, "mot_de_passe", wait);
	return connexion_show(r, s, &suite, POURQUOI_RIEN, e);
}

/* --- a link by mail --------------------------------------------------------------- */

#define BROWSER ".lien"

/* What says that it is the same browser, in the link's row. */
static void browser_tag(const char *secret, char out[SHA256_HEX])
{
	sha256_hex(secret, strlen(secret), out);
}

static void browser_new(struct req *r, char out[SHA256_HEX])
{
	unsigned char chance[16];
	char text[BASE64_ROOM(sizeof chance)];

	env_random(r->env, chance, sizeof chance);
	base64_write(chance, sizeof chance, text);
	session_set(r->session, r->a, BROWSER, text);
	browser_tag(text, out);
}

bool browser_is(struct req *r, const char *navigateur)
{
	const char *secret = session_get(r->session, BROWSER);
	char tag[SHA256_HEX];

	if (!navigateur)
		return true;
	if (!secret)
		return false;
	browser_tag(secret, tag);
	return !strcmp(tag, navigateur);
}

bool lien_envoye_show(struct req *r, struct res *s, const struct suite *suite, struct err *e)
{
	struct page page = admit_page(r, s, N_("Regardez vos mails"));
	struct html h = page_html(r, s);
	struct lien_view v = { .r = r, .page = &page, .suite = *suite };

	(void)e;
	lien_envoye(&h, &v);
	return true;
}

static bool lien_post(struct req *r, struct res *s, struct err *e)
{
	const struct lien_in *in = r->in;
	struct suite suite = suite_of(r);
	struct freins *f = entree_freins(r);
	const char *address = req_client_group(r), *name;
	char navigateur[SHA256_HEX];
	int64_t wait;

	if (!r->nerrors && !courriel_is_good(in->courriel))
		req_refuse(r, lien_fields, "courriel",
			   N_("Cette adresse n’est pas complète, par exemple prenom.nom@exemple.fr."));
	if (r->nerrors)
		return connexion_show(r, s, &suite, POURQUOI_RIEN, e);
	name = small_letters(r->a, in->courriel);
	wait = longest(frein_wait(f, FREIN_LIEN, name), frein_wait(f, FREIN_LIEN_ADRESSE, address));
	if (wait) {
		refuse_wait(r, s, lien_fields, "courriel", wait);
		return connexion_show(r, s, &suite, POURQUOI_RIEN, e);
	}
	frein_fail(f, FREIN_LIEN, name);
	frein_fail(f, FREIN_LIEN_ADRESSE, address);
	browser_new(r, navigateur);
	if (!entree_mail_link(r, name, navigateur)) {
		fail(e, E_BUSY, "Beaucoup de monde demande un lien en ce moment.");
		return hint(e, "Réessayez dans un instant.");
	}
	return lien_envoye_show(r, s, &suite, e);
}

const struct route connexion_routes[] = {
	{ GET, "/agent/connexion", connexion_get, CAN_PUBLIC, NULL, 0, N_("Se connecter"),
	  ROUTE_SLOW, NULL },
	{ POST, "/agent/connexion", connexion_post, CAN_PUBLIC, connexion_fields,
	  sizeof(struct connexion_in), N_("Donner son mot de passe"), ROUTE_SLOW | ROUTE_HEAVY, NULL },
	{ GET, "/agent/connexion/aide", aide_get, CAN_PUBLIC, NULL, 0,
	  N_("Je n’arrive pas à me connecter"), 0, NULL },
	{ POST, "/agent/connexion/lien", lien_post, CAN_PUBLIC, lien_fields, sizeof(struct lien_in),
	  N_("Recevoir un lien par mail"), ROUTE_SLOW, NULL },
	{ GET, "/agent/connexion/code", code_get, CAN_PUBLIC, NULL, 0,
	  N_("Un code de votre téléphone ou de votre carte"), ROUTE_SLOW, NULL },
	{ POST, "/agent/connexion/code", code_post, CAN_PUBLIC, code_fields, sizeof(struct code_in),
	  N_("Donner un code"), ROUTE_SLOW, NULL },
	{ POST, "/agent/connexion/suite", suite_post, CAN_PUBLIC, NULL, 0,
	  N_("Continuer après avoir suivi le lien"), ROUTE_SLOW, NULL },
	{ GET, "/agent/connexion/secours", secours_get, CAN_PUBLIC, NULL, 0,
	  N_("Entrer avec un code de secours"), ROUTE_SLOW, NULL },
	{ POST, "/agent/connexion/perdu", perdu_post, CAN_PUBLIC, NULL, 0,
	  N_("Téléphone ou carte qui manque"), ROUTE_SLOW, NULL },
	{ POST, "/agent/connexion/secours", secours_post, CAN_PUBLIC, secours_fields,
	  sizeof(struct secours_in), N_("Donner un code de secours"), ROUTE_SLOW, NULL },
	{ 0 },
};
