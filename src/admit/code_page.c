/* GET and POST /agent/connexion/code, /agent/connexion/secours: the second factor. */
#include <string.h>

#include "admit/carte.sql.h"
#include "admit/connexion.htm.h"
#include "admit/connexion.sql.h"
#include "admit/connexion_inside.h"
#include "admit/entree_inside.h"
#include "admit/facteur.sql.h"
#include "base/date.h"
#include "core/trace.h"
#include "web/message.h"

/* --- what the page offers --------------------------------------------------------- */

/* Kinds that this agent has and that are asked on a page of their own. */
static const struct second_facteur *others(struct req *r, const struct facteur *list, size_t n)
{
	size_t kinds = 0, k = 0;
	struct second_facteur *out;

	while (second_facteurs[kinds].sorte)
		kinds++;
	out = NEW_ARRAY(r->a, kinds + 1, struct second_facteur);
	for (size_t i = 0; out && i < kinds; i++) {
		const struct second_facteur *f = &second_facteurs[i];
		bool has = false;

		for (size_t j = 0; j < n; j++)
			has = has || !strcmp(list[j].sorte, f->sorte);
		if (has && f->demande && (!f->offert || f->offert(r->core)))
			out[k++] = *f;
	}
	return out;
}

bool code_view_fill(struct req *r, const char *agent, struct code_view *v, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct connexion_account_row who;
	struct facteur *list;
	size_t n;

	if (!db_acquire(r->core->store, &db, e) || !connexion_account(db, r->a, agent, &who, e)
	    || !facteur_list(db, r->a, agent, &list, &n, e))
		return false;
	v->prenom = who.prenom;
	v->mot_de_passe = who.mot_de_passe != NULL;
	v->autres = others(r, list, n);
	for (size_t i = 0; i < n; i++)
		v->codes |= list[i].graine.n > 0;
	return v->autres || arena_refuse(r->a, e);
}

/* Nobody gave a first factor, or too long ago. */
static bool begin_again(struct req *r, struct res *s, const struct suite *suite, struct err *e)
{
	if (suite->reprise)
		return connexion_show(r, s, suite, POURQUOI_RIEN, e);
	return res_see_other(s, path_with_suite(r, "/agent/connexion", suite));
}

bool code_show(struct req *r, struct res *s, const struct suite *suite, struct err *e)
{
	struct page page = admit_page(r, s, N_("Un code de votre téléphone ou de votre carte"));
	struct html h = page_html(r, s);
	struct code_view v = { .r = r, .page = &page, .suite = *suite,
			       .vers = "/agent/connexion/code" };
	struct attente first;

	if (!entree_pending(r, &first))
		return begin_again(r, s, suite, e);
	if (!code_view_fill(r, first.agent, &v, e))
		return false;
	code_page(&h, &v);
	return true;
}

bool code_get(struct req *r, struct res *s, struct err *e)
{
	struct suite suite = suite_of(r);

	return code_show(r, s, &suite, e);
}

/* After the link was followed in another tab. */
bool suite_post(struct req *r, struct res *s, struct err *e)
{
	struct suite suite = suite_of(r);
	struct agent_session now;
	struct attente first;

	if (!entree_session(r, &now, e))
		return false;
	if (now.state == AGENT_SESSION_OPEN)
		return entree_go_on(r, s, now.agent.id, &suite, e);
	return entree_pending(r, &first) ? code_show(r, s, &suite, e) :
		lien_envoye_show(r, s, &suite, e);
}

/* --- a code ----------------------------------------------------------------------- */

struct blocked {
	const struct env *env;
	const char *agent, *structure;
};

static bool blocked_job(struct tx *tx, void *arg, struct err *e)
{
	const struct blocked *b = arg;
	struct trace line = { .action = TRACE_COMPTE_BLOQUE, .cible = b->agent,
			      .structure = b->structure };

	return trace_put(tx, b->env, &line, e);
}

