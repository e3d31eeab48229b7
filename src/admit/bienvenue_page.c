/* GET and POST /agent/bienvenue, /agent/bienvenue/{jeton} */
#include "admit/bienvenue.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "admit/bienvenue.htm.h"
#include "admit/bienvenue.sql.h"
#include "admit/connexion.htm.h"
#include "admit/connexion.sql.h"
#include "admit/connexion_inside.h"
#include "admit/entree_inside.h"
#include "admit/facteur.sql.h"
#include "base/date.h"
#include "core/trace.h"
#include "web/session.h"

#define ACCUEIL ".accueil"

static const struct choice manieres[] = {
	{ "mot-de-passe", N_("Avec un mot de passe, choisi maintenant"), NULL },
	{ "lien", N_("Sans mot de passe : un lien par mail à chaque fois"), NULL },
	{ 0 },
};

const struct field bienvenue_fields[] = {
	{ AT(bienvenue_in, maniere), .kind = F_CHOICE, .required = true, .choices = manieres,
	  .label = N_("Comment voulez-vous vous connecter ?") },
	{ AT(bienvenue_in, mot_de_passe), .kind = F_TEXT, .max = MOT_DE_PASSE_MOST,
	  .label = N_("Mot de passe"),
	  .hint = N_("12 caractères au moins. Quatre mots qui n’ont rien à voir ensemble : facile à "
		     "retenir, difficile à deviner.") },
	{ 0 },
};

/* --- what the browser remembers between the steps --------------------------------- */

static void accueil_set(struct req *r, const char *agent, const char *empreinte)
{
	session_renew(r->session);
	session_set(r->session, r->a, ACCUEIL, arena_printf(r->a, "%s|%s|%" PRId64, agent,
							    empreinte, env_now(r->env)));
}

void accueil_forget(struct req *r)
{
	session_set(r->session, r->a, ACCUEIL, NULL);
}

bool accueil_get(struct req *r, struct accueil *out)
{
	const char *text = session_get(r->session, ACCUEIL);
	const char *bar = text ? strchr(text, '|') : NULL;
	const char *last = bar ? strchr(bar + 1, '|') : NULL;

	if (!last || last - bar - 1 != BOX_TAG_TEXT - 1
	    || env_now(r->env) - strtoll(last + 1, NULL, 10) > ACCUEIL_MS)
		return false;
	out->agent = arena_strn(r->a, text, (size_t)(bar - text));
	memcpy(out->empreinte, bar + 1, BOX_TAG_TEXT - 1);
	out->empreinte[BOX_TAG_TEXT - 1] = '\0';
	return true;
}

bool accueil_begin(struct tx *tx, struct arena *a, const struct env *env,
		   const struct accueil *k, struct err *e)
{
	struct lien l;

	if (!lien_use(tx, a, env, k->empreinte, &l, e))
		return false;
	if (l.sorte != LIEN_SECOURS)
		return true;
	return facteur_drop_cards(tx, k->agent, NULL, e) && facteur_drop_all(tx, k->agent, NULL, e)
	       && secours_drop(tx, k->agent, NULL, e)
	       && agent_session_close_others(tx, env, k->agent, NULL, "compte", e);
}

bool accueil_end(struct tx *tx, struct arena *a, const struct env *env,
		 const struct accueil *k, struct err *e)
{
	struct bienvenue_agent_row who;
	struct connexion_account_row account;
	struct trace line = { .action = TRACE_ACTIVE, .agent = k->agent, .cible = k->agent };
	char now[ISO_TEXT];

	iso_write(env_now(env), now);
	if (!bienvenue_agent(tx_db(tx), a, k->agent, &who, e)
	    || !connexion_account(tx_db(tx), a, k->agent, &account, e)
	    || !bienvenue_open(tx, k->agent, now, NULL, e))
		return false;
	line.structure = account.structure_id;
	return strcmp(who.etat, "invite") || trace_put(tx, env, &line, e);
}

/* --- the code, typed -------------------------------------------------------------- */

