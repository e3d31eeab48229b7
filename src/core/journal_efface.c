#include "core/journal_efface.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "core/journal.sql.h"
#include "web/i18n.h"

enum { RANGES_MOST = 12 << 10 };

static const int64_t DAY_MS = 24 * 3600 * 1000;

/*
 * CNIL, délibération 2021-122 (journalisation): six months to a year.  Mandats and what was done
 * under them: six years after the end (prescription of délits, code de procédure pénale, art. 8),
 * and a mandat lasts a year at most.  To be confirmed by the structure's lawyer.
 */
const struct journal_duree journal_durees[] = {
	{ "compte", 365, N_("Connexions et changements de comptes et de droits des agents"),
	  N_("Sécurité (RGPD, article 32) ; CNIL, délibération 2021-122 : un an au plus") },
	{ "connexion", 365, N_("Connexions d’une personne aidée à son espace"),
	  N_("Sécurité (RGPD, article 32) ; CNIL, délibération 2021-122 : un an au plus") },
	{ "droit", 365, N_("Qui a lu le dossier d’une personne sans y être nommé, et pourquoi"),
	  N_("Sécurité (RGPD, article 32) ; CNIL, délibération 2021-122 : un an au plus") },
	{ "export", 365, N_("Copies de données données à une personne ou à un service"),
	  N_("Sécurité (RGPD, article 32) ; CNIL, délibération 2021-122 : un an au plus") },
	{ "personne", 2557, N_("Fiche d’une personne aidée : ouverte, carte donnée ou perdue"),
	  N_("Preuve en cas de litige : six ans après la fin du mandat (code de procédure pénale, article 8)") },
	/* a year at most, then six */
	{ "mandat", 2557, N_("Autorisations d’agir : signées, arrêtées, renouvelées"),
	  N_("Preuve en cas de litige : six ans après la fin du mandat (code de procédure pénale, article 8)") },
	{ "consentement", 2557, N_("Questions posées à une personne et sa réponse"),
	  N_("Preuve en cas de litige : six ans après la fin du mandat (code de procédure pénale, article 8)") },
	{ "acte", 2557, N_("Ce qui a été fait au nom d’une personne"),
	  N_("Preuve en cas de litige : six ans après la fin du mandat (code de procédure pénale, article 8)") },
	{ "desaccord", 2557, N_("Désaccords d’une personne et réponses"),
	  N_("Preuve en cas de litige : six ans après la fin du mandat (code de procédure pénale, article 8)") },
	{ "federation", 2557, N_("Connexions à un autre site au nom d’une personne"),
	  N_("Preuve en cas de litige : six ans après la fin du mandat (code de procédure pénale, article 8)") },
	{ "journal", 0, N_("Effacements, sauvegardes relues : sans aucun nom"),
	  N_("Sans limite : ces lignes ne disent rien d’une personne") },
	{ NULL, 0, NULL, NULL },
};

const struct journal_duree *journal_duree_of(const char *genre)
{
	size_t n = strcspn(genre, ".");

	for (const struct journal_duree *d = journal_durees; d->famille; d++) {
		if (strlen(d->famille) == n && !memcmp(d->famille, genre, n))
			return d;
	}
	return NULL;
}

const char *journal_duree_words(const struct journal_duree *d)
{
	return !d->jours ? N_("sans limite") : d->jours < 366 ? N_("un an") : N_("sept ans");
}

/* --- what goes, as a list ------------------------------------------------------------------- */

/* "12,17-20", in as many leaves as it needs. */
struct erasing {
	struct tx *tx;
	const struct env *env;
	const char *motif, *par;
	struct buf ranges;
	int64_t from, to, n;            /* the range that grows; from -1: none */
};

static bool declare(struct erasing *k, struct err *e)
{
	if (!k->ranges.n)
		return true;
	if (!journal_append(k->tx, k->env, &(struct journal_entry){
			.genre = "journal.efface", .acteur = k->par,
			.mots = (struct journal_mot[]){ { "feuilles", buf_text(&k->ranges) },
				{ "motif", k->motif }, { 0 } } }, NULL, e))
		return false;
	buf_clear(&k->ranges);
	return true;
}

static bool put_range(struct erasing *k, struct err *e)
{
	if (k->from < 0)
		return true;
	if (k->ranges.n > RANGES_MOST && !declare(k, e))
		return false;
	if (k->ranges.n)
		buf_char(&k->ranges, ',');
	buf_int(&k->ranges, k->from);
	if (k->to > k->from) {
		buf_char(&k->ranges, '-');
		buf_int(&k->ranges, k->to);
	}
	k->from = -1;
	return true;
}

static bool take(struct erasing *k, int64_t numero, struct err *e)
{
	k->n++;
	if (k->from >= 0 && k->to + 1 == numero) {
		k->to = numero;
		return true;
	}
	if (!put_range(k, e))
		return false;
	k->from = k->to = numero;
	return true;
}

/* Numbers are read whole before anything is written: the leaf comes after what it declares. */
struct numbers {
	struct arena a;
	int64_t *p;
	size_t n, cap;
};

static bool keep(struct numbers *k, int64_t numero, struct err *e)
{
	if (k->n == k->cap) {
		size_t cap = k->cap ? 2 * k->cap : 64;
		int64_t *p = NEW_ARRAY(&k->a, cap, int64_t);

		if (!p)
			return arena_refuse(&k->a, e);
		if (k->n)
			memcpy(p, k->p, k->n * sizeof *p);
		k->p = p;
		k->cap = cap;
	}
	k->p[k->n++] = numero;
	return true;
}

