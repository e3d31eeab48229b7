#include "orient/lieu_import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "core/command.h"
#include "format/json.h"
#include "orient/correspondance.h"
#include "orient/lieu_import_write.h"

enum { LOOK_ROWS = 50, COLUMNS_MOST = 500, PATH_MOST = 4096, BAR = 1000, BAR_EVERY = 64 };
enum { SCRATCH_MOST = 256 << 20, FIXED_MOST = 8 << 20, DAY_MS = 24 * 3600 * 1000 };

/* One import while it runs. */
struct import {
	const struct lieu_import_ask *ask;
	const struct lieu_format *format;       /* NULL: */
	const struct correspondance *table;     /* a mapping written by hand */
	struct store *store;
	struct arena fixed;             /* rules; lives as long as the import */
	struct arena scratch;           /* of one row */
	struct buf champs;
	struct lieu_notes notes;
	struct lieu_cleaning cleaning;
	struct lieu_stage stage;
	struct lieu_source source;
	struct lieu_import_totals *out;
	const char *columns[COLUMNS_MOST];      /* keys that rows had so far */
	size_t ncolumns;
	char file_date[12];
	FILE *report;
	char report_tmp[PATH_MOST];
};

/* --- names and dates from the file -------------------------------------------------- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "2022-12-01", or the digits and hyphens a file's name ends with. */
static size_t date_tail(const char *s, size_t n)
{
	size_t k = n;

	while (k && ((s[k - 1] >= '0' && s[k - 1] <= '9') || s[k - 1] == '-' || s[k - 1] == '_'))
		k--;
	return n - k >= 5 && k ? k : n;
}

void lieu_source_name(const char *path, char out[SOURCE_MOST + 1])
{
	const char *s = base_name(path), *dot = strrchr(s, '.');
	size_t n = date_tail(s, dot && dot > s ? (size_t)(dot - s) : strlen(s));

	snprintf(out, SOURCE_MOST + 1, "%.*s", (int)(n < SOURCE_MOST ? n : SOURCE_MOST), s);
	utf8_trim_end(out);
}

/* The date in the file's name ("..._2022-12-01.csv", "..._2022-12.json"); else the day the
 * file was last written, which is no earlier than what it says. */
static void find_file_date(struct import *im)
{
	const char *s = base_name(im->ask->path);
	struct civil c = im->cleaning.today;
	char iso[ISO_TEXT];
	struct stat st;

	im->cleaning.file_date = im->file_date;
	for (; *s; s++) {
		char day[12];

		snprintf(day, sizeof day, "%.10s", s);
		if (strlen(day) == 10 && iso_read(day, &c) && c.year > 1990) {
			im->cleaning.file_date_why = "date du fichier, d'après son nom";
			snprintf(im->file_date, sizeof im->file_date, "%s", day);
			return;
		}
	}
	c = im->cleaning.today;
	if (stat(im->ask->path, &st) == 0) {
		struct civil file = zone_local(&zone_paris, (int64_t)st.st_mtime * 1000);

		if (date_days(file.year, file.month, file.day)
		    < date_days(c.year, c.month, c.day))
			c = file;
	}
	im->cleaning.file_date_why = "aucune date dans la ligne : celle du fichier";
	iso_write(date_days(c.year, c.month, c.day) * DAY_MS, iso);
	snprintf(im->file_date, sizeof im->file_date, "%.10s", iso);
}

/* --- which format ------------------------------------------------------------------- */

static bool refuse_format(struct import *im, struct err *e)
{
	fail(e, E_INPUT, "ces colonnes ne sont pas celles d'un format connu de lieux.");
	hint(e, "Formats reconnus : schema-1.0.2, schema-2022, france-services "
	     "(--mapping NOM pour en imposer un). Il faut au moins « nom » et « commune ».");
	return fail_at(e, im->ask->path, 0);
}

/* The file, as the mapping says where its table is. */
static struct lieu_rows_ask rows_of(const struct import *im)
{
	const struct correspondance *c = im->table;

	struct lieu_rows_ask rows = { .path = im->ask->path, .feuille = im->ask->feuille,
				     .liste_path = im->ask->liste };

	if (c) {
		rows.feuille = rows.feuille ? rows.feuille : c->feuille;
		rows.entete = c->entete;
		rows.liste = c->liste;
		rows.liste_cle = c->liste_cle;
		rows.cle = c->cle;
	}
	return rows;
}

