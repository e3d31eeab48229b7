#include "tests/admit/entree_world.h"

#include "admit/carte.sql.h"

#include <unistd.h>

static const char *written(struct entree_world *w, const char *text)
{
	const char *path = arena_cat(&w->a, test_dir(), "/cartes.csv", NULL);
	FILE *f = fopen(path, "w");

	holds(f);
	fputs(text, f);
	fclose(f);
	return path;
}

static struct cartes_lues read_file(struct entree_world *w, const char *text)
{
	struct cartes_lues out;
	struct err e = { 0 };

	accepts(cartes_read(written(w, text), &w->a, &out, &e), &e);
	return out;
}

TEST("seeds are read in hexadecimal and in base32, whatever the columns are called")
{
	WORLD(w);
	/* the key of RFC 6238, appendix B, in both writings */
	struct cartes_lues c = read_file(&w, "Serial number;Seed;Step;Digits\n"
		"A-001;3132333435363738393031323334353637383930;30;8\n"
		"A-002;GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ;;\n");

	equals(c.n, 2);
	same(c.lignes[0].serie, "A-001");
	equals(c.lignes[0].taille, 20);
	assert_memory_equal(c.lignes[0].graine, "12345678901234567890", 20);
	assert_memory_equal(c.lignes[1].graine, "12345678901234567890", 20);
	equals(c.lignes[0].pas, 30);
	equals(c.lignes[0].chiffres, 8);
	equals(c.lignes[1].pas, 60);
	equals(c.lignes[1].chiffres, 6);
	holds(!c.lignes[0].refus && !c.lignes[1].refus);
}

TEST("a serial that stands twice is refused on both lines, each naming the other")
{
	WORLD(w);
	struct cartes_lues c = read_file(&w, "serie,graine\n"
		"1,3132333435363738393031323334353637383930\n"
		"2,3132333435363738393031323334353637383930\n"
		"1,4142333435363738393031323334353637383930\n");

	holds(strstr(c.lignes[0].refus, "ligne 4"));
	holds(!c.lignes[1].refus);
	holds(strstr(c.lignes[2].refus, "ligne 2"));
}

TEST("a line of seeds that cannot be says why, and the others stay")
{
	WORLD(w);
	struct cartes_lues c = read_file(&w, "serie,graine,pas,chiffres\n"
		",3132333435363738393031323334353637383930,60,6\n"
		"2,31323334,60,6\n"
		"3,ceci n'est pas une graine,60,6\n"
		"4,3132333435363738393031323334353637383930,45,6\n"
		"5,3132333435363738393031323334353637383930,60,12\n"
		"<b>6</b>,3132333435363738393031323334353637383930,60,6\n"
		"7,3132333435363738393031323334353637383930,60,6\n");

	for (size_t i = 0; i < 6; i++)
		holds(c.lignes[i].refus);
	holds(!c.lignes[6].refus);
}

TEST("a file without its columns is refused at its first line")
{
	WORLD(w);
	struct cartes_lues out;
	struct err e = { 0 };

	refuses(E_INPUT, cartes_read(written(&w, "nom;valeur\na;b\n"), &w.a, &out, &e), &e);
	holds(strstr(e.msg, ":1:"));
}

/* --- in the hand of an agent ------------------------------------------------------------------------ */

struct stock {
	const char *serie, *structure;
	struct bytes graine;
};

static bool stock_job(struct tx *tx, void *arg, struct err *e)
{
	struct stock *s = arg;

	return carte_add(tx, s->serie, s->graine, 60, 6, s->structure, "2026-11-01T10:00:00Z", NULL, e);
}

static void given_card(struct entree_world *w, const char *serie, char sign, const char *structure)
{
	struct stock s = { .serie = serie, .structure = structure };
	char seed[20];

	memset(seed, sign, sizeof seed);
	accepts(signer_seal(w->t.signer, "graines", (struct bytes){ seed, 20 }, &w->a, &s.graine,
			    &w->err), &w->err);
	accepts(store_write(w->t.store, stock_job, &s, &w->err), &w->err);
}

/* What a card that is `late` steps behind shows. */
static const char *card_code(struct entree_world *w, char sign, int late)
{
	char seed[20], code[9];

	memset(seed, sign, sizeof seed);
	accepts(totp_code(seed, sizeof seed, env_now(&env_test) / 60000 - late, 6, code, &w->err), &w->err);
	return arena_str(&w->a, code);
}

static const char *card_form(struct entree_world *w, const char *serie, const char *code)
{
	return arena_cat(&w->a, "serie=", serie, "&code_secret=", code, NULL);
}