/* One more wrong code: the factors count it, and say when they are locked by it. */
static bool count_wrong(struct req *r, const char *agent, const char *structure,
			const struct facteur *list, size_t n, struct err *e)
{
	struct blocked b = { r->env, agent, structure };
	bool locks = false;

	for (size_t i = 0; i < n; i++)
		locks |= list[i].graine.n && list[i].essais == FACTEUR_ESSAIS - 1;
	return facteur_wrong(r, agent, e)
	       && (!locks || store_write(r->core->store, blocked_job, &b, e));
}

static const char *why_not(const struct code_found *found)
{
	if (found->locked)
		return N_("Dix codes faux à la suite : ce téléphone ou cette carte ne peut plus servir. "
			  "Entrez avec un code de secours, ou demandez à votre référent de débloquer "
			  "votre compte.");
	if (found->replayed)
		return N_("Ce code a déjà servi. Attendez que le suivant s’affiche.");
	return N_("Ce code n’est pas le bon. Recopiez celui qui est affiché maintenant ; sur un "
		  "téléphone, vérifiez que l’heure est réglée automatiquement.");
}

bool code_check(struct req *r, struct res *s, const char *agent, const char *structure,
		const char *code, struct code_found *found, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct freins *f = entree_freins(r);
	int64_t wait = frein_wait(f, FREIN_CODE, agent);
	struct facteur *list;
	size_t n;

	*found = (struct code_found){ 0 };
	if (wait) {
		refuse_wait(r, s, code_fields, "code_secret", wait);
		return true;
	}
	if (!db_acquire(r->core->store, &db, e) || !facteur_list(db, r->a, agent, &list, &n, e)
	    || !facteur_try(r, list, n, code, found, e))
		return false;
	db_release(&db);
	if (found->ok)
		return true;
	req_refuse(r, code_fields, "code_secret", why_not(found));
	if (found->locked || found->replayed)
		return true;
	frein_fail(f, FREIN_CODE, agent);
	return count_wrong(r, agent, structure, list, n, e);
}

/* The structure whose referents read the log of this account. */
bool structure_of(struct req *r, const char *agent, const char **out, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct connexion_account_row who;

	if (!db_acquire(r->core->store, &db, e) || !connexion_account(db, r->a, agent, &who, e))
		return false;
	*out = who.structure_id;
	return true;
}

bool code_post(struct req *r, struct res *s, struct err *e)
{
	const struct code_in *in = r->in;
	struct suite suite = suite_of(r);
	struct code_found found;
	struct attente first;
	struct finish f = { .also = facteur_used, .arg = &found };
	const char *structure;

	if (!entree_pending(r, &first))
		return begin_again(r, s, &suite, e);
	if (r->nerrors)
		return code_show(r, s, &suite, e);
	if (!structure_of(r, first.agent, &structure, e)
	    || !code_check(r, s, first.agent, structure, in->code_secret, &found, e))
		return false;
	if (!found.ok)
		return code_show(r, s, &suite, e);
	f.agent = first.agent;
	f.preuve = found.sorte;
	return entree_finish(r, s, &f, &suite, e);
}

/* --- a recovery code -------------------------------------------------------------- */

static bool secours_show(struct req *r, struct res *s, const struct suite *suite, struct err *e)
{
	struct page page = admit_page(r, s, N_("Entrer avec un code de secours"));
	struct html h = page_html(r, s);
	struct code_view v = { .r = r, .page = &page, .suite = *suite };
	struct attente first;

	if (!entree_pending(r, &first))
		return begin_again(r, s, suite, e);
	secours_page(&h, &v);
	return true;
}

bool secours_get(struct req *r, struct res *s, struct err *e)
{
	struct suite suite = suite_of(r);

	return secours_show(r, s, &suite, e);
}

bool perdu_post(struct req *r, struct res *s, struct err *e)
{
	struct suite suite = suite_of(r);

	return secours_show(r, s, &suite, e);
}

