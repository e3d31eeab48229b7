#include "orient/lieu_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/utf8.h"
#include "format/csv.h"
#include "format/json.h"
#include "orient/lieu_feuille.h"
#include "orient/lieu_liste.h"

enum { FILE_MOST_MB = 512, KEY_MOST = 120, HEAD = 512, NESTED_MOST = 4 };

struct lieu_rows {
	struct csv *csv;                /* one of the three */
	struct json_list *json;
	struct lieu_feuille *feuille;
	struct lieu_liste *liste;       /* objects that belong to the rows; NULL */
	const char *liste_nom, *cle;
	struct arena kept;              /* the path, and the names and keys of a CSV file */
	const char *path;
	const char *names[ROW_COLUMNS], *keys[ROW_COLUMNS];
	long entete;                    /* line of a CSV file's header */
	size_t ncolumns;
	bool flat;                      /* objects inside objects become columns */
};

/* --- keys --------------------------------------------------------------------------- */

static bool is_key(const char *s)
{
	return *s && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

const char *lieu_row_key(struct arena *a, const char *name)
{
	char folded[KEY_MOST];

	if (is_key(name))
		return name;
	utf8_fold(name, folded, sizeof folded);
	for (char *p = folded; *p; p++) {
		if (*p == ' ')
			*p = '_';
	}
	return arena_str(a, folded);
}

/* --- opening ------------------------------------------------------------------------ */

static bool refuse(struct err *e, const char *path, enum err_kind kind, const char *msg,
		   const char *advice)
{
	fail(e, kind, "%s", msg);
	if (advice)
		hint(e, "%s", advice);
	return fail_at(e, path, 0);
}

/* First byte that is neither a space nor a mark; what kind of file begins so. */
static bool look(const char *path, char *first, bool *workbook, struct err *e)
{
	unsigned char head[HEAD];
	struct stat st = { 0 };
	FILE *f = fopen(path, "rb");
	size_t n, i = 0;

	if (!f)
		return refuse(e, path, E_MISSING, errno == ENOENT ? "ce fichier n'existe pas."
			      : "ce fichier ne peut pas être lu.", "Vérifiez son nom et vos droits.");
	if (fstat(fileno(f), &st) || !S_ISREG(st.st_mode)) {
		bool folder = S_ISDIR(st.st_mode);

		fclose(f);
		return refuse(e, path, E_INPUT, folder ? "c'est un dossier, pas un fichier."
			      : "ce n'est pas un fichier ordinaire.",
			      folder ? "Donnez le fichier qu'il contient."
			      : "Enregistrez d'abord les données dans un fichier.");
	}
	n = fread(head, 1, sizeof head, f);
	fclose(f);
	if (st.st_size > (off_t)FILE_MOST_MB << 20)
		return refuse(e, path, E_LIMIT, "ce fichier dépasse 512 Mo.",
			      "Une liste nationale de lieux pèse moins de 50 Mo : coupez le "
			      "fichier, ou vérifiez que c'est le bon.");
	if (n >= 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "\xd0\xcf\x11\xe0", 4) == 0)) {
		*first = 'P';
		return *workbook = true;
	}
	if (n >= 2 && memcmp(head, "\x1f\x8b", 2) == 0)
		return refuse(e, path, E_INPUT, "c'est une archive (gz).",
			      "Décompressez le fichier.");
	if (n >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	while (i < n && strchr(" \t\r\n", head[i]) && head[i])
		i++;
	*first = i < n ? (char)head[i] : '\0';
	return true;
}

bool lieu_rows_too_many(const char *path, struct err *e)
{
	fail(e, E_INPUT, "ce tableau a plus de %d colonnes : ce n'est pas une liste de lieux.",
	     ROW_COLUMNS);
	hint(e, "Le schéma national en a 32 : gardez celles dont vous avez besoin.");
	return fail_at(e, path, 0);
}

