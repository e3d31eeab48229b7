#include "tests/admit/entree_world.h"

#define PASSWORD "girouette panier cactus neige"
#define TYPED "identifiant=Amina%40exemple.fr&mot_de_passe=girouette+panier+cactus+neige"

static const char *csrf_of(struct browser *b)
{
	browser_get(b, "/agent/connexion");
	return browser_token(b);
}

static void try_password(struct browser *b, const char *who, const char *password)
{
	browser_get(b, "/agent/connexion");
	browser_post(b, "/agent/connexion", arena_cat(&b->w->a, "identifiant=", who, "&mot_de_passe=",
						      password, NULL));
}

/* The page of the second factor, for Amina: by her password, or by a link (which costs less). */
static void by_password(struct browser *b, const char *more)
{
	browser_get(b, "/agent/connexion");
	browser_post(b, "/agent/connexion", arena_cat(&b->w->a, TYPED, more, NULL));
	if (b->status == 303)
		browser_get(b, browser_location(b));
	on_page(b, "Étape 2 sur 2");
}

static void first_step(struct browser *b)
{
	struct entree_world *w = b->w;

	frein_forget(entree_freins(&(struct req){ .core = &w->core }), FREIN_LIEN, "amina@exemple.fr");
	browser_get(b, "/agent/connexion");
	browser_post(b, "/agent/connexion/lien", "courriel=amina%40exemple.fr");
	w->core.entry.tend(&w->core);
	browser_post(b, "/agent/bienvenue", arena_cat(&w->a, "jeton=",
		strrchr(link_mailed(w, "amina@exemple.fr"), '/') + 1, NULL));
	browser_get(b, browser_location(b));
	on_page(b, "Étape 2 sur 2");
}

static void give_code(struct browser *b, const char *code)
{
	browser_post(b, "/agent/connexion/code", arena_cat(&b->w->a, "code_secret=", code, NULL));
}

TEST("a password then a code open a session, with its line in the log; neither alone does")
{
	WORLD(w);
	struct browser b = { .w = &w };

	given_password(&w, w.t.amina, PASSWORD);
	given_phone(&w, w.t.amina, 'a');
	browser_get(&b, "/agent/connexion/code");
	same(browser_location(&b), "/agent/connexion");
	by_password(&b, "");
	browser_get(&b, "/agent/essai");
	equals(b.status, 303);
	browser_get(&b, "/agent/connexion/code");
	give_code(&b, phone_code(&w, 'b'));
	on_page(&b, "n’est pas le bon");
	give_code(&b, phone_code(&w, 'a'));
	on_page(&b, "aucun code de secours");
	browser_get(&b, "/agent/essai");
	same(b.body, "Amina writes nothing");
	equals(team_lines(&w.t, w.t.amina, TRACE_CONNEXION), 1);
}

TEST("the browser gets another cookie and another token at each step, and old ones open nothing")
{
	WORLD(w);
	struct browser b = { .w = &w }, thief;
	const char *before, *between;

	given_password(&w, w.t.amina, PASSWORD);
	given_phone(&w, w.t.amina, 'a');
	before = csrf_of(&b);
	thief = b;                      /* who fixed or knows the cookie of before */
	by_password(&b, "");
	between = browser_token(&b);
	holds(strcmp(before, between));
	give_code(&b, phone_code(&w, 'a'));
	browser_get(&b, "/agent/compte");
	equals(b.status, 200);
	holds(strcmp(between, browser_token(&b)));
	browser_get(&thief, "/agent/essai");
	equals(thief.status, 303);
	browser_post_raw(&b, "/agent/essai", arena_cat(&w.a, "csrf=", before, "&texte=vol", NULL), "");
	equals(b.status, 403);
	not_on_page(&b, "writes vol");
}

TEST("a code never serves twice, not even in another browser; the next one does")
{
	WORLD(w);
	struct browser one = { .w = &w }, two = { .w = &w };

	given_phone(&w, w.t.amina, 'a');
	first_step(&one);
	first_step(&two);
	give_code(&one, phone_code(&w, 'a'));
	equals(one.status, 200);
	give_code(&two, phone_code(&w, 'a'));
	on_page(&two, "a déjà servi");
	test_time_set("2026-11-22T10:00:30Z");
	give_code(&two, phone_code(&w, 'a'));
	browser_get(&two, "/agent/essai");
	equals(two.status, 200);
}