/* A mapping of ours or a file of the user's, for that file's columns. */
static bool recognise_table(struct import *im, struct err *e)
{
	if (!correspondance_find(&im->fixed, im->ask->mapping, &im->table, e))
		return false;
	if (im->table) {
		struct lieu_rows_ask ask = rows_of(im);

		return correspondance_fits(im->table, &ask, &im->fixed, e);
	}
	fail(e, E_INPUT, "« %s » n'est ni un format connu ni un fichier.", im->ask->mapping);
	return hint(e, "Formats : schema-1.0.2, schema-2022, france-services, %s ; ou le fichier "
		    "d'une correspondance (docs/mappings.md).", correspondance_names(&im->fixed));
}

static bool recognise(struct import *im, struct err *e)
{
	CLEANUP(lieu_rows_close) struct lieu_rows *rows = NULL;
	struct lieu_row row;
	struct lieu_rows_ask ask = rows_of(im);
	size_t rank = 0, best = SIZE_MAX, n = 0;

	if (im->ask->mapping) {
		im->format = lieu_format_find(im->ask->mapping);
		if (im->format)
			return true;
		return recognise_table(im, e);
	}
	if (!lieu_rows_open_ask(&ask, &rows, e))
		return false;
	for (; n < LOOK_ROWS && lieu_rows_next(rows, &im->scratch, &row, e); n++) {
		for (rank = 0; lieu_formats[rank]; rank++) {
			if (rank < best && lieu_formats[rank]->fits(&row)) {
				best = rank;
				break;
			}
		}
		arena_reset(&im->scratch);
	}
	if (n < LOOK_ROWS && e->kind != E_OK)
		return false;
	if (!n) {
		fail(e, E_INPUT, "le fichier ne contient aucun lieu.");
		return fail_at(e, im->ask->path, 0);
	}
	if (best == SIZE_MAX)
		return refuse_format(im, e);
	im->format = lieu_formats[best];
	return true;
}

/* --- one row ------------------------------------------------------------------------ */

/* Was the column met in a row before?  Remembers it. */
static bool met_before(struct import *im, const char *key)
{
	for (size_t k = 0; k < im->ncolumns; k++) {
		if (im->columns[k][0] == key[0] && strcmp(im->columns[k], key) == 0)
			return true;
	}
	if (im->ncolumns < COLUMNS_MOST)
		im->columns[im->ncolumns++] = arena_str(&im->fixed, key);
	return im->ncolumns == COLUMNS_MOST;
}

/* Columns that no field takes are kept in the original row; the report says so once. */
static void note_unknown(struct import *im, const struct lieu_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (!*row->keys[i] || met_before(im, row->keys[i])
		    || lieu_format_reads(im->format, row->keys[i]))
			continue;
		lieu_note(&im->notes, row->line, row->names[i], row->values[i], NOTE_SIGNALE,
			  "cette colonne n'est pas du schéma : gardée dans les données "
			  "d'origine, non affichée (dit une seule fois)");
	}
}

static const char *original(struct import *im, const struct lieu_row *row)
{
	struct json_out j = { &im->champs, false };

	buf_clear(&im->champs);
	json_open_object(&j, NULL);
	for (size_t i = 0; i < row->n; i++)
		json_put_text(&j, row->names[i], row->values[i]);
	json_close_object(&j);
	return buf_text(&im->champs);
}

/* An id for a row that has none: what the place is and where it stands. */
static const char *made_id(struct import *im, const struct lieu_draft *d)
{
	char folded[600], hex[SHA256_HEX];
	const char *text = arena_printf(&im->scratch, "%s %s %s %s", d->v[LIEU_NOM],
					d->v[LIEU_ADRESSE], d->v[LIEU_CODE_POSTAL],
					d->v[LIEU_COMMUNE]);

	utf8_fold(text, folded, sizeof folded);
	sha256_hex(folded, strlen(folded), hex);
	text = arena_printf(&im->scratch, "sans-id-%.16s", hex);
	lieu_note(&im->notes, im->cleaning.line, "id", "", NOTE_COMPLETE,
		  "sans identifiant : fait du nom et de l'adresse, %s", text);
	return text;
}

/* The id within the source: with the provider before it when the file names another one. */
static const char *id_in_source(struct import *im, const struct lieu_draft *d, const char *id)
{
	const char *provider = d->v[LIEU_SOURCE];

	if (!*provider || strcmp(provider, im->source.name) == 0)
		return id;
	return arena_printf(&im->scratch, "%s:%s", provider, id);
}

static bool gives_hours(const struct lieu_draft *d)
{
	bool any = *d->v[LIEU_HORAIRES] != '\0';

	for (int i = 0; d->par_jour && i < 7; i++)
		any |= d->jours[i] && *d->jours[i];
	return any;
}

/* What of the row is in its record.  A position that its commune lends is not the source's,
 * a date that the file lends neither; hours shown as text are kept. */