void lieu_rows_name(struct arena *a, const char **names, const char **keys, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int again = 1;

		keys[i] = lieu_row_key(a, names[i]);
		for (size_t k = 0; k < i && *keys[i]; k++)
			again += strcmp(keys[k], keys[i]) == 0;
		if (again == 1)
			continue;
		names[i] = arena_printf(a, "%s (%d)", names[i], again);
		keys[i] = lieu_row_key(a, names[i]);
	}
}

/* The header, at the line that was asked. */
static bool open_csv(struct lieu_rows *r, const char *path, long entete, struct err *e)
{
	struct csv_row header;

	if (!csv_open(path, &r->csv, e))
		return false;
	header = *csv_header(r->csv);
	while (header.line < entete && csv_next(r->csv, &header, e))
		;
	if (header.line < entete && e->kind == E_OK) {
		fail(e, E_INPUT, "ce tableau n'a pas de ligne %ld.", entete);
		fail_at(e, path, 0);
	}
	if (header.line < entete)
		return false;
	if (header.n > ROW_COLUMNS)
		return lieu_rows_too_many(path, e);
	r->entete = header.line;
	r->ncolumns = header.n;
	for (size_t i = 0; i < header.n; i++)
		r->names[i] = arena_str(&r->kept, header.cells[i]);
	lieu_rows_name(&r->kept, r->names, r->keys, r->ncolumns);
	return true;
}

bool lieu_rows_open(const char *path, struct lieu_rows **out, struct err *e)
{
	return lieu_rows_open_ask(&(struct lieu_rows_ask){ .path = path }, out, e);
}

bool lieu_rows_open_ask(const struct lieu_rows_ask *ask, struct lieu_rows **out, struct err *e)
{
	const char *path = ask->path;
	bool workbook = false;
	static const char *const lists[] = { "features", "lieux", "data", "structures", NULL };
	struct lieu_rows *r;
	char first;
	bool good;

	*out = NULL;
	if (!look(path, &first, &workbook, e))
		return false;
	r = calloc(1, sizeof *r);
	if (!r)
		return fail(e, E_LIMIT, "il manque de la mémoire pour lire le fichier.");
	r->kept = arena_new(1 << 20);
	r->path = arena_str(&r->kept, path);
	if (workbook)
		good = lieu_feuille_open(path, ask->feuille, ask->entete, &r->feuille, e);
	else if (first == '[' || first == '{')
		good = json_list_open(path, lists, &r->json, e);
	else
		good = open_csv(r, path, ask->entete, e);
	if (good && ask->liste && r->json) {
		r->liste_nom = arena_str(&r->kept, ask->liste);
		r->cle = arena_str(&r->kept, ask->cle);
		good = lieu_liste_open(ask->liste_path ? ask->liste_path : path, ask->liste,
				       ask->liste_cle, &r->liste, e);
	}
	if (!good) {
		lieu_rows_close(&r);
		return false;
	}
	*out = r;
	return true;
}

void lieu_rows_close(struct lieu_rows **r)
{
	if (!*r)
		return;
	csv_close(&(*r)->csv);
	json_list_close(&(*r)->json);
	lieu_feuille_close(&(*r)->feuille);
	lieu_liste_close(&(*r)->liste);
	arena_free(&(*r)->kept);
	free(*r);
	*r = NULL;
}

void lieu_rows_flatten(struct lieu_rows *r)
{
	r->flat = true;
}

bool lieu_rows_is_table(const struct lieu_rows *r)
{
	return !r->json;
}

bool lieu_rows_is_csv(const struct lieu_rows *r)
{
	return r->csv != NULL;
}

size_t lieu_rows_remarks(struct lieu_rows *r, const struct lieu_remark **out)
{
	return r->feuille ? lieu_feuille_remarks(r->feuille, out) : 0;
}

long lieu_rows_entete(const struct lieu_rows *r)
{
	return r->feuille ? lieu_feuille_entete(r->feuille) : r->entete;
}

double lieu_rows_progress(const struct lieu_rows *r)
{
	return r->csv ? csv_progress(r->csv) : r->json ? json_list_progress(r->json)
	       : lieu_feuille_progress(r->feuille);
}

