#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "base/embedded.h"
#include "core/lieu.h"
#include "detect/instrument.h"

static const char *const small =
	"{ \"id\": \"essai\", \"version\": \"1\", \"licence\": \"MPL-2.0\", \"source\": \"nous\",\n"
	"  \"titre\": \"Essai\", \"avertissement\": \"Un essai.\", \"langues\": [\"fr\"],\n"
	"  \"est_secondes\": 10, \"conserver\": \"rien\",\n"
	"  \"items\": [\n"
	"    { \"id\": \"a\", \"type\": \"choix\", \"texte\": \"A ?\", \"court\": \"A\",\n"
	"      \"options\": [ { \"id\": \"x\", \"texte\": \"X\", \"valeur\": 1 },\n"
	"                   { \"id\": \"y\", \"texte\": \"Y\", \"valeur\": 3 } ] },\n"
	"    { \"id\": \"b\", \"type\": \"choix_multiple\", \"texte\": \"B ?\", \"court\": \"B\",\n"
	"      \"si\": \"a = 'x'\", \"si_papier\": \"si X\",\n"
	"      \"options\": [ { \"id\": \"u\", \"texte\": \"U\", \"valeur\": 1 },\n"
	"                   { \"id\": \"v\", \"texte\": \"V\", \"valeur\": 2 },\n"
	"                   { \"id\": \"rien\", \"texte\": \"Rien\", \"valeur\": 0, \"exclusif\": true } ] } ],\n"
	"  \"pages\": [ { \"id\": \"p\", \"titre\": \"P\", \"question\": 1, \"items\": [\"a\", \"b\"] } ],\n"
	"  \"scores\": [ { \"id\": \"s\", \"titre\": \"S\", \"calcul\": \"somme\", \"items\": [\"a\", \"b\"], \"part_minimale\": 0.5 },\n"
	"    { \"id\": \"m\", \"titre\": \"M\", \"calcul\": \"moyenne\", \"items\": [\"a\", \"b\"] },\n"
	"    { \"id\": \"f\", \"titre\": \"F\", \"calcul\": \"formule\", \"formule\": \"2 * score(s) + 1\" } ],\n"
	"  \"typologie\": { \"items\": [\"a\"], \"part_minimale\": 1, \"indetermine\": \"?\", \"parce_que\": \"rien\",\n"
	"    \"classes\": [ { \"id\": \"un\", \"professionnel\": \"Un\" }, { \"id\": \"deux\", \"professionnel\": \"Deux\" } ],\n"
	"    \"regles\": [ { \"si\": \"a = 'x'\", \"classe\": \"un\", \"poids\": 3, \"parce_que\": \"X.\" },\n"
	"      { \"si\": \"repondu(a)\", \"classe\": \"deux\", \"poids\": 1, \"parce_que\": \"A.\" } ] },\n"
	"  \"orientation\": [ { \"quand\": \"profil = 'un'\", \"service\": \"demarches\", \"delai\": \"semaine\", \"priorite\": 5, \"dire\": \"Faire\", \"pourquoi\": \"X\" } ],\n"
	"  \"phrases\": [ { \"genre\": \"peut\", \"quand\": \"vrai\", \"texte\": \"venir\" } ],\n"
	"  \"tests\": [ { \"nom\": \"x\", \"reponses\": { \"a\": \"x\" }, \"attend\": { \"profil\": \"un\", \"second\": \"deux\", \"besoins\": [\"demarches\"] } } ] }\n";

/* `small` with one text in place of another. */
static const char *changed(struct arena *a, const char *from, const char *to)
{
	const char *at = strstr(small, from);

	holds(at);
	return arena_printf(a, "%.*s%s%s", (int)(at - small), small, to, at + strlen(from));
}

static void refused(const char *from, const char *to, const char *where, const char *word)
{
	struct arena a = arena_new(4 << 20);
	const char *text = changed(&a, from, to);
	const struct instrument *in;
	struct err e = { 0 };

	refuses(E_INPUT, instrument_read(&a, "essai.json", text, strlen(text), &in, &e), &e);
	if (strncmp(e.msg, where, strlen(where)) != 0 || !strstr(e.msg, word))
		fail_msg("« %s » is not at %s about « %s »", e.msg, where, word);
	arena_free(&a);
}

