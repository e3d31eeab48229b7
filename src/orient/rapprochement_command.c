#include "orient/rapprochement_command.h"

#include <stdlib.h>

#include "base/date.h"
#include "format/json.h"
#include "orient/lieu_absence.h"
#include "orient/rapprochement.h"
#include "orient/rapprochement_traits.h"

enum { WORDS_MOST = 16 << 10 };
static const double shown_least = 0.02;         /* of --paires: below, plainly different */

static void store_shut(struct store **s)
{
	store_close(*s);
}

struct match {
	const struct env *env;
	struct rapprochement_ask ask;
	struct rapprochement_totals t;
};

static bool match_job(struct tx *tx, void *arg, struct err *e)
{
	struct match *m = arg;

	return rapprochement_run(tx, m->env, &m->ask, &m->t, e);
}

static bool match_try(struct store *s, struct match *m, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(s, &db, e) && rapprochement_essai(db, &m->ask, &m->t, e);
}

static void print_json(FILE *out, const struct rapprochement_totals *t)
{
	CLEANUP(buf_free) struct buf b = buf_new(WORDS_MOST);
	struct json_out j = { &b, false };

	json_open_object(&j, NULL);
	json_put_int(&j, "lignes", (int64_t)t->lignes);
	json_put_int(&j, "neuves", (int64_t)t->neuves);
	json_put_int(&j, "paires", (int64_t)t->paires);
	json_put_int(&j, "fusionnes", (int64_t)t->fusionnes);
	json_put_int(&j, "doutes", (int64_t)t->doutes);
	json_put_int(&j, "retenus", (int64_t)t->retenus);
	json_put_int(&j, "lieux", (int64_t)t->lieux);
	json_close_object(&j);
	fprintf(out, "%s\n", buf_text(&b));
}

static void print_words(FILE *out, const struct rapprochement_totals *t, bool essai)
{
	fprintf(out, "%zu lignes de sources, dont %zu nouvelles ou changées ; %zu paires "
		"comparées.\n", t->lignes, t->neuves, t->paires);
	fprintf(out, essai ? "%zu lieux seraient réunis à un autre ; %zu paires seraient à décider. "
		"Rien n'est écrit.\n" : "%zu lieux réunis à un autre ; %zu paires à décider sur la "
		"page /agent/lieux/doublons.\n", t->fusionnes, t->doutes);
	if (t->retenus)
		fprintf(out, "%zu lieux ne sont plus montrés tant qu'on ne sait pas s'ils sont un "
			"lieu protégé.\n", t->retenus);
	fprintf(out, "%zu lieux en tout.\n", t->lieux);
}

static bool open_pairs(const char *path, FILE **out, struct err *e)
{
	*out = path ? fopen(path, "w") : NULL;
	if (path && !*out)
		return fail(e, E_INPUT, "« %s » ne peut pas être écrit.", path);
	if (*out) {
		fputs("source_a\tid_a\tsource_b\tid_b\tscore", *out);
		for (int i = 1; i < MESURES; i++)
			fprintf(*out, "\t%s", mesure_noms[i]);
		fputc('\n', *out);
	}
	return true;
}

bool rapprochement_command(struct call *c, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	struct match m = { .env = c->env, .ask = {
		.tout = call_option(c, "--tout") != NULL,
		.essai = call_option(c, "--essai") != NULL,
		.au_moins = shown_least,
	} };
	bool good;

	if (!store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e)
	    || !open_pairs(call_option(c, "--paires"), &m.ask.paires, e))
		return false;
	good = m.ask.essai ? match_try(s, &m, e) : store_write_alone(s, match_job, &m, e);
	if (m.ask.paires && fclose(m.ask.paires) && good)
		good = fail(e, E_STORE, "le fichier des paires n'a pas pu être écrit en entier.");
	if (!good)
		return false;
	if (c->json)
		print_json(c->out, &m.t);
	else
		print_words(c->out, &m.t, m.ask.essai);
	return true;
}

/* --- lieu absence ------------------------------------------------------------------- */

struct delay {
	int days;
	const struct env *env;
	size_t gone;
};

static bool delay_job(struct tx *tx, void *arg, struct err *e)
{
	struct delay *d = arg;
	char now[ISO_TEXT];

	iso_write(env_now(d->env), now);
	return lieu_absence_regler(tx, d->days, e) && lieu_absence_passer(tx, now, &d->gone, e);
}

bool absence_command(struct call *c, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	CLEANUP(db_release) struct db *db = NULL;
	struct delay d = { .env = c->env };
	char *end;

	if (!store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e))
		return false;
	if (!c->nargs) {
		if (!db_acquire(s, &db, e) || !lieu_absence_delai(db, &d.days, e))
			return false;
		fprintf(c->out, "%d\n", d.days);
		return true;
	}
	d.days = (int)strtol(c->args[0], &end, 10);
	if (end == c->args[0] || *end)
		return fail(e, E_INPUT, "« %s » n'est pas un nombre de jours.", c->args[0]);
	if (!store_write(s, delay_job, &d, e))
		return false;
	fprintf(c->out, "Un lieu que sa source ne donne plus quitte la recherche après %d jours"
		" (%zu maintenant).\n", d.days, d.gone);
	return true;
}
