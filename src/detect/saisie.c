#include "detect/saisie.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "detect/saisie.sql.h"

struct putting {
	struct store *s;
	const struct env *env;
	struct arena *a;
	struct saisie *k;
	const struct reponse *typed;    /* of items that are asked */
	struct feuille_get_row first;
	bool seen;                      /* the sheet is known: `first` */
	char hash[SHA256_HEX], jour[16], mois[8], avant[16];
};

static void set_days(struct putting *p)
{
	struct civil now = zone_local(&zone_paris, env_now(p->env));
	struct civil old = date_civil(date_days(now.year, now.month, now.day) - SAISIE_JOURS);

	snprintf(p->jour, sizeof p->jour, "%04d-%02d-%02d", now.year % 10000, now.month & 15,
		 now.day & 31);
	snprintf(p->mois, sizeof p->mois, "%.7s", p->jour);
	snprintf(p->avant, sizeof p->avant, "%04d-%02d-%02d", old.year % 10000, old.month & 15,
		 old.day & 31);
}

static bool already(const char *le, struct err *e)
{
	fail(e, E_CONFLICT, "Cette feuille a déjà été saisie le %.2s/%.2s/%.4s : elle ne compte qu’une fois.",
	     le + 8, le + 5, le);
	return hint(e, "%s", N_("Vérifiez le numéro, en bas de la feuille, ou passez à la suivante."));
}

/* --- what is written, all of it or nothing -------------------------------------------- */

static bool claim_job(struct tx *tx, void *arg, struct err *e)
{
	struct putting *p = arg;
	const struct recueil *r = &p->k->r;
	bool waits = p->k->issue == SAISIE_ATTEND;
	int64_t changed = 0;

	return feuille_forget(tx, p->avant, NULL, e)
	       && feuille_add(tx, p->hash, r->in->id, r->in->version, r->structure, p->jour,
			      waits ? "attend" : "faite",
			      waits ? reponses_write(p->a, r->in, p->typed) : "", &changed, e)
	       && (changed == 1 || already(p->jour, e));
}

static bool count_agreement(struct tx *tx, const struct putting *p, struct err *e)
{
	const struct recueil *r = &p->k->r;

	return double_saisie_add(tx, r->in->id, r->in->version, r->structure, p->mois,
				 p->k->comparees, p->k->identiques, NULL, e);
}

/* How far they agree counts now, before anybody corrects anything. */
static bool compared_job(struct tx *tx, void *arg, struct err *e)
{
	struct putting *p = arg;
	int64_t changed = 0;

	return feuille_compared(tx, p->hash, p->k->r.in->id, &changed, e)
	       && (!changed || count_agreement(tx, p, e));
}

static bool finish_job(struct tx *tx, void *arg, struct err *e)
{
	struct putting *p = arg;
	int64_t changed = 0;

	return feuille_finish(tx, p->hash, p->k->r.in->id, p->first.etat, &changed, e)
	       && (changed == 1 || already(p->first.le, e))
	       && (strcmp(p->first.etat, "attend") != 0 || count_agreement(tx, p, e));
}

static bool write(struct putting *p, store_job *job, struct err *e)
{
	struct saisie *k = p->k;

	k->r.avec = job;
	k->r.avec_arg = p;
	switch (k->issue) {
	case SAISIE_GARDEE:
		return recueil_keep(p->s, p->env, p->a, &k->r, e);
	case SAISIE_COMPTEE:
		return recueil_count(p->s, p->env, p->a, &k->r, e);
	default:
		return store_write(p->s, job, p, e);
	}
}

/* --- the second time against the first ---------------------------------------------- */

static bool same(struct arena *a, const struct item *it, const struct reponse *x,
		 const struct reponse *y)
{
	return strcmp(reponse_write(a, it, x), reponse_write(a, it, y)) == 0;
}

static bool compare(struct putting *p, struct err *e)
{
	struct saisie *k = p->k;
	const struct instrument *in = k->r.in;
	bool *differs = NEW_ARRAY(p->a, (size_t)in->nitems + 1, bool);
	struct reponse *first;

	if (!differs)
		return arena_refuse(p->a, e);
	if (!reponses_read_text(p->a, in, p->first.reponses, &first, e))
		return false;
	for (int i = 0; i < in->nitems; i++) {
		if (first[i].etat == SANS_REPONSE && p->typed[i].etat == SANS_REPONSE)
			continue;
		differs[i] = !same(p->a, &in->items[i], &first[i], &p->typed[i]);
		k->comparees++;
		k->identiques += !differs[i];
	}
	k->premiere = first;
	k->differe = differs;
	return true;
}

static bool put_again(struct putting *p, struct err *e)
{
	struct saisie *k = p->k;

	if (strcmp(p->first.etat, "faite") == 0)
		return already(p->first.le, e);
	if (strcmp(p->first.structure_id, k->r.structure) != 0)
		return fail(e, E_DENIED, "%s", N_("Cette feuille a été saisie une première fois dans une autre structure."));
	if (strcmp(p->first.version, k->r.in->version) != 0)
		return fail(e, E_CONFLICT, "Cette feuille a été saisie une première fois avec la version %s du questionnaire.",
			    p->first.version);
	if (!compare(p, e))
		return false;
	if (k->identiques < k->comparees && !k->verifie) {
		k->issue = SAISIE_DIFFERE;
		return write(p, compared_job, e);
	}
	return write(p, finish_job, e);
}

bool saisie_put(struct store *s, const struct env *env, struct arena *a, struct saisie *k,
		struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct putting p = { .s = s, .env = env, .a = a, .k = k };

	k->comparees = k->identiques = 0;
	k->issue = k->garder ? SAISIE_GARDEE : k->compter ? SAISIE_COMPTEE : SAISIE_RIEN;
	if (!k->r.numero || !numero_hash(k->r.numero, p.hash))
		return fail(e, E_INPUT, "%s", N_("Ce numéro a douze lettres ou chiffres, en trois groupes de quatre."));
	p.typed = recueil_asked(a, k->r.in, k->r.reponses);
	if (!p.typed)
		return arena_refuse(a, e);
	set_days(&p);
	if (!db_acquire(s, &db, e)
	    || !feuille_get(db, a, p.hash, k->r.in->id, &p.first, &p.seen, e))
		return false;
	db_release(&db);
	if (p.seen)
		return put_again(&p, e);
	if (k->garder && k->deux_fois)
		k->issue = SAISIE_ATTEND;
	return write(&p, claim_job, e);
}

bool saisie_bilan(struct db *db, struct arena *a, const char *instrument,
		  const char *structure, struct saisie_bilan *out, struct err *e)
{
	struct double_saisie_of_row both;
	struct feuilles_waiting_row waiting;

	if (!double_saisie_of(db, a, instrument, structure, &both, e)
	    || !feuilles_waiting(db, a, instrument, structure, &waiting, e))
		return false;
	*out = (struct saisie_bilan){ both.feuilles, both.comparees, both.identiques,
				      waiting.nombre };
	return true;
}