static void count_fields(struct lieu_import_totals *t, const struct lieu_draft *d,
			 const struct lieu_record *rec)
{
	for (int f = 0; f < LIEU_FIELDS; f++) {
		bool source = *d->v[f] != '\0', garde = *rec->v[f] != '\0';

		if (f == LIEU_HORAIRES) {
			source = gives_hours(d);
			garde |= *rec->horaires_texte != '\0';
		} else if (f == LIEU_LATITUDE || f == LIEU_LONGITUDE) {
			garde = !rec->position_commune;
		} else if (f == LIEU_DATE_MAJ) {
			garde &= source;
		}
		t->champs[f].source += source;
		t->champs[f].garde += garde;
	}
	t->positions_commune += rec->position_commune;
}

static bool take_row(struct import *im, const struct lieu_row *row, struct err *e)
{
	struct lieu_mapping m = { &im->scratch, &im->notes, im->cleaning.migration, row->line,
				 im->cleaning.r };
	struct lieu_draft d = { .par_jour = false };
	struct staged s = { .line = row->line };

	for (int f = 0; f < LIEU_FIELDS; f++)
		d.v[f] = "";
	im->out->lus++;
	im->cleaning.line = row->line;
	if (im->table) {
		correspondance_map(im->table, &m, row, &d);
	} else {
		note_unknown(im, row);
		im->format->map(&m, row, &d);
	}
	if (!lieu_clean(&im->cleaning, &d, &s.rec)) {
		im->out->refuses++;
		return !im->scratch.spent || arena_refuse(&im->scratch, e);
	}
	count_fields(im->out, &d, &s.rec);
	s.id = *s.rec.v[LIEU_ID] ? s.rec.v[LIEU_ID] : made_id(im, &d);
	s.id_source = id_in_source(im, &d, s.id);
	s.champs = original(im, row);
	sha256_hex(s.champs, strlen(s.champs), s.empreinte);
	if (im->scratch.spent)
		return arena_refuse(&im->scratch, e);
	if (im->champs.full) {
		fail(e, E_LIMIT, "ce lieu est trop long pour en être un.");
		return fail_at(e, im->ask->path, row->line);
	}
	return lieu_stage_add(&im->stage, &s, e);
}

/* What a workbook has besides its rows. */
static void note_remarks(struct import *im, struct lieu_rows *rows)
{
	const struct lieu_remark *list;
	size_t n = lieu_rows_remarks(rows, &list);

	for (size_t i = 0; i < n; i++)
		lieu_note(&im->notes, list[i].line, list[i].champ, list[i].valeur, NOTE_SIGNALE,
			  "%s", list[i].why);
}

static bool read_all(struct import *im, struct err *e)
{
	CLEANUP(lieu_rows_close) struct lieu_rows *rows = NULL;
	struct lieu_rows_ask ask = rows_of(im);
	struct lieu_row row;

	if (!lieu_rows_open_ask(&ask, &rows, e))
		return false;
	if (im->table) {
		if (!im->table->format)
			lieu_rows_flatten(rows);
		im->stage.reunir = im->table->reunir;
	}
	while (lieu_rows_next(rows, &im->scratch, &row, e)) {
		if (!take_row(im, &row, e))
			return false;
		arena_reset(&im->scratch);
		if (im->ask->progress && im->out->lus % BAR_EVERY == 0)
			progress("Lecture", (size_t)(lieu_rows_progress(rows) * BAR), BAR);
	}
	if (im->ask->progress)
		progress_end();
	note_remarks(im, rows);
	snprintf(im->out->described, sizeof im->out->described, "%s", lieu_rows_described(rows));
	utf8_trim_end(im->out->described);
	return e->kind == E_OK;
}

/* --- the report --------------------------------------------------------------------- */

static bool report_refuse(const char *path, struct err *e)
{
	fail(e, E_INPUT, "le rapport ne peut pas être écrit dans « %s ».", path);
	return hint(e, "Vérifiez que le dossier existe et qu'il reste de la place. "
		    "Rien n'a été importé.");
}

/* Opened before anything is read: a report that cannot be written stops the import. */
static bool report_open(struct import *im, struct err *e)
{
	if (im->ask->report) {
		int n = snprintf(im->report_tmp, sizeof im->report_tmp, "%s.tmp", im->ask->report);

		im->report = n < (int)sizeof im->report_tmp ? fopen(im->report_tmp, "w") : NULL;
		if (!im->report)
			return report_refuse(im->ask->report, e);
	}
	im->notes = lieu_notes_new(im->report);
	return true;
}

