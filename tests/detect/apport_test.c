#include "test.h"

#include <stdlib.h>

#include "detect/apport.h"
#include "detect/brouillon.h"
#include "detect/instrument.h"
#include "detect/lecture.h"
#include "detect/questionnaire.h"
#include "detect/score_lot.h"

#define ROW(x) "<row>" x "</row>"
#define F(name, value) "<" name "><![CDATA[" value "]]></" name ">"

/* As LimeSurvey 6 writes: texts by language in tables of their own. */
static const char lss[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<document><LimeSurveyDocType>Survey</LimeSurveyDocType>\n"
	"<DBVersion>494</DBVersion><answers><rows>"
	ROW(F("aid", "1") F("qid", "1") F("code", "A1") F("sortorder", "1") F("assessment_value", "0") F("scale_id", "0"))
	ROW(F("aid", "2") F("qid", "1") F("code", "A2") F("sortorder", "2") F("assessment_value", "3") F("scale_id", "0"))
	ROW(F("aid", "4") F("qid", "2") F("code", "1") F("answer", "Non") F("sortorder", "1") F("scale_id", "0"))
	ROW(F("aid", "5") F("qid", "2") F("code", "2") F("answer", "Oui") F("sortorder", "2") F("scale_id", "0"))
	"</rows></answers><answer_l10ns><rows>"
	ROW(F("id", "1") F("aid", "1") F("answer", "Jamais") F("language", "fr"))
	ROW(F("id", "2") F("aid", "2") F("answer", "<b>Souvent</b> &amp; bien") F("language", "fr"))
	ROW(F("id", "3") F("aid", "2") F("answer", "Often") F("language", "en"))
	"</rows></answer_l10ns><questions><rows>"
	ROW(F("qid", "1") F("parent_qid", "0") F("gid", "1") F("type", "L") F("title", "Q1") F("question_order", "1") F("relevance", "1"))
	ROW(F("qid", "2") F("parent_qid", "0") F("gid", "1") F("type", "F") F("title", "Q2") F("question_order", "2") F("relevance", "((Q1.NAOK == \"A2\"))"))
	ROW(F("qid", "5") F("parent_qid", "0") F("gid", "1") F("type", "|") F("title", "Q5") F("question_order", "3") F("relevance", "1"))
	ROW(F("qid", "6") F("parent_qid", "0") F("gid", "2") F("type", "N") F("title", "Q6") F("question_order", "1") F("relevance", "Q1.NAOK > 2"))
	"</rows></questions><subquestions><rows>"
	ROW(F("qid", "3") F("parent_qid", "2") F("title", "SQ1") F("question_order", "1"))
	"</rows></subquestions><question_l10ns><rows>"
	ROW(F("id", "1") F("qid", "1") F("question", "<p>Vous&nbsp;?</p>") F("help", "") F("language", "fr"))
	ROW(F("id", "2") F("qid", "2") F("question", "La grille") F("help", "Ici") F("language", "fr"))
	ROW(F("id", "3") F("qid", "3") F("question", "Une ligne") F("help", "") F("language", "fr"))
	"</rows></question_l10ns><surveys_languagesettings><rows>"
	ROW(F("surveyls_language", "fr") F("surveyls_title", "Mon enquête"))
	"</rows></surveys_languagesettings></document>";

static const char txt[] =
	"class\ttype/scale\tname\trelevance\ttext\thelp\tlanguage\n"
	"S\t\tlanguage\t\tfr\t\t\nSL\t\tsurveyls_title\t\tMon enquête\t\tfr\n"
	"G\tG0\tGroupe\t1\t\t\tfr\nQ\tL\tQ1\t1\tVous ?\t\tfr\nA\t0\tA1\t\tJamais\t\tfr\nA\t0\tA2\t\tSouvent\t\tfr\n"
	"Q\tM\tQ2\t1\tLesquels ?\tPlusieurs\tfr\nSQ\t0\tS1\t\tUn\t\tfr\nSQ\t0\tS2\t\tDeux\t\tfr\n"
	"Q\tL\tQ1\t1\tYou?\t\ten\n";

static const struct instrument *taken(struct arena *a, const char *p, const char **text)
{
	const struct instrument *in = NULL;
	struct err e = { 0 };

	accepts(apport_read(a, "f.lss", p, strlen(p), NULL, text, &e), &e);
	accepts(instrument_read(a, "f.json", *text, strlen(*text), &in, &e), &e);
	return in;
}

TEST("a LimeSurvey file gives its questions, grids, values and simple conditions, in its language")
{
	struct arena a = arena_new(32 << 20);
	const char *text;
	const struct instrument *in = taken(&a, lss, &text);

	same(in->titre, "Mon enquête");
	equals(in->nitems, 3);
	same(in->items[0].texte, "Vous ?");
	same(in->items[0].options[1].texte, "Souvent & bien");
	near_to(in->items[0].options[1].valeur, 3, 0);
	same(in->items[1].id, "q2_sq1");
	same(in->items[1].si_texte, "q1 = 'a2'");
	same(in->items[1].groupe->texte, "La grille");
	equals(in->items[2].type, ITEM_NOMBRE);
	holds(strstr(in->source, "1 questions laissées") && strstr(in->source, "1 conditions"));
	arena_free(&a);
}

TEST("the text form of LimeSurvey gives the same, without its other languages")
{
	struct arena a = arena_new(32 << 20);
	const char *text;
	const struct instrument *in = taken(&a, txt, &text);

	equals(in->nitems, 2);
	same(in->items[0].options[1].texte, "Souvent");
	equals(in->items[1].type, ITEM_PLUSIEURS);
	same(in->items[1].aide, "Plusieurs");
	same(in->langues[0], "fr");
	arena_free(&a);
}

static void refused(const char *p, const char *word)
{
	struct arena a = arena_new(32 << 20);
	const char *text;
	struct err e = { 0 };

	refuses(E_INPUT, apport_read(&a, "f.lss", p, strlen(p), NULL, &text, &e), &e);
	if (strncmp(e.msg, "f.lss", 5) != 0 || !strstr(e.msg, word))
		fail_msg("« %s » says nothing of « %s »", e.msg, word);
	arena_free(&a);
}

TEST("a survey of another version, half a file, one with entities or another thing are refused by name")
{
	refused("<document><LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>901</DBVersion></document>", "autre version");
	refused("<document><LimeSurveyDocType>Label set</LimeSurveyDocType><DBVersion>494</DBVersion></document>", "Label set");
	refused("<document><LimeSurveyDocType>Survey</LimeSurveyDocType><questions><rows><row>", "XML");
	refused("<!DOCTYPE d [<!ENTITY a \"b\">]><document>&a;</document>", "DOCTYPE");
	refused("<document></document>", "LimeSurvey");
	refused("class\ttype/scale\tname\ttext\nA\t0\tA1\tUn\n", "avant toute question");
	refused("nom,ville\na,b\n", "question");
}

TEST("a simple table makes an instrument, a row a question")
{
	struct arena a = arena_new(32 << 20);
	const char *text;
	const struct instrument *in = taken(&a,
		"question;type;options;lignes;min;max\nVenu en bus ?;choix;Oui = 1|Non = 0;;;\n"
		"Combien ?;nombre;;;0;10\nReliez;appariement;Chercher|Fermer;Loupe -> Chercher|Croix -> Fermer;;\n", &text);

	equals(in->nitems, 4);
	same(in->items[0].options[0].id, "oui");
	near_to(in->items[0].options[0].valeur, 1, 0);
	near_to(in->items[1].max, 10, 0);
	near_to(in->items[3].options[1].valeur, 1, 0);
	arena_free(&a);
}

/* --- drafts --------------------------------------------------------------------------------- */

TEST("a draft that is changed in forms keeps the ids of its answers and what the forms do not know")
{
	struct arena a = arena_new(32 << 20);
	struct brouillon_question q;
	const char *text;
	struct err e = { 0 };

	accepts(brouillon_nouveau(&a, "Mon point", &text, &e), &e);
	accepts(brouillon_lit(&a, text, 0, &q, &e), &e);
	same(q.options, "Oui\nNon\n");
	q.options = "Non = 0\nOui = 2,5\nPeut-être\n";
	accepts(brouillon_pose(&a, text, 0, &q, &text, &e), &e);
	accepts(brouillon_lit(&a, text, 0, &q, &e), &e);
	same(q.options, "Non = 0\nOui = 2.5\nPeut-être\n");
	holds(strstr(text, "\"peut_etre\"") && strstr(text, "personne ne répond"));
	accepts(brouillon_pose(&a, text, -1, &q, &text, &e), &e);
	accepts(brouillon_bouge(&a, text, 0, 0, &text, &e), &e);
	refuses(E_MISSING, brouillon_bouge(&a, text, 7, 1, &text, &e), &e);
	same(nom_de(&a, "Qu’est-ce qui bloque ?"), "qu_est_ce_qui_bloque");
	same(nom_de(&a, "3 jours"), "q3_jours");
	arena_free(&a);
}

TEST("long sentences and words that could be plainer are named to the author")
{
	struct arena a = arena_new(32 << 20);
	const struct instrument *in = NULL;
	struct lecture l;
	const char *text;
	struct err e = { 0 };
	struct brouillon_question q = { .type = "choix", .options = "Oui\nNon",
		.texte = "Avez-vous dû télécharger un justificatif sur la plateforme dématérialisée de votre caisse avant la fin du mois dernier ?" };

	accepts(brouillon_nouveau(&a, "Point", &text, &e), &e);
	accepts(brouillon_pose(&a, text, 0, &q, &text, &e), &e);
	accepts(instrument_read(&a, "f.json", text, strlen(text), &in, &e), &e);
	accepts(lecture_make(&a, in, &l, &e), &e);
	equals(l.nlongues, 1);
	holds(l.longue > 15);
	for (int i = 0, found = 0; i <= l.nrares; i++) {
		if (i == l.nrares)
			holds(found == 2);
		else
			found += strcmp(l.rares[i].mot, "justificatif") == 0
				|| (strcmp(l.rares[i].mot, "télécharger") == 0 && l.rares[i].plutot);
	}
	arena_free(&a);
}

/* --- many ----------------------------------------------------------------------------------- */

TEST("a line read in one pass is what the long way reads, and a bad line says its number")
{
	static const char *const lines[] = {
		"{\"id\":\"a\",\"reponses\":{\"allumer\":\"seul\",\"deja\":[\"appeler\",\"photos\"],\"wifi\":null}}",
		"{\"allumer\":\"ne_sait_pas\",\"wifi\":\"refus\"}", "{ \"wifi\" : \"pas_essaye\" }", "{}",
		"{\"all\\u0075mer\":\"seul\"}", "{\"deja\":[\"rien\"]}" };
	struct arena a = arena_new(32 << 20);
	const struct instrument *in;
	struct err e = { 0 };

	accepts(instrument_open(&a, "huit_gestes", &in, &e), &e);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		CLEANUP(json_done) json_t *root = json_loads(lines[i], 0, NULL);
		struct reponse fast[INSTRUMENT_ITEMS], *slow;
		const char *id;
		size_t n;

		json_object_del(root, "id");
		accepts(lot_line(&a, in, lines[i], strlen(lines[i]), fast, &id, &n, &e), &e);
		accepts(reponses_read(&a, in, root, &slow, &e), &e);
		for (int k = 0; k < in->nitems; k++)
			same(reponse_write(&a, &in->items[k], &fast[k]), reponse_write(&a, &in->items[k], &slow[k]));
	}
	arena_free(&a);
}

