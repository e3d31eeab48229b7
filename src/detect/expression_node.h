/* Inside expressions: the tree that reading makes and evaluation walks. */
#pragma once

#include "detect/expression.h"

enum op {
	OP_NUMBER, OP_TRUE, OP_FALSE,
	OP_OR, OP_AND, OP_NOT,
	OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE,       /* of two numbers */
	OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_NEG,
	OP_IS, OP_IS_NOT,                               /* an item and a set of options */
	OP_STATE,                                       /* an item and an etat */
	OP_VALUE, OP_COUNT, OP_RANK,                    /* of an item (and an option) */
	OP_SCORE, OP_KNOWN,
	OP_ITEM,                                        /* while reading only: a bare name */
};

struct node {
	enum op op;
	int a, b;               /* operands; or the item, and the etat; or the score */
	uint64_t options;
	double number;
};

struct expression {
	const struct expression_scope *scope;
	int nnodes, root;
	const struct node *nodes;
};
