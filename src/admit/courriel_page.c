/*
 * GET and POST /agent/compte/courriel: another mail address, once what was sent to it came
 * back.  A mistyped address would otherwise receive the links that open the account.
 *
 * Nothing is kept between the two steps: the page carries a seal over the agent, the
 * address, the code and the hour, that only the signer can make.
 */
#include <string.h>

#include "admit/compte.h"
#include "admit/compte.htm.h"
#include "admit/compte.sql.h"
#include "admit/connexion_inside.h"
#include "admit/courriel.h"
#include "admit/entree_inside.h"
#include "base/date.h"
#include "core/envoi_texte.h"
#include "core/trace.h"
#include "web/message.h"

enum { MINUTES = 30, DIGITS = 6 };

const struct field courriel_fields[] = {
	{ AT(courriel_in, courriel), .kind = F_TEXT, .max = 254, .label = N_("Nouvelle adresse e-mail") },
	{ AT(courriel_in, code_secret), .kind = F_TEXT, .max = 20, .label = N_("Code"),
	  .hint = N_("Les 6 chiffres du message.") },
	{ AT(courriel_in, sceau), .kind = F_TEXT, .max = BOX_TAG_TEXT },
	{ AT(courriel_in, fin), .kind = F_TEXT, .max = ISO_TEXT },
	{ 0 },
};

static bool seal(struct req *r, const struct courriel_in *in, const char *code,
		 char out[BOX_TAG_TEXT], struct err *e)
{
	const char *text = arena_cat(r->a, "adresse\n", req_agent(r)->id, "\n", in->courriel, "\n",
				     code, "\n", in->fin, NULL);

	return signer_tag(r->core->signer, "liens", (struct bytes){ text, strlen(text) }, out, e);
}

static bool show(struct req *r, struct res *s, const struct courriel_in *prove)
{
	struct page page = admit_page(r, s, N_("Changer d’adresse e-mail"));
	struct html h = page_html(r, s);
	struct courriel_view v = { .r = r, .page = &page };

	if (prove)
		v.a_prouver = *prove;
	compte_adresse_page(&h, &v);
	return true;
}

static bool courriel_get(struct req *r, struct res *s, struct err *e)
{
	(void)e;
	return show(r, s, NULL);
}

/* --- step one: a code goes to the address ------------------------------------------ */

struct sending {
	struct req *r;
	const char *courriel, *code;
};

static bool free_for(struct tx *tx, struct req *r, const char *courriel, struct err *e)
{
	struct compte_courriel_taken_row other;
	bool taken;

	if (!compte_courriel_taken(tx_db(tx), r->a, courriel, req_agent(r)->id, &other, &taken, e))
		return false;
	return !taken || fail(e, E_CONFLICT, "Cette adresse est celle d’un autre compte.");
}

static bool send_job(struct tx *tx, void *arg, struct err *e)
{
	const struct sending *m = arg;
	struct req *r = m->r;
	const char *values[] = { m->code, arena_printf(r->a, "%d", MINUTES) };
	struct envoi mail = { .canal = ENVOI_COURRIEL, .destinataire = m->courriel };
	char id[UUID_TEXT];

	return free_for(tx, r, m->courriel, e)
	       && envoi_texte(r->a, &r->core->site, ENVOI_ADRESSE, r->lang, values,
			      env_now(r->env), &mail, e)
	       && envoi_put(tx, &mail, id, e);
}

static const char *draw(struct req *r)
{
	uint32_t chance;

	env_random(r->env, &chance, sizeof chance);
	return arena_printf(r->a, "%06u", (unsigned)(chance % 1000000));
}

static bool step_one(struct req *r, struct res *s, const char *courriel, struct err *e)
{
	struct freins *f = entree_freins(r);
	struct sending m = { .r = r, .courriel = courriel, .code = draw(r) };
	struct courriel_in prove = { .courriel = courriel };
	int64_t wait = frein_wait(f, FREIN_LIEN, req_agent(r)->id);
	char tag[BOX_TAG_TEXT], end[ISO_TEXT];

	if (wait) {
		refuse_wait(r, s, courriel_fields, "courriel", wait);
		return show(r, s, NULL);
	}
	iso_write(env_now(r->env) + (int64_t)MINUTES * 60 * 1000, end);
	prove.fin = end;
	prove.sceau = tag;
	if (!seal(r, &prove, m.code, tag, e) || !store_write(r->core->store, send_job, &m, e))
		return false;
	frein_fail(f, FREIN_LIEN, req_agent(r)->id);
	return show(r, s, &prove);
}

