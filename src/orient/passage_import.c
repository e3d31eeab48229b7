#include "orient/passage_import.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/lieu.h"
#include "format/csv.h"
#include "orient/lieu_clean.h"
#include "orient/passage.sql.h"
#include "orient/passage_saisie.h"

enum { ROWS_MOST = 5000, MEMORY = 64 << 20 };

enum colonne { C_ID, C_LIEU, C_ARRET, C_COMMUNE, C_CODE_INSEE, C_ADRESSE, C_LATITUDE, C_LONGITUDE,
	C_QUAND, C_DATES, C_SAUF, C_DEBUT, C_FIN, C_PRECISIONS, C_NON_PUBLIC, COLONNES };
static const char *const colonnes[COLONNES] = { "id", "lieu", "arret", "commune", "code_insee",
	"adresse", "latitude", "longitude", "quand", "dates", "sauf", "debut", "fin", "precisions",
	"non_public" };

struct import {
	struct store *store;
	const struct passage_import_ask *ask;
	struct passage_import_totals *out;
	FILE *notes;
	struct arena a;
	struct repertoire *r;
	struct db *db;
	int at[COLONNES];
	struct passages_source_row *known;
	size_t nknown;
	bool *met;                      /* of known */
	struct passage_propre *rows;    /* to be written */
	size_t n;
	const char *source;
};

static void import_end(struct import *im)
{
	repertoire_free(im->r);
	db_release(&im->db);
	arena_free(&im->a);
}

static const char *cell(struct import *im, const struct csv_row *row, enum colonne c)
{
	return im->at[c] < 0 || (size_t)im->at[c] >= row->n ? ""
	       : arena_str(&im->a, row->cells[im->at[c]]);
}

static bool is_yes(const char *s)
{
	static const char *const yes[] = { "oui", "Oui", "OUI", "1", "x", "X", "true", "vrai", NULL };

	for (int i = 0; yes[i]; i++) {
		if (!strcmp(yes[i], s))
			return true;
	}
	return false;
}

/* A word that is neither yes nor no hides the stop: better unseen than shown by mistake. */
static bool is_no(const char *s)
{
	static const char *const no[] = { "", "non", "Non", "NON", "0", "false", "faux", NULL };

	for (int i = 0; no[i]; i++) {
		if (!strcmp(no[i], s))
			return true;
	}
	return false;
}

static bool columns(struct import *im, struct csv *c, struct err *e)
{
	static const enum colonne needed[] = { C_LIEU, C_ARRET };

	for (int i = 0; i < COLONNES; i++)
		im->at[i] = csv_column(c, colonnes[i]);
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		if (im->at[needed[i]] < 0) {
			fail(e, E_INPUT, "il manque la colonne « %s ».", colonnes[needed[i]]);
			hint(e, "Les colonnes d'un fichier d'arrêts : docs/lieux-territoire.md.");
			return fail_at(e, im->ask->path, 1);
		}
	}
	if (im->at[C_COMMUNE] < 0 && im->at[C_CODE_INSEE] < 0) {
		fail(e, E_INPUT, "il manque la colonne « commune » ou « code_insee ».");
		return fail_at(e, im->ask->path, 1);
	}
	if (im->at[C_QUAND] < 0 && im->at[C_DATES] < 0) {
		fail(e, E_INPUT, "il manque la colonne « quand » ou « dates ».");
		return fail_at(e, im->ask->path, 1);
	}
	return true;
}

static bool same_text(const char *x, const char *y)
{
	return x && y ? !strcmp(x, y) : !x == !y;
}

static bool same_number(double x, bool null, double y)
{
	return null ? isnan(y) != 0 : fabs(x - y) < 1e-9;
}

static bool same(const struct passages_source_row *k, const struct passage_propre *p)
{
	return same_text(k->lieu_id, p->lieu_id) && same_text(k->arret, p->arret)
	       && same_text(k->code_insee, p->code_insee) && same_text(k->adresse, p->adresse)
	       && same_number(k->latitude, k->latitude_null, p->lat)
	       && same_number(k->longitude, k->longitude_null, p->lon)
	       && same_text(k->horaires, p->horaires) && same_text(k->dates, p->dates)
	       && same_text(k->sauf, p->sauf) && same_text(k->debut, p->debut)
	       && same_text(k->fin, p->fin) && same_text(k->precisions, p->precisions)
	       && k->non_public == p->non_public;
}

