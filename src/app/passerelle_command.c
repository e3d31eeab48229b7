/* tremplin envoi passerelle... : the gateways that are known, and whether one is well set. */
#include <string.h>

#include "app/config.h"
#include "app/envoi_command.h"
#include "base/embedded.h"
#include "format/json.h"
#include "store/passerelle.h"

enum { MEMORY = 4 << 20, JSON_MOST = 1 << 20, REGLAGES_MOST = 16 };

static const char secret_shown[] = "(secret)";

struct regard {
	struct arena a;
	struct call *c;
	struct envoi_reglages r;
	struct passerelle *p;           /* of its own; else that of the settings */
};

static void regard_close(struct regard *w)
{
	passerelle_close(&w->p);
	envoi_reglages_close(&w->r);
	arena_free(&w->a);
}

static void print_json(struct call *c, struct buf *b)
{
	buf_char(b, '\n');
	fwrite(b->p, 1, b->n, c->out);
	buf_free(b);
}

/* "kannel.json" is named "kannel". */
static const char *short_name(struct arena *a, const char *file)
{
	return arena_strn(a, file, strlen(file) - strlen(".json"));
}

/* --- list ------------------------------------------------------------------------------- */

static void put_settings(struct json_out *j, const struct passerelle *p)
{
	const struct passerelle_reglage *r;
	size_t n;

	r = passerelle_reglages(p, &n);
	json_open_array(j, "reglages");
	for (size_t i = 0; i < n; i++) {
		json_open_object(j, NULL);
		json_put_text(j, "nom", r[i].nom);
		json_put_text(j, "aide", r[i].aide);
		json_put_bool(j, "secret", r[i].secret);
		json_put_text(j, "usuel", r[i].usuel);
		json_close_object(j);
	}
	json_close_array(j);
}

static void say_gateway(struct call *c, const char *name, const struct passerelle *p)
{
	const struct passerelle_reglage *r;
	size_t n;

	r = passerelle_reglages(p, &n);
	fprintf(c->out, "%s : %s\n", name, passerelle_title(p));
	for (size_t i = 0; i < n; i++)
		fprintf(c->out, "    sms_%-20s %s%s%s%s\n", r[i].nom, r[i].aide,
			r[i].secret ? " (secret : fichier:CHEMIN, ou environnement)" : "",
			r[i].usuel ? " ; sinon " : "", r[i].usuel ? r[i].usuel : "");
}

static bool run_passerelles(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	struct buf out = buf_new(JSON_MOST);
	struct json_out j = { &out, false };
	const char *file;

	json_open_array(&j, NULL);
	for (size_t i = 0; (file = passerelle_name(i)); i++) {
		CLEANUP(passerelle_close) struct passerelle *p = NULL;
		const char *name = short_name(&a, file);

		if (!passerelle_open(&a, name, &p, e)) {
			buf_free(&out);
			return false;
		}
		json_open_object(&j, NULL);
		json_put_text(&j, "nom", name);
		json_put_text(&j, "titre", passerelle_title(p));
		json_put_text(&j, "source", passerelle_source(p));
		put_settings(&j, p);
		json_close_object(&j);
		if (!c->json)
			say_gateway(c, name, p);
	}
	json_close_array(&j);
	if (c->json)
		print_json(c, &out);
	else
		buf_free(&out);
	return true;
}

/* --- show ------------------------------------------------------------------------------- */

static bool run_show(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(64 << 10);
	const char *path = arena_cat(&a, "data/passerelles/", c->args[0], ".json", NULL);
	const struct embedded_file *f = embedded_find(embedded_files, path);

	if (!f) {
		fail(e, E_MISSING, "Aucune passerelle SMS ne s’appelle « %.60s ».", c->args[0]);
		return hint(e, "« tremplin envoi passerelles » les donne.");
	}
	fwrite(f->p, 1, (size_t)(f->end - f->p), c->out);
	return true;
}

/* --- check ------------------------------------------------------------------------------ */

/* What is not a secret is shown as it is set; what is not set, by its example. */
static void fill(struct regard *w, const struct passerelle *p, const char *values[])
{
	const struct passerelle_reglage *r;
	size_t n;

	r = passerelle_reglages(p, &n);
	for (size_t i = 0; i < n && i < REGLAGES_MOST; i++) {
		const char *set = p == w->r.passerelle ? w->r.valeurs[i] : NULL;

		values[i] = r[i].secret ? secret_shown : set ? set : r[i].usuel ? r[i].usuel
			: *r[i].exemple ? r[i].exemple : arena_cat(&w->a, "(", r[i].nom, ")", NULL);
	}
}

