#include "orient/lieu_protege.h"

#include <string.h>

#include "base/embedded.h"
#include "base/utf8.h"

enum { RULES_MOST = 200, FOLDED_MOST = 600 };

enum kind { IN_NAME, IN_TYPOLOGIE, IN_SOURCE };

struct line {
	struct protege_rule rule;
	enum kind kind;
	const char *key;                /* folded word, or the code as it is */
};

struct protege_rules {
	struct line lines[RULES_MOST];
	size_t n;
};

/* The next cell of a line cut at ';', *s moved past it. */
static const char *next_cell(struct arena *a, const char **s)
{
	size_t n = strcspn(*s, ";\n");
	const char *cell = arena_strn(a, *s, n);

	*s += n + ((*s)[n] == ';');
	return cell;
}

static void add_line(struct arena *a, struct protege_rules *r, const char *s)
{
	struct line *l = &r->lines[r->n];
	const char *type;
	char folded[FOLDED_MOST];

	l->rule.motif = next_cell(a, &s);
	type = next_cell(a, &s);
	l->rule.raison = next_cell(a, &s);
	l->kind = strcmp(type, "typologie") == 0 ? IN_TYPOLOGIE
		  : strcmp(type, "source") == 0 ? IN_SOURCE : IN_NAME;
	utf8_fold(l->rule.motif, folded, sizeof folded);
	l->key = l->kind == IN_TYPOLOGIE ? l->rule.motif : arena_str(a, folded);
	r->n += *l->rule.motif != '\0';
}

const struct protege_rules *protege_rules_read(struct arena *a)
{
	const struct embedded_file *f = embedded_find(embedded_files,
						      "data/lieux_proteges.csv");
	struct protege_rules *r = NEW(a, struct protege_rules);
	bool header = true;

	for (const char *s = f ? f->p : ""; r && *s; s += strcspn(s, "\n"), s += *s == '\n') {
		if (*s == '#' || *s == '\n')
			continue;
		if (!header && r->n < RULES_MOST)
			add_line(a, r, s);
		header = false;
	}
	return r;
}

/* Is the folded word in the folded text, between spaces or its ends?  A plural s at the
 * end of it is the same word. */
static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = text; (p = strstr(p, word)) != NULL; p++) {
		const char *end = p + n + (p[n] == 's');

		if ((p == text || p[-1] == ' ') && (*end == ' ' || !*end))
			return true;
	}
	return false;
}

static bool has_code(const char *list, const char *code)
{
	size_t n = strlen(code);

	for (const char *p = list; *p; p += strcspn(p, "|"), p += *p == '|') {
		if (strncmp(p, code, n) == 0 && (p[n] == '|' || !p[n]))
			return true;
	}
	return false;
}

const struct protege_rule *protege_find(const struct protege_rules *rules,
					const char *const v[LIEU_FIELDS])
{
	static const enum lieu_field named[] = { LIEU_NOM, LIEU_COMPLEMENT, LIEU_PARENTE };
	char texts[3][FOLDED_MOST], source[FOLDED_MOST];

	for (int i = 0; i < 3; i++)
		utf8_fold(v[named[i]], texts[i], sizeof texts[i]);
	utf8_fold(v[LIEU_SOURCE], source, sizeof source);
	for (size_t i = 0; i < rules->n; i++) {
		const struct line *l = &rules->lines[i];
		bool found = false;

		if (l->kind == IN_TYPOLOGIE)
			found = has_code(v[LIEU_TYPOLOGIE], l->key);
		else if (l->kind == IN_SOURCE)
			found = strcmp(source, l->key) == 0;
		else
			found = has_word(texts[0], l->key) || has_word(texts[1], l->key)
				|| has_word(texts[2], l->key);
		if (found)
			return &l->rule;
	}
	return NULL;
}
