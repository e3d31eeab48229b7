/* What time does to mandats, questions and disagreements. */
#include <string.h>

#include "accompany/consentement.sql.h"
#include "accompany/histoire.h"
#include "accompany/histoire.sql.h"
#include "accompany/mandat.h"
#include "accompany/mandat.sql.h"
#include "base/date.h"
#include "core/envoi_texte.h"
#include "core/journal.h"
#include "store/envoi.h"

enum { DAY_MS = 24 * 3600 * 1000, DESACCORD_JOURS = 15, PREPARE_JOURS = 2 };

struct tending {
	struct core *core;
	struct arena *a;
	char now[ISO_TEXT];
};

static void before(const struct tending *t, int days, char out[ISO_TEXT])
{
	iso_write(env_now(t->core->env) - (int64_t)days * DAY_MS, out);
}

static bool end_mandats(struct tx *tx, struct tending *t, struct err *e)
{
	struct mandat_ended_row *r;
	size_t n;
	int64_t numero, changed;

	if (!mandat_ended(tx_db(tx), t->a, t->now, &r, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!mandat_set_ended(tx, r[i].id, &changed, e))
			return false;
		if (changed && (!journal_append(tx, t->core->env, &(struct journal_entry){
				.genre = "mandat.fini", .structure = r[i].structure_id,
				.usager = r[i].usager_id, .objet = r[i].id }, &numero, e)
		    || !histoire_put(tx, t->core->env, &(struct ligne){ .usager = r[i].usager_id,
				.structure = r[i].structure_id, .genre = "mandat-fini",
				.objet = r[i].id, .numero = numero }, e)))
			return false;
	}
	return true;
}

/* A question nobody answered, a mandat prepared and never signed: neither says anything. */
static bool end_silent(struct tx *tx, struct tending *t, struct err *e)
{
	struct consentement_silent_row *r;
	struct mandat_forgotten_row *f;
	char old[ISO_TEXT];
	size_t n, nf;

	before(t, PREPARE_JOURS, old);
	if (!consentement_silent(tx_db(tx), t->a, t->now, &r, &n, e)
	    || !mandat_forgotten(tx_db(tx), t->a, old, &f, &nf, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!consentement_end(tx, r[i].id, "silence", NULL, e)
		    || !mandat_silent(tx, r[i].mandat_id, NULL, e)
		    || !journal_append(tx, t->core->env, &(struct journal_entry){
				.genre = "consentement.silence", .objet = r[i].mandat_id },
				NULL, e))
			return false;
	}
	for (size_t i = 0; i < nf; i++) {
		if (!mandat_silent(tx, f[i].id, NULL, e))
			return false;
	}
	return true;
}

static bool remind(struct tx *tx, struct tending *t, struct err *e)
{
	struct mandat_soon_row *r;
	char soon[ISO_TEXT];
	size_t n;

	before(t, -MANDAT_RAPPEL_JOURS, soon);
	if (!mandat_soon(tx_db(tx), t->a, t->now, soon, &r, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct lang *l = lang_find(r[i].langue) ? lang_find(r[i].langue) : langs[0];
		struct envoi m = { .canal = ENVOI_SMS, .destinataire = r[i].telephone,
			.structure = r[i].structure_id,
			.cle = arena_cat(t->a, "mandat:", r[i].id, ":fin", NULL) };
		char id[UUID_TEXT];

		if (!envoi_texte(t->a, &t->core->site, ENVOI_MANDAT_FIN, l,
				 (const char *[]){ r[i].structure, fin_text(t->a, l,
				 r[i].expire_le) },
				 env_now(t->core->env), &m, e)
		    || !envoi_put(tx, &m, id, e) || !mandat_reminded(tx, r[i].id, t->now, NULL, e))
			return false;
	}
	return true;
}

static bool tell_dpo(struct tx *tx, struct tending *t, const struct desaccord_late_row *r,
		     struct err *e)
{
	const char *days = arena_printf(t->a, "%d", DESACCORD_JOURS);
	const char *link = arena_cat(t->a, t->core->site.adresse, "/agent/desaccords", NULL);
	struct envoi m = { .canal = ENVOI_COURRIEL, .destinataire = r->dpo,
		.structure = r->structure_id, .cle = arena_cat(t->a, "desaccord:", r->id, NULL) };
	char id[UUID_TEXT];

	return !r->dpo || (envoi_texte(t->a, &t->core->site, ENVOI_DESACCORD, langs[0],
			(const char *[]){ days, link }, env_now(t->core->env), &m, e)
		&& envoi_put(tx, &m, id, e));
}

static bool pass_on(struct tx *tx, struct tending *t, struct err *e)
{
	struct desaccord_late_row *r;
	char old[ISO_TEXT];
	size_t n;

	before(t, DESACCORD_JOURS, old);
	if (!desaccord_late(tx_db(tx), t->a, old, &r, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!desaccord_to_dpo(tx, r[i].id, t->now, NULL, e) || !tell_dpo(tx, t, &r[i], e)
		    || !journal_append(tx, t->core->env, &(struct journal_entry){
				.genre = "desaccord.delegue", .structure = r[i].structure_id,
				.usager = r[i].usager_id, .objet = r[i].id }, NULL, e))
			return false;
	}
	return true;
}

static bool tend_job(struct tx *tx, void *arg, struct err *e)
{
	struct tending *t = arg;

	return end_mandats(tx, t, e) && end_silent(tx, t, e) && remind(tx, t, e)
		&& pass_on(tx, t, e);
}

bool mandat_tend(struct core *core, struct arena *a, struct err *e)
{
	struct tending t = { .core = core, .a = a };

	iso_write(env_now(core->env), t.now);
	return store_write(core->store, tend_job, &t, e);
}
