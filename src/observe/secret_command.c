/* tremplin observatoire secret: a table of counts, as it may be published. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command.h"
#include "core/secret.h"
#include "format/csv.h"
#include "format/json.h"
#include "observe/nombre.h"
#include "observe/observe.h"
#include "store/db.h"

static const size_t MEMORY = (size_t)1 << 30;
enum { OUT = 256 << 20, COLONNES = 200, VENTILATIONS = 8, LIGNES = 100000 };

struct tableau {
	struct arena *a;
	const char *path;
	const char **noms;              /* of columns; [0] is "total" when there are several */
	size_t colonnes;
	bool total;                     /* the file has the column of the total */
	size_t ventilations[VENTILATIONS], nventilations;
	const char **codes;
	size_t n, lignes;               /* rows of the file; with those above them */
	struct secret_ligne *rows;
	uint32_t *parents;
	int64_t *valeurs, *avant;
};

/* --- reading ------------------------------------------------------------------------- */

/* "5,5": columns of each breakdown. */
static bool read_breakdowns(const char *text, struct tableau *t, struct err *e)
{
	size_t sum = 0, columns = t->colonnes - 1;

	while (text && *text && t->nventilations < VENTILATIONS) {
		char *end;
		unsigned long n = strtoul(text, &end, 10);

		if (end == text || (*end && *end != ',') || n < 1 || n > columns)
			break;
		t->ventilations[t->nventilations++] = n;
		sum += n;
		text = end + (*end == ',');
	}
	if (!text)
		t->ventilations[t->nventilations++] = sum = columns;
	if (sum == columns && !(text && *text))
		return true;
	fail(e, E_INPUT, "--ventilations : les nombres doivent faire %zu colonnes.", columns);
	return hint(e, "Par exemple 5,5 pour cinq âges puis cinq statuts des mêmes personnes.");
}

static bool read_header(const struct csv *f, struct tableau *t, struct err *e)
{
	const struct csv_row *head = csv_header(f);
	size_t first = 1;

	if (head->n < 2 || head->n > COLONNES || csv_column(f, "code") != 0) {
		fail(e, E_INPUT, "%s : la première colonne doit être « code », les autres des nombres de "
		     "personnes (au plus %d).", t->path, COLONNES - 1);
		return false;
	}
	t->noms = NEW_ARRAY(t->a, head->n + 1, const char *);
	if (!t->noms)
		return arena_refuse(t->a, e);
	t->total = csv_column(f, "total") == 1;
	if (head->n > 2 || t->total) {
		t->noms[t->colonnes++] = "total";
		first += t->total;
	}
	for (size_t i = first; i < head->n; i++)
		t->noms[t->colonnes++] = arena_str(t->a, head->cells[i]);
	return true;
}

static bool read_count(const char *text, int64_t *out, struct err *e)
{
	double v;

	if (!*text) {
		*out = 0;
		return true;
	}
	if (!nombre_lire(text, &v) || v != floor(v) || fabs(v) > 1e15)
		return fail(e, E_INPUT, "« %.40s » n’est pas un nombre entier de personnes.", text);
	*out = (int64_t)v;
	return true;
}

static bool read_row(struct tableau *t, const struct csv_row *row, int64_t *v, struct err *e)
{
	size_t shift = t->colonnes > 1 && !t->total ? 1 : 0;

	for (size_t j = shift; j < t->colonnes; j++) {
		if (!read_count(row->cells[1 + j - shift], &v[j], e))
			return false;
	}
	for (size_t j = 1; shift && j <= t->ventilations[0]; j++)
		v[0] += v[j];
	return true;
}

