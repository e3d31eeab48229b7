/* tremplin diagnostic import | rescore | export | list */
#include "detect/instrument_cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "detect/apport.h"
#include "detect/catalogue.h"
#include "detect/export.h"
#include "detect/horsligne.h"
#include "detect/recueil.h"
#include "format/csv.h"
#include "format/xlsx_read.h"

enum { MEMORY = 512 << 20, FILE_BYTES = 64 << 20 };

/* --- import ------------------------------------------------------------------------- */

static bool read_bytes(struct arena *a, const char *path, const char **p, size_t *n,
		       struct err *e)
{
	FILE *f = fopen(path, "rb");
	char *room = arena_alloc(a, FILE_BYTES + 1);

	if (!f || !room) {
		if (f)
			fclose(f);
		return f ? arena_refuse(a, e) : fail(e, E_MISSING, "%s : ce fichier ne s’ouvre pas.", path);
	}
	*n = fread(room, 1, FILE_BYTES + 1, f);
	fclose(f);
	if (*n > FILE_BYTES)
		return fail(e, E_LIMIT, "%s dépasse %d Mo.", path, FILE_BYTES >> 20);
	*p = room;
	return true;
}

/* A workbook as the CSV text that it would be. */
static bool workbook_text(struct arena *a, const char *name, const char **p, size_t *n,
			  struct err *e)
{
	CLEANUP(xlsx_read_close) struct xlsx_read *x = NULL;
	CLEANUP(buf_free) struct buf b = buf_new(FILE_BYTES);
	struct xlsx_read_row row;

	if (!xlsx_read_open_bytes(name, *p, *n, NULL, &x, e))
		return false;
	e->kind = E_OK;
	while (xlsx_read_next(x, &row, e)) {
		for (size_t i = 0; i < row.n; i++)
			csv_write_cell(&b, row.cells[i], i == 0);
		buf_char(&b, '\n');
	}
	if (e->kind != E_OK)
		return false;
	*p = arena_strn(a, b.p, b.n);
	*n = b.n;
	return true;
}

static bool import(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	const char *output = call_option(c, "--output"), *p = NULL, *text;
	const struct instrument *in;
	size_t n = 0;
	FILE *f;

	if (!read_bytes(&a, c->args[0], &p, &n, e))
		return false;
	if (n > 2 && memcmp(p, "PK", 2) == 0 && !workbook_text(&a, c->args[0], &p, &n, e))
		return false;
	if (!apport_read(&a, c->args[0], p, n, call_option(c, "--langue"), &text, e)
	    || !instrument_read(&a, c->args[0], text, strlen(text), &in, e))
		return false;
	f = output ? fopen(output, "wb") : c->out;
	if (!f)
		return fail(e, E_STORE, "%s ne s’écrit pas.", output);
	fputs(text, f);
	if (output && fclose(f) != 0)
		return fail(e, E_STORE, "%s ne s’écrit pas.", output);
	fprintf(stderr, "%s : %d questions. %s\n", in->id, in->nitems, in->source);
	return true;
}

/* --- rescore ------------------------------------------------------------------------ */

static void print_rescore(FILE *out, const struct rescore *r)
{
	fprintf(out, "version %s : %" PRId64 " questionnaires, %" PRId64 " gardent leur profil, %" PRId64
		" en changent, %" PRId64 " ne se lisent pas avec cette version\n", r->version, r->lues,
		r->memes, r->changees, r->illisibles);
	for (size_t i = 0; i < r->npassages; i++)
		fprintf(out, "  %s -> %s : %" PRId64 "\n", r->passages[i].de, r->passages[i].vers,
			r->passages[i].nombre);
}