/* --- step two: the address is theirs ----------------------------------------------- */

static bool change_job(struct tx *tx, void *arg, struct err *e)
{
	const struct sending *m = arg;
	const struct agent *g = req_agent(m->r);
	struct trace line = { .action = TRACE_COURRIEL, .agent = g->id, .session = g->session,
			      .cible = g->id, .structure = g->ici ? g->ici->structure : NULL };
	char now[ISO_TEXT];

	iso_write(env_now(m->r->env), now);
	return (!m->courriel || free_for(tx, m->r, m->courriel, e))
	       && compte_warn(tx, m->r, g->id, N_("L’adresse e-mail de votre compte a été changée."), e)
	       && compte_courriel(tx, g->id, m->courriel, now, NULL, e)
	       && trace_put(tx, m->r->env, &line, e);
}

static bool change(struct req *r, struct res *s, const char *courriel, struct err *e)
{
	struct sending m = { .r = r, .courriel = courriel };

	return store_write(r->core->store, change_job, &m, e)
	       && res_see_other(s, "/agent/compte?fait=courriel");
}

/* Digits as people copy them: "482 913". */
static const char *digits_of(struct arena *a, const char *typed)
{
	char out[DIGITS + 1] = "";
	size_t n = 0;

	for (const char *c = typed; *c && n < DIGITS; c++) {
		if (*c >= '0' && *c <= '9')
			out[n++] = *c;
	}
	return arena_strn(a, out, n);
}

static bool step_two(struct req *r, struct res *s, const struct courriel_in *in, struct err *e)
{
	struct freins *f = entree_freins(r);
	const char *who = req_agent(r)->id;
	int64_t wait = frein_wait(f, FREIN_CODE, who);
	const char *code = digits_of(r->a, in->code_secret ? in->code_secret : "");
	char now[ISO_TEXT], tag[BOX_TAG_TEXT];

	iso_write(env_now(r->env), now);
	if (!in->fin || strcmp(in->fin, now) <= 0) {
		req_refuse(r, courriel_fields, "courriel",
			   N_("Ce code n’est plus valable : trop de temps a passé. Demandez-en un autre."));
		return show(r, s, NULL);
	}
	if (wait) {
		refuse_wait(r, s, courriel_fields, "code_secret", wait);
		return show(r, s, in);
	}
	if (!seal(r, in, code, tag, e))
		return false;
	if (strcmp(tag, in->sceau)) {
		if (*code)                      /* a code is not kept while one logs in again */
			frein_fail(f, FREIN_CODE, who);
		req_refuse(r, courriel_fields, "code_secret",
			   N_("Ce n’est pas le code du message. Recopiez les 6 chiffres du dernier reçu."));
		return show(r, s, in);
	}
	frein_forget(f, FREIN_CODE, who);
	return change(r, s, in->courriel, e);
}

static bool courriel_post(struct req *r, struct res *s, struct err *e)
{
	struct courriel_in in = *(const struct courriel_in *)r->in;
	bool done;

	if (r->nerrors)
		return show(r, s, NULL);
	if (!in.courriel || !*in.courriel)
		return change(r, s, NULL, e);
	in.courriel = courriel_read(r->a, in.courriel, e);
	done = in.courriel && (in.sceau && *in.sceau ? step_two(r, s, &in, e) :
			       step_one(r, s, in.courriel, e));
	if (done || (e->kind != E_CONFLICT && e->kind != E_INPUT))
		return done;
	req_refuse(r, courriel_fields, "courriel", arena_str(r->a, e->msg));
	*e = (struct err){ 0 };
	return show(r, s, NULL);
}

enum { HERE = ROUTE_SLOW | ROUTE_PRIVATE };

const struct route courriel_routes[] = {
	{ GET, "/agent/compte/courriel", courriel_get, &can_agent_proved, NULL, 0,
	  N_("Changer d’adresse e-mail"), HERE, NULL },
	{ POST, "/agent/compte/courriel", courriel_post, &can_agent_proved, courriel_fields,
	  sizeof(struct courriel_in), N_("Changer d’adresse e-mail"), HERE, NULL },
	{ 0 },
};