static bool read_table(struct tableau *t, const char *breakdowns, struct err *e)
{
	CLEANUP(csv_close) struct csv *f = NULL;
	struct csv_row row;

	if (!csv_open(t->path, &f, e) || !read_header(f, t, e)
	    || (t->colonnes > 1 && !read_breakdowns(breakdowns, t, e)))
		return false;
	t->codes = NEW_ARRAY(t->a, LIGNES, const char *);
	/* rows above communes are at most four for each */
	t->valeurs = NEW_ARRAY(t->a, 5 * LIGNES * t->colonnes, int64_t);
	if (t->a->spent)
		return arena_refuse(t->a, e);
	e->kind = E_OK;
	while (csv_next(f, &row, e)) {
		if (t->n == LIGNES)
			return fail(e, E_LIMIT, "%s a plus de %d lignes.", t->path, LIGNES);
		t->codes[t->n] = arena_str(t->a, row.cells[0]);
		if (!read_row(t, &row, t->valeurs + t->n * t->colonnes, e))
			return fail_at(e, t->path, row.line);
		t->n++;
	}
	return e->kind == E_OK;
}

static const char *row_name(const struct tableau *t, size_t i)
{
	return arena_cat(t->a, t->rows[i].nom, " ", t->rows[i].code, NULL);
}

/* The name of a row as it is written: a part of an EPCI says of which département. */
static const char *nom_ecrit(const struct tableau *t, size_t i)
{
	const struct secret_ligne *l = &t->rows[i];

	if (!l->partie)
		return l->nom;
	return arena_cat(t->a, l->nom, " (partie, ", t->rows[t->parents[i]].nom, ")", NULL);
}

/* The row of that level, code and name, looked for from `from` on, as files keep the order;
 * t->lignes when there is none. */
static size_t find_row(const struct tableau *t, const char *level, const char *code,
		       const char *nom, size_t from)
{
	for (size_t k = 0; k < t->lignes; k++) {
		size_t i = (from + k) % t->lignes;

		if (!strcmp(t->rows[i].code, code) && !strcmp(t->rows[i].niveau, level)
		    && (!t->rows[i].partie || !strcmp(nom_ecrit(t, i), nom)))
			return i;
	}
	return t->lignes;
}

/* What was published before: the output of this command, a period earlier. */
static bool read_before(struct tableau *t, const char *path, struct err *e)
{
	CLEANUP(csv_close) struct csv *f = NULL;
	struct csv_row row;
	int columns[COLONNES], level, code, name;
	size_t last = 0;

	t->avant = NEW_ARRAY(t->a, t->lignes * t->colonnes, int64_t);
	if (!t->avant)
		return arena_refuse(t->a, e);
	if (!csv_open(path, &f, e))
		return false;
	level = csv_column(f, "niveau");
	code = csv_column(f, "code");
	name = csv_column(f, "nom");
	for (size_t j = 0; j < t->colonnes; j++) {
		columns[j] = csv_column(f, t->noms[j]);
		if (columns[j] < 0 || level < 0 || code < 0 || name < 0)
			return fail(e, E_INPUT, "%s : il faut les colonnes niveau, code, nom et « %s », comme "
				    "cette commande les a écrites.", path, t->noms[j]);
	}
	e->kind = E_OK;
	while (csv_next(f, &row, e)) {
		size_t i = find_row(t, row.cells[level], row.cells[code], row.cells[name], last);

		last = i < t->lignes ? i : last;
		for (size_t j = 0; i < t->lignes && j < t->colonnes; j++) {
			int64_t *v = &t->avant[i * t->colonnes + j];

			*v = SECRET_CACHE;
			if (strcmp(row.cells[columns[j]], "s")
			    && !read_count(row.cells[columns[j]], v, e))
				return fail_at(e, path, row.line);
		}
	}
	return e->kind == E_OK;
}

/* --- rows above ------------------------------------------------------------------------------- */

