/* floor: 220 edges */
/* Any text is refused with its column, or gives a value whatever the answers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/expression.h"

static const char *const options[] = { "x", "y", "z" };
static const double values[] = { 0, 1.5, -3 };
static const struct expression_item items[] = {
	{ .name = "a", .options = options, .values = values, .noptions = 3 },
	{ .name = "b", .options = options, .noptions = 3 },
	{ .name = "n", .of = OF_NUMBER },
	{ .name = "o", .options = options, .noptions = 3, .of = OF_ORDER, .juste = 0x210,
	  .has_juste = true },
};
static const char *const scores[] = { "s" };
static const struct expression_scope scope = { items, 4, scores, 1 };

static void evaluate(const struct expression *c, const struct expression *n)
{
	for (int k = 0; k < 64; k++) {
		const enum reponse_etat one = (enum reponse_etat)(k & 3);
		const enum reponse_etat two = (enum reponse_etat)(k >> 2 & 3);
		const struct reponse r[4] = { { .etat = one, .choix = (uint64_t)k >> 3 },
			{ .etat = two, .choix = 1 }, { .etat = one, .nombre = k - 30 },
			{ .etat = two, .choix = 7, .ordre = k & 16 ? 0x210 : 0x021 } };
		const double s[] = { k & 1 ? 0.0 / 0.0 : k };
		const struct expression_values v = { r, s };
		uint64_t named[4] = { 0 };

		if (c) {
			expression_holds(c, &v);
			expression_names(c, named);
		}
		if (n)
			expression_number(n, &v);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = malloc(n + 1);
	struct arena a = arena_new(1 << 20);
	struct err e = { 0 };
	const struct expression *c, *x;

	if (!text)
		abort();
	if (n)
		memcpy(text, p, n);
	text[n] = '\0';
	c = expression_read(&a, text, EXPRESSION_CONDITION, &scope, &e);
	if (!c && (e.kind != E_INPUT || !e.msg[0]))
		abort();
	x = expression_read(&a, text, EXPRESSION_NUMBER, &scope, &e);
	if (c && x)
		abort();                /* a text is a condition or a number, never both */
	evaluate(c, x);
	arena_free(&a);
	free(text);
	return 0;
}
