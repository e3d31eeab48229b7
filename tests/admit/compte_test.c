#include "tests/admit/entree_world.h"

#include "admit/mot_de_passe.h"

/* The key that the page of an application shows. */
static struct bytes shown_key(struct browser *b)
{
	unsigned char *key = arena_alloc(&b->w->a, 64);
	const char *at = strstr(b->body, "<code>");
	size_t n;

	holds(at);
	holds(base32_read(arena_strn(&b->w->a, at + 6, strcspn(at + 6, "<")), key, 64, &n));
	return (struct bytes){ key, n };
}

static const char *code_of(struct entree_world *w, struct bytes key)
{
	char code[9];

	accepts(totp_code(key.p, key.n, env_now(&env_test) / 30000, 6, code, &w->err), &w->err);
	return arena_str(&w->a, code);
}

/* Follows the page of the second step, with an application. */
static void add_phone(struct browser *b)
{
	browser_get(b, "/agent/facteurs/application");
	equals(b->status, 200);
	browser_post(b, "/agent/facteurs/application",
		     arena_cat(&b->w->a, "cle=", browser_hidden(b, "cle"), "&nom=Le+mien&code_secret=",
			       code_of(b->w, shown_key(b)), NULL));
}

TEST("an invitation goes from the link to a password, a telephone, a sheet of codes, and one is in")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *path;

	accepts(team_invite(&w.t, NULL, "Yves", "Le Goff", "yves@exemple.fr", w.t.bondy, ROLE_ACCUEIL),
		&w.err);
	path = arena_cat(&w.a, "/agent/bienvenue/", w.t.code, NULL);
	for (int i = 0; i < 3; i++)             /* looking does not use it up */
		browser_get(&b, path);
	on_page(&b, "Bienvenue Yves");
	on_page(&b, "CCAS de Bondy vous invite");
	browser_post(&b, path, "maniere=mot-de-passe&mot_de_passe=motdepasse2026!");
	on_page(&b, "les plus faciles à deviner");
	browser_post(&b, path, "maniere=mot-de-passe&mot_de_passe=yves+legoff+yves");
	on_page(&b, "votre nom");
	browser_post(&b, path, "maniere=mot-de-passe&mot_de_passe=girouette+panier+cactus+neige");
	same(browser_location(&b), "/agent/facteurs/ajouter");
	browser_get(&b, "/agent/essai");
	equals(b.status, 303);                  /* not yet */
	browser_get(&b, "/agent/facteurs/ajouter");
	on_page(&b, "pour Yves");
	add_phone(&b);
	same(browser_location(&b), "/agent/codes-secours?etape=3");
	browser_get(&b, browser_location(&b));
	on_page(&b, "Étape 3 sur 3");
	browser_get(&b, "/agent/essai");
	same(b.body, "Yves writes nothing");
	equals(team_lines(&w.t, w.t.last.agent, TRACE_ACTIVE), 1);
	browser_get(&b, path);
	equals(b.status, 404);                  /* used up, by who ended it */
}

TEST("an invitation that was begun and left can be begun again, elsewhere too")
{
	WORLD(w);
	struct browser one = { .w = &w }, two = { .w = &w };
	const char *path;

	accepts(team_invite(&w.t, NULL, "Yves", "Le Goff", "yves@exemple.fr", w.t.bondy, ROLE_ACCUEIL),
		&w.err);
	path = arena_cat(&w.a, "/agent/bienvenue/", w.t.code, NULL);
	browser_get(&one, path);
	browser_post(&one, path, "maniere=lien");
	same(browser_location(&one), "/agent/facteurs/ajouter");
	browser_get(&two, path);
	browser_post(&two, path, "maniere=lien");
	browser_get(&two, "/agent/facteurs/ajouter");
	add_phone(&two);
	equals(two.status, 303);
	browser_get(&one, "/agent/facteurs/ajouter");   /* too late for the first */
	add_phone(&one);
	equals(one.status, 404);
	on_page(&one, "a déjà servi");
}

TEST("the page of an application refuses a wrong code with the same key, and the key of another page")
{
	WORLD(w);
	struct browser b = { .w = &w }, rosa = { .w = &w };
	const char *cle;
	struct bytes key;

	browser_enters(&b, w.t.amina);
	browser_enters(&rosa, w.t.rosa);
	browser_get(&b, "/agent/facteurs/application");
	key = shown_key(&b);
	equals(key.n, 20);
	cle = browser_hidden(&b, "cle");
	browser_post(&b, "/agent/facteurs/application", arena_cat(&w.a, "cle=", cle, "&code_secret=000000", NULL));
	on_page(&b, "n’est pas le bon");
	assert_memory_equal(shown_key(&b).p, key.p, 20);
	browser_get(&rosa, "/agent/facteurs/application");
	browser_post(&rosa, "/agent/facteurs/application",
		     arena_cat(&w.a, "cle=", cle, "&code_secret=", code_of(&w, key), NULL));
	on_page(&rosa, "scannez le nouveau carré");
	holds(memcmp(shown_key(&rosa).p, key.p, 20));
}