static bool read_levels(const struct call *c, int *out, struct err *e)
{
	static const struct { const char *nom; int bit; } known[] = {
		{ "epci", SECRET_EPCI }, { "departement", SECRET_DEPARTEMENT },
		{ "region", SECRET_REGION }, { "total", SECRET_TOTAL }, { "aucun", 0 },
	};
	const char *text = call_option(c, "--niveaux");

	*out = text ? 0 : SECRET_TOTAL;
	while (text && *text) {
		size_t n = strcspn(text, ","), i = 0;

		while (i < 5 && (strlen(known[i].nom) != n || strncmp(known[i].nom, text, n)))
			i++;
		if (i == 5)
			return fail(e, E_INPUT, "--niveaux : epci, departement, region, total, ou aucun.");
		*out |= known[i].bit;
		text += n + (text[n] == ',');
	}
	if (!(*out & ~SECRET_TOTAL) || call_option(c, "--data"))
		return true;
	return fail(e, E_INPUT, "--niveaux : epci, departement et region demandent --data.");
}

static bool add_rows(const struct call *c, struct tableau *t, struct err *e)
{
	static const struct repertoire nothing;
	struct repertoire *r = NULL;
	struct store *s = NULL;
	struct db *db = NULL;
	const char *data = call_option(c, "--data");
	int levels;
	bool ok;

	if (!read_levels(c, &levels, e))
		return false;
	ok = !data || (store_open(data, STORE_COMMAND, c->env, &s, e) && db_acquire(s, &db, e)
		       && repertoire_read(db, &r, e));
	ok = ok && secret_lignes(t->a, r ? r : &nothing, t->codes, t->n, levels, &t->rows,
				 &t->parents, &t->lignes, e);
	for (size_t i = 0; ok && i < t->lignes; i++) {  /* names outlive the repertoire */
		t->rows[i].nom = arena_str(t->a, t->rows[i].nom);
		t->rows[i].code = arena_str(t->a, t->rows[i].code);
	}
	repertoire_free(r);
	db_release(&db);
	store_close(s);
	if (ok)
		secret_sommes(t->parents, t->n, t->lignes, t->colonnes, t->valeurs);
	return ok;
}

/* --- writing ------------------------------------------------------------------------- */

static void write_table(struct buf *b, const struct tableau *t, const uint8_t *etats)
{
	buf_str(b, "niveau,code,nom");
	for (size_t j = 0; j < t->colonnes; j++)
		csv_write_cell(b, t->noms[j], false);
	buf_char(b, '\n');
	for (size_t i = 0; i < t->lignes; i++) {
		csv_write_cell(b, t->rows[i].niveau, true);
		csv_write_cell(b, t->rows[i].code, false);
		csv_write_cell(b, nom_ecrit(t, i), false);
		for (size_t j = 0; j < t->colonnes; j++) {
			size_t cell = i * t->colonnes + j;

			buf_char(b, ',');
			if (etats[cell] == SECRET_PUBLIE)
				buf_int(b, t->valeurs[cell]);
			else
				buf_char(b, 's');
		}
		buf_char(b, '\n');
	}
}

static bool save(const char *path, const struct buf *b, FILE *out, struct err *e)
{
	FILE *f = path ? fopen(path, "wb") : out;
	bool good;

	if (b->full)
		return fail(e, E_LIMIT, "Le résultat est trop grand.");
	if (!f)
		return fail(e, E_INPUT, "%s ne peut pas être écrit : %s.", path, strerror(errno));
	good = fwrite(b->p, 1, b->n, f) == b->n;
	good = (path ? fclose(f) : fflush(f)) == 0 && good;
	return good || fail(e, E_STORE, "Le résultat n’a pas pu être écrit en entier.");
}

