#include "app/envoi_command.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/config.h"
#include "base/embedded.h"
#include "core/envoi_texte.h"
#include "format/json.h"
#include "store/envoi.sql.h"
#include "store/poste.h"
#include "store/sms.h"
#include "store/telephone.h"

enum { MEMORY = 8 << 20, JSON_MOST = 16 << 20, LIST_USUAL = 20, LIST_MOST = 1000,
	ESSAI_MS = 60 * 1000, LOOK_MS = 200 };

/* What a command about a data folder opens, and closes by itself. */
struct bureau {
	struct arena a;
	struct call *c;
	const char *dir;
	struct site site;
	struct envoi_reglages r;
	struct store *s;
};

static void bureau_close(struct bureau *b)
{
	store_close(b->s);
	envoi_reglages_close(&b->r);
	arena_free(&b->a);
}

static bool bureau_open(struct call *c, struct bureau *b, struct err *e)
{
	*b = (struct bureau){ .a = arena_new(MEMORY), .c = c, .dir = call_option(c, "--data") };
	return store_open(b->dir, STORE_COMMAND, c->env, &b->s, e);
}

static bool read_settings(struct bureau *b, struct err *e)
{
	return config_read(&b->a, b->dir, &b->site, e)
	       && config_envoi(&b->a, b->dir, &b->site, REGLAGES_PARTIR | REGLAGES_RECEVOIR, &b->r,
			       e);
}

static void print_json(struct call *c, struct buf *b)
{
	buf_char(b, '\n');
	fwrite(b->p, 1, b->n, c->out);
	buf_free(b);
}

/* Enough of a recipient to recognise it. */
static const char *masked(struct arena *a, const char *to)
{
	char text[48];
	const char *at;

	if (!to)
		return "oublié";
	at = strchr(to, '@');
	if (at)
		return arena_printf(a, "%.1s…%s", to, at);
	return arena_str(a, telephone_masked(to, text));
}

/* --- list ------------------------------------------------------------------------------- */

static bool choice_of(const struct call *c, const char *option, const char *const *words,
		      const char **out, struct err *e)
{
	*out = call_option(c, option);
	if (!*out) {
		*out = "";
		return true;
	}
	for (; *words; words++) {
		if (!strcmp(*words, *out))
			return true;
	}
	return fail(e, E_INPUT, "%s : « %.40s » n’existe pas.", option, *out);
}

static bool limit_of(const struct call *c, int64_t *out, struct err *e)
{
	const char *text = call_option(c, "--limite");
	char *end;

	*out = LIST_USUAL;
	if (!text)
		return true;
	*out = strtol(text, &end, 10);
	return (end != text && !*end && *out > 0 && *out <= LIST_MOST)
	       || fail(e, E_INPUT, "--limite est un nombre de 1 à %d.", LIST_MOST);
}

static void list_json(struct bureau *b, const struct envoi_list_row *rows, size_t n,
		      const struct envoi_waiting_row *w, size_t nw)
{
	struct buf out = buf_new(JSON_MOST);
	struct json_out j = { &out, false };

	json_open_object(&j, NULL);
	json_open_array(&j, "en_attente");
	for (size_t i = 0; i < nw; i++) {
		json_open_object(&j, NULL);
		json_put_text(&j, "canal", w[i].canal);
		json_put_text(&j, "etat", w[i].etat);
		json_put_int(&j, "nombre", w[i].nombre);
		json_close_object(&j);
	}
	json_close_array(&j);
	json_open_array(&j, "messages");
	for (size_t i = 0; i < n; i++) {
		json_open_object(&j, NULL);
		json_put_text(&j, "id", rows[i].id);
		json_put_text(&j, "canal", rows[i].canal);
		json_put_text(&j, "genre", rows[i].genre);
		json_put_text(&j, "destinataire", masked(&b->a, rows[i].destinataire));
		json_put_text(&j, "etat", rows[i].etat);
		json_put_text(&j, "motif", rows[i].motif);
		json_put_int(&j, "essais", rows[i].essais);
		json_put_int(&j, "segments", rows[i].segments);
		json_put_text(&j, "pas_avant", rows[i].pas_avant);
		json_put_text(&j, "cree_le", rows[i].cree_le);
		json_put_text(&j, "maj_le", rows[i].maj_le);
		json_close_object(&j);
	}
	json_close_array(&j);
	json_close_object(&j);
	print_json(b->c, &out);
}

