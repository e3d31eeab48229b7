#include "tests/admit/entree_world.h"

/* Amina logs in again through the page that the last answer shows, by a code of her phone. */
static void log_in_here(struct browser *b, char sign)
{
	struct entree_world *w = b->w;
	const char *kept = browser_hidden(b, "reprise");
	const char *path;

	browser_post(b, "/agent/connexion/lien", arena_cat(&w->a, "courriel=amina%40exemple.fr&reprise=",
							   kept ? kept : "", NULL));
	kept = browser_hidden(b, "reprise");
	w->core.entry.tend(&w->core);
	path = link_mailed(w, "amina@exemple.fr");
	browser_post(b, "/agent/bienvenue", arena_cat(&w->a, "jeton=", strrchr(path, '/') + 1, "&reprise=",
						      kept ? kept : "", NULL));
	kept = browser_hidden(b, "reprise");
	if (b->status == 303)
		browser_get(b, browser_location(b));
	browser_post(b, "/agent/connexion/code", arena_cat(&w->a, "code_secret=", phone_code(w, sign),
							   "&reprise=", kept ? kept : "", NULL));
}

#define LONG_WORDS "texte=Madame+X+%3A+rappeler+jeudi%0Aapporter+l%27attestation&mot_de_passe_caf=secret"

TEST("a form sent after the session ended is given back after logging in, whole, and sent only by hand")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *token;

	given_phone(&w, w.t.amina, 'a');
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte");
	token = browser_token(&b);
	test_time_set("2026-11-22T10:20:00Z");
	browser_post_raw(&b, "/agent/essai", arena_cat(&w.a, "csrf=", token, "&" LONG_WORDS, NULL), "");
	equals(b.status, 403);
	on_page(&b, "Ce que vous aviez écrit est gardé ici");
	not_on_page(&b, "Madame");              /* nobody reads it on the page */
	not_on_page(&b, "secret\"");
	log_in_here(&b, 'a');
	on_page(&b, "toujours là");
	on_page(&b, "action=\"/agent/essai\"");
	on_page(&b, "Madame X : rappeler jeudi\napporter l&#39;attestation");
	not_on_page(&b, "mot_de_passe_caf");
	on_page(&b, "ne sont jamais gardés");
	browser_post(&b, "/agent/essai", "texte=Madame+X");
	same(b.body, "Amina writes Madame X");
}

TEST("what one agent typed is never given to another")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *token;

	given_phone(&w, w.t.amina, 'a');
	browser_enters(&b, w.t.rosa);
	browser_get(&b, "/agent/compte");
	token = browser_token(&b);
	test_time_set("2026-11-22T10:20:00Z");
	browser_post_raw(&b, "/agent/essai", arena_cat(&w.a, "csrf=", token, "&texte=de+Rosa", NULL), "");
	holds(browser_hidden(&b, "reprise"));
	log_in_here(&b, 'a');
	not_on_page(&b, "de Rosa");
	browser_get(&b, "/agent/essai");
	same(b.body, "Amina writes nothing");
}

TEST("a session that was stolen and closed, in the middle of a form, gives the form back to its owner alone")
{
	WORLD(w);
	struct browser b = { .w = &w }, thief, owner = { .w = &w };
	const char *token;

	given_phone(&w, w.t.amina, 'a');
	browser_enters(&b, w.t.amina);
	browser_enters(&owner, w.t.amina);
	browser_get(&b, "/agent/compte");
	token = browser_token(&b);
	thief = b;                              /* the whole cookie */
	browser_get(&owner, "/agent/compte");
	browser_post(&owner, "/agent/sessions/fermer", "");
	browser_post_raw(&thief, "/agent/essai", arena_cat(&w.a, "csrf=", token, "&texte=vol", NULL), "");
	equals(thief.status, 403);
	not_on_page(&thief, "writes");
	browser_post_raw(&b, "/agent/essai", arena_cat(&w.a, "csrf=", token, "&texte=note", NULL), "");
	equals(b.status, 403);
	log_in_here(&b, 'a');
	on_page(&b, "value=\"note\"");
}