TEST("a stream of lines: refused ones are told in their place, the others go on")
{
	static const char in_text[] = "{\"id\":\"é1\",\"reponses\":{\"allumer\":\"seul\"}}\n\n{\"wifi\":\"bleu\"}\n{\"allumer\":\"seul\",\"allumer\":\"seul\"}\n{}\n{\"wifi\t\":\"seul\"}";
	struct arena a = arena_new(32 << 20);
	const struct instrument *in;
	struct lot_bilan b;
	char out[4000] = "";
	FILE *from = fmemopen((char *)in_text, sizeof in_text - 1, "r"), *to = fmemopen(out, sizeof out, "w");
	struct err e = { 0 };

	accepts(instrument_open(&a, "huit_gestes", &in, &e), &e);
	accepts(lot_score(in, from, to, false, &b, &e), &e);
	fclose(from);
	fclose(to);
	equals(b.lignes, 5);
	equals(b.refusees, 3);
	holds(strstr(out, "{\"id\":\"é1\",\"profil\":\"indetermine\",\"second\":null,\"marge\":null,\"scores\":{\"gestes\":null"));
	holds(strstr(out, "{\"ligne\":3,\"erreur\":\"« wifi »"));
	holds(strstr(out, "{\"ligne\":4,\"erreur\""));
	holds(strstr(out, "{\"ligne\":6,\"erreur\"")); /* a tab inside a word is no JSON */
	arena_free(&a);
}

