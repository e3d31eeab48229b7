/* tremplin client add, list, rotate, remove: who may ask who acts for whom. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accompany/accompany.h"
#include "accompany/federation.h"
#include "accompany/federation.sql.h"
#include "base/date.h"
#include "core/trace.h"
#include "crypto/sha256.h"
#include "format/json.h"
#include "store/jetons.h"

enum { MEMORY = 4 << 20, ADDRESSES_MOST = 8, ADDRESS_MOST = 500, FILE_MOST = 64 << 10 };

struct run {
	struct call *c;
	struct store *store;
	struct arena a;
};

static void run_end(struct run *w)
{
	store_close(w->store);
	arena_free(&w->a);
}

static bool run_begin(struct run *w, struct call *c, struct err *e)
{
	*w = (struct run){ .c = c, .a = arena_new(MEMORY) };
	return store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &w->store, e);
}

#define RUN(w, c, e) \
	CLEANUP(run_end) struct run w; \
	if (!run_begin(&w, c, e)) \
		return false

static bool trace_it(struct tx *tx, struct run *w, const char *what, const char *id,
		     struct err *e)
{
	struct trace line = { .action = TRACE_REGLAGE,
			      .objet = arena_cat(&w->a, what, " ", id, NULL) };

	return trace_put(tx, w->c->env, &line, e);
}

static bool unknown_client(struct run *w, const char *id, struct err *e)
{
	fail(e, E_MISSING, "Aucun client de la fédération ne s’appelle « %s ».", id);
	return hint(e, "« tremplin client list --data %s » donne leurs noms.",
		    call_option(w->c, "--data"));
}

/* --- add ------------------------------------------------------------------------------ */

/* https, or http towards this machine; no user, no fragment, no sign that is not ASCII. */
static bool address_is_safe(const char *url)
{
	const char *host = !strncmp(url, "https://", 8) ? url + 8 :
		!strncmp(url, "http://127.0.0.1", 16) || !strncmp(url, "http://localhost", 16) ?
		url + 7 : NULL;
	size_t size = host ? strcspn(host, "/?") : 0;

	if (!size || strlen(url) > ADDRESS_MOST || memchr(host, '@', size))
		return false;
	for (const char *p = url; *p; p++) {
		if (*p <= 0x20 || *p > 0x7e || strchr("#\\\"<>^`{|}*", *p))
			return false;
	}
	/* the host and nothing else after "http://127.0.0.1" */
	return url[4] == 's' || host[9] == ':' || host[9] == '/';
}

/* Addresses separated by spaces, as lines. */
static bool read_addresses(struct run *w, const char *text, const char **lines, struct err *e)
{
	int n = 0;

	*lines = "";
	while (text && *text) {
		size_t size = strcspn(text, " \n");
		const char *one = arena_strn(&w->a, text, size);

		if (size && (!address_is_safe(one) || ++n > ADDRESSES_MOST)) {
			fail(e, E_INPUT, "« %s » ne peut pas servir d’adresse de retour.", one);
			return hint(e, "Une adresse https:// entière, sans « # », sans joker ; huit au "
				    "plus, séparées par des espaces.");
		}
		if (size)
			*lines = arena_cat(&w->a, *lines, **lines ? "\n" : "", one, NULL);
		text += size + (text[size] != '\0');
	}
	return true;
}

static bool is_name(const char *id)
{
	size_t n = strlen(id);

	return n >= 3 && n <= 60
	       && n == strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
}

static bool read_keys(struct run *w, const char *path, const char **out, struct err *e)
{
	CLEANUP(json_done) json_t *o = NULL;
	char *text = arena_alloc(&w->a, FILE_MOST);
	FILE *f = text ? fopen(path, "re") : NULL;
	size_t n = f ? fread(text, 1, FILE_MOST - 1, f) : 0;

	if (f)
		fclose(f);
	if (!n || !json_read(text, n, &o, e) || !json_is_array(json_object_get(o, "keys"))) {
		fail(e, E_INPUT, "%s : ce n’est pas un jeu de clés publiques (JWKS).", path);
		return hint(e, "Demandez-le à qui administre ce site : un fichier JSON avec « keys ».");
	}
	*out = arena_strn(&w->a, text, n);
	return true;
}

struct adding {
	struct run *w;
	struct federation_client c;
};

static bool add_job(struct tx *tx, void *arg, struct err *e)
{
	struct adding *d = arg;
	const struct federation_client *c = &d->c;
	char now[ISO_TEXT];
	struct federation_client was;
	bool found;

	iso_write(env_now(d->w->c->env), now);
	if (!federation_client_get(tx_db(tx), &d->w->a, c->id, &was, &found, e))
		return false;
	if (found) {
		fail(e, E_CONFLICT, "Un client s’appelle déjà « %s ».", c->id);
		return hint(e, "Retirez-le d’abord (client remove), ou prenez un autre nom.");
	}
	return federation_client_add(tx, c->id, c->nom, c->secret, c->cles, c->retours, c->sorties,
				     c->strict, c->pkce, c->signe, c->algorithme, c->sel,
				     now, NULL, e)
	       && trace_it(tx, d->w, "fédération : ajout de", c->id, e);
}