static void json_rescore(struct json_out *j, const struct rescore *r)
{
	json_open_object(j, NULL);
	json_put_text(j, "version", r->version);
	json_put_int(j, "questionnaires", r->lues);
	json_put_int(j, "memes", r->memes);
	json_put_int(j, "changees", r->changees);
	json_put_int(j, "illisibles", r->illisibles);
	json_open_array(j, "passages");
	for (size_t i = 0; i < r->npassages; i++) {
		json_open_object(j, NULL);
		json_put_text(j, "de", r->passages[i].de);
		json_put_text(j, "vers", r->passages[i].vers);
		json_put_int(j, "nombre", r->passages[i].nombre);
		json_close_object(j);
	}
	json_close_array(j);
	json_close_object(j);
}

static bool open_data(const struct call *c, struct store **s, struct db **db, struct err *e)
{
	return store_open(call_option(c, "--data"), STORE_COMMAND, c->env, s, e)
		&& db_acquire(*s, db, e);
}

/* The file of that name, or the instrument that is asked today. */
static bool open_instrument(struct db *db, struct arena *a, const char *name,
			    const struct instrument **in, struct err *e)
{
	size_t n = strlen(name);

	if (strchr(name, '/') || (n > 5 && strcmp(name + n - 5, ".json") == 0))
		return instrument_open(a, name, in, e);
	return catalogue_current(db, a, name, in, e);
}

static bool rescore_read(struct db *db, struct call *c, struct arena *a, struct err *e)
{
	const struct instrument *in;
	struct rescore *r;
	size_t n;

	if (!open_instrument(db, a, call_option(c, "--instrument"), &in, e)
	    || !recueil_rescore(db, a, in, &r, &n, e))
		return false;
	if (c->json) {
		struct buf b = buf_new(16 << 20);
		struct json_out j = { &b, false };

		json_open_array(&j, NULL);
		for (size_t i = 0; i < n; i++)
			json_rescore(&j, &r[i]);
		json_close_array(&j);
		fprintf(c->out, "%s\n", buf_text(&b));
		buf_free(&b);
		return true;
	}
	fprintf(c->out, "%s relu avec la version %s ; rien n’est changé.\n", in->id, in->version);
	for (size_t i = 0; i < n; i++)
		print_rescore(c->out, &r[i]);
	if (!n)
		fputs("Aucune réponse n’est gardée pour cet instrument.\n", c->out);
	return true;
}

static bool with_data(struct call *c, bool (*work)(struct db *, struct call *, struct arena *,
						   struct err *), struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	struct store *s = NULL;
	struct db *db = NULL;
	bool good = open_data(c, &s, &db, e) && work(db, c, &a, e);

	db_release(&db);
	store_close(s);
	return good;
}

static bool rescore(struct call *c, struct err *e)
{
	return with_data(c, rescore_read, e);
}

/* --- export, list ------------------------------------------------------------------- */

static bool export_read(struct db *db, struct call *c, struct arena *a, struct err *e)
{
	CLEANUP(buf_free) struct buf b = buf_new((size_t)256 << 20);
	const char *what = call_option(c, "--format"), *folder = arena_cat(a, call_option(c, "--data"),
									  "/tmp", NULL);
	const struct jeu_lecture l = { a, NULL, db, NULL };
	const struct instrument *in;
	int f = 0;

	while (what && f <= JEU_JSON && strcmp(what, jeu_extensions[f]) != 0)
		f++;
	if (f > JEU_JSON)
		return fail(e, E_INPUT, "--format : csv, xlsx ou json.");
	if (!open_instrument(db, a, call_option(c, "--instrument"), &in, e))
		return false;
	if (call_option(c, "--codes") ? !export_codes(&l, in, (enum jeu_format)f, folder, &b, e)
				      : !export_reponses(&l, in, (enum jeu_format)f, folder, &b, e))
		return false;
	return fwrite(b.p, 1, b.n, c->out) == b.n || fail(e, E_STORE, "La sortie ne s’écrit pas.");
}

static bool export(struct call *c, struct err *e)
{
	return with_data(c, export_read, e);
}

