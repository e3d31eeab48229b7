/* From text to a tree, types checked.  One function per rule of the grammar. */
#include "detect/expression_node.h"

#include <stdlib.h>
#include <string.h>

enum kind { KIND_CONDITION, KIND_NUMBER, KIND_ITEM };

struct reading {
	const char *text, *p;
	const struct expression_scope *scope;
	struct node nodes[EXPRESSION_NODES];
	int n, depth;
	struct err *e;
};

struct part {                   /* what a rule of the grammar has read; node -1: it failed */
	int node;
	enum kind kind;
	const char *at;
};

static const struct part nothing = { -1, KIND_CONDITION, NULL };

static struct part read_or(struct reading *r);

static struct part refuse(struct reading *r, const char *at, const char *what)
{
	fail(r->e, E_INPUT, "colonne %d : %s", (int)(at - r->text) + 1, what);
	return nothing;
}

static struct part refuse_name(struct reading *r, const char *at, const char *what,
			       const char *name, size_t n)
{
	fail(r->e, E_INPUT, "colonne %d : %s « %.*s »", (int)(at - r->text) + 1, what,
	     (int)(n > 60 ? 60 : n), name);
	return nothing;
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
		|| c == '_';
}

static void skip_space(struct reading *r)
{
	while (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r')
		r->p++;
}

static size_t name_length(const char *p)
{
	size_t n = 0;

	while (is_name(p[n]))
		n++;
	return n;
}

static bool take_word(struct reading *r, const char *word)
{
	size_t n = strlen(word);

	skip_space(r);
	if (name_length(r->p) != n || memcmp(r->p, word, n) != 0)
		return false;
	r->p += n;
	return true;
}

static bool take(struct reading *r, const char *mark)
{
	size_t n = strlen(mark);

	skip_space(r);
	if (strncmp(r->p, mark, n) != 0)
		return false;
	r->p += n;
	return true;
}

static struct part made(struct reading *r, const char *at, enum kind kind, struct node node)
{
	if (r->n == EXPRESSION_NODES)
		return refuse(r, at, "l’expression est trop longue");
	r->nodes[r->n] = node;
	return (struct part){ r->n++, kind, at };
}

static bool want(struct reading *r, struct part p, enum kind kind)
{
	if (p.node < 0)
		return false;
	if (p.kind == kind)
		return true;
	if (p.kind == KIND_ITEM)
		refuse(r, p.at, kind == KIND_NUMBER
		       ? "c’est une question, pas un nombre : écrire valeur(...)"
		       : "c’est une question, pas une condition : écrire repondu(...), "
			 "ou comparer avec une option");
	else
		refuse(r, p.at, kind == KIND_NUMBER ? "il faut un nombre ici"
						    : "il faut une condition ici");
	return false;
}

static bool same(const char *name, const char *p, size_t n)
{
	return strlen(name) == n && memcmp(name, p, n) == 0;
}

static int find_item(const struct expression_scope *s, const char *p, size_t n)
{
	for (int i = 0; i < s->nitems; i++) {
		if (same(s->items[i].name, p, n))
			return i;
	}
	return -1;
}

static int find_score(const struct expression_scope *s, const char *p, size_t n)
{
	for (int i = 0; i < s->nscores; i++) {
		if (same(s->scores[i], p, n))
			return i;
	}
	return -1;
}

/* 'option' of an item: adds its bit. */
static bool read_option(struct reading *r, int item, uint64_t *options)
{
	const struct expression_item *it = &r->scope->items[item];
	const char *at, *end;

	skip_space(r);
	at = r->p;
	if (*at != '\'' || !(end = strchr(at + 1, '\''))) {
		refuse(r, at, "il faut une option entre apostrophes : 'smartphone'");
		return false;
	}
	r->p = end + 1;
	for (int i = 0; i < it->noptions; i++) {
		if (same(it->options[i], at + 1, (size_t)(end - at - 1))) {
			*options |= 1ull << i;
			return true;
		}
	}
	fail(r->e, E_INPUT, "colonne %d : « %s » n’a pas d’option '%.*s'",
	     (int)(at - r->text) + 1, it->name,
	     (int)(end - at - 1 > 60 ? 60 : end - at - 1), at + 1);
	return false;
}

/* What may follow an item: = 'x', != 'x', dans ('x', 'y'). */
static struct part read_choice(struct reading *r, struct part item)
{
	struct node n = { .op = OP_IS, .a = r->nodes[item.node].a };

	skip_space(r);
	if (take_word(r, "dans")) {
		if (!take(r, "("))
			return refuse(r, r->p, "il faut une parenthèse après « dans »");
		do {
			if (!read_option(r, n.a, &n.options))
				return nothing;
		} while (take(r, ","));
		if (!take(r, ")"))
			return refuse(r, r->p, "il manque une parenthèse fermante");
	} else {
		if (take(r, "!="))
			n.op = OP_IS_NOT;
		else if (!take(r, "="))
			return item;
		if (!read_option(r, n.a, &n.options))
			return nothing;
	}
	return made(r, item.at, KIND_CONDITION, n);
}

static struct part read_number(struct reading *r)
{
	char digits[40];
	size_t n = strspn(r->p, "0123456789.");
	const char *at = r->p;
	char *end;
	struct node node = { .op = OP_NUMBER };

	if (n >= sizeof digits)
		return refuse(r, at, "ce nombre est trop long");
	memcpy(digits, at, n);
	digits[n] = '\0';
	node.number = strtod(digits, &end);
	if (*end || is_name(at[n]))
		return refuse(r, at, "ce n’est pas un nombre");
	r->p += n;
	return made(r, at, KIND_NUMBER, node);
}

static const struct function {
	const char *name;
	enum op op;
	enum reponse_etat etat;
	enum kind kind;
} functions[] = {
	{ "repondu", OP_STATE, REPONDU, KIND_CONDITION },
	{ "ne_sait_pas", OP_STATE, NE_SAIT_PAS, KIND_CONDITION },
	{ "refuse", OP_STATE, REFUS, KIND_CONDITION },
	{ "sans_reponse", OP_STATE, SANS_REPONSE, KIND_CONDITION },
	{ "valeur", OP_VALUE, 0, KIND_NUMBER },
	{ "compte", OP_COUNT, 0, KIND_NUMBER },
	{ "rang", OP_RANK, 0, KIND_NUMBER },
	{ "score", OP_SCORE, 0, KIND_NUMBER },
	{ "connu", OP_KNOWN, 0, KIND_CONDITION },
	{ 0 },
};

/* The option after the item of rang(). */
static bool read_rank(struct reading *r, int item, int *option)
{
	uint64_t bits = 0;

	if (r->scope->items[item].of != OF_ORDER) {
		refuse_name(r, r->p, "ce n’est pas une question d’ordre :",
			    r->scope->items[item].name, strlen(r->scope->items[item].name));
		return false;
	}
	if (!take(r, ",")) {
		refuse(r, r->p, "il faut une option : rang(question, 'option')");
		return false;
	}
	if (!read_option(r, item, &bits))
		return false;
	*option = __builtin_ctzll(bits);
	return true;
}

static struct part read_call(struct reading *r, const struct function *f, const char *at)
{
	bool of_score = f->op == OP_SCORE || f->op == OP_KNOWN;
	const char *name;
	int found, second = (int)f->etat;
	size_t n;

	if (!take(r, "("))
		return refuse(r, r->p, "il faut une parenthèse après une fonction");
	skip_space(r);
	name = r->p;
	n = name_length(name);
	r->p += n;
	found = of_score ? find_score(r->scope, name, n) : find_item(r->scope, name, n);
	if (found < 0)
		return refuse_name(r, name, of_score
				   ? "aucun score déjà défini ne s’appelle"
				   : "aucune question ne s’appelle", name, n);
	if (f->op == OP_VALUE && !r->scope->items[found].values
	    && r->scope->items[found].of != OF_NUMBER && !r->scope->items[found].has_juste)
		return refuse_name(r, name, "pas de valeur pour", name, n);
	if (f->op == OP_RANK && !read_rank(r, found, &second))
		return nothing;
	if (!take(r, ")"))
		return refuse(r, r->p, "il manque une parenthèse fermante");
	return made(r, at, f->kind, (struct node){ .op = f->op, .a = found, .b = second });
}

static struct part read_name(struct reading *r)
{
	const char *at = r->p;
	size_t n = name_length(at);
	int item;

	r->p += n;
	for (const struct function *f = functions; f->name; f++) {
		if (same(f->name, at, n))
			return read_call(r, f, at);
	}
	if (same("vrai", at, n) || same("faux", at, n))
		return made(r, at, KIND_CONDITION,
			    (struct node){ .op = *at == 'v' ? OP_TRUE : OP_FALSE });
	item = find_item(r->scope, at, n);
	if (item < 0)
		return refuse_name(r, at, "aucune question ne s’appelle", at, n);
	return made(r, at, KIND_ITEM, (struct node){ .op = OP_ITEM, .a = item });
}

static struct part read_atom(struct reading *r)
{
	struct part p;

	skip_space(r);
	if (*r->p >= '0' && *r->p <= '9')
		return read_number(r);
	if (is_name(*r->p)) {
		p = read_name(r);
		return p.node >= 0 && p.kind == KIND_ITEM ? read_choice(r, p) : p;
	}
	if (!take(r, "("))
		return refuse(r, r->p, *r->p ? "il faut une question, un nombre ou une parenthèse"
					     : "l’expression n’est pas finie");
	p = read_or(r);
	if (p.node >= 0 && !take(r, ")"))
		return refuse(r, r->p, "il manque une parenthèse fermante");
	return p;
}

static struct part read_sign(struct reading *r)
{
	const char *at;
	struct part p;

	skip_space(r);
	at = r->p;
	if (!take(r, "-"))
		return read_atom(r);
	if (++r->depth > EXPRESSION_DEPTH)
		return refuse(r, at, "l’expression est trop profonde");
	p = read_sign(r);
	r->depth--;
	return want(r, p, KIND_NUMBER)
		? made(r, at, KIND_NUMBER, (struct node){ .op = OP_NEG, .a = p.node }) : nothing;
}

/* A number that no answer changes, and its value. */
static bool constant(const struct reading *r, int at, double *v)
{
	const struct node *n = &r->nodes[at];
	double left, right;

	if (n->op == OP_NUMBER) {
		*v = n->number;
		return true;
	}
	if (n->op == OP_NEG) {
		bool known = constant(r, n->a, v);

		*v = -*v;
		return known;
	}
	if (n->op != OP_ADD && n->op != OP_SUB && n->op != OP_MUL)
		return false;
	if (!constant(r, n->a, &left) || !constant(r, n->b, &right))
		return false;
	*v = n->op == OP_ADD ? left + right : n->op == OP_SUB ? left - right : left * right;
	return true;
}

static bool divides_by_zero(const struct reading *r, enum op op, int right)
{
	double v = 1;

	return op == OP_DIV && constant(r, right, &v) && v == 0;
}

/* A chain of operands of one kind: a op b op c, from the left. */
static struct part read_chain(struct reading *r, struct part (*operand)(struct reading *),
			      const char *const marks[2], const enum op ops[2],
			      enum kind kind)
{
	struct part left = operand(r), right;

	while (left.node >= 0) {
		int which = 0;
		bool word = is_name(marks[0][0]);

		while (which < 2 && marks[which]
		       && !(word ? take_word(r, marks[which]) : take(r, marks[which])))
			which++;
		if (which == 2 || !marks[which])
			return left;
		if (!want(r, left, kind))
			return nothing;
		right = operand(r);
		if (!want(r, right, kind))
			return nothing;
		if (divides_by_zero(r, ops[which], right.node))
			return refuse(r, right.at, "division par zéro");
		left = made(r, left.at, kind,
			    (struct node){ .op = ops[which], .a = left.node, .b = right.node });
	}
	return left;
}

static struct part read_term(struct reading *r)
{
	static const char *const marks[2] = { "*", "/" };
	static const enum op ops[2] = { OP_MUL, OP_DIV };

	return read_chain(r, read_sign, marks, ops, KIND_NUMBER);
}

static struct part read_sum(struct reading *r)
{
	static const char *const marks[2] = { "+", "-" };
	static const enum op ops[2] = { OP_ADD, OP_SUB };

	return read_chain(r, read_term, marks, ops, KIND_NUMBER);
}

static struct part read_test(struct reading *r)
{
	static const struct { const char *mark; enum op op; } tests[] = {
		{ "!=", OP_NE }, { "<=", OP_LE }, { ">=", OP_GE },
		{ "=", OP_EQ }, { "<", OP_LT }, { ">", OP_GT }, { NULL, 0 },
	};
	struct part left = read_sum(r), right;
	int i = 0;

	if (left.node < 0)
		return nothing;
	while (tests[i].mark && !take(r, tests[i].mark))
		i++;
	if (!tests[i].mark)
		return left;
	if (!want(r, left, KIND_NUMBER))
		return nothing;
	right = read_sum(r);
	if (!want(r, right, KIND_NUMBER))
		return nothing;
	return made(r, left.at, KIND_CONDITION,
		    (struct node){ .op = tests[i].op, .a = left.node, .b = right.node });
}

static struct part read_not(struct reading *r)
{
	const char *at;
	struct part p;

	skip_space(r);
	at = r->p;
	if (!take_word(r, "non"))
		return read_test(r);
	if (++r->depth > EXPRESSION_DEPTH)
		return refuse(r, at, "l’expression est trop profonde");
	p = read_not(r);
	r->depth--;
	return want(r, p, KIND_CONDITION)
		? made(r, at, KIND_CONDITION, (struct node){ .op = OP_NOT, .a = p.node })
		: nothing;
}

static struct part read_and(struct reading *r)
{
	static const char *const marks[2] = { "et", NULL };
	static const enum op ops[2] = { OP_AND, OP_AND };

	return read_chain(r, read_not, marks, ops, KIND_CONDITION);
}

static struct part read_or(struct reading *r)
{
	static const char *const marks[2] = { "ou", NULL };
	static const enum op ops[2] = { OP_OR, OP_OR };
	struct part p;

	if (++r->depth > EXPRESSION_DEPTH)
		return refuse(r, r->p, "l’expression est trop profonde");
	p = read_chain(r, read_and, marks, ops, KIND_CONDITION);
	r->depth--;
	return p;
}

const struct expression *expression_read(struct arena *a, const char *text,
					 enum expression_type type,
					 const struct expression_scope *scope,
					 struct err *e)
{
	struct reading r = { .text = text, .p = text, .scope = scope, .e = e };
	struct expression *x;
	struct node *nodes;
	struct part p;

	if (strlen(text) > EXPRESSION_TEXT) {
		fail(e, E_INPUT, "l’expression dépasse %d caractères", EXPRESSION_TEXT);
		return NULL;
	}
	p = read_or(&r);
	if (!want(&r, p, type == EXPRESSION_NUMBER ? KIND_NUMBER : KIND_CONDITION))
		return NULL;
	skip_space(&r);
	if (*r.p) {
		refuse(&r, r.p, "ce qui suit n’est pas compris");
		return NULL;
	}
	x = NEW(a, struct expression);
	nodes = NEW_ARRAY(a, (size_t)r.n, struct node);
	if (!x || !nodes) {
		arena_refuse(a, e);
		return NULL;
	}
	memcpy(nodes, r.nodes, (size_t)r.n * sizeof *nodes);
	*x = (struct expression){ scope, r.n, p.node, nodes };
	return x;
}
