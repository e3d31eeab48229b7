#include "observe/indicateur_export.h"

#include <stdlib.h>
#include <string.h>

#include "format/csv.h"
#include "format/json.h"

enum { PIECE = 64 << 10, PIECE_MOST = 1 << 20, CATALOGUE_MOST = 8 << 20 };

const char indicateur_csv_header[] =
	"indicateur,libelle,niveau,code,nom,annee,valeur,unite,statut,origine,source,licence\n";

const char *indicateur_origine_texte(uint8_t origine, char out[64])
{
	static const struct { uint8_t bit; const char *name; } bits[] = {
		{ ORIGINE_REPORTE, "reporte" }, { ORIGINE_CALCULE, "calcule" },
		{ ORIGINE_PARTIEL, "partiel" }, { ORIGINE_HERITE, "herite" },
	};
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
		if (origine & bits[i].bit)
			n += (size_t)snprintf(out + n, 64 - n, "%s%s", n ? "|" : "", bits[i].name);
	}
	return out;
}

static void csv_row(struct buf *b, const struct indicateur *i, const struct indicateur_ligne *l)
{
	char number[JSON_NUMBER], origine[64];
	const struct indicateur_valeur *v = l->v;

	csv_write_cell(b, l->serie->indicateur, true);
	csv_write_cell(b, i ? i->libelle : "", false);
	csv_write_cell(b, l->serie->niveau, false);
	csv_write_cell(b, v->code, false);
	csv_write_cell(b, l->nom, false);
	buf_printf(b, ",%d,%s", l->serie->annee,
		   v->statut == STATUT_VALEUR ? json_real_text(v->valeur, number) : "");
	csv_write_cell(b, i ? i->unite : "", false);
	csv_write_cell(b, indicateur_statut_names[v->statut], false);
	csv_write_cell(b, indicateur_origine_texte(v->origine, origine), false);
	csv_write_cell(b, l->serie->source, false);
	csv_write_cell(b, l->serie->licence, false);
	buf_char(b, '\n');
}

static void json_row(struct buf *b, const struct indicateur *i, const struct indicateur_ligne *l)
{
	struct json_out j = { b, false };
	char origine[64];

	json_open_object(&j, NULL);
	json_put_text(&j, "indicateur", l->serie->indicateur);
	json_put_text(&j, "niveau", l->serie->niveau);
	json_put_text(&j, "code", l->v->code);
	json_put_text(&j, "nom", l->nom);
	json_put_int(&j, "annee", l->serie->annee);
	json_put_real(&j, "valeur", l->v->valeur);
	json_put_text(&j, "unite", i ? i->unite : "");
	json_put_text(&j, "statut", indicateur_statut_names[l->v->statut]);
	json_put_text(&j, "origine", indicateur_origine_texte(l->v->origine, origine));
	json_put_text(&j, "source", l->serie->source);
	json_put_text(&j, "licence", l->serie->licence);
	json_close_object(&j);
}

void indicateur_row(struct buf *b, enum indicateur_format f,
		    const struct indicateur *catalogue, size_t n,
		    const struct indicateur_ligne *l)
{
	const struct indicateur *i = indicateur_find(catalogue, n, l->serie->indicateur);

	if (f == INDICATEUR_CSV)
		csv_row(b, i, l);
	else
		json_row(b, i, l);
}

struct writing {
	enum indicateur_format f;
	const struct indicateur *catalogue;
	size_t n, rows;
	struct buf b;
	FILE *out;
};

static void writing_free(struct writing *w)
{
	buf_free(&w->b);
}

static bool flush(struct writing *w, struct err *e)
{
	bool good = !w->b.full && fwrite(w->b.p, 1, w->b.n, w->out) == w->b.n;

	buf_clear(&w->b);
	return good || fail(e, E_STORE, "L'export n'a pas pu être écrit en entier.");
}

static bool put_row(const struct indicateur_ligne *l, void *arg, struct err *e)
{
	struct writing *w = arg;

	if (w->f == INDICATEUR_JSON && w->rows)
		buf_char(&w->b, ',');
	indicateur_row(&w->b, w->f, w->catalogue, w->n, l);
	w->rows++;
	return w->b.n < PIECE || flush(w, e);
}

bool indicateur_export(struct db *db, const struct indicateur_ask *ask,
		       enum indicateur_format f, FILE *out, size_t *rows, struct err *e)
{
	CLEANUP(writing_free) struct writing w = { .f = f, .out = out,
						   .b = buf_new(PIECE_MOST) };
	CLEANUP(arena_free) struct arena a = arena_new(CATALOGUE_MOST);

	*rows = 0;
	if (!indicateur_list(db, &a, &w.catalogue, &w.n, e))
		return false;
	buf_str(&w.b, f == INDICATEUR_CSV ? indicateur_csv_header : "{\"valeurs\":[");
	if (!indicateur_each(db, ask, put_row, &w, e))
		return false;
	if (f == INDICATEUR_JSON)
		buf_str(&w.b, "]}\n");
	*rows = w.rows;
	return flush(&w, e);
}