static const struct instrument *given(struct arena *a, const char *text)
{
	const struct instrument *in = NULL;
	struct err e = { 0 };

	accepts(instrument_read(a, "essai.json", text, strlen(text), &in, &e), &e);
	return in;
}

static const struct instrument *reperage(struct arena *a)
{
	const struct instrument *in = NULL;
	struct err e = { 0 };

	accepts(instrument_open(a, "reperage", &in, &e), &e);
	return in;
}

TEST("an instrument says at which line something is wrong")
{
	refused("\"a = 'x'\", \"si_papier\"", "\"a = 'z'\", \"si_papier\"", "essai.json:9: items[1].si", "z");
	refused("\"conserver\": \"rien\"", "\"conserver\": \"tout\"", "essai.json:3: conserver", "comptes");
	refused("\"licence\"", "\"license\"", "essai.json:1: license", "connu");
	refused("\"id\": \"y\"", "\"id\": \"x\"", "essai.json:7: items[0].options[1].id", "deux");
	refused("\"id\": \"b\"", "\"id\": \"a\"", "essai.json:8: items[1].id", "deux");
	refused("\"items\": [\"a\", \"b\"] }", "\"items\": [\"a\"] }", "essai.json:13: pages", "aucune page");
	refused("score(s)", "score(f)", "essai.json:16: scores[2].formule", "f");
	refused("\"service\": \"demarches\"", "\"service\": \"coiffeur\"", "essai.json:21: orientation[0].service", "national");
	refused("{ \"a\": \"x\" }", "{ \"a\": \"z\" }", "essai.json:23: tests[0].reponses", "a");
	refused("\"profil\": \"un\", \"second\"", "\"profil\": \"trois\", \"second\"", "essai.json:23: tests[0].attend.profil", "classe");
	refused("\"langues\": [\"fr\"]", "\"langues\": [\"fr\", \"en\"]", "essai.json:1", "manque, en");
	refused("\"est_secondes\": 10", "\"est_secondes\": \"dix\"", "essai.json:3: est_secondes", "nombre");
	refused("\"poids\": 3", "\"poids\": -3", "essai.json:19: typologie.regles[0].poids", "nombre");
}

TEST("a question may only depend on those before it")
{
	refused("\"texte\": \"A ?\"", "\"si\": \"b = 'u'\", \"si_papier\": \"si U\", \"texte\": \"A ?\"",
		"essai.json:5: items[0].si", "b");
}

TEST("a sum is prorated to what was answered, a mean is not, a formula uses both")
{
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = given(&a, small);
	struct reponse r[2] = { { .etat = REPONDU, .choix = 1 }, { .etat = REPONDU, .choix = 1 | 2 } };
	struct diagnostic d;

	instrument_score(in, r, &d);
	near_to(d.scores[0], 1 + 3, 0);
	near_to(d.scores[1], 2, 0);
	near_to(d.scores[2], 9, 0);
	r[1] = (struct reponse){ .etat = REFUS };
	instrument_score(in, r, &d);
	near_to(d.scores[0], 2, 0);
	holds(isnan(d.scores[1]));
	arena_free(&a);
}

TEST("an answer to a question that is not asked does not count")
{
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = given(&a, small);
	struct reponse r[2] = { { .etat = REPONDU, .choix = 2 }, { .etat = REPONDU, .choix = 2 } };
	struct diagnostic d;

	instrument_score(in, r, &d);
	near_to(d.scores[0], 3 * 2, 0);         /* 3 prorated to two, not 3 + 2 */
	holds(!item_asked(in, 1, r));
	arena_free(&a);
}

TEST("a profile comes with its reasons, the second one and how close it is")
{
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = given(&a, small);
	const struct reponse r[2] = { { .etat = REPONDU, .choix = 1 }, { .etat = SANS_REPONSE } };
	struct diagnostic d;

	instrument_score(in, r, &d);
	same(diagnostic_profil(&d), "un");
	same(diagnostic_raison(&d, d.classe, 0), "X.");
	holds(!diagnostic_raison(&d, d.classe, 1));
	same(in->classes[d.seconde].id, "deux");
	same(diagnostic_raison(&d, d.seconde, 0), "A.");
	near_to(d.marge, (3.0 - 1) / (3 + 1), 1e-12);
	arena_free(&a);
}

