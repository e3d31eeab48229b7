/* What an expression is worth, given answers.  Cannot fail. */
#include "detect/expression_node.h"

#include <math.h>

/* Share of the pairs of things that stand in the right order (Kendall): 0 to 1. */
static double order_value(const struct expression_item *it, const struct reponse *r)
{
	int n = __builtin_popcountll(r->choix), good = 0, all = 0;

	if (!it->has_juste || n != it->noptions || n < 2)
		return NAN;
	for (int i = 0; i < n; i++) {
		for (int k = i + 1; k < n; k++) {
			int first = (int)(it->juste >> 4 * i & 15);
			int then = (int)(it->juste >> 4 * k & 15);

			all++;
			good += reponse_rang(r, first) < reponse_rang(r, then);
		}
	}
	return (double)good / all;
}

double reponse_valeur(const struct expression_item *it, const struct reponse *r)
{
	double sum = 0;

	if (r->etat != REPONDU)
		return NAN;
	if (it->of == OF_NUMBER)
		return r->nombre;
	if (it->of == OF_ORDER)
		return order_value(it, r);
	if (!it->values)
		return NAN;
	for (uint64_t left = r->choix; left; left &= left - 1)
		sum += it->values[__builtin_ctzll(left)];
	return sum;
}

double reponse_rang(const struct reponse *r, int option)
{
	int n = __builtin_popcountll(r->choix);

	for (int i = 0; r->etat == REPONDU && i < n && i < ORDRE_OPTIONS; i++) {
		if ((int)(r->ordre >> 4 * i & 15) == option)
			return i + 1;
	}
	return NAN;
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
		return reponse_valeur(&x->scope->items[n->a], &v->items[n->a]);
	case OP_COUNT:
		return v->items[n->a].etat == REPONDU
			? (double)__builtin_popcountll(v->items[n->a].choix) : (double)NAN;
	case OP_RANK:
		return reponse_rang(&v->items[n->a], n->b);
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
	case OP_KNOWN:
		return !isnan(v->scores[n->a]);
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

void expression_numbers(const struct expression *x,
			void (*see)(int item, double number, void *arg), void *arg)
{
	for (int i = 0; i < x->nnodes; i++) {
		for (int k = 0; k < x->nnodes; k++) {
			if (x->nodes[i].op == OP_VALUE && x->nodes[k].op == OP_NUMBER)
				see(x->nodes[i].a, x->nodes[k].number, arg);
		}
	}
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