/* What differs between two answers when the names and tokens are taken out. */
static const char *same_text(struct browser *b, const char *who)
{
	char *body = (char *)(uintptr_t)arena_str(&b->w->a, b->body), *at;
	const char *token = browser_token(b);

	for (const char *word = token; word; word = word == token ? who : NULL) {
		while ((at = strstr(body, word)))
			memmove(at, at + strlen(word), strlen(at + strlen(word)) + 1);
	}
	return body;
}

TEST("a wrong password and an account that does not exist get the same page, byte for byte, at each try")
{
	WORLD(w);
	struct browser real = { .w = &w }, none = { .w = &w };
	struct freins *f = entree_freins(&(struct req){ .core = &w.core });

	given_password(&w, w.t.amina, PASSWORD);
	for (int i = 0; i < 3; i++) {
		try_password(&real, "amina%40exemple.fr", "pas+le+bon+mot");
		try_password(&none, "nadia%40exemple.fr", "pas+le+bon+mot");
		equals(real.status, none.status);
		same(same_text(&real, "amina@exemple.fr"), same_text(&none, "nadia@exemple.fr"));
		for (int k = 0; !i && k < 3; k++) {     /* as much as three tries more */
			frein_fail(f, FREIN_PAIRE, "amina@exemple.fr 127.0.0.1");
			frein_fail(f, FREIN_PAIRE, "nadia@exemple.fr 127.0.0.1");
		}
	}
	equals(real.status, 429);
	on_page(&real, "Attendez 30 secondes");
	try_password(&real, "amina%40exemple.fr", "girouette+panier+cactus+neige");
	on_page(&real, "Trop d’essais");        /* not even the right one is looked at */
	w.core.entry.tend(&w.core);
	equals(team_lines(&w.t, w.t.amina, TRACE_CONNEXION_REFUSEE), 1);
	test_time_set("2026-11-22T10:00:31Z");
	try_password(&real, "amina%40exemple.fr", "girouette+panier+cactus+neige");
	equals(real.status, 303);
}

TEST("asking for a link says the same for an account and for none, and mails only the account")
{
	WORLD(w);
	struct browser real = { .w = &w }, none = { .w = &w };

	browser_get(&real, "/agent/connexion");
	browser_get(&none, "/agent/connexion");
	browser_post(&real, "/agent/connexion/lien", "courriel=Amina%40exemple.fr");
	browser_post(&none, "/agent/connexion/lien", "courriel=nadia%40exemple.fr");
	same(same_text(&real, "amina@exemple.fr"), same_text(&none, "nadia@exemple.fr"));
	w.core.entry.tend(&w.core);
	equals(mails_for(&w, "amina@exemple.fr"), 1);
	equals(mails_for(&w, "nadia@exemple.fr"), 0);
	browser_get(&real, "/agent/connexion");
	browser_post(&real, "/agent/connexion/lien", "courriel=amina%40exemple.fr%0d%0aBcc:x%40y.fr");
	equals(real.status, 400);
}

TEST("a link by mail serves once, in the browser that asked, and not by being looked at")
{
	WORLD(w);
	struct browser b = { .w = &w }, other = { .w = &w };
	const char *path;

	given_phone(&w, w.t.amina, 'a');
	browser_get(&b, "/agent/connexion");
	browser_post(&b, "/agent/connexion/lien", "courriel=amina%40exemple.fr");
	w.core.entry.tend(&w.core);
	path = link_mailed(&w, "amina@exemple.fr");
	for (int i = 0; i < 3; i++) {           /* scanners of mail */
		browser_get(&other, path);
		equals(other.status, 200);
	}
	on_page(&other, "demandé dans un autre navigateur");
	browser_get(&other, "/agent/connexion");
	browser_post(&other, path, "");         /* with a token of its own */
	on_page(&other, "demandé dans un autre navigateur");
	browser_get(&b, path);
	on_page(&b, "Bonjour Amina");
	browser_post(&b, path, "");
	equals(b.status, 303);
	browser_get(&b, browser_location(&b));
	give_code(&b, phone_code(&w, 'a'));
	browser_get(&b, "/agent/essai");
	equals(b.status, 200);
	browser_get(&b, path);
	equals(b.status, 404);
	on_page(&b, "a déjà servi");
}

