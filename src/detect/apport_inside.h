/* Inside imports: a survey as LimeSurvey thinks of it, whatever the file,
	and what is made of it. */
#pragma once

#include "detect/apport.h"
#include "format/json.h"

enum { SURVEY_QUESTIONS = 400, SURVEY_PARTS = 4000 };

struct survey_part {                    /* a subquestion or an answer */
	const char *question;           /* id of its question in the file */
	const char *code, *texte, *id;
	double order, value;            /* value: of the assessment; 0 none */
	int scale;
	bool answer;
};

struct survey_question {
	const char *id, *code, *type, *texte, *aide, *relevance;
	double group, order;
};

struct survey {
	struct arena *a;
	const char *name;               /* of the file */
	const char *titre, *langue;
	struct survey_question q[SURVEY_QUESTIONS];
	int nq;
	struct survey_part p[SURVEY_PARTS];
	int np;
	int laissees, conditions;       /* questions and conditions that could not be made */
};

/* Tags and entities of HTML taken away, spaces folded. */
const char *plain_text(struct arena *a, const char *html);

bool lss_read(struct survey *s, const char *p, size_t n, struct err *e);
bool txt_read(struct survey *s, const char *p, size_t n, struct err *e);
/* The instrument of a survey. */
bool survey_write(struct survey *s, const char **out, struct err *e);

/* A table of questions: from text (CSV, tabs). */
bool table_read(struct arena *a, const char *name, const char *p, size_t n, const char **out,
		struct err *e);
/* The head that all imports share; NULL when there is no memory. */
json_t *apport_head(struct arena *a, const char *titre, const char *langue, const char *source);
bool apport_dump(struct arena *a, json_t *root, const char **out, struct err *e);