const char *lieu_rows_described(const struct lieu_rows *r)
{
	return r->csv ? csv_described(r->csv) : r->json ? "JSON"
	       : lieu_feuille_described(r->feuille);
}

/* --- CSV ---------------------------------------------------------------------------- */

/* Our own export puts an apostrophe before what a spreadsheet would take for a formula. */
static const char *cell_of(const char *s)
{
	return s[0] == '\'' && s[1] && strchr("=+-@", s[1]) ? s + 1 : s;
}

static bool next_csv(struct lieu_rows *r, struct lieu_row *row, struct err *e)
{
	struct csv_row cells;

	if (!csv_next(r->csv, &cells, e))
		return false;
	row->line = cells.line;
	row->n = r->ncolumns;
	for (size_t i = 0; i < r->ncolumns; i++) {
		row->names[i] = r->names[i];
		row->keys[i] = r->keys[i];
		row->values[i] = i < cells.n || i < csv_header(r->csv)->n
				 ? cell_of(cells.cells[i]) : "";
	}
	return true;
}

/* --- JSON --------------------------------------------------------------------------- */

static const char *list_text(struct arena *a, const json_t *v)
{
	const char *text = "";
	size_t i;
	json_t *item;

	json_array_foreach(v, i, item) {
		if (!json_is_string(item))
			return NULL;
		text = i ? arena_printf(a, "%s|%s", text, json_string_value(item))
			 : json_string_value(item);
	}
	return text;
}

static bool too_many_fields(const struct lieu_rows *r, const struct lieu_row *row,
			    struct err *e)
{
	fail(e, E_INPUT, "un lieu a plus de %d champs.", ROW_COLUMNS);
	return fail_at(e, r->path, row->line);
}

static const char *nested_text(struct arena *a, const json_t *v)
{
	char *s = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *text = s ? arena_str(a, s) : "";

	free(s);
	return text;
}

static void add(struct arena *a, struct lieu_row *row, const json_t *object, const char *name,
		const json_t *v)
{
	char number[JSON_NUMBER];
	const char *text = json_member_text(object, name, number, sizeof number);

	if (text == number)
		text = arena_str(a, number);
	else if (!text && json_is_array(v))
		text = list_text(a, v);
	if (!text)
		text = json_is_null(v) ? "" : nested_text(a, v);
	row->names[row->n] = name;
	row->keys[row->n] = lieu_row_key(a, name);
	row->values[row->n++] = text;
}

static bool is_list_of_objects(const json_t *v)
{
	return json_array_size(v) && json_is_object(json_array_get(v, 0));
}

/* What one more object of a list adds to the column of its member. */
static bool add_member(struct lieu_rows *r, struct arena *a, struct lieu_row *row, size_t from,
		       const char *path, const json_t *object, const char *name, json_t *v,
		       struct err *e)
{
	struct lieu_row one = { .n = 0 };
	size_t i = from;

	add(a, &one, object, name, v);
	while (i < row->n && strcmp(row->names[i], path))
		i++;
	if (i == row->n) {
		if (row->n + 3 >= ROW_COLUMNS)
			return too_many_fields(r, row, e);
		row->names[row->n] = path;
		row->keys[row->n] = lieu_row_key(a, path);
		row->values[row->n++] = one.values[0];
	} else if (*one.values[0] && !strstr(row->values[i], one.values[0])) {
		row->values[i] = *row->values[i] ? arena_cat(a, row->values[i], "|", one.values[0],
							     NULL) : one.values[0];
	}
	return true;
}

/* A list of objects as columns "services.frais". */
static bool add_list(struct lieu_rows *r, struct arena *a, struct lieu_row *row,
		     const char *above, const json_t *list, struct err *e)
{
	size_t i, from = row->n;
	json_t *object, *v;
	const char *name;

	json_array_foreach(list, i, object) {
		json_object_foreach(object, name, v) {
			const char *path = arena_cat(a, above, ".", name, NULL);

			if (!add_member(r, a, row, from, path, object, name, v, e))
				return false;
		}
	}
	return true;
}