TEST("the only telephone cannot be removed; with two, one can, and the log says so")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *at, *path;

	given_phone(&w, w.t.amina, 'a');
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/facteurs");
	at = strstr(b.body, "href=\"/agent/facteurs/0");
	holds(at);
	path = arena_strn(&w.a, at + 6, strcspn(at + 6, "\""));
	browser_get(&b, path);
	on_page(&b, "C’est le seul que vous avez");
	browser_post(&b, arena_cat(&w.a, path, "/retirer", NULL), "raison=inutile");
	equals(b.status, 409);
	add_phone(&b);
	browser_get(&b, path);
	browser_post(&b, arena_cat(&w.a, path, "/nom", NULL), "nom=Vieux+%3Cb%3E");
	browser_get(&b, path);
	on_page(&b, "Vieux &lt;b&gt;");
	browser_post(&b, arena_cat(&w.a, path, "/retirer", NULL), "raison=perdu");
	same(browser_location(&b), "/agent/facteurs");
	equals(team_lines(&w.t, w.t.amina, TRACE_FACTEUR_RETIRE), 1);
	browser_get(&b, path);
	equals(b.status, 404);
}

TEST("nobody renames or removes what is another's")
{
	WORLD(w);
	struct browser b = { .w = &w }, rosa = { .w = &w };
	const char *at, *path;

	given_phone(&w, w.t.amina, 'a');
	given_phone(&w, w.t.amina, 'b');
	browser_enters(&b, w.t.amina);
	browser_enters(&rosa, w.t.rosa);
	browser_get(&b, "/agent/facteurs");
	at = strstr(b.body, "href=\"/agent/facteurs/0");
	path = arena_strn(&w.a, at + 6, strcspn(at + 6, "\""));
	browser_get(&rosa, path);
	equals(rosa.status, 404);
	browser_get(&rosa, "/agent/compte");
	browser_post(&rosa, arena_cat(&w.a, path, "/nom", NULL), "nom=vol");
	equals(rosa.status, 404);
	browser_get(&rosa, "/agent/compte");
	browser_post(&rosa, arena_cat(&w.a, path, "/retirer", NULL), "raison=perdu");
	equals(rosa.status, 404);
}

TEST("another password closes the other sessions, warns by mail, and is the only one that opens")
{
	WORLD(w);
	struct browser b = { .w = &w }, other = { .w = &w };

	browser_enters(&b, w.t.amina);
	browser_enters(&other, w.t.amina);
	browser_get(&b, "/agent/compte/mot-de-passe");
	browser_post(&b, "/agent/compte/mot-de-passe", "mot_de_passe=azertyuiop123");
	on_page(&b, "les plus faciles à deviner");
	browser_post(&b, "/agent/compte/mot-de-passe", "mot_de_passe=tambour+neige+virgule+cactus");
	same(browser_location(&b), "/agent/compte?fait=mot-de-passe");
	browser_get(&other, "/agent/essai");
	equals(other.status, 303);
	browser_get(&b, "/agent/essai");
	equals(b.status, 200);
	equals(mails_for(&w, "amina@exemple.fr"), 1);
	equals(team_lines(&w.t, w.t.amina, TRACE_MOT_DE_PASSE), 1);
}

/* Step two, with the code of the last message (or another). */
static void give_mailed_code(struct browser *b, const char *to, const char *other)
{
	const char *code = other ? other : code_mailed(b->w, to);

	browser_post(b, "/agent/compte/courriel",
		     arena_cat(&b->w->a, "courriel=", to, "&sceau=", browser_hidden(b, "sceau"), "&fin=",
			       browser_hidden(b, "fin"), "&code_secret=", code, NULL));
}

TEST("a mail address is changed by the code sent to it, with a word to the old one")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *right;

	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte/courriel");
	browser_post(&b, "/agent/compte/courriel", "courriel=Amina.B%40bondy.fr");
	on_page(&b, "Un code de 6 chiffres part à amina.b@bondy.fr");
	equals(mails_for(&w, "amina@exemple.fr"), 0);
	right = code_mailed(&w, "amina.b@bondy.fr");
	give_mailed_code(&b, "amina.b@bondy.fr", strcmp(right, "123456") ? "123456" : "654321");
	on_page(&b, "Ce n’est pas le code du message");
	/* the code of one address says nothing of another */
	give_mailed_code(&b, "amina.c@bondy.fr", right);
	on_page(&b, "Ce n’est pas le code du message");
	browser_get(&b, "/agent/compte");
	not_on_page(&b, "bondy.fr");
	browser_post(&b, "/agent/compte/courriel", "courriel=Amina.B%40bondy.fr");
	give_mailed_code(&b, "amina.b@bondy.fr", NULL);
	same(browser_location(&b), "/agent/compte?fait=courriel");
	equals(mails_for(&w, "amina@exemple.fr"), 1);
	browser_get(&b, "/agent/compte");
	on_page(&b, "amina.b@bondy.fr");
}