TEST("a card is taken by its serial and a code up to ten steps off; then one step off, and it is nobody else's")
{
	WORLD(w);
	struct browser b = { .w = &w }, rosa = { .w = &w };

	given_card(&w, "0042", 'k', NULL);
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/facteurs/carte");
	browser_post(&b, "/agent/facteurs/carte", card_form(&w, "0042", card_code(&w, 'k', 11)));
	on_page(&b, "n’est pas celui de cette carte");
	browser_post(&b, "/agent/facteurs/carte", card_form(&w, "9999", card_code(&w, 'k', 9)));
	on_page(&b, "Aucune carte n’a ce numéro ici");
	browser_post(&b, "/agent/facteurs/carte", card_form(&w, "0042", card_code(&w, 'k', 9)));
	same(browser_location(&b), "/agent/facteurs");
	equals(team_lines(&w.t, w.t.amina, TRACE_CARTE_REMISE), 1);
	browser_enters(&rosa, w.t.rosa);
	browser_get(&rosa, "/agent/facteurs/carte");
	browser_post(&rosa, "/agent/facteurs/carte", card_form(&w, "0042", card_code(&w, 'k', 9)));
	on_page(&rosa, "déjà à quelqu’un");
	/* five minutes later: nine steps late is what is expected of it, three are refused */
	test_time_set("2026-11-22T10:05:00Z");
	browser_get(&b, "/agent/compte");
	browser_post(&b, "/agent/garde", "");
	browser_get(&b, "/agent/garde");
	browser_post(&b, "/agent/preuve", arena_cat(&w.a, "code_secret=", card_code(&w, 'k', 6), NULL));
	on_page(&b, "n’est pas le bon");
	browser_post(&b, "/agent/preuve", arena_cat(&w.a, "code_secret=", card_code(&w, 'k', 8), NULL));
	equals(b.status, 303);
	/* it drifts one step more each time, and is followed */
	test_time_set("2026-11-22T10:09:00Z");
	browser_get(&b, "/agent/compte");
	browser_post(&b, "/agent/garde", "");
	browser_get(&b, "/agent/garde");
	browser_post(&b, "/agent/preuve", arena_cat(&w.a, "code_secret=", card_code(&w, 'k', 7), NULL));
	equals(b.status, 303);
}

TEST("a serial is read as people type it: small letters, spaces, hyphens")
{
	WORLD(w);
	struct browser b = { .w = &w };

	given_card(&w, "GADT-000042", 'k', NULL);
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/facteurs/carte");
	browser_post(&b, "/agent/facteurs/carte", card_form(&w, "gadt+000+042", card_code(&w, 'k', 0)));
	same(browser_location(&b), "/agent/facteurs");
}

TEST("a card of another structure, or declared lost, cannot be taken")
{
	WORLD(w);
	struct browser b = { .w = &w }, rosa = { .w = &w };

	given_card(&w, "1", 'k', w.t.aulnay);
	given_card(&w, "2", 'l', w.t.bondy);
	browser_enters(&b, w.t.amina);
	browser_get(&b, "/agent/facteurs/carte");
	browser_post(&b, "/agent/facteurs/carte", card_form(&w, "1", card_code(&w, 'k', 0)));
	on_page(&b, "Aucune carte n’a ce numéro ici");
	browser_post(&b, "/agent/facteurs/carte", card_form(&w, "2", card_code(&w, 'l', 0)));
	equals(b.status, 303);
	browser_enters(&rosa, w.t.rosa);
	browser_get(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.amina, "/cartes", NULL));
	browser_post(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.amina, "/cartes", NULL),
		     arena_cat(&w.a, "geste=perdu&facteur=", browser_hidden(&rosa, "facteur"), NULL));
	equals(rosa.status, 303);
	equals(team_lines(&w.t, w.t.amina, TRACE_CARTE_PERDUE), 1);
	holds(mails_for(&w, "amina@exemple.fr") >= 2);  /* told of each change */
	test_time_set("2026-11-22T10:03:00Z");
	browser_get(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.amina, "/cartes", NULL));
	browser_post(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.amina, "/cartes/remettre", NULL),
		     card_form(&w, "2", card_code(&w, 'l', 0)));
	on_page(&rosa, "déclarée perdue");
}

TEST("a referent hands another card over to an agent he answers for, and to no other")
{
	WORLD(w);
	struct browser rosa = { .w = &w };

	given_card(&w, "7", 'k', NULL);
	browser_enters(&rosa, w.t.rosa);
	browser_get(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.anne, "/cartes", NULL));
	equals(rosa.status, 403);
	browser_get(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.amina, "/cartes", NULL));
	browser_post(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.anne, "/cartes/remettre", NULL),
		     card_form(&w, "7", card_code(&w, 'k', 0)));
	equals(rosa.status, 403);
	browser_get(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.amina, "/cartes", NULL));
	browser_post(&rosa, arena_cat(&w.a, "/agent/agents/", w.t.amina, "/cartes/remettre", NULL),
		     card_form(&w, "7", card_code(&w, 'k', 0)));
	equals(rosa.status, 303);
	browser_get(&rosa, browser_location(&rosa));
	on_page(&rosa, "La carte est remise");
	on_page(&rosa, "n° 7");
}
