/* instruments_bench INSTRUMENT N: seconds to score N questionnaires that are read already. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "detect/instrument.h"

enum { READ = 1000 };

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t draw(uint64_t *s)
{
	*s = *s * 6364136223846793005u + 1442695040888963407u;
	return *s >> 33;
}

int main(int argc, char **argv)
{
	struct arena a = arena_new(64 << 20);
	const struct instrument *in;
	struct err e = { 0 };
	struct reponse *r;
	uint64_t s = 1, classes = 0;
	long n = argc > 2 ? strtol(argv[2], NULL, 10) : 1000000;
	double began;

	if (argc < 2 || !instrument_open(&a, argv[1], &in, &e)) {
		fprintf(stderr, "%s\n", e.msg);
		return 1;
	}
	r = NEW_ARRAY(&a, READ * (size_t)in->nitems, struct reponse);
	for (int i = 0; i < READ * in->nitems; i++) {
		int options = in->items[i % in->nitems].noptions;

		r[i].etat = draw(&s) % 10 ? REPONDU : (enum reponse_etat)(draw(&s) % 4);
		r[i].choix = options ? 1ull << draw(&s) % (uint64_t)options : 0;
	}
	began = seconds();
	for (long i = 0; i < n; i++) {
		struct diagnostic d;

		instrument_classify(in, r + i % READ * in->nitems, &d);
		classes += (uint64_t)(d.classe + 1);
	}
	printf("%.3f\n", seconds() - began);
	fprintf(stderr, "%" PRIu64 "\n", classes);
	arena_free(&a);
	return 0;
}
