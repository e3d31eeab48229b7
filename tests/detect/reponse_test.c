#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "detect/instrument.h"

/* One item of each type, and what is made of them. */
static const char *const all_types =
	"{ \"id\": \"tout\", \"version\": \"1\", \"licence\": \"MPL-2.0\", \"source\": \"nous\",\n"
	"\"titre\": \"Tout\", \"avertissement\": \"Un essai.\", \"langues\": [\"fr\"],\n"
	"\"est_secondes\": 60, \"conserver\": \"reponses\",\n"
	"\"items\": [\n"
	"{ \"id\": \"ech\", \"type\": \"echelle\", \"texte\": \"?\", \"options\": [ { \"id\": \"non\", \"texte\": \"Non\" },\n"
	"  { \"id\": \"peu\", \"texte\": \"Peu\" }, { \"id\": \"oui\", \"texte\": \"Oui\" } ] },\n"
	"{ \"id\": \"mat\", \"type\": \"matrice\", \"texte\": \"?\", \"lignes\": [ { \"id\": \"a\", \"texte\": \"A\" }, { \"id\": \"b\", \"texte\": \"B\" } ],\n"
	"  \"options\": [ { \"id\": \"bas\", \"texte\": \"Bas\", \"valeur\": 0 }, { \"id\": \"haut\", \"texte\": \"Haut\", \"valeur\": 1 } ] },\n"
	"{ \"id\": \"age\", \"type\": \"nombre\", \"texte\": \"?\", \"min\": 15, \"max\": 110, \"entier\": true, \"unite\": \"ans\" },\n"
	"{ \"id\": \"jour\", \"type\": \"date\", \"texte\": \"?\", \"min\": \"2026-01-01\" },\n"
	"{ \"id\": \"mot\", \"type\": \"texte\", \"texte\": \"?\", \"options\": [ { \"id\": \"nav\", \"texte\": \"Le navigateur\", \"formes\": [\"Firefox\", \"chrome\"], \"valeur\": 1 } ] },\n"
	"{ \"id\": \"ord\", \"type\": \"ordre\", \"texte\": \"?\", \"juste\": [\"un\", \"deux\", \"trois\"],\n"
	"  \"options\": [ { \"id\": \"deux\", \"texte\": \"2\" }, { \"id\": \"un\", \"texte\": \"1\" }, { \"id\": \"trois\", \"texte\": \"3\" } ] },\n"
	"{ \"id\": \"app\", \"type\": \"appariement\", \"texte\": \"?\", \"lignes\": [ { \"id\": \"loupe\", \"texte\": \"Loupe\", \"juste\": \"chercher\" },\n"
	"  { \"id\": \"croix\", \"texte\": \"Croix\", \"juste\": \"fermer\" } ],\n"
	"  \"options\": [ { \"id\": \"chercher\", \"texte\": \"Chercher\" }, { \"id\": \"fermer\", \"texte\": \"Fermer\" } ] },\n"
	"{ \"id\": \"img\", \"type\": \"image\", \"texte\": \"?\", \"options\": [ { \"id\": \"haut\", \"texte\": \"En haut\", \"zone\": [0, 0, 100, 20], \"valeur\": 1 },\n"
	"  { \"id\": \"bas\", \"texte\": \"En bas\", \"zone\": [0, 80, 100, 20], \"valeur\": 0 } ] },\n"
	"{ \"id\": \"ges\", \"type\": \"geste\", \"texte\": \"Allumer\" },\n"
	"{ \"id\": \"not\", \"type\": \"note\", \"texte\": \"Autre chose ?\" } ],\n"
	"\"scores\": [\n"
	"{ \"id\": \"pond\", \"titre\": \"P\", \"calcul\": \"ponderee\", \"items\": [\"ech\", \"ges\"], \"poids\": [1, 3], \"part_minimale\": 0.5 },\n"
	"{ \"id\": \"nb\", \"titre\": \"N\", \"calcul\": \"compte\", \"seuil\": 1, \"items\": [\"mat\", \"app\"], \"part_minimale\": 0.75 },\n"
	"{ \"id\": \"maxi\", \"titre\": \"M\", \"calcul\": \"maximum\", \"items\": [\"mat\", \"ech\"], \"part_minimale\": 0.1 },\n"
	"{ \"id\": \"tab\", \"titre\": \"T\", \"calcul\": \"table\", \"formule\": \"valeur(age)\", \"table\": [ { \"jusqu_a\": 29, \"valeur\": 1 }, { \"jusqu_a\": 59, \"valeur\": 2 } ] },\n"
	"{ \"id\": \"f\", \"titre\": \"F\", \"calcul\": \"formule\", \"formule\": \"valeur(ord) + rang(ord, 'un') / 10\" } ] }";

