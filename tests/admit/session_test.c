#include "tests/admit/entree_world.h"

/* A session, as its store and its owner see it. */
static enum session_state state_of(struct browser *b)
{
	struct sessions *m = NULL;
	struct agent_session s;
	struct entree_world *w = b->w;

	accepts(sessions_new(w->t.store, &env_test, &m, &w->err), &w->err);
	accepts(agent_session_find(m, &w->a, browser_agent_token(b), false, &s, &w->err), &w->err);
	sessions_free(&m);
	return s.state;
}

TEST("a session opens the pages of agents, and says who is there")
{
	WORLD(w);
	struct browser b = { .w = &w };

	browser_get(&b, "/agent/essai");
	equals(b.status, 303);
	same(browser_location(&b), "/agent/connexion?retour=%2Fagent%2Fessai");
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/essai");
	same(b.body, "Amina writes nothing");
	holds(strstr(b.head, "Cache-Control: no-store"));
}

TEST("after fifteen minutes without a page the session is over; a page every ten keeps it twelve hours")
{
	WORLD(w);
	struct browser b = { .w = &w };
	char at[30];

	browser_enters(&b, w.t.amina);
	test_time_set("2026-11-22T10:15:00Z");
	browser_get(&b, "/agent/essai");
	equals(b.status, 200);
	test_time_set("2026-11-22T10:30:01Z");
	browser_get(&b, "/agent/essai");
	equals(b.status, 303);
	test_time_set("2026-11-22T10:00:00Z");
	browser_enters(&b, w.t.amina);
	for (int minutes = 10; minutes <= 11 * 60 + 50; minutes += 10) {
		snprintf(at, sizeof at, "2026-11-22T%02d:%02d:00Z", 10 + minutes / 60, minutes % 60);
		test_time_set(at);
		browser_get(&b, "/agent/essai");
		equals(b.status, 200);
	}
	test_time_set("2026-11-22T21:59:59Z");
	browser_get(&b, "/agent/essai");
	equals(b.status, 200);
	test_time_set("2026-11-22T22:00:00Z");
	browser_get(&b, "/agent/essai");
	equals(b.status, 303);
}

TEST("what memory saw is written to the minute, and idle sessions are closed in the store")
{
	WORLD(w);
	struct browser b = { .w = &w };

	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/essai");
	test_time_set("2026-11-22T10:14:00Z");
	browser_get(&b, "/agent/essai");
	w.core.entry.tend(&w.core);
	test_time_set("2026-11-22T10:28:00Z");
	equals(state_of(&b), AGENT_SESSION_OPEN);       /* another process reads 10:14 */
	test_time_set("2026-11-22T10:32:00Z");
	w.core.entry.tend(&w.core);
	equals(state_of(&b), AGENT_SESSION_OVER);
	browser_get(&b, "/agent/essai");
	equals(b.status, 303);
}

struct close_ask {
	const char *agent, *but;
};

static bool close_job(struct tx *tx, void *arg, struct err *e)
{
	const struct close_ask *c = arg;

	return agent_session_close_others(tx, &env_test, c->agent, c->but, "referent", e);
}

TEST("a session closed from afar is closed at its next page, and the others go on")
{
	WORLD(w);
	struct browser one = { .w = &w }, two = { .w = &w }, other = { .w = &w };

	browser_enters(&one, w.t.amina);
	browser_enters(&two, w.t.amina);
	browser_enters(&other, w.t.rosa);
	browser_get(&one, "/agent/sessions");
	on_page(&one, "Firefox, Linux");
	on_page(&one, "celle-ci");
	not_on_page(&one, "127.0.0.1");
	browser_post(&one, "/agent/sessions/fermer", "");
	equals(one.status, 303);
	browser_get(&two, "/agent/essai");
	equals(two.status, 303);
	browser_get(&one, "/agent/essai");
	equals(one.status, 200);
	accepts(store_write(w.t.store, close_job, &(struct close_ask){ w.t.amina, NULL }, &w.err), &w.err);
	browser_get(&one, "/agent/essai");
	equals(one.status, 303);
	browser_get(&other, "/agent/essai");
	equals(other.status, 200);
}

TEST("nobody closes the session of another")
{
	WORLD(w);
	struct browser one = { .w = &w }, other = { .w = &w };
	struct agent_session s;

	browser_enters(&one, w.t.amina);
	browser_enters(&other, w.t.rosa);
	accepts(agent_session_find(entree_sessions(&(struct req){ .core = &w.core }), &w.a,
				   browser_agent_token(&other), false, &s, &w.err), &w.err);
	browser_get(&one, "/agent/compte");
	browser_post(&one, arena_cat(&w.a, "/agent/sessions/", s.id, "/fermer", NULL), "");
	browser_get(&other, "/agent/essai");
	equals(other.status, 200);
}

TEST("an account that is suspended stops at its next page, whatever it does")
{
	WORLD(w);
	struct browser amina = { .w = &w }, rosa = { .w = &w };

	browser_enters(&amina, w.t.amina);
	browser_enters(&rosa, w.t.rosa);
	browser_get(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.amina, "/suspendre", NULL));
	browser_post(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.amina, "/suspendre", NULL), "");
	equals(rosa.status, 303);
	browser_get(&amina, "/agent/essai");
	equals(amina.status, 303);
}

TEST("a made-up, cut or doubled token opens nothing")
{
	WORLD(w);
	static const char *const tokens[] = {
		"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "' OR 1=1 --", NULL,
	};
	struct agent_session s;

	for (int i = 0; tokens[i]; i++) {
		accepts(agent_session_find(entree_sessions(&(struct req){ .core = &w.core }), &w.a,
					   tokens[i], true, &s, &w.err), &w.err);
		equals(s.state, AGENT_SESSION_NONE);
	}
}

TEST("more sessions than memory holds are all found, and all closed")
{
	WORLD(w);
	static struct browser many[60];

	for (int i = 0; i < 60; i++) {
		many[i] = (struct browser){ .w = &w };
		browser_enters(&many[i], i % 2 ? w.t.amina : w.t.rosa);
	}
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 60; i++) {
			browser_get(&many[i], "/agent/essai");
			same(many[i].body, i % 2 ? "Amina writes nothing" : "Rosa writes nothing");
		}
	}
	accepts(store_write(w.t.store, close_job, &(struct close_ask){ w.t.amina, NULL }, &w.err), &w.err);
	for (int i = 0; i < 60; i++) {
		browser_get(&many[i], "/agent/essai");
		equals(many[i].status, i % 2 ? 303 : 200);
	}
}