TEST("answers are read from JSON, and what is unknown is named")
{
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = given(&a, small);
	CLEANUP(json_done) json_t *good = json_loads("{\"reponses\":{\"a\":\"ne_sait_pas\",\"b\":[\"u\",\"v\"]}}", 0, NULL);
	CLEANUP(json_done) json_t *two = json_loads("{\"a\":[\"x\",\"y\"]}", 0, NULL);
	CLEANUP(json_done) json_t *alone = json_loads("{\"b\":[\"u\",\"rien\"]}", 0, NULL);
	CLEANUP(json_done) json_t *unknown = json_loads("{\"c\":\"x\"}", 0, NULL);
	CLEANUP(json_done) json_t *null = json_loads("{\"a\":null}", 0, NULL);
	struct reponse *r;
	struct err e = { 0 };

	accepts(reponses_read(&a, in, good, &r, &e), &e);
	equals(r[0].etat, NE_SAIT_PAS);
	equals(r[1].etat, REPONDU);
	equals(r[1].choix, 3);
	same(reponse_write(&a, &in->items[1], &r[1]), "u,v");
	refuses(E_INPUT, reponses_read(&a, in, two, &r, &e), &e);
	refuses(E_INPUT, reponses_read(&a, in, alone, &r, &e), &e);
	refuses(E_INPUT, reponses_read(&a, in, unknown, &r, &e), &e);
	holds(strstr(e.msg, "« c »"));
	accepts(reponses_read(&a, in, null, &r, &e), &e);
	equals(r[0].etat, SANS_REPONSE);
	arena_free(&a);
}

TEST("every instrument that we ship passes its own tests, and each of its rules serves")
{
	for (const struct embedded_file *f = embedded_files; f->name; f++) {
		struct arena a = arena_new(16 << 20);
		const struct instrument *in;
		struct instrument_report report;
		struct err e = { 0 };

		if (strncmp(f->name, "data/instruments/", 17) != 0)
			continue;
		accepts(instrument_read(&a, f->name, f->p, (size_t)(f->end - f->p), &in, &e), &e);
		accepts(instrument_check(&a, in, stdout, &report, &e), &e);
		holds(report.cas >= 5);
		holds(report.tous || report.chemins >= 100000);
		equals(report.avertissements, 0);
		arena_free(&a);
	}
}

TEST("a failing case and a rule that never serves are told with their line")
{
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = given(&a, changed(&a, "\"quand\": \"vrai\"", "\"quand\": \"a = 'x' et a = 'y'\""));
	const struct instrument *other = given(&a, changed(&a, "\"profil\": \"un\", \"second\"", "\"profil\": \"deux\", \"second\""));
	struct instrument_report report;
	struct err e = { 0 };
	char said[4000] = "";
	FILE *f = fmemopen(said, sizeof said, "w");

	accepts(instrument_check(&a, in, f, &report, &e), &e);
	refuses(E_INPUT, instrument_check(&a, other, f, &report, &e), &e);
	fclose(f);
	holds(strstr(said, "essai.json:22: phrases[0] : attention, cette phrase ne sert jamais"));
	holds(strstr(said, "essai.json:23: tests[0] : « x » donne le profil un, pas deux"));
	arena_free(&a);
}

/* --- what holds for every person who answers ------------------------------------------------ */

/* Each answer to the questions of `reperage`, one after the other: options, or nothing. */
static bool next_answers(const struct instrument *in, int *at)
{
	for (int i = 0; i < in->nitems; i++) {
		if (++at[i] <= in->items[i].noptions)
			return true;
		at[i] = 0;
	}
	return false;
}

static void check_one(const struct instrument *in, const struct reponse *r)
{
	struct diagnostic d;

	instrument_score(in, r, &d);
	holds(d.nbesoins <= BESOINS);
	for (int i = 0; i < d.nbesoins; i++) {
		for (int k = 0; k < i; k++)
			holds(d.besoins[k].regle->service != d.besoins[i].regle->service);
		holds(!i || d.besoins[i - 1].regle->priorite >= d.besoins[i].regle->priorite);
	}
	holds(diagnostic_raison(&d, d.classe, 0));
	holds(d.seconde < 0 || diagnostic_raison(&d, d.seconde, 0));
	holds(d.classe < 0 || (d.marge >= 0 && d.marge <= 1));
	equals(d.nphrases[PHRASE_TITRE], 1);
	holds(d.nphrases[PHRASE_PEUT] >= 1);
	if (d.urgent)
		same(d.besoins[0].regle->delai, "aujourdhui");
	if (r[0].etat == REPONDU)
		holds(d.nbesoins >= 1 && d.nphrases[PHRASE_SAVEZ] && d.nphrases[PHRASE_BLOQUE]);
}

