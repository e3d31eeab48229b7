/* sqlgen types the columns of a result: from the schema, or from the end of their line. */
#pragma once

/* The type said at the end of a line for the column whose name stands before it. */
struct annotation {
	const char *name;
	size_t n;
	enum type type;
	bool or_null, used;
};

enum { ANNOTATIONS_MOST = COLUMNS_MOST * 2 };

static int read_annotations(const struct query *q, struct annotation *list)
{
	struct token t, last = { T_END, q->p, 0 };
	int n = 0;

	for (const char *p = q->p; (t = token_next(&p, q->end)).kind != T_END;) {
		if (t.kind == T_COMMENT && t.n > 2 && *t.p == '-' && last.kind == T_WORD) {
			struct annotation a = { last.p, last.n, NOTHING, false, false };
			struct cursor c = { t.p + 2, t.p + t.n };
			size_t len;
			const char *word = read_word(&c, &len);

			a.type = type_read(word, len, &a.or_null);
			skip_blanks(&c);
			if (a.type != NOTHING && n < ANNOTATIONS_MOST &&
			    (c.p == c.end || (c.end - c.p > 1 && c.p[0] == '-' && c.p[1] == '-')))
				list[n++] = a;
		}
		if (t.kind == T_BLANK && memchr(t.p, '\n', t.n))
			last.kind = T_END;
		else if (t.kind != T_BLANK && t.kind != T_COMMENT && !token_is(&t, ",") &&
			 !token_is(&t, ";"))
			last = t;
	}
	return n;
}

/* Whether `table` is named between the parenthesis at *p and its end; moves *p there. */
static bool named_inside(const char **p, const char *end, const char *table)
{
	int depth = 1;
	bool found = false;
	struct token t;

	while (depth && (t = token_solid(p, end)).kind != T_END) {
		depth += token_is(&t, "(") - token_is(&t, ")");
		found |= token_is(&t, table);
	}
	return found;
}

static bool is_table(const struct gen *g, const struct token *t)
{
	char name[NAME_MOST + 1];

	if (t->n > NAME_MOST)
		return false;
	memcpy(name, t->p, t->n);
	name[t->n] = '\0';
	return sqlite3_table_column_metadata(g->db, NULL, name, NULL, NULL, NULL, NULL, NULL,
					     NULL) == SQLITE_OK;
}

/* What follows a LEFT: true when the columns of `table` may come out NULL because of it. */
static bool left_join(const struct gen *g, const char *p, const char *end, const char *table)
{
	struct token t = token_solid(&p, end);

	if (token_is(&t, "outer"))
		t = token_solid(&p, end);
	if (!token_is(&t, "join"))
		return false;
	t = token_solid(&p, end);
	if (token_is(&t, "("))
		return named_inside(&p, end, table);
	return token_is(&t, table) || !is_table(g, &t);
}

static bool one_of(const struct token *t, const char *const *words)
{
	for (; *words; words++) {
		if (token_is(t, *words))
			return true;
	}
	return false;
}

/*
 * Whether a column of `table` that is NOT NULL there may be NULL here: the table stands on
 * the open side of an outer join, in a subquery that is a value, or the query is compound.
 * May say yes once too often; an annotation then says no.
 */
static bool may_be_null(const struct gen *g, const struct query *q, const char *table)
{
	static const char *const compound[] = {
		"union", "intersect", "except", "right", "full", NULL
	};
	static const char *const before_rows[] = {
		"from", "join", "in", "exists", "as", "materialized", "", NULL
	};
	struct token t, before = { T_END, "", 0 };

	for (const char *p = q->p; (t = token_solid(&p, q->end)).kind != T_END; before = t) {
		const char *next = p;

		if (one_of(&t, compound))
			return true;
		if (token_is(&t, "left") && left_join(g, p, q->end, table))
			return true;
		if (!token_is(&t, "(") || one_of(&before, before_rows))
			continue;
		t = token_solid(&next, q->end);
		if (token_is(&t, "select") && named_inside(&next, q->end, table))
			return true;
		t = (struct token){ T_OTHER, "(", 1 };
	}
	return false;
}