/* Whole on disk before the places are: what an import did is never unknown. */
static bool report_close(struct import *im, struct err *e)
{
	FILE *f = im->report;
	bool good;

	if (!f)
		return true;
	im->report = NULL;
	good = !im->notes.broken && fflush(f) == 0 && fsync(fileno(f)) == 0;
	good = fclose(f) == 0 && good;
	return good || report_refuse(im->ask->report, e);
}

/* --- all of it ---------------------------------------------------------------------- */

static void import_free(struct import *im)
{
	if (im->report)
		fclose(im->report);
	if (im->report_tmp[0])
		unlink(im->report_tmp);
	lieu_notes_free(&im->notes);
	lieu_stage_free(&im->stage);
	buf_free(&im->champs);
	arena_free(&im->scratch);
	arena_free(&im->fixed);
}

static bool name_source(struct import *im, struct err *e)
{
	struct lieu_source *src = &im->source;
	/* a format that was asked by its name is the list that it says */
	bool asked = im->format && im->ask->mapping;
	const char *given = im->ask->source ? im->ask->source
			    : im->table ? im->table->source : asked ? im->format->source : NULL;

	if (given && (strlen(given) > SOURCE_MOST || !*given || strpbrk(given, "\n\r\t:|"))) {
		fail(e, E_INPUT, "ce nom de source ne convient pas.");
		return hint(e, "Un nom court, par exemple conseiller-numerique, sans deux-points.");
	}
	if (given)
		snprintf(src->name, sizeof src->name, "%s", given);
	else
		lieu_source_name(im->ask->path, src->name);
	if (im->format == &lieu_format_france_services)
		src->title = "Liste des France services (ANCT)";
	if (im->table)
		src->title = im->table->titre;
	src->complet = im->ask->complet || (im->table && im->table->complet)
		       || (asked && im->format->complet);
	src->complet &= !im->ask->incomplet;
	im->out->complet = src->complet;
	src->sans_reunir = im->ask->sans_reunir;
	snprintf(im->out->source, sizeof im->out->source, "%s", src->name);
	if (im->table)
		snprintf(im->out->titre, sizeof im->out->titre, "%s", im->table->titre);
	im->out->format = im->table ? im->out->titre : im->format->title;
	return true;
}

static bool compare(struct import *im, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;
	const struct env *env = store_env(im->store);

	im->out->fusionnes = lieu_stage_merge(&im->stage, &im->notes, &im->out->repetes);
	im->out->acceptes = im->stage.n - im->out->fusionnes;
	return db_acquire(im->store, &db, e)
	       && lieu_source_read(db, &im->fixed, env, &im->source, e)
	       && lieu_import_compare(db, env, &im->stage, &im->source, &im->notes, im->out, e);
}

static bool run(struct import *im, struct err *e)
{
	if (!recognise(im, e) || !name_source(im, e) || !report_open(im, e))
		return false;
	if (!read_all(im, e) || !compare(im, e) || !report_close(im, e))
		return false;
	if (!lieu_import_write(im->store, &im->stage, &im->source, im->out, e))
		return false;
	if (im->ask->report && rename(im->report_tmp, im->ask->report)) {
		fail(e, E_STORE, "les lieux sont importés, mais le rapport est resté dans « %s ».",
		     im->report_tmp);
		im->report_tmp[0] = '\0';
		return false;
	}
	im->report_tmp[0] = '\0';
	return true;
}

static bool repertoire_of(struct store *s, struct repertoire **out, struct err *e)
{
	CLEANUP(db_release) struct db *db = NULL;

	return db_acquire(s, &db, e) && repertoire_read_territoires(db, out, e);
}

bool lieu_import(struct store *s, const struct lieu_import_ask *ask,
		 struct lieu_import_totals *out, struct err *e)
{
	struct import im = { .ask = ask, .store = s, .out = out,
		.fixed = arena_new(FIXED_MOST), .scratch = arena_new(SCRATCH_MOST),
		.champs = buf_new(SCRATCH_MOST), .stage = lieu_stage_new() };
	struct repertoire *r = NULL;
	bool good;

	memset(out, 0, sizeof *out);
	*e = (struct err){ 0 };
	if (!repertoire_of(s, &r, e)) {
		import_free(&im);
		return false;
	}
	out->communes = r->ncommunes;
	im.cleaning = (struct lieu_cleaning){ .a = &im.scratch, .notes = &im.notes, .r = r,
		.protege = protege_rules_read(&im.fixed), .migration = migration_read(&im.fixed),
		.today = zone_local(&zone_paris, env_now(store_env(s))) };
	find_file_date(&im);
	good = im.fixed.spent ? arena_refuse(&im.fixed, e) : run(&im, e);
	import_free(&im);
	repertoire_free(r);
	return good;
}
