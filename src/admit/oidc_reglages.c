#include "admit/oidc_reglages.h"

#include <ctype.h>
#include <string.h>

#define AT_OF(m) offsetof(struct oidc_reglage, m)

static const struct key {
	const char *name;
	size_t at;
} keys[] = {
	{ "modele", AT_OF(modele_) }, { "issuer", AT_OF(issuer) },
	{ "client_id", AT_OF(client_id) }, { "secret", AT_OF(secret) }, { "nom", AT_OF(nom) },
	{ "chemin", AT_OF(chemin) }, { "scopes", AT_OF(scopes) }, { "alg", AT_OF(alg_) },
	{ "userinfo", AT_OF(userinfo_) }, { "pkce", AT_OF(pkce_) }, { "mfa", AT_OF(mfa_) },
	{ "deconnexion", AT_OF(deconnexion_) }, { "origines", AT_OF(origines) },
};
enum { KEYS = sizeof keys / sizeof *keys, CHEMIN_MOST = 30, ADDRESS_MOST = 1000 };

/* The provider that "oidc_x", "oidc2_x"... speaks of, and x; -1. */
static int provider_of(const char *name, const char **key)
{
	int i = 0;

	if (strncmp(name, "oidc", 4))
		return -1;
	name += 4;
	if (*name >= '2' && *name < '1' + OIDC_PROVIDERS)
		i = *name++ - '1';
	if (*name != '_')
		return -1;
	*key = name + 1;
	return i;
}

static bool unknown_key(const char *name, struct err *e)
{
	fail(e, E_INPUT, "« %s » n’est pas un réglage.", name);
	return hint(e, "Pour un fournisseur d’identité : oidc_modele, issuer, client_id, secret, nom, "
		    "chemin, scopes, alg, userinfo, pkce, mfa, deconnexion, origines.");
}

bool oidc_reglage_set(struct arena *a, struct oidc_reglages *r, const char *name,
		      const char *value, bool *ours, struct err *e)
{
	const char *key = NULL;
	int i = provider_of(name, &key);

	*ours = i >= 0;
	if (!*ours)
		return true;
	for (int k = 0; k < KEYS; k++) {
		if (!strcmp(keys[k].name, key)) {
			*(const char **)((char *)&r->p[i] + keys[k].at) =
				*value ? arena_str(a, value) : NULL;
			return true;
		}
	}
	return unknown_key(name, e);
}

/* --- addresses ------------------------------------------------------------------------------ */

static bool is_here(const char *host)
{
	static const char *const here[] = { "127.0.0.1", "[::1]", "localhost" };

	for (int i = 0; i < 3; i++) {
		size_t n = strlen(here[i]);

		if (!strncmp(host, here[i], n) && (!host[n] || strchr(":/?", host[n])))
			return true;
	}
	return false;
}

bool oidc_address_is_safe(const char *url)
{
	const char *host, *stop;

	if (!url || strlen(url) > ADDRESS_MOST)
		return false;
	for (const char *p = url; *p; p++) {
		if (*p <= ' ' || *p > '~' || strchr("#\\\"<>^`{|}", *p))
			return false;
	}
	host = !strncmp(url, "https://", 8) ? url + 8 : !strncmp(url, "http://", 7) ? url + 7 : NULL;
	if (!host || !*host || strchr("/?:", *host))
		return false;
	stop = host + strcspn(host, "/?");
	return !memchr(host, '@', (size_t)(stop - host)) && (url[4] == 's' || is_here(host));
}

static const char *origin_of(struct arena *a, const char *url)
{
	const char *host = strstr(url, "://") + 3;

	return arena_strn(a, url, (size_t)(host - url) + strcspn(host, "/?"));
}

const char *oidc_reglage_origins(struct arena *a, const struct oidc_reglage *p)
{
	const char *own = origin_of(a, p->issuer);

	return p->origines ? arena_cat(a, own, " ", p->origines, NULL) : own;
}

const char *oidc_reglages_origins(struct arena *a, const struct oidc_reglages *r)
{
	const char *all = "";

	for (int i = 0; i < OIDC_PROVIDERS; i++) {
		if (r->p[i].issuer)
			all = arena_cat(a, all, *all ? " " : "", oidc_reglage_origins(a, &r->p[i]),
					NULL);
	}
	return all;
}

/* --- checks --------------------------------------------------------------------------------- */

static const char *key_name(struct arena *a, int i, const char *key)
{
	return i ? arena_printf(a, "oidc%d_%s", i + 1, key) : arena_cat(a, "oidc_", key, NULL);
}

/* One of the words, or the usual one when nothing was written; -1. */
static int word_of(const char *said, const char *const *words, int usual)
{
	if (!said)
		return usual;
	for (int i = 0; words[i]; i++) {
		if (!strcmp(said, words[i]))
			return i;
	}
	return -1;
}

static bool bad_word(struct arena *a, int i, const char *key, const char *said,
		     const char *words, struct err *e)
{
	return fail(e, E_INPUT, "« %s » vaut %s, pas « %s ».", key_name(a, i, key), words, said);
}

