#include "observe/tableau.h"

#include <string.h>

#include "core/core.h"
#include "format/csv.h"
#include "format/xlsx.h"
#include "observe/nombre.h"
#include "store/db.h"

static bool is_text(const char *column)
{
	return !strcmp(column, "code") || !strcmp(column, "niveau") || !strcmp(column, "nom");
}

static bool copy_rows(struct csv *c, struct xlsx *x, struct err *e)
{
	const struct csv_row *head = csv_header(c);
	struct csv_row row;
	double v;

	for (size_t i = 0; i < head->n; i++)
		xlsx_title(x, head->cells[i]);
	if (!xlsx_row(x, e))
		return false;
	e->kind = E_OK;
	while (csv_next(c, &row, e)) {
		for (size_t i = 0; i < head->n; i++) {
			if (!is_text(head->cells[i]) && nombre_lire(row.cells[i], &v))
				xlsx_number(x, v);
			else
				xlsx_text(x, row.cells[i]);
		}
		if (!xlsx_row(x, e))
			return false;
	}
	return e->kind == E_OK;
}

static bool write_xlsx(struct req *r, struct res *s, const struct buf *csv, const char *nom,
		       struct err *e)
{
	CLEANUP(csv_close) struct csv *c = NULL;
	CLEANUP(xlsx_free) struct xlsx *x = NULL;
	const char *folder = arena_cat(r->a, store_dir(r->core->store), "/tmp", NULL);

	s->type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
	return store_folder(r->core->store, "tmp", e) && csv_open_text(nom, csv->p, csv->n, &c, e)
	       && xlsx_new(folder, &x, e) && xlsx_sheet(x, nom, e) && copy_rows(c, x, e)
	       && xlsx_end(&x, &s->body, e);
}

bool tableau_repondre(struct req *r, struct res *s, const struct buf *csv, const char *format,
		      const char *nom, struct err *e)
{
	if (strcmp(format, "csv") && strcmp(format, "xlsx")) {
		fail(e, E_MISSING, N_("Cette table n’existe pas sous cette forme."));
		return hint(e, N_("Elle se télécharge en CSV ou en XLSX."));
	}
	if (csv->full)
		return fail(e, E_LIMIT, N_("Cette table est trop grande."));
	s->filename = arena_cat(r->a, nom, ".", format, NULL);
	if (*format == 'x')
		return write_xlsx(r, s, csv, nom, e);
	s->type = "text/csv; charset=utf-8";
	buf_add(&s->body, csv->p, csv->n);
	return true;
}