/* Line where the column is written: its last name, or its expression as it stands. */
static long column_line(const struct gen *g, const struct query *q, const char *name)
{
	const char *at = NULL;
	struct token t;

	for (const char *p = q->p; (t = token_next(&p, q->end)).kind != T_END;) {
		if (t.kind == T_WORD && token_is(&t, name))
			at = t.p;
	}
	if (!at)
		at = memmem(q->p, (size_t)(q->end - q->p), name, strlen(name));
	return at ? line_of(g, at) : q->line;
}

static enum type type_declared(const char *decl)
{
	static const char *const words[] = { "INTEGER", "REAL", "TEXT", "BLOB" };

	for (enum type t = INT; decl && t < NOTHING; t++) {
		if (strcasecmp(decl, words[t]) == 0)
			return t;
	}
	return decl && strcasecmp(decl, "INT") == 0 ? INT : NOTHING;
}

/* What the schema says of result column i; NOTHING for an expression. */
static enum type column_type(const struct gen *g, const struct query *q, sqlite3_stmt *s,
			     int i, bool *or_null)
{
	const char *table = sqlite3_column_table_name(s, i);
	const char *origin = sqlite3_column_origin_name(s, i);
	int not_null = 0, key = 0;

	if (!table || !origin)
		return NOTHING;
	sqlite3_table_column_metadata(g->db, NULL, table, origin, NULL, NULL, &not_null, &key,
				      NULL);
	*or_null = (!not_null && !key) || may_be_null(g, q, table);
	return type_declared(sqlite3_column_decltype(s, i));
}

static bool check_column(struct gen *g, struct query *q, sqlite3_stmt *s, int i,
			 struct annotation *list, int nlist)
{
	struct typed *k = &q->columns[i];
	const char *name = sqlite3_column_name(s, i);
	long line = column_line(g, q, name);
	bool said = false;

	if (!good_name(name, strlen(name)) || is_taken(name, strlen(name), true))
		return wrong(g, line, "column %d of %s has no name C can use ('%.40s'): write "
			     "... AS name -- int", i + 1, q->name, name);
	if (find_typed(q->columns, i, name, strlen(name)) >= 0)
		return wrong(g, line, "two columns of %s are named %s: write ... AS other_name",
			     q->name, name);
	memcpy(k->name, name, strlen(name) + 1);
	k->type = column_type(g, q, s, i, &k->or_null);
	for (int j = 0; j < nlist; j++) {
		struct annotation *a = &list[j];

		if (a->n != strlen(name) || strncasecmp(a->name, name, a->n) != 0)
			continue;
		if (k->type != NOTHING && k->type != a->type && !said)
			return wrong(g, line_of(g, a->name), "column %s is %s in the schema, not "
				     "%s", name, type_names[k->type], type_names[a->type]);
		k->type = a->type;
		k->or_null = a->or_null;
		a->used = said = true;
	}
	if (k->type == NOTHING)
		return wrong(g, line, "column %s of %s is an expression: end its line with its type, "
			     "as in AS %s -- int (int, real, text or blob; int? when it may be "
			     "NULL), and put the rest on the next line", name, q->name, name);
	return true;
}

static bool check_columns(struct gen *g, struct query *q, sqlite3_stmt *s)
{
	struct annotation list[ANNOTATIONS_MOST];
	int nlist = read_annotations(q, list);
	bool good = true;

	q->ncolumns = sqlite3_column_count(s);
	if (q->ncolumns > COLUMNS_MOST)
		return wrong(g, q->line, "%s gives more than %d columns", q->name, COLUMNS_MOST);
	for (int i = 0; i < q->ncolumns; i++)
		good &= check_column(g, q, s, i, list, nlist);
	for (int i = 0; good && i < nlist; i++) {
		if (!list[i].used)
			good = wrong(g, line_of(g, list[i].name), "%s gives no column %.*s: this type "
				     "is nobody's", q->name, (int)list[i].n, list[i].name);
	}
	return good;
}