TEST("a code for a mail address ends after half an hour, and nobody else can use it")
{
	WORLD(w);
	struct browser b = { .w = &w }, rosa = { .w = &w };
	const char *fields;

	browser_enters(&b, w.t.amina);
	browser_enters(&rosa, w.t.rosa);
	browser_get(&b, "/agent/compte/courriel");
	browser_post(&b, "/agent/compte/courriel", "courriel=neuve%40bondy.fr");
	fields = arena_cat(&w.a, "courriel=neuve@bondy.fr&sceau=", browser_hidden(&b, "sceau"), "&fin=",
			   browser_hidden(&b, "fin"), "&code_secret=", code_mailed(&w, "neuve@bondy.fr"), NULL);
	browser_get(&rosa, "/agent/compte/courriel");
	browser_post(&rosa, "/agent/compte/courriel", fields);
	on_page(&rosa, "Ce n’est pas le code du message");
	test_time_set("2026-11-22T10:31:00Z");
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte");
	browser_post(&b, "/agent/compte/courriel", fields);
	on_page(&b, "Ce code n’est plus valable");
	browser_get(&b, "/agent/compte");
	not_on_page(&b, "neuve@bondy.fr");
}

TEST("a mail address is not one that is taken, nor one with a line break; none is a choice")
{
	WORLD(w);
	struct browser b = { .w = &w };

	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte/courriel");
	browser_post(&b, "/agent/compte/courriel", "courriel=rosa%40exemple.fr");
	on_page(&b, "celle d’un autre compte");
	browser_post(&b, "/agent/compte/courriel", "courriel=a%40b.fr%0aBcc%3Ax%40y.fr");
	equals(b.status, 400);
	equals(mails_for(&w, "amina@exemple.fr"), 0);
	browser_post(&b, "/agent/compte/courriel", "courriel=");
	same(browser_location(&b), "/agent/compte?fait=courriel");
	equals(mails_for(&w, "amina@exemple.fr"), 1);
}

TEST("every page of one's own account that changes what is grave wants a recent proof")
{
	WORLD(w);
	static const char *const grave[] = {
		"/agent/compte/mot-de-passe", "/agent/compte/courriel", "/agent/codes-secours",
		"/agent/facteurs/ajouter", "/agent/facteurs/application", "/agent/facteurs/carte", NULL,
	};
	struct browser b = { .w = &w };

	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/compte");
	test_time_set("2026-11-22T10:10:01Z");
	for (int i = 0; grave[i]; i++) {
		browser_get(&b, grave[i]);
		if (strncmp(browser_location(&b), "/agent/preuve?retour=", 21))
			fail_msg("%s: %d %s", grave[i], b.status, browser_location(&b));
	}
}

struct giving_back {
	const char *agent;
	struct lien_secret s;
};

static bool give_back_verb(struct equipe *q, void *arg, struct err *e)
{
	struct giving_back *g = arg;

	return equipe_give_access(q, g->agent, &g->s, e);
}

TEST("an access given back replaces password, telephone and codes; until then nothing has changed but sessions")
{
	WORLD(w);
	struct browser b = { .w = &w }, old = { .w = &w };
	struct giving_back g = { .agent = w.t.amina };
	const char *path;

	given_phone(&w, w.t.amina, 'a');
	browser_enters(&old, w.t.amina);
	accepts(lien_draw(w.t.signer, &env_test, &g.s, &w.err), &w.err);
	accepts(team_do(&w.t, w.t.rosa, give_back_verb, &g), &w.err);
	path = arena_cat(&w.a, "/agent/bienvenue/", g.s.code, NULL);
	browser_get(&b, path);
	on_page(&b, "Bonjour Amina, reprenons votre accès");
	browser_post(&b, path, "maniere=lien");
	same(browser_location(&b), "/agent/facteurs/ajouter");
	browser_enters(&old, w.t.amina);        /* the old telephone still served to log in */
	browser_get(&b, "/agent/facteurs/ajouter");
	add_phone(&b);
	equals(b.status, 303);
	browser_get(&b, "/agent/essai");
	same(b.body, "Amina writes nothing");
	browser_get(&old, "/agent/essai");
	equals(old.status, 303);                /* and what it had opened is closed */
	browser_get(&b, "/agent/facteurs");
	on_page(&b, "Le mien");
	not_on_page(&b, "<h2>téléphone</h2>");
	equals(team_lines(&w.t, w.t.amina, TRACE_ACTIVE), 0);   /* it was open already */
}
