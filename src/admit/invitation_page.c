/* Inviting: one person, by mail or on paper; a list; once more. */
#include "admit/agents_page.h"

#include <string.h>

#include "admit/agent_import.h"
#include "admit/courriel.h"
#include "admit/invitation.htm.h"
#include "core/envoi_texte.h"
#include "format/qr.h"

const struct field invitation_fields[] = {
	{ AT(invitation_entree, structure), .kind = F_TEXT, .max = 40, .label = N_("Structure") },
	{ AT(invitation_entree, prenom), .kind = F_TEXT, .max = 60, .required = true,
	  .label = N_("Prénom"), .missing = N_("Écrivez le prénom") },
	{ AT(invitation_entree, nom), .kind = F_TEXT, .max = 60, .required = true,
	  .label = N_("Nom"), .missing = N_("Écrivez le nom") },
	{ AT(invitation_entree, courriel), .kind = F_TEXT, .max = 254,
	  .label = N_("Adresse e-mail"),
	  .hint = N_("Sans adresse, l’invitation s’imprime sur une feuille à remettre en main propre.") },
	{ AT(invitation_entree, roles), .kind = F_CHOICES, .choices = agent_roles,
	  .label = N_("Rôles") },
	{ 0 },
};

const struct field import_fields[] = {
	{ AT(import_entree, structure), .kind = F_TEXT, .max = 40, .label = N_("Structure") },
	{ AT(import_entree, texte), .kind = F_TEXT, .max = 60000, .required = true,
	  .label = N_("La liste"), .missing = N_("Collez la liste") },
	{ 0 },
};

/* --- the paper --------------------------------------------------------------------------- */

/* Where the code is typed, without "https://": what is copied from paper. */
static const char *short_address(struct req *r)
{
	const char *base = core_address(r), *after = strstr(base, "://");

	return arena_cat(r->a, after ? after + 3 : base, "/agent/bienvenue", NULL);
}

static struct invitation_view paper_of(struct req *r, const struct invitation *i,
				       const struct invited *who, const char *structure,
				       const struct lien_secret *s, int minutes)
{
	int64_t until = env_now(r->env) + (int64_t)minutes * 60 * 1000;
	char iso[ISO_TEXT];

	iso_write(until, iso);
	return (struct invitation_view){
		.prenom = i->prenom, .nom = i->nom, .identifiant = who->identifiant,
		.structure = structure, .courriel = i->courriel, .agent = who->agent,
		.adresse = arena_cat(r->a, core_address(r),
				     lien_path(r->a, LIEN_INVITATION, s->code), NULL),
		.court = short_address(r), .code = lien_shown(r->a, s->code),
		.jusqu = day_text(r, iso),
	};
}

static bool add_qr(struct req *r, struct invitation_view *v, struct err *e)
{
	return qr_make(r->a, v->adresse, &v->qr, e);
}

static bool show_paper(struct req *r, struct res *s, struct invitation_view *v, struct err *e)
{
	struct page page = page_for(r, v->mail ? N_("L’invitation est partie") :
				    N_("Invitation à remettre"));
	struct html h = page_html(r, s);

	if (!v->mail && !add_qr(r, v, e))
		return false;
	s->cache = CACHE_NO_STORE;
	invitation_done_page(&h, &page, v);
	return true;
}

/* --- by mail ------------------------------------------------------------------------------- */

/* What a job of invitation needs. */
struct inviting {
	struct req *r;
	struct invitation i;
	struct lien_secret s;
	struct invited out;
	struct structure structure;
};

/* The mail leaves if and only if the invitation is written. */
static bool put_mail(struct equipe *q, struct req *r, const char *courriel,
		     const char *structure, const struct lien_secret *s, struct err *e)
{
	const struct agent *by = req_agent(r);
	struct envoi m = { .canal = ENVOI_COURRIEL, .destinataire = courriel };
	const char *const values[ENVOI_VALUES] = {
		arena_cat(q->a, by->prenom, " ", by->nom, NULL), structure,
		arena_cat(q->a, core_address(r), lien_path(q->a, LIEN_INVITATION, s->code), NULL),
		"7",
	};
	char id[UUID_TEXT];

	return envoi_texte(q->a, &r->core->site, ENVOI_INVITATION, q->lang, values,
			   env_now(q->env), &m, e)
	       && envoi_put(q->tx, &m, id, e);
}

static bool invite(struct equipe *q, void *arg, struct err *e)
{
	struct inviting *v = arg;

	return equipe_invite(q, &v->i, &v->s, &v->out, e)
	       && (v->out.known || !v->i.courriel || !mail_leaves(v->r)
		   || put_mail(q, v->r, v->i.courriel, v->structure.nom, &v->s, e));
}

