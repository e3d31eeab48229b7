/* floor: 400 edges */
/*
 * A survey and its margins, whatever they are: refused with words, or raked so that the
 * margins are held.  A case is a JSON survey, or margins, a line "--", and a CSV survey.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "observe/enquete.h"
#include "observe/marges.h"

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void whole(const struct enquete *q)
{
	must(q->n > 0 && q->nresultats <= ENQUETE_RESULTATS && q->nstrates <= q->n);
	for (size_t i = 0; i < q->n; i++)
		must(q->groupes[i] < q->plan.ngroupes && q->reponses[i] < q->nresultats
		     && q->strates[i] < q->nstrates && q->poids[i] >= 0);
}

static void rake(struct arena *a, const struct enquete *q, const struct marges *m)
{
	double *depart = NEW_ARRAY(a, q->plan.ngroupes, double);
	double *poids = NEW_ARRAY(a, q->plan.ngroupes, double), all = 0, sum = 0;
	struct calage_bilan b;
	struct err e = { 0 };

	if (!m->n || !depart || !poids)
		return;
	for (size_t i = 0; i < q->n; i++)
		depart[q->groupes[i]] += q->poids[i];
	if (!calage_rake(&q->plan, depart, m->valeurs, poids, NULL, NULL, &b, &e)) {
		must(e.msg[0]);
		return;
	}
	for (size_t k = 0; k < q->plan.variables[0].n; k++)
		all += m->valeurs[k];
	for (size_t g = 0; g < q->plan.ngroupes; g++)
		sum += poids[g];
	must(fabs(sum - all) <= 1e-5 * (1 + all));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const struct enquete_colonnes columns = { .resultat = "resultat" };
	char *text = malloc(n ? n : 1);
	struct arena a = arena_new(64 << 20);
	const char *cut;
	struct enquete *q;
	struct marges *m;
	struct err e = { 0 };

	must(text != NULL);
	if (n)
		memcpy(text, p, n);
	cut = memmem(text, n, "\n--\n", 4);
	if (!cut) {
		if (enquete_json_text(&a, "f.json", text, n, &q, &e))
			whole(q);
		else
			must(e.msg[0]);
	} else if (marges_read_text(&a, "m.csv", text, (size_t)(cut - text), &m, &e)
		   && enquete_csv_text(&a, "f.csv", cut + 4, n - (size_t)(cut + 4 - text), &columns,
				       m->variables, m->nvariables, &q, &e)) {
		whole(q);
		if (!m->indicateurs)
			rake(&a, q, m);
	} else {
		must(e.msg[0]);
	}
	arena_free(&a);
	free(text);
	return 0;
}