static const struct instrument *given(struct arena *a, const char *text)
{
	const struct instrument *in = NULL;
	struct err e = { 0 };

	accepts(instrument_read(a, "tout.json", text, strlen(text), &in, &e), &e);
	return in;
}

static const char *changed(struct arena *a, const char *from, const char *to)
{
	const char *at = strstr(all_types, from);

	holds(at);
	return arena_printf(a, "%.*s%s%s", (int)(at - all_types), all_types, to, at + strlen(from));
}

static struct reponse said(const struct instrument *in, const char *id, const char *words)
{
	struct reponse r;

	if (!reponse_read(&in->items[instrument_item(in, id)], words, &r))
		fail_msg("%s: « %s » is refused", id, words);
	return r;
}

static void not_said(const struct instrument *in, const char *id, const char *words)
{
	struct reponse r;

	if (reponse_read(&in->items[instrument_item(in, id)], words, &r))
		fail_msg("%s: « %s » is taken", id, words);
}

TEST("each type of question takes what it should, and nothing else")
{
	struct arena a = arena_new(8 << 20);
	const struct instrument *in = given(&a, all_types);

	equals(in->nitems, 12);                 /* two lines of a matrix, two to match */
	near_to(said(in, "age", "42").nombre, 42, 0);
	not_said(in, "age", "42,5");
	not_said(in, "age", "14");
	not_said(in, "age", "quarante");
	near_to(said(in, "jour", "22/11/2026").nombre, (double)date_days(2026, 11, 22), 0);
	near_to(said(in, "jour", "2026-11-22").nombre, (double)date_days(2026, 11, 22), 0);
	not_said(in, "jour", "31/02/2026");
	not_said(in, "jour", "2025-12-31");
	not_said(in, "ord", "un,deux");
	not_said(in, "ord", "un,un,deux");
	not_said(in, "mat_a", "bas,haut");
	not_said(in, "ges", "seule");
	equals(said(in, "img", "bas").choix, 2);
	equals(said(in, "not", "refus").etat, REFUS);
	arena_free(&a);
}

TEST("a short text is recognised without case, accents or article, and nearly spelled")
{
	struct arena a = arena_new(8 << 20);
	const struct instrument *in = given(&a, all_types);

	equals(said(in, "mot", "LE NAVIGATEUR").choix, 1);
	equals(said(in, "mot", "un Navigateur !").choix, 1);
	equals(said(in, "mot", "firefix").choix, 1);
	equals(said(in, "mot", "chorme").choix, 1);     /* two letters swapped */
	equals(said(in, "mot", "navigatuer").choix, 1);
	equals(said(in, "mot", "fox").choix, 0);
	equals(said(in, "mot", "tableur").choix, 0);
	same(said(in, "mot", "tableur").texte, "tableur");
	same(said(in, "mot", "'refus").texte, "refus");
	arena_free(&a);
}

TEST("answers are written as they are read, whatever the type")
{
	static const char *const words[][2] = { { "ech", "peu" }, { "mat_a", "haut" }, { "age", "42" },
		{ "jour", "2026-11-22" }, { "mot", "tableur" }, { "mot", "'refus" }, { "ord", "trois,un,deux" },
		{ "app_croix", "fermer" }, { "img", "haut" }, { "ges", "pas_essaye" },
		{ "not", "ne_sait_pas" }, { "age", "refus" } };
	struct arena a = arena_new(8 << 20);
	const struct instrument *in = given(&a, all_types);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct reponse r = said(in, words[i][0], words[i][1]);

		same(reponse_write(&a, &in->items[instrument_item(in, words[i][0])], &r), words[i][1]);
	}
	arena_free(&a);
}

static struct diagnostic scored(struct arena *a, const struct instrument *in, const char *json)
{
	CLEANUP(json_done) json_t *root = json_loads(json, 0, NULL);
	struct diagnostic d = { 0 };
	struct reponse *r;
	struct err e = { 0 };

	holds(root);
	accepts(reponses_read(a, in, root, &r, &e), &e);
	instrument_score(in, r, &d);
	return d;
}

