/* /agent/premier/{jeton}: the first administrator says who they are, then goes on as anyone
 * who is invited. */
#include "admit/agents_page.h"

#include "admit/courriel.h"
#include "admit/premier.htm.h"

const struct field premier_fields[] = {
	{ AT(premier_entree, prenom), .kind = F_TEXT, .max = 60, .required = true,
	  .label = N_("Votre prénom"), .missing = N_("Écrivez votre prénom") },
	{ AT(premier_entree, nom), .kind = F_TEXT, .max = 60, .required = true,
	  .label = N_("Votre nom"), .missing = N_("Écrivez votre nom") },
	{ AT(premier_entree, courriel), .kind = F_TEXT, .max = 254,
	  .label = N_("Votre adresse e-mail"),
	  .hint = N_("Sans adresse, vous vous connecterez avec un identifiant.") },
	{ AT(premier_entree, structure), .kind = F_TEXT, .max = 120, .required = true,
	  .label = N_("Votre structure"), .hint = N_("Celle qui tient ce site : Département, hub, "
						     "CCAS…"),
	  .missing = N_("Écrivez le nom de votre structure") },
	{ AT(premier_entree, type), .kind = F_CHOICE, .choices = structure_types, .required = true,
	  .label = N_("Type"), .missing = N_("Choisissez le type de la structure") },
	{ 0 },
};

static bool show_form(struct req *r, struct res *s)
{
	struct page page = page_for(r, N_("Premier administrateur"));
	struct html h = page_html(r, s);

	premier_form_page(&h, &page, r, r->method == POST ? r->in : NULL);
	return true;
}

static bool look(struct req *r, char tag[BOX_TAG_TEXT], struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct lien lien;

	if (!db_acquire(r->core->store, &db, e) || !lien_tag(r->core->signer, r->params[0], tag, e)
	    || !lien_look(db, r->a, r->env, tag, &lien, e))
		return hint(e, "%s", N_("Sur le serveur, « tremplin agent premier » en écrit un "
					"autre, tant qu’il n’y a pas d’administrateur."));
	if (lien.sorte == LIEN_PREMIER)
		return true;
	return fail(e, E_MISSING, "%s", N_("Ce lien n’est pas celui du premier administrateur."));
}

bool premier_page(struct req *r, struct res *s, struct err *e)
{
	char tag[BOX_TAG_TEXT];

	r->nerrors = 0;
	return look(r, tag, e) && show_form(r, s);
}

struct beginning {
	struct req *r;
	const char *tag;
	struct premier p;
	struct lien_secret s;
	struct invited out;
};

static bool begin(struct equipe *q, void *arg, struct err *e)
{
	struct beginning *b = arg;
	struct lien lien;

	return lien_use(q->tx, q->a, q->env, b->tag, &lien, e)
	       && equipe_first(q, &b->p, &b->s, &b->out, e);
}

bool premier_send(struct req *r, struct res *s, struct err *e)
{
	const struct premier_entree *in = r->in;
	struct err why = { 0 };
	char tag[BOX_TAG_TEXT];
	struct beginning b = {
		.r = r, .tag = tag,
		.p = { in->prenom, in->nom, NULL, in->structure, in->type },
	};

	if (!look(r, tag, e))
		return false;
	if (in->courriel && !(b.p.courriel = courriel_read(r->a, in->courriel, &why)))
		req_refuse(r, premier_fields, "courriel",
			   arena_cat(r->a, tr(r->lang, why.msg), " ", tr(r->lang, why.hint), NULL));
	if (r->nerrors)
		return show_form(r, s);
	if (!lien_draw(r->core->signer, r->env, &b.s, e) || !equipe_do(r, begin, &b, e))
		return false;
	return res_see_other(s, lien_path(r->a, LIEN_INVITATION, b.s.code));
}
