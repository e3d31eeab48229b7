#include "orient/lieu_feuille.h"

#include <stdlib.h>
#include <string.h>

#include "format/xlsx_cell.h"
#include "format/xlsx_read.h"

enum { LOOK_ROWS = 30, REMARKS_MOST = 64, KEPT_MOST = 4 << 20 };

struct lieu_feuille {
	struct xlsx_read *x;
	struct arena kept;              /* names, keys, remarks */
	const char *path;
	long entete;
	const char *names[ROW_COLUMNS], *keys[ROW_COLUMNS];
	size_t at[ROW_COLUMNS];         /* where each stands in the sheet */
	size_t n;
	bool named[XLSX_READ_COLUMNS], told[XLSX_READ_COLUMNS];
	struct lieu_remark remarks[REMARKS_MOST];
	size_t nremarks;
	bool summed;                    /* the last remarks are made */
};

static void remark(struct lieu_feuille *f, long line, const char *champ, const char *valeur,
		   const char *why)
{
	if (f->nremarks < REMARKS_MOST)
		f->remarks[f->nremarks++] = (struct lieu_remark){ line,
			arena_str(&f->kept, champ), arena_str(&f->kept, valeur),
			arena_str(&f->kept, why) };
}

/* --- the header ---------------------------------------------------------------------- */

static size_t filled(const struct xlsx_read_row *row)
{
	size_t n = 0;

	for (size_t i = 0; i < row->n; i++)
		n += *row->cells[i] != '\0';
	return n;
}

/* A title, a date, a word of advice stand above a table; its header is the first row
 * that is about as wide as the widest of those after it. */
static bool find_entete(struct lieu_feuille *f, const char *nom, struct err *e)
{
	CLEANUP(xlsx_read_close) struct xlsx_read *x = NULL;
	struct { long line; size_t width; } seen[LOOK_ROWS];
	struct xlsx_read_row row;
	size_t n = 0, most = 0;

	if (!xlsx_read_open(f->path, nom, &x, e))
		return false;
	for (; n < LOOK_ROWS && xlsx_read_next(x, &row, e); n++) {
		seen[n].line = row.line;
		seen[n].width = filled(&row);
		most = seen[n].width > most ? seen[n].width : most;
	}
	if (e->kind != E_OK)
		return false;
	for (size_t i = 0; i < n && !f->entete; i++) {
		if (10 * seen[i].width >= 6 * most)
			f->entete = seen[i].line;
	}
	return true;
}

static bool take_names(struct lieu_feuille *f, const struct xlsx_read_row *row, struct err *e)
{
	for (size_t i = 0; i < row->n; i++) {
		if (!*row->cells[i])
			continue;
		if (f->n == ROW_COLUMNS)
			return lieu_rows_too_many(f->path, e);
		f->names[f->n] = arena_str(&f->kept, row->cells[i]);
		f->at[f->n++] = i;
		f->named[i] = true;
	}
	lieu_rows_name(&f->kept, f->names, f->keys, f->n);
	return true;
}

/* What a line begins with: a group of columns may stand far to the right. */
static const char *first_said(const struct xlsx_read_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (*row->cells[i])
			return row->cells[i];
	}
	return "";
}

static bool read_entete(struct lieu_feuille *f, struct err *e)
{
	struct xlsx_read_row row = { .line = 0 };

	while (f->entete && xlsx_read_next(f->x, &row, e) && row.line < f->entete)
		remark(f, row.line, "(ligne)", first_said(&row),
		       "au-dessus des en-têtes : cette ligne n'est pas lue");
	if (e->kind != E_OK)
		return false;
	if (row.line && row.line >= f->entete)
		return take_names(f, &row, e);
	fail(e, E_INPUT, f->entete ? "cette feuille n'a pas de ligne %ld."
	     : "cette feuille est vide.", f->entete);
	hint(e, "Le classeur a peut-être une autre feuille : --feuille NOM, ou « feuille NOM » "
	     "dans la correspondance.");
	return fail_at(e, f->path, 0);
}