TEST("scores: weighted, counted and prorated, highest, by a table, of an order")
{
	struct arena a = arena_new(8 << 20);
	const struct instrument *in = given(&a, all_types);
	struct diagnostic d = scored(&a, in,
		"{\"ech\":\"oui\",\"ges\":\"avec_aide\",\"mat\":{\"a\":\"haut\",\"b\":\"bas\"},"
		"\"app\":{\"loupe\":\"chercher\"},\"age\":30,\"ord\":[\"un\",\"trois\",\"deux\"]}");

	near_to(d.scores[0], (3 * 1 + 1 * 3) / 4.0, 1e-12);
	near_to(d.scores[1], 2 * 4 / 3.0, 1e-12);       /* two of three answered, of four */
	near_to(d.scores[2], 3, 0);
	near_to(d.scores[3], 2, 0);
	near_to(d.scores[4], 2 / 3.0 + 0.1, 1e-12);     /* two pairs of three in order; first */
	d = scored(&a, in, "{\"ges\":\"pas_essaye\",\"mat\":{\"a\":\"haut\"},\"age\":70}");
	holds(isnan(d.scores[0]) && isnan(d.scores[1]) && isnan(d.scores[3]) && isnan(d.scores[4]));
	near_to(d.scores[2], 1, 0);
	d = scored(&a, in, "{\"ech\":\"oui\",\"ges\":\"pas_essaye\"}");
	near_to(d.scores[0], 3, 0);                     /* a gesture that was not tried is missing */
	arena_free(&a);
}

TEST("a free note is not asked unless the file turns it on")
{
	struct arena a = arena_new(8 << 20);
	const struct instrument *in = given(&a, all_types);
	const struct instrument *on = given(&a, changed(&a, "\"Autre chose ?\"", "\"Autre chose ?\", \"active\": true"));
	struct reponse none[INSTRUMENT_ITEMS] = { 0 };

	holds(!item_asked(in, instrument_item(in, "not"), none));
	holds(item_asked(on, instrument_item(on, "not"), none));
	arena_free(&a);
}

static void refused(const char *from, const char *to, const char *where, const char *word)
{
	struct arena a = arena_new(8 << 20);
	const char *text = changed(&a, from, to);
	const struct instrument *in;
	struct err e = { 0 };

	refuses(E_INPUT, instrument_read(&a, "tout.json", text, strlen(text), &in, &e), &e);
	if (strncmp(e.msg, where, strlen(where)) != 0 || !strstr(e.msg, word))
		fail_msg("« %s » is not at %s about « %s »", e.msg, where, word);
	arena_free(&a);
}

TEST("an unknown type, a loop, a division by zero are refused at their line")
{
	refused("\"echelle\"", "\"curseur\"", "tout.json:5: items[0].type", "matrice");
	refused("\"entier\": true", "\"entier\": true, \"si\": \"ord = 'un'\", \"si_papier\": \"x\"",
		"tout.json:9: items[2].si", "boucle");
	refused("\"entier\": true", "\"entier\": true, \"si\": \"valeur(age) > 3\", \"si_papier\": \"x\"",
		"tout.json:9: items[2].si", "boucle");
	refused("/ 10\"", "/ (2 - 2)\"", "tout.json:26: scores[4].formule", "division par zéro");
	refused("{ \"id\": \"peu\", \"texte\": \"Peu\" }, ", "", "tout.json:5: items[0].options", "de 3 à 5");
	refused("\"juste\": [\"un\", \"deux\", \"trois\"]", "\"juste\": [\"un\", \"deux\"]", "tout.json:12: items[5].juste", "toutes");
	refused("\"zone\": [0, 80, 100, 20]", "\"zone\": [0, 90, 100, 20]", "tout.json:18: items[7].options[1].zone", "sort");
	refused("\"poids\": [1, 3]", "\"poids\": [1]", "tout.json:22: scores[0].poids", "2 poids");
	refused("\"jusqu_a\": 59", "\"jusqu_a\": 9", "tout.json:25: scores[3].table[1].jusqu_a", "basse");
}

/* --- profiles ------------------------------------------------------------------------------- */

static const char *typology(struct arena *a, const char *inside)
{
	return arena_printf(a, "%.*s, \"typologie\": { \"items\": [\"ech\"], \"part_minimale\": 1,"
		"\"indetermine\": \"?\", \"parce_que\": \"rien\",\n%s } }",
		(int)strlen(all_types) - 1, all_types, inside);
}