static bool declare_all(struct tx *tx, const struct env *env, const struct numbers *k,
			const char *motif, const char *par, struct err *e)
{
	struct erasing x = { .tx = tx, .env = env, .motif = motif, .par = par, .from = -1,
			     .ranges = buf_new(JOURNAL_RECORD) };
	bool good = true;

	for (size_t i = 0; good && i < k->n; i++)
		good = take(&x, k->p[i], e);
	good = good && put_range(&x, e) && declare(&x, e);
	buf_free(&x.ranges);
	return good;
}

#define KEEP(query) \
	static bool keep_##query(const struct query##_row *r, void *arg, struct err *e) \
	{ return keep(arg, r->numero, e); }
KEEP(journal_numbers_of)
KEEP(journal_numbers_about)

enum { ACTS_MEMORY = 256 << 20 };

bool journal_erase_person(struct tx *tx, const struct env *env, const char *usager,
			  const char *motif, const char *par, int64_t *n, struct err *e)
{
	struct numbers k = { .a = arena_new(ACTS_MEMORY) };
	bool good = journal_numbers_of(tx_db(tx), usager, keep_journal_numbers_of, &k, e)
		    && journal_erase_of(tx, usager, n, e) && declare_all(tx, env, &k,
		    	motif, par, e);

	arena_free(&k.a);
	return good;
}

bool journal_erase_about(struct tx *tx, const struct env *env, const char *objet,
			 const char *motif, const char *par, int64_t *n, struct err *e)
{
	struct numbers k = { .a = arena_new(ACTS_MEMORY) };
	bool good = journal_numbers_about(tx_db(tx), objet, keep_journal_numbers_about, &k, e)
		    && journal_erase_objet(tx, objet, n, e) && declare_all(tx, env, &k,
		    	motif, par, e);

	arena_free(&k.a);
	return good;
}

/* --- retention ------------------------------------------------------------------------------- */

enum { AT_ONCE = 2000, DUREES = 16 };

struct conserving {
	const struct env *env;
	char avant[DUREES][ISO_TEXT];   /* by row of journal_durees; "": kept */
	struct numbers old;
	size_t done;
};

static bool look(const struct journal_older_row *r, void *arg, struct err *e)
{
	struct conserving *k = arg;
	const struct journal_duree *d = journal_duree_of(r->genre);

	return !d || strcmp(r->le, k->avant[d - journal_durees]) >= 0 || keep(&k->old,
		r->numero, e);
}

/* Looked for beside the writer; the oldest instant of any family bounds the search. */
static bool find_old(struct store *s, struct conserving *k, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const char *last = "";

	for (size_t i = 0; journal_durees[i].famille; i++) {
		if (journal_durees[i].jours)
			iso_write(env_now(k->env) - journal_durees[i].jours * DAY_MS, k->avant[i]);
		if (strcmp(k->avant[i], last) > 0)
			last = k->avant[i];
	}
	return db_acquire(s, &db, e) && journal_older(db, last, look, k, e);
}

static bool conserve(struct tx *tx, void *arg, struct err *e)
{
	struct conserving *k = arg;
	struct numbers some = { .p = k->old.p + k->done, .n = k->old.n - k->done };

	if (some.n > AT_ONCE)
		some.n = AT_ONCE;
	for (size_t i = 0; i < some.n; i++) {
		if (!journal_erase_one(tx, some.p[i], NULL, e))
			return false;
	}
	return declare_all(tx, k->env, &some, "duree", NULL, e);
}

bool journal_conserve(struct store *s, struct err *e)
{
	struct conserving k = { .env = store_env(s), .old = { .a = arena_new(ACTS_MEMORY) } };
	bool good = find_old(s, &k, e);

	for (; good && k.done < k.old.n; k.done += AT_ONCE)
		good = store_write(s, conserve, &k, e);
	arena_free(&k.old.a);
	return good;
}

/* --- a person ----------------------------------------------------------------------- */

static bool efface(const struct effacer *x, struct err *e)
{
	return journal_erase_person(x->tx, x->env, x->cle, x->encore ? "restauration" : "personne",
				    x->par, NULL, e);
}

static bool donne(struct db *db, struct arena *a, const char *cle, struct json_out *j,
		  struct err *e)
{
	struct journal_of_usager_row *rows;
	size_t n;

	if (!journal_of_usager(db, a, cle, INT64_MAX, INT32_MAX, &rows, &n, e))
		return false;
	json_open_array(j, "actes");
	for (size_t i = n; i-- > 0;) {
		json_open_object(j, NULL);
		json_put_int(j, "numero", rows[i].numero);
		json_put_text(j, "le", rows[i].le);
		json_put_text(j, "genre", rows[i].genre);
		json_put_text(j, "structure", rows[i].structure_id);
		json_put_text(j, "acteur", rows[i].acteur);
		json_put_text(j, "objet", rows[i].objet);
		buf_str(j->b, ",\"texte\":");
		buf_str(j->b, rows[i].texte);
		json_close_object(j);
	}
	json_close_array(j);
	return true;
}

const struct effaceur journal_effaceurs[] = {
	{ "usager", "journal", efface, donne },
	{ NULL, NULL, NULL, NULL },
};
