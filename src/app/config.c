#include "app/config.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admit/oidc_reglages.h"
#include "base/utf8.h"
#include "core/horaires.h"

static const struct setting {
	const char *name, *usual;
	size_t at;
} settings[] = {
	{ "nom", "Tremplin", offsetof(struct site, nom) },
	{ "territoire", "", offsetof(struct site, territoire) },
	{ "departement", "", offsetof(struct site, departement) },
	{ "adresse", "", offsetof(struct site, adresse) },
	{ "telephone", "", offsetof(struct site, telephone) },
	{ "telephone_heures", "", offsetof(struct site, telephone_heures) },
	{ "editeur", "", offsetof(struct site, editeur) },
	{ "contact", "", offsetof(struct site, contact) },
	{ "hebergeur", "", offsetof(struct site, hebergeur) },
	{ "accessibilite", "non", offsetof(struct site, accessibilite) },
	{ "mandataires", "", offsetof(struct site, mandataires) },
	{ "champs_mandataire", "", offsetof(struct site, champs_mandataire) },
	{ "cadres", "*", offsetof(struct site, cadres) },
};

enum {
	SETTINGS = sizeof settings / sizeof *settings,
	LINE_MOST = 1000, ENVOI_MOST = 80, NAME_MOST = 60,
};

static const char **value_of(struct site *s, size_t i)
{
	return (const char **)((char *)s + settings[i].at);
}

static char *trimmed(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return s;
}

/* What is being filled. */
struct reading {
	struct arena *a;
	struct site *s;
	struct oidc_reglages *oidc;
};

static bool set(struct reading *r, const char *name, const char *value, struct err *e)
{
	bool ours;

	for (size_t i = 0; i < SETTINGS; i++) {
		if (!strcmp(settings[i].name, name)) {
			*value_of(r->s, i) = arena_str(r->a, value);
			return true;
		}
	}
	if (!oidc_reglage_set(r->a, r->oidc, name, value, &ours, e))
		return false;
	if (ours || envoi_reglage_is(name))     /* the second: config_envoi */
		return true;
	fail(e, E_INPUT, "« %s » n’est pas un réglage.", name);
	return hint(e, "Réglages : nom, territoire, departement, adresse, telephone, "
		    "telephone_heures, editeur, contact, hebergeur, accessibilite, mandataires, "
		    "champs_mandataire, cadres ; et oidc_ (docs/connexion-proconnect.md), sms_, smtp, "
		    "courriel_, envoi_ (docs/messages.md).");
}

static bool read_line(struct reading *r, char *line, struct err *e)
{
	char *equal, *text = trimmed(line);

	if (!*text || *text == '#')
		return true;
	equal = strchr(text, '=');
	if (!equal)
		return fail(e, E_INPUT, "cette ligne n’est pas « cle = valeur ».");
	if (!utf8_valid(text, strlen(text)))
		return fail(e, E_INPUT, "cette ligne n’est pas de l’UTF-8.");
	*equal = '\0';
	return set(r, trimmed(text), trimmed(equal + 1), e);
}

static void close_file(FILE **f)
{
	if (*f)
		fclose(*f);
}

static bool read_file(struct reading *r, const char *path, struct err *e)
{
	CLEANUP(close_file) FILE *f = fopen(path, "re");
	char line[LINE_MOST];

	for (long n = 1; f && fgets(line, sizeof line, f); n++) {
		if (!read_line(r, line, e))
			return fail_at(e, path, n);
	}
	return true;
}

static void read_environment(struct arena *a, struct site *s)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		char name[64] = "TREMPLIN_";
		const char *value;
		size_t n = strlen(name);

		for (const char *p = settings[i].name; *p; p++)
			name[n++] = (char)toupper((unsigned char)*p);
		name[n] = '\0';
		value = getenv(name);
		if (value && utf8_valid(value, strlen(value)))
			*value_of(s, i) = arena_str(a, value);
	}
}

/* TREMPLIN_OIDC_ISSUER is oidc_issuer; a name that is none is an error, as in the file. */
static bool read_oidc_environment(struct reading *r, struct err *e)
{
	static const char prefix[] = "TREMPLIN_";

	for (char **v = environ; *v; v++) {
		const char *equal = strchr(*v, '=');
		char name[64] = "";
		size_t n = 0;
		bool ours;

		if (!equal || strncmp(*v, "TREMPLIN_OIDC", 13) || !utf8_valid(equal, strlen(equal)))
			continue;
		for (const char *p = *v + strlen(prefix); p < equal && n + 1 < sizeof name; p++)
			name[n++] = (char)tolower((unsigned char)*p);
		if (!oidc_reglage_set(r->a, r->oidc, name, equal + 1, &ours, e))
			return false;
	}
	return true;
}

/* A star, "aucun", or origins: https://www.ville.fr, the first label a star.  Nothing else may
 * stand in a policy that browsers obey. */