static bool jeton_show(struct req *r, struct res *s)
{
	struct page page = admit_page(r, s, N_("J’ai reçu une invitation ou un code"));
	struct html h = page_html(r, s);
	struct lien_view v = { .r = r, .page = &page, .suite = suite_of(r) };

	jeton_page(&h, &v);
	return true;
}

static bool jeton_get(struct req *r, struct res *s, struct err *e)
{
	(void)e;
	return jeton_show(r, s);
}

/* Letters and digits alone: what may stand in our path. */
static const char *plain_code(struct arena *a, const char *typed)
{
	char *out = NEW_ARRAY(a, strlen(typed) + 1, char);
	size_t n = 0;

	for (const char *p = typed; out && *p; p++) {
		if ((*p >= '0' && *p <= '9') || ((*p | 32) >= 'a' && (*p | 32) <= 'z'))
			out[n++] = *p;
	}
	return out ? out : "";
}

/* --- the link, followed ----------------------------------------------------------- */

struct followed {
	char empreinte[BOX_TAG_TEXT];
	struct lien lien;
	struct bienvenue_agent_row who;
};

static bool follow(struct req *r, const char *jeton, struct followed *f, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(r->core->store, &db, e)
	       && lien_tag(r->core->signer, jeton, f->empreinte, e)
	       && lien_look(db, r->a, r->env, f->empreinte, &f->lien, e)
	       && (!f->lien.agent || bienvenue_agent(db, r->a, f->lien.agent, &f->who, e));
}

static bool followed_show(struct req *r, struct res *s, const struct followed *f,
			  const char *jeton)
{
	struct page page = admit_page(r, s, N_("Se connecter"));
	struct html h = page_html(r, s);
	struct lien_view v = { .r = r, .page = &page, .suite = suite_of(r), .jeton = jeton,
			       .prenom = f->who.prenom,
			       .ailleurs = !browser_is(r, f->lien.navigateur),
			       .montre = lien_shown(r->a, jeton) };

	lien_suivi(&h, &v);
	return true;
}

static bool bienvenue_show(struct req *r, struct res *s, const struct followed *f,
			   const char *jeton)
{
	struct page page = admit_page(r, s, N_("Bienvenue"));
	struct html h = page_html(r, s);
	struct bienvenue_view v = {
		.r = r, .page = &page, .jeton = jeton, .prenom = f->who.prenom,
		.identifiant = f->who.identifiant, .courriel = f->who.courriel,
		.structure = f->who.structure, .secours = f->lien.sorte == LIEN_SECOURS,
	};

	bienvenue_page(&h, &v);
	return true;
}

static const char *upper(struct arena *a, const char *s)
{
	char *copy = NEW_ARRAY(a, strlen(s) + 1, char);

	for (size_t i = 0; copy && s[i]; i++)
		copy[i] = (char)(s[i] >= 'a' && s[i] <= 'z' ? s[i] - 32 : s[i]);
	return copy ? copy : "";
}

static bool lien_get(struct req *r, struct res *s, struct err *e)
{
	const char *jeton = upper(r->a, plain_code(r->a, r->params[0]));
	struct followed f;

	if (!follow(r, jeton, &f, e))
		return false;
	if (f.lien.sorte == LIEN_PREMIER)
		return res_see_other(s, lien_path(r->a, LIEN_PREMIER, jeton));
	return f.lien.sorte == LIEN_CONNEXION ? followed_show(r, s, &f, jeton) :
		bienvenue_show(r, s, &f, jeton);
}

/* --- a login by mail -------------------------------------------------------------- */

struct using {
	const struct env *env;
	struct arena *a;
	const char *empreinte;
	struct lien lien;
};

static bool use_job(struct tx *tx, void *arg, struct err *e)
{
	struct using *u = arg;

	return lien_use(tx, u->a, u->env, u->empreinte, &u->lien, e);
}

static bool enter_by_mail(struct req *r, struct res *s, const struct followed *f,
			  const char *jeton, struct err *e)
{
	struct using u = { .env = r->env, .a = r->a, .empreinte = f->empreinte };
	struct suite suite = suite_of(r);

	if (!browser_is(r, f->lien.navigateur))
		return followed_show(r, s, f, jeton);
	return store_write(r->core->store, use_job, &u, e)
	       && entree_first(r, s, f->lien.agent, "lien", &suite, e);
}

