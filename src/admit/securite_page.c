/* /agent/securite: the security log, for who may read it.  Lines, never sums. */
#include "admit/agents_page.h"

#include <stdio.h>
#include <string.h>

#include "admit/securite.htm.h"
#include "base/date.h"
#include "format/csv.h"
#include "web/message.h"
#include "web/query.h"

enum { PER_PAGE = 50, CSV_MOST = 20000, MONTHS = 12 };

static const struct choice vues[] = {
	{ "structure", N_("Ma structure"), NULL },
	{ "moi", N_("Mon compte"), NULL },
	{ "tout", N_("Tout le territoire"), NULL },
	{ NULL, NULL, NULL },
};

const struct field securite_fields[] = {
	{ AT(securite_entree, structure), .kind = F_TEXT, .max = 40, .label = N_("Structure") },
	{ AT(securite_entree, agent), .kind = F_TEXT, .max = 40, .label = N_("Agent") },
	{ AT(securite_entree, mois), .kind = F_TEXT, .max = 7, .label = N_("Mois") },
	{ AT(securite_entree, suite), .kind = F_TEXT, .max = 40, .label = N_("Suite") },
	{ AT(securite_entree, vue), .kind = F_CHOICE, .choices = vues, .label = N_("Journal") },
	{ 0 },
};

enum { VUE_STRUCTURE, VUE_MOI, VUE_TOUT };

/* --- what is asked, and whether it may be ------------------------------------------------- */

struct asking {
	struct req *r;
	struct db *db;
	const struct securite_entree *in;
	struct trace_ask ask;
	struct structure structure;
	struct agent agent;             /* id NULL: every account */
	bool moi;
};

/* Where one reads an account's lines: everywhere for an admin and for oneself, else in the
 * structure that one answers for. */
static bool choose_account(struct asking *k, struct err *e)
{
	const struct agent *by = req_agent(k->r);
	const struct agent_place *p;

	if (!agent_get(k->db, k->r->a, k->in->agent, &k->agent, e))
		return false;
	k->ask.cible = k->agent.id;
	if (req_is_admin(k->r))
		return true;
	p = equipe_place_managed(by, &k->agent);
	if (!p) {
		fail(e, E_DENIED, "%s", N_("Ce compte n’est pas de ceux dont vous répondez."));
		return hint(e, "%s", N_("Demandez à un référent de sa structure, ou à un "
					"administrateur."));
	}
	k->ask.structure = p->structure;
	return structure_get(k->db, k->r->a, p->structure, &k->structure, e);
}

static bool choose_scope(struct asking *k, struct err *e)
{
	const struct agent *by = req_agent(k->r);
	bool answers = by->ici && agent_may(by, ROLE_REFERENT | ROLE_ADMIN, by->ici->structure);

	k->moi = k->in->vue == VUE_MOI || (k->in->agent && !strcmp(k->in->agent, by->id))
		 || (k->in->vue < 0 && !k->in->structure && !k->in->agent && !answers
		     && !req_is_admin(k->r));
	if (k->moi) {
		k->ask.cible = by->id;
		return true;
	}
	if (k->in->agent)
		return choose_account(k, e);
	if (k->in->vue == VUE_TOUT || (k->in->vue < 0 && !k->in->structure && !by->ici)) {
		if (req_is_admin(k->r))
			return true;
		return fail(e, E_DENIED, "%s", N_("Cette page est réservée aux administrateurs "
						  "du territoire."));
	}
	if (!equipe_structure(k->r, k->db, k->in->structure, &k->structure, e))
		return false;
	k->ask.structure = k->structure.id;
	return true;
}

/* The first instant of a civil month of Paris, in UTC text. */
static const char *month_start(struct arena *a, int year, int month)
{
	struct civil c = {
		.year = year + (month - 1) / 12, .month = (month - 1) % 12 + 1, .day = 1,
	};
	char iso[ISO_TEXT];

	iso_write(zone_instant(&zone_paris, &c), iso);
	return arena_str(a, iso);
}

static void choose_month(struct asking *k)
{
	struct civil c;
	char day[16];

	if (!k->in->mois || strlen(k->in->mois) != 7)
		return;
	snprintf(day, sizeof day, "%s-01", k->in->mois);
	if (!iso_read(day, &c))
		return;
	k->ask.depuis = month_start(k->r->a, c.year, c.month);
	k->ask.avant = month_start(k->r->a, c.year, c.month + 1);
}

static bool asked(struct req *r, struct db *db, struct asking *k, struct err *e)
{
	*k = (struct asking){ .r = r, .db = db, .in = r->in };
	r->nerrors = 0;
	if (!choose_scope(k, e))
		return false;
	choose_month(k);
	k->ask.suite = k->in->suite;
	return true;
}

/* --- what is shown --------------------------------------------------------------------------- */

static struct trace_shown shown(struct req *r, const struct trace_line *t)
{
	bool other = t->cible && (!t->agent || strcmp(t->agent, t->cible) != 0);
	struct civil utc = { 0 }, local;
	char text[I18N_TEXT];
	struct trace_shown out = {
		.action = tr(r->lang, trace_actions[t->action].label), .qui = t->agent,
		.cible = other ? t->cible : NULL,
		.structure = t->structure, .objet = t->objet,
	};