bool lieu_feuille_open(const char *path, const char *nom, long entete,
		       struct lieu_feuille **out, struct err *e)
{
	struct lieu_feuille *f = calloc(1, sizeof *f);

	*out = f;
	if (!f)
		return fail(e, E_LIMIT, "il manque de la mémoire pour lire le fichier.");
	f->kept = arena_new(KEPT_MOST);
	f->path = arena_str(&f->kept, path);
	f->entete = entete;
	e->kind = E_OK;
	if ((entete || find_entete(f, nom, e)) && xlsx_read_open(path, nom, &f->x, e)
	    && read_entete(f, e))
		return true;
	lieu_feuille_close(out);
	return false;
}

void lieu_feuille_close(struct lieu_feuille **f)
{
	if (!*f)
		return;
	xlsx_read_close(&(*f)->x);
	arena_free(&(*f)->kept);
	free(*f);
	*f = NULL;
}

/* --- rows ---------------------------------------------------------------------------- */

static const char *column_title(struct lieu_feuille *f, size_t column)
{
	char name[8];

	for (size_t i = 0; i < f->n; i++) {
		if (f->at[i] == column)
			return f->names[i];
	}
	cell_column_name(column, name);
	return arena_cat(&f->kept, "colonne ", name, NULL);
}

/* What is worth a word the first time that a column shows it. */
static void look(struct lieu_feuille *f, const struct xlsx_read_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (f->told[i] || !*row->cells[i] || (f->named[i] && !row->computed[i]))
			continue;
		f->told[i] = true;
		remark(f, row->line, column_title(f, i), row->cells[i], f->named[i]
		       ? "calculé par une formule : la valeur que le classeur a gardée est prise "
			 "(dit une seule fois)"
		       : "cette colonne n'a pas d'en-tête : elle n'est pas lue (dit une seule "
			 "fois)");
	}
}

bool lieu_feuille_next(struct lieu_feuille *f, struct lieu_row *row, struct err *e)
{
	struct xlsx_read_row cells;

	if (!xlsx_read_next(f->x, &cells, e))
		return false;
	look(f, &cells);
	row->line = cells.line;
	row->n = f->n;
	for (size_t i = 0; i < f->n; i++) {
		row->names[i] = f->names[i];
		row->keys[i] = f->keys[i];
		row->values[i] = f->at[i] < cells.n ? cells.cells[f->at[i]] : "";
	}
	return true;
}

double lieu_feuille_progress(const struct lieu_feuille *f)
{
	return xlsx_read_progress(f->x);
}

const char *lieu_feuille_described(const struct lieu_feuille *f)
{
	return xlsx_read_described(f->x);
}

long lieu_feuille_entete(const struct lieu_feuille *f)
{
	return f->entete;
}

size_t lieu_feuille_remarks(struct lieu_feuille *f, const struct lieu_remark **out)
{
	size_t lost = xlsx_read_lost(f->x), sheets = xlsx_read_sheets(f->x);

	if (!f->summed && lost)
		remark(f, f->entete, "(ligne)", "", arena_printf(&f->kept, "%zu cellule%s dont la "
		       "formule n'a pas de valeur gardée, ou donne une erreur : lues vides ; "
		       "ouvrez le classeur dans un tableur et enregistrez-le", lost,
		       lost > 1 ? "s" : ""));
	if (!f->summed && xlsx_read_has_macros(f->x))
		remark(f, f->entete, "(ligne)", "", "ce classeur a des macros : elles ne sont ni "
		       "lues ni exécutées");
	if (!f->summed && sheets > 1)
		remark(f, f->entete, "(ligne)", "", arena_printf(&f->kept, "ce classeur a %zu "
		       "feuilles : seule celle-ci est lue (%s)", sheets,
		       xlsx_read_described(f->x)));
	f->summed = true;
	*out = f->remarks;
	return f->nremarks;
}
