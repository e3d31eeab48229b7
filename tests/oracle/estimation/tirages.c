/* tirages DIR N: the replicate weights of DIR/enquete.csv, a replicate a line. */
#include <stdio.h>
#include <stdlib.h>

#include "observe/estimation.h"

int main(int argc, char **argv)
{
	struct arena a = arena_new(1 << 30);
	struct enquete_colonnes columns = { .resultat = "pauvre", .poids = "w", .strate = "region" };
	struct enquete *q;
	struct marges *m;
	struct err e;
	double *w;

	if (argc < 3
	    || !marges_read(&a, arena_cat(&a, argv[1], "/marges.csv", NULL), &m, &e)
	    || !enquete_csv(&a, arena_cat(&a, argv[1], "/enquete.csv", NULL), &columns, m->variables,
			    m->nvariables, &q, &e)
	    || !(w = NEW_ARRAY(&a, q->n, double))) {
		fprintf(stderr, "tirages: %s\n", argc < 3 ? "DIR N" : e.msg);
		return 2;
	}
	for (int t = 1; t <= strtol(argv[2], NULL, 10); t++) {
		if (!estimation_tirage(&a, q, 1, t, w))
			return 1;
		for (size_t i = 0; i < q->n; i++)
			printf("%.17g%c", w[i], i + 1 < q->n ? ' ' : '\n');
	}
	arena_free(&a);
	return 0;
}
