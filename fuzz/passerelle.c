/* floor: 440 edges */
/* Any bytes are the description of a gateway, or are refused in words; what is described
 * makes a question that stays one question, and takes any answer. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/passerelle.h"

static void check_ask(const struct http_ask *k)
{
	if (!k->url || (strcmp(k->method, "GET") && strcmp(k->method, "POST")))
		abort();
	if (k->body && strlen(k->body) != k->body_size)
		abort();
	for (size_t i = 0; i < k->nfields; i++) {
		if (!k->fields[i].name || !k->fields[i].value)
			abort();
	}
}

static void use(const struct passerelle *p, struct arena *a, const char *text, size_t n)
{
	const char *values[16];
	struct passerelle_valeurs v = { .reglages = values, .to = "+33612345678",
		.text = "l'été « ê »\r\n&?=#%", .sender = "", .id = "id", .jeton = "jeton",
		.retour = "https://aide.exemple.fr" };
	struct http_answer answer = { .status = 200, .body = text, .size = n, .type = "" };
	struct passerelle_verdict verdict;
	struct http_ask ask;
	struct err e = { 0 };
	size_t settings;

	passerelle_reglages(p, &settings);
	for (size_t i = 0; i < 16; i++)
		values[i] = "a\r\nb c&d/é\"";
	if (settings <= 16 && passerelle_ask(p, &v, a, &ask, &e))
		check_ask(&ask);
	passerelle_judge(p, &answer, a, &verdict);
	if (verdict.id_distant && strpbrk(verdict.id_distant, "\r\n "))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	CLEANUP(arena_free) struct arena a = arena_new(4 << 20);
	CLEANUP(passerelle_close) struct passerelle *k = NULL;
	struct err e = { 0 };
	char *text = malloc(n + 1);

	if (!text)
		return 0;
	memcpy(text, p, n);
	text[n] = '\0';
	if (passerelle_read(&a, "fuzz.json", text, n, &k, &e))
		use(k, &a, text, n);
	else if (!e.msg[0])
		abort();
	free(text);
	return 0;
}