static void list_words(struct bureau *b, const struct envoi_list_row *rows, size_t n,
		       const struct envoi_waiting_row *w, size_t nw)
{
	for (size_t i = 0; i < n; i++) {
		fprintf(b->c->out, "%s  %-20s  %-8s  %-16s  %-9s  %s%s%s\n", rows[i].id,
			rows[i].maj_le, rows[i].canal, rows[i].genre, rows[i].etat,
			masked(&b->a, rows[i].destinataire), rows[i].motif ? "  " : "",
			rows[i].motif ? rows[i].motif : "");
	}
	for (size_t i = 0; i < nw; i++)
		fprintf(stderr, "%s, %s : %ld\n", w[i].canal, w[i].etat, (long)w[i].nombre);
	if (!n)
		fputs("Aucun message.\n", stderr);
}

static bool run_list(struct call *c, struct err *e)
{
	CLEANUP(bureau_close) struct bureau b = { 0 };
	CLEANUP(db_release) struct db *db = NULL;
	struct envoi_list_row *rows;
	struct envoi_waiting_row *w;
	const char *etat, *canal;
	size_t n, nw;
	int64_t limit;

	if (!choice_of(c, "--etat", envoi_etats, &etat, e)
	    || !choice_of(c, "--canal", envoi_canaux, &canal, e) || !limit_of(c, &limit, e)
	    || !bureau_open(c, &b, e) || !db_acquire(b.s, &db, e)
	    || !envoi_list(db, &b.a, "g", etat, canal, limit, &rows, &n, e)
	    || !envoi_waiting(db, &b.a, &w, &nw, e))
		return false;
	if (c->json)
		list_json(&b, rows, n, w, nw);
	else
		list_words(&b, rows, n, w, nw);
	return true;
}

/* --- essai ------------------------------------------------------------------------------ */

struct essai {
	struct envoi m;
	char id[UUID_TEXT];
};

static bool put_essai(struct tx *tx, void *arg, struct err *e)
{
	struct essai *k = arg;

	return envoi_put(tx, &k->m, k->id, e);
}

static bool address_of(struct bureau *b, struct essai *k, struct telephone *t, struct err *e)
{
	const char *to = call_option(b->c, "--a");

	k->m.canal = strchr(to, '@') ? ENVOI_COURRIEL : ENVOI_SMS;
	k->m.destinataire = to;
	if (k->m.canal == ENVOI_SMS) {
		if (!telephone_read(to, b->r.departement, t, e))
			return false;
		k->m.destinataire = t->e164;
	}
	if (envoi_peut(&b->r, k->m.canal))
		return true;
	fail(e, E_CONFLICT, k->m.canal == ENVOI_SMS ? "Aucune passerelle SMS n’est réglée."
	     : "Aucun serveur de courriel n’est réglé.");
	return hint(e, "Dans %.100s/config : « %s » ; docs/messages.md.", b->dir,
		    k->m.canal == ENVOI_SMS ? "sms_passerelle = kannel"
		    : "smtp = smtps://smtp.exemple.fr:465");
}

static bool state_of(struct bureau *b, const char *id, struct envoi_get_row *out,
		     struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	bool found = false;

	return db_acquire(b->s, &db, e) && envoi_get(db, &b->a, id, out, &found, e)
	       && (found || fail(e, E_MISSING, "Ce message n’est plus là."));
}

/* It left, ended, or was tried at least once. */
static bool is_known(const struct envoi_get_row *m)
{
	return strcmp(m->etat, envoi_etats[ENVOI_EN_COURS])
	       && (strcmp(m->etat, envoi_etats[ENVOI_ATTENTE]) || m->essais > 0 || m->motif);
}

/* The server that runs sends it; without one, a post of our own does. */
static bool wait_for(struct bureau *b, struct poste *p, const char *id,
		     struct envoi_get_row *m, struct err *e)
{
	const struct timespec a_while = { 0, LOOK_MS * 1000000L };
	int64_t end = env_now(b->c->env) + ESSAI_MS, next;

	do {
		if (p && !poste_turn(p, LOOK_MS, &next, e))
			return false;
		if (!p)
			nanosleep(&a_while, NULL);
		if (!state_of(b, id, m, e))
			return false;
	} while (!is_known(m) && env_now(b->c->env) < end);
	return true;
}