static bool list_read(struct db *db, struct call *c, struct arena *a, struct err *e)
{
	struct catalogue_ligne *l;
	size_t n;

	if (!catalogue_list(db, a, &l, &n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		fprintf(c->out, "%s %s %s : %s\n", l[i].id, l[i].version,
			instrument_etats[l[i].etat].slug, l[i].titre);
	return true;
}

static bool list(struct call *c, struct err *e)
{
	return with_data(c, list_read, e);
}

/* The page that works without network, from the terminal. */
static bool offline(struct call *c, struct err *e)
{
	CLEANUP(arena_free) struct arena a = arena_new(MEMORY);
	CLEANUP(buf_free) struct buf b = buf_new(8 << 20);
	struct horsligne h = { .adresse = c->values[2] ? c->values[2] : "", .garde = true };
	const struct instrument *in;

	if (!instrument_open(&a, c->values[0], &in, e)
	    || !horsligne_langues(&a, in, c->values[1], &h, e))
		return false;
	horsligne_page(&b, &h);
	return fwrite(b.p, 1, b.n, c->out) == b.n || fail(e, E_STORE, "La sortie ne s’écrit pas.");
}

#define DATA { "--data", "DIR", "dossier des données", true }

static const struct command_option import_options[] = {
	{ "--langue", "CODE", "langue à lire d’un questionnaire qui en a plusieurs", false },
	{ "--output", "FILE.json", "où écrire l’instrument (sinon, la sortie)", false },
	{ 0 },
};
static const struct command_option rescore_options[] = {
	DATA, { "--instrument", "NAME", "un instrument, ou le fichier .json d’une nouvelle version", true },
	{ 0 },
};
static const struct command_option export_options[] = {
	DATA, { "--instrument", "NAME", "l’instrument", true },
	{ "--format", "FORMAT", "csv, xlsx ou json (csv)", false },
	{ "--codes", NULL, "ce que veut dire chaque code, au lieu des réponses", false },
	{ 0 },
};
static const struct command_option list_options[] = { DATA, { 0 } };

static const struct command_option offline_options[] = {
	{ "--instrument", "NAME", "un instrument de Tremplin, ou un fichier .json", true },
	{ "--langues", "fr,ar", "celles de la page (sinon, toutes)", false },
	{ "--adresse", "URL", "où les réponses reviennent (sinon, par fichier seulement)", false },
	{ 0 },
};

const struct command instrument_commands[] = {
	{ .words = "diagnostic hors-ligne", .max_args = 0,
	  .summary = "un instrument en une page qui pose, calcule et imprime sans réseau",
	  .example = "tremplin diagnostic hors-ligne --instrument reperage --langues fr,ar > page.html",
	  .options = offline_options, .run = offline },
	{ .words = "diagnostic import", .args = "FILE", .min_args = 1, .max_args = 1,
	  .summary = "fait un instrument d’un questionnaire LimeSurvey (.lss, .txt) ou d’un tableau",
	  .example = "tremplin diagnostic import digcompsat.lss --langue en --output digcompsat.json",
	  .options = import_options, .run = import },
	{ .words = "diagnostic rescore", .max_args = 0,
	  .summary = "relit les réponses gardées avec une autre version : un rapport, rien ne change",
	  .example = "tremplin diagnostic rescore --data DIR --instrument nouvelle_version.json",
	  .options = rescore_options, .run = rescore },
	{ .words = "diagnostic export", .max_args = 0,
	  .summary = "les réponses d’un instrument, sans commune ni jour, ou le sens de leurs codes",
	  .example = "tremplin diagnostic export --data DIR --instrument huit_gestes --format xlsx > r.xlsx",
	  .options = export_options, .run = export },
	{ .words = "diagnostic list", .max_args = 0,
	  .summary = "les instruments qu’il y a, leur version et leur état",
	  .example = "tremplin diagnostic list --data DIR", .options = list_options, .run = list },
	{ 0 },
};
