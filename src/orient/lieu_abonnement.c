#include "orient/lieu_abonnement.h"

#include "core/core.h"
#include "core/repertoire.sql.h"
#include "orient/lieu_ics.h"
#include "orient/lieu_sorti.sql.h"
#include "orient/lieu_vcard.h"
#include "store/db.h"

static const char vcard[] = "text/vcard; charset=utf-8";
static const char calendar[] = "text/calendar; charset=utf-8";

/* What somebody asks again for. */
struct asked {
	struct holding held;
	struct db *db;
	const struct lieu *lieu;        /* NULL: not here, or not any more */
	bool parti;                     /* it left: `sorti` says when */
	struct lieu_sorti_get_row sorti;
	int64_t now, today;
};

static void let_go(struct asked *k)
{
	db_release(&k->db);
	core_let_go(&k->held);
}

static bool no_such_place(struct err *e)
{
	fail(e, E_MISSING, N_("Ce lieu n’est pas, ou n’est plus, dans notre liste."));
	return hint(e, N_("Cherchez-en un autre près de chez vous."));
}

/* The place, or that it left; false with a location for an id that was replaced, else with
 * an error. */
static bool find(struct req *r, struct res *s, const char *suffix, struct asked *k, struct err *e)
{
	struct repertoire_alias_row alias;
	bool other = false;
	struct civil c;

	k->held = core_hold(r->core);
	k->now = env_now(r->env);
	c = zone_local(&zone_paris, k->now);
	k->today = date_days(c.year, c.month, c.day);
	k->lieu = repertoire_lieu(k->held.r, r->params[0]);
	if (k->lieu)
		return true;
	if (!db_acquire(r->core->store, &k->db, e)
	    || !repertoire_alias(k->db, r->a, r->params[0], &alias, &other, e))
		return false;
	if (other && repertoire_lieu(k->held.r, alias.lieu_id)) {
		s->status = 301;
		s->location = arena_cat(r->a, "/lieux/", alias.lieu_id, suffix, NULL);
		return false;
	}
	return lieu_sorti_get(k->db, r->a, r->params[0], &k->sorti, &k->parti, e)
	       && (k->parti || no_such_place(e));
}

static const char *page_of(struct req *r, const struct lieu *l)
{
	return arena_cat(r->a, core_address(r), "/lieux/", l->id, NULL);
}

bool lieu_vcard_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(let_go) struct asked k = { .db = NULL };

	if (!find(r, s, "/contact", &k, e))
		return s->location != NULL;
	s->type = vcard;
	s->filename = "lieu.vcf";
	return k.lieu ? lieu_vcard(&s->body, k.lieu, page_of(r, k.lieu), e)
		      : lieu_vcard_parti(&s->body, r->params[0], k.sorti.le, e);
}

static void calendar_begin(struct res *s, const struct asked *k, const char *filename)
{
	s->type = calendar;
	s->filename = filename;
	ics_begin(&s->body, k->lieu ? k->lieu->nom : "Lieu retiré de l’annuaire");
}

bool lieu_ics_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(let_go) struct asked k = { .db = NULL };

	if (!find(r, s, "/horaires", &k, e))
		return s->location != NULL;
	if (k.lieu && !k.lieu->heures) {
		fail(e, E_MISSING, N_("Les horaires de ce lieu ne sont pas connus."));
		return hint(e, N_("Téléphonez-lui avant de venir."));
	}
	calendar_begin(s, &k, "horaires.ics");
	if (k.lieu) {
		ics_zone(&s->body, k.lieu->calendrier->zone);
		ics_lieu(&s->body, r->a, k.lieu, k.today, page_of(r, k.lieu), NULL);
	} else {
		ics_lieu_parti(&s->body, r->a, r->params[0],
			       k.sorti.horaires ? k.sorti.horaires : "",
			       calendrier_de(k.sorti.code_insee), k.sorti.le, k.today);
	}
	ics_end(&s->body);
	return true;
}

bool lieu_passages_page(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(let_go) struct asked k = { .db = NULL };
	struct passages_sortis_row *old;
	size_t n;

	if (!find(r, s, "/passages", &k, e))
		return s->location != NULL;
	if ((!k.db && !db_acquire(r->core->store, &k.db, e))
	    || !passages_sortis(k.db, r->a, r->params[0], k.parti ? k.sorti.le : NULL, &old, &n, e))
		return false;
	calendar_begin(s, &k, "passages.ics");
	ics_zone(&s->body, (k.lieu ? k.lieu->calendrier
			    : calendrier_de(k.sorti.code_insee))->zone);
	if (k.lieu)
		ics_passages(&s->body, r->a, k.lieu, k.now, page_of(r, k.lieu));
	ics_passages_partis(&s->body, r->a, old, n, k.lieu, k.now);
	ics_end(&s->body);
	return !r->a->spent || arena_refuse(r->a, e);
}
