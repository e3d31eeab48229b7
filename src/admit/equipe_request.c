#include "admit/equipe_request.h"

#include "base/date.h"
#include "core/commune.h"
#include "store/envoi.h"
#include "store/envoi_reglages.h"

struct doing {
	struct req *r;
	equipe_verb *verb;
	void *arg;
};

static bool run(struct tx *tx, void *arg, struct err *e)
{
	const struct doing *d = arg;
	const struct agent *by = req_agent(d->r);
	struct equipe q = {
		.tx = tx, .env = d->r->env, .a = d->r->a, .lang = d->r->lang,
		.par = by ? by->id : NULL, .session = by ? by->session : NULL,
	};

	return d->verb(&q, d->arg, e);
}

bool equipe_do(struct req *r, equipe_verb *verb, void *arg, struct err *e)
{
	struct doing d = { r, verb, arg };

	return store_write(r->core->store, run, &d, e);
}

bool mail_leaves(const struct req *r)
{
	return r->core->envoi && envoi_peut(r->core->envoi, ENVOI_COURRIEL);
}

bool req_is_admin(const struct req *r)
{
	return agent_may(req_agent(r), ROLE_ADMIN, NULL);
}

bool equipe_asked(struct req *r, struct db *db, struct agent *out, struct err *e)
{
	if (!agent_get(db, r->a, r->params[0], out, e))
		return false;
	if (equipe_manages(req_agent(r), out))
		return true;
	fail(e, E_DENIED, "%s", N_("Ce compte n’est pas de ceux dont vous répondez."));
	return hint(e, "%s", N_("Demandez à un référent de sa structure, ou à un "
				"administrateur."));
}

bool equipe_structure(struct req *r, struct db *db, const char *id, struct structure *out,
		      struct err *e)
{
	const struct agent *by = req_agent(r);

	if (!id && by->ici)
		id = by->ici->structure;
	if (!id) {
		fail(e, E_CONFLICT, "%s", N_("Vous ne travaillez dans aucune structure active."));
		return hint(e, "%s", N_("Choisissez une structure, ou appelez un administrateur."));
	}
	if (!agent_may(by, ROLE_REFERENT | ROLE_ADMIN, id)) {
		fail(e, E_DENIED, "%s", N_("Cette structure n’est pas de celles dont vous "
					   "répondez."));
		return hint(e, "%s", N_("Demandez à un de ses référents, ou à un administrateur."));
	}
	return structure_get(db, r->a, id, out, e);
}

const char *title_of(struct req *r, const char *title, const char *whom)
{
	return arena_cat(r->a, tr(r->lang, title), " · ", whom, NULL);
}

const char *roles_text(struct req *r, unsigned roles)
{
	const char *out = "";

	for (int i = 0; agent_roles[i].slug; i++) {
		if (roles & 1u << i)
			out = arena_cat(r->a, out, *out ? ", " : "",
					tr(r->lang, agent_roles[i].label), NULL);
	}
	return out;
}

const char *day_text(struct req *r, const char *iso)
{
	struct civil utc, local;
	char text[I18N_TEXT];

	if (!iso || !iso_read(iso, &utc))
		return "";
	local = zone_local(&zone_paris, date_days(utc.year, utc.month, utc.day) * 86400000
			   + ((utc.hour * 60 + utc.minute) * 60 + utc.second) * 1000ll);
	return arena_str(r->a, date_long(r->lang, &local, text));
}

const char *commune_text(struct req *r, const char *code)
{
	CLEANUP(core_let_go) struct holding held = core_hold(r->core);
	const struct commune *c = code ? repertoire_commune(held.r, code) : NULL;

	return c ? commune_label(r->a, c) : code;
}