static bool say_essai(struct bureau *b, const struct envoi_get_row *m, struct err *e)
{
	bool left = !strcmp(m->etat, envoi_etats[ENVOI_PARTI])
		|| !strcmp(m->etat, envoi_etats[ENVOI_REMIS]);

	if (b->c->json)
		fprintf(b->c->out, "{\"id\":\"%s\",\"etat\":\"%s\",\"segments\":%ld}\n", m->id, m->etat,
			(long)m->segments);
	else if (left)
		fprintf(stderr, "Le message d’essai est parti (%s).\n", m->id);
	if (left)
		return true;
	fail(e, E_REMOTE, "Le message d’essai n’est pas parti : %s",
	     m->motif ? m->motif : "il attend encore.");
	return hint(e, "« tremplin envoi list » dira s’il part plus tard.");
}

static bool run_essai(struct call *c, struct err *e)
{
	CLEANUP(bureau_close) struct bureau b = { 0 };
	CLEANUP(poste_close) struct poste *p = NULL;
	struct essai k = { .m = { 0 } };
	struct telephone t;
	struct envoi_get_row m;
	const char *lang = call_option(c, "--langue");
	int64_t now = env_now(c->env);

	if (!bureau_open(c, &b, e) || !read_settings(&b, e) || !address_of(&b, &k, &t, e)
	    || !envoi_texte(&b.a, &b.site, ENVOI_ESSAI, lang_choose(lang, NULL), NULL, now, &k.m,
			    e))
		return false;
	k.m.urgent = true;
	if (!poste_open(b.s, &b.r, &p, e) && e->kind != E_CONFLICT)
		return false;
	*e = (struct err){ 0 };
	if (!store_write(b.s, put_essai, &k, e))
		return false;
	if (p)
		poste_only(p, k.id);
	return wait_for(&b, p, k.id, &m, e) && say_essai(&b, &m, e);
}

/* --- relancer --------------------------------------------------------------------------- */

struct again {
	struct call *c;
	int64_t changed;
};

static bool again_job(struct tx *tx, void *arg, struct err *e)
{
	struct again *k = arg;
	int64_t now = env_now(k->c->env), n;
	char from[ISO_TEXT], end[ISO_TEXT];

	iso_write(now, from);
	iso_write(now + 3600 * 1000, end);
	k->changed = 0;
	if (!k->c->nargs)
		return envoi_again_all(tx, from, &k->changed, e);
	for (int i = 0; i < k->c->nargs; i++) {
		if (!envoi_again(tx, k->c->args[i], from, end, &n, e))
			return false;
		if (!n) {
			fail(e, E_MISSING, "Aucun message %.40s n’attend.", k->c->args[i]);
			return hint(e, "« tremplin envoi list --etat attente » donne ceux qui attendent.");
		}
		k->changed += n;
	}
	return true;
}

static bool run_relancer(struct call *c, struct err *e)
{
	CLEANUP(bureau_close) struct bureau b = { 0 };
	struct again k = { .c = c };

	if (!bureau_open(c, &b, e) || !store_write(b.s, again_job, &k, e))
		return false;
	if (c->json)
		fprintf(c->out, "{\"relances\":%ld}\n", (long)k.changed);
	else
		fprintf(stderr, "%ld message%s repart%s dès que possible.\n", (long)k.changed,
			k.changed > 1 ? "s" : "", k.changed > 1 ? "ent" : "");
	return true;
}

/* --- textes ----------------------------------------------------------------------------- */

static void put_texte(struct json_out *j, const struct envoi *m, const struct sms_cost *cost)
{
	json_open_object(j, NULL);
	json_put_text(j, "genre", m->genre);
	json_put_text(j, "canal", envoi_canaux[m->canal]);
	json_put_text(j, "langue", m->langue);
	json_put_text(j, "objet", m->objet);
	json_put_text(j, "texte", m->texte);
	if (cost) {
		json_put_int(j, "segments", (int64_t)cost->segments);
		json_put_text(j, "alphabet", cost->alphabet == SMS_GSM7 ? "gsm7" : "ucs2");
	}
	json_close_object(j);
}