TEST("the code of the link, typed where it was asked, opens as well; after fifteen minutes it is over")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *path;

	browser_get(&b, "/agent/connexion");
	browser_post(&b, "/agent/connexion/lien", "courriel=amina%40exemple.fr");
	w.core.entry.tend(&w.core);
	path = link_mailed(&w, "amina@exemple.fr");
	test_time_set("2026-11-22T10:14:00Z");
	browser_get(&b, "/agent/bienvenue");
	browser_post(&b, "/agent/bienvenue", arena_cat(&w.a, "jeton=", strrchr(path, '/') + 1, NULL));
	same(browser_location(&b), "/agent/connexion/code");
	browser_get(&b, "/agent/connexion");
	browser_post(&b, "/agent/connexion/lien", "courriel=amina%40exemple.fr");
	w.core.entry.tend(&w.core);
	path = link_mailed(&w, "amina@exemple.fr");
	test_time_set("2026-11-22T10:29:01Z");
	browser_get(&b, path);
	equals(b.status, 404);
	on_page(&b, "trop de temps a passé");
}

TEST("ten wrong codes lock the telephone, and say what to do; a referent unlocks it")
{
	WORLD(w);
	struct browser b = { .w = &w }, rosa = { .w = &w };
	struct freins *f = entree_freins(&(struct req){ .core = &w.core });

	given_phone(&w, w.t.amina, 'a');
	first_step(&b);
	for (int i = 0; i < 10; i++) {
		give_code(&b, phone_code(&w, 'b'));
		on_page(&b, "n’est pas le bon");
		frein_forget(f, FREIN_CODE, w.t.amina); /* as somebody who waits each time */
	}
	give_code(&b, phone_code(&w, 'a'));
	on_page(&b, "Dix codes faux à la suite");
	on_page(&b, "demandez à votre référent");
	equals(team_lines(&w.t, w.t.amina, TRACE_COMPTE_BLOQUE), 1);
	browser_enters(&rosa, w.t.rosa);
	browser_get(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.amina, "/cartes", NULL));
	on_page(&rosa, "Bloqué après dix codes faux");
	browser_post(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.amina, "/cartes", NULL),
		     arena_cat(&w.a, "geste=debloquer&facteur=", browser_hidden(&rosa, "facteur"), NULL));
	equals(rosa.status, 303);
	equals(team_lines(&w.t, w.t.amina, TRACE_FACTEUR_DEBLOQUE), 1);
	give_code(&b, phone_code(&w, 'a'));
	browser_get(&b, "/agent/essai");
	equals(b.status, 200);
}

TEST("five wrong codes make one wait, and the right one is not looked at meanwhile")
{
	WORLD(w);
	struct browser b = { .w = &w };

	given_phone(&w, w.t.amina, 'a');
	first_step(&b);
	for (int i = 0; i < 5; i++)
		give_code(&b, phone_code(&w, 'b'));
	give_code(&b, phone_code(&w, 'a'));
	equals(b.status, 429);
	on_page(&b, "Attendez 1 minute");
	test_time_set("2026-11-22T10:01:01Z");
	give_code(&b, phone_code(&w, 'a'));
	browser_get(&b, "/agent/essai");
	equals(b.status, 200);
}

TEST("a code of an hour ago, of the next hour, letters or too long is refused in the same words")
{
	WORLD(w);
	struct browser b = { .w = &w };
	const char *old;

	given_phone(&w, w.t.amina, 'a');
	old = phone_code(&w, 'a');
	test_time_set("2026-11-22T10:05:00Z");
	first_step(&b);
	give_code(&b, old);
	on_page(&b, "Ce code n’est pas le bon");
	give_code(&b, "abcdef");
	on_page(&b, "Ce code n’est pas le bon");
	give_code(&b, "12345678901234567");
	on_page(&b, "Ce code n’est pas le bon");
	give_code(&b, "");
	on_page(&b, "Écrivez le code affiché");
}

TEST("who gave a password has ten minutes for the code")
{
	WORLD(w);
	struct browser b = { .w = &w };

	given_phone(&w, w.t.amina, 'a');
	first_step(&b);
	test_time_set("2026-11-22T10:10:01Z");
	give_code(&b, phone_code(&w, 'a'));
	same(browser_location(&b), "/agent/connexion");
}