	if (!iso_read(t->le, &utc))
		return out;
	local = zone_local(&zone_paris, date_days(utc.year, utc.month, utc.day) * 86400000
			   + ((utc.hour * 60 + utc.minute) * 60 + utc.second) * 1000ll);
	out.jour = arena_str(r->a, date_long(r->lang, &local, text));
	out.heure = arena_str(r->a, time_short(r->lang, local.hour * 60 + local.minute, text));
	if (t->action == TRACE_ROLE_DONNE || t->action == TRACE_ROLE_RETIRE) {
		for (int i = 0; out.objet && agent_roles[i].slug; i++) {
			if (!strcmp(out.objet, agent_roles[i].slug))
				out.objet = tr(r->lang, agent_roles[i].label);
		}
	}
	return out;
}

/* "mai 2026" for the twelve last months. */
static const struct mois_shown *months(struct req *r, const char *chosen)
{
	static const char *const names[] = {
		N_("janvier %1"), N_("février %1"), N_("mars %1"), N_("avril %1"), N_("mai %1"),
		N_("juin %1"), N_("juillet %1"), N_("août %1"), N_("septembre %1"),
		N_("octobre %1"), N_("novembre %1"), N_("décembre %1"),
	};
	struct mois_shown *m = NEW_ARRAY(r->a, MONTHS + 1, struct mois_shown);
	struct civil now = zone_local(&zone_paris, env_now(r->env));
	int at = now.year * 12 + now.month - 1;

	for (int i = 0; m && i < MONTHS; i++, at--) {
		const char *year = arena_printf(r->a, "%d", at / 12);

		m[i].slug = arena_printf(r->a, "%04d-%02d", at / 12, at % 12 + 1);
		m[i].label = message_fill(r->a, tr(r->lang, names[at % 12]), &year, 1);
		m[i].ici = chosen && !strcmp(chosen, m[i].slug);
	}
	return m;
}

static bool fill_lines(struct asking *k, struct securite_view *v, struct err *e)
{
	struct securite_entree next = *k->in, same = *k->in;
	struct trace_line *lines;
	struct trace_shown *t;

	k->ask.most = PER_PAGE + 1;
	if (!trace_read(k->db, k->r->a, &k->ask, &lines, &v->n, e))
		return false;
	t = NEW_ARRAY(k->r->a, v->n, struct trace_shown);
	if (!t)
		return arena_refuse(k->r->a, e);
	if (v->n > PER_PAGE) {
		next.suite = lines[PER_PAGE - 1].id;
		v->suivant = query_write(k->r->a, securite_fields, &next);
		v->n = PER_PAGE;
	}
	same.suite = NULL;
	v->csv = query_write(k->r->a, securite_fields, &same);
	for (size_t i = 0; i < v->n; i++)
		t[i] = shown(k->r, &lines[i]);
	v->t = t;
	return true;
}

/* Whose lines these are, for the title. */
static const char *about(const struct asking *k)
{
	if (k->agent.id)
		return arena_cat(k->r->a, k->agent.prenom, " ", k->agent.nom, NULL);
	if (k->moi)
		return tr(k->r->lang, N_("Mon compte"));
	return k->structure.id ? k->structure.nom : tr(k->r->lang, N_("Tout le territoire"));
}

bool securite_show(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct html h = page_html(r, s);
	struct page page;
	struct securite_view v = { .in = r->in };
	struct agent *agents = NULL;
	struct asking k;

	if (!db_acquire(r->core->store, &db, e) || !asked(r, db, &k, e) || !fill_lines(&k, &v, e)
	    || !journal_vue_read(r, db, &v.journal, e))
		return false;
	if (k.structure.id && !agent_list(db, r->a, k.structure.id, &agents, &v.ng, e))
		return false;
	v.g = agents;
	v.s = k.structure.id ? &k.structure : NULL;
	v.mois = months(r, v.in->mois);
	v.moi = k.moi;
	v.admin = req_is_admin(r);
	v.referent = v.admin || agent_roles_here(req_agent(r)) & ROLE_REFERENT;
	page = page_for(r, title_of(r, N_("Journal de sécurité"), about(&k)));
	securite_page(&h, &page, &v, k.agent.id ? &k.agent : NULL);
	return true;
}

/* --- as a table ------------------------------------------------------------------------------- */

static void write_line(struct buf *b, const struct trace_line *t)
{
	const char *const cells[] = {
		trace_actions[t->action].slug, t->agent, t->cible, t->structure, t->session,
		t->objet,
	};

	csv_write_cell(b, t->le, true);
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
		csv_write_cell(b, cells[i], false);
	buf_str(b, "\r\n");
}

bool securite_csv(struct req *r, struct res *s, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	struct trace_line *lines;
	struct asking k;
	size_t n;

	if (!db_acquire(r->core->store, &db, e) || !asked(r, db, &k, e))
		return false;
	k.ask.most = CSV_MOST;
	k.ask.suite = NULL;
	if (!trace_read(db, r->a, &k.ask, &lines, &n, e))
		return false;
	buf_str(&s->body, "le,action,agent,cible,structure,session,objet\r\n");
	for (size_t i = 0; i < n; i++)
		write_line(&s->body, &lines[i]);
	s->type = "text/csv; charset=utf-8";
	s->filename = "journal-securite.csv";
	return true;
}
