/* What an expression is worth, given answers.  Cannot fail. */
#include "detect/expression_node.h"

#include <math.h>

static double item_value(const struct expression_item *it, const struct reponse *r)
{
	double sum = 0;

	if (r->etat != REPONDU)
		return NAN;
	for (int i = 0; i < it->noptions; i++) {
		if (r->choix >> i & 1)
			sum += it->values[i];
	}
	return sum;
}

static double number_of(const struct expression *x, int at, const struct expression_values *v)
{
	const struct node *n = &x->nodes[at];
	double left, right;

	switch (n->op) {
	case OP_NUMBER:
		return n->number;
	case OP_NEG:
		return -number_of(x, n->a, v);
	case OP_VALUE:
		return item_value(&x->scope->items[n->a], &v->items[n->a]);
	case OP_COUNT:
		return v->items[n->a].etat == REPONDU
			? (double)__builtin_popcountll(v->items[n->a].choix) : (double)NAN;
	case OP_SCORE:
		return v->scores[n->a];
	default:
		break;
	}
	left = number_of(x, n->a, v);
	right = number_of(x, n->b, v);
	switch (n->op) {
	case OP_ADD: return left + right;
	case OP_SUB: return left - right;
	case OP_MUL: return left * right;
	default:     return right == 0 ? NAN : left / right;
	}
}

static bool compare(enum op op, double left, double right)
{
	if (isnan(left) || isnan(right))
		return false;
	switch (op) {
	case OP_EQ: return left == right;
	case OP_NE: return left != right;
	case OP_LT: return left < right;
	case OP_LE: return left <= right;
	case OP_GT: return left > right;
	default:    return left >= right;
	}
}

static bool condition(const struct expression *x, int at, const struct expression_values *v)
{
	const struct node *n = &x->nodes[at];
	const struct reponse *r;

	switch (n->op) {
	case OP_TRUE:
		return true;
	case OP_FALSE:
		return false;
	case OP_OR:
		return condition(x, n->a, v) || condition(x, n->b, v);
	case OP_AND:
		return condition(x, n->a, v) && condition(x, n->b, v);
	case OP_NOT:
		return !condition(x, n->a, v);
	case OP_STATE:
		return v->items[n->a].etat == (enum reponse_etat)n->b;
	case OP_IS:
	case OP_IS_NOT:
		r = &v->items[n->a];
		return r->etat == REPONDU
			&& ((r->choix & n->options) != 0) == (n->op == OP_IS);
	default:
		return compare(n->op, number_of(x, n->a, v), number_of(x, n->b, v));
	}
}

bool expression_holds(const struct expression *x, const struct expression_values *v)
{
	return condition(x, x->root, v);
}

double expression_number(const struct expression *x, const struct expression_values *v)
{
	return number_of(x, x->root, v);
}

void expression_names(const struct expression *x, uint64_t *named)
{
	for (int i = 0; i < x->nnodes; i++) {
		const struct node *n = &x->nodes[i];

		if (n->op == OP_IS || n->op == OP_IS_NOT)
			named[n->a] |= n->options;
		else if (n->op == OP_VALUE)
			named[n->a] |= ~0ull >> 4;
		else if (n->op == OP_STATE && n->b != REPONDU)
			named[n->a] |= EXPRESSION_STATES;
	}
}
