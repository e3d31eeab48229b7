/* /agent/identites: what outside identities open one's account; linking, separating. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admit/compte.h"
#include "admit/connexion_inside.h"
#include "admit/equipe_request.h"
#include "admit/identite_inside.h"
#include "admit/oidc.htm.h"
#include "base/utf8.h"
#include "web/message.h"
#include "web/session.h"

static const char waiting_key[] = ".identite", name_key[] = ".identite-nom";

enum { PARTS = 4, NAME_MOST = 60, MAIL_MOST = 254 };

const struct field identite_fields[] = {
	{ AT(identite_in, fournisseur), .kind = F_TEXT, .max = 1000, .required = true,
	  .label = N_("Fournisseur") },
	{ AT(identite_in, sujet), .kind = F_TEXT, .max = OIDC_SUB_MOST, .required = true,
	  .label = N_("Identité") },
	{ 0 },
};

/* --- what waits ------------------------------------------------------------------------------ */

/* The beginning of a name, in whole characters. */
static const char *name_of(struct req *r, const char *said)
{
	char text[NAME_MOST + 1];

	snprintf(text, sizeof text, "%s", said ? said : "");
	utf8_trim_end(text);
	return arena_str(r->a, text);
}

void identite_wait(struct req *r, const struct oidc_provider *v, const struct oidc_claims *who)
{
	const char *mail = who->courriel;

	session_set(r->session, r->a, waiting_key,
		    arena_printf(r->a, "%s %" PRId64 " %s %s", oidc_reglage_of(v)->chemin,
				 env_now(r->env), *who->siret ? who->siret : "-", who->sub));
	session_set(r->session, r->a, name_key,
		    arena_cat(r->a, name_of(r, who->prenom), "\n", name_of(r, who->nom), "\n",
			      mail && strlen(mail) <= MAIL_MOST ? mail : "", NULL));
}

static void forget(struct req *r)
{
	session_set(r->session, r->a, waiting_key, NULL);
	session_set(r->session, r->a, name_key, NULL);
}

bool identite_name(struct req *r, struct identite_nom *out)
{
	const char *text = session_get(r->session, name_key), *part[3];

	for (int i = 0; text && i < 3; i++) {
		size_t n = strcspn(text, "\n");

		part[i] = arena_strn(r->a, text, n);
		text += n + (text[n] == '\n');
	}
	if (text)
		*out = (struct identite_nom){ part[0], part[1], part[2] };
	return text != NULL;
}

bool identite_waits(struct req *r, struct identite_prouvee *out)
{
	const char *text = session_get(r->session, waiting_key), *part[PARTS];
	int64_t age;

	for (int i = 0; text && i < PARTS; i++) {
		size_t n = i < PARTS - 1 ? strcspn(text, " ") : strlen(text);

		part[i] = arena_strn(r->a, text, n);
		text += n + (text[n] == ' ');
	}
	if (!text)
		return false;
	age = env_now(r->env) - strtoll(part[1], NULL, 10);
	*out = (struct identite_prouvee){ oidc_find(r->core->oidc, part[0]), part[3],
					  strcmp(part[2], "-") ? part[2] : "" };
	return out->v && *out->sujet && age >= 0 && age < OIDC_LOGIN_MS;
}

bool identite_structure(struct req *r, const char *siret, struct structure *out, bool *found,
			struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	*found = false;
	if (!*siret)
		return true;
	if (!db_acquire(r->core->store, &db, e)
	    || !structure_by_siret(db, r->a, siret, out, found, e))
		return false;
	*found = *found && out->etat == STRUCTURE_ACTIVE;
	return true;
}

bool inconnue_show(struct req *r, struct res *s, bool faite, struct err *e)
{
	struct page page = admit_page(r, s, N_("Nous ne connaissons pas encore cette identité"));
	struct html h = page_html(r, s);
	struct inconnue_view v = { .page = &page, .faite = faite };
	struct identite_prouvee was;
	struct structure at;
	bool found;

	if (!identite_waits(r, &was))
		return res_see_other(s, "/agent/connexion");
	if (!identite_structure(r, was.siret, &at, &found, e))
		return false;
	v.nom = oidc_reglage_of(was.v)->nom;
	v.structure = found ? at.nom : NULL;
	v.demande = found && !faite && mail_leaves(r);
	inconnue_page(&h, &v);
	return true;
}

bool inconnue_get(struct req *r, struct res *s, struct err *e)
{
	return inconnue_show(r, s, false, e);
}

/* --- mine ------------------------------------------------------------------------- */