/* The keys that sign, made with the first client. */
static bool keys_ready(struct run *w, struct err *e)
{
	const char *dir = call_option(w->c, "--data");
	struct jeton_cle *k;
	size_t n;

	return jetons_read(dir, &w->a, &k, &n, e)
	       && (n || jetons_rotate(dir, w->c->env, &w->a, false, e));
}

static bool fill(struct run *w, struct federation_client *c, struct err *e)
{
	const char *alg = call_option(w->c, "--alg"), *keys = call_option(w->c, "--cles");
	char sel[FEDERATION_TEXTE];

	federation_draw(w->c->env, sel);
	*c = (struct federation_client){ .id = w->c->args[0], .nom = call_option(w->c, "--nom"),
		.algorithme = alg ? alg : "RS256", .sel = arena_str(&w->a, sel),
		.strict = call_option(w->c, "--strict"), .pkce = call_option(w->c, "--pkce"),
		.signe = call_option(w->c, "--signe") };
	if (!is_name(c->id))
		return fail(e, E_INPUT, "Un nom de client a de 3 à 60 lettres sans accent, chiffres, "
			    "« - », « _ » ou « . ».");
	if (strcmp(c->algorithme, "RS256") != 0 && strcmp(c->algorithme, "ES256") != 0)
		return fail(e, E_INPUT, "L’algorithme est RS256 ou ES256.");
	if (keys && !read_keys(w, keys, &c->cles, e))
		return false;
	if (!read_addresses(w, call_option(w->c, "--retour"), &c->retours, e)
	    || !read_addresses(w, call_option(w->c, "--sortie"), &c->sorties, e))
		return false;
	return *c->retours || fail(e, E_INPUT, "Il faut une adresse de retour (--retour).");
}

static void say_secret(struct run *w, const char *id, const char *secret)
{
	struct buf b = buf_new(4 << 10);
	struct json_out j = { &b, false };

	if (w->c->json) {
		json_open_object(&j, NULL);
		json_put_text(&j, "client_id", id);
		json_put_text(&j, "client_secret", secret);
		json_close_object(&j);
		fprintf(w->c->out, "%s\n", buf_text(&b));
	} else {
		fprintf(w->c->out, "%s\n", secret ? secret : "");
		fprintf(stderr, secret ? "client %s : voici son secret, montré cette fois seulement.\n" :
			"client %s : il signe avec sa clé, sans secret.\n", id);
	}
	buf_free(&b);
}

static bool run_add(struct call *c, struct err *e)
{
	RUN(w, c, e);
	char secret[FEDERATION_TEXTE], mark[SHA256_HEX];
	struct adding d = { .w = &w };

	if (!fill(&w, &d.c, e) || !keys_ready(&w, e))
		return false;
	federation_draw(c->env, secret);
	federation_mark(secret, mark);
	if (!d.c.cles)
		d.c.secret = mark;
	if (!store_write(w.store, add_job, &d, e))
		return false;
	say_secret(&w, d.c.id, d.c.cles ? NULL : secret);
	return true;
}

/* --- list ------------------------------------------------------------------------------ */

static void put_client(struct json_out *j, const struct federation_client *c)
{
	json_open_object(j, NULL);
	json_put_text(j, "client_id", c->id);
	json_put_text(j, "nom", c->nom);
	json_put_text(j, "retours", c->retours);
	json_put_text(j, "sorties", c->sorties);
	json_put_text(j, "algorithme", c->algorithme);
	json_put_text(j, "preuve", c->cles ? "cles" : "secret");
	json_put_bool(j, "strict", c->strict);
	json_put_bool(j, "pkce", c->pkce);
	json_put_bool(j, "signe", c->signe);
	json_put_text(j, "secret_avant_fin", c->secret_avant_fin);
	json_put_text(j, "cree_le", c->cree_le);
	json_close_object(j);
}

static bool run_list(struct call *c, struct err *e)
{
	RUN(w, c, e);
	CLEANUP(db_release) struct db *db = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(1 << 20);
	struct json_out j = { &b, false };
	struct federation_client *all;
	size_t n;

	if (!db_acquire(w.store, &db, e) || !federation_client_list(db, &w.a, &all, &n, e))
		return false;
	json_open_array(&j, NULL);
	for (size_t i = 0; i < n; i++) {
		put_client(&j, &all[i]);
		if (!c->json)
			fprintf(c->out, "%s\t%s\t%s%s%s%s\n", all[i].id, all[i].nom, all[i].algorithme,
				all[i].cles ? " cles" : "", all[i].strict ? " strict" : "",
				all[i].pkce ? " pkce" : "");
	}
	json_close_array(&j);
	if (c->json)
		fprintf(c->out, "%s\n", buf_text(&b));
	return true;
}

/* --- rotate, remove ---------------------------------------------------------------------- */

struct changing {
	struct run *w;
	const char *id, *mark, *until;
};