TEST("answers packed for a session come back the same, whatever the type and the signs typed")
{
	struct arena a = arena_new(32 << 20);
	const struct instrument *in;
	struct reponse r[INSTRUMENT_ITEMS + 1] = { 0 }, back[INSTRUMENT_ITEMS + 1] = { 0 };
	struct err e = { 0 };

	accepts(instrument_open(&a, "enquete_observatoire", &in, &e), &e);
	holds(reponse_read(&in->items[instrument_item(in, "lieu")], "chez (moi) \\ et refus", &r[instrument_item(in, "lieu")]));
	holds(reponse_read(&in->items[instrument_item(in, "priorites")], "papier,gens,ateliers,materiel", &r[instrument_item(in, "priorites")]));
	holds(reponse_read(&in->items[instrument_item(in, "demarches")], "12", &r[instrument_item(in, "demarches")]));
	holds(reponse_read(&in->items[instrument_item(in, "appareils")], "ordinateur,tablette", &r[instrument_item(in, "appareils")]));
	r[0].etat = REFUS;
	reponses_unpack(&a, in, reponses_pack(&a, in, r), back);
	for (int i = 0; i < in->nitems; i++)
		same(reponse_write(&a, &in->items[i], &r[i]), reponse_write(&a, &in->items[i], &back[i]));
	reponses_unpack(&a, in, "zzzzzzzz((((", back);
	arena_free(&a);
}