TEST("a suspended account is told so only to who proved that it is theirs")
{
	WORLD(w);
	struct browser b = { .w = &w };

	given_password(&w, w.t.amina, PASSWORD);
	given_phone(&w, w.t.amina, 'a');
	suspend_account(&w, w.t.amina);
	try_password(&b, "amina%40exemple.fr", "faux");
	not_on_page(&b, "suspendu");
	by_password(&b, "");
	not_on_page(&b, "suspendu");
	give_code(&b, phone_code(&w, 'a'));
	equals(b.status, 403);
	on_page(&b, "Votre compte est suspendu");
	on_page(&b, "référent");
	browser_get(&b, "/agent/essai");
	equals(b.status, 303);
}

TEST("after logging in one goes where one wanted to, on this site and nowhere else")
{
	WORLD(w);
	struct browser b = { .w = &w };
	static const char *const elsewhere[] = {
		"https://mechant.fr/", "//mechant.fr", "/\\mechant.fr", "javascript:alert(1)",
		"/%09/mechant.fr", "mechant.fr", "/agent/connexion/code", NULL,
	};

	given_password(&w, w.t.amina, PASSWORD);
	given_phone(&w, w.t.amina, 'a');
	browser_get(&b, "/agent/essai?texte=ici");
	browser_get(&b, browser_location(&b));
	same(browser_hidden(&b, "retour"), "/agent/essai?texte=ici");
	for (int i = 0; elsewhere[i]; i++) {
		browser_get(&b, arena_cat(&w.a, "/agent/connexion?retour=", elsewhere[i], NULL));
		if (browser_hidden(&b, "retour"))
			fail_msg("taken: %s", elsewhere[i]);
	}
	by_password(&b, "&retour=%2Fagent%2Fessai%3Ftexte%3Dici");
	give_code(&b, arena_cat(&w.a, phone_code(&w, 'a'), "&retour=%2Fagent%2Fessai%3Ftexte%3Dici", NULL));
	same(browser_location(&b), "/agent/essai?texte=ici");
}

TEST("a recovery code lets in once, takes the lost telephone away, and is written in the log")
{
	WORLD(w);
	struct browser b = { .w = &w }, again = { .w = &w };
	char code[20];
	const char *at;

	given_phone(&w, w.t.amina, 'a');
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/codes-secours");
	browser_post(&b, "/agent/codes-secours", "");
	at = strstr(b.body, "<code>");
	holds(at);
	snprintf(code, sizeof code, "%.11s", at + 6);
	first_step(&again);
	browser_get(&again, "/agent/connexion/secours");
	browser_post(&again, "/agent/connexion/secours", "code_secret_secours=AAAAA-AAAAA&perdu=telephone");
	on_page(&again, "n’est pas le bon, ou il a déjà servi");
	browser_post(&again, "/agent/connexion/secours",
		     arena_cat(&w.a, "perdu=telephone&code_secret_secours=", code, NULL));
	equals(again.status, 303);
	same(browser_location(&again), "/agent/facteurs");
	browser_get(&again, "/agent/facteurs");
	on_page(&again, "ni téléphone ni carte");
	on_page(&again, "Il vous en reste 9.");
	equals(team_lines(&w.t, w.t.amina, TRACE_CODE_SECOURS_UTILISE), 1);
	equals(team_lines(&w.t, w.t.amina, TRACE_FACTEUR_RETIRE), 1);
	again.cookie[0] = '\0';
	first_step(&again);
	browser_get(&again, "/agent/connexion/secours");
	browser_post(&again, "/agent/connexion/secours",
		     arena_cat(&w.a, "perdu=rien&code_secret_secours=", code, NULL));
	on_page(&again, "il a déjà servi");
}

TEST("of two logins that hold the same code at the same instant, one is let in")
{
	WORLD(w);
	CLEANUP(db_release) struct db *db = NULL;
	struct code_found one = { .env = &env_test }, two;
	struct req r = { .env = &env_test, .a = &w.a, .core = &w.core };
	struct facteur *list;
	size_t n;

	given_phone(&w, w.t.amina, 'a');
	accepts(db_acquire(w.t.store, &db, &w.err), &w.err);
	accepts(facteur_list(db, &w.a, w.t.amina, &list, &n, &w.err), &w.err);
	equals(n, 1);
	accepts(facteur_try(&r, list, n, phone_code(&w, 'a'), &one, &w.err), &w.err);
	accepts(facteur_try(&r, list, n, phone_code(&w, 'a'), &two, &w.err), &w.err);
	holds(one.ok && two.ok);                /* both were read before either was written */
	accepts(store_write(w.t.store, facteur_used, &one, &w.err), &w.err);
	refuses(E_DENIED, store_write(w.t.store, facteur_used, &two, &w.err), &w.err);
}