static bool rotate_job(struct tx *tx, void *arg, struct err *e)
{
	struct changing *g = arg;
	struct federation_client c;
	bool found;

	if (!federation_client_get(tx_db(tx), &g->w->a, g->id, &c, &found, e))
		return false;
	if (!found)
		return unknown_client(g->w, g->id, e);
	if (c.cles)
		return fail(e, E_CONFLICT, "Ce client n’a pas de secret : il signe avec sa clé.");
	return federation_client_secret(tx, g->id, g->mark, g->until, NULL, e)
	       && trace_it(tx, g->w, "fédération : nouveau secret de", g->id, e);
}

static bool rotate_keys(struct run *w, struct err *e)
{
	bool at_once = call_option(w->c, "--maintenant");

	if (!jetons_rotate(call_option(w->c, "--data"), w->c->env, &w->a, at_once, e))
		return false;
	fprintf(stderr, at_once ? "les clés de signature sont remplacées ; celles d’avant ne sont plus "
		"publiées.\n" : "les nouvelles clés signeront dans dix minutes ; celles d’avant restent "
		"publiées un jour.\n");
	return true;
}

static bool run_rotate(struct call *c, struct err *e)
{
	RUN(w, c, e);
	int days = call_option(c, "--maintenant") ? 0 : FEDERATION_SECRET_JOURS;
	char secret[FEDERATION_TEXTE], mark[SHA256_HEX], until[ISO_TEXT];
	struct changing g = { &w, c->nargs ? c->args[0] : NULL, mark, until };

	if (call_option(c, "--cles"))
		return c->nargs ? fail(e, E_INPUT, "--cles change les clés de tous : sans nom de client.")
			: rotate_keys(&w, e);
	if (!g.id)
		return fail(e, E_INPUT, "De quel client ? Ou --cles, pour les clés de signature.");
	federation_draw(c->env, secret);
	federation_mark(secret, mark);
	iso_write(env_now(c->env) + (int64_t)days * 24 * 3600 * 1000, until);
	if (!store_write(w.store, rotate_job, &g, e))
		return false;
	say_secret(&w, g.id, secret);
	return true;
}

static bool remove_job(struct tx *tx, void *arg, struct err *e)
{
	struct changing *g = arg;
	int64_t changed;

	if (!federation_client_sans_codes(tx, g->id, NULL, e)
	    || !federation_client_sans_signes(tx, g->id, NULL, e)
	    || !federation_client_remove(tx, g->id, &changed, e))
		return false;
	return changed ? trace_it(tx, g->w, "fédération : retrait de", g->id, e) :
		unknown_client(g->w, g->id, e);
}

static bool run_remove(struct call *c, struct err *e)
{
	RUN(w, c, e);
	struct changing g = { &w, c->args[0], NULL, NULL };

	return store_write(w.store, remove_job, &g, e);
}

static const struct command_option add_options[] = {
	{ "--data", "DIR", "le dossier de données", true },
	{ "--nom", "NOM", "comme les aidants et les personnes le lisent", true },
	{ "--retour", "URL", "adresses de retour, exactes, séparées par des espaces", true },
	{ "--sortie", "URL", "adresses après la déconnexion", false },
	{ "--cles", "FICHIER", "il signe avec sa clé (JWKS), sans secret", false },
	{ "--alg", "ALG", "signature de nos jetons : RS256 (d’office) ou ES256", false },
	{ "--strict", NULL, "un paramètre inconnu est refusé", false },
	{ "--pkce", NULL, "PKCE est obligatoire", false },
	{ "--signe", NULL, "l’identité est un jeton signé", false },
	{ 0 },
};
static const struct command_option rotate_options[] = {
	{ "--data", "DIR", "le dossier de données", true },
	{ "--cles", NULL, "les clés qui signent les jetons, pour tous les clients", false },
	{ "--maintenant", NULL, "ce qui était avant ne sert plus, tout de suite", false },
	{ 0 },
};
static const struct command_option plain_options[] = {
	{ "--data", "DIR", "le dossier de données", true },
	{ 0 },
};

const struct command federation_commands[] = {
	{ .words = "client add", .args = "CLIENT_ID", .min_args = 1, .max_args = 1,
	  .summary = "Laisse un site demander qui agit pour qui (fédération) ; imprime son secret",
	  .example = "tremplin client add --data /var/lib/tremplin franceconnect --nom FranceConnect "
	  "--retour https://fc.exemple.fr/retour",
	  .options = add_options, .run = run_add },
	{ .words = "client list", .summary = "Les sites de la fédération",
	  .example = "tremplin client list --data /var/lib/tremplin",
	  .options = plain_options, .run = run_list },
	{ .words = "client rotate", .args = "[CLIENT_ID]", .max_args = 1,
	  .summary = "Change le secret d’un site (celui d’avant sert encore sept jours), ou les clés",
	  .example = "tremplin client rotate --data /var/lib/tremplin franceconnect",
	  .options = rotate_options, .run = run_rotate },
	{ .words = "client remove", .args = "CLIENT_ID", .min_args = 1, .max_args = 1,
	  .summary = "Un site ne demande plus rien",
	  .example = "tremplin client remove --data /var/lib/tremplin franceconnect",
	  .options = plain_options, .run = run_remove },
	{ 0 },
};