static void say(const struct call *c, const struct secret_bilan *b, const struct secret_regle *r)
{
	struct buf out = buf_new(1 << 12);
	struct json_out j = { &out, false };
	size_t people = b->cellules - b->zeros;

	fprintf(stderr, "%zu nombres, dont %zu zéros ; %zu de 1 à %" PRId64 " personnes cachés, et %zu "
		"autres pour qu’on ne les retrouve pas (%.1f %% de ce qui n’est pas zéro).\n",
		b->cellules, b->zeros, b->primaires, r->seuil - 1, b->complements,
		people ? 100 * (double)(b->primaires + b->complements) / (double)people : 0);
	json_open_object(&j, NULL);
	json_put_int(&j, "cellules", (int64_t)b->cellules);
	json_put_int(&j, "zeros", (int64_t)b->zeros);
	json_put_int(&j, "primaires", (int64_t)b->primaires);
	json_put_int(&j, "complements", (int64_t)b->complements);
	json_put_int(&j, "seuil", r->seuil);
	json_close_object(&j);
	if (c->json)
		fprintf(c->out, "%s\n", buf_text(&out));
	buf_free(&out);
}

static bool protect(const struct call *c, struct tableau *t, const struct secret_regle *r,
		    uint8_t *etats, struct secret_bilan *bilan, struct err *e)
{
	const char **noms = NEW_ARRAY(t->a, t->lignes, const char *);
	struct secret_table table = {
		.lignes = t->lignes, .colonnes = t->colonnes, .parents = t->parents,
		.valeurs = t->valeurs, .avant = t->avant, .noms = noms,
		.cumul = call_option(c, "--cumul") != NULL,
		.ventilations = t->nventilations > 1 ? t->ventilations : NULL,
		.nventilations = t->nventilations,
	};

	if (!noms)
		return arena_refuse(t->a, e);
	for (size_t i = 0; i < t->lignes; i++)
		noms[i] = row_name(t, i);
	return secret_protect(t->a, &table, r, etats, bilan, e);
}

static bool secret_run(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	CLEANUP(buf_free) struct buf b = buf_new(OUT);
	struct tableau t = { .a = &a, .path = c->args[0] };
	struct secret_regle rule = secret_regle_usuelle;
	const char *k = call_option(c, "--k"), *before = call_option(c, "--avant");
	struct secret_bilan bilan;
	uint8_t *etats;
	double v = 11;

	if (k && (!nombre_lire(k, &v) || v < 3 || v > 1000 || v != floor(v)))
		return fail(e, E_INPUT, "--k : un nombre entier de 3 à 1000, et non « %.20s ».", k);
	rule = (struct secret_regle){ (int64_t)v, (int64_t)v - 1 };
	if (!read_table(&t, call_option(c, "--ventilations"), e) || !add_rows(c, &t, e)
	    || (before && !read_before(&t, before, e)))
		return false;
	etats = NEW_ARRAY(&a, t.lignes * t.colonnes, uint8_t);
	if (!etats)
		return arena_refuse(&a, e);
	if (!protect(c, &t, &rule, etats, &bilan, e))
		return false;
	say(c, &bilan, &rule);
	if (c->json && !call_option(c, "--output"))
		return true;
	write_table(&b, &t, etats);
	return save(call_option(c, "--output"), &b, c->out, e);
}

static const struct command_option secret_options[] = {
	{ "--data", "DIR", "dossier des données, pour les niveaux au-dessus des communes", false },
	{ "--niveaux", "LISTE", "sommes à publier aussi : epci,departement,region,total (total)", false },
	{ "--ventilations", "N,N", "colonnes de chaque ventilation des mêmes personnes", false },
	{ "--k", "N", "le plus petit nombre publié (11)", false },
	{ "--avant", "CSV", "ce qui a été publié à la période précédente", false },
	{ "--cumul", NULL, "ces nombres ne font que croître (depuis le 1er janvier)", false },
	{ "--output", "CSV", "où écrire (sinon, la sortie) ; « s » : caché", false },
	{ 0 },
};

const struct command secret_commands[] = {
	{ .words = "observatoire secret", .args = "TABLEAU.csv", .min_args = 1, .max_args = 1,
	  .summary = "Cache dans un tableau les petits nombres de personnes, sans qu’on puisse les "
		     "retrouver",
	  .example = "tremplin observatoire secret activite.csv --ventilations 5,5 --output public.csv",
	  .options = secret_options, .run = secret_run },
	{ 0 },
};