TEST("another site cannot have its own words given back as if one had typed them")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *token;

	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte");
	token = browser_token(&b);
	test_time_set("2026-11-22T10:20:00Z");
	browser_post_raw(&b, "/agent/essai", "texte=piege", "");
	holds(!browser_hidden(&b, "reprise"));
	browser_post_raw(&b, "/agent/essai", "csrf=AAAA&texte=piege", "");
	holds(!browser_hidden(&b, "reprise"));
	browser_post_raw(&b, "/agent/essai", arena_cat(&w.a, "csrf=", token, "&texte=piege", NULL),
			 "Sec-Fetch-Site: cross-site\r\n");
	holds(!browser_hidden(&b, "reprise"));
	browser_post_raw(&b, "/agent/essai", arena_cat(&w.a, "csrf=", token, "&texte=moi", NULL),
			 "Sec-Fetch-Site: same-origin\r\n");
	holds(browser_hidden(&b, "reprise"));
}

TEST("a kept form that was altered, or is twelve hours old, is not given back; logging in goes on")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *token;
	char *kept;

	given_phone(&w, w.t.amina, 'a');
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte");
	token = browser_token(&b);
	test_time_set("2026-11-22T10:20:00Z");
	browser_post_raw(&b, "/agent/essai", arena_cat(&w.a, "csrf=", token, "&texte=note", NULL), "");
	kept = (char *)(uintptr_t)strstr(b.body, "name=\"reprise\" value=\"");
	holds(kept);
	kept[60] = kept[60] == 'A' ? 'B' : 'A';
	log_in_here(&b, 'a');
	not_on_page(&b, "value=\"note\"");
	browser_get(&b, "/agent/essai");
	equals(b.status, 200);
}

TEST("a form too long to be kept says nothing false, and logging in goes on")
{
	WORLD(w);
	struct browser b = { .w = &w };
	char *body = arena_alloc(&w.a, 60000);
	const char *token;

	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte");
	token = browser_token(&b);
	test_time_set("2026-11-22T10:20:00Z");
	snprintf(body, 60000, "csrf=%s&texte=", token);
	memset(body + strlen(body), 'x', 50000);
	browser_post_raw(&b, "/agent/essai", body, "");
	equals(b.status, 403);
	not_on_page(&b, "est gardé ici");
	holds(!browser_hidden(&b, "reprise"));
}

TEST("what is grave wants a proof of the last ten minutes, then goes on with what was typed")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *token, *kept, *session;

	given_phone(&w, w.t.amina, 'a');
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/grave");
	equals(b.status, 200);                  /* just logged in */
	browser_get(&b, "/agent/compte");
	token = browser_token(&b);
	test_time_set("2026-11-22T10:10:01Z");
	browser_get(&b, "/agent/grave?x=1");
	same(browser_location(&b), "/agent/preuve?retour=%2Fagent%2Fgrave%3Fx%3D1");
	browser_post_raw(&b, "/agent/grave", arena_cat(&w.a, "csrf=", token, "&texte=grave", NULL), "");
	equals(b.status, 403);
	on_page(&b, "Est-ce toujours vous");
	kept = browser_hidden(&b, "reprise");
	session = arena_str(&w.a, browser_agent_token(&b));
	browser_post(&b, "/agent/preuve", arena_cat(&w.a, "code_secret=000000&reprise=", kept, NULL));
	on_page(&b, "n’est pas le bon");
	browser_post(&b, "/agent/preuve", arena_cat(&w.a, "code_secret=", phone_code(&w, 'a'),
						    "&reprise=", kept, NULL));
	on_page(&b, "value=\"grave\"");
	holds(strcmp(session, browser_agent_token(&b)));        /* another token */
	browser_post(&b, "/agent/grave", "texte=grave");
	same(b.body, "Amina writes grave");
	equals(team_lines(&w.t, w.t.amina, TRACE_PREUVE), 1);
	equals(team_lines(&w.t, w.t.amina, TRACE_CONNEXION), 1);        /* the same session */
}
