/* sqlgen's C: a struct per row, a constant and a thin typed function per query. */
#pragma once

static void c_escaped(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '"' || p[i] == '\\' || p[i] == '?')
			buf_printf(b, "\\%c", p[i]);
		else if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
			buf_printf(b, "\\%03o", (unsigned)p[i]);
		else
			buf_char(b, p[i]);
	}
}

/* The query as a C literal: without comments, parameters by their place in the header. */
static void c_sql(struct buf *b, const struct query *q)
{
	const char *end = q->lite + strlen(q->lite), *p = q->lite;
	struct token t, blank = { T_END, p, 0 };
	bool first = true;

	while ((t = token_next(&p, end)).kind != T_END && !token_is(&t, ";")) {
		if (t.kind == T_BLANK || t.kind == T_COMMENT) {
			if (blank.kind == T_END || memchr(t.p, '\n', t.n))
				blank = t;
			continue;
		}
		if (!first && blank.kind != T_END)
			buf_str(b, memchr(blank.p, '\n', blank.n) ? " \"\n\t\t\"" : " ");
		if (t.kind == T_PARAM)
			buf_printf(b, "?%d", param_place(q, &t));
		else
			c_escaped(b, t.p, t.n);
		first = false;
		blank.kind = T_END;
	}
}

static void c_param(struct buf *b, const struct typed *k)
{
	static const char *const types[] = { "int64_t ", "double ", "const char *", "struct bytes " };
	static const char *const or_null[] = { "const int64_t *", "const double *", "const char *",
		"struct bytes " };

	buf_printf(b, "%s%s%s", k->or_null ? or_null[k->type] : types[k->type], k->name,
		   is_taken(k->name, strlen(k->name), false) ? "_" : "");
}

static void c_prototype(struct buf *b, const struct query *q)
{
	const char *n = q->name;

	buf_printf(b, "bool %s(struct %s", n, q->read_only ? "db *db" : "tx *tx");
	if (q->card != EXEC && q->card != EACH)
		buf_str(b, ", struct arena *a");
	for (int i = 0; i < q->nparams; i++) {
		buf_str(b, ", ");
		c_param(b, &q->params[i]);
	}
	buf_str(b, ",\n\t\t");
	switch (q->card) {
	case EXEC:  buf_str(b, "int64_t *changed"); break;
	case ONE:   buf_printf(b, "struct %s_row *out", n); break;
	case MAYBE: buf_printf(b, "struct %s_row *out, bool *found", n); break;
	case MANY:  buf_printf(b, "struct %s_row **rows, size_t *n", n); break;
	case EACH:
		buf_printf(b, "bool (*row)(const struct %s_row *, void *arg, struct err *), "
			   "void *arg", n);
	}
	buf_str(b, ", struct err *e)");
}

static void c_row(struct buf *h, const struct query *q)
{
	static const char *const types[] = { "int64_t ", "double ", "const char *", "struct bytes " };

	if (!q->ncolumns)
		return;
	buf_printf(h, "struct %s_row {\n", q->name);
	for (int i = 0; i < q->ncolumns; i++) {
		const struct typed *k = &q->columns[i];

		buf_printf(h, "\t%s%s;%s\n", types[k->type], k->name,
			   k->or_null && k->type > REAL ? "\t/* or NULL */" : "");
	}
	for (int i = 0; i < q->ncolumns; i++) {
		if (q->columns[i].or_null && q->columns[i].type <= REAL)
			buf_printf(h, "\tbool %s_null;\n", q->columns[i].name);
	}
	buf_str(h, "};\n");
}

