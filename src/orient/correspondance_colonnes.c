/* Has a source the columns that its mapping was written for? */
#include "orient/correspondance.h"

#include <stdint.h>
#include <string.h>

enum { NAMES_MOST = 120 };

struct seen {
	bool *known;                    /* by rank in the mapping */
	const char *strange[ROW_COLUMNS];       /* keys that the mapping does not have */
	const char *names[ROW_COLUMNS];
	size_t nstrange;
	bool fits;                      /* a row was of the format that the mapping names */
};

static bool strange_before(const struct seen *s, const char *key)
{
	for (size_t i = 0; i < s->nstrange; i++) {
		if (strcmp(s->strange[i], key) == 0)
			return true;
	}
	return false;
}

static void look_column(const struct correspondance *c, struct seen *s, struct arena *a,
			const char *key, const char *name)
{
	size_t i = 0;

	for (const struct colonne *k = c->colonnes; k; k = k->next, i++) {
		if (strcmp(k->key, key) == 0) {
			s->known[i] = true;
			return;
		}
	}
	if (!*key || s->nstrange == ROW_COLUMNS || strange_before(s, key))
		return;
	s->strange[s->nstrange] = arena_str(a, key);
	s->names[s->nstrange++] = arena_str(a, name);
}

static const char *more(struct arena *a, const char *list, const char *name)
{
	if (strlen(list) > NAMES_MOST)
		return strstr(list, "…") ? list : arena_cat(a, list, "…", NULL);
	return arena_cat(a, list, *list ? ", " : "", name, NULL);
}

/* Does the field "nom" take that column? */
static bool names_place(const struct correspondance *c, const char *key)
{
	for (const struct bloc *b = c->blocs; b; b = b->next) {
		for (const struct regle *g = b->regles; b->champ == LIEU_NOM && g; g = g->next) {
			if (g->kind == REGLE_COLONNE && strcmp(g->colonne, key) == 0)
				return true;
		}
	}
	return false;
}

static bool judge(const struct correspondance *c, const struct seen *s, const char *path,
		  struct arena *a, struct err *e)
{
	const char *gone = "", *came = "";
	size_t i = 0;

	for (const struct colonne *k = c->colonnes; k; k = k->next, i++) {
		bool needed = !k->ignoree && !k->facultative
			      && (!c->tout_facultatif || names_place(c, k->key));

		if (!s->known[i] && needed)
			gone = more(a, gone, k->nom);
	}
	for (i = 0; i < s->nstrange && !c->tout_ignore; i++)
		came = more(a, came, s->names[i]);
	if (!*gone && !*came)
		return true;
	fail(e, E_INPUT, "ces colonnes ne sont plus celles de la correspondance :%s%s%s%s%s",
	     *gone ? " absentes : " : "", gone, *gone && *came ? " ;" : "",
	     *came ? " nouvelles : " : "", came);
	hint(e, "Rien n'est importé. Reprenez la correspondance : corrigez le nom de la colonne, "
	     "ou ajoutez « ignorer COLONNE » ou « facultatif COLONNE » (docs/mappings.md).");
	return fail_at(e, path, 0);
}

bool correspondance_fits(const struct correspondance *c, const struct lieu_rows_ask *ask,
			 struct arena *a, struct err *e)
{
	const char *path = ask->path;
	CLEANUP(lieu_rows_close) struct lieu_rows *rows = NULL;
	CLEANUP(arena_free) struct arena row_arena = arena_new(64 << 20);
	struct seen *s = NEW(a, struct seen);
	struct lieu_row row;
	size_t n = 0;

	for (const struct colonne *k = c->colonnes; k; k = k->next)
		n++;
	if (!s || !(s->known = NEW_ARRAY(a, n, bool)))
		return arena_refuse(a, e);
	if (!lieu_rows_open_ask(ask, &rows, e))
		return false;
	if (!c->format)
		lieu_rows_flatten(rows);
	for (n = 0; lieu_rows_next(rows, &row_arena, &row, e); n++) {
		s->fits |= c->format && c->format->fits(&row);
		for (size_t i = 0; i < row.n; i++)
			look_column(c, s, a, row.keys[i], row.names[i]);
		arena_reset(&row_arena);
		if (lieu_rows_is_table(rows))
			break;
	}
	if (e->kind != E_OK)
		return false;
	if (!n && !lieu_rows_is_table(rows)) {
		fail(e, E_INPUT, "le fichier ne contient aucun lieu.");
		return fail_at(e, path, 0);
	}
	if (c->format && !s->fits) {
		fail(e, E_INPUT, "ces colonnes ne sont pas celles du format « %s ».", c->format->name);
		hint(e, "Rien n'est importé. Sans --mapping, le format est reconnu.");
		return fail_at(e, path, 0);
	}
	return a->spent ? arena_refuse(a, e) : c->format || judge(c, s, path, a, e);
}
