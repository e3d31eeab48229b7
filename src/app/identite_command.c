#include "app/identite_command.h"

#include "admit/oidc.h"
#include "app/config.h"
#include "app/outside.h"

enum { MEMORY = 4 << 20 };

struct checking {
	struct call *c;
	struct arena a;
	struct core core;
	struct oidc *oidc;
	bool sound;
};

static void checking_end(struct checking *k)
{
	oidc_free(&k->oidc);
	remote_close(&k->core.remote);
	arena_free(&k->a);
}

static void say(struct checking *k, bool good, const char *what, const char *more)
{
	fprintf(k->c->out, "  %s %s%s%s\n", good ? "ok " : "NON", what, *more ? " : " : "", more);
	k->sound = k->sound && good;
}

/* The file of the secret, as the sender will read it. */
static void check_secret(struct checking *k, const struct oidc_reglage *p)
{
	const char *file = p->secret[0] == '/' ? p->secret
		: arena_cat(&k->a, call_option(k->c, "--data"), "/", p->secret, NULL);
	struct err e = { 0 };
	bool good = remote_load_secret(k->core.remote, arena_cat(&k->a, "essai-", p->chemin, NULL),
				       file, "", &e);

	say(k, good, good ? "le secret se lit" : "le secret ne se lit pas", "");
}

static void check_one(struct checking *k, struct oidc_provider *v)
{
	const struct oidc_reglage *p = oidc_reglage_of(v);
	struct oidc_endpoints x;
	struct err e = { 0 };
	size_t keys = 0;
	bool pkce;

	fprintf(k->c->out, "%s (%s)\n", p->nom, p->issuer);
	fprintf(k->c->out, "  adresse de retour à déclarer : %s/agent/oidc/%s/retour\n",
		k->core.site.adresse, p->chemin);
	fprintf(k->c->out, "  adresse après déconnexion :    %s/agent/oidc/%s/sortie\n",
		k->core.site.adresse, p->chemin);
	check_secret(k, p);
	if (!oidc_try(v, &k->core, &k->a, &x, &keys, &e)) {
		say(k, false, e.msg, "");
		return;
	}
	say(k, true, "sa configuration est lue et acceptée", "");
	if (p->alg != JOSE_HS256)
		say(k, true, "clés qui peuvent signer", arena_printf(&k->a, "%zu", keys));
	pkce = p->pkce == OIDC_PKCE_OUI || (p->pkce == OIDC_PKCE_AUTO && x.pkce);
	say(k, true, "PKCE", pkce ? "oui" : "non, remplacé par le nonce");
	say(k, true, "description de la personne", p->userinfo == OIDC_USERINFO_SIGNE ?
	    "signature exigée" : p->userinfo == OIDC_USERINFO_NON ? "non demandée" : "sans signature");
	say(k, true, "second facteur vu par lui", p->mfa ? "cru" : "non cru : le nôtre est demandé");
}

static bool run_check(struct call *c, struct err *e)
{
	CLEANUP(checking_end) struct checking k = { .c = c, .a = arena_new(MEMORY), .sound = true,
						    .core = { .env = c->env } };
	const char *dir = call_option(c, "--data");

	if (!config_read(&k.a, dir, &k.core.site, e)
	    || !outside_open(dir, &k.core.site, &k.a, &k.core.remote, e)
	    || !oidc_new(k.core.site.oidc, &k.oidc, e))
		return false;
	if (!k.oidc) {
		fail(e, E_INPUT, "aucun fournisseur d’identité n’est réglé.");
		return hint(e, "docs/connexion-proconnect.md");
	}
	for (int i = 0; oidc_nth(k.oidc, i); i++)
		check_one(&k, oidc_find(k.oidc, oidc_reglage_of(oidc_nth(k.oidc, i))->chemin));
	return k.sound || fail(e, E_REMOTE, "un fournisseur d’identité n’est pas prêt.");
}

static const struct command_option check_options[] = {
	{ "--data", "DIR", "le dossier de données", true },
	{ 0 },
};

const struct command identite_commands[] = {
	{ .words = "identite check", .summary = "Essaie les fournisseurs d’identité réglés (ProConnect…)",
	  .example = "tremplin identite check --data /var/lib/tremplin",
	  .options = check_options, .run = run_check },
	{ 0 },
};
