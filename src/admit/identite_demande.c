/*
 * POST /agent/identite-inconnue: who was identified by a provider, and has no account, asks the
 * referents of the structure that their SIRET names.  They receive a mail, with the page of
 * invitations already filled; nothing else happens unless they invite.
 */
#include <string.h>

#include "admit/connexion_inside.h"
#include "admit/equipe_request.h"
#include "admit/identite_inside.h"
#include "core/envoi_texte.h"
#include "crypto/sha256.h"
#include "web/html.h"

struct demande {
	struct req *r;
	const struct identite_prouvee *was;
	const struct structure *at;
	const char *link;
	size_t asked;
};

static const char *url_part(struct req *r, const char *s)
{
	CLEANUP(buf_free) struct buf b = buf_new(4 << 10);
	struct html h = { .out = &b, .lang = r->lang };

	html_url_part(&h, s);
	return arena_str(r->a, buf_text(&b));
}

/* The page of invitations, with what the provider said. */
static const char *invitation_link(struct req *r, const char *structure,
				   const struct identite_nom *who)
{
	const char *link = arena_cat(r->a, core_address(r), "/agent/agents/inviter?structure=",
				     structure, "&prenom=", url_part(r, who->prenom), "&nom=",
				     url_part(r, who->nom), NULL);

	return *who->courriel ? arena_cat(r->a, link, "&courriel=", url_part(r, who->courriel), NULL)
		: link;
}

/* Once a day for each referent, however often it is asked. */
static const char *key_of(const struct demande *d, const char *referent)
{
	const char *who = arena_cat(d->r->a, oidc_reglage_of(d->was->v)->issuer, " ", d->was->sujet,
				    NULL);
	char hex[SHA256_HEX];

	sha256_hex(who, strlen(who), hex);
	return arena_printf(d->r->a, "acces:%.16s:%s:%lld", hex, referent,
			    (long long)(env_now(d->r->env) / 86400000));
}

static bool ask_one(struct tx *tx, struct demande *d, const struct agent *g, struct err *e)
{
	const struct lang *l = lang_find(g->langue) ? lang_find(g->langue) : langs[0];
	const char *values[] = { oidc_reglage_of(d->was->v)->nom, d->at->nom, d->link };
	struct envoi m = { .canal = ENVOI_COURRIEL, .destinataire = g->courriel,
			   .structure = d->at->id, .cle = key_of(d, g->id) };
	char id[UUID_TEXT];

	d->asked++;
	return envoi_texte(d->r->a, &d->r->core->site, ENVOI_ACCES, l, values,
			   env_now(d->r->env), &m, e)
	       && envoi_put(tx, &m, id, e);
}

static bool ask_job(struct tx *tx, void *arg, struct err *e)
{
	struct demande *d = arg;
	struct agent *list;
	size_t n;

	if (!agent_list(tx_db(tx), d->r->a, d->at->id, &list, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (list[i].etat == AGENT_ACTIF && list[i].courriel
		    && agent_roles_in(&list[i], d->at->id) & (ROLE_REFERENT | ROLE_ADMIN)
		    && !ask_one(tx, d, &list[i], e))
			return false;
	}
	return true;
}

static bool nobody_to_ask(struct err *e)
{
	fail(e, E_CONFLICT, "%s", N_("Aucun référent de cette structure ne peut être prévenu d’ici."));
	return hint(e, "%s", N_("Demandez-lui une invitation de vive voix, ou par téléphone."));
}

bool inconnue_post(struct req *r, struct res *s, struct err *e)
{
	struct identite_prouvee was;
	struct identite_nom who;
	struct structure at;
	struct demande d = { .r = r, .was = &was, .at = &at };
	bool found;

	if (!identite_waits(r, &was) || !identite_name(r, &who)) {
		fail(e, E_CONFLICT, "%s", N_("Cette identité a été prouvée il y a plus de dix minutes."));
		return hint(e, "%s", N_("Recommencez depuis la page de connexion."));
	}
	if (!identite_structure(r, was.siret, &at, &found, e))
		return false;
	if (!found || !mail_leaves(r))
		return nobody_to_ask(e);
	d.link = invitation_link(r, at.id, &who);
	if (!store_write(r->core->store, ask_job, &d, e))
		return false;
	return d.asked ? inconnue_show(r, s, true, e) : nobody_to_ask(e);
}
