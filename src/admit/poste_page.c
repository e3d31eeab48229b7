/*
 * /agent/changer: several agents at one desk.  The sealed cookie keeps the tokens of the
 * sessions that were suspended here, each under its cover; a first name is shown only of
 * who agreed, on this browser.
 *
 *	.poste = "+TOKEN,-TOKEN"        + may be named; the last one was suspended last
 */
#include <string.h>

#include "admit/connexion_inside.h"
#include "admit/entree_inside.h"
#include "admit/garde.htm.h"
#include "admit/garde_inside.h"
#include "web/session.h"

#define POSTE ".poste"

const struct field place_fields[] = {
	{ AT(place_in, place), .kind = F_INT, .required = true, .min = 0, .max = POSTE_MOST - 1,
	  .label = N_("Place") },
	{ 0 },
};

struct poste {
	struct {
		char token[AGENT_TOKEN_TEXT];
		bool named;
	} at[POSTE_MOST];
	int n;
};

static void poste_read(struct req *r, struct poste *p)
{
	const char *text = session_get(r->session, POSTE);

	p->n = 0;
	while (text && p->n < POSTE_MOST && (*text == '+' || *text == '-')
	       && strcspn(text + 1, ",") == AGENT_TOKEN_TEXT - 1) {
		p->at[p->n].named = *text == '+';
		memcpy(p->at[p->n].token, text + 1, AGENT_TOKEN_TEXT - 1);
		p->at[p->n++].token[AGENT_TOKEN_TEXT - 1] = '\0';
		text += AGENT_TOKEN_TEXT;
		text += *text == ',';
	}
}

static void poste_write(struct req *r, const struct poste *p)
{
	const char *text = "";

	for (int i = 0; i < p->n; i++)
		text = arena_cat(r->a, text, i ? "," : "", p->at[i].named ? "+" : "-",
				 p->at[i].token, NULL);
	session_set(r->session, r->a, POSTE, p->n ? text : NULL);
}

bool poste_has_any(struct req *r)
{
	return session_get(r->session, POSTE) != NULL;
}

static void poste_drop(struct poste *p, int i)
{
	memmove(&p->at[i], &p->at[i + 1], (size_t)(--p->n - i) * sizeof *p->at);
}

static void poste_add(struct poste *p, const char *token)
{
	if (p->n == POSTE_MOST)         /* the oldest ends by itself, within the hour */
		poste_drop(p, 0);
	memcpy(p->at[p->n].token, token, AGENT_TOKEN_TEXT);
	p->at[p->n++].named = false;
}

/* What is still there of it; those that ended are forgotten. */
static bool poste_look(struct req *r, struct poste *p, struct changer_view *v, struct err *e)
{
	for (int i = 0; i < p->n;) {
		struct agent_session at;
		struct civil c;

		if (!agent_session_find(entree_sessions(r), r->a, p->at[i].token, false, &at, e))
			return false;
		if (at.state != AGENT_SESSION_COVERED) {
			poste_drop(p, i);
			continue;
		}
		c = zone_local(&zone_paris, at.vu_ms);
		v->liste[i] = (struct suspendue){
			.place = i,
			.prenom = p->at[i].named ? at.agent.prenom : NULL,
			.vue = arena_str(r->a, time_short(r->lang, c.hour * 60 + c.minute,
							 (char[I18N_TEXT]){ 0 })),
		};
		i++;
	}
	v->n = p->n;
	if (v->n)
		v->liste[v->n - 1].derniere = true;
	poste_write(r, p);
	return true;
}

bool changer_get(struct req *r, struct res *s, struct err *e)
{
	struct page page = admit_page(r, s, N_("Changer d’agent"));
	struct html h = page_html(r, s);
	struct changer_view v = { .r = r, .page = &page };
	struct agent_session now;
	struct poste p;

	if (!entree_session(r, &now, e))
		return false;
	if (now.state == AGENT_SESSION_OPEN)
		return res_see_other(s, "/agent");
	poste_read(r, &p);
	if (!poste_look(r, &p, &v, e))
		return false;
	changer_page(&h, &v);
	return true;
}

/* The session of this browser joins those that wait. */
static bool suspend(struct req *r, struct poste *p, struct err *e)
{
	const char *token = session_get(r->session, AGENT_TOKEN);
	struct agent_session now;

	if (!entree_session(r, &now, e))
		return false;
	if (now.state == AGENT_SESSION_OPEN && !garde_cover(r, now.id, e))
		return false;
	if (now.state == AGENT_SESSION_OPEN || now.state == AGENT_SESSION_COVERED)
		poste_add(p, token);
	session_set(r->session, r->a, AGENT_TOKEN, NULL);
	session_renew(r->session);
	return true;
}

bool changer_post(struct req *r, struct res *s, struct err *e)
{
	struct poste p;

	poste_read(r, &p);
	if (!suspend(r, &p, e))
		return false;
	poste_write(r, &p);
	return res_see_other(s, "/agent/changer");
}

bool revenir_post(struct req *r, struct res *s, struct err *e)
{
	const struct place_in *in = r->in;
	char token[AGENT_TOKEN_TEXT];
	struct poste p;

	poste_read(r, &p);
	if (r->nerrors || in->place >= p.n)
		return res_see_other(s, "/agent/changer");
	memcpy(token, p.at[in->place].token, sizeof token);
	poste_drop(&p, (int)in->place);
	if (!suspend(r, &p, e))
		return false;
	poste_write(r, &p);
	session_set(r->session, r->a, AGENT_TOKEN, token);
	return res_see_other(s, "/agent/garde");
}

bool prenom_post(struct req *r, struct res *s, struct err *e)
{
	const struct place_in *in = r->in;
	struct poste p;

	(void)e;
	poste_read(r, &p);
	if (!r->nerrors && in->place == p.n - 1) {
		p.at[in->place].named = !p.at[in->place].named;
		poste_write(r, &p);
	}
	return res_see_other(s, "/agent/changer");
}