static bool set_words(struct arena *a, int i, struct oidc_reglage *p, struct err *e)
{
	static const char *const pkce[] = { "auto", "oui", "non", NULL };
	static const char *const userinfo[] = { "signe", "simple", "non", NULL };
	static const char *const yes[] = { "non", "oui", NULL };
	int w;

	if (p->modele_ && strcmp(p->modele_, "proconnect"))
		return bad_word(a, i, "modele", p->modele_, "proconnect", e);
	p->proconnect = p->modele_ != NULL;
	p->alg = p->alg_ ? jose_alg_named(p->alg_) : JOSE_RS256;
	if (p->alg == JOSE_NO_ALG)
		return bad_word(a, i, "alg", p->alg_, "RS256, ES256 ou HS256", e);
	/* ProConnect refuses every parameter that it does not list (error Y000400) */
	if ((w = word_of(p->pkce_, pkce, p->proconnect ? OIDC_PKCE_NON : OIDC_PKCE_AUTO)) < 0)
		return bad_word(a, i, "pkce", p->pkce_, "auto, oui ou non", e);
	p->pkce = (enum oidc_pkce)w;
	if ((w = word_of(p->userinfo_, userinfo,
			 p->proconnect ? OIDC_USERINFO_SIGNE : OIDC_USERINFO_SIMPLE)) < 0)
		return bad_word(a, i, "userinfo", p->userinfo_, "signe, simple ou non", e);
	p->userinfo = (enum oidc_userinfo)w;
	if ((w = word_of(p->mfa_, yes, 0)) < 0)
		return bad_word(a, i, "mfa", p->mfa_, "oui ou non", e);
	p->mfa = w;
	if ((w = word_of(p->deconnexion_, yes, 1)) < 0)
		return bad_word(a, i, "deconnexion", p->deconnexion_, "oui ou non", e);
	p->deconnexion = w;
	return true;
}

static void set_usual(struct arena *a, int i, struct oidc_reglage *p)
{
	if (!p->nom)
		p->nom = p->proconnect ? "ProConnect" : "votre organisation";
	if (!p->chemin)
		p->chemin = p->proconnect ? "proconnect" : arena_printf(a, "fournisseur-%d", i + 1);
	if (!p->scopes)
		p->scopes = p->proconnect ? "openid given_name usual_name email siret"
			: "openid profile email";
	if (!p->secret)
		p->secret = arena_cat(a, "cles/", key_name(a, i, "secret"), NULL);
}

static bool is_path_word(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n && n <= CHEMIN_MOST && !s[n];
}

static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)) != NULL; p += n) {
		if ((p == list || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	}
	return false;
}

static bool check_one(struct arena *a, int i, struct oidc_reglage *p, struct err *e)
{
	if (!oidc_address_is_safe(p->issuer) || strchr(p->issuer, '?'))
		return fail(e, E_INPUT, "« %s » est une adresse https://, telle que le fournisseur "
			    "l’écrit, pas « %.150s ».", key_name(a, i, "issuer"), p->issuer);
	if (!p->client_id) {
		fail(e, E_INPUT, "« %s » manque.", key_name(a, i, "client_id"));
		return hint(e, "Recopiez l’identifiant que le fournisseur a donné à ce site.");
	}
	if (!set_words(a, i, p, e))
		return false;
	set_usual(a, i, p);
	if (!is_path_word(p->chemin))
		return fail(e, E_INPUT, "« %s » est un mot de 30 lettres minuscules, chiffres ou traits "
			    "d’union au plus.", key_name(a, i, "chemin"));
	if (!has_word(p->scopes, "openid"))
		return fail(e, E_INPUT, "« %s » doit contenir openid.", key_name(a, i, "scopes"));
	return true;
}

static bool check_distinct(const struct oidc_reglages *r, int i, struct err *e)
{
	for (int k = 0; k < i; k++) {
		const struct oidc_reglage *p = &r->p[k], *q = &r->p[i];

		if (p->issuer && (!strcmp(p->chemin, q->chemin) || !strcmp(p->issuer, q->issuer)))
			return fail(e, E_INPUT, "Deux fournisseurs d’identité ont le même oidc_chemin ou le "
				    "même oidc_issuer.");
	}
	return true;
}

bool oidc_reglages_check(struct arena *a, struct oidc_reglages *r, const char *adresse,
			 struct err *e)
{
	for (int i = 0; i < OIDC_PROVIDERS; i++) {
		struct oidc_reglage *p = &r->p[i];

		if (!p->issuer && p->client_id)
			return fail(e, E_INPUT, "« %s » manque.", key_name(a, i, "issuer"));
		if (!p->issuer)
			continue;
		if (!*adresse) {
			fail(e, E_INPUT, "Un fournisseur d’identité est réglé, mais pas l’adresse de ce "
			     "site.");
			return hint(e, "Écrivez adresse = https://... : c’est là que le fournisseur renvoie.");
		}
		if (!check_one(a, i, p, e) || !check_distinct(r, i, e))
			return false;
	}
	return true;
}
