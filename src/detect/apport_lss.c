/* LimeSurvey's own file (.lss): tables as XML, with texts in their rows or, since version 4,
 * in tables of their own by language. */
#include <stdlib.h>
#include <string.h>

#include "detect/apport_inside.h"
#include "format/xml_rows.h"

enum { DB_FIRST = 130, DB_LAST = 799 };

struct lss {
	struct survey *s;
	bool survey;                    /* LimeSurveyDocType said so */
	int version;
};

static bool is(const struct xml_row *row, const char *section)
{
	return strcmp(row->section, section) == 0;
}

static const char *text_of(struct lss *k, const struct xml_row *row, const char *field)
{
	return plain_text(k->s->a, xml_value(row, field));
}

static const char *word_of(struct lss *k, const struct xml_row *row, const char *field)
{
	return arena_str(k->s->a, xml_value(row, field));
}

static double number_of(const struct xml_row *row, const char *field)
{
	return strtod(xml_value(row, field), NULL);
}

/* Rows of another language than the one that is read; the first language seen is ours. */
static bool other_language(struct lss *k, const struct xml_row *row)
{
	const char *language = xml_value(row, "language");

	if (!*language)
		return false;
	if (!k->s->langue)
		k->s->langue = arena_str(k->s->a, language);
	return strcmp(language, k->s->langue) != 0;
}

static bool add_question(struct lss *k, const struct xml_row *row, struct err *e)
{
	struct survey *s = k->s;

	if (strcmp(xml_value(row, "parent_qid"), "0") != 0 && *xml_value(row, "parent_qid"))
		return true;
	for (int i = 0; i < s->nq; i++) {
		if (strcmp(s->q[i].id, xml_value(row, "qid")) == 0)
			return true;    /* the same in another language */
	}
	if (s->nq == SURVEY_QUESTIONS)
		return fail(e, E_LIMIT, "%s:%ld: plus de %d questions", s->name, row->line,
			    SURVEY_QUESTIONS);
	s->q[s->nq++] = (struct survey_question){ word_of(k, row, "qid"), word_of(k, row, "title"),
		word_of(k, row, "type"), text_of(k, row, "question"), text_of(k, row, "help"),
		word_of(k, row, "relevance"), number_of(row, "gid"),
		number_of(row, "question_order") };
	return true;
}

static bool add_part(struct lss *k, const struct xml_row *row, bool answer, struct err *e)
{
	struct survey *s = k->s;

	if (s->np == SURVEY_PARTS)
		return fail(e, E_LIMIT, "%s:%ld: plus de %d réponses", s->name, row->line, SURVEY_PARTS);
	s->p[s->np++] = (struct survey_part){
		.question = word_of(k, row, answer ? "qid" : "parent_qid"),
		.code = word_of(k, row, answer ? "code" : "title"),
		.texte = text_of(k, row, answer ? "answer" : "question"),
		.id = word_of(k, row, answer ? "aid" : "qid"),
		.order = number_of(row, answer ? "sortorder" : "question_order"),
		.value = number_of(row, "assessment_value"),
		.scale = (int)number_of(row, "scale_id"), .answer = answer };
	return true;
}

/* Texts by language, of version 4 and after. */
static void add_texts(struct lss *k, const struct xml_row *row)
{
	struct survey *s = k->s;
	bool answer = is(row, "answer_l10ns");
	const char *id = xml_value(row, answer ? "aid" : "qid");

	for (int i = 0; i < s->np; i++) {
		if (s->p[i].answer == answer && strcmp(s->p[i].id, id) == 0)
			s->p[i].texte = text_of(k, row, answer ? "answer" : "question");
	}
	for (int i = 0; !answer && i < s->nq; i++) {
		if (strcmp(s->q[i].id, id) == 0) {
			s->q[i].texte = text_of(k, row, "question");
			s->q[i].aide = text_of(k, row, "help");
		}
	}
}

static bool check_version(struct lss *k, const struct xml_row *row, struct err *e)
{
	k->version = (int)strtol(xml_value(row, ""), NULL, 10);
	if (k->version >= DB_FIRST && k->version <= DB_LAST)
		return true;
	fail(e, E_INPUT, "%s:%ld: ce fichier LimeSurvey est d’une autre version (base %d ; connues : "
	     "%d à %d)", k->s->name, row->line, k->version, DB_FIRST, DB_LAST);
	return hint(e, "Exportez-le d’une version 2.0 à 6, ou sous forme de texte tabulé.");
}

static bool see_row(const struct xml_row *row, void *arg, struct err *e)
{
	struct lss *k = arg;

	if (is(row, "LimeSurveyDocType")) {
		k->survey = strcmp(xml_value(row, ""), "Survey") == 0;
		return k->survey || fail(e, E_INPUT, "%s:%ld: ce fichier LimeSurvey n’est pas un "
			"questionnaire entier mais « %.40s »", k->s->name, row->line, xml_value(row, ""));
	}
	if (is(row, "DBVersion"))
		return check_version(k, row, e);
	if (is(row, "surveys_languagesettings")) {
		if (!k->s->langue)
			k->s->langue = word_of(k, row, "surveyls_language");
		if (strcmp(xml_value(row, "surveyls_language"), k->s->langue) == 0 || !k->s->titre)
			k->s->titre = text_of(k, row, "surveyls_title");
		return true;
	}
	if (!is(row, "questions") && !is(row, "subquestions") && !is(row, "answers")
	    && !is(row, "question_l10ns") && !is(row, "answer_l10ns"))
		return true;
	if (other_language(k, row))
		return true;
	if (is(row, "questions"))
		return add_question(k, row, e);
	if (is(row, "subquestions") || is(row, "answers"))
		return add_part(k, row, is(row, "answers"), e);
	add_texts(k, row);
	return true;
}

bool lss_read(struct survey *s, const char *p, size_t n, struct err *e)
{
	struct lss k = { .s = s };

	if (!xml_rows_read(s->name, p, n, see_row, &k, e))
		return false;
	if (k.survey && k.version && s->nq)
		return true;
	fail(e, E_INPUT, "%s : ce n’est pas un questionnaire LimeSurvey.", s->name);
	return hint(e, "Il faut le fichier .lss de LimeSurvey, ou son export en texte tabulé.");
}
