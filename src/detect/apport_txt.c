/* LimeSurvey's text form (tab separated: class, type/scale, name, relevance, text, help,
 * language...), and a simple table of questions. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "detect/apport_inside.h"
#include "detect/brouillon.h"
#include "format/csv.h"

struct columns {
	int class_, type, name, relevance, text, help, language, value;
};

static const char *cell(const struct csv_row *row, int column)
{
	return column >= 0 && (size_t)column < row->n ? row->cells[column] : "";
}

/* --- LimeSurvey ---------------------------------------------------------------------- */

struct txt {
	struct survey *s;
	struct columns c;
	double group;
	int rows;
};

static bool txt_question(struct txt *k, const struct csv_row *row, struct err *e)
{
	struct survey *s = k->s;
	struct arena *a = s->a;

	if (s->nq == SURVEY_QUESTIONS)
		return fail(e, E_LIMIT, "%s:%ld: plus de %d questions", s->name, row->line,
			    SURVEY_QUESTIONS);
	s->q[s->nq] = (struct survey_question){ arena_printf(a, "%d", s->nq),
		arena_str(a, cell(row, k->c.name)), arena_str(a, cell(row, k->c.type)),
		plain_text(a, cell(row, k->c.text)), plain_text(a, cell(row, k->c.help)),
		arena_str(a, cell(row, k->c.relevance)), k->group, k->rows };
	s->nq++;
	return true;
}

static bool txt_part(struct txt *k, const struct csv_row *row, bool answer, struct err *e)
{
	struct survey *s = k->s;

	if (!s->nq)
		return fail(e, E_INPUT, "%s:%ld: une réponse avant toute question", s->name, row->line);
	if (s->np == SURVEY_PARTS)
		return fail(e, E_LIMIT, "%s:%ld: plus de %d réponses", s->name, row->line, SURVEY_PARTS);
	s->p[s->np++] = (struct survey_part){ .question = s->q[s->nq - 1].id,
		.code = arena_str(s->a, cell(row, k->c.name)),
		.texte = plain_text(s->a, cell(row, k->c.text)), .id = "", .order = k->rows,
		.value = strtod(cell(row, k->c.value), NULL),
		.scale = (int)strtol(cell(row, k->c.type), NULL, 10), .answer = answer };
	return true;
}

static bool txt_row(struct txt *k, const struct csv_row *row, struct err *e)
{
	const char *what = cell(row, k->c.class_), *language = cell(row, k->c.language);
	struct survey *s = k->s;

	k->rows++;
	if (strcmp(what, "S") == 0) {
		if (strcmp(cell(row, k->c.name), "language") == 0 && !s->langue)
			s->langue = arena_str(s->a, cell(row, k->c.text));
		return true;
	}
	if (*language && !s->langue)
		s->langue = arena_str(s->a, language);
	if (*language && strcmp(language, s->langue) != 0)
		return true;
	if (strcmp(what, "SL") == 0 && strcmp(cell(row, k->c.name), "surveyls_title") == 0)
		s->titre = plain_text(s->a, cell(row, k->c.text));
	else if (strcmp(what, "G") == 0)
		k->group++;
	else if (strcmp(what, "Q") == 0)
		return txt_question(k, row, e);
	else if (strcmp(what, "SQ") == 0 || strcmp(what, "A") == 0)
		return txt_part(k, row, *what == 'A', e);
	return true;
}

bool txt_read(struct survey *s, const char *p, size_t n, struct err *e)
{
	CLEANUP(csv_close) struct csv *f = NULL;
	struct txt k = { .s = s };
	struct csv_row row;

	if (!csv_open_text(s->name, p, n, &f, e))
		return false;
	k.c = (struct columns){ csv_column(f, "class"), csv_column(f, "type/scale"),
		csv_column(f, "name"), csv_column(f, "relevance"), csv_column(f, "text"),
		csv_column(f, "help"), csv_column(f, "language"), csv_column(f, "assessment_value") };
	if (k.c.class_ < 0 || k.c.type < 0 || k.c.name < 0 || k.c.text < 0)
		return fail(e, E_INPUT, "%s:1: il manque une colonne de LimeSurvey (class, type/scale, "
			    "name, text)", s->name);
	e->kind = E_OK;
	while (csv_next(f, &row, e)) {
		if (!txt_row(&k, &row, e))
			return false;
	}
	if (e->kind != E_OK)
		return false;
	return s->nq || fail(e, E_INPUT, "%s : ce questionnaire n’a pas de question.", s->name);
}

/* --- a simple table ------------------------------------------------------------------- */

/* "Oui=1|Non=0" to a line each, as the author's form takes them. */
static const char *one_per_line(struct arena *a, const char *list)
{
	char *out = (char *)arena_str(a, list);

	for (char *p = out; *p; p++) {
		if (*p == '|')
			*p = '\n';
	}
	return out;
}

static int either(const struct csv *f, const char *one, const char *other)
{
	int c = csv_column(f, one);

	return c >= 0 ? c : csv_column(f, other);
}

struct table {
	int text, type, options, lines, help, min, max, when, when_words;
};

static bool table_row(struct arena *a, const struct table *t, const struct csv_row *row,
		      bool first, const char **text, struct err *e)
{
	const char *when = cell(row, t->when), *type = cell(row, t->type);
	const struct brouillon_question q = {
		*type ? type : *cell(row, t->options) ? "choix" : "texte", cell(row, t->text),
		cell(row, t->help), one_per_line(a, cell(row, t->options)),
		one_per_line(a, cell(row, t->lines)), cell(row, t->min), cell(row, t->max),
		*when ? when : NULL, cell(row, t->when_words) };

	return brouillon_pose(a, *text, first ? 0 : -1, &q, text, e);
}

/* The title of the file, without its folder and its end. */
static const char *title_of(struct arena *a, const char *name)
{
	const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;

	return strcmp(base, "fichier") == 0 ? "Questionnaire apporté"
		: arena_strn(a, base, strcspn(base, "."));
}

bool table_read(struct arena *a, const char *name, const char *p, size_t n, const char **out,
		struct err *e)
{
	CLEANUP(csv_close) struct csv *f = NULL;
	struct csv_row row;
	struct table t;
	bool first = true;

	if (!csv_open_text(name, p, n, &f, e))
		return false;
	t = (struct table){ either(f, "question", "texte"), csv_column(f, "type"),
		either(f, "options", "reponses"), csv_column(f, "lignes"), either(f, "aide", "precision"),
		either(f, "min", "minimum"), either(f, "max", "maximum"), either(f, "si", "condition"),
		csv_column(f, "si_papier") };
	if (t.text < 0) {
		fail(e, E_INPUT, "%s:1: il manque la colonne « question »", name);
		return hint(e, "Les colonnes sont question, type, options, lignes, aide, min, max, si, si_papier.");
	}
	if (!brouillon_nouveau(a, title_of(a, name), out, e))
		return false;
	e->kind = E_OK;
	while (csv_next(f, &row, e)) {
		if (!table_row(a, &t, &row, first, out, e))
			return false;
		first = false;
		e->kind = E_OK;
	}
	if (e->kind != E_OK)
		return false;
	return !first || fail(e, E_INPUT, "%s : ce tableau n’a pas de question.", name);
}