static bool jeton_post(struct req *r, struct res *s, struct err *e)
{
	const struct jeton_in *in = r->in;
	const char *jeton;
	struct followed f;

	if (r->nerrors)
		return jeton_show(r, s);
	jeton = upper(r->a, plain_code(r->a, in->jeton));
	if (!follow(r, jeton, &f, e)) {
		if (e->kind != E_MISSING)
			return false;
		req_refuse(r, jeton_fields, "jeton", arena_str(r->a, e->msg));
		*e = (struct err){ 0 };
		return jeton_show(r, s);
	}
	if (f.lien.sorte == LIEN_CONNEXION)     /* typed by hand: no robot did it */
		return enter_by_mail(r, s, &f, jeton, e);
	return res_see_other(s, lien_path(r->a, f.lien.sorte, jeton));
}

/* --- an invitation ---------------------------------------------------------------- */

struct choosing {
	const struct env *env;
	const char *agent;
	char hash[PASSWORD_TEXT];
	bool none;
};

static bool choose_job(struct tx *tx, void *arg, struct err *e)
{
	const struct choosing *c = arg;
	char now[ISO_TEXT];

	iso_write(env_now(c->env), now);
	return connexion_password(tx, c->agent, c->none ? NULL : c->hash, now, NULL, e);
}

static void check_choice(struct req *r, const struct followed *f)
{
	const struct bienvenue_in *in = r->in;
	const char *about[] = { f->who.prenom, f->who.nom, f->who.identifiant,
				f->who.courriel ? f->who.courriel : NULL, NULL };
	const char *why;

	if (in->maniere != MANIERE_MOT_DE_PASSE)
		return;
	why = in->mot_de_passe ? mot_de_passe_refus(in->mot_de_passe, about) :
		N_("Choisissez un mot de passe.");
	if (why)
		req_refuse(r, bienvenue_fields, "mot_de_passe", why);
}

static bool lien_post(struct req *r, struct res *s, struct err *e)
{
	const struct bienvenue_in *in = r->in;
	const char *jeton = upper(r->a, plain_code(r->a, r->params[0]));
	struct choosing c = { .env = r->env };
	struct followed f;

	if (!follow(r, jeton, &f, e))
		return false;
	if (f.lien.sorte == LIEN_CONNEXION) {
		r->nerrors = 0;
		return enter_by_mail(r, s, &f, jeton, e);
	}
	if (!r->nerrors)
		check_choice(r, &f);
	if (r->nerrors)
		return bienvenue_show(r, s, &f, jeton);
	c.agent = f.lien.agent;
	c.none = in->maniere == MANIERE_LIEN && f.who.courriel;
	if (!c.none && !mot_de_passe_hash(entree_hacheurs(r), r->core->signer, in->mot_de_passe,
					  c.hash, e))
		return false;
	if (!store_write(r->core->store, choose_job, &c, e))
		return false;
	accueil_set(r, f.lien.agent, f.empreinte);
	return res_see_other(s, "/agent/facteurs/ajouter");
}

const struct route bienvenue_routes[] = {
	{ GET, "/agent/bienvenue", jeton_get, CAN_PUBLIC, NULL, 0,
	  N_("J’ai reçu une invitation ou un code"), 0, NULL },
	{ POST, "/agent/bienvenue", jeton_post, CAN_PUBLIC, jeton_fields, sizeof(struct jeton_in),
	  N_("Donner le code d’une invitation"), ROUTE_SLOW, NULL },
	{ GET, "/agent/bienvenue/{jeton}", lien_get, CAN_PUBLIC, NULL, 0,
	  N_("Suivre un lien"), ROUTE_SLOW, NULL },
	{ POST, "/agent/bienvenue/{jeton}", lien_post, CAN_PUBLIC, bienvenue_fields,
	  sizeof(struct bienvenue_in), N_("Accepter une invitation"), ROUTE_SLOW | ROUTE_HEAVY,
	  NULL },
	{ 0 },
};