TEST("whatever is answered: at most three needs, none twice, a profile with reasons")
{
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = reperage(&a);
	const int demarche = instrument_item(in, "demarche");
	int at[INSTRUMENT_ITEMS] = { 0 };
	struct reponse r[INSTRUMENT_ITEMS];
	long n = 0;

	do {
		/* a démarche is only asked after the first option of the first question */
		if (at[demarche] && at[0] != 1)
			continue;
		for (int i = 0; i < in->nitems; i++)
			r[i] = at[i] ? (struct reponse){ .etat = REPONDU, .choix = 1ull << (at[i] - 1) }
				     : (struct reponse){ .etat = SANS_REPONSE };
		check_one(in, r);
		n++;
	} while (next_answers(in, at));
	equals(n, (4 + 11) * 4 * 6 * 6 * 4 * 6 * 4);
	arena_free(&a);
}

TEST("not knowing and refusing never break anything, wherever they come")
{
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = reperage(&a);
	struct reponse r[INSTRUMENT_ITEMS];
	uint64_t s = 7;

	for (int k = 0; k < 20000; k++) {
		for (int i = 0; i < in->nitems; i++) {
			s = s * 6364136223846793005u + 1442695040888963407u;
			r[i].etat = (enum reponse_etat)(s >> 60 & 3);
			r[i].choix = 1ull << ((s >> 33) % (uint64_t)in->items[i].noptions);
		}
		check_one(in, r);
	}
	arena_free(&a);
}

TEST("what nobody answered is told apart from what was refused, and neither gives a profile")
{
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = reperage(&a);

	for (int etat = SANS_REPONSE; etat <= REFUS; etat++) {
		struct reponse r[INSTRUMENT_ITEMS];
		struct diagnostic d;

		if (etat == REPONDU)
			continue;
		for (int i = 0; i < in->nitems; i++)
			r[i] = (struct reponse){ .etat = (enum reponse_etat)etat, .choix = ~0ull };
		instrument_score(in, r, &d);
		same(diagnostic_profil(&d), "indetermine");
		equals(d.nbesoins, 0);
		near_to(d.part, 0, 0);
	}
	arena_free(&a);
}

TEST("the words that POSTURE refuses are in no text, in any language")
{
	static const char *const refused_words[] = { "exclu", "débutant", "fracture", "illectronisme",
		"fragile", "assisté", "illettr", "handicap", "non-recours", "prescri",
		"excluded", "beginner", "illitera", "éloigné", "tenace", NULL };
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = reperage(&a);

	holds(in->ntextes > 100);
	for (int i = 0; i < in->ntextes; i++) {
		for (int w = 0; refused_words[w]; w++) {
			const char *said = instrument_say(in, "en", in->textes[i]);

			if (strcasestr(in->textes[i], refused_words[w])
			    || strcasestr(said, refused_words[w]))
				fail_msg("« %s » says %s", in->textes[i], refused_words[w]);
		}
	}
	arena_free(&a);
}

TEST("the ten families of démarches are those of the national list, in its order")
{
	static const char *const families[] = { "papiers", "famille", "social", "travail",
		"logement", "transports", "argent", "justice", "etranger", "loisirs" };
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = reperage(&a);
	const struct item *it = &in->items[instrument_item(in, "demarche")];

	equals(it->noptions, 10);
	for (int i = 0; i < 10; i++)
		same(it->options[i].id, families[i]);
	same(it->options[8].texte, "Titre de séjour, nationalité");
	arena_free(&a);
}

TEST("every need that the instrument can name has a reason for the person")
{
	struct arena a = arena_new(4 << 20);
	const struct instrument *in = reperage(&a);

	for (int i = 0; i < in->norientation; i++) {
		holds(strstr(in->orientation[i].pourquoi, "arce qu"));
		holds(lieu_services[in->orientation[i].service].slug);
	}
	arena_free(&a);
}