/* New, changed, or as it was. */
static void compare(struct import *im, struct passage_propre *p)
{
	for (size_t i = 0; i < im->nknown; i++) {
		if (strcmp(im->known[i].id_source, p->id_source))
			continue;
		p->id = im->known[i].id;
		im->met[i] = true;
		if (same(&im->known[i], p)) {
			im->out->inchanges++;
			return;
		}
		im->out->changes++;
		im->rows[im->n++] = *p;
		return;
	}
	im->out->nouveaux++;
	im->rows[im->n++] = *p;
}

static bool repeated(struct import *im, const char *id)
{
	for (size_t i = 0; i < im->n; i++) {
		if (!strcmp(im->rows[i].id_source, id))
			return true;
	}
	for (size_t i = 0; i < im->nknown; i++) {
		if (im->met[i] && !strcmp(im->known[i].id_source, id))
			return true;
	}
	return false;
}

static void refused(struct import *im, long line, const char *why, const char *advice)
{
	im->out->refuses++;
	if (im->notes)
		fprintf(im->notes, "%s:%ld: %s%s%s\n", im->ask->path, line, why, *advice ? " " : "",
			advice);
}

static bool take(struct import *im, const struct csv_row *row, struct err *e)
{
	struct passage_saisie in = {
		.lieu = cell(im, row, C_LIEU), .arret = cell(im, row, C_ARRET),
		.commune = *cell(im, row, C_CODE_INSEE) ? cell(im, row, C_CODE_INSEE)
							: cell(im, row, C_COMMUNE),
		.adresse = cell(im, row, C_ADRESSE), .quand = cell(im, row, C_QUAND),
		.dates = cell(im, row, C_DATES), .sauf = cell(im, row, C_SAUF),
		.debut = cell(im, row, C_DEBUT), .fin = cell(im, row, C_FIN),
		.precisions = cell(im, row, C_PRECISIONS),
		.non_public = !is_no(cell(im, row, C_NON_PUBLIC)),
	};
	struct passage_propre p = { .source = im->source };
	const char *champ = NULL, *non_public = cell(im, row, C_NON_PUBLIC);
	struct err why = { 0 };

	im->out->lus++;
	if (!is_no(non_public) && !is_yes(non_public) && im->notes)
		fprintf(im->notes, "%s:%ld: non_public « %s » n'est ni oui ni non : l'arrêt reste caché.\n",
			im->ask->path, row->line, non_public);
	in.position.given = degrees_read(cell(im, row, C_LATITUDE), &in.position.lat)
			    && degrees_read(cell(im, row, C_LONGITUDE), &in.position.lon)
			    && fabs(in.position.lat) <= 90 && fabs(in.position.lon) <= 180;
	if (!passage_verifier(im->db, im->r, &im->a, &in, &p, &champ, &why)) {
		if (why.kind != E_INPUT) {
			*e = why;
			return false;
		}
		refused(im, row->line, why.msg, why.hint);
		return true;
	}
	p.id_source = *cell(im, row, C_ID) ? cell(im, row, C_ID)
		: arena_cat(&im->a, in.lieu, "/", p.code_insee, "/", in.arret, "/",
			    p.horaires ? p.horaires : "", NULL);
	if (repeated(im, p.id_source)) {
		refused(im, row->line, "cet arrêt est déjà dans le fichier.", "");
		return true;
	}
	if (p.doute) {
		im->out->doutes++;
		if (im->notes)
			fprintf(im->notes, "%s:%ld: %s La position de la commune sert à sa place.\n",
				im->ask->path, row->line, p.doute);
	}
	im->out->acceptes++;
	compare(im, &p);
	return true;
}

static bool write_job(struct tx *tx, void *arg, struct err *e)
{
	struct import *im = arg;
	const struct env *env = store_env(im->store);

	for (size_t i = 0; i < im->n; i++) {
		if (!passage_enregistrer(tx, env, &im->a, &im->rows[i], NULL, e))
			return false;
	}
	for (size_t i = 0; im->ask->complet && i < im->nknown; i++) {
		if (im->met[i])
			continue;
		if (!passage_remove(tx, im->known[i].id, NULL, e))
			return false;
		im->out->retires++;
	}
	return true;
}