/* --- the form ------------------------------------------------------------------------------ */

static bool show_form(struct req *r, struct res *s, const struct structure *st,
		      const struct invitation_entree *in)
{
	struct page page = page_for(r, title_of(r, N_("Inviter quelqu’un"), st->nom));
	struct html h = page_html(r, s);

	invitation_form_page(&h, &page, r, st, in,
			     equipe_roles_to_give(req_agent(r), st->id));
	return true;
}

bool invite_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct invitation_entree *in = r->in;
	struct structure st;

	r->nerrors = 0;
	return db_acquire(r->core->store, &db, e) && equipe_structure(r, db, in->structure, &st, e)
	       && show_form(r, s, &st, in);
}

static void check_invitation(struct req *r, struct inviting *v)
{
	const struct invitation_entree *in = r->in;
	struct err why = { 0 };

	v->i = (struct invitation){ in->prenom, in->nom, NULL, v->structure.id,
				    (unsigned)in->roles };
	if (in->courriel && !(v->i.courriel = courriel_read(r->a, in->courriel, &why)))
		req_refuse(r, invitation_fields, "courriel",
			   arena_cat(r->a, tr(r->lang, why.msg), " ", tr(r->lang, why.hint), NULL));
	if (!v->i.roles)
		req_refuse(r, invitation_fields, "roles",
			   tr(r->lang, N_("Choisissez au moins un rôle.")));
}

static bool invited(struct req *r, struct res *s, const struct inviting *v, struct err *e)
{
	struct invitation_view paper;

	if (v->out.known)
		return res_see_other(s, arena_cat(r->a, "/agent/agents/", v->out.agent,
						  "?fait=ajoute", NULL));
	paper = paper_of(r, &v->i, &v->out, v->structure.nom, &v->s, LIEN_INVITATION_MIN);
	paper.mail = v->i.courriel && mail_leaves(r);
	return show_paper(r, s, &paper, e);
}

bool invite_send(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct invitation_entree *in = r->in;
	struct inviting v = { .r = r };

	if (!db_acquire(r->core->store, &db, e)
	    || !equipe_structure(r, db, in->structure, &v.structure, e))
		return false;
	db_release(&db);
	check_invitation(r, &v);
	if (r->nerrors)
		return show_form(r, s, &v.structure, in);
	if (!lien_draw(r->core->signer, r->env, &v.s, e))
		return false;
	if (equipe_do(r, invite, &v, e))
		return invited(r, s, &v, e);
	if (e->kind != E_CONFLICT && e->kind != E_INPUT)
		return false;
	req_refuse(r, invitation_fields, v.i.courriel ? "courriel" : "nom",
		   arena_cat(r->a, tr(r->lang, e->msg), *e->hint ? " " : "",
			     tr(r->lang, e->hint), NULL));
	return show_form(r, s, &v.structure, in);
}

/* --- once more: always on paper, for whose mail did not come ---------------------------------- */

static bool again(struct equipe *q, void *arg, struct err *e)
{
	struct inviting *v = arg;

	return equipe_invite_again(q, v->out.agent, &v->s, e);
}

bool invite_again(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct inviting v = { .r = r };
	struct invitation_view paper;
	struct agent g;

	if (!db_acquire(r->core->store, &db, e) || !equipe_asked(r, db, &g, e))
		return false;
	db_release(&db);
	v.out = (struct invited){ g.id, g.identifiant, false };
	v.i = (struct invitation){ g.prenom, g.nom, NULL, NULL, 0 };
	if (!lien_draw(r->core->signer, r->env, &v.s, e) || !equipe_do(r, again, &v, e))
		return false;
	paper = paper_of(r, &v.i, &v.out, g.nplaces ? g.places[0].nom : "", &v.s,
			 LIEN_INVITATION_MIN);
	return show_paper(r, s, &paper, e);
}

/* --- who lost everything --------------------------------------------------------------------- */

static bool find_lost(struct req *r, struct agent *g, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(r->core->store, &db, e) && equipe_asked(r, db, g, e);
}

bool access_page(struct req *r, struct res *s, struct err *e)
{
	struct html h = page_html(r, s);
	struct page page;
	struct agent g;

	if (!find_lost(r, &g, e))
		return false;
	page = page_for(r, title_of(r, N_("Redonner un accès"),
				    arena_cat(r->a, g.prenom, " ", g.nom, NULL)));
	access_form_page(&h, &page, &g);
	return true;
}

