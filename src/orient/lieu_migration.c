/* Words of older files in those of today: data/migration_2022.csv. */
#include <stdio.h>
#include <string.h>

#include "base/embedded.h"
#include "base/utf8.h"
#include "orient/lieu_format.h"

enum { LINES_MOST = 200, FOLDED_MOST = 200 };

struct line {
	const char *field;              /* the old column */
	const char *key;                /* old value, folded */
	int to;                         /* enum lieu_field, -1: left out */
	const char *value, *source;
};

struct migration {
	struct line lines[LINES_MOST];
	size_t n;
};

static const char *next_cell(struct arena *a, const char **s)
{
	size_t n = strcspn(*s, ";\n");
	const char *cell = arena_strn(a, *s, n);

	*s += n + ((*s)[n] == ';');
	return cell;
}

static int field_of(const char *name)
{
	for (int i = 0; i < LIEU_FIELDS; i++) {
		if (strcmp(lieu_field_rules[i].name, name) == 0)
			return i;
	}
	return -1;
}

static void add_line(struct arena *a, struct migration *m, const char *s)
{
	struct line *l = &m->lines[m->n++];
	char folded[FOLDED_MOST];

	l->field = next_cell(a, &s);
	utf8_fold(next_cell(a, &s), folded, sizeof folded);
	l->key = arena_str(a, folded);
	l->to = field_of(next_cell(a, &s));
	l->value = next_cell(a, &s);
	l->source = next_cell(a, &s);
}

const struct migration *migration_read(struct arena *a)
{
	const struct embedded_file *f = embedded_find(embedded_files, "data/migration_2022.csv");
	struct migration *m = NEW(a, struct migration);
	bool header = true;

	for (const char *s = f ? f->p : ""; m && *s; s += strcspn(s, "\n"), s += *s == '\n') {
		if (*s == '#' || *s == '\n')
			continue;
		if (!header && m->n < LINES_MOST)
			add_line(a, m, s);
		header = false;
	}
	return m;
}

/* The old value up to " : ", folded. */
static void fold_value(const char *value, size_t n, char out[FOLDED_MOST])
{
	char text[FOLDED_MOST];
	const char *colon;

	if (n >= sizeof text)
		n = sizeof text - 1;
	memcpy(text, value, n);
	text[n] = '\0';
	utf8_trim_end(text);
	colon = strstr(text, " :");
	if (colon)
		text[colon - text] = '\0';
	utf8_fold(text, out, FOLDED_MOST);
}

static bool fits(const struct line *l, const char *field, const char *key)
{
	if (l->key[0] != key[0] || strcmp(l->field, field))
		return false;
	/* "Espace labellisé 01/01/2020": the label, then its date */
	return strcmp(l->key, key) == 0
	       || (strcmp(field, "labellisation") == 0
		   && strncmp(key, l->key, strlen(l->key)) == 0);
}

bool migration_knows(const struct migration *m, const char *field, const char *value, size_t n)
{
	char key[FOLDED_MOST];

	fold_value(value, n, key);
	for (size_t i = 0; i < m->n; i++) {
		if (fits(&m->lines[i], field, key))
			return true;
	}
	return false;
}

void draft_add(struct arena *a, struct lieu_draft *d, enum lieu_field f, const char *value)
{
	size_t n = strlen(value);

	for (const char *p = d->v[f]; *p; p += strcspn(p, "|"), p += *p == '|') {
		if (strncmp(p, value, n) == 0 && (p[n] == '|' || !p[n]))
			return;
	}
	d->v[f] = *d->v[f] ? arena_printf(a, "%s|%s", d->v[f], value) : arena_str(a, value);
}

/* The value of today in the list's own column, kept as it is; false when it is none. */
static bool is_of_today(const char *field, const char *value, struct lieu_mapping *m,
			struct lieu_draft *d)
{
	int f = field_of(field);

	if (f < 0 || !lieu_field_rules[f].choices
	    || choice_find(lieu_field_rules[f].choices, value) < 0)
		return false;
	draft_add(m->a, d, (enum lieu_field)f, value);
	return true;
}

/* One old value; what it became is added to `became`. */
static void migrate_value(struct lieu_mapping *m, const char *field, const char *value,
			  struct lieu_draft *d, const char **became)
{
	char key[FOLDED_MOST];
	bool known = false;

	fold_value(value, strlen(value), key);
	for (size_t i = 0; i < m->migration->n; i++) {
		const struct line *l = &m->migration->lines[i];

		if (!fits(l, field, key))
			continue;
		known = true;
		if (l->to < 0) {
			lieu_note(m->notes, m->line, field, value, NOTE_RETIRE, "%s",
				  l->source);
			continue;
		}
		draft_add(m->a, d, (enum lieu_field)l->to, l->value);
		if (!strstr(*became, l->value))
			*became = arena_printf(m->a, "%s%s%s : %s", *became,
					       **became ? " ; " : "",
					       lieu_field_rules[l->to].name, l->value);
	}
	if (!known && !is_of_today(field, value, m, d))
		lieu_note(m->notes, m->line, field, value, NOTE_RETIRE,
			  "cette valeur n'est dans aucun schéma connu");
}

void migrate_list(struct lieu_mapping *m, const char *field, const char *list,
		  struct lieu_draft *d)
{
	const char *became = "", *s = list;

	while (*s) {
		size_t n = strcspn(s, ";|");
		const char *value = arena_strn(m->a, s, n);

		s += n + (s[n] != '\0');
		while (*value == ' ')
			value++;
		if (*value)
			migrate_value(m, field, value, d, &became);
	}
	if (*became)
		lieu_note(m->notes, m->line, field, list, NOTE_TRADUIT, "devient %s", became);
}
