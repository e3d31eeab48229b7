/* floor: 200 edges */
/* A line of answers: read in one pass or the long way, it says the same, or is refused. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/score_lot.h"

static const struct instrument *shipped(void)
{
	static const struct instrument *in;
	static struct arena a;
	struct err e = { 0 };

	if (in)
		return in;
	a = arena_new(16 << 20);
	if (!instrument_open(&a, "enquete_observatoire", &in, &e))
		abort();
	return in;
}

/* What was read in one pass is written the same when it is read by jansson. */
static void compare(struct arena *a, const struct instrument *in, const char *p, size_t n,
		    const struct reponse *fast)
{
	json_t *root = NULL;
	struct reponse *slow;
	struct err e = { 0 };

	if (!json_read(p, n, &root, &e))
		abort();
	json_object_del(root, "id");
	if (!reponses_read(a, in, root, &slow, &e))
		abort();
	for (int i = 0; i < in->nitems; i++) {
		if (fast[i].etat != slow[i].etat || (fast[i].etat == REPONDU
		    && (fast[i].choix != slow[i].choix || fast[i].ordre != slow[i].ordre)))
			abort();
	}
	json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct instrument *in = shipped();
	struct arena a = arena_new(8 << 20);
	char *text = malloc(n ? n : 1);
	struct reponse r[INSTRUMENT_ITEMS];
	const char *id;
	size_t id_n;
	struct err e = { 0 };

	if (!text)
		abort();
	if (n)
		memcpy(text, p, n);
	if (lot_line(&a, in, text, n, r, &id, &id_n, &e))
		compare(&a, in, text, n, r);
	else if (!e.msg[0])
		abort();
	arena_free(&a);
	free(text);
	return 0;
}