/* Whose account it is hears of it, where mail can tell them. */
static bool tell_change(struct equipe *q, struct req *r, const struct agent *g, struct err *e)
{
	struct envoi m = { .canal = ENVOI_COURRIEL, .destinataire = g->courriel };
	char now[ISO_TEXT], id[UUID_TEXT];

	iso_write(env_now(q->env), now);

	const char *const values[ENVOI_VALUES] = {
		tr(q->lang, N_("Un nouvel accès à votre compte vient d’être donné par votre "
			       "référent.")), day_text(r, now),
	};

	if (!g->courriel || !mail_leaves(r))
		return true;
	return envoi_texte(q->a, &r->core->site, ENVOI_COMPTE_CHANGE, q->lang, values,
			   env_now(q->env), &m, e)
	       && envoi_put(q->tx, &m, id, e);
}

struct giving {
	struct req *r;
	struct agent g;
	struct lien_secret s;
};

static bool give_access(struct equipe *q, void *arg, struct err *e)
{
	struct giving *v = arg;

	return equipe_give_access(q, v->g.id, &v->s, e) && tell_change(q, v->r, &v->g, e);
}

bool access_give(struct req *r, struct res *s, struct err *e)
{
	struct giving v = { .r = r };
	struct invitation_view paper;

	if (!find_lost(r, &v.g, e) || !lien_draw(r->core->signer, r->env, &v.s, e)
	    || !equipe_do(r, give_access, &v, e))
		return false;
	paper = paper_of(r, &(struct invitation){ .prenom = v.g.prenom, .nom = v.g.nom },
			 &(struct invited){ v.g.id, v.g.identifiant, true },
			 v.g.nplaces ? v.g.places[0].nom : "", &v.s, LIEN_SECOURS_MIN);
	return show_paper(r, s, &paper, e);
}

/* --- a list --------------------------------------------------------------------------------- */

struct importing {
	struct req *r;
	struct import m;
	const char *structure;
};

static bool import_all(struct equipe *q, void *arg, struct err *e)
{
	struct importing *v = arg;

	if (!import_write(q, &v->m, e))
		return false;
	for (size_t i = 0; i < v->m.n; i++) {
		const struct import_line *l = &v->m.lines[i];

		if (!l->refus && !l->out.known && l->i.courriel && mail_leaves(v->r)
		    && !put_mail(q, v->r, l->i.courriel, v->structure, &l->s, e))
			return false;
	}
	return true;
}

static bool show_import(struct req *r, struct res *s, const struct structure *st)
{
	struct page page = page_for(r, title_of(r, N_("Inviter une liste"), st->nom));
	struct html h = page_html(r, s);

	import_form_page(&h, &page, r, st, r->in);
	return true;
}

bool import_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct import_entree *in = r->in;
	struct structure st;

	r->nerrors = 0;
	return db_acquire(r->core->store, &db, e) && equipe_structure(r, db, in->structure, &st, e)
	       && show_import(r, s, &st);
}

/* A sheet for each who is not told by mail. */
static bool report(struct req *r, struct res *s, const struct structure *st,
		   const struct importing *v, struct err *e)
{
	struct invitation_view *papers = NEW_ARRAY(r->a, v->m.n, struct invitation_view);
	struct page page = page_for(r, N_("Liste invitée"));
	struct html h = page_html(r, s);
	size_t n = 0;

	if (!papers)
		return arena_refuse(r->a, e);
	for (size_t i = 0; i < v->m.n; i++) {
		const struct import_line *l = &v->m.lines[i];

		if (l->refus || l->out.known || (l->i.courriel && mail_leaves(r)))
			continue;
		papers[n] = paper_of(r, &l->i, &l->out, st->nom, &l->s, LIEN_INVITATION_MIN);
		if (!add_qr(r, &papers[n++], e))
			return false;
	}
	s->cache = CACHE_NO_STORE;
	import_done_page(&h, &page, st, &v->m, papers, n);
	return true;
}

bool import_send(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct import_entree *in = r->in;
	struct importing v = { .r = r };
	struct structure st;

	if (!db_acquire(r->core->store, &db, e) || !equipe_structure(r, db, in->structure, &st, e))
		return false;
	db_release(&db);
	v.structure = st.nom;
	if (r->nerrors)
		return show_import(r, s, &st);
	if (!import_read(r->a, r->lang, tr(r->lang, N_("liste")), in->texte, strlen(in->texte),
			 st.id, &v.m, e)) {
		req_refuse(r, import_fields, "texte", arena_cat(r->a, tr(r->lang, e->msg), " ",
								tr(r->lang, e->hint), NULL));
		return show_import(r, s, &st);
	}
	if (!import_draw(r->core->signer, r->env, &v.m, e))
		return false;
	return equipe_do(r, import_all, &v, e) && report(r, s, &st, &v, e);
}