static void say_texte(struct call *c, const struct envoi *m, const struct sms_cost *cost)
{
	fprintf(c->out, "--- %s, %s, %s", m->genre, envoi_canaux[m->canal], m->langue);
	if (cost)
		fprintf(c->out, " : %zu SMS (%s)", cost->segments,
			cost->alphabet == SMS_GSM7 ? "GSM 7 bits" : "UCS-2");
	fprintf(c->out, "\n%s%s%s\n\n", m->objet ? m->objet : "", m->objet ? "\n\n" : "", m->texte);
}

static bool one_texte(struct bureau *b, struct json_out *j, int genre, enum envoi_canal canal,
		      const struct lang *l, struct err *e)
{
	const struct envoi_modele *k = &envoi_modeles[genre];
	const char *values[ENVOI_VALUES];
	struct envoi m = { .canal = canal };
	struct sms_cost cost;

	if (!(canal == ENVOI_SMS ? k->sms : k->courriel))
		return true;
	for (int i = 0; i < k->nvalues; i++)
		values[i] = tr(l, k->exemples[i]);
	if (!envoi_texte(&b->a, &b->site, (enum envoi_genre)genre, l, values, 0, &m, e))
		return false;
	if (canal == ENVOI_SMS) {
		m.texte = sms_plain(&b->a, m.texte);
		cost = sms_cost(m.texte);
	}
	if (b->c->json)
		put_texte(j, &m, canal == ENVOI_SMS ? &cost : NULL);
	else
		say_texte(b->c, &m, canal == ENVOI_SMS ? &cost : NULL);
	return true;
}

static bool run_textes(struct call *c, struct err *e)
{
	CLEANUP(bureau_close) struct bureau b = { .a = arena_new(MEMORY), .c = c,
		.dir = call_option(c, "--data"), .site = { .nom = "Tremplin" } };
	const char *only = call_option(c, "--langue");
	struct buf out = buf_new(JSON_MOST);
	struct json_out j = { &out, false };
	bool good = !b.dir || config_read(&b.a, b.dir, &b.site, e);

	json_open_array(&j, NULL);
	for (const struct lang *const *l = langs; *l && good; l++) {
		if (only && lang_find(only) != *l)
			continue;
		for (int i = 0; i < ENVOI_GENRES * 2 && good; i++)
			good = one_texte(&b, &j, i / 2, (enum envoi_canal)(i % 2), *l, e);
	}
	json_close_array(&j);
	if (good && c->json) {
		print_json(c, &out);
		return true;
	}
	buf_free(&out);
	return good;
}

/* --- tables ----------------------------------------------------------------------------- */

static const struct command_option list_options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ "--etat", "ETAT", "attente, en_cours, parti, remis, non_remis, refuse, perime ou annule", false },
	{ "--canal", "CANAL", "sms ou courriel", false },
	{ "--limite", "N", "les N derniers (20)", false },
	{ 0 },
};

static const struct command_option essai_options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ "--a", "NUMERO|ADRESSE", "numéro de mobile ou adresse électronique", true },
	{ "--langue", "LANGUE", "fr ou en", false },
	{ 0 },
};

static const struct command_option data_options[] = {
	{ "--data", "DIR", "dossier de données", true },
	{ 0 },
};

static const struct command_option textes_options[] = {
	{ "--data", "DIR", "dossier de données, pour le nom du site", false },
	{ "--langue", "LANGUE", "fr ou en ; sinon toutes", false },
	{ 0 },
};

const struct command envoi_commands[] = {
	{ "envoi list", NULL, 0, 0, "Montre les messages qui attendent et ceux qui sont partis",
	  "tremplin envoi list --data /var/lib/tremplin --etat attente", list_options, run_list },
	{ "envoi essai", NULL, 0, 0, "Envoie un message d’essai et dit ce qu’il devient",
	  "tremplin envoi essai --data /var/lib/tremplin --a 0612345678", essai_options, run_essai },
	{ "envoi relancer", "[ID...]", 0, -1,
	  "Fait repartir maintenant ceux qui attendent après un échec",
	  "tremplin envoi relancer --data /var/lib/tremplin", data_options, run_relancer },
	{ "envoi textes", NULL, 0, 0, "Montre chaque texte avec ce qu’il coûte",
	  "tremplin envoi textes --langue fr", textes_options, run_textes },
	{ 0 },
};
