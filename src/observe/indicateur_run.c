/* What every reader of an import does with rows, codes, years and indicators. */
#include "observe/indicateur_run.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/command.h"

enum { BAR = 1000, BAR_EVERY = 1024 };

bool run_refuse(struct run *r, struct err *e, const char *what, const char *todo)
{
	fail(e, E_INPUT, "%s", what);
	hint(e, "%s", todo);
	return fail_at(e, r->name, 0);
}

bool run_next(struct run *r, struct csv_row *row, struct err *e)
{
	if (!csv_next(r->t.csv, row, e))
		return false;
	if (r->ask->progress && !(r->out->lus & (BAR_EVERY - 1)))
		progress(r->name, (size_t)(csv_progress(r->t.csv) * BAR), BAR);
	r->out->lus++;
	return true;
}

bool run_code(struct run *r, const struct csv_row *row, int column, enum niveau n,
	      struct code_lu *out)
{
	const char *text = cellule(row, column);
	const char *name = (size_t)column < r->t.n ? r->t.names[column] : "code";

	if (!annuaire_code(&r->annuaire, n, text, out)) {
		r->notes.sans_histoire += out->sans_histoire;
		return note_refus(&r->notes, row->line, name, text, "%s", out->why);
	}
	r->notes.sans_histoire += out->sans_histoire;
	if (out->repare) {
		r->notes.repares++;
		note_ligne(&r->notes, row->line, name, text, "corrigé",
			   "le zéro de tête était perdu : %s", out->code);
	}
	if (out->reporte) {
		r->notes.reportes++;
		note_ligne(&r->notes, row->line, name, text, "reporté",
			   out->n > 1 ? "commune partagée entre %s et d'autres"
			   : "commune d'avant, aujourd'hui %s",
			   r->annuaire.reperes[out->vers[0]].code);
	}
	return true;
}

bool run_rows(struct run *r, const struct code_lu *c, size_t rows[ARRIVEES], struct err *e)
{
	int n = c->niveau == N_IRIS || !c->n ? 1 : c->n;

	for (int i = 0; i < n; i++) {
		int32_t at = c->n ? c->vers[i] : -1;

		if (c->niveau == N_IRIS || !c->n)
			rows[i] = stage_find(&r->stage, c->niveau, c->code, at);
		else
			rows[i] = stage_find(&r->stage,
					     (enum niveau)r->annuaire.reperes[at].niveau,
					     r->annuaire.reperes[at].code, at);
		if (rows[i] == SIZE_MAX)
			return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
		r->stage.rows[rows[i]].lu = true;
	}
	return true;
}

/* Code, level, year and measure in 64 bits, exactly: a code has at most 9 letters or digits. */
static uint64_t packed(const struct code_lu *c, int annee, size_t measure)
{
	uint64_t v = 0;

	for (const char *p = c->code; *p; p++)
		v = v * 37 + (uint64_t)(isdigit((unsigned char)*p) ? *p - '0' + 1
				      : toupper((unsigned char)*p) % 26 + 11);
	/* years of figures fit in 7 bits from 1980; older ones share the first */
	v = v * 8 + (uint64_t)c->niveau;
	v = v * 128 + (uint64_t)(annee > 1980 && annee < 2107 ? annee - 1980 : 0);
	return v * 64 + measure % 64 + 1;
}

static void seen_put(uint64_t *table, size_t room, uint64_t v)
{
	size_t i = (size_t)(v * 0x9e3779b97f4a7c15u >> 20) & (room - 1);

	while (table[i])
		i = (i + 1) & (room - 1);
	table[i] = v;
}

static bool seen_grow(struct run *r)
{
	size_t room = r->seen_room ? r->seen_room * 2 : 4096;
	uint64_t *table = calloc(room, sizeof *table);

	if (!table)
		return false;
	for (size_t i = 0; i < r->seen_room; i++) {
		if (r->seen[i])
			seen_put(table, room, r->seen[i]);
	}
	free(r->seen);
	r->seen = table;
	r->seen_room = room;
	return true;
}

bool run_is_new(struct run *r, const struct code_lu *c, int annee, size_t measure,
		bool *is_new, struct err *e)
{
	uint64_t v = packed(c, annee, measure);
	size_t i;

	if (r->nseen * 2 >= r->seen_room && !seen_grow(r))
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	i = (size_t)(v * 0x9e3779b97f4a7c15u >> 20) & (r->seen_room - 1);
	while (r->seen[i] && r->seen[i] != v)
		i = (i + 1) & (r->seen_room - 1);
	*is_new = !r->seen[i];
	if (*is_new) {
		r->seen[i] = v;
		r->nseen++;
	}
	return true;
}

/* A word of the file's name, between marks: "_DEP." in cc_filosofi_2021_DEP.csv. */
static bool has_word(const char *name, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = strcasestr(name, word); p; p = strcasestr(p + 1, word)) {
		if ((p == name || strchr("_-. ", p[-1])) && strchr("_-. ", p[n]))
			return true;
	}
	return false;
}

enum niveau run_niveau(const struct run *r)
{
	static const struct { const char *word; enum niveau n; } words[] = {
		{ "DEP", N_DEPARTEMENT }, { "REG", N_REGION }, { "EPCI", N_EPCI },
		{ "departements", N_DEPARTEMENT }, { "regions", N_REGION },
	};

	if (r->ask->niveau)
		return niveau_of(r->ask->niveau);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (has_word(r->name, words[i].word))
			return words[i].n;
	}
	return N_AUCUN;
}

int run_annee(struct run *r, struct err *e)
{
	int annee = r->ask->annee ? r->ask->annee : r->name_year;

	if (!annee)
		run_refuse(r, e, "rien n'y dit de quelle année sont les chiffres.",
			   "Donnez-la : --annee 2023.");
	return annee;
}

bool run_wants(const struct run *r, const char *indicateur)
{
	const char *p = r->ask->colonnes;
	size_t n = strlen(indicateur);

	if (!p)
		return true;
	for (p = strstr(p, indicateur); p; p = strstr(p + 1, indicateur)) {
		if ((p == r->ask->colonnes || strchr(", ", p[-1])) && (!p[n] || strchr(", ", p[n])))
			return true;
	}
	return false;
}

const struct indicateur *run_indicateur(const struct run *r, const char *code)
{
	const struct indicateur *i = indicateur_find(r->catalogue, r->ncatalogue, code);

	return i ? i : indicateur_find(r->propres, r->npropres, code);
}

const struct indicateur *run_propre(struct run *r, const struct indicateur *i)
{
	struct indicateur *to = NULL;

	for (size_t k = 0; k < r->npropres && !to; k++) {
		if (!strcmp(r->propres[k].code, i->code))
			to = &r->propres[k];
	}
	if (!to && r->npropres < PROPRES)
		to = &r->propres[r->npropres++];
	if (!to)
		return NULL;
	*to = *i;
	to->code = arena_str(&r->a, i->code);
	to->propre = true;
	return to;
}