static bool read_all(struct import *im, struct err *e)
{
	CLEANUP(csv_close) struct csv *c = NULL;
	struct csv_row row;

	if (!csv_open(im->ask->path, &c, e) || !columns(im, c, e))
		return false;
	while (csv_next(c, &row, e)) {
		if (im->out->lus == ROWS_MOST) {
			fail(e, E_LIMIT, "ce fichier a trop d'arrêts : %d au plus.", ROWS_MOST);
			return fail_at(e, im->ask->path, row.line);
		}
		if (!take(im, &row, e))
			return false;
	}
	return e->kind == E_OK;
}

bool passage_import(struct store *s, const struct passage_import_ask *ask, FILE *notes,
		    struct passage_import_totals *out, struct err *e)
{
	CLEANUP(import_end) struct import im = { .store = s, .ask = ask, .out = out, .notes = notes,
		.a = arena_new(MEMORY), .source = ask->source ? ask->source : "passages" };

	*out = (struct passage_import_totals){ 0 };
	if (!db_acquire(s, &im.db, e) || !repertoire_read(im.db, &im.r, e)
	    || !passages_source(im.db, &im.a, im.source, &im.known, &im.nknown, e))
		return false;
	im.met = NEW_ARRAY(&im.a, im.nknown + 1, bool);
	im.rows = NEW_ARRAY(&im.a, ROWS_MOST, struct passage_propre);
	if (im.a.spent)
		return arena_refuse(&im.a, e);
	if (!read_all(&im, e))
		return false;
	db_release(&im.db);
	return (!im.n && !ask->complet) || store_write_alone(s, write_job, &im, e);
}

/* --- the commands --------------------------------------------------------------------------- */

static const char *plural(size_t n)
{
	return n > 1 ? "s" : "";
}

static void store_shut(struct store **s)
{
	store_close(*s);
}

static bool run_import(struct call *c, struct err *e)
{
	CLEANUP(store_shut) struct store *s = NULL;
	struct passage_import_ask ask = { c->args[0], call_option(c, "--source"),
					  call_option(c, "--complet") != NULL };
	struct passage_import_totals t;

	if (!store_open(call_option(c, "--data"), STORE_COMMAND, c->env, &s, e)
	    || !passage_import(s, &ask, stderr, &t, e))
		return false;
	if (c->json)
		fprintf(c->out, "{\"lus\":%zu,\"acceptes\":%zu,\"refuses\":%zu,\"nouveaux\":%zu,"
			"\"modifies\":%zu,\"inchanges\":%zu,\"retires\":%zu,\"doutes\":%zu}\n", t.lus,
			t.acceptes, t.refuses, t.nouveaux, t.changes, t.inchanges,
			t.retires, t.doutes);
	else
		fprintf(c->out, "%zu arrêt%s lu%s : %zu accepté%s, %zu refusé%s.\n"
			"%zu nouveau%s, %zu changé%s, %zu inchangé%s, %zu retiré%s.\n", t.lus,
			plural(t.lus), plural(t.lus), t.acceptes, plural(t.acceptes), t.refuses,
			plural(t.refuses), t.nouveaux, t.nouveaux > 1 ? "x" : "", t.changes,
			plural(t.changes), t.inchanges, plural(t.inchanges), t.retires,
			plural(t.retires));
	return true;
}

static const struct command_option import_options[] = {
	{ "--data", "DIR", "dossier des données", true },
	{ "--source", "NOM", "nom de la liste (passages)", false },
	{ "--complet", NULL, "le fichier est toute la liste : les arrêts absents sont retirés", false },
	{ 0 },
};

const struct command passage_commands[] = {
	{ "passage import", "FICHIER", 1, 1, "Importe les arrêts des lieux qui se déplacent (CSV)",
	  "tremplin passage import --data /var/lib/tremplin --complet arrets.csv", import_options,
	  run_import },
	{ 0 },
};
