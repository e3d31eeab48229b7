/* A row per value: Filosofi since 2021 (SDMX), our own exports, tables through a mapping. */
#include "observe/indicateur_long.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool has(const struct run *r, const char *name)
{
	return tableau_column(&r->t, name) >= 0;
}

bool lignes_new(struct run *r, struct lignes *l, struct err *e)
{
	*l = (struct lignes){ .code = -1, .niveau_column = -1, .annee_column = -1,
		.mesure = -1, .valeur = -1, .conf = -1, .obs = -1, .niveau = run_niveau(r),
		.mots = NEW_ARRAY(&r->a, MOTS, struct mot) };
	return l->mots || arena_refuse(&r->a, e);
}

/* --- rows ---------------------------------------------------------------------------------- */

static const struct mot *find_word(const struct lignes *l, const char *word)
{
	for (size_t i = 0; i < l->n; i++) {
		if (!strcmp(l->mots[i].mot, word))
			return &l->mots[i];
	}
	return NULL;
}

static bool passes(const struct lignes *l, const struct csv_row *row)
{
	for (size_t i = 0; i < l->nfiltres; i++) {
		if (strcasecmp(cellule(row, l->filtres[i].column), l->filtres[i].value))
			return false;
	}
	return true;
}

static bool refuse(struct run *r, const struct csv_row *row, int column, const char *why)
{
	const char *name = column >= 0 && (size_t)column < r->t.n ? r->t.names[column] : "";

	return note_refus(&r->notes, row->line, name, cellule(row, column), "%s", why);
}

/* SDMX says why a value is not there: CONF_STATUS C, N or S is confidential, OBS_STATUS Q
 * suppressed, U of low reliability. */
static void read_status(const struct lignes *l, const struct csv_row *row, struct cell *c)
{
	const char *conf = cellule(row, l->conf), *obs = cellule(row, l->obs);

	if (l->statut_words) {
		for (uint8_t i = STATUT_SECRET; i < STATUTS; i++) {
			if (!strcmp(obs, indicateur_statut_names[i]))
				c->statut = i;
		}
		return;
	}
	if (*conf && strchr("CNScns", *conf))
		c->statut = STATUT_SECRET;
	else if (c->statut == STATUT_NON_DISPONIBLE && (*obs == 'U' || *obs == 'u'))
		c->statut = STATUT_NON_SIGNIFICATIF;
	else if (c->statut == STATUT_NON_DISPONIBLE && (*obs == 'Q' || *obs == 'q'))
		c->statut = STATUT_SECRET;
}

static bool read_value(struct run *r, const struct lignes *l, const struct csv_row *row,
		       const struct mot *m, struct cell *c)
{
	const char *nature = m->indicateur->nature;

	*c = (struct cell){ 0 };
	if (!valeur_lire(cellule(row, l->valeur), &c->num, &c->statut))
		return refuse(r, row, l->valeur, "ce n'est pas un nombre");
	read_status(l, row, c);
	if (c->statut != STATUT_VALEUR)
		return true;
	c->num *= m->facteur;
	if (!strcmp(nature, "part") && (c->num < 0 || c->num > 100.5))
		return refuse(r, row, l->valeur, "une part hors de 0 à 100 %");
	if (!strcmp(nature, "nombre") && c->num < 0)
		return refuse(r, row, l->valeur, "un nombre ne peut être négatif");
	return true;
}

static bool read_year(struct run *r, const struct lignes *l, const struct csv_row *row,
		      int *annee)
{
	*annee = l->annee;
	if (l->annee_column < 0)
		return true;
	*annee = annee_lire(cellule(row, l->annee_column));
	return *annee || refuse(r, row, l->annee_column, "ce n'est pas une année");
}

static bool put(struct run *r, const struct mot *m, const struct code_lu *c, int annee,
		const struct cell *cell, struct err *e)
{
	size_t rows[ARRIVEES];
	size_t k = stage_measure(&r->stage, m->indicateur->code, m->indicateur->nature, annee,
				 false, 1);
	bool shared = c->n > 1 && c->niveau != N_IRIS && !strcmp(m->indicateur->nature, "nombre");

	if (k == SIZE_MAX || !run_rows(r, c, rows, e))
		return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	for (int i = 0; !shared && i < (c->niveau == N_IRIS || !c->n ? 1 : c->n); i++) {
		if (!stage_put(&r->stage, k, rows[i], cell, 0, c->reporte))
			return fail(e, E_LIMIT, "Il manque de la mémoire pour l'import.");
	}
	return true;
}