static void show_ask(struct regard *w, const struct passerelle *p, const struct http_ask *k)
{
	struct buf out = buf_new(JSON_MOST);
	struct json_out j = { &out, false };

	json_open_object(&j, NULL);
	json_put_text(&j, "passerelle", passerelle_title(p));
	json_put_text(&j, "methode", k->method);
	json_put_text(&j, "adresse", k->url);
	json_open_object(&j, "champs");
	for (size_t i = 0; i < k->nfields; i++)
		json_put_text(&j, k->fields[i].name, k->fields[i].value);
	json_close_object(&j);
	json_put_text(&j, "corps", k->body);
	json_close_object(&j);
	if (w->c->json) {
		print_json(w->c, &out);
		return;
	}
	buf_free(&out);
	fprintf(stderr, "%s : la description se lit ; un message d’essai donnerait :\n",
		passerelle_title(p));
	fprintf(w->c->out, "%s %s\n", k->method, k->url);
	for (size_t i = 0; i < k->nfields; i++)
		fprintf(w->c->out, "%s: %s\n", k->fields[i].name, k->fields[i].value);
	if (k->body)
		fprintf(w->c->out, "\n%s\n", k->body);
}

static bool dry_run(struct regard *w, const struct passerelle *p, struct err *e)
{
	const char *values[REGLAGES_MOST] = { NULL };
	struct passerelle_valeurs v = { .reglages = values, .to = "+33612345678",
		.text = "Message d'essai", .sender = w->r.expediteur ? w->r.expediteur : "Tremplin",
		.id = "01990000-0000-7000-8000-000000000000", .jeton = "00000000000000000000000000000000",
		.retour = w->r.retour && *w->r.retour ? w->r.retour : "https://aide.exemple.fr",
		.now = env_now(w->c->env) };
	struct http_ask k;

	fill(w, p, values);
	if (!passerelle_ask(p, &v, &w->a, &k, e))
		return false;
	show_ask(w, p, &k);
	return true;
}

static bool settings_of(struct regard *w, const char *dir, struct err *e)
{
	struct site site;

	if (!config_read(&w->a, dir, &site, e)
	    || !config_envoi(&w->a, dir, &site, REGLAGES_PARTIR | REGLAGES_RECEVOIR, &w->r, e))
		return false;
	if (w->r.passerelle)
		return true;
	fail(e, E_MISSING, "Aucune passerelle HTTP n’est réglée dans %.160s/config.", dir);
	return hint(e, "« sms_passerelle = kannel », ou une de « tremplin envoi passerelles ».");
}

static bool run_check(struct call *c, struct err *e)
{
	CLEANUP(regard_close) struct regard w = { .a = arena_new(MEMORY), .c = c };
	const char *dir = call_option(c, "--data");

	if (c->nargs)
		return passerelle_open(&w.a, c->args[0], &w.p, e) && dry_run(&w, w.p, e);
	if (dir)
		return settings_of(&w, dir, e) && dry_run(&w, w.r.passerelle, e);
	fail(e, E_INPUT, "Il faut --data DIR, ou le nom ou le fichier d’une passerelle.");
	return hint(e, "tremplin envoi passerelle check kannel");
}

/* --- tables ----------------------------------------------------------------------------- */

static const struct command_option none[] = { { 0 } };
static const struct command_option check_options[] = {
	{ "--data", "DIR", "vérifie celle qui est réglée dans ce dossier", false },
	{ 0 },
};

const struct command passerelle_commands[] = {
	{ "envoi passerelles", NULL, 0, 0, "Donne les passerelles SMS connues et leurs réglages",
	  "tremplin envoi passerelles", none, run_passerelles },
	{ "envoi passerelle show", "NOM", 1, 1, "Écrit la description d’une passerelle, pour l’adapter",
	  "tremplin envoi passerelle show kannel > la-mienne.json", none, run_show },
	{ "envoi passerelle check", "[NOM|FICHIER]", 0, 1,
	  "Vérifie une description ou des réglages, sans rien envoyer",
	  "tremplin envoi passerelle check --data /var/lib/tremplin", check_options, run_check },
	{ 0 },
};
