/* sqlgen reads `-- name: NAME(type param, ...) cardinality`. */
#pragma once

struct cursor {
	const char *p, *end;
};

static void skip_blanks(struct cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\r'))
		c->p++;
}

/* A word of lower case, digits, _ and an ending ?; its length in *n. */
static const char *read_word(struct cursor *c, size_t *n)
{
	const char *start;

	skip_blanks(c);
	start = c->p;
	while (c->p < c->end && (word_char(*c->p) || *c->p == '?'))
		c->p++;
	*n = (size_t)(c->p - start);
	return start;
}

static bool read_mark(struct cursor *c, char mark)
{
	skip_blanks(c);
	if (c->p == c->end || *c->p != mark)
		return false;
	c->p++;
	return true;
}

static int find_typed(const struct typed *list, int n, const char *name, size_t len)
{
	for (int i = 0; i < n; i++) {
		if (strlen(list[i].name) == len && memcmp(list[i].name, name, len) == 0)
			return i;
	}
	return -1;
}

/* Place of the parameter `:name` in the header, from 1; 0 when it is not there. */
static int param_place(const struct query *q, const struct token *t)
{
	return 1 + find_typed(q->params, q->nparams, t->p + 1, t->n - 1);
}

static bool read_param(struct gen *g, struct query *q, struct cursor *c)
{
	struct typed *p = &q->params[q->nparams];
	const char *type, *name;
	size_t ntype, nname;

	if (q->nparams == PARAMS_MOST)
		return wrong(g, q->line, "%s has more than %d parameters", q->name, PARAMS_MOST);
	type = read_word(c, &ntype);
	name = read_word(c, &nname);
	p->type = type_read(type, ntype, &p->or_null);
	if (p->type == NOTHING)
		return wrong(g, q->line, "'%.*s' is no parameter type: int, real, text, blob, "
			     "int? or real?", (int)ntype, type);
	if (!good_name(name, nname))
		return wrong(g, q->line, "'%.*s' is no parameter name: write '%.*s name' in "
			     "lower case", (int)nname, name, (int)ntype, type);
	if (find_typed(q->params, q->nparams, name, nname) >= 0)
		return wrong(g, q->line, "parameter %.*s is declared twice", (int)nname, name);
	memcpy(p->name, name, nname);
	p->name[nname] = '\0';
	q->nparams++;
	return true;
}

static bool read_cardinality(struct gen *g, struct query *q, struct cursor *c)
{
	size_t n;
	const char *word = read_word(c, &n);

	for (enum cardinality k = EXEC; k <= EACH; k++) {
		if (strlen(card_names[k]) == n && memcmp(card_names[k], word, n) == 0) {
			q->card = k;
			skip_blanks(c);
			if (c->p < c->end)
				return wrong(g, q->line, "nothing may follow '%s'", card_names[k]);
			return true;
		}
	}
	return wrong(g, q->line, "say how many rows %s gives after the parameters: exec, one, "
		     "maybe, many or each", q->name);
}

static bool read_header(struct gen *g, struct query *q, struct cursor c)
{
	size_t n;
	const char *name = read_word(&c, &n);

	if (!good_name(name, n) || is_taken(name, n, true))
		return wrong(g, q->line, "'%.*s' is no query name: lower case letters, digits and "
			     "_, at most %d", (int)n, name, NAME_MOST);
	memcpy(q->name, name, n);
	if (!read_mark(&c, '('))
		return wrong(g, q->line, "write the parameters after the name: %s(text id) one, "
			     "or %s() many", q->name, q->name);
	while (!read_mark(&c, ')')) {
		if (q->nparams && !read_mark(&c, ','))
			return wrong(g, q->line, "a comma or ) is missing after parameter %s",
				     q->params[q->nparams - 1].name);
		if (!read_param(g, q, &c))
			return false;
	}
	return read_cardinality(g, q, &c);
}