/* The level of a row; false when it is refused or passes by. */
static bool row_level(struct run *r, const struct lignes *l, const struct csv_row *row,
		      enum niveau *n)
{
	*n = l->niveau;
	if (l->niveau_column < 0)
		return true;
	*n = niveau_of(cellule(row, l->niveau_column));
	if (*n != N_AUCUN)
		return true;
	if (!l->ignore_unknown)
		return refuse(r, row, l->niveau_column, "niveau de territoire inconnu");
	r->out->ignores++;
	return false;
}

static bool take_row(struct run *r, struct lignes *l, const struct csv_row *row,
		     struct err *e)
{
	const struct mot *m = find_word(l, cellule(row, l->mesure));
	struct code_lu c;
	struct cell cell;
	enum niveau n;
	bool is_new;
	int annee;

	if (!m && !l->ignore_unknown) {
		refuse(r, row, l->mesure, "indicateur inconnu");
		return true;
	}
	if (!m || !passes(l, row)) {
		r->out->ignores++;
		return true;
	}
	if (!row_level(r, l, row, &n) || !read_year(r, l, row, &annee))
		return true;
	if (r->ask->annee && annee != r->ask->annee) {
		r->out->ignores++;
		return true;
	}
	if (!run_code(r, row, l->code, n, &c) || !read_value(r, l, row, m, &cell))
		return true;
	if (!run_is_new(r, &c, annee, (size_t)(m - l->mots), &is_new, e))
		return false;
	if (!is_new) {
		refuse(r, row, l->code, "cette valeur est déjà donnée plus haut");
		return true;
	}
	r->out->acceptes++;
	return put(r, m, &c, annee, &cell, e);
}

bool lignes_read(struct run *r, struct lignes *l, struct err *e)
{
	struct csv_row row;

	while (run_next(r, &row, e)) {
		if (!take_row(r, l, &row, e))
			return false;
	}
	return e->kind == E_OK;
}

/* --- Filosofi ------------------------------------------------------------------------------ */

bool fits_filosofi(const struct run *r)
{
	return has(r, "FILOSOFI_MEASURE") && has(r, "GEO") && has(r, "OBS_VALUE");
}

static bool add_word(struct run *r, struct lignes *l, const struct formule *f)
{
	const struct indicateur *i = run_indicateur(r, f->indicateur);

	if (i && l->n < MOTS && run_wants(r, f->indicateur))
		l->mots[l->n++] = (struct mot){ f->numerateur, i, f->facteur };
	return true;
}

bool read_filosofi(struct run *r, struct err *e)
{
	struct lignes l;

	if (!lignes_new(r, &l, e))
		return false;
	l.code = tableau_column(&r->t, "GEO");
	l.niveau_column = tableau_column(&r->t, "GEO_OBJECT");
	l.annee_column = tableau_column(&r->t, "TIME_PERIOD");
	l.mesure = tableau_column(&r->t, "FILOSOFI_MEASURE");
	l.valeur = tableau_column(&r->t, "OBS_VALUE");
	l.conf = tableau_column(&r->t, "CONF_STATUS");
	l.obs = tableau_column(&r->t, "OBS_STATUS");
	l.ignore_unknown = true;
	if (l.annee_column < 0) {
		l.annee = run_annee(r, e);
		if (!l.annee)
			return false;
	}
	for (size_t i = 0; i < r->nformules; i++) {
		if (!strcmp(r->formules[i].format, "filosofi-long"))
			add_word(r, &l, &r->formules[i]);
	}
	return lignes_read(r, &l, e);
}

/* --- our own export ------------------------------------------------------------------------ */

bool fits_export(const struct run *r)
{
	return has(r, "indicateur") && has(r, "niveau") && has(r, "code") && has(r, "annee")
	       && has(r, "valeur") && has(r, "statut");
}

bool read_export(struct run *r, struct err *e)
{
	struct lignes l;

	if (!lignes_new(r, &l, e))
		return false;
	l.code = tableau_column(&r->t, "code");
	l.niveau_column = tableau_column(&r->t, "niveau");
	l.annee_column = tableau_column(&r->t, "annee");
	l.mesure = tableau_column(&r->t, "indicateur");
	l.valeur = tableau_column(&r->t, "valeur");
	l.obs = tableau_column(&r->t, "statut");
	l.statut_words = true;
	for (size_t i = 0; i < r->ncatalogue && l.n < MOTS; i++) {
		if (run_wants(r, r->catalogue[i].code))
			l.mots[l.n++] = (struct mot){ r->catalogue[i].code, &r->catalogue[i], 1 };
	}
	r->source = "Tremplin";
	return lignes_read(r, &l, e);
}