struct rescue {
	const struct env *env;
	struct arena *a;
	const char *agent, *structure;
	char empreinte[BOX_TAG_TEXT];
	bool possible, wrong;           /* can it be a code; it is none of theirs */
	int perdu;
	bool left;                      /* something to log in with is left */
};

static bool lose(struct tx *tx, const struct rescue *k, const struct facteur *f, struct err *e)
{
	bool card = !strcmp(f->sorte, "carte");
	struct trace line = { .action = card ? TRACE_CARTE_PERDUE : TRACE_FACTEUR_RETIRE,
			      .agent = k->agent, .cible = k->agent, .structure = k->structure,
			      .objet = card ? f->carte : f->nom };

	return facteur_drop(tx, f->id, k->agent, NULL, e)
	       && (!card || carte_state(tx, f->carte, "perdue", NULL, e))
	       && trace_put(tx, k->env, &line, e);
}

static bool is_lost(int perdu, const struct facteur *f)
{
	bool card = !strcmp(f->sorte, "carte");

	bool phone = !strcmp(f->sorte, "application");

	return (card && (perdu == PERDU_CARTE || perdu == PERDU_TOUT))
	       || (phone && (perdu == PERDU_TELEPHONE || perdu == PERDU_TOUT));
}

static bool rescue_job(struct tx *tx, void *arg, struct err *e)
{
	struct rescue *k = arg;
	struct trace line = { .action = TRACE_CODE_SECOURS_UTILISE, .agent = k->agent,
			      .cible = k->agent, .structure = k->structure };
	char now[ISO_TEXT];
	int64_t used;
	struct facteur *list;
	size_t n;

	iso_write(env_now(k->env), now);
	if (!secours_use(tx, k->agent, k->empreinte, now, &used, e))
		return false;
	k->wrong = !k->possible || !used;
	if (k->wrong)
		return fail(e, E_DENIED, "Ce code de secours n’est pas le bon, ou il a déjà servi.");
	if (!trace_put(tx, k->env, &line, e) || !facteur_clear(tx, k->agent, NULL, e)
	    || !facteur_list(tx_db(tx), k->a, k->agent, &list, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool lost = is_lost(k->perdu, &list[i]);

		k->left |= !lost;
		if (lost && !lose(tx, k, &list[i], e))
			return false;
	}
	return true;
}

static bool use_rescue(struct req *r, struct res *s, struct rescue *k, struct suite *suite,
		       struct err *e)
{
	struct finish f = { .agent = k->agent, .preuve = "secours", .also = rescue_job, .arg = k };

	if (k->perdu != PERDU_RIEN && !suite->reprise)
		suite->retour = "/agent/facteurs";
	if (entree_finish(r, s, &f, suite, e))
		return true;
	if (!k->wrong)
		return false;
	frein_fail(entree_freins(r), FREIN_CODE, k->agent);
	req_refuse(r, secours_fields, "code_secret_secours",
		   N_("Ce code de secours n’est pas le bon, ou il a déjà servi. Essayez-en un autre."));
	*e = (struct err){ 0 };
	return secours_show(r, s, suite, e);
}

bool secours_post(struct req *r, struct res *s, struct err *e)
{
	const struct secours_in *in = r->in;
	struct suite suite = suite_of(r);
	struct rescue k = { .env = r->env, .a = r->a, .perdu = in->perdu };
	struct attente first;
	int64_t wait;

	if (!entree_pending(r, &first))
		return begin_again(r, s, &suite, e);
	wait = frein_wait(entree_freins(r), FREIN_CODE, first.agent);
	if (!r->nerrors && wait)
		refuse_wait(r, s, secours_fields, "code_secret_secours", wait);
	if (r->nerrors)
		return secours_show(r, s, &suite, e);
	k.agent = first.agent;
	return structure_of(r, k.agent, &k.structure, e)
	       && secours_tag(r->core->signer, k.agent, in->code_secret_secours, k.empreinte,
			      &k.possible, e)
	       && use_rescue(r, s, &k, &suite, e);
}