static const char *done_words(struct req *r)
{
	const char *fait = req_typed(r, "fait");

	if (fait && !strcmp(fait, "liee"))
		return tr(r->lang, N_("Cette identité ouvre maintenant votre compte."));
	if (fait && !strcmp(fait, "retiree"))
		return tr(r->lang, N_("Cette identité n’ouvre plus votre compte."));
	return NULL;
}

static bool fill_lines(struct req *r, struct identites_view *v, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct identite_ligne *l;
	struct identite *list;

	if (!db_acquire(r->core->store, &db, e)
	    || !identite_list(db, r->a, req_agent(r)->id, &list, &v->n, e))
		return false;
	v->l = l = NEW_ARRAY(r->a, v->n + 1, struct identite_ligne);
	for (size_t i = 0; l && i < v->n; i++) {
		const struct oidc_provider *p = oidc_by_issuer(r->core->oidc, list[i].fournisseur);

		l[i] = (struct identite_ligne){
			&list[i], p ? oidc_reglage_of(p)->nom : list[i].fournisseur,
			day_text(r, list[i].liee_le),
			list[i].vue_le ? day_text(r, list[i].vue_le) : NULL,
		};
	}
	return l || arena_refuse(r->a, e);
}

bool identites_get(struct req *r, struct res *s, struct err *e)
{
	struct page page = admit_page(r, s, N_("Mes identités extérieures"));
	struct html h = page_html(r, s);
	struct identites_view v = { .r = r, .page = &page, .oidc = r->core->oidc,
				    .fait = done_words(r) };
	struct identite_prouvee waits;

	if (!fill_lines(r, &v, e))
		return false;
	if (identite_waits(r, &waits))
		v.attente = oidc_reglage_of(waits.v)->nom;
	identites_page(&h, &v);
	return true;
}

/* --- linking ---------------------------------------------------------------------- */

bool lier_get(struct req *r, struct res *s, struct err *e)
{
	struct page page = admit_page(r, s, N_("Relier cette identité à votre compte ?"));
	struct html h = page_html(r, s);
	struct lier_view v = { .page = &page, .g = req_agent(r), .qui = "", .courriel = "" };
	struct identite_prouvee was;
	struct identite_nom who;

	(void)e;
	if (!identite_waits(r, &was))
		return res_see_other(s, "/agent/identites");
	v.nom = oidc_reglage_of(was.v)->nom;
	if (identite_name(r, &who)) {
		v.qui = arena_cat(r->a, who.prenom, *who.prenom && *who.nom ? " " : "", who.nom,
				  NULL);
		v.courriel = who.courriel;
	}
	lier_page(&h, &v);
	return true;
}

struct linking {
	struct req *r;
	struct identite_acte x;
	bool (*verb)(struct tx *tx, const struct env *env, struct arena *a,
		     const struct identite_acte *x, struct err *e);
	const char *says;               /* in the mail that warns */
};

static bool link_job(struct tx *tx, void *arg, struct err *e)
{
	const struct linking *k = arg;

	return k->verb(tx, k->r->env, k->r->a, &k->x, e)
	       && compte_warn(tx, k->r, k->x.par->id, k->says, e);
}

bool lier_post(struct req *r, struct res *s, struct err *e)
{
	struct identite_prouvee was;
	struct linking k = { .r = r, .verb = identite_link,
		.says = N_("Une identité extérieure (ProConnect…) a été reliée à votre compte.") };

	if (!identite_waits(r, &was)) {
		fail(e, E_CONFLICT, "%s", N_("Cette identité a été prouvée il y a plus de dix minutes."));
		return hint(e, "%s", N_("Recommencez depuis « Mes identités extérieures »."));
	}
	k.x = (struct identite_acte){ req_agent(r), oidc_reglage_of(was.v)->issuer, was.sujet,
				      oidc_reglage_of(was.v)->nom };
	if (!store_write(r->core->store, link_job, &k, e))
		return false;
	forget(r);
	return res_see_other(s, "/agent/identites?fait=liee");
}

bool retirer_post(struct req *r, struct res *s, struct err *e)
{
	const struct identite_in *in = r->in;
	const struct oidc_provider *v = in->fournisseur ?
		oidc_by_issuer(r->core->oidc, in->fournisseur) : NULL;
	struct linking k = { .r = r, .verb = identite_unlink,
		.says = N_("Une identité extérieure (ProConnect…) a été séparée de votre compte.") };

	if (r->nerrors)
		return fail(e, E_INPUT, "%s", r->errors[0].msg);
	k.x = (struct identite_acte){ req_agent(r), in->fournisseur, in->sujet,
				      v ? oidc_reglage_of(v)->nom : in->fournisseur };
	return store_write(r->core->store, link_job, &k, e)
	       && res_see_other(s, "/agent/identites?fait=retiree");
}