/* The tables and the constant that query_exec and the others read. */
static void c_constant(struct buf *b, const struct query *q)
{
	static const char *const types[] = { "Q_INT", "Q_REAL", "Q_TEXT", "Q_BLOB" };

	if (q->nparams)
		buf_printf(b, "static const enum query_type %s_PARAMS[] = {", q->name);
	for (int i = 0; i < q->nparams; i++)
		buf_printf(b, "%s %s%s", i ? "," : "", types[q->params[i].type],
			   q->params[i].or_null && q->params[i].type <= REAL ? "_OR_NULL" : "");
	buf_str(b, q->nparams ? " };\n" : "");
	if (q->ncolumns)
		buf_printf(b, "static const struct query_column %s_COLUMNS[] = {\n", q->name);
	for (int i = 0; i < q->ncolumns; i++) {
		const struct typed *k = &q->columns[i];

		buf_printf(b, "\t{ %s, %s, offsetof(struct %s_row, %s), ", types[k->type],
			   k->or_null ? "true" : "false", q->name, k->name);
		if (k->or_null && k->type <= REAL)
			buf_printf(b, "offsetof(struct %s_row, %s_null) },\n", q->name, k->name);
		else
			buf_str(b, "0 },\n");
	}
	buf_str(b, q->ncolumns ? "};\n" : "");
	buf_printf(b, "static const struct query %s_QUERY = {\n\t\"%s\",\n\t\t\"", q->name, q->name);
	c_sql(b, q);
	buf_printf(b, "\",\n\t%s%s, %d, %s%s, %d, ", q->nparams ? q->name : "NULL",
		   q->nparams ? "_PARAMS" : "", q->nparams, q->ncolumns ? q->name : "NULL",
		   q->ncolumns ? "_COLUMNS" : "", q->ncolumns);
	if (q->ncolumns)
		buf_printf(b, "sizeof(struct %s_row), ", q->name);
	else
		buf_str(b, "0, ");
	if (q->read_only)
		buf_str(b, "true, NULL,\n};\n");
	else
		buf_printf(b, "false, \"%s\",\n};\n", q->table);
}

static void c_values(struct buf *b, const struct query *q)
{
	static const char *const members[] = { "i", "r", "text", "blob" };

	if (!q->nparams)
		return;
	buf_str(b, "\tconst union query_value v[] = {\n");
	for (int i = 0; i < q->nparams; i++) {
		const struct typed *k = &q->params[i];

		buf_printf(b, "\t\t{ .%s%s = %s%s },\n", members[k->type],
			   k->or_null && k->type <= REAL ? "_or_null" : "", k->name,
			   is_taken(k->name, strlen(k->name), false) ? "_" : "");
	}
	buf_str(b, "\t};\n");
}

/* `each`: what is called back gets its own row type. */
static void c_caller(struct buf *b, const struct query *q)
{
	const char *n = q->name;

	buf_printf(b, "struct %s_CALL {\n\tbool (*row)(const struct %s_row *, void *, struct err *);\n"
		   "\tvoid *arg;\n};\n\n", n, n);
	buf_printf(b, "static bool %s_EACH(const void *row, void *arg, struct err *e)\n{\n"
		   "\tconst struct %s_CALL *p = arg;\n\n\treturn p->row(row, p->arg, e);\n}\n\n", n, n);
}

static void c_body(struct buf *b, const struct query *q)
{
	const char *n = q->name, *v = q->nparams ? "v" : "NULL";
	const char *db = q->read_only ? "db" : "tx_db(tx)";

	switch (q->card) {
	case EXEC:
		buf_printf(b, "\treturn query_exec(tx, &%s_QUERY, %s, changed, e);\n", n, v);
		break;
	case ONE:
	case MAYBE:
		buf_printf(b, "\treturn query_one(%s, a, &%s_QUERY, %s, out, %s, e);\n", db, n, v,
			   q->card == ONE ? "NULL" : "found");
		break;
	case MANY:
		buf_printf(b, "\tvoid *p = NULL;\n\n\t*rows = NULL;\n"
			   "\tif (!query_many(%s, a, &%s_QUERY, %s, &p, n, e))\n\t\treturn false;\n"
			   "\t*rows = p;\n\treturn true;\n", db, n, v);
		break;
	case EACH:
		buf_printf(b, "\tstruct %s_CALL p = { row, arg };\n\n"
			   "\treturn query_each(%s, &%s_QUERY, %s, %s_EACH, &p, e);\n", n, db, n, v, n);
	}
}

static void emit_c_begin(struct gen *g, const char *in, const char *header)
{
	buf_printf(&g->h, "/* generated from %s by tools/sqlgen: do not edit */\n#pragma once\n\n"
		   "#include \"store/db.h\"\n", in);
	buf_printf(&g->c, "/* generated from %s by tools/sqlgen: do not edit */\n"
		   "#include \"%s\"\n\n#include <stddef.h>\n", in, header);
}

static void emit_c(struct gen *g, const struct query *q)
{
	buf_printf(&g->h, "\n/* %s:%ld, %s */\n", g->file, q->line,
		   q->read_only ? "only reads" : "writes");
	c_row(&g->h, q);
	c_prototype(&g->h, q);
	buf_str(&g->h, ";\n");

	buf_char(&g->c, '\n');
	c_constant(&g->c, q);
	buf_char(&g->c, '\n');
	if (q->card == EACH)
		c_caller(&g->c, q);
	c_prototype(&g->c, q);
	buf_str(&g->c, "\n{\n");
	c_values(&g->c, q);
	c_body(&g->c, q);
	buf_str(&g->c, "}\n");
}