/* What an object holds as columns "name.member", three levels down. */
static bool add_inside(struct lieu_rows *r, struct arena *a, struct lieu_row *row,
		       const char *above, json_t *object, int depth, struct err *e)
{
	const char *name;
	json_t *v;

	json_object_foreach(object, name, v) {
		const char *path = arena_cat(a, above, ".", name, NULL);

		if (json_is_object(v) && depth < NESTED_MOST) {
			if (!add_inside(r, a, row, path, v, depth + 1, e))
				return false;
			continue;
		}
		if (row->n + 3 >= ROW_COLUMNS)
			return too_many_fields(r, row, e);
		add(a, row, object, name, v);
		row->names[row->n - 1] = path;
		row->keys[row->n - 1] = lieu_row_key(a, path);
	}
	return true;
}

static bool add_all(struct lieu_rows *r, struct arena *a, struct lieu_row *row,
		    json_t *object, struct err *e)
{
	const char *name;
	json_t *v;

	json_object_foreach(object, name, v) {
		if (r->flat && json_is_object(v)) {
			if (!add_inside(r, a, row, name, v, 1, e))
				return false;
			continue;
		}
		if (r->flat && is_list_of_objects(v)) {
			if (!add_list(r, a, row, name, v, e))
				return false;
			continue;
		}
		if (row->n + 3 >= ROW_COLUMNS)
			return too_many_fields(r, row, e);
		add(a, row, object, name, v);
	}
	return true;
}

/* The objects of the second list that belong to the row. */
static bool add_liste(struct lieu_rows *r, struct arena *a, struct lieu_row *row,
		      const json_t *object, struct err *e)
{
	const json_t *list = r->liste ? lieu_liste_of(r->liste, json_string_value(
				json_object_get(object, r->cle))) : NULL;

	return !list || add_list(r, a, row, r->liste_nom, list, e);
}

static void add_point(struct arena *a, struct lieu_row *row, const json_t *geometry)
{
	static const char *const names[] = { "longitude", "latitude" };
	const json_t *at = json_object_get(geometry, "coordinates");
	char number[JSON_NUMBER];

	if (json_array_size(at) < 2 || lieu_row_has(row, "latitude"))
		return;
	for (size_t i = 0; i < 2; i++) {
		const json_t *v = json_array_get(at, i);

		if (!json_is_number(v))
			continue;
		row->names[row->n] = row->keys[row->n] = names[i];
		row->values[row->n++] = arena_str(a, json_real_text(json_number_value(v), number));
	}
}

static bool next_json(struct lieu_rows *r, struct arena *a, struct lieu_row *row,
		      struct err *e)
{
	json_t *object, *properties;

	if (!json_list_next(r->json, &object, &row->line, e))
		return false;
	row->n = 0;
	properties = json_object_get(object, "properties");
	if (!json_is_object(properties) || !json_object_get(object, "geometry"))
		return add_all(r, a, row, object, e) && add_liste(r, a, row, object, e);
	if (!add_all(r, a, row, properties, e))
		return false;
	add_point(a, row, json_object_get(object, "geometry"));
	if (!lieu_row_has(row, "id") && json_object_get(object, "id"))
		add(a, row, object, "id", json_object_get(object, "id"));
	return true;
}

bool lieu_rows_next(struct lieu_rows *r, struct arena *a, struct lieu_row *row, struct err *e)
{
	return r->csv ? next_csv(r, row, e) : r->json ? next_json(r, a, row, e)
	       : lieu_feuille_next(r->feuille, row, e);
}

/* --- values ------------------------------------------------------------------------- */

/* Index of the column with that key; row->n when there is none. */
static size_t column_of(const struct lieu_row *row, const char *key)
{
	size_t i = 0;

	while (i < row->n && (row->keys[i][0] != key[0] || strcmp(row->keys[i], key)))
		i++;
	return i;
}

bool lieu_row_has(const struct lieu_row *row, const char *key)
{
	return column_of(row, key) < row->n;
}

const char *lieu_row_get(const struct lieu_row *row, const char *key)
{
	size_t i = column_of(row, key);

	return i < row->n ? row->values[i] : "";
}
