#include "tests/admit/entree_world.h"

TEST("under the cover screen nothing shows, until a code; then one is where one was")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *token;

	given_phone(&w, w.t.amina, 'a');
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte");
	token = browser_token(&b);
	browser_post(&b, "/agent/garde", "retour=%2Fagent%2Fcompte");
	same(browser_location(&b), "/agent/garde?retour=%2Fagent%2Fcompte");
	browser_get(&b, browser_location(&b));
	on_page(&b, "Tout est masqué");
	not_on_page(&b, "Amina");
	not_on_page(&b, "Benali");
	not_on_page(&b, "CCAS");
	browser_get(&b, "/agent/essai");
	same(browser_location(&b), "/agent/garde?retour=%2Fagent%2Fessai");
	browser_post_raw(&b, "/agent/essai", arena_cat(&w.a, "csrf=", token, "&texte=x", NULL), "");
	equals(b.status, 403);
	on_page(&b, "Tout est masqué");
	holds(browser_hidden(&b, "reprise"));   /* and what was sent is kept */
	test_time_set("2026-11-22T10:40:00Z");  /* covered: waits longer than 15 minutes */
	browser_get(&b, "/agent/garde?retour=%2Fagent%2Fcompte");
	browser_post(&b, "/agent/preuve", arena_cat(&w.a, "retour=%2Fagent%2Fcompte&code_secret=",
						    phone_code(&w, 'a'), NULL));
	same(browser_location(&b), "/agent/compte");
	browser_get(&b, "/agent/compte");
	on_page(&b, "Amina");
}

TEST("a covered session ends after an hour")
{
	WORLD(w);
	struct browser b = { .w = &w };

	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte");
	browser_post(&b, "/agent/garde", "");
	test_time_set("2026-11-22T11:00:01Z");
	browser_get(&b, "/agent/garde");
	on_page(&b, "Votre session s’est fermée");
}

TEST("what was being typed when the screen was covered is given back, not sent")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *kept;

	given_phone(&w, w.t.amina, 'a');
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte");
	browser_post(&b, "/agent/garde", "vers=%2Fagent%2Fessai&brouillon=texte%3DMadame%2BX%26csrf%3Dvieux");
	on_page(&b, "Tout est masqué");
	not_on_page(&b, "Madame");
	kept = browser_hidden(&b, "reprise");
	browser_post(&b, "/agent/preuve", arena_cat(&w.a, "code_secret=", phone_code(&w, 'a'), "&reprise=",
						    kept, NULL));
	on_page(&b, "value=\"Madame X\"");
	on_page(&b, "action=\"/agent/essai\"");
	browser_get(&b, "/agent/compte");
	browser_post(&b, "/agent/garde", "vers=https%3A%2F%2Fmechant.fr&brouillon=a%3Db");
	equals(b.status, 303);                  /* only towards this site */
}

TEST("another agent takes the desk while a session waits, and its owner takes it back by a code")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *amina;

	given_phone(&w, w.t.amina, 'a');
	given_phone(&w, w.t.rosa, 'r');
	browser_enters(&b, w.t.amina);
	amina = arena_str(&w.a, browser_agent_token(&b));
	browser_get(&b, "/agent/compte");
	browser_post(&b, "/agent/changer", "");
	same(browser_location(&b), "/agent/changer");
	browser_get(&b, "/agent/changer");
	on_page(&b, "Session sans nom");
	not_on_page(&b, "Amina");
	browser_post(&b, "/agent/changer/prenom", "place=0");
	browser_get(&b, "/agent/changer");
	on_page(&b, "<h2>Amina</h2>");
	not_on_page(&b, "Benali");
	browser_get(&b, "/agent/essai");
	equals(b.status, 303);
	/* Rosa logs in here */
	browser_get(&b, "/agent/connexion");
	browser_post(&b, "/agent/connexion/lien", "courriel=Rosa%40exemple.fr");
	w.core.entry.tend(&w.core);
	browser_post(&b, "/agent/bienvenue", arena_cat(&w.a, "jeton=",
		strrchr(link_mailed(&w, "rosa@exemple.fr"), '/') + 1, NULL));
	browser_get(&b, browser_location(&b));
	browser_post(&b, "/agent/connexion/code", arena_cat(&w.a, "code_secret=", phone_code(&w, 'r'), NULL));
	browser_get(&b, "/agent/essai");
	same(b.body, "Rosa writes nothing");
	/* and gives the desk back */
	browser_get(&b, "/agent/compte");
	browser_post(&b, "/agent/changer", "");
	browser_get(&b, "/agent/changer");
	browser_post(&b, "/agent/changer/revenir", "place=0");
	same(browser_location(&b), "/agent/garde");
	same(browser_agent_token(&b), amina);
	browser_get(&b, "/agent/garde");
	browser_post(&b, "/agent/preuve", arena_cat(&w.a, "code_secret=", phone_code(&w, 'r'), NULL));
	on_page(&b, "n’est pas le bon");        /* Rosa's code does not open Amina's session */
	browser_post(&b, "/agent/preuve", arena_cat(&w.a, "code_secret=", phone_code(&w, 'a'), NULL));
	browser_get(&b, "/agent/essai");
	same(b.body, "Amina writes nothing");
}

TEST("logging out closes the session, empties the browser, and is written in the log")
{
	WORLD(w);
	struct browser b = { .w = &w }, copy;

	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte");
	copy = b;
	browser_post(&b, "/agent/deconnexion", "");
	on_page(&b, "Vous êtes déconnecté");
	holds(strstr(b.head, "Clear-Site-Data: \"cache\",\"cookies\",\"storage\""));
	same(b.cookie, "");
	browser_get(&copy, "/agent/essai");     /* the same cookie, replayed */
	equals(copy.status, 303);
	equals(team_lines(&w.t, w.t.amina, TRACE_DECONNEXION), 1);
}

TEST("logging out of a shared desk leaves the colleague's session waiting")
{
	WORLD(w);
	struct browser b = { .w = &w };

	given_phone(&w, w.t.rosa, 'r');
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte");
	browser_post(&b, "/agent/changer", "");
	browser_get(&b, "/agent/connexion");
	browser_post(&b, "/agent/connexion/lien", "courriel=Rosa%40exemple.fr");
	w.core.entry.tend(&w.core);
	browser_post(&b, "/agent/bienvenue", arena_cat(&w.a, "jeton=",
		strrchr(link_mailed(&w, "rosa@exemple.fr"), '/') + 1, NULL));
	browser_get(&b, browser_location(&b));
	browser_post(&b, "/agent/connexion/code", arena_cat(&w.a, "code_secret=", phone_code(&w, 'r'), NULL));
	browser_get(&b, "/agent/compte");
	browser_post(&b, "/agent/deconnexion", "");
	browser_get(&b, "/agent/essai");
	equals(b.status, 303);
	browser_get(&b, "/agent/changer");
	on_page(&b, "Session sans nom");
}
