#include "accompany/personne_conserve.h"

#include "accompany/personne_conserve.sql.h"
#include "accompany/personne_efface.sql.h"
#include "base/date.h"
#include "core/effacement.h"
#include "core/journal_efface.h"
#include "web/i18n.h"

static const int64_t DAY_MS = 24 * 3600 * 1000;

enum { MEMORY = 4 << 20, ROUNDS = 100 };

const struct personne_duree personne_durees[] = {
	{ N_("Votre fiche chez qui vous aide : nom, téléphone, année de naissance, code secret, carte"),
	  N_("deux ans après le dernier contact"),
	  N_("Mission d’intérêt public ; CNIL, référentiel des durées (délibération 2023-095) : deux ans après "
	     "le dernier contact") },
	{ N_("Vos autorisations d’agir, et ce qui a été fait en votre nom"),
	  N_("six ans après leur fin"),
	  N_("Preuve en cas de litige : six ans après la fin du mandat (code de procédure pénale, article 8)") },
	{ N_("Vos visites à votre espace, les codes envoyés par SMS"),
	  N_("un jour après leur fin ; la date de la dernière visite, deux ans"),
	  N_("Sécurité (RGPD, article 32) ; CNIL, délibération 2021-122 : un an au plus") },
	{ NULL, NULL, NULL },
};

struct conserving {
	struct core *core;
	struct arena a;
	char contact[ISO_TEXT], archive[ISO_TEXT], acces[ISO_TEXT];
};

static void before(const struct conserving *k, int days, char out[ISO_TEXT])
{
	iso_write(env_now(k->core->env) - days * DAY_MS, out);
}

/* --- a person who signed nothing that must be proved ------------------------------------- */

static bool silent(struct conserving *k, struct conserve_silencieux_row **rows, size_t *n,
		   struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(k->core->store, &db, e)
	       && conserve_silencieux(db, &k->a, k->contact, k->archive, rows, n, e);
}

/* Whole, by every module, and again if a backup is restored. */
static bool erase_silent(struct conserving *k, size_t *n, struct err *e)
{
	struct conserve_silencieux_row *rows;

	if (!silent(k, &rows, n, e))
		return false;
	for (size_t i = 0; i < *n; i++) {
		if (!effacement_run(k->core->store, k->core->effaceurs, "usager", rows[i].id,
				    NULL, e))
			return false;
	}
	return true;
}

/* --- a person whose mandats are in the archive -------------------------------------------- */

static bool reduce(struct tx *tx, struct conserving *k, size_t *n, struct err *e)
{
	struct conserve_archives_row *r;

	if (!conserve_archives(tx_db(tx), &k->a, k->contact, &r, n, e))
		return false;
	for (size_t i = 0; i < *n; i++) {
		const char *id = r[i].id;

		if (!personne_sans_messages(tx, id, NULL, e)
		    || !personne_sans_reponses(tx, id, NULL, e)
		    || !personne_sans_stop(tx, id, NULL, e)
		    || !personne_sans_identites(tx, id, NULL, e)
		    || !personne_sans_sessions(tx, id, NULL, e)
		    || !personne_sans_acces(tx, id, NULL, e)
		    || !personne_sans_carte(tx, id, NULL, e)
		    || !conserve_sans_numero(tx, id, NULL, e)
		    || !conserve_sans_avec(tx, id, NULL, e) || !conserve_reduire(tx, id, NULL, e))
			return false;
	}
	return true;
}

/* --- mandats whose archive is over ---------------------------------------------------------- */

typedef bool mandat_step(struct tx *tx, const char *mandat, int64_t *changed, struct err *e);

/* Who points first, then who is pointed at. */
static mandat_step *const mandat_steps[] = {
	conserve_sans_codes, conserve_sans_transferts, conserve_sans_desaccords,
	conserve_sans_histoire, conserve_sans_actes, conserve_sans_consentements,
	conserve_sans_lectures, conserve_sans_agents, conserve_sans_autorisations,
	conserve_sans_suite, conserve_sans_mandat, NULL,
};

static bool drop_mandats(struct tx *tx, struct conserving *k, size_t *n, struct err *e)
{
	struct conserve_mandats_row *r;
	int64_t leaves;

	if (!conserve_mandats(tx_db(tx), &k->a, k->archive, &r, n, e))
		return false;
	for (size_t i = 0; i < *n; i++) {
		if (!journal_erase_about(tx, k->core->env, r[i].id, "fin-de-mandat", NULL,
					 &leaves, e))
			return false;
		for (int s = 0; mandat_steps[s]; s++) {
			if (!mandat_steps[s](tx, r[i].id, NULL, e))
				return false;
		}
	}
	return true;
}

struct round {
	struct conserving *k;
	size_t n;                       /* how many were found: there may be more */
};

static bool tidy_job(struct tx *tx, void *arg, struct err *e)
{
	struct round *r = arg;
	struct conserving *k = r->k;
	size_t reduced, dropped;

	if (!conserve_sans_acces(tx, k->acces, NULL, e)
	    || !conserve_sans_sessions(tx, k->acces, k->contact, NULL, e)
	    || !reduce(tx, k, &reduced, e) || !drop_mandats(tx, k, &dropped, e))
		return false;
	r->n = reduced + dropped;
	return true;
}

bool personne_conserve(struct core *core, struct err *e)
{
	struct conserving k = { .core = core };
	struct err ignored = { 0 };
	size_t silent_ones = 1, gone = 0;
	bool good = true;

	before(&k, PERSONNE_CONTACT_JOURS, k.contact);
	before(&k, PERSONNE_ARCHIVE_JOURS, k.archive);
	before(&k, PERSONNE_ACCES_JOURS, k.acces);
	for (int i = 0; good && i < ROUNDS && silent_ones; i++) {
		k.a = arena_new(MEMORY);
		good = erase_silent(&k, &silent_ones, e);
		arena_free(&k.a);
	}
	for (struct round r = { &k, 1 }; good && r.n;) {
		k.a = arena_new(MEMORY);
		good = store_write(core->store, tidy_job, &r, e);
		arena_free(&k.a);
		gone += r.n;
	}
	/* what went is no longer in the write-ahead log either; who reads just now: next time */
	if (gone)
		store_sweep(core->store, &ignored);
	return good;
}