static bool are_frames(const char *s)
{
	if (!strcmp(s, "*") || !strcmp(s, "aucun"))
		return true;
	for (size_t n; *s; s += n + strspn(s + n, " ")) {
		const char *host = !strncmp(s, "https://", 8) ? s + 8
				   : !strncmp(s, "http://", 7) ? s + 7 : NULL;

		n = strcspn(s, " ");
		if (!host || host >= s + n)
			return false;
		host += strncmp(host, "*.", 2) ? 0 : 2;
		if (host + strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789-.:") < s + n)
			return false;
	}
	return true;
}

static bool check(const struct site *s, struct err *e)
{
	static const char *const states[] = { "non", "partielle", "totale" };
	bool known = false;

	for (int i = 0; i < 3; i++)
		known = known || !strcmp(s->accessibilite, states[i]);
	if (!known)
		return fail(e, E_INPUT, "« accessibilite » vaut non, partielle ou totale, pas "
			    "« %s ».", s->accessibilite);
	if (!*s->cadres || !are_frames(s->cadres)) {
		fail(e, E_INPUT, "« cadres » ne peut pas être « %s ».", s->cadres);
		return hint(e, "Écrivez les sites qui montrent votre liste, avec une espace entre deux : "
			    "https://www.ville.fr https://*.agglo.fr ; ou « * » pour tous, « aucun ».");
	}
	if (*s->adresse && strncmp(s->adresse, "https://", 8)
	    && strncmp(s->adresse, "http://", 7))
		return fail(e, E_INPUT, "« adresse » commence par https://, pas « %s ».",
			    s->adresse);
	return true;
}

bool config_read(struct arena *a, const char *dir, struct site *out, struct err *e)
{
	const char *path = arena_printf(a, "%s/config", dir);
	struct reading r = { a, out, NEW(a, struct oidc_reglages) };
	size_t n;

	if (!r.oidc)
		return arena_refuse(a, e);

	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < SETTINGS; i++)
		*value_of(out, i) = settings[i].usual;
	out->oidc = r.oidc;
	if (!read_file(&r, path, e))
		return false;
	read_environment(a, out);
	if (!read_oidc_environment(&r, e))
		return false;
	n = strlen(out->adresse);
	if (n && out->adresse[n - 1] == '/')
		out->adresse = arena_strn(a, out->adresse, n - 1);
	return (check(out, e) && oidc_reglages_check(a, r.oidc, out->adresse, e))
	       || fail_at(e, path, 0);
}

/* --- messages --------------------------------------------------------------------------- */

struct envoi_pairs {
	struct reglage_brut p[ENVOI_MOST];
	size_t n;
};

static bool add_pair(struct arena *a, struct envoi_pairs *k, const char *name,
		     const char *value, bool from_environment, struct err *e)
{
	if (k->n == ENVOI_MOST)
		return fail(e, E_LIMIT, "il y a trop de réglages de messages.");
	k->p[k->n++] = (struct reglage_brut){ arena_str(a, name), arena_str(a, value),
		from_environment };
	return true;
}

static bool envoi_from_file(struct arena *a, const char *path, struct envoi_pairs *k,
			    struct err *e)
{
	CLEANUP(close_file) FILE *f = fopen(path, "re");
	char line[LINE_MOST];

	while (f && fgets(line, sizeof line, f)) {
		char *text = trimmed(line), *equal = strchr(text, '=');

		if (*text == '#' || !equal)
			continue;
		*equal = '\0';
		if (envoi_reglage_is(trimmed(text))
		    && !add_pair(a, k, trimmed(text), trimmed(equal + 1), false, e))
			return fail_at(e, path, 0);
	}
	return true;
}

/* TREMPLIN_SMTP_MOT_DE_PASSE=...: its name as in the file, and its value; NULL when it is
 * none of ours. */
static char *envoi_variable(char *entry, char name[NAME_MOST])
{
	static const char prefix[] = "TREMPLIN_";
	char *p = entry + sizeof prefix - 1, *equal = strchr(entry, '=');
	size_t n = 0;

	if (strncmp(entry, prefix, sizeof prefix - 1) || !equal || equal - p >= NAME_MOST)
		return NULL;
	for (; p < equal; p++)
		name[n++] = (char)tolower((unsigned char)*p);
	name[n] = '\0';
	return envoi_reglage_is(name) ? equal + 1 : NULL;
}

static bool envoi_from_environment(struct arena *a, struct envoi_pairs *k, struct err *e)
{
	for (char **at = environ; *at; at++) {
		char name[NAME_MOST], *value = envoi_variable(*at, name);

		if (value && utf8_valid(value, strlen(value)) && !add_pair(a, k, name,
			value, true, e))
			return false;
	}
	return true;
}

void config_envoi_forget(void)
{
	for (char **at = environ; *at; at++) {
		char name[NAME_MOST], *value = envoi_variable(*at, name);

		if (value)
			explicit_bzero(value, strlen(value));
	}
}

bool config_envoi(struct arena *a, const char *dir, const struct site *site, unsigned parts,
		  struct envoi_reglages *out, struct err *e)
{
	struct envoi_pairs k = { .n = 0 };

	*out = (struct envoi_reglages){ .dir = arena_str(a, dir),
		.departement = *site->departement ? site->departement : NULL,
		.adresse = site->adresse, .zone = calendrier_de(site->departement)->zone };
	return envoi_from_file(a, arena_printf(a, "%s/config", dir), &k, e)
	       && envoi_from_environment(a, &k, e)
	       && envoi_reglages_read(a, k.p, k.n, parts, out, e);
}