TEST("ordered rules: the first that holds, the next one that says another, and the margin")
{
	struct arena a = arena_new(8 << 20);
	const struct instrument *in = given(&a, typology(&a,
		"\"methode\": \"regles\", \"classes\": [ { \"id\": \"un\", \"professionnel\": \"Un\" }, { \"id\": \"deux\", \"professionnel\": \"Deux\" } ],"
		"\"regles\": [ { \"si\": \"ech = 'oui'\", \"classe\": \"un\", \"parce_que\": \"Oui.\" },"
		"{ \"si\": \"ech dans ('oui', 'peu')\", \"classe\": \"deux\", \"poids\": 3, \"parce_que\": \"Un peu.\" } ]"));
	struct diagnostic d = scored(&a, in, "{\"ech\":\"oui\"}");

	same(diagnostic_profil(&d), "un");
	equals(d.seconde, 1);
	near_to(d.marge, 0, 0);
	same(diagnostic_raison(&d, d.seconde, 0), "Un peu.");
	d = scored(&a, in, "{\"ech\":\"peu\"}");
	same(diagnostic_profil(&d), "deux");
	near_to(d.marge, 1, 0);
	d = scored(&a, in, "{\"ech\":\"non\"}");
	same(diagnostic_profil(&d), "indetermine");
	arena_free(&a);
}

TEST("the nearest centre, each variable in its own scale, and no profile where one is missing")
{
	struct arena a = arena_new(8 << 20);
	const struct instrument *in = given(&a, typology(&a,
		"\"methode\": \"centres\", \"variables\": [ { \"score\": \"maxi\" }, { \"score\": \"tab\", \"echelle\": 2 } ],"
		"\"classes\": [ { \"id\": \"un\", \"professionnel\": \"Un\", \"parce_que\": \"Près.\", \"centre\": { \"maxi\": 0, \"tab\": 1 } },"
		"{ \"id\": \"deux\", \"professionnel\": \"Deux\", \"parce_que\": \"Loin.\", \"centre\": { \"maxi\": 3, \"tab\": 3 } } ]"));
	struct diagnostic d = scored(&a, in, "{\"ech\":\"oui\",\"age\":20}");
	double to_one = 3, to_two = 1;          /* (3, 1) to (0, 1); to (3, 3) in halves */

	same(diagnostic_profil(&d), "deux");
	near_to(d.marge, (to_one - to_two) / (to_one + to_two), 1e-12);
	equals(d.seconde, 0);
	same(diagnostic_raison(&d, 1, 0), "Loin.");
	d = scored(&a, in, "{\"ech\":\"oui\"}");
	same(diagnostic_profil(&d), "indetermine");
	arena_free(&a);
}

TEST("a tree tells each answer on its path, and where one answer turned round would lead")
{
	struct arena a = arena_new(8 << 20);
	const struct instrument *in = given(&a, typology(&a,
		"\"methode\": \"arbre\", \"classes\": [ { \"id\": \"un\", \"professionnel\": \"Un\" }, { \"id\": \"deux\", \"professionnel\": \"Deux\" } ],"
		"\"arbre\": { \"si\": \"ech = 'oui'\", \"parce_que\": \"Oui.\", \"sinon_parce_que\": \"Pas oui.\", \"non\": \"un\","
		"\"oui\": { \"si\": \"repondu(age)\", \"parce_que\": \"Un âge.\", \"sinon_parce_que\": \"Pas d’âge.\", \"oui\": \"deux\", \"non\": \"deux\" } }"));
	struct diagnostic d = scored(&a, in, "{\"ech\":\"oui\"}");

	same(diagnostic_profil(&d), "deux");
	same(diagnostic_raison(&d, d.classe, 0), "Oui.");
	same(diagnostic_raison(&d, d.classe, 1), "Pas d’âge.");
	holds(!diagnostic_raison(&d, d.classe, 2));
	equals(d.seconde, 0);
	same(diagnostic_raison(&d, d.seconde, 0), "Pas oui.");
	near_to(d.marge, 0.5, 0);               /* one of two answers decides */
	arena_free(&a);
}

TEST("a class that nothing gives a reason for is refused")
{
	struct arena a = arena_new(8 << 20);
	const char *text = typology(&a,
		"\"methode\": \"regles\", \"classes\": [ { \"id\": \"un\", \"professionnel\": \"Un\" }, { \"id\": \"deux\", \"professionnel\": \"Deux\" } ],"
		"\"regles\": [ { \"si\": \"vrai\", \"classe\": \"un\", \"parce_que\": \"Oui.\" } ]");
	const struct instrument *in;
	struct err e = { 0 };

	refuses(E_INPUT, instrument_read(&a, "tout.json", text, strlen(text), &in, &e), &e);
	holds(strstr(e.msg, "typologie.classes[1]") && strstr(e.msg, "pas de raison"));
	arena_free(&a);
}
